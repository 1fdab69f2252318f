"""How long the two monthly workbooks take to check and to read at their largest, and in how much memory.

Makes a workbook of about 60 MB in each layout (all numbers made up), checks and reads it in a process of its own; then
reads a tenth of the same in turn with the obvious way: row by row in Python for the sheets, the whole XML as a tree for
the pivot cache. Quick: of a twentieth.

    make bench ONLY=workbooks        or    .venv/bin/python -m tests.benchmarks.workbooks
"""

import random
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from lxml import etree

from sources.registration_statistics import af_competitiveness, af_timeseries
from sources.workbooks import check_workbook, rows_of, sheet_names
from tests.benchmarks.measure import Benchmark, Function, Size, size
from tests.feeds.workbooks import RECORDS, Cell, write_af_competitiveness, write_af_timeseries

PLACES = [(f"Påhittat län {number % 21}", f"Kommun {number}") for number in range(311)]
DIVISIONS = {
    "Total": (),
    "Kön": ("Kvinnor", "Män"),
    "Ålder": ("16-24", "25-34", "35-44", "45-54", "55-64"),
    "Utbildningsnivå": ("Förgymnasial", "Gymnasial", "Eftergymnasial", "Uppgift saknas"),
    "Födelseland": ("Sverige", "Utrikes"),
}


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


def row_by_row(path: Path) -> Mapping[str, int]:
    """All sheets, a row at a time."""
    return {"rows": sum(1 for sheet in sheet_names(path) for _ in rows_of(path, sheet))}


def whole_tree(path: Path) -> Mapping[str, int]:
    """All records as one tree, and the text of each of their cells."""
    with zipfile.ZipFile(path) as archive, archive.open(RECORDS) as stream:
        tree = etree.parse(stream, etree.XMLParser(huge_tree=True))
    return {"rows": len([[cell.get("v") for cell in record] for record in tree.getroot()])}


def check(path: Path) -> None:
    """What every workbook goes through before it is read."""
    check_workbook(path, path.name)


def read_af_timeseries(path: Path) -> Mapping[str, int]:
    """Our way."""
    return {"rows": af_timeseries.read(path, path.name).rows.height}


def read_af_competitiveness(path: Path) -> Mapping[str, int]:
    """Our way."""
    return {"rows": af_competitiveness.read(path, path.name).rows.height}


@dataclass(frozen=True)
class Layout:
    """A layout: how it is made, how many months come to 60 MB, how we read it, and the obvious way."""

    write: Callable[[Path, int], None]
    months: int
    read: Callable[[Path], Mapping[str, int]]
    obviously: Callable[[Path], Mapping[str, int]]


LAYOUTS = {
    # A real cache may divide further instead of going back so far, which comes to as many records.
    "af_timeseries": Layout(timeseries, 360, read_af_timeseries, row_by_row),
    "af_competitiveness": Layout(competitiveness, 1400, read_af_competitiveness, whole_tree),
}


def main() -> None:
    """Make the workbooks, and measure."""
    random.seed(1)
    share = 1 if size() is Size.FULL else 0.05
    benchmark = Benchmark("workbooks", "The two monthly workbooks")
    with tempfile.TemporaryDirectory() as name:
        for layout, at in LAYOUTS.items():
            whole, tenth = Path(name, f"{layout}.xlsx"), Path(name, f"{layout}, a tenth.xlsx")
            at.write(whole, max(1, round(at.months * share)))
            at.write(tenth, max(1, round(at.months * share / 10)))
            told = f"{layout}, {whole.stat().st_size / 1e6:.0f} MB"
            ours, obvious = f"{layout}, a tenth: ours", f"{layout}, a tenth: {at.obviously.__name__}"
            benchmark.measure({f"{told}: check": Function(check, [whole]), f"{told}: read": Function(at.read, [whole])})
            benchmark.measure({ours: Function(at.read, [tenth]), obvious: Function(at.obviously, [tenth])})
            benchmark.compare(obvious, ours)
            whole.unlink()
            tenth.unlink()
    benchmark.finish()


if __name__ == "__main__":
    main()
