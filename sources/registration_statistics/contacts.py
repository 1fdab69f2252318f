"""Contacts, one row per contact with a jobseeker, exported as csv or Parquet: tens of millions of rows.

Belongs here: recognising such a file, taking it in under pseudonyms, and reading what was taken in, all of it in a
DuckDB that holds nothing but this. Does not belong here: what a contact must be (`expectations.contracts.contacts`),
and which of several rows about one contact counts.

A contact's id may be a person's number, so it is replaced before anything is stored: HMAC-SHA256 of the id (UTF-8,
without white space at the ends) under a secret key, of which the first 128 bits stand as a UUID. The same id under the
same key is the same pseudonym in every delivery; without the key nobody can try out which id it was.

Shape of what is stored: a Parquet file (zstd) of every received row, in the order received, which is what numbers them
(1 is the first row under the heading): contact_id UUID, null where it was blank; occurred_at, municipality_code,
office, group, channel as received, as text; then the columns that are not ours, under their own names, as text.
"""

import csv
import hashlib
import hmac
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import duckdb

from sources import personal_data, schema_drift, vocabulary
from sources.problems import Problem, SourceError, UnreadableFile
from sources.sql import file_literal, identifier, identifiers, literal

LAYOUT = "contacts"
CONTACT_ID = "contact_id"
COLUMNS = (CONTACT_ID, "occurred_at", "municipality_code", "office", "group", "channel")
"""Our names of the columns of a delivery."""

KEY_VARIABLE = "NARVARO_CONTACT_KEY"
KEY_CHARACTERS = 16
"""The least that a key must have."""

MEMORY_LIMIT = "1GB"
"""What DuckDB may hold at once; what does not fit goes to the scratch folder."""
MOST_THREADS = 4
LONGEST_CELL = 32_767
"""Characters; as many as a cell of a workbook can have."""
LONGEST_NAME = 200
"""Characters of a cell that may name a place, a group or a channel."""

TIME = r"\d{4}-\d{2}-\d{2}([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?"
"""A day, or a day and a time, with or without seconds, fraction and zone, as ISO 8601 writes them."""

COMMON_TIME = r"\d{4}-\d{2}-\d{2}([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?"
"""The same without fraction and zone: DuckDB takes it as it is."""

# A file is one of contacts if so many of its columns are ours: which ones are missing can then be said.
_ENOUGH_COLUMNS = 3
_REQUIRED = (CONTACT_ID, "occurred_at", ("municipality_code", "municipality"), "office", "group", "channel")

_INTEGERS = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT")
_TIMES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE")
_TAKEN_TYPES = MappingProxyType(
    {
        CONTACT_ID: ("VARCHAR", "UUID", *_INTEGERS),
        "occurred_at": ("VARCHAR", *_TIMES),
        "municipality_code": ("VARCHAR", *_INTEGERS),
        "municipality": ("VARCHAR",),
        "office": ("VARCHAR",),
        "group": ("VARCHAR",),
        "channel": ("VARCHAR",),
    }
)
"""Types of DuckDB that the columns of a Parquet file may have."""

_DELIMITERS = ",;\t|"
_HEADER_BYTES = 1 << 20
_BLANKS = " \t\r\n\u00a0\ufeff"
_CELLS_AT_ONCE = 100_000


class NoContactKey(SourceError):
    """Contacts cannot be taken in: the environment has no key for their pseudonyms, or one that is too short."""


@dataclass(frozen=True)
class Pseudonymised:
    """What was taken in. `notes`: what a person should know of the file's columns."""

    layout: str
    rows: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A delivery that was taken in: its pseudonymised Parquet, and when it was received (UTC)."""

    path: Path
    received_at: datetime


@dataclass(frozen=True)
class _Source:
    """A received file for SQL: how it is read, and its columns there by our names, or by their own."""

    relation: str
    columns: Mapping[str, str]
    is_text: bool
    notes: tuple[str, ...]


def contact_key(environment: Mapping[str, str] = os.environ) -> bytes:
    """The key of the pseudonyms, from NARVARO_CONTACT_KEY; raises `NoContactKey` if it is missing or too short."""
    key = environment.get(KEY_VARIABLE, "")
    if len(key) < KEY_CHARACTERS:
        raise NoContactKey(
            Problem(
                file=KEY_VARIABLE,
                what="the environment has no such variable" if not key else f"the key has {len(key)} characters",
                expected=f"a secret key of at least {KEY_CHARACTERS} characters, the same one every night",
                remedy="set it and keep it: another key gives other pseudonyms, and contacts are no longer known again",
            )
        )
    return key.encode()


def key_check(key: bytes) -> str:
    """What tells one key from another without telling the key: 16 hexadecimal digits."""
    return hmac.new(key, b"key of contact pseudonyms", hashlib.sha256).hexdigest()[:16]


def recognises(path: Path) -> bool:
    """Whether the file is a csv or Parquet file with columns of contacts, by its headings alone."""
    try:
        names = _parquet_columns(path) if _is_parquet(path) else _csv_header(path).names
    except (OSError, duckdb.Error, UnreadableFile):
        return False
    ours = {_our_name(name) for name in names} - {None}
    return CONTACT_ID in ours or len(ours) >= _ENOUGH_COLUMNS


def pseudonymise(path: Path, name: str, key: bytes, target: Path) -> Pseudonymised:
    """Take a received file in: every row, with pseudonyms, into the Parquet file `target`, which appears when whole.

    `path` is where the bytes are, `name` what messages call the file. Nothing of it is written before all of it was
    looked through. Raises `UnreadableFile` if columns are missing, a line is broken or not UTF-8, or the file is
    damaged, and `PersonalData` if a personal identity number stands anywhere but in contact_id.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    with engine(target.parent) as connection:
        try:
            with _told_for_people(path, name, duckdb.Error):
                source = _source(path, name)
                rows = _look_through(connection, source, name)
            # What goes wrong now is not the file's fault, unless it is too large for us.
            with _told_for_people(path, name, duckdb.OutOfMemoryException):
                _copy_with_pseudonyms(connection, source, key, part)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
    return Pseudonymised(LAYOUT, rows, source.notes)


@contextmanager
def opened(reading: Reading, scratch: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that has the two views of one delivery that `understand` makes."""
    with engine(scratch) as connection:
        understand(connection, stored([reading]), [reading])
        yield connection


def stored(readings: Sequence[Reading], first: int = 0) -> str:
    """The query of all rows of deliveries: delivery (counted from `first`), row_number, and what is stored."""
    files = ", ".join(file_literal(each.path) for each in readings)
    columns = identifiers(COLUMNS)
    return f"""
        select cast(file_index as bigint) + {first} as delivery, file_row_number + 1 as row_number, {columns}
        from read_parquet([{files}], file_row_number = true, hive_partitioning = false)"""


def understand(connection: duckdb.DuckDBPyConnection, rows: str, readings: Sequence[Reading]) -> None:
    """Make two views of some rows of the deliveries, which are a query as `stored` gives it.

    `received`: delivery, row_number, contact_id UUID, occurred_at as it stands, and the other columns of COLUMNS
    as text without blanks at the ends, null if there is none. `contact`, what the cells mean, null if nothing that is
    known: delivery, received_on (UTC), row_number, contact_id, moment TIMESTAMP (Swedish local time; a time with a
    zone is converted, a day alone is its first moment), municipality_code, office (as printed), visitor_group, channel.
    """
    connection.execute("set variable blanks = ?", [_BLANKS])
    days = [each.received_at.astimezone(UTC).date() for each in readings]
    connection.execute("set variable received_on = ?::date[]", [days])
    cells = (f"{_text(identifier(each))} as {identifier(each)}" for each in COLUMNS[2:])
    connection.execute(
        f"""
        create or replace temp view received as
        select delivery, row_number, contact_id, occurred_at, {", ".join(cells)} from ({rows})
        """
    )
    _name_cells(connection, "municipality_code", _municipality_code)
    _name_cells(connection, "group", lambda cell: vocabulary.group(None, cell))
    _name_cells(connection, "channel", vocabulary.channel)
    # All that can be worked out before the joins is: there DuckDB still sees which cells are the same.
    connection.execute(
        f"""
        create or replace temp view contact as
        with cells as (
            select
                delivery, getvariable('received_on')[delivery + 1] as received_on, row_number, contact_id,
                {_moment("occurred_at")} as moment, office,
                municipality_code as municipality_code_printed, "group" as group_printed, channel as channel_printed
            from received
        )

        select
            delivery, received_on, row_number, contact_id, moment, municipality_code_cell.code as municipality_code,
            office, group_cell.code as visitor_group, channel_cell.code as channel
        from cells
        left join municipality_code_cell on municipality_code_printed = municipality_code_cell.cell
        left join group_cell on group_printed = group_cell.cell
        left join channel_cell on channel_printed = channel_cell.cell
        """
    )


@contextmanager
def engine(scratch: Path | None = None, memory_limit: str = MEMORY_LIMIT) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of one's own that keeps to its memory and spills into a folder below `scratch` that goes with it."""
    with tempfile.TemporaryDirectory(prefix=".duckdb-", dir=scratch) as folder:
        threads = min(os.cpu_count() or 1, MOST_THREADS)
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory_limit,
            "temp_directory": folder,
            "threads": threads,
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
        }
        with duckdb.connect(":memory:", config=settings) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute("set enable_progress_bar = false")
            yield connection


def _text(column: str) -> str:
    """A cell without blanks at its ends; null if nothing is left."""
    return f"nullif(trim({column}, getvariable('blanks')), '')"


def _moment(cell: str) -> str:
    """The Swedish local time that a cell means; null if it is none. What nearly all cells are is tried first."""
    trimmed = f"trim({cell})"  # plain blanks are enough for times, of which each cell is another
    written = f"replace({trimmed}, ',', '.')"
    # DuckDB takes zones as +02 and +02:00, without a blank before them.
    zoned = rf"regexp_replace({written}, ' ?([+-]\d\d)(?::?(\d\d))?$', '\1:\2')"
    zoned = f"rtrim(replace({zoned}, ' Z', 'Z'), ':')"
    return f"""
        case
            when regexp_full_match({cell}, {literal(COMMON_TIME)}) then try_cast({cell} as timestamp)
            when not regexp_full_match({trimmed}, {literal(TIME)}) then null
            when regexp_matches({trimmed}, '[T ].*(Z|[+-][0-9:]+)$')
                then try_cast({zoned} as timestamptz) at time zone 'Europe/Stockholm'
            else try_cast({written} as timestamp)
        end"""


def _municipality_code(cell: str) -> str | None:
    found = vocabulary.municipality(cell)
    return found.municipality_code if found else None


def _name_cells(connection: duckdb.DuckDBPyConnection, column: str, look_up: Callable[[str], str | None]) -> None:
    """Make the table `<column>_cell` of every cell of the column that means something, each once, with its code."""
    found = connection.execute(
        f"select distinct {identifier(column)} from received where length({identifier(column)}) <= {LONGEST_NAME}"
    )
    known: dict[str, str] = {}
    while cells := found.fetchmany(_CELLS_AT_ONCE):
        known |= {cell: code for (cell,) in cells if (code := look_up(cell)) is not None}
    # Codes are numbers behind their names, by which rows are counted faster.
    codes = ", ".join(map(literal, sorted({*known.values()} or {""})))
    connection.execute(f"create or replace temp table {column}_cell (cell varchar primary key, code enum({codes}))")
    connection.execute(f"insert into {column}_cell select unnest(?), unnest(?)", [list(known), list(known.values())])


# ---- the received file -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _CsvHeader:
    names: tuple[str, ...]
    delimiter: str
    encoding: str


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _csv_header(path: Path) -> _CsvHeader:
    """The headings in the first line, split at the delimiter that gives most columns of ours."""
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
        line = re.split(r"\r\n|\n|\r", head[: len(head) // 2 * 2].decode(encoding, "replace"), maxsplit=1)[0]
    else:
        first = re.split(rb"\r\n|\n|\r", head, maxsplit=1)[0]
        try:
            line, encoding = first.decode("utf-8-sig"), "utf-8"
        except UnicodeDecodeError:
            line, encoding = first.decode("latin-1"), "unknown"
    readings = ((delimiter, *_cells(line, delimiter)) for delimiter in _DELIMITERS)
    delimiter, *names = max(
        readings, key=lambda each: (sum(_our_name(cell) is not None for cell in each[1:]), len(each))
    )
    return _CsvHeader(tuple(names), delimiter, encoding)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _parquet_columns(path: Path) -> dict[str, str]:
    """Names and types of the columns of a Parquet file, from its foot."""
    with duckdb.connect(":memory:") as connection:
        found = connection.execute(f"describe select * from {_parquet(path)}").fetchall()
    return {name: kind for name, kind, *_ in found}


def _parquet(path: Path) -> str:
    return f"read_parquet({file_literal(path)}, hive_partitioning = false, binary_as_string = true)"


def _source(path: Path, name: str) -> _Source:
    """How the file is read; raises if its headings are not those of contacts. No row is read for it."""
    if _is_parquet(path):
        kinds = _parquet_columns(path)
        columns, notes = _columns(list(kinds), name, kinds=list(kinds.values()))
        in_file = list(kinds)
        return _Source(_parquet(path), {ours: in_file[at] for ours, at in columns.items()}, is_text=False, notes=notes)
    header = _csv_header(path)
    if header.encoding != "utf-8":
        raise _not_utf8(name, line=1)
    columns, notes = _columns(header.names, name, line=1)
    positions = ", ".join(f"'c{at}': 'varchar'" for at in range(len(header.names)))
    relation = f"""read_csv(
        {file_literal(path)}, auto_detect = false, header = true, delim = {literal(header.delimiter)}, quote = '"',
        escape = '"', comment = '', compression = 'none', null_padding = false, ignore_errors = false,
        strict_mode = true, hive_partitioning = false, columns = {{{positions}}})"""
    return _Source(relation, {ours: f"c{at}" for ours, at in columns.items()}, is_text=True, notes=notes)


def _columns(
    headings: Sequence[str], name: str, *, kinds: Sequence[str] | None = None, line: int | None = None
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Positions of all columns: ours by our names, first, then the others by theirs, each name once; and notes."""
    for heading in headings:
        personal_data.refuse_personal_number(heading, name, line=line, column=heading)
    drift = schema_drift.columns_of(
        headings, _REQUIRED, name, found_types=kinds, taken_types=_TAKEN_TYPES if kinds else None, line=line
    )
    place = drift.at.get("municipality_code", drift.at.get("municipality"))
    ours = {each: place if each == "municipality_code" else drift.at[each] for each in COLUMNS}
    found = {each: at for each, at in ours.items() if at is not None}
    taken = {each.casefold() for each in found}
    for at, heading in enumerate(headings):
        if at not in found.values():
            unique = heading.strip() or f"column_{at + 1}"
            while unique.casefold() in taken:
                unique = f"{unique}_{at + 1}"
            taken.add(unique.casefold())
            found[unique] = at
    return found, drift.notes


def _our_name(printed: str) -> str | None:
    """Which of our columns the heading means; None if none."""
    code = vocabulary.header(printed)
    code = "municipality_code" if code == "municipality" else code
    return code if code in COLUMNS else None


def _look_through(connection: duckdb.DuckDBPyConnection, source: _Source, name: str) -> int:
    """Read every cell once; the number of rows. Raises if a cell is no cell, or a number stands where none belongs."""
    connection.execute("set variable candidate = ?", [personal_data.CANDIDATE])
    searched = [each for each in source.columns if each != CONTACT_ID]
    asked = [f"max(length({_cell(source, each)}))" for each in source.columns]
    asked += [f"bool_or({_may_be_number(source, each)})" for each in searched]
    rows, *told = connection.execute(f"select count(*), {', '.join(asked)} from {source.relation}").fetchall()[0]
    for column, is_suspected in zip(searched, told[len(source.columns) :], strict=True):
        if is_suspected:
            _refuse_personal_number(connection, source, column, name)
    for column, longest in zip(source.columns, told, strict=False):
        if (longest or 0) > LONGEST_CELL:
            row = _first_row(connection, source, f"length({_cell(source, column)}) > ?", LONGEST_CELL)
            what, expected = f"a cell of {longest} characters", f"at most {LONGEST_CELL}"
            raise UnreadableFile(Problem(name, what, expected, _MEND, row=row, column=column))
    return int(rows)


def _first_row(connection: duckdb.DuckDBPyConnection, source: _Source, condition: str, value: str | int) -> int:
    """Number of the first row of which the condition holds."""
    columns = identifiers(dict.fromkeys(source.columns.values()))
    numbered = f"select row_number() over () as at_row, {columns} from {source.relation}"
    return int(connection.execute(f"select min(at_row) from ({numbered}) where {condition}", [value]).fetchall()[0][0])


def _cell(source: _Source, column: str) -> str:
    cell = identifier(source.columns[column])
    return cell if source.is_text else f"cast({cell} as varchar)"


def _may_be_number(source: _Source, column: str) -> str:
    """Whether a cell may hold a personal identity number; a time that is written as one is no number."""
    cell = _cell(source, column)
    may = f"regexp_matches({cell}, getvariable('candidate'))"
    return f"({may} and not regexp_full_match({cell}, {literal(TIME)}))" if column == "occurred_at" else may


def _refuse_personal_number(connection: duckdb.DuckDBPyConnection, source: _Source, column: str, name: str) -> None:
    cell = _cell(source, column)
    found = connection.execute(f"select {cell} from {source.relation} where {_may_be_number(source, column)}")
    while cells := found.fetchmany(_CELLS_AT_ONCE):
        at = personal_data.first_in(text for (text,) in cells)
        if at is not None:
            row = _first_row(connection, source, f"{cell} = ?", cells[at][0])
            personal_data.refuse_personal_number(cells[at][0], name, row=row, column=column)


def _copy_with_pseudonyms(connection: duckdb.DuckDBPyConnection, source: _Source, key: bytes, target: Path) -> None:
    """Write every row in the order received. HMAC as RFC 2104 has it: hash(outer + hash(inner + id))."""
    padded = key.ljust(64, b"\0") if len(key) <= 64 else hashlib.sha256(key).digest().ljust(64, b"\0")
    # Variables, since a statement's own text may stand in DuckDB's messages.
    connection.execute("set variable inner_key = ?::blob", [bytes(byte ^ 0x36 for byte in padded)])
    connection.execute("set variable outer_key = ?::blob", [bytes(byte ^ 0x5C for byte in padded)])
    connection.execute("set variable blanks = ?", [_BLANKS])
    inner = f"unhex(sha256(getvariable('inner_key') || encode({_text(_cell(source, CONTACT_ID))})))"
    cells = [f"left(sha256(getvariable('outer_key') || {inner}), 32)::uuid as {CONTACT_ID}"]
    cells += [f"{_cell(source, each)} as {identifier(each)}" for each in source.columns if each != CONTACT_ID]
    connection.execute(
        f"copy (select {', '.join(cells)} from {source.relation})"
        f" to {literal(str(target))} (format parquet, compression zstd)"
    )


# ---- what went wrong -------------------------------------------------------------------------------------------------


@contextmanager
def _told_for_people(path: Path, name: str, faults: type[duckdb.Error]) -> Iterator[None]:
    """Turn what DuckDB says of the file into a problem. Its own text shows cells, so nothing of it is repeated."""
    try:
        yield
    except faults as error:
        told = str(error)
        if "No space left" in told:
            raise
        # `from None`: a trace would show DuckDB's text, and with it the line of the file.
        raise UnreadableFile(_problem(told, path, name)) from None


def _problem(told: str, path: Path, name: str) -> Problem:
    is_parquet = _is_parquet(path)
    found = re.search(r"CSV Error on Line: (\d+)", told)
    line = int(found[1]) if found else None
    if not is_parquet and "Invalid unicode" in told:
        return _not_utf8(name, line).problem
    if not is_parquet and "state machine" in told:
        return Problem(name, "lines end in different ways", "one kind of line end", _MEND, line=_other_line_end(path))
    if count := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", told):
        return Problem(name, f"the line has {count[2]} cells", f"{count[1]}, as in the heading", _MEND, line=line)
    faults = _PARQUET_FAULTS if is_parquet else _CSV_FAULTS
    what, expected = next((told_so for sign, *told_so in faults if sign in told))
    return Problem(name, what, expected, _MEND, line=line)


_MEND = "export the file anew and deliver it again"
_MEMORY = (f"a part of the file does not fit into {MEMORY_LIMIT} of memory", "rows and row groups of common size")
_CSV_FAULTS = (
    ("unterminated quote", "a quotation mark is not closed, or text follows it", "cells quoted whole or not at all"),
    ("Maximum line size", "the line is longer than 2 000 000 bytes", "one contact on each line"),
    ("Out of Memory", *_MEMORY),
    ("", "the text cannot be read as csv", "a csv file with one contact on each line"),
)
_PARQUET_FAULTS = (
    ("Invalid string encoding", "a cell of text is not UTF-8", "text in UTF-8"),
    ("Out of Memory", *_MEMORY),
    ("", "the Parquet file is damaged or cut short", "a whole Parquet file"),
)
"""What DuckDB says, the first that fits, and what we say instead."""


def _not_utf8(name: str, line: int | None) -> UnreadableFile:
    return UnreadableFile(
        Problem(name, "the text is not UTF-8", "UTF-8, with or without byte order mark", _MEND, line=line)
    )


def _other_line_end(path: Path) -> int | None:
    """The first line that does not end as the first one does."""
    with path.open("rb") as lines:
        first = lines.readline().endswith(b"\r\n")
        return next((at for at, line in enumerate(lines, start=2) if line.endswith(b"\r\n") != first), None)
