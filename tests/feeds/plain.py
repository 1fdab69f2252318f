"""Plain tables of registrations, as csv, xlsx and parquet, made from rows of our own.

Belongs here: the bytes of such a file. Does not belong here: what a reader makes of it.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
import xlsxwriter

HEADINGS = ("month", "municipality_code", "group", "registered")
ROWS = (
    ("2020-01", "2580", "all", "1234"),
    ("2020-01", "2580", "women", "<5"),
    ("2020-01", "0114", "all", "1 234"),
    ("2020-01", "Uppgift saknas", "all", "7"),
)


def as_text(
    rows: Iterable[Sequence[str]] = ROWS,
    headings: Sequence[str] = HEADINGS,
    delimiter: str = ",",
    newline: str = "\n",
) -> str:
    """The table as text, quoted where it must be."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows([headings, *rows])
    return text.getvalue()


def write_text(path: Path, text: str | None = None, encoding: str = "utf-8") -> Path:
    """The table, or another text, in some encoding; `utf-8-sig` writes a byte order mark."""
    path.write_bytes((as_text() if text is None else text).encode(encoding))
    return path


def write_workbook(
    path: Path,
    sheets: dict[str, Iterable[Sequence[str]]] | None = None,
    headings: Sequence[str] = HEADINGS,
    lines_above: int = 0,
) -> Path:
    """One sheet per entry, each with the headings below some lines of text."""
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in (sheets or {"registrations": ROWS}).items():
            sheet = workbook.add_worksheet(name)
            for line in range(lines_above):
                sheet.write(line, 0, f"text {line}")
            for at, row in enumerate([headings, *rows], lines_above):
                sheet.write_row(at, 0, row)
    return path


def write_parquet(
    path: Path, rows: Iterable[Sequence[str]] = ROWS, headings: Sequence[str] = HEADINGS, **types: pl.DataType
) -> Path:
    """One column of text per heading, or of the type that is given for it."""
    frame = pl.DataFrame([*rows], schema=dict.fromkeys(headings, pl.String), orient="row")
    frame.with_columns(pl.col(name).cast(dtype) for name, dtype in types.items()).write_parquet(path)
    return path
