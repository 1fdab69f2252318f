"""From a figure of a kpi table back to the rows of documents behind it, read from the published file.

Belongs here: finding the figure, its definition (`meta.metric`) and its rows (`meta.trace`), and saying what there is
instead of what was mistyped. Does not belong here: which rows a metric counts (dbt, `int_trace_…`), and how it is
printed (`orchestration.trace_output`).
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sources.sql import identifier

SHOWN_NEIGHBOURS = 2
SHOWN_CHOICES = 25


class NoSuchFigure(Exception):
    """What was asked for is not there; the message says what is."""


@dataclass(frozen=True)
class SourceRow:
    """One row of a document that a metric counts, and what it counts in it."""

    metric: str
    subject: str
    subject_name: str
    municipality: str | None
    row_value: float | None
    document_id: str
    page: int | None
    line_from: int
    line_to: int
    raw_text: str
    source_row_id: str


@dataclass(frozen=True)
class Figure:
    """One figure of a row with its definition: it is counted, computed, the same as another one, or not traced."""

    metric: str
    value: Any
    unit: str
    scopes: str
    counted: str | None
    computed: str | None
    numerator: str | None
    denominator: str | None
    same_as: str | None
    same_as_at: str | None
    untraced: str | None

    def made_from(self, names: Iterable[str]) -> list[str]:
        """Those of these columns that the figure is computed from."""
        return [name for name in names if self.computed and re.search(rf"\b{re.escape(name)}\b", self.computed)]


@dataclass(frozen=True)
class Trace:
    """A row of a kpi table, the figures asked for, and the source rows behind them."""

    table: str
    key: Mapping[str, Any]
    place: str
    row: Mapping[str, Any]
    figures: Sequence[Figure]
    rows: Sequence[SourceRow]

    def as_data(self) -> dict[str, Any]:
        """The whole as lists and dicts."""
        return {
            "table": self.table,
            "row": dict(self.row),
            "figures": [asdict(figure) for figure in self.figures],
            "trace": [asdict(row) for row in self.rows],
        }


def read_trace(
    database: Path,
    table: str,
    scope: str | None = None,
    code: str | None = None,
    as_of: date | None = None,
    further_key: Mapping[str, str] | None = None,
    metric: str | None = None,
) -> Trace:
    """The rows behind one row of a kpi table, or behind one metric of it.

    The scope is the nation unless another is given, the date the last one. Raises `NoSuchFigure`.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        return trace_in(connection, table, scope, code, as_of, further_key, metric)


def trace_in(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    scope: str | None = None,
    code: str | None = None,
    as_of: date | None = None,
    further_key: Mapping[str, str] | None = None,
    metric: str | None = None,
) -> Trace:
    """The same as `read_trace`, in a file that is open."""
    kpi = _KpiTable(connection, table)
    area = kpi.area(scope, code)
    row = kpi.row(area, as_of, further_key or {})
    figures = kpi.figures(row, area.scope, metric)
    rows = kpi.source_rows(row, area) + kpi.repeated_rows(row, figures)
    order = {figure.metric: at for at, figure in enumerate(figures)}
    wanted = sorted((each for each in rows if each.metric in order), key=lambda each: order[each.metric])
    return Trace(kpi.address, {name: row[name] for name in kpi.key}, area.words, row, figures, wanted)


@dataclass(frozen=True)
class _Area:
    """An area of `core.dim_municipality_scope`."""

    scope: str
    code: str
    name: str

    @property
    def words(self) -> str:
        """`Norrbottens län (county 25)`."""
        return self.name if self.scope == "national" else f"{self.name} ({self.scope} {self.code})"


NATION = _Area("national", "SE", "Sverige")


class _KpiTable:
    """One kpi table of one published file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        self._connection = connection
        self.address = table if "." in table else f"kpi.{table}"
        tables = self._values("select distinct table_name from meta.metric order by all")
        if self.address not in tables:
            raise NoSuchFigure(f"There is no table {self.address}." + _suggestion(self.address, tables))
        schema_and_name = self.address.split(".")
        self._quoted = identifier(*schema_and_name)
        self.key: list[str] = self._values(
            "select unnest(constraint_column_names) from duckdb_constraints()"
            " where constraint_type = 'PRIMARY KEY' and schema_name = ? and table_name = ?",
            *schema_and_name,
        )
        dates = self._values(
            "select column_name from duckdb_columns() where schema_name = ? and table_name = ? and data_type = 'DATE'",
            *schema_and_name,
        )
        self._date_column = next((name for name in self.key if name in dates), None)
        self._area_columns = [name for name in self.key if name in {"scope", "scope_code", "municipality_code"}]
        self._further = [name for name in self.key if name not in {self._date_column, *self._area_columns}]

    def area(self, scope: str | None, code: str | None) -> _Area:
        """The area that is meant, by code or name; the nation where nothing is said."""
        if "scope" in self._area_columns:
            scopes = self._values(f"select distinct scope from {self._quoted} order by all")
        else:
            scopes = ["municipality"] if self._area_columns else ["national"]
        scope = scope or (scopes[0] if scopes and "national" not in scopes else "national")
        if scope not in scopes:
            raise NoSuchFigure(f"{self.address} has no scope {scope}." + _suggestion(scope, scopes))
        if scope == "national":
            return NATION
        found = self._rows(
            "select distinct scope, scope_code as code, scope_name as name from core.dim_municipality_scope"
            " where scope = ? order by all",
            scope,
        )
        areas = [_Area(**each) for each in found]
        choices = [area.code if area.code == area.name else f"{area.code} {area.name}" for area in areas]
        if code is None:
            raise NoSuchFigure(f"Say which {scope} with --code:" + _choices(choices))
        for area in areas:
            if code.casefold() in {area.code.casefold(), area.name.casefold()}:
                return area
        raise NoSuchFigure(f"There is no {scope} {code}." + _suggestion(code, choices))

    def row(self, area: _Area, as_of: date | None, further: Mapping[str, str]) -> dict[str, Any]:
        """The one row with this key; its parts that leave no choice need not be given."""
        key: dict[str, Any] = {}
        if "scope" in self._area_columns:
            key.update(scope=area.scope, scope_code=area.code)
        elif self._area_columns:
            key.update(municipality_code=area.code)
        if self._date_column:
            key[self._date_column] = self._date(self._date_column, key, area, as_of)
        elif as_of:
            raise NoSuchFigure(f"The key of {self.address} holds no date: leave out --as-of.")
        for name in further:
            if name not in self._further:
                raise NoSuchFigure(f"{self.address} has no further key {name}." + _suggestion(name, self._further))
        for name in self._further:
            key[name] = self._part(key, name, further.get(name))
        return self._rows(f"select * from {self._quoted} where {_equal(key)}", *key.values())[0]

    def _date(self, column: str, key: Mapping[str, Any], area: _Area, as_of: date | None) -> date:
        """The day asked for if the table has it for the area; the last one where none is asked for."""
        days: list[date] = self._values(
            f"select distinct {identifier(column)} from {self._quoted} where {_equal(key)} order by all",
            *key.values(),
        )
        if not days:
            raise NoSuchFigure(f"{self.address} has no row for {area.words}: there is nothing to count.")
        if as_of is None:
            return days[-1]
        if as_of not in days:
            nearest = sorted(sorted(days, key=lambda day: abs(day - as_of))[:SHOWN_NEIGHBOURS])
            raise NoSuchFigure(f"{self.address} has no {column} {as_of}. The nearest: {', '.join(map(str, nearest))}.")
        return as_of

    def _part(self, key: Mapping[str, Any], name: str, given: str | None) -> str:
        """A part of the key that is neither date nor area."""
        values: list[str] = self._values(
            f"select distinct cast({identifier(name)} as varchar) from {self._quoted} where {_equal(key)} order by all",
            *key.values(),
        )
        if given is None and len(values) == 1:
            return values[0]
        if given is None:
            raise NoSuchFigure(f"{self.address} has several such rows. Add --key {name}=…:" + _choices(values))
        if given not in values:
            raise NoSuchFigure(f"There is no {name} {given} here." + _suggestion(given, values))
        return given

    def figures(self, row: Mapping[str, Any], scope: str, metric: str | None) -> list[Figure]:
        """The figures of a row in its own order, or one of them with those that it is computed from."""
        found = self._rows(
            "select metric, unit, scopes, counted, computed, numerator, denominator, same_as, same_as_at, untraced"
            " from meta.metric where table_name = ?",
            self.address,
        )
        by_name = {each["metric"]: Figure(value=row[each["metric"]], **each) for each in found}
        if metric is None:
            given = {
                name
                for name, figure in by_name.items()
                if "scope" not in self._area_columns or scope in figure.scopes.split(", ")
            }
            return [by_name[name] for name in row if name in given]
        if metric not in by_name:
            raise NoSuchFigure(f"{self.address} has no metric {metric}." + _suggestion(metric, list(by_name)))
        chosen = [metric]
        for name in chosen:
            chosen += [each for each in by_name[name].made_from(by_name) if each not in chosen]
        return [by_name[name] for name in row if name in chosen]

    def source_rows(self, row: Mapping[str, Any], area: _Area) -> list[SourceRow]:
        """The rows of `meta.trace` for all figures of a row, in the order of the documents."""
        found = self._rows(
            """select trace.metric, trace.subject, trace.subject_name, municipality.municipality, trace.row_value,
                      source.document_id, source.page, source.line_from, source.line_to, source.raw_text, source_row_id
               from meta.trace as trace
               join meta.source_row as source using (source_row_id)
               left join core.dim_municipality as municipality using (municipality_code)
               left join core.dim_municipality_scope as area
                   on trace.municipality_code = area.municipality_code and area.scope = ?
               where trace.table_name = ?
                     and trace.as_of is not distinct from ?
                     and trace.dimension is not distinct from ?
                     and coalesce(area.scope_code, 'SE') = ?
               order by source.document_id, source.line_from, source_row_id, trace.subject""",
            area.scope,
            self.address,
            row[self._date_column] if self._date_column else None,
            " / ".join(str(row[name]) for name in self._further) if self._further else None,
            area.code,
        )
        return [SourceRow(**each) for each in found]

    def repeated_rows(self, row: Mapping[str, Any], figures: Sequence[Figure]) -> list[SourceRow]:
        """The rows behind figures that are taken over from another table, for the nation."""
        rows = []
        for figure in figures:
            day = row[figure.same_as_at] if figure.same_as_at else None
            if figure.same_as and day is not None and figure.value is not None:
                table, _, metric = figure.same_as.rpartition(".")
                behind = _KpiTable(self._connection, table)._behind(metric, day, figure.value)
                rows += [replace(each, metric=figure.metric) for each in behind]
        return rows

    def _behind(self, metric: str, day: date, value: Any) -> list[SourceRow]:
        """The rows behind the nation's figure that has this value on this day."""
        key = {str(self._date_column): day, **({"scope": NATION.scope} if "scope" in self._area_columns else {})}
        candidates = self._rows(f"select * from {self._quoted} where {_equal(key)}", *key.values())
        row = next((each for each in candidates if each[metric] == value), None)
        if row is None:
            return []
        figures = {figure.metric for figure in self.figures(row, NATION.scope, metric)}
        return [each for each in self.source_rows(row, NATION) if each.metric in figures]

    def _rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        found = self._connection.execute(sql, list(parameters))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _values(self, sql: str, *parameters: Any) -> list[Any]:
        """The first column of what a query gives."""
        return [row[0] for row in self._connection.execute(sql, list(parameters)).fetchall()]


def _equal(key: Mapping[str, Any]) -> str:
    return " and ".join(f"{identifier(name)} = ?" for name in key) or "true"


def _suggestion(word: str, known: Sequence[str]) -> str:
    """What could have been meant, else what there is."""
    folded = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=3)
    near += [each for each in folded if word.casefold() in each and each not in near]
    if near:
        return f" Did you mean {' or '.join(folded[each] for each in near[:3])}?"
    return " There are:" + _choices(known) if known else " It has none."


def _choices(known: Sequence[str]) -> str:
    more = f" … and {len(known) - SHOWN_CHOICES} more." if len(known) > SHOWN_CHOICES else "."
    return " " + ", ".join(known[:SHOWN_CHOICES]) + more
