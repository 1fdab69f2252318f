"""Workbooks for tests and benchmarks, in the layouts of the monthly files. All their numbers and names are made up.

Belongs here: rows to xlsx, and the ways in which a workbook is spoiled. Does not belong here: claims about readers.
"""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import quoteattr

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


TIMESERIES_HEADINGS = ("PERIOD", "LÄN", "KOMMUN")
DURATIONS = tuple(f"Utan arbete mer än {months} månader" for months in (6, 12, 24))
TIMESERIES_SHEETS = ("Total", "Kön", "Ålder", "Utbildningsnivå", "Födelseland")


def write_af_timeseries(
    path: Path, sheets: Mapping[str, Iterable[Sequence[Cell]]], prose: int = 4, inline: bool = False
) -> Path:
    """The monthly workbook of time series: `sheets` are the rows below the headings of each of TIMESERIES_SHEETS.

    A row is period, county, municipality, the division (not on `Total`), registered, and the three durations.
    """

    def rows_of(sheet: str) -> Iterable[Sequence[Cell]]:
        yield from ([f"Påhittade uppgifter för prov, rad {line + 1}"] for line in range(prose))
        yield [*TIMESERIES_HEADINGS, *([] if sheet == "Total" else [sheet]), "ARBETSLÖSA", *DURATIONS]
        yield from sheets.get(sheet, ())

    info: list[list[Cell]] = [["Påhittade uppgifter för prov"]]
    return write_workbook(path, {"Info": info, **{sheet: rows_of(sheet) for sheet in TIMESERIES_SHEETS}}, inline)


COMPETITIVENESS_HEADINGS = (
    "PERIOD",
    "KOEN",
    "LAN_BESKR",
    "KOMMUN_BESKR",
    "KUA06",
    "KUA12",
    "KUA24",
    "SAMTLIGA",
    "UTSATTA",
)
DEFINITION = "xl/pivotCache/pivotCacheDefinition1.xml"
RECORDS = "xl/pivotCache/pivotCacheRecords1.xml"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_af_competitiveness(
    path: Path,
    records: Iterable[Sequence[Cell]],
    headings: Sequence[str] = COMPETITIVENESS_HEADINGS,
    shared: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Path:
    """The workbook on weaker competitiveness: its rows stand in the pivot cache only, written record by record.

    `shared`: per heading the texts that records give by number; a text that is not among them stands in the record.
    """
    write_workbook(path, {"Tabell": [["Påhittade uppgifter för prov"]]})
    numbers = [{text: number for number, text in enumerate(shared.get(heading, ()))} for heading in headings]
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        fields = "".join(
            f"<cacheField name={quoteattr(heading)} numFmtId='0'><sharedItems count='{len(shared.get(heading, ()))}'>"
            f"{''.join(f'<s v={quoteattr(text)}/>' for text in shared.get(heading, ()))}</sharedItems></cacheField>"
            for heading in headings
        )
        archive.writestr(
            DEFINITION,
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<pivotCacheDefinition {_MAIN} '
            f'xmlns:r="{_RELATIONS}" r:id="rId1"><cacheSource type="external" connectionId="1"/>'
            f'<cacheFields count="{len(headings)}">{fields}</cacheFields></pivotCacheDefinition>',
        )
        archive.writestr(
            "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATIONS}/pivotCacheRecords" Target="pivotCacheRecords1.xml"/>'
            "</Relationships>",
        )
        with archive.open(RECORDS, "w", force_zip64=True) as stream:
            stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<pivotCacheRecords {_MAIN}>'.encode())
            for record in records:
                cells = "".join(_record_cell(cell, known) for cell, known in zip(record, numbers, strict=True))
                stream.write(f"<r>{cells}</r>".encode())
            stream.write(b"</pivotCacheRecords>")
    return path


def _record_cell(cell: Cell, shared: Mapping[str, int]) -> str:
    if cell is None:
        return "<m/>"
    if isinstance(cell, bool):
        return f'<b v="{int(cell)}"/>'
    if not isinstance(cell, str):
        return f'<n v="{cell}"/>'
    return f'<x v="{shared[cell]}"/>' if cell in shared else f"<s v={quoteattr(cell)}/>"
