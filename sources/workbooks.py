"""Excel workbooks (xlsx): the text of their cells.

Belongs here: bytes of a workbook to cells as text, whatever the layout. Does not belong here: what a sheet or a header
means (the readers).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

import fastexcel
import polars as pl

from sources.problems import Problem, UnreadableFile
from sources.workbook_check import check_workbook

__all__ = ["cells_of", "check_workbook", "column_letters", "rows_of", "sheet_names"]

_MIDNIGHT = " 00:00:00"


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets, in the workbook's order, hidden ones too. Raises `UnreadableFile`."""
    with _reading(path.name):
        return fastexcel.read_excel(path).sheet_names


def rows_of(path: Path, sheet: str) -> Iterator[tuple[int, list[str | None]]]:
    """Row number in the sheet (from 1) and cells (the first is column A) of each row that is not blank.

    A cell is text as `cells_of` gives it; all rows are as wide as the sheet. Raises `UnreadableFile`.
    """
    for number, row in enumerate(cells_of(path, sheet).iter_rows(), 1):
        if any(cell is not None for cell in row):
            yield number, list(row)


def cells_of(path: Path, sheet: str, first_row: int = 1, last_row: int | None = None) -> pl.DataFrame:
    """The sheet's cells from one row to another as text: columns `A`, `B`, `C` …, one row per row of the sheet.

    A number is written without a needless decimal (`1234`), a date as `2020-01-01`, a date with a time as
    `2020-01-01 12:30:00`, a truth value as `true` or `false`. A cell without text, or with white space only, is null;
    so is an error value such as `#N/A`. Text keeps its leading and trailing blanks. Raises `UnreadableFile`.
    """
    with _reading(path.name, sheet):
        reader = fastexcel.read_excel(path)
        names = reader.sheet_names
        if sheet not in names:
            near = get_close_matches(sheet, names, 1, 0)
            raise UnreadableFile(
                Problem(
                    file=path.name,
                    what=f"the workbook has no sheet “{sheet}”",
                    expected=f"that name; the sheets are {', '.join(f'“{name}”' for name in names)}",
                    remedy=f"the nearest is “{near[0]}”" if near else None,
                )
            )
        loaded = reader.load_sheet(
            sheet,
            header_row=None,
            skip_rows=first_row - 1,
            n_rows=None if last_row is None else last_row - first_row + 1,
            dtypes="string",
        )
        columns = [column.absolute_index for column in loaded.available_columns()]
        frame = loaded.to_polars()
    frame.columns = [column_letters(index) for index in columns]
    blank = [pl.lit(None, pl.String).alias(column_letters(index)) for index in range(columns[0] if columns else 0)]
    return frame.select(*blank, *map(_as_text, frame.columns))


def _as_text(column: str) -> pl.Expr:
    """A date without a time loses its midnight; a cell of white space is no text."""
    text = pl.col(column).str.strip_suffix(_MIDNIGHT)
    return pl.when(text.str.strip_chars() != "").then(text).alias(column)


def column_letters(index: int) -> str:
    """The name of a column of a sheet: 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    while index >= 0:
        letters = chr(ord("A") + index % 26) + letters
        index = index // 26 - 1
    return letters


@contextmanager
def _reading(file: str, sheet: str | None = None) -> Iterator[None]:
    """Turn what the reading library says, or its panic, into a message for people."""
    try:
        yield
    except UnreadableFile:
        raise
    except Exception as error:
        raise _unreadable(file, sheet, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a Rust library raises where it did not expect its input
            raise
        raise _unreadable(file, sheet, error) from error


def _unreadable(file: str, sheet: str | None, error: BaseException) -> UnreadableFile:
    return UnreadableFile(
        Problem(
            file=file,
            sheet=sheet,
            what=f"the workbook cannot be read ({str(error).splitlines()[0]})",
            expected="an Excel workbook (xlsx)",
            remedy="open it in Excel, save it anew as xlsx and deliver it again",
        )
    )
