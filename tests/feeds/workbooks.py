"""Workbooks for tests and benchmarks, in the layouts of the monthly files. All their numbers and names are made up.

Belongs here: rows to xlsx, and the ways in which a workbook is spoiled. Does not belong here: claims about readers.
"""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

Cell = str | float | bool | None


def write_workbook(path: Path, sheets: Mapping[str, Iterable[Sequence[Cell]]], inline: bool = True) -> Path:
    """A workbook with these rows from A1 on, in bounded memory; texts in the cells, or shared (`inline=False`)."""
    with xlsxwriter.Workbook(path, {"constant_memory": inline, "strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif cell is not None:
                        sheet.write(number, column, cell)
    return path


def with_parts(path: Path, parts: Mapping[str, bytes | str | None]) -> Path:
    """The same workbook with these parts in place of its own, or besides them; None takes a part away."""
    with zipfile.ZipFile(path) as archive:
        contents: dict[str, Any] = {name: archive.read(name) for name in archive.namelist()}
    contents |= parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            if content is not None:
                archive.writestr(name, content)
    return path


def part_of(path: Path, name: str) -> str:
    """The text of one part."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()
