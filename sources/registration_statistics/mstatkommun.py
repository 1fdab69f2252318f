"""Export of the statistics tool Mstatkommun (2017–2020): a text named `.xls` or `.csv`, one month and group a file.

Belongs here: the layout, and which month and group its foot names. Does not belong here: what the cells of its rows say
(`normalise`).

Layout: UTF-8 with a byte order mark, CRLF, semicolons; lines of titles, then the headings (the first is blank: the
region; a heading may be broken over lines), then 312 rows (the nation, 21 counties, 290 municipalities), then a foot:
a blank line and parameters, `Månad:;2017-06`. Where the parameter `Utrikesfödda` is missing it selects nothing.

A file that was cut off must not pass for a small month, so one that lacks a region or a parameter is refused whole.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from sources import vocabulary
from sources.geography import counties, municipalities
from sources.pages import decode
from sources.personal_data import first_in, refuse_personal_number
from sources.problems import Problem, UnreadableFile
from sources.registration_statistics.printed import PRINTED, Printed
from sources.schema_drift import columns_of
from sources.text import fold

LAYOUT = "mstatkommun"
EXPECTED = (
    "an export of Mstatkommun: headings with the region first, without a name, 312 rows from Riket on, and a foot with "
    "Månad, Län, Ålder, Kön, Utrikesfödda"
)

LARGEST = 16 * 2**20
"""Bytes; the real files have some twenty thousand."""

_HEAD_LINES = 20
_TELLS_NOTHING = frozenset(map(fold, ("Källa", "Uttagsdatum", "Parametrar", "Urval", "Valda parametrar")))
_LABEL = re.compile(r"(.*\S)\s*:")
_REQUIRED = {"period": "Månad", "county": "Län", "age": "Ålder", "sex": "Kön"}
_DIMENSIONS = {"age": "Ålder", "sex": "Kön", "country_of_birth": "Födelseland"}
_NAMED = {"born_abroad": "Utrikes födda", "born_in_sweden": "Inrikes födda"}
"""What the answers “Ja” and “Nej” to `Utrikesfödda` select."""

_SHOWN, _LONGEST = 5, 60
"""Regions, and characters of a cell, that a message shows."""


@dataclass(frozen=True)
class _Row:
    """Cells of one row, and the line that it begins on."""

    line: int
    cells: Sequence[str]

    @property
    def first(self) -> str:
        return self.cells[0].strip() if self.cells else ""

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class _Parameter:
    """A line of the foot; a value of "" selects nothing."""

    line: int
    label: str
    value: str


def recognises(path: Path) -> bool:
    """Whether the row of the nation stands near the head of a text with semicolons, below headings without a first."""
    with path.open("rb") as content:
        head = content.read(2**16)
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    lines = head.decode(encoding, "ignore").splitlines()[:_HEAD_LINES]
    nation = next(
        (at for at, line in enumerate(lines) if ";" in line and _first_cell(line) == vocabulary.NATIONAL), None
    )
    return nation is not None and any(re.match('(?:"\\s*")?;', line) for line in lines[:nation])


def _first_cell(line: str) -> str | None:
    return vocabulary.region_word(line.partition(";")[0].strip('" '))


def read(path: Path, name: str) -> Printed:
    """The rows of the file; `registered` is the column of all registered.

    Raises `UnreadableFile` if it is no such text, lacks a region or a parameter, or selects what no group is;
    `PersonalData` if a personal identity number stands in it.
    """
    rows = _rows(path, name)
    _refuse_personal_numbers(rows, name)
    head = _head(rows, name)
    end = next((at for at in range(head + 1, len(rows)) if _is_foot(rows[at])), len(rows))
    columns = columns_of(rows[head].cells, ("registered",), name, line=rows[head].line)
    body = rows[head + 1 : end]
    _refuse_missing_regions(body, name)
    parameters = _parameters(rows[end:], name)
    dimension, category = _selected(parameters, name)
    at = columns.at["registered"]
    frame = pl.DataFrame(
        [
            {
                "row_number": row.line,
                "period": parameters["period"].value,
                "municipality": row.first or None,
                "dimension": dimension,
                "category": category,
                "registered": (row.cells[at].strip() or None) if at < len(row.cells) else None,
            }
            for row in body
        ],
        schema=dict(PRINTED),
    )
    unsaid = "country_of_birth" not in parameters
    notes = ("the foot does not name Utrikesfödda, so it selects nobody by country of birth",) if unsaid else ()
    return Printed(LAYOUT, frame, (*columns.notes, *notes))


def _rows(path: Path, name: str) -> list[_Row]:
    if path.stat().st_size > LARGEST:
        what = f"the file has {path.stat().st_size} bytes"
        raise UnreadableFile(Problem(file=name, what=what, expected=f"at most {LARGEST} in {EXPECTED}"))
    reader = csv.reader(io.StringIO(decode(path.read_bytes(), name), newline=""), delimiter=";", strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            rows.append(_Row(line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(
            Problem(
                file=name,
                line=line,
                what=f"the line cannot be cut into cells ({error})",
                expected="cells with semicolons between them, and every quotation mark closed",
            )
        ) from error
    return rows


def _refuse_personal_numbers(rows: Sequence[_Row], name: str) -> None:
    cells = [(row.line, cell) for row in rows for cell in row.cells]
    at = first_in([cell for _, cell in cells])
    if at is not None:
        line, cell = cells[at]
        refuse_personal_number(cell, name, line=line)


def _head(rows: Sequence[_Row], name: str) -> int:
    """Position of the headings: the last row without a first cell above the nation's."""
    nation = next((at for at, row in enumerate(rows) if vocabulary.region_word(row.first) == vocabulary.NATIONAL), 0)
    head = next((at for at in range(nation - 1, -1, -1) if not rows[at].is_blank), None)
    if head is None or rows[head].first:
        raise UnreadableFile(
            Problem(file=name, what="there are no headings above a row of the nation", expected=EXPECTED)
        )
    return head


def _is_foot(row: _Row) -> bool:
    return row.is_blank or _LABEL.fullmatch(row.first) is not None


def _refuse_missing_regions(body: Sequence[_Row], name: str) -> None:
    """Raise `UnreadableFile` if there are regions without a row; a row whose region is unknown may be one of them."""
    said = [vocabulary.region(None, row.first) for row in body]
    missing = [text for region, text in _all_regions().items() if region not in said]
    if len(missing) > said.count(None):
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise UnreadableFile(
            Problem(
                file=name,
                line=body[-1].line if body else None,
                what=f"{len(body)} rows end here, without {', '.join(missing[:_SHOWN])}{more}",
                expected=f"{len(_all_regions())} rows: the nation, every county and every municipality",
                remedy="the file may be cut off: export it again",
            )
        )


@cache
def _all_regions() -> Mapping[vocabulary.Region, str]:
    """Every region that has a row, with its name, in the order of the file."""
    places = {
        each.county_code: [
            (vocabulary.Region(vocabulary.MUNICIPALITY, place.county_code, place.municipality_code), place.municipality)
            for place in municipalities()
            if place.county_code == each.county_code
        ]
        for each in counties()
    }
    names = [(vocabulary.Region(vocabulary.NATIONAL), "Riket")]
    for each in counties():
        names += [(vocabulary.Region(vocabulary.COUNTY, each.county_code), each.county), *places[each.county_code]]
    return dict(names)


def _parameters(foot: Sequence[_Row], name: str) -> Mapping[str, _Parameter]:
    """The parameters that select rows, by our name of each."""
    found: dict[str, _Parameter] = {}
    for row in foot:
        label = _LABEL.fullmatch(row.first)
        if row.is_blank or fold(row.first.strip(" :")) in _TELLS_NOTHING:
            continue
        value = row.cells[1].strip() if len(row.cells) > 1 else ""
        selects = "" if vocabulary.region_word(value) == vocabulary.NATIONAL else value
        known = None if label is None else vocabulary.header(label[1])
        if known in _DIMENSIONS or known in _REQUIRED:
            found[str(known)] = _Parameter(row.line, row.first, selects)
        elif label is None or selects:
            raise _selection(name, row.line, f"“{_shown(';'.join(row.cells))}”", "is no parameter that is known")
    missing = [label for known, label in _REQUIRED.items() if known not in found]
    if missing or not found["period"].value:
        raise UnreadableFile(
            Problem(
                file=name,
                what=f"the foot does not say {', '.join(missing or ['Månad'])}",
                expected=f"the parameters {', '.join(_REQUIRED.values())} below the rows",
                remedy="the file may be cut off: export it again",
            )
        )
    return found


def _selected(parameters: Mapping[str, _Parameter], name: str) -> tuple[str | None, str | None]:
    """Dimension and category of the one group that the parameters select; (None, None) for all jobseekers."""
    county = parameters["county"]
    if county.value:
        raise _selection(name, county.line, f"“{_shown(county.value)}”", "selects a county")
    chosen = []
    for known, dimension in _DIMENSIONS.items():
        parameter = parameters.get(known)
        group = vocabulary.group(dimension, parameter.value) if parameter and parameter.value else "all"
        if parameter is not None and group is None:
            raise _selection(name, parameter.line, f"“{_shown(parameter.value)}”", f"is no group by {dimension}")
        if parameter is not None and group != "all":
            chosen.append((dimension, _NAMED.get(str(group), parameter.value), parameter))
    if len(chosen) > 1:
        both = " and ".join(f"“{parameter.label} {_shown(parameter.value)}”" for _, _, parameter in chosen)
        raise _selection(name, chosen[0][2].line, both, "together select a group that has no name")
    return chosen[0][:2] if chosen else (None, None)


def _selection(name: str, line: int, found: str, is_wrong: str) -> UnreadableFile:
    return UnreadableFile(
        Problem(
            file=name,
            line=line,
            what=f"{found} {is_wrong}",
            expected="the whole country, and all jobseekers or those of one age, sex or country of birth",
            remedy="export the file with other parameters, or add the name to sources/vocabulary.csv",
        )
    )


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
