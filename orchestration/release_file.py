"""The published DuckDB file: a compact copy of the published schemas that old drivers can open.

Belongs here: copying, comparing two files table by table, exports, verification. Does not belong here: when a release
may be made, and the switch (`orchestration.release`).
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

SCHEMAS = ("core", "kpi", "meta")
NIGHTLY_TABLES = ("meta.release", "meta.check", "meta.change", "meta.changed_row")
"""Tables of which every release adds rows: what they say differs between two nights with equal data."""
CHANGED_ROWS = 1000
"""Most rows of `meta.changed_row` that one release adds for one table; the counts of `meta.change` have no limit."""
OFFICES, OFFICE_TABLES = "core.dim_office", ("core.dim_office", "core.fct_office_plan")
"""What is said of offices compares the first; it is said of both."""
NAMED_OFFICES = 10
"""How many offices a summary names of each kind of change."""
STORAGE_VERSION = "v1.0.0"
"""The oldest DuckDB storage that 1.1 drivers write and all later ones read."""


@dataclass(frozen=True)
class Table:
    """A table of a DuckDB file: its address and its primary key (all columns, if it has none)."""

    schema: str
    name: str
    ddl: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def address(self) -> str:
        """`kpi.presence`."""
        return f"{self.schema}.{self.name}"

    @property
    def quoted(self) -> str:
        """The address for SQL."""
        return f'"{self.schema}"."{self.name}"'

    @property
    def order(self) -> str:
        """Columns that put the rows in one order."""
        return ", ".join(f'"{column}"' for column in self.key or self.columns)


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
    columns: dict[tuple[str, str], list[str]] = {}
    for schema, table, column in connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = ?"
        " order by column_index",
        [database],
    ).fetchall():
        columns.setdefault((schema, table), []).append(column)
    found = connection.execute(
        "select schema_name, table_name, sql from duckdb_tables() where database_name = ? and schema_name in (?, ?, ?)"
        " order by schema_name, table_name",
        [database, *SCHEMAS],
    ).fetchall()
    return [
        Table(schema, name, ddl, tuple(keys.get((schema, name), ())), tuple(columns[schema, name]))
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

    Constraints, NOT NULL and comments come along; views, indexes and everything else stay behind. Returns the tables.
    """
    connection = duckdb.connect()
    try:
        connection.execute(f"attach '{_sql(build)}' as build (read_only)")
        connection.execute(f"attach '{_sql(target)}' as release (storage_version '{STORAGE_VERSION}')")
        tables = tables_of(connection, "build")
        connection.execute("use release")
        for schema in SCHEMAS:
            connection.execute(f"create schema {schema}")
        for table in tables:
            connection.execute(table.ddl)
            connection.execute(
                f"insert into release.{table.quoted} select * from build.{table.quoted} order by {table.order}"
            )
        for statement in _comments(connection):
            connection.execute(statement)
        connection.execute("use memory")
        connection.execute("detach release")
    finally:
        connection.close()
    return tables


def _comments(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Statements that carry the comments on tables and columns over from the build file."""
    tables = connection.execute(
        """select schema_name, table_name, comment from duckdb_tables()
           where database_name = 'build' and schema_name in (?, ?, ?) and comment is not null""",
        SCHEMAS,
    ).fetchall()
    columns = connection.execute(
        """select schema_name, table_name, column_name, comment from duckdb_columns()
           where database_name = 'build' and schema_name in (?, ?, ?) and comment is not null""",
        SCHEMAS,
    ).fetchall()
    return [
        f'comment on table release."{schema}"."{table}" is \'{_quoted(comment)}\'' for schema, table, comment in tables
    ] + [
        f'comment on column release."{schema}"."{table}"."{column}" is \'{_quoted(comment)}\''
        for schema, table, column, comment in columns
    ]


def append(connection: duckdb.DuckDBPyConnection, address: str, rows: list[dict[str, Any]]) -> None:
    """Add rows to a table by column name."""
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into {address} ({names}) values ({marks})", list(row.values()))


def append_from(connection: duckdb.DuckDBPyConnection, file: Path, addresses: Iterable[str]) -> None:
    """Add the rows that the tables have in another file; one made before a table was thought of has none of it."""
    connection.execute(f"attach '{_sql(file)}' as history (read_only)")
    known = {table.address for table in tables_of(connection, "history")}
    for address in addresses:
        if address in known:
            connection.execute(f"insert into {address} by name select * from history.{address}")
    connection.execute("detach history")


def changes(before: Path | None, after: Path) -> list[dict[str, Any]]:
    """What differs between two published files: one row per table, by primary key. No file before: all is added.

    `summary` says in words what became of offices; None for other tables, and where nothing did.
    """
    with _compared(before, after) as (connection, old, new):
        return [_change(connection, old, table) for table in new]


def record_changes(before: Path | None, after: Path, release_id: str) -> None:
    """Write into a new file what differs from the one before it: `meta.change`, and `meta.changed_row` for schema core.

    Of a table that has no counterpart before, or another key, no rows are listed.
    """
    with _compared(before, after, read_only=False) as (connection, old, new):
        for table in new:
            change = _change(connection, old, table)
            append(connection, "after.meta.change", [{"release_id": release_id, **change}])
            known = old.get(table.address)
            if known and table.schema == "core" and set(table.key) <= set(known.columns):
                connection.execute(
                    f"insert into after.meta.changed_row by name {_changed_rows(known, table)}",
                    {"release_id": release_id, "table_name": table.address, "most": CHANGED_ROWS},
                )


@contextmanager
def _compared(
    before: Path | None, after: Path, *, read_only: bool = True
) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Table], list[Table]]]:
    """Both files attached as `before` and `after`: the tables of the former by address, and those of the latter."""
    connection = duckdb.connect()
    try:
        connection.execute(f"attach '{_sql(after)}' as after{' (read_only)' if read_only else ''}")
        if before is not None:
            connection.execute(f"attach '{_sql(before)}' as before (read_only)")
        old = {table.address: table for table in tables_of(connection, "before")} if before is not None else {}
        new = [table for table in tables_of(connection, "after") if table.address not in NIGHTLY_TABLES]
        yield connection, old, new
    finally:
        connection.close()


def _change(connection: duckdb.DuckDBPyConnection, old: Mapping[str, Table], new: Table) -> dict[str, Any]:
    """The counts for one table; leaves the rows that are gone and come in the temporary tables of these names."""
    rows_after = count(connection, f"after.{new.quoted}")
    known = old.get(new.address)
    if known is None:
        return {
            "table_name": new.address,
            "rows_before": 0,
            "rows_after": rows_after,
            "added": rows_after,
            "removed": 0,
            "changed": 0,
            "summary": None,
        }
    shared = ", ".join(f'"{column}"' for column in new.columns if column in known.columns)
    key = ", ".join(f'"{column}"' for column in (new.key or new.columns) if column in known.columns)
    for name, here, there in (("gone", "before", "after"), ("come", "after", "before")):
        connection.execute(
            f"create or replace temp table {name} as "
            f"select {shared} from {here}.{new.quoted} except all select {shared} from {there}.{new.quoted}"
        )
    changed = count(connection, f"(select {key} from gone intersect select {key} from come)")
    return {
        "table_name": new.address,
        "rows_before": count(connection, f"before.{new.quoted}"),
        "rows_after": rows_after,
        "added": count(connection, "come") - changed,
        "removed": count(connection, "gone") - changed,
        "changed": changed,
        "summary": _office_changes(connection, old[OFFICES])
        if new.address in OFFICE_TABLES and OFFICES in old
        else None,
    }


def _changed_rows(old: Table, new: Table) -> str:
    """SQL for the rows of `meta.changed_row` from the temporary tables `gone` and `come`, the first ones by key.

    A row that is added or removed gives one row, one that is changed a row per column with another value.
    """
    keys = new.key or tuple(column for column in new.columns if column in old.columns)
    values = [column for column in new.columns if column in old.columns and column not in keys]
    same_key = " and ".join(f'gone."{key}" is not distinct from come."{key}"' for key in keys)

    def row_key(side: str) -> str:
        return " || ' / ' || ".join(f"coalesce(cast({side}.\"{key}\" as varchar), '')" for key in keys)

    def whole(kind: str, side: str, other: str) -> str:
        return (
            f"select distinct {row_key(side)} as row_key, '{kind}' as kind, '*' as column_name, "
            "cast(null as varchar) as value_before, cast(null as varchar) as value_after "
            f"from {side} where not exists (select 1 from {other} where {same_key}) order by row_key limit $most"
        )

    parts = [whole("added", "come", "gone"), whole("removed", "gone", "come")]
    if values:
        first_rows = (
            f"select {row_key('come')} as row_key, "
            + ", ".join(
                f'gone."{column}" as "before_{at}", come."{column}" as "after_{at}"' for at, column in enumerate(values)
            )
            + f" from come inner join gone on {same_key} order by row_key limit $most"
        )
        parts += [
            "select row_key, 'changed' as kind, "
            f"'{_quoted(column)}' as column_name, "
            f'cast("before_{at}" as varchar) as value_before, cast("after_{at}" as varchar) as value_after '
            f'from ({first_rows}) where "before_{at}" is distinct from "after_{at}"'
            for at, column in enumerate(values)
        ]
    listed = " union all ".join(f"(select * from ({part}))" for part in parts)
    return (
        "select $release_id as release_id, $table_name as table_name, * "
        f"from ({listed}) order by row_key, kind, column_name limit $most"
    )


def _office_changes(connection: duckdb.DuckDBPyConnection, old: Table) -> str | None:
    """What became of offices, in words: `1 reinstated: Af Boden; 2 to close: Af Arjeplog, Af Kalix`."""
    if not {"office_id", "office", "plan", "form", "municipality_code", "closes_on"} <= set(old.columns):
        return None
    rows = connection.execute(
        """with offices as (
            select
                coalesce(now.office, was.office) as office,
                was.plan as plan_before, now.plan as plan_after,
                was.form is distinct from now.form as has_another_form,
                was.municipality_code is distinct from now.municipality_code as has_another_municipality,
                was.closes_on is distinct from now.closes_on as has_another_day
            from before.core.dim_office as was
            full outer join after.core.dim_office as now using (office_id)
        ),
        kinds as (
            select 1 as place, 'added' as kind, office from offices where plan_before is null and plan_after is not null
            union all
            select 2, 'removed', office from offices where plan_before is not null and plan_after is null
            union all
            select 3, 'reinstated', office from offices where plan_before = 'closing' and plan_after = 'kept'
            union all
            select 4, 'to close', office from offices where plan_before = 'kept' and plan_after = 'closing'
            union all
            select 5, 'moved', office from offices
            where plan_before is not null and plan_after is not null and has_another_municipality
            union all
            select 6, 'with another form', office from offices
            where plan_before = 'kept' and plan_after = 'kept' and has_another_form
            union all
            select 7, 'with another day of closing', office from offices
            where plan_before = 'closing' and plan_after = 'closing' and has_another_day
        )
        select kind, count(*), list(office order by office)[:?]
        from kinds group by place, kind order by place""",
        [NAMED_OFFICES],
    ).fetchall()
    told = []
    for kind, number, offices in rows:
        told.append(f"{number} {kind}: {', '.join(offices)}{' …' if number > len(offices) else ''}")
    return "; ".join(told) or None


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
                    f"copy (select * from {table.quoted} order by {table.order}) to '{_sql(target)}' ({options})"
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


def _sql(path: Path) -> str:
    return _quoted(str(path))


def _quoted(text: str) -> str:
    return text.replace("'", "''")
