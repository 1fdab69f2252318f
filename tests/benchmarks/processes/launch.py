"""Starts one command and writes what the operating system says it took. Run with `python -I -S`: it must stay small.

A process counts the memory of the one that started it as its own highest mark until it loads its program. Started from
here, that mark is a few megabytes; started from a benchmark that has loaded libraries and rows, it may be gigabytes.

    python -I -S launch.py RESULTS COMMAND [ARGUMENT …]
"""

import json
import os
import sys
import time

results, *command = sys.argv[1:]
began = time.monotonic()
process = os.posix_spawnp(command[0], command, os.environ)
_, status, used = os.wait4(process, 0)
with open(results, "w", encoding="utf-8") as file:  # noqa: PTH123  (pathlib takes memory and time to import)
    json.dump(
        {
            "code": os.waitstatus_to_exitcode(status),
            "seconds": time.monotonic() - began,
            "processor_seconds": used.ru_utime + used.ru_stime,  # of its children too, once it has waited for them
            "peak_mib": used.ru_maxrss / 1024,
        },
        file,
    )
