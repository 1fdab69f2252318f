"""The published DuckDB file: a compact copy of the published schemas that old drivers can open.

Belongs here: what tables a file has, copying, exports, verification. Does not belong here: what two files differ in
(`release_changes`), when a release may be made, and the switch (`release`).
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from sources.sql import identifier, identifiers, literal

SCHEMAS = ("core", "kpi", "meta")
NIGHTLY_TABLES = ("meta.release", "meta.check", "meta.change", "meta.changed_row")
"""Tables of which every release adds rows: what they say differs between two nights with equal data."""
STORAGE_VERSION = "v1.0.0"
"""The oldest DuckDB storage that 1.1 drivers write and all later ones read."""


@dataclass(frozen=True)
class Table:
    """A table of a DuckDB file: its address and its primary key (all columns, if it has none)."""

    schema: str
    name: str
    ddl: str
    key: tuple[str, ...]
    types: Mapping[str, str]
    """Columns in their order, with their types."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns, in their order."""
        return tuple(self.types)

    @property
    def address(self) -> str:
        """`kpi.presence`."""
        return f"{self.schema}.{self.name}"

    @property
    def quoted(self) -> str:
        """The address for SQL."""
        return identifier(self.schema, self.name)

    @property
    def order(self) -> str:
        """Columns that put the rows in one order."""
        return identifiers(self.key or self.columns)


def tables_of(connection: duckdb.DuckDBPyConnection, database: str) -> list[Table]:
    """The tables of the published schemas, by address."""
    keys: Mapping[tuple[str, str], list[str]] = {
        (schema, table): columns
        for schema, table, columns in connection.execute(
            """select schema_name, table_name, constraint_column_names from duckdb_constraints()
               where database_name = ? and constraint_type in ('PRIMARY KEY', 'UNIQUE')
               order by constraint_type desc""",
            [database],
        ).fetchall()
    }
    types: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, data_type in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() where database_name = ?"
        " order by column_index",
        [database],
    ).fetchall():
        types.setdefault((schema, table), {})[column] = data_type
    found = connection.execute(
        "select schema_name, table_name, sql from duckdb_tables() where database_name = ? and schema_name in (?, ?, ?)"
        " order by schema_name, table_name",
        [database, *SCHEMAS],
    ).fetchall()
    return [
        Table(schema, name, ddl, tuple(keys.get((schema, name), ())), types[schema, name])
        for schema, name, ddl in found
    ]


@contextmanager
def opened(file: Path, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to one file alone, closed whatever happens."""
    connection = duckdb.connect(str(file), read_only=read_only)
    try:
        yield connection
    finally:
        connection.close()


def copy_published(build: Path, target: Path) -> list[Table]:
    """Copy the published schemas of the build file into a fresh file, rows in the order of their keys.

    Constraints, NOT NULL and comments come along; views, indexes and everything else stay behind, and so does a table
    whose model is gone: the dictionary knows it no more. Returns the tables.
    """
    connection = duckdb.connect()
    try:
        connection.execute(f"attach {literal(build)} as build (read_only)")
        connection.execute(f"attach {literal(target)} as release (storage_version '{STORAGE_VERSION}')")
        described = connection.execute(
            "select distinct schema_name, table_name from build.meta.table_column"
        ).fetchall()
        tables = [each for each in tables_of(connection, "build") if (each.schema, each.name) in described]
        connection.execute("use release")
        for schema in SCHEMAS:
            connection.execute(f"create schema {schema}")
        for table in tables:
            connection.execute(table.ddl)
            connection.execute(
                f"insert into release.{table.quoted} select * from build.{table.quoted} order by {table.order}"
            )
        for statement in _comments(connection, tables):
            connection.execute(statement)
        connection.execute("use memory")
        connection.execute("detach release")
    finally:
        connection.close()
    return tables


def _comments(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> list[str]:
    """Statements that carry the comments on these tables and their columns over from the build file."""
    published = {(each.schema, each.name): each for each in tables}
    on_tables = connection.execute(
        """select schema_name, table_name, comment from duckdb_tables()
           where database_name = 'build' and comment is not null"""
    ).fetchall()
    on_columns = connection.execute(
        """select schema_name, table_name, column_name, comment from duckdb_columns()
           where database_name = 'build' and comment is not null"""
    ).fetchall()
    return [
        f"comment on table release.{published[schema, table].quoted} is {literal(comment)}"
        for schema, table, comment in on_tables
        if (schema, table) in published
    ] + [
        f"comment on column release.{published[schema, table].quoted}.{identifier(column)} is {literal(comment)}"
        for schema, table, column, comment in on_columns
        if (schema, table) in published
    ]


def append(connection: duckdb.DuckDBPyConnection, address: str, rows: list[dict[str, Any]]) -> None:
    """Add rows to a table by column name."""
    for row in rows:
        marks = ", ".join("?" for _ in row)
        target = identifier(*address.split("."))
        connection.execute(f"insert into {target} ({identifiers(row)}) values ({marks})", list(row.values()))


def append_from(connection: duckdb.DuckDBPyConnection, file: Path, addresses: Iterable[str]) -> None:
    """Add the rows that the tables have in another file; one made before a table was thought of has none of it."""
    connection.execute(f"attach {literal(file)} as history (read_only)")
    known = {table.address for table in tables_of(connection, "history")}
    for address in addresses:
        if address in known:
            quoted = identifier(*address.split("."))
            connection.execute(f"insert into {quoted} by name select * from history.{quoted}")
    connection.execute("detach history")


def export(file: Path, folder: Path, only: Collection[str] | None = None) -> dict[str, str]:
    """Write tables (all, or those named) as `csv/<schema>.<table>.csv` and `parquet/…`; gives each csv's checksum."""
    checksums: dict[str, str] = {}
    with opened(file) as connection:
        connection.execute("set threads = 1")
        for kind in ("csv", "parquet"):
            (folder / kind).mkdir(exist_ok=True)
        for table in tables_of(connection, file.stem):
            if only is not None and table.address not in only:
                continue
            for kind, options in (("csv", "format csv, header"), ("parquet", "format parquet, compression zstd")):
                target = folder / kind / f"{table.address}.{kind}"
                connection.execute(
                    f"copy (select * from {table.quoted} order by {table.order}) to {literal(target)} ({options})"
                )
            checksums[table.address] = hashlib.sha256(
                (folder / "csv" / f"{table.address}.csv").read_bytes()
            ).hexdigest()
    return checksums


def fingerprint(checksums: Mapping[str, str]) -> str:
    """One checksum of the content: all tables but those that every night adds to."""
    lines = [f"{address} {checksums[address]}" for address in sorted(checksums) if address not in NIGHTLY_TABLES]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def verify(file: Path, tables: list[Table], build: Path) -> list[str]:
    """What is wrong with a published file: it does not open, a table is missing, or a count is another."""
    try:
        with opened(file) as published, opened(build) as source:
            return [
                f"{table.address}: {found} rows in the release, {wanted} in the build file"
                for table in tables
                if table.address not in NIGHTLY_TABLES
                and (found := count(published, table.quoted)) != (wanted := count(source, table.quoted))
            ]
    except duckdb.Error as error:
        return [f"{file.name} cannot be read: {error}"]


def count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """How many rows a table or subquery has."""
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    assert row is not None, "count(*) always gives a row"
    return int(row[0])
