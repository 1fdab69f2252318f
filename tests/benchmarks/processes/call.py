"""Calls one function in this process, and writes what the call took and returned: imports are not part of it.

python -m tests.benchmarks.processes.call RESULTS     RESULTS holds the pickled module, name and arguments
"""

import importlib
import pickle
import resource
import sys
import time
from pathlib import Path


def processor_seconds() -> float:
    """Of this process and of the children that it has waited for."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def main(results: Path) -> None:
    """Replace what is asked for by what came of it."""
    module, name, arguments = pickle.loads(results.read_bytes())  # noqa: S301  (written by measure.py just now)
    function = getattr(importlib.import_module(module), name)
    began, before = time.monotonic(), processor_seconds()
    returned = function(*arguments)
    taken = time.monotonic() - began, processor_seconds() - before
    results.write_bytes(pickle.dumps((*taken, returned)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
