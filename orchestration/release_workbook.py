"""The release as one Excel workbook: a sheet that says what it is, then one sheet per table.

Belongs here: sheets, their formats and their limits. Does not belong here: what the tables are (`release_description`).

A text is never taken for a formula or a link. Equal databases give equal bytes.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from orchestration.release_description import Column, DescribedTable, Description, described

README = "README"
MOST_ROWS = 20_000
"""A table with more rows has no sheet: 84,000 rows of `meta.trace` alone would take 3 s of a night (2026-11-23)."""
LONGEST_NAME, LONGEST_TEXT = 31, 32_767
"""Excel's own limits, in characters: of a sheet's name, and of a cell."""
ELSEWHERE = "Left out here for its length: see csv/{address}.csv or parquet/{address}.parquet. "
CUT = " […] The text goes on: see csv/{address}.csv."
NARROWEST, WIDEST, SAMPLED_ROWS = 8, 60, 300
"""Width of a column in characters, and how many rows it is measured on."""
NOT_COUNTED = {"code", "id", "line", "month", "number", "page", "quarter", "rank", "version", "year"}
"""Units of whole numbers that name or order something: a thousands separator would only disturb."""

DARK, RULE = "#1F3A5F", "#BFC9D6"
WHOLE, PLAIN, ONE_DECIMAL, TWO_DECIMALS = "#,##0", "0", "#,##0.0", "#,##0.00"
SHARE, DAY, TIME = "0.0%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"

ENGLISH = (
    "Where in Sweden a jobseeker could meet Arbetsförmedlingen (AF, the public employment service), when, and how we "
    "know it. Every figure is made from rows of AF's and SKR's documents, or of the monthly files that were delivered. "
    "This workbook is one release of the published tables, for reading and for pivot tables; programs do better with "
    "narvaro.duckdb, csv/ or parquet/ beside it."
)
SWEDISH = (
    "Var i Sverige en arbetssökande kunde möta Arbetsförmedlingen, när, och hur vi vet det. Varje siffra bygger på "
    "rader i Arbetsförmedlingens och SKR:s dokument eller i de månadsfiler som har levererats. Arbetsboken är en "
    "utgåva av de publicerade tabellerna, att läsa i och att göra pivottabeller av; för program passar narvaro.duckdb, "
    "csv/ eller parquet/ bredvid den bättre."
)
HINTS = (
    ("Begin with", "Börja med", "kpi.overview: the headline of every family of figures, date by date"),
    ("Columns", "Kolumner", "Point at a column's name to read what it means; meta.table_column lists them all"),
    ("Empty cells", "Tomma celler", "Not known, or without meaning there. What is known to be none is 0"),
)


def write_workbook(database: Path, target: Path) -> None:
    """Write the tables of a published file as a workbook; a file that stands there is replaced.

    Raises `ValueError` if the file names no release.
    """
    with described(database) as (description, connection):
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "in_memory": True,  # a night that is killed leaves no temporary file of it behind
        }
        with xlsxwriter.Workbook(target, options) as workbook:
            workbook.set_properties(
                {"title": "Närvaro", "subject": description.release_id, "created": description.released_at}
            )
            workbook.set_size(2400, 1400)
            shown = [table for table in description.tables if table.rows <= MOST_ROWS]
            names = sheet_names(table.address for table in shown)
            formats = _Formats(workbook)
            _write_readme(workbook.add_worksheet(README), formats, description, names)
            for table in shown:
                query = f"select * from {table.table.quoted} order by {table.table.order}"  # noqa: S608  (quoted)
                rows = connection.execute(query).fetchall()
                _write_table(workbook.add_worksheet(names[table.address]), formats, table, rows)


def sheet_names(addresses: Iterable[str]) -> dict[str, str]:
    """A sheet's name for each address: the address, cut and numbered where Excel's limit calls for it."""
    names: dict[str, str] = {}
    taken = {README.casefold()}
    for address in addresses:
        name, number = address[:LONGEST_NAME], 1
        while name.casefold() in taken:
            number += 1
            name = f"{address[: LONGEST_NAME - len(f'~{number}')]}~{number}"
        taken.add(name.casefold())
        names[address] = name
    return names


class _Formats:
    """The workbook's formats, each made once."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        def made(**properties: Any) -> Format:
            return workbook.add_format({"valign": "top", **properties})

        self.number: dict[str, Format] = {
            code: made(num_format=code) for code in (WHOLE, PLAIN, ONE_DECIMAL, TWO_DECIMALS, SHARE)
        }
        self.day = made(num_format=DAY, align="left")
        self.time = made(num_format=TIME, align="left")
        self.header = made(bold=True, font_color="white", bg_color=DARK, border=1, border_color=RULE)
        self.title = made(bold=True, font_size=20, font_color=DARK)
        self.label = made(bold=True, font_color=DARK)
        self.text = made()
        self.wrapped = made(text_wrap=True)
        ruled: dict[str, Any] = {"bottom": 1, "bottom_color": RULE}
        self.listed_link = made(font_color="#0B57D0", underline=1, **ruled)
        self.listed_number = made(num_format=WHOLE, **ruled)
        self.listed = made(text_wrap=True, align="left", indent=1, **ruled)


def _write_readme(sheet: Worksheet, formats: _Formats, description: Description, names: Mapping[str, str]) -> None:
    """What the workbook is, in both languages, which release, and every table with a link to its sheet."""
    sheet.hide_gridlines(2)
    for column, width in enumerate((36, 14, 46, 92)):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, "Närvaro", formats.title)
    for row, text in ((1, ENGLISH), (2, SWEDISH)):
        sheet.set_row(row, 36)
        sheet.merge_range(row, 0, row, 3, text, formats.wrapped)
    row = 4
    facts = (
        ("Release", "Utgåva", description.release_id),
        ("Released at (UTC)", "Utgiven (UTC)", f"{description.released_at:%Y-%m-%d %H:%M:%S}"),
        ("Contract version", "Kontraktets version", description.contract_version),
        ("Documents", "Dokument", f"{len(description.documents)}, listed in meta.document"),
    )
    for english, swedish, value in (*facts, *HINTS):
        sheet.write_string(row, 0, f"{english} · {swedish}", formats.label)
        sheet.merge_range(row, 1, row, 3, value, formats.text)
        row += 1
    row += 1
    first = row
    for column, name in enumerate(
        ("Table · Tabell", "Rows · Rader", "One row is · En rad är", "What it holds · Innehåll")
    ):
        sheet.write_string(row, column, name, formats.header)
    for table in description.tables:
        row += 1
        purpose = table.purpose
        if table.address in names:
            sheet.write_url(row, 0, f"internal:'{names[table.address]}'!A1", formats.listed_link, table.address)
        else:
            sheet.write_string(row, 0, table.address, formats.listed)
            purpose = ELSEWHERE.format(address=table.address) + purpose
        sheet.write_number(row, 1, table.rows, formats.listed_number)
        for column, words in ((2, table.grain), (3, purpose)):
            sheet.write_string(row, column, words.replace("`", ""), formats.listed)
        sheet.set_row(row, 15 * max(math.ceil(len(table.grain) / 44), math.ceil(len(purpose) / 96), 1))
    sheet.autofilter(first, 0, row, 3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_table(sheet: Worksheet, formats: _Formats, table: DescribedTable, rows: list[tuple[Any, ...]]) -> None:
    """Column names that stay in sight, with what they mean as comments, and the rows below."""
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(table.columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_comments_author("")
    for at, column in enumerate(table.columns):
        sheet.write_string(0, at, column.name, formats.header)
        if note := _note(column):
            height = 20 + 16 * sum(math.ceil(len(line) / 46) for line in note.splitlines())
            sheet.write_comment(0, at, note, {"width": 320, "height": height})
        sheet.set_column(at, at, _width(column, [row[at] for row in rows[:SAMPLED_ROWS]]))
        write = _writer(sheet, formats, table, column)
        for number, row in enumerate(rows, start=1):
            if row[at] is not None:
                write(number, at, row[at])


def _note(column: Column) -> str:
    """What is said of a column when one points at its name."""
    unit = f"Unit: {column.unit}" if column.unit not in ("", "text", "boolean", "flag") else ""
    return "\n".join(filter(None, (column.description, column.description_sv, unit)))


def _width(column: Column, values: list[Any]) -> int:
    """Wide enough for the name with the filter's arrow, and for most values."""
    longest = max((len(_printed(value)) for value in values if value is not None), default=0)
    return min(max(len(column.name) + 4, longest + 2, NARROWEST), WIDEST)


def _printed(value: Any) -> str:
    """As wide as a cell shows it."""
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def _writer(
    sheet: Worksheet, formats: _Formats, table: DescribedTable, column: Column
) -> Callable[[int, int, Any], object]:
    """How a value of this column is written at row and column; never called with None."""

    def text(row: int, at: int, value: object) -> object:
        words = str(value)
        if len(words) > LONGEST_TEXT:
            mark = CUT.format(address=table.address)
            words = words[: LONGEST_TEXT - len(mark)] + mark
        return sheet.write_string(row, at, words)

    def day(row: int, at: int, value: date) -> object:
        return sheet.write_datetime(row, at, value, formats.day)

    def moment(row: int, at: int, value: datetime) -> object:
        return sheet.write_datetime(row, at, value, formats.time)

    def whole(row: int, at: int, value: int) -> object:
        return sheet.write_number(row, at, value, whole_format)

    def share(row: int, at: int, value: float) -> object:
        return sheet.write_number(row, at, value, formats.number[SHARE])

    def decimal(row: int, at: int, value: float) -> object:
        return sheet.write_number(row, at, value, formats.number[_decimals(value)])

    whole_format = formats.number[PLAIN if column.unit in NOT_COUNTED else WHOLE]
    writers: Mapping[str, Callable[[int, int, Any], object]] = {
        "BOOLEAN": sheet.write_boolean,
        "DATE": day,
        "TIMESTAMP": moment,
        "BIGINT": whole,
        "INTEGER": whole,
        "DOUBLE": share if column.unit == "share" else decimal,
    }
    return writers.get(column.data_type, text)


def _decimals(value: float) -> str:
    """As many decimals as the value has, two at most: Excel's own `0.##` would leave a bare point behind whole ones."""
    if value == round(value, 0):
        return WHOLE
    return ONE_DECIMAL if value == round(value, 1) else TWO_DECIMALS
