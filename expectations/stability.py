"""Whether published tables keep what their contract version promised to whoever queries them.

Belongs here: the schema of a published file, what two of them differ in, and the version that a difference needs. Does
not belong here: the version itself and the release that is refused (`orchestration.release`), the rows.

The first number of a contract version changes when a query that ran may fail or mean something else, the second when
something is added. The order of columns is no promise, since columns may be added anywhere: columns have names. A new
order still needs a new second number, so that whoever reads a CSV file by position can see that there is one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

VERSION = re.compile(r"(\d+)\.(\d+)")


class Column(BaseModel):
    """One column of a published table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    data_type: str
    nullable: bool
    unit: str | None
    """As `meta.table_column` states it; None if it states none."""


class TableSchema(BaseModel):
    """One published table: its columns in order, and its primary key (empty: it has none)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]


Schema = Mapping[str, TableSchema]
"""All published tables, by address: `kpi.presence`."""


class Contract(BaseModel):
    """A schema, and the version under which it was published."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contract_version: str
    tables: dict[str, TableSchema]


@dataclass(frozen=True)
class Difference:
    """One thing in which two schemas differ."""

    told: str
    """`kpi.presence.staffed was removed`."""
    is_breaking: bool
    """Whether a query that ran may now fail or mean something else."""


def schema_of(database: Path) -> Schema:
    """The schema of a published file, by address.

    Raises:
        duckdb.Error: the file cannot be opened read-only.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        units = _units(connection)
        keys: dict[tuple[str, str], list[str]] = {
            (schema, table): columns
            for schema, table, columns in connection.execute(
                """select schema_name, table_name, constraint_column_names from duckdb_constraints()
                   where constraint_type = 'PRIMARY KEY'"""
            ).fetchall()
        }
        columns: dict[tuple[str, str], list[Column]] = {}
        for schema, table, name, data_type, nullable in connection.execute(
            """select schema_name, table_name, column_name, data_type, is_nullable
               from duckdb_columns() where not internal order by schema_name, table_name, column_index"""
        ).fetchall():
            unit = units.get((schema, table, name))
            column = Column(name=name, data_type=data_type, nullable=nullable, unit=unit)
            columns.setdefault((schema, table), []).append(column)
    return {
        ".".join(place): TableSchema(primary_key=tuple(keys.get(place, ())), columns=tuple(found))
        for place, found in columns.items()
    }


def _units(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], str]:
    """The unit of each column, by schema, table and column; none if the file has no dictionary."""
    try:
        rows = connection.execute("select schema_name, table_name, column_name, unit from meta.table_column").fetchall()
    except duckdb.CatalogException:
        return {}
    return {(schema, table, column): unit for schema, table, column, unit in rows}


def differences(before: Schema, after: Schema) -> list[Difference]:
    """In what a schema differs from the one before it, table by table."""
    found = []
    for address in sorted({*before, *after}):
        if address not in after:
            found.append(Difference(f"{address} was removed", is_breaking=True))
        elif address not in before:
            found.append(Difference(f"{address} was added", is_breaking=False))
        else:
            found.extend(_differences_of_table(address, before[address], after[address]))
    return found


def _differences_of_table(address: str, before: TableSchema, after: TableSchema) -> Iterator[Difference]:
    old, new = ({column.name: column for column in table.columns} for table in (before, after))
    for name, column in old.items():
        if name in new:
            yield from _differences_of_column(f"{address}.{name}", column, new[name])
        else:
            yield Difference(f"{address}.{name} was removed", is_breaking=True)
    for name in new:
        if name not in old:
            yield Difference(f"{address}.{name} was added", is_breaking=False)
    if [name for name in new if name in old] != [name for name in old if name in new]:
        yield Difference(f"the columns of {address} stand in another order", is_breaking=False)
    if set(before.primary_key) != set(after.primary_key):  # the order of its columns says nothing of the grain
        told = f"the primary key of {address} was {_key(before)}, and is {_key(after)}"
        yield Difference(told, is_breaking=bool(before.primary_key))


def _differences_of_column(place: str, before: Column, after: Column) -> Iterator[Difference]:
    if before.data_type != after.data_type:
        yield Difference(f"the type of {place} was {before.data_type}, and is {after.data_type}", is_breaking=True)
    if before.nullable != after.nullable:
        told = "could not be null, and can be" if after.nullable else "could be null, and cannot be"
        yield Difference(f"{place} {told}", is_breaking=after.nullable)
    if before.unit != after.unit:
        told = f"the unit of {place} was {before.unit or 'not stated'}, and is {after.unit or 'not stated'}"
        yield Difference(told, is_breaking=before.unit is not None)


def _key(table: TableSchema) -> str:
    return f"({', '.join(table.primary_key)})" if table.primary_key else "none"


def contract_faults(before: Schema, after: Schema, version_before: str, version_after: str) -> list[str]:
    """What keeps `after` from being published as `version_after`, where `before` was published as `version_before`.

    Each message names a change and the version that it needs; the last one says what to do. Empty: nothing does.

    Raises:
        ValueError: a version does not begin with two numbers, and the schemas differ.
    """
    found = differences(before, after)
    if not found:
        return []
    old, new = _numbers(version_before), _numbers(version_after)
    needed = {True: (old[0] + 1, 0), False: (old[0], old[1] + 1)}
    short = [each for each in found if new < needed[each.is_breaking]]
    if not short:
        return []
    faults = [f"{each.told}: needs contract version {_version(needed[each.is_breaking])} or later" for each in short]
    most = _version(max(needed[each.is_breaking] for each in short))
    what_to_do = (
        f"The contract version is {version_after}, after {version_before}. Take the change back, or raise "
        f"CONTRACT_VERSION in orchestration/release.py to {most} and tell those who query the tables."
    )
    return [*faults, what_to_do]


def _numbers(version: str) -> tuple[int, int]:
    found = VERSION.match(version)
    if found is None:
        raise ValueError(f"{version!r} is no contract version: expected two numbers such as 1.2")
    return int(found[1]), int(found[2])


def _version(numbers: tuple[int, int]) -> str:
    return f"{numbers[0]}.{numbers[1]}"
