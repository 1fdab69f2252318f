"""The monthly workbook of time series: registered unemployed by municipality, month, and one division per sheet.

Belongs here: the sheets and columns of this layout. Does not belong here: what a cell means (`normalise`) and what is
refused in any workbook (`sources.workbooks`).

Sheets `Total`, `Kön`, `Ålder`, `Utbildningsnivå`, `Födelseland`, each with the whole history; `Info` holds prose. Above
the headings stand lines of text, as a rule four. Each sheet counts all registered by municipality, month and its own
division, and among them those without work for more than 6, 12 and 24 months. Of these three counts only `Total`'s are
read: a group of jobseekers is one category of one division, and women without work for a year are a category of a
category.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import polars as pl

from sources.problems import Problem, UnreadableFile
from sources.registration_statistics.printed import PRINTED, Printed
from sources.schema_drift import Columns, columns_of
from sources.text import fold
from sources.vocabulary import header
from sources.workbooks import Workbook, missing_sheet, sheet_names

LAYOUT = "af_timeseries"
SHEETS: Mapping[str, str | None] = MappingProxyType(
    {
        "Total": None,
        "Kön": "sex",
        "Ålder": "age",
        "Utbildningsnivå": "education",
        "Födelseland": "country_of_birth",
    }
)
"""Sheet, and our name of the column that divides the jobseekers there."""
PROSE = "Info"
KEY = ("period", "county", "municipality")
DURATIONS = ("without_work_6_months", "without_work_12_months", "without_work_24_months")
DURATION = "Tid utan arbete"
"""The dimension of the three durations, which are columns here."""

LAST_ROW_OF_HEADINGS = 20


def recognises(path: Path) -> bool:
    """Whether most of the sheets are there, by name; one that is missing or renamed is told by `read`."""
    try:
        found = {fold(sheet) for sheet in sheet_names(path)}
    except UnreadableFile:
        return False
    return sum(fold(sheet) in found for sheet in SHEETS) >= 3


def read(path: Path, name: str) -> Printed:
    """All rows of all sheets; a row of `Total` gives four, one of them for each duration.

    Raises `UnreadableFile` if a sheet or column is missing or renamed. A sheet or column that nobody knows is a note.
    """
    workbook = Workbook(path, name)
    sheets = {fold(sheet): sheet for sheet in workbook.sheet_names}
    known = [sheets[key] for key in map(fold, (PROSE, *SHEETS)) if key in sheets]
    missing = next((sheet for sheet in SHEETS if fold(sheet) not in sheets), None)
    if missing is not None:
        raise missing_sheet(missing, workbook.sheet_names, name, known)
    notes = [f"new: sheet “{sheet}”, not read" for sheet in workbook.sheet_names if sheet not in known]
    frames: list[pl.DataFrame] = []
    for wanted, dimension in SHEETS.items():
        sheet = sheets[fold(wanted)]
        frames.extend(_rows_of(workbook.cells(sheet), sheet, dimension, name, notes))
    return Printed(LAYOUT, pl.concat(frames), tuple(notes))


def _rows_of(
    cells: pl.DataFrame, sheet: str, dimension: str | None, name: str, notes: list[str]
) -> Iterator[pl.DataFrame]:
    """The frames of one sheet, each in the columns of PRINTED."""
    counts = ("registered", *(() if dimension else DURATIONS))
    required = (*KEY, *([dimension] if dimension else []), *counts)
    row, headings = _headings(cells, required, sheet, name)
    columns = columns_of(headings, required, name, optional=DURATIONS, sheet=sheet, row=row)
    notes.extend(f"sheet {sheet}: {note}" for note in columns.notes)
    read = [_cell(columns, each).alias(each) for each in required]
    rows = (
        cells.with_row_index("row_number", 1)
        .slice(row)
        .select(pl.col("row_number").cast(pl.Int64), *read)
        .filter(pl.any_horizontal(pl.col(*required).is_not_null()))
        .with_columns(pl.col("period").str.replace("^([0-9]{4}-[0-9]{2})-01$", "$1"))  # an Excel date
    )
    for count in counts:
        if count in DURATIONS:
            group = (pl.lit(DURATION), pl.lit(headings[columns.at[count]]))
        elif dimension is not None:
            group = (pl.lit(sheet), pl.col(dimension))
        else:
            group = (pl.lit(None, pl.String), pl.lit(None, pl.String))
        yield rows.select(
            *KEY,
            "row_number",
            sheet=pl.lit(sheet),
            dimension=group[0],
            category=group[1],
            registered=pl.col(count),
        ).select(list(PRINTED))


def _headings(cells: pl.DataFrame, wanted: Sequence[str], sheet: str, name: str) -> tuple[int, list[str | None]]:
    """Number and cells of the row that holds most of the headings; at least two, so that prose is none."""
    rows = [list(row) for row in cells.head(LAST_ROW_OF_HEADINGS).iter_rows()]
    known = [sum(header(cell) in wanted for cell in row if cell is not None) for row in rows]
    if max(known, default=0) < 2:
        raise UnreadableFile(
            Problem(
                file=name,
                sheet=sheet,
                what=f"no line of headings stands in the first {LAST_ROW_OF_HEADINGS} rows",
                expected=", ".join(wanted),
                remedy="name the columns so, or add their names to sources/vocabulary.csv",
            )
        )
    at = known.index(max(known))
    return at + 1, rows[at]


def _cell(columns: Columns, column: str) -> pl.Expr:
    return pl.nth(columns.at[column] + 1)  # the row's number stands before the cells
