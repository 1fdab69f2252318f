"""The split of what was received: rows that keep their contract, and rows that break it, each with the rules it broke.

Belongs here: reading pandera's verdicts row by row. Does not belong here: the rules (`expectations.contracts`), and
storing the result. What came in goes out: valid rows + quarantined source rows == received rows, always.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from expectations.contracts import CONTRACTS
from expectations.contracts.base import CELL_FILLED, CELL_FILLED_EXPECTED
from expectations.outcome import CrashedCheck

PROVENANCE = {
    "source_row_id": pl.String,
    "document_id": pl.String,
    "page": pl.Int64,
    "line_from": pl.Int64,
    "line_to": pl.Int64,
    "raw_text": pl.String,
    "bounding_box": pl.String,
}
QUARANTINE = {
    "source_row_id": pl.String,
    "document_id": pl.String,
    "table_name": pl.String,
    "rule": pl.String,
    "reason": pl.String,
    "value": pl.String,
    "page": pl.Int64,
    "line_from": pl.Int64,
    "line_to": pl.Int64,
    "raw_text": pl.String,
    "bounding_box": pl.String,
}
"""Grain: one row per source row and broken rule."""

FRAME_RULES = {
    SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME: "column_present",
    SchemaErrorReason.COLUMN_NOT_IN_SCHEMA: "column_known",
    SchemaErrorReason.WRONG_DATATYPE: "column_type",
}
"""What is wrong with the whole table, not with a row of it."""


@dataclass(frozen=True)
class Split:
    """What became of one delivery of one table."""

    valid: pl.DataFrame
    """The rows that keep every rule, unchanged and in the order received."""
    quarantined: pl.DataFrame
    """One row per source row and broken rule, in the columns of QUARANTINE; `source_row_id` + `rule` is its key."""

    @property
    def rows_quarantined(self) -> int:
        """How many source rows were refused."""
        return self.quarantined["source_row_id"].n_unique()


@dataclass(frozen=True)
class Verdict:
    """One rule that some rows broke: the columns that it looks at, and whether each row of the frame keeps it."""

    rule: str
    expected: str
    columns: tuple[str, ...]
    passed: pl.Series


@dataclass(frozen=True)
class _Breach:
    """One rule, broken by one cell or several: `row` is the position in the frame."""

    row: int
    rule: str
    expected: str
    columns: tuple[str, ...]


def split(table_name: str, frame: pl.DataFrame) -> Split:
    """Part the rows of `raw.<table_name>` into valid and quarantined.

    Data never makes it raise: if a column is missing, unknown or of a wrong type, every row is quarantined for that.
    A rule that crashes raises CrashedCheck, since it says nothing about the rows.
    """
    contract = CONTRACTS[table_name]
    frame = _typed_where_empty(contract, frame)
    errors = errors_of(contract, frame)
    of_frame = [error for error in errors if error.reason_code in FRAME_RULES]
    if of_frame:
        return Split(_no_rows(contract), _quarantine_all(table_name, frame, of_frame))
    breaches = [breach for error in errors for breach in _breaches(contract, frame, error)]
    refused = {breach.row for breach in breaches}
    kept = pl.Series([row not in refused for row in range(frame.height)], dtype=pl.Boolean)
    return Split(frame.filter(kept), _quarantine_rows(table_name, frame, breaches))


def _typed_where_empty(contract: type[pa.DataFrameModel], frame: pl.DataFrame) -> pl.DataFrame:
    """Columns of nothing but nulls come without a type (a page, where the text has none): give them the contract's."""
    types = {str(name): field.dtype.type for name, field in contract.to_schema().columns.items()}
    untyped = [name for name, dtype in frame.schema.items() if dtype == pl.Null and name in types]
    return frame.with_columns(pl.col(name).cast(types[name]) for name in untyped)


def errors_of(contract: type[pa.DataFrameModel], frame: pl.DataFrame) -> list[SchemaError]:
    """Everything that pandera has to say against the frame."""
    # Whatever the environment says: a contract that is switched off would pass every row.
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            contract.validate(frame, lazy=True)
        except SchemaErrors as errors:
            return list(errors.schema_errors)
    return []


def verdict_of(contract: type[pa.DataFrameModel], frame: pl.DataFrame, error: SchemaError) -> Verdict:
    """What one failed check says of every row of the frame; raises CrashedCheck if it has not looked at every row.

    `SchemaErrors.failure_cases` may be cut short and shows a cross-field check as one blob; `check_output` has one
    verdict per row for every kind of check.
    """
    verdicts = error.check_output
    if error.reason_code == SchemaErrorReason.CHECK_ERROR or verdicts is None or verdicts.height != frame.height:
        raise CrashedCheck(f"{contract.__name__}: {error.check}: {error.reason_code}: {error}")
    passed = verdicts.to_series()
    if error.reason_code == SchemaErrorReason.SERIES_CONTAINS_NULLS:
        return Verdict(CELL_FILLED, CELL_FILLED_EXPECTED, (str(error.schema.name),), passed)
    columns = tuple(error.check.statistics.get("columns", ())) or (str(error.schema.name),)
    return Verdict(str(error.check.name), str(error.check.error), columns, passed)


def _breaches(contract: type[pa.DataFrameModel], frame: pl.DataFrame, error: SchemaError) -> Iterator[_Breach]:
    """One breach per row that the verdict of one check is against."""
    verdict = verdict_of(contract, frame, error)
    for row, passed in enumerate(verdict.passed):
        if not passed:
            yield _Breach(row, verdict.rule, verdict.expected, verdict.columns)


def _quarantine_rows(table_name: str, frame: pl.DataFrame, breaches: Iterable[_Breach]) -> pl.DataFrame:
    """One row per source row and rule; a rule that several cells of a row break is told once, with all of them."""
    by_rule: dict[tuple[int, str], list[_Breach]] = {}
    for breach in breaches:
        by_rule.setdefault((breach.row, breach.rule), []).append(breach)
    provenance = _provenance(table_name, frame)
    rows = []
    for (row, rule), told in sorted(by_rule.items()):
        looked_at = {column for breach in told for column in breach.columns}
        cells = {column: frame[column][row] for column in frame.columns if column in looked_at}
        rows.append(
            provenance[row]
            | {
                "table_name": table_name,
                "rule": rule,
                "reason": f"{', '.join(cells)}: {_found(cells)}; expected {told[0].expected}",
                "value": _value(cells),
            }
        )
    return pl.DataFrame(rows, schema=QUARANTINE)


def _quarantine_all(table_name: str, frame: pl.DataFrame, errors: list[SchemaError]) -> pl.DataFrame:
    """Every row, for every fault of the frame; faults of the same rule are told together."""
    faults: dict[str, list[tuple[str, str]]] = {}
    for error in errors:
        if error.reason_code == SchemaErrorReason.WRONG_DATATYPE:
            column, reason = str(error.schema.name), f"type {error.failure_cases}; expected {error.schema.dtype}"
        elif error.reason_code == SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME:
            column, reason = str(error.failure_cases), "not in the table; expected every column of the contract"
        else:
            column, reason = str(error.failure_cases), "unknown column; expected only the columns of the contract"
        faults.setdefault(FRAME_RULES[error.reason_code], []).append((column, reason))
    told = {
        rule: {
            "table_name": table_name,
            "rule": rule,
            "reason": "; ".join(
                f"{', '.join(column for column, same in found if same == reason)}: {reason}"
                for reason in dict.fromkeys(reason for _, reason in found)
            ),
            "value": ", ".join(column for column, _ in found),
        }
        for rule, found in sorted(faults.items())
    }
    rows = [provenance | fault for provenance in _provenance(table_name, frame) for fault in told.values()]
    return pl.DataFrame(rows, schema=QUARANTINE)


def _provenance(table_name: str, frame: pl.DataFrame) -> list[dict[str, object]]:
    """Where each row comes from, as far as the row says so; every row gets a name of its own."""
    found: list[dict[str, object]] = []
    seen: set[str] = set()
    for position, row in enumerate(frame.rows(named=True), start=1):
        cells = {name: _typed(row.get(name), dtype) for name, dtype in PROVENANCE.items()}
        name = str(cells["source_row_id"] or "").strip()
        if not name or name in seen:
            name = f"{name or table_name}#row{position}"
        while name in seen:
            name += "#"
        seen.add(name)
        found.append(cells | {"source_row_id": name})
    return found


def _typed(cell: object, dtype: type[pl.DataType]) -> object:
    """The cell if it is of that type; text takes anything, as it is written."""
    if dtype == pl.String:
        return None if cell is None else str(cell)
    return cell if isinstance(cell, int) and not isinstance(cell, bool) else None


def _found(cells: dict[str, object]) -> str:
    return "found " + ", ".join("nothing" if cell is None else f"“{cell}”" for cell in cells.values())


def _value(cells: dict[str, object]) -> str | None:
    """The cell itself, or `column=cell` for each if the rule looks at several."""
    if len(cells) == 1:
        (cell,) = cells.values()
        return None if cell is None else str(cell)
    return "; ".join(f"{column}={'' if cell is None else cell}" for column, cell in cells.items())


def _no_rows(contract: type[pa.DataFrameModel]) -> pl.DataFrame:
    """The table's columns without a row: nothing of a broken frame is passed on."""
    return pl.DataFrame(schema={str(name): field.dtype.type for name, field in contract.to_schema().columns.items()})
