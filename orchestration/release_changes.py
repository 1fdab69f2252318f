"""What two published files differ in: counts, rows, columns, and what became of offices.

Belongs here: comparing two DuckDB files table by table. Does not belong here: which files are compared (`release`,
`release_commands`).
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.release_file import NIGHTLY_TABLES, Table, append, count, tables_of
from sources.sql import identifier, identifiers, literal

CHANGED_ROWS = 1000
"""Most rows of `meta.changed_row` that one release adds for one table; the counts of `meta.change` have no limit."""
OFFICES, OFFICE_TABLES = "core.dim_office", ("core.dim_office", "core.fct_office_plan")
"""What is said of offices compares the first; it is said of both."""
NAMED_OFFICES = 10
"""How many offices a summary names of each kind of change."""
NUMBERS = {"BIGINT", "INTEGER", "HUGEINT", "DOUBLE", "FLOAT"}
"""Types whose difference is a number."""

Tables = Mapping[str, Table]


def changes(before: Path | None, after: Path) -> list[dict[str, Any]]:
    """What differs between two published files: one row per table, by primary key. No file before: all is added.

    `rows_before` is None for a table that is new, `rows_after` for one that is gone. `summary` says in words what
    became of offices; None for other tables, and where nothing did.
    """
    with _compared(before, after) as (connection, old, new):
        return list(_changes(connection, old, new))


@dataclass(frozen=True)
class ChangedRow:
    """One row that differs between two files: added, removed, or one of its columns with another value."""

    table: str
    row_key: str
    kind: str
    column: str
    """`*` for a whole row."""
    before: str | None
    after: str | None
    is_number: bool


def changed_rows(before: Path, after: Path, addresses: Collection[str], most: int) -> list[ChangedRow]:
    """The rows that differ in these tables, of each table at most so many, the first by key."""
    found = []
    with _compared(before, after) as (connection, old, new):
        for table in new.values():
            known = old.get(table.address)
            if known is None or table.address not in addresses:
                continue
            _change(connection, known, table)
            rows = connection.execute(
                f"select row_key, kind, column_name, value_before, value_after from ({_changed_rows(known, table)})",
                {"most": most},
            ).fetchall()
            numbers = {name for name, data_type in table.types.items() if data_type in NUMBERS}
            found += [
                ChangedRow(table.address, row_key, kind, column, value_before, value_after, column in numbers)
                for row_key, kind, column, value_before, value_after in rows
            ]
    return found


def record_changes(before: Path | None, after: Path, release_id: str) -> None:
    """Write into a new file what differs from the one before it: `meta.change`, and `meta.changed_row` for schema core.

    Of a table that has no counterpart before, or another key, no rows are listed.
    """
    with _compared(before, after, read_only=False) as (connection, old, new):
        for change in _changes(connection, old, new):
            append(connection, "after.meta.change", [{"release_id": release_id, **change}])
            known, table = old.get(change["table_name"]), new.get(change["table_name"])
            if known and table and table.schema == "core" and set(table.key) <= set(known.columns):
                connection.execute(
                    "insert into after.meta.changed_row by name select $release_id as release_id, "
                    f"$table_name as table_name, * from ({_changed_rows(known, table)})",
                    {"release_id": release_id, "table_name": table.address, "most": CHANGED_ROWS},
                )


@contextmanager
def _compared(
    before: Path | None, after: Path, *, read_only: bool = True
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Tables, Tables]]:
    """Both files attached as `before` and `after`, with the tables of each, but those that every night adds to."""
    connection = duckdb.connect()
    try:
        connection.execute(f"attach {literal(after)} as after{' (read_only)' if read_only else ''}")
        if before is not None:
            connection.execute(f"attach {literal(before)} as before (read_only)")
        old, new = (
            {each.address: each for each in tables_of(connection, name) if each.address not in NIGHTLY_TABLES}
            for name in ("before", "after")
        )
        yield connection, old, new
    finally:
        connection.close()


def _changes(connection: duckdb.DuckDBPyConnection, old: Tables, new: Tables) -> Iterator[dict[str, Any]]:
    """The counts of every table, by address; after each, its rows stand in the tables `gone` and `come`."""
    for address in sorted({*old, *new}):
        if address in old and address in new:
            change = _change(connection, old[address], new[address])
            if address in OFFICE_TABLES and OFFICES in old and OFFICES in new:
                change["summary"] = _office_changes(connection, old[OFFICES])
            yield change
            continue
        rows_before = count(connection, f"before.{old[address].quoted}") if address in old else None
        rows_after = count(connection, f"after.{new[address].quoted}") if address in new else None
        yield {
            "table_name": address,
            "rows_before": rows_before,
            "rows_after": rows_after,
            "added": rows_after or 0,
            "removed": rows_before or 0,
            "changed": 0,
            "summary": None,
        }


def _shared(old: Table, new: Table) -> list[str]:
    """The columns whose values can be compared: in both tables, of one type."""
    return [column for column, data_type in new.types.items() if old.types.get(column) == data_type]


def _key(old: Table, new: Table) -> list[str]:
    """What tells whether two rows are one that changed: the key; every shared column, if the key is not shared."""
    shared = _shared(old, new)
    return list(new.key) if new.key and set(new.key) <= set(shared) else shared


def _change(connection: duckdb.DuckDBPyConnection, old: Table, new: Table) -> dict[str, Any]:
    """The counts for one table; leaves the rows that are gone and come in the temporary tables of these names."""
    shared, key = identifiers(_shared(old, new)), identifiers(_key(old, new))
    for name, here, there in (("gone", "before", "after"), ("come", "after", "before")):
        connection.execute(
            f"create or replace temp table {name} as "
            f"select {shared} from {here}.{new.quoted} except all select {shared} from {there}.{new.quoted}"
        )
    changed = count(connection, f"(select {key} from gone intersect select {key} from come)")
    return {
        "table_name": new.address,
        "rows_before": count(connection, f"before.{old.quoted}"),
        "rows_after": count(connection, f"after.{new.quoted}"),
        "added": count(connection, "come") - changed,
        "removed": count(connection, "gone") - changed,
        "changed": changed,
        "summary": None,
    }


def _changed_rows(old: Table, new: Table) -> str:
    """SQL for the rows of `meta.changed_row` from the temporary tables `gone` and `come`, the first ones by key.

    A row that is added or removed gives one row, one that is changed a row per column with another value.
    """
    keys = _key(old, new)
    values = [column for column in _shared(old, new) if column not in keys]
    same_key = " and ".join(f"gone.{key} is not distinct from come.{key}" for key in map(identifier, keys))

    def row_key(side: str) -> str:
        return " || ' / ' || ".join(f"coalesce(cast({side}.{key} as varchar), '')" for key in map(identifier, keys))

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
                f'gone.{column} as "before_{at}", come.{column} as "after_{at}"'
                for at, column in enumerate(map(identifier, values))
            )
            + f" from come inner join gone on {same_key} order by row_key limit $most"
        )
        parts += [
            "select row_key, 'changed' as kind, "
            f"{literal(column)} as column_name, "
            f'cast("before_{at}" as varchar) as value_before, cast("after_{at}" as varchar) as value_after '
            f'from ({first_rows}) where "before_{at}" is distinct from "after_{at}"'
            for at, column in enumerate(values)
        ]
    listed = " union all ".join(f"(select * from ({part}))" for part in parts)
    return f"select * from ({listed}) order by row_key, kind, column_name limit $most"


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
