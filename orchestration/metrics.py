"""The definitions of all metrics, as the columns of the kpi tables give them in `config.meta` (dbt's manifest).

Belongs here: the form of a definition, and what is wrong with one, with the file and column that say it. Does not
belong here: the published table of metrics (`meta.metric`), and whether a figure is what its definition says (a dbt
test).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

SCHEMA = "kpi"
NUMBERS = {"bigint", "double"}
FRACTIONS = {"share", "percent"}

Scope = Literal["national", "af_region", "county", "fa_region", "municipality"]
Sentence = Annotated[str, Field(min_length=10)]


class Metric(BaseModel):
    """How a figure is made: counted from rows, computed from other columns of its row, repeated, or not traced."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    counted: str | None = None
    """SQL over the metric's rows of `meta.trace`."""
    computed: str | None = None
    """SQL over other columns of the same row."""
    numerator: str | None = None
    denominator: str | None = None
    """Parts of a share (or, times 100, of a percentage), as SQL over other columns of the same row."""
    same_as: Annotated[str, Field(pattern=r"^\w+\.\w+$")] | None = None
    """The metric of another kpi table that this one repeats for the nation: `presence.offices`."""
    at: str | None = None
    """The column with the date at which it is repeated."""
    untraced: Sentence | None = None
    """Why no row of a document stands behind the figure."""
    rows: Sentence | None = None
    """Which source rows it counts, where that is not what the table's `rows` says."""
    scopes: tuple[Scope, ...] = ()
    """Scopes that have it; all of the table's where none are named."""

    @model_validator(mode="after")
    def _is_made_in_one_way(self) -> "Metric":
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError("numerator and denominator belong together")
        if (self.same_as is None) != (self.at is None):
            raise ValueError("same_as and at belong together")
        ways = [self.counted, self.computed, self.numerator, self.same_as, self.untraced]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("exactly one of counted, computed, numerator and denominator, same_as, untraced")
        return self


class Break(BaseModel):
    """A day from which metrics mean something else, or are known in another way. No metric named: all of the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: date
    text: Sentence
    metrics: tuple[str, ...] = ()


class KpiMeta(BaseModel):
    """What holds for all metrics of a kpi table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answers: Annotated[str, Field(pattern=r"\?$")]
    owner: Annotated[str, Field(pattern=r"^team:\w+$")]
    scopes: tuple[Scope, ...] = Field(min_length=1)
    rows: Sentence | None = None
    breaks: tuple[Break, ...] = ()
    example: Mapping[str, str]
    """The key of one row, to be traced in the documentation."""


@dataclass(frozen=True)
class Column:
    """A column of a kpi table; `metric` is None for keys, labels and other columns that are no figure."""

    name: str
    data_type: str
    unit: str
    description: str
    metric: Metric | None
    definition_sv: str | None = None
    """What a figure is, in Swedish, beside its `description`."""


@dataclass(frozen=True)
class KpiTable:
    """A kpi table with its key and columns in their order."""

    name: str
    description: str
    meta: KpiMeta
    key: tuple[str, ...]
    columns: Mapping[str, Column]

    @property
    def address(self) -> str:
        """`kpi.presence`."""
        return f"{SCHEMA}.{self.name}"

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """The figures by column."""
        return {name: column.metric for name, column in self.columns.items() if column.metric}

    @property
    def date_column(self) -> str | None:
        """The key column that `meta.trace` holds as `as_of`."""
        return next((name for name in self.key if self.columns[name].data_type == "date"), None)

    @property
    def further_key(self) -> list[str]:
        """The key columns that `meta.trace` holds as `dimension`."""
        return [name for name in self.key if name not in {self.date_column, "scope", "scope_code", "municipality_code"}]


class FaultyMetrics(Exception):
    """Definitions that cannot be used; one line per fault, each with its file and column."""


def load_kpi_tables(manifest: Mapping[str, Any]) -> list[KpiTable]:
    """The kpi tables of a dbt manifest, by name. Raises `FaultyMetrics` with all that is wrong."""
    faults: list[str] = []
    tables: dict[str, KpiTable] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["schema"] == SCHEMA:
            table, found = _table(node)
            faults += found
            if table:
                tables[table.name] = table
    for table in tables.values():
        file = _file(manifest["nodes"][f"model.narvaro.{table.name}"])
        faults += [f"{file}, {fault}" for fault in _faults(table, tables)]
    if faults:
        raise FaultyMetrics("\n".join(faults))
    return [tables[name] for name in sorted(tables)]


def _table(node: Mapping[str, Any]) -> tuple[KpiTable | None, list[str]]:
    """A kpi table, or None, and what is wrong with the form of its definitions."""
    file = _file(node)
    faults: list[str] = []
    columns: dict[str, Column] = {}
    key = [name for each in node["constraints"] if each["type"] == "primary_key" for name in each["columns"]]
    for name, column in node["columns"].items():
        key += [name for each in column["constraints"] if each["type"] == "primary_key"]
        meta = column["config"]["meta"]
        metric = None
        if "metric" in meta:
            try:
                metric = Metric.model_validate(meta["metric"])
            except ValidationError as error:
                faults += [f"{file}, column {name}: {fault}" for fault in _told(error, "metric")]
        columns[name] = Column(
            name,
            column["data_type"],
            meta.get("unit", ""),
            column["description"],
            metric,
            meta.get("definition_sv"),
        )
    if "kpi" not in node["config"]["meta"]:
        return None, [*faults, f"{file}: config.meta.kpi is missing: what the table answers, owner, scopes, example"]
    try:
        kpi = KpiMeta.model_validate(node["config"]["meta"]["kpi"])
    except ValidationError as error:
        return None, [*faults, *(f"{file}: {fault}" for fault in _told(error, "kpi"))]
    return None if faults else KpiTable(node["name"], node["description"], kpi, tuple(key), columns), faults


def _faults(table: KpiTable, tables: Mapping[str, KpiTable]) -> Iterator[str]:
    """What is wrong with definitions that have the right form."""
    for name, column in table.columns.items():
        if column.metric:
            yield from (f"column {name}: {fault}" for fault in _metric_faults(column, column.metric, table, tables))
        elif column.data_type in NUMBERS and name not in table.key:
            yield f"column {name}: a number without config.meta.metric: say how it is made"
    for each in table.meta.breaks:
        for name in each.metrics:
            if name not in table.metrics:
                yield f"break of {each.since}: {table.address} has no metric {name}"
    if set(table.meta.example) != set(table.key):
        yield f"example: it names {', '.join(table.meta.example)}, and the key is {', '.join(table.key)}"


def _metric_faults(column: Column, metric: Metric, table: KpiTable, tables: Mapping[str, KpiTable]) -> Iterator[str]:
    if metric.same_as is None and not column.definition_sv:
        yield "config.meta.definition_sv is missing: say in Swedish what the figure is"
    is_share = column.unit == "share" or column.name.endswith("_share")
    if is_share and metric.denominator is None and metric.same_as is None:
        yield "a share without numerator and denominator"
    if column.unit not in FRACTIONS and metric.denominator is not None:
        yield f"a numerator and a denominator make a share or percent, and the unit is {column.unit}"
    if metric.counted and not (metric.rows or table.meta.rows):
        yield "neither the metric nor the table says which rows are counted (rows)"
    for scope in metric.scopes:
        if scope not in table.meta.scopes:
            yield f"scope {scope} is none of the table's"
    if metric.same_as:
        name, repeated = metric.same_as.split(".")
        if name not in tables or repeated not in tables[name].metrics:
            yield f"same_as: there is no metric {metric.same_as}"
        if metric.at not in table.columns:
            yield f"at: {table.address} has no column {metric.at}"


def _told(error: ValidationError, root: str) -> Iterator[str]:
    """Each fault of a form with the path to its key."""
    words = {"extra_forbidden": "unknown key", "missing": "is missing"}
    for each in error.errors():
        path = ".".join([root, *map(str, each["loc"])])
        yield f"{path}: {words.get(each['type'], each['msg'].removeprefix('Value error, '))}"


def _file(node: Mapping[str, Any]) -> str:
    """The file that describes a model: `transforms/models/kpi/presence.yml`."""
    return "transforms/" + str(node["patch_path"] or node["original_file_path"]).rpartition("://")[2]
