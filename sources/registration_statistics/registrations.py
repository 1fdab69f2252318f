"""Plain tables of registrations, as a data warehouse exports them: csv, xlsx or parquet.

Belongs here: the columns of the table, and cutting the three kinds of file into cells of text. Does not belong here:
what a cell says (`normalise`).

Columns, in any order, under any name of the vocabulary: a month, a municipality by code or name or both, the number of
registered, and at most one column that divides them: a group, or sex, age, education, country of birth. A county may
stand beside the municipality. Text is UTF-8 with commas, semicolons or tabs; a workbook may have several such sheets.
"""

import csv
import glob
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb
import polars as pl

from sources import vocabulary
from sources.pages import decode
from sources.personal_data import first_in_frame, mask, refuse_personal_number
from sources.problems import Problem, UnreadableFile
from sources.registration_statistics.printed import PRINTED, Printed
from sources.schema_drift import Columns, columns_of
from sources.workbooks import Workbook

LAYOUT = "registrations"
REQUIRED = ("period", ("municipality_code", "municipality"), "registered")
DIVISIONS = ("group", "sex", "age", "education", "country_of_birth")
OPTIONAL = ("county_code", "county", *DIVISIONS)

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
TAKEN_TYPES = {
    "period": ("VARCHAR", "DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"),
    "municipality_code": ("VARCHAR", *_WHOLE),
    "county_code": ("VARCHAR", *_WHOLE),
    "registered": ("VARCHAR", *_WHOLE),
} | dict.fromkeys(("municipality", "county", *DIVISIONS), ("VARCHAR",))
"""DuckDB's types of the Parquet columns that are read: text, or what becomes text without loss."""

DELIMITERS = (",", ";", "\t")
MOST_ROWS = 20_000_000
"""Of a Parquet file, whose few bytes may hold any number of them: four decades of every region and fifty groups."""

LONGEST_LINE = 2**20
"""Bytes; a line of a few cells has some thirty."""

_DAMAGE = (duckdb.Error, pl.exceptions.PolarsError, RuntimeError, ValueError)
"""Raised where Parquet is not what it says; the last two where a name or a text in it is not UTF-8."""

_HEAD_ROWS = 20
_LONGEST_REASON = 200
_LINES_AT_ONCE = 5_000
_ROWS_AT_ONCE = 100_000


@dataclass(frozen=True)
class _Table:
    """One table of a file: its headings and where they stand, and its rows as cells of text.

    rows: frames with `row_number` first, then a column per heading, in order; no heading names them.
    """

    headings: Sequence[str | None]
    rows: Iterator[pl.DataFrame]
    sheet: str | None = None
    row: int | None = None
    line: int | None = None
    types: Sequence[str] | None = None


def recognises(path: Path) -> bool:
    """Whether one of the first lines, or one of the columns' names of a Parquet file, has most of the columns."""
    with suppress(UnreadableFile):
        return any(_is_ours(headings) for _, headings in headings_of(path))
    return False


def read(path: Path, name: str) -> Printed:
    """All rows of the table, or of all such sheets of a workbook.

    `dimension` is the heading of the column that divides the registered, null where there is none. A line of a text
    that has more or fewer cells than there are headings is a row whose `period` is the whole line.

    Raises `UnreadableFile` if a column is missing, renamed or of another type, if there is no row, or if the bytes
    cannot be read; `PersonalData` if a personal identity number stands anywhere, in columns that are not read too.
    """
    tables = list(_tables(path, name))
    ours = [_is_ours(table.headings) for table in tables]
    frames: list[pl.DataFrame] = []
    notes: list[str] = []
    for table, is_ours in zip(tables, ours, strict=True):
        for heading in table.headings:
            refuse_personal_number(heading, name, sheet=table.sheet, row=table.row, line=table.line, column=heading)
        columns = _columns(table, name) if is_ours or not any(ours) else None
        notes += columns.notes if columns else [f"new: sheet “{mask(str(table.sheet))}”, not read"]
        for frame in table.rows:
            _refuse_personal_number(frame, table, name)
            frames += [_printed(frame, columns, table)] if columns else []
    if not any(frame.height for frame in frames):
        raise UnreadableFile(Problem(file=name, what="no row stands below the headings", expected="at least one"))
    return Printed(LAYOUT, pl.concat(frames), tuple(notes))


def _is_ours(headings: Sequence[str | None]) -> bool:
    """Whether most of the columns are there; one that is missing or renamed is told by `read`."""
    known = {vocabulary.header(heading) for heading in headings if heading}
    missing = sum(known.isdisjoint({each} if isinstance(each, str) else each) for each in REQUIRED)
    return missing <= 1 and "contact_id" not in known


def _columns(table: _Table, name: str) -> Columns:
    columns = columns_of(
        table.headings,
        REQUIRED,
        name,
        optional=OPTIONAL,
        found_types=table.types,
        taken_types=TAKEN_TYPES,
        sheet=table.sheet,
        row=table.row,
        line=table.line,
    )
    divisions = [table.headings[columns.at[each]] for each in DIVISIONS if each in columns.at]
    if len(divisions) > 1:
        raise UnreadableFile(
            Problem(
                file=name,
                sheet=table.sheet,
                row=table.row,
                line=table.line,
                what=f"several columns divide the registered: {', '.join(f'“{each}”' for each in divisions)}",
                expected="at most one: a group, or sex, age, education or country of birth",
                remedy="name each group in one column, or deliver a table per division",
            )
        )
    return columns


def _refuse_personal_number(frame: pl.DataFrame, table: _Table, name: str) -> None:
    found = first_in_frame(frame)
    if found is None:
        return
    row, column = found
    at = frame.columns.index(column) - 1
    heading = table.headings[at] if at < len(table.headings) else None
    number = int(frame["row_number"][row])
    where = {"line": number} if table.line is not None else {"row": number}
    refuse_personal_number(frame[column][row], name, sheet=table.sheet, column=heading, **where)


def _printed(frame: pl.DataFrame, columns: Columns, table: _Table) -> pl.DataFrame:
    """The rows in the columns of PRINTED; rows without a filled cell are none."""
    cells = pl.all().exclude("row_number")
    filled = frame.with_columns(pl.when(cells.str.strip_chars() != "").then(cells)).filter(
        pl.any_horizontal(cells.is_not_null())
    )
    division = next((each for each in DIVISIONS if each in columns.at), None)
    return filled.select(
        pl.lit(table.sheet, pl.String).alias("sheet"),
        pl.col("row_number").cast(pl.Int64),
        _cell(columns, "period").alias("period"),
        _code_and_name(columns, "county_code", "county").alias("county"),
        _code_and_name(columns, "municipality_code", "municipality").alias("municipality"),
        pl.lit(table.headings[columns.at[division]] if division else None, pl.String).alias("dimension"),
        _cell(columns, division).alias("category"),
        _cell(columns, "registered").alias("registered"),
    ).select(list(PRINTED))


def _cell(columns: Columns, column: str | None) -> pl.Expr:
    at = columns.at.get(column or "")
    return pl.lit(None, pl.String) if at is None else pl.nth(at + 1)


def _code_and_name(columns: Columns, code: str, name: str) -> pl.Expr:
    """`2580 Luleå`, or the one of the two that is there; the vocabulary sees whether they fit."""
    parts = (_cell(columns, code).str.strip_chars(), _cell(columns, name).str.strip_chars())
    return pl.when(pl.any_horizontal(part.is_not_null() for part in parts)).then(
        pl.concat_str(parts, separator=" ", ignore_nulls=True)
    )


def _tables(path: Path, name: str) -> Iterator[_Table]:
    """The tables of the file, by the kind that its first bytes say it is. Raises `UnreadableFile`."""
    of = {"parquet": _of_parquet, "workbook": _of_workbook, "text": _of_text}
    return of[_kind(path)](path, name)


def headings_of(path: Path) -> Iterator[tuple[str | None, Sequence[str | None]]]:
    """Sheet, if it has one, and headings of each table of a file: its columns, or the first line that holds any.

    Of a text the first line that is not blank, also in an encoding that `read` refuses. Raises `UnreadableFile`.
    """
    if _kind(path) != "text":
        yield from ((table.sheet, table.headings) for table in _tables(path, path.name))
        return
    with path.open("rb") as content:
        head = content.read(2**16)
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    first = next((line for line in text.splitlines() if line.strip()), "")
    with suppress(csv.Error):
        yield from ((None, row) for row in csv.reader([first], delimiter=_delimiter(first)))


def _kind(path: Path) -> str:
    with path.open("rb") as content:
        magic = content.read(4)
    return "parquet" if magic == b"PAR1" else "workbook" if magic[:2] == b"PK" else "text"


def _of_parquet(path: Path, name: str) -> Iterator[_Table]:
    file = glob.escape(str(path))

    def rows(width: int) -> Iterator[pl.DataFrame]:
        as_text = (f"cast(#{at} as varchar) as cell_{at - 1}" for at in range(1, width + 1))
        try:
            with duckdb.connect() as connection:
                cells = connection.read_parquet(file).project(", ".join(as_text)).pl()
        except _DAMAGE as error:
            raise _damaged(error, path, name) from error
        yield cells.with_row_index("row_number", 1)

    try:
        with duckdb.connect() as connection:
            relation = connection.read_parquet(file)
            headings, types = relation.columns, [str(each) for each in relation.types]
            ((height,),) = relation.count("*").fetchall()
    except _DAMAGE as error:
        raise _damaged(error, path, name) from error
    if height > MOST_ROWS:
        raise UnreadableFile(Problem(file=name, what=f"the file has {height} rows", expected=f"at most {MOST_ROWS}"))
    yield _Table(headings, rows(len(headings)), types=types)


def _damaged(error: Exception, path: Path, name: str) -> UnreadableFile:
    said = mask(next(iter(str(error).splitlines()), "").replace(str(path), name))[:_LONGEST_REASON]
    return UnreadableFile(
        Problem(file=name, what=f"the file cannot be read ({said})", expected="Parquet", remedy="export it again")
    )


def _of_workbook(path: Path, name: str) -> Iterator[_Table]:
    workbook = Workbook(path, name)
    for sheet in workbook.sheet_names:
        cells = workbook.cells(sheet)
        head = [list(row) for row in cells.head(_HEAD_ROWS).iter_rows()]
        at = next((at for at, row in enumerate(head) if _is_ours(row)), None)
        first = next((at for at, row in enumerate(head) if any(row)), 0) if at is None else at
        rows = cells.with_row_index("row_number", 1).slice(first + 1)
        yield _Table(head[first] if head else [], iter([rows]), sheet, first + 1)


def _of_text(path: Path, name: str) -> Iterator[_Table]:
    first = next((line for line in _lines(path, name) if line.strip()), None)
    if first is None:
        raise UnreadableFile(Problem(file=name, what="the file is empty", expected="a table of registrations"))
    delimiter = _delimiter(first)
    rows = _cut(path, name, delimiter)
    line, headings = next(rows)
    period = next((at for at, each in enumerate(headings) if vocabulary.header(each) == "period"), 0)

    def cells(row: list[str]) -> list[str | None]:
        """The cells; of a line of another length, all of it where the month is looked for, and nothing elsewhere."""
        if len(row) == len(headings):
            return [*row]
        return [delimiter.join(row) if at == period else None for at in range(len(headings))]

    def frames() -> Iterator[pl.DataFrame]:
        schema = {"row_number": pl.Int64} | {f"cell_{at}": pl.String for at in range(len(headings))}
        while batch := [(number, *cells(row)) for number, row in islice(rows, _ROWS_AT_ONCE)]:
            yield pl.DataFrame(batch, schema=schema, orient="row")

    yield _Table(headings, frames(), line=line)


def _delimiter(headings: str) -> str:
    """The delimiter that cuts the most known headings out of the line."""

    def known(delimiter: str) -> int:
        return sum(vocabulary.header(each.strip('" \r\n')) is not None for each in headings.split(delimiter))

    return max(DELIMITERS, key=lambda each: (known(each), headings.count(each)))


def _cut(path: Path, name: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Number of the first line, and cells, of every row that is not blank. Raises `UnreadableFile`."""
    reader = csv.reader(_lines(path, name), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(
            Problem(
                file=name,
                line=line,
                what=f"the line cannot be cut into cells ({error})",
                expected="cells with commas, semicolons or tabs between them, and every quotation mark closed",
            )
        ) from error


def _lines(path: Path, name: str) -> Iterator[str]:
    """The lines of a text, with their ends. Raises `UnreadableFile` that names line, column and byte of another."""
    with path.open("rb") as content:
        before = 0
        while block := list(islice(iter(lambda: content.readline(LONGEST_LINE), b""), _LINES_AT_ONCE)):
            if max(map(len, block)) == LONGEST_LINE:
                line = before + next(at for at, each in enumerate(block, 1) if len(each) == LONGEST_LINE)
                what = f"the line has {LONGEST_LINE} bytes or more"
                raise UnreadableFile(Problem(file=name, line=line, what=what, expected="a row of a table"))
            text = "\n" * len(block)
            try:
                text = decode(b"".join(block), name) if any(each.strip() for each in block) else text
            except UnreadableFile as error:
                line = before + (error.problem.line or 1)
                raise UnreadableFile(replace(error.problem, line=line)) from error
            yield from io.StringIO(text, newline="")
            before += len(block)
