"""What a published DuckDB file says of itself: its release, its tables and columns, and the documents behind them.

Belongs here: reading that from the file alone. Does not belong here: how it is written down (`release_workbook`,
`catalogue`), how the file is made (`release_file`).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from orchestration.release_file import Table, count, opened, tables_of

SCHEMA_ORDER = ("kpi", "core", "meta")
"""Figures first, then what they are made of, then what is said of both."""
LAST_SENTENCE = re.compile(r"(?s)^(?P<purpose>.*?)\s*(?P<grain>[^.]+\.)\s*$")


@dataclass(frozen=True)
class Column:
    """A published column as the dictionary `meta.table_column` has it; texts are empty for one that it leaves out."""

    name: str
    data_type: str
    is_nullable: bool
    unit: str
    description: str
    description_sv: str


@dataclass(frozen=True)
class DescribedTable:
    """A published table: what it is, what one row of it is, how many rows it has, and its columns in their order."""

    table: Table
    purpose: str
    grain: str
    rows: int
    columns: tuple[Column, ...]

    @property
    def address(self) -> str:
        """`kpi.presence`."""
        return self.table.address


@dataclass(frozen=True)
class Document:
    """A registered document: where rows come from, and who published it."""

    document_id: str
    title: str
    publisher: str
    published: date
    as_of: date
    dnr: str | None
    language: str
    sha256: str


@dataclass(frozen=True)
class Description:
    """A published file as a whole. Times are UTC without a zone, as in `meta.release`."""

    release_id: str
    released_at: datetime
    first_released_at: datetime
    contract_version: str
    tables: tuple[DescribedTable, ...]
    documents: tuple[Document, ...]


@contextmanager
def described(database: Path) -> Iterator[tuple[Description, duckdb.DuckDBPyConnection]]:
    """A published file's description, with the open connection for whoever wants the rows as well.

    Raises `ValueError` if no release is recorded in the file, `duckdb.Error` if it is none of ours.
    """
    with opened(database) as connection:
        release = connection.execute(
            """select release_id, released_at, min(released_at) over (), contract_version
               from meta.release order by released_at desc, release_id desc limit 1"""
        ).fetchone()
        if release is None:
            raise ValueError(f"{database.name} names no release in meta.release")
        tables = sorted(tables_of(connection, database.stem), key=lambda each: SCHEMA_ORDER.index(each.schema))
        columns = _columns(connection, database.stem)
        comments = _comments(connection, database.stem)
        documents = connection.execute(
            """select document_id, title, publisher, published, as_of, dnr, language, sha256
               from meta.document order by published, document_id"""
        ).fetchall()
        release_id, released_at, first_released_at, contract_version = release
        description = Description(
            release_id,
            released_at,
            first_released_at,
            contract_version,
            tables=tuple(
                DescribedTable(
                    table,
                    *_purpose_and_grain(comments[table.address]),
                    rows=count(connection, table.quoted),
                    columns=tuple(columns[table.address]),
                )
                for table in tables
            ),
            documents=tuple(Document(*each) for each in documents),
        )
        yield description, connection


def _purpose_and_grain(comment: str | None) -> tuple[str, str]:
    """A table's comment without its last sentence, and that sentence; empty where there is none."""
    found = LAST_SENTENCE.match(comment or "")
    return (found["purpose"], found["grain"]) if found else (comment or "", "")


def _comments(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, str | None]:
    rows = connection.execute(
        "select schema_name || '.' || table_name, comment from duckdb_tables() where database_name = ?", [database]
    ).fetchall()
    return dict(rows)


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[Column]]:
    """Columns by the address of their table, in their order."""
    rows = connection.execute(
        """select schema_name || '.' || table_name, column_name, c.data_type, c.is_nullable,
                  coalesce(d.unit, ''), coalesce(d.description, ''), coalesce(d.description_sv, '')
           from duckdb_columns() as c
           left join meta.table_column as d using (schema_name, table_name, column_name)
           where c.database_name = ? order by schema_name, table_name, c.column_index""",
        [database],
    ).fetchall()
    columns: dict[str, list[Column]] = {}
    for address, *column in rows:
        columns.setdefault(address, []).append(Column(*column))
    return columns
