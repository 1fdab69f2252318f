"""Excel workbooks (xlsx): the text of their cells.

Belongs here: bytes of a workbook to cells as text, whatever the layout. Does not belong here: what a sheet or a header
means (the readers).
"""

import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

import fastexcel
import polars as pl

from sources.problems import Problem, UnreadableFile
from sources.workbook_check import MAIN_PART, check_workbook, elements

__all__ = ["Workbook", "check_workbook", "column_letters", "missing_sheet", "rows_of", "sheet_names"]

_MIDNIGHT = " 00:00:00"


class Workbook:
    """An open workbook that `check_workbook` let pass: the library that reads it believes what other files say.

    `name` is the file's name in messages. Raises `UnreadableFile`, so do its methods.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._name = name
        with _reading(name):
            self._reader = fastexcel.read_excel(path)
            self.sheet_names = self._reader.sheet_names

    def cells(self, sheet: str) -> pl.DataFrame:
        """The sheet's cells as text: columns `A`, `B`, `C` …, one row per row of the sheet, from the first on.

        A number is written without a needless decimal (`1234`), a date as `2020-01-01`, a date with a time as
        `2020-01-01 12:30:00`, a truth value as `true` or `false`. A cell without text, or with white space only, is
        null; so is an error value such as `#N/A`. Text keeps its leading and trailing blanks.
        """
        if sheet not in self.sheet_names:
            raise missing_sheet(sheet, self.sheet_names, self._name)
        with _reading(self._name, sheet):
            loaded = self._reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
            columns = [column_letters(column.absolute_index) for column in loaded.available_columns()]
            first = loaded.available_columns()[0].absolute_index if columns else 0
            frame = loaded.to_polars()
        frame.columns = columns
        blank = [pl.lit(None, pl.String).alias(column_letters(index)) for index in range(first)]
        return frame.select(*blank, *map(_as_text, columns))


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets, in the workbook's order, hidden ones too, for recognising a layout: cheap, and without harm.

    Raises `UnreadableFile`.
    """
    with _reading(path.name), zipfile.ZipFile(path) as archive:
        return [sheet.get("name", "") for sheet in elements(archive, MAIN_PART, "sheet")]


def rows_of(path: Path, sheet: str, name: str | None = None) -> Iterator[tuple[int, list[str | None]]]:
    """Row number in the sheet (from 1) and cells (the first is column A) of each row that is not blank.

    For small sheets. A cell is text as `Workbook.cells` gives it; all rows are as wide as the sheet. `name`: the file's
    name in messages, if it is not the path's. Raises `UnreadableFile`.
    """
    for number, row in enumerate(Workbook(path, name or path.name).cells(sheet).iter_rows(), 1):
        if any(cell is not None for cell in row):
            yield number, list(row)


def missing_sheet(sheet: str, found: Sequence[str], name: str, known: Collection[str] = ()) -> UnreadableFile:
    """The refusal of a workbook without the sheet; it names the nearest of those found that are not known otherwise."""
    others = [each for each in found if each not in known] or found
    near = get_close_matches(sheet.casefold(), [each.casefold() for each in others], 1, 0)
    nearest = next((each for each in others if near and each.casefold() == near[0]), None)
    return UnreadableFile(
        Problem(
            file=name,
            what=f"the workbook has no sheet “{sheet}”",
            expected=f"that name; the sheets are {', '.join(f'“{each}”' for each in found)}",
            remedy=f"the nearest is “{nearest}”" if nearest else None,
        )
    )


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
