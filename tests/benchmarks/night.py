"""How long a night takes as a user starts it, and what running dbt in the same process saves.

Whole processes (`narvaro run`), each in a data folder of its own that has one release already, in turn: dbt in the same
process, and dbt as dagster-dbt starts it by itself (NARVARO_DBT=stock). Prints seconds (minimum, median, maximum), the
ratio of the medians, and where the time of the fastest night went.

    make bench            or    .venv/bin/python tests/benchmarks/night.py [NIGHTS]
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NARVARO = Path(sys.executable).with_name("narvaro")
MODES = {"in process": "", "stock": "stock"}


def night(data: Path, mode: str) -> tuple[float, str]:
    """One night; its seconds and the line of its summary that says where the time went."""
    environment = {**os.environ, "NARVARO_DATA": str(data), "NARVARO_DBT": mode, "COLUMNS": "200"}
    started = time.monotonic()
    done = subprocess.run([NARVARO, "run"], env=environment, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("Time"))
    return time.monotonic() - started, line


def main(nights: int) -> None:
    """Time the nights and print the table."""
    seconds: dict[str, list[float]] = {mode: [] for mode in MODES}
    lines: dict[float, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, mode in MODES.items():
            night(Path(folder, name), mode)
        for _ in range(nights):
            for name, mode in MODES.items():
                taken, line = night(Path(folder, name), mode)
                seconds[name].append(taken)
                lines[taken] = line
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {nights} nights each")
    for name, all_taken in seconds.items():
        low, middle, high = min(all_taken), statistics.median(all_taken), max(all_taken)
        print(f"{name:12} {low:6.1f} {middle:6.1f} {high:6.1f}  seconds")
    ratio = statistics.median(seconds["stock"]) / statistics.median(seconds["in process"])
    print(f"stock / in process {ratio:.2f}")
    print(lines[min(seconds["in process"])])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
