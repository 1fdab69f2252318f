"""How long the two monthly workbooks take to check and to read at their largest, and in how much memory.

Makes a workbook of about 60 MB in each layout (all numbers made up), checks and reads it in a process of its own, and
prints seconds of the clock and of the processor, the greatest memory of the process, and how often more the obvious way
takes on a tenth of the same: row by row in Python for the sheets, the whole XML as a tree for the pivot cache.

    .venv/bin/python -m tests.benchmarks.workbooks [SHARE]      SHARE of the 60 MB, 1 unless told
"""

import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from lxml import etree

from sources.registration_statistics import af_competitiveness, af_timeseries
from sources.workbooks import check_workbook, rows_of, sheet_names
from tests.feeds.workbooks import RECORDS, Cell, write_af_competitiveness, write_af_timeseries

PLACES = [(f"Påhittat län {number % 21}", f"Kommun {number}") for number in range(311)]
DIVISIONS = {
    "Total": (),
    "Kön": ("Kvinnor", "Män"),
    "Ålder": ("16-24", "25-34", "35-44", "45-54", "55-64"),
    "Utbildningsnivå": ("Förgymnasial", "Gymnasial", "Eftergymnasial", "Uppgift saknas"),
    "Födelseland": ("Sverige", "Utrikes"),
}
MONTHS = {"af_timeseries": 360, "af_competitiveness": 1400}
"""As many months as give 60 MB; a real cache may divide further instead, which comes to as many records."""


def periods(months: int) -> list[str]:
    """`1996-01` and on."""
    return [f"{1996 + month // 12}-{month % 12 + 1:02}" for month in range(months)]


def timeseries(path: Path, months: int) -> None:
    """One row per month, place and category; one number in fifty is kept secret."""

    def rows(categories: tuple[str, ...]) -> Iterator[list[Cell]]:
        for period, place, category in product(periods(months), PLACES, categories or (None,)):
            number = random.randint(0, 9000)  # noqa: S311  (no secret)
            counted: list[Cell] = [number if number % 50 else "<5", number // 2, number // 3, number // 5]
            yield [period, *place, *([category] if category else []), *counted]

    write_af_timeseries(path, {sheet: rows(categories) for sheet, categories in DIVISIONS.items()}, inline=True)


def competitiveness(path: Path, months: int) -> None:
    """Sixteen records per month and place."""
    yes_no = ["Ja", "Nej"]
    shared = {
        "PERIOD": periods(months),
        "KOEN": ["Kvinnor", "Män"],
        "LAN_BESKR": sorted({county for county, _ in PLACES}),
        "KOMMUN_BESKR": [municipality for _, municipality in PLACES],
        **{f"KUA{length}": yes_no for length in ("06", "12", "24")},
    }

    def records() -> Iterator[list[Cell]]:
        for period, place, sex, *without_work in product(
            shared["PERIOD"], PLACES, shared["KOEN"], yes_no, yes_no, yes_no
        ):
            number = random.randint(0, 900)  # noqa: S311  (no secret)
            yield [period, sex, *place, *without_work, number, number // 3]

    write_af_competitiveness(path, records(), shared=shared)


def row_by_row(path: Path) -> int:
    """All sheets, a row at a time."""
    return sum(1 for sheet in sheet_names(path) for _ in rows_of(path, sheet))


def whole_tree(path: Path) -> int:
    """All records as one tree, and the text of each of their cells."""
    with zipfile.ZipFile(path) as archive, archive.open(RECORDS) as stream:
        tree = etree.parse(stream, etree.XMLParser(huge_tree=True))
    return len([[cell.get("v") for cell in record] for record in tree.getroot()])


def check(path: Path) -> int:
    """What every workbook goes through before it is read."""
    check_workbook(path, path.name)
    return 0


TASKS: dict[str, Callable[[Path], int]] = {
    "check": check,
    "read af_timeseries": lambda path: af_timeseries.read(path, path.name).rows.height,
    "read af_competitiveness": lambda path: af_competitiveness.read(path, path.name).rows.height,
    "row by row": row_by_row,
    "whole tree": whole_tree,
}


def measured(task: str, path: Path) -> tuple[float, float, float]:
    """Seconds of the clock, seconds of the processor and MiB of the process that does the task; prints them."""
    command = [sys.executable, "-m", __spec__.name, task, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, processor, memory, rows = map(float, done.stdout.split())
    size = path.stat().st_size / 1e6
    print(
        f"{path.stem:20} {size:5.0f} MB  {task:24} {seconds:6.1f} s {processor:6.1f} s {memory:6.0f} MiB {rows:10.0f}"
    )
    return seconds, processor, memory


def report(task: str, path: Path) -> None:
    """In the child: do the task and say what it took."""
    begin = time.monotonic()
    rows = TASKS[task](path)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(time.monotonic() - begin, time.process_time(), memory, rows)


def main(share: float) -> None:
    """Make the workbooks, measure, print the table."""
    random.seed(1)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'layout':20} {'size':>8}  {'task':24} {'clock':>8} {'cpu':>8} {'memory':>10} {'rows':>10}")
    writers = {"af_timeseries": (timeseries, "row by row"), "af_competitiveness": (competitiveness, "whole tree")}
    with tempfile.TemporaryDirectory() as folder:
        for layout, (write, obvious) in writers.items():
            path = Path(folder, f"{layout}.xlsx")
            write(path, max(1, round(MONTHS[layout] * share)))
            measured("check", path)
            measured(f"read {layout}", path)
            write(path, max(1, round(MONTHS[layout] * share / 10)))
            ours, other = measured(f"read {layout}", path), measured(obvious, path)
            print(f"{obvious} / read: {other[1] / ours[1]:.1f} × the processor, {other[2] / ours[2]:.1f} × the memory")
            path.unlink()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        report(sys.argv[1], Path(sys.argv[2]))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 1)
