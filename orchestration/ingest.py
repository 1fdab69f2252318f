"""First stage: documents into `raw`, one asset per printed table, each with the checks that its rows must pass.

Belongs here: reading, splitting and writing, wired up. Does not belong here: how a table is read (`sources`), what a
row must be (`expectations`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl

from expectations.quarantine import QUARANTINE, Split, split
from orchestration import feed_tables
from orchestration.resources import Documents, Warehouse
from sources.geography import MUNICIPALITIES_CSV
from sources.pages import Line
from sources.problems import place
from sources.registry import SHIPPED_REGISTER, Document, load_register
from sources.tables import DOCUMENT_TABLES, FileReading, read_table, refusals_frame, rows_frame

OWNERS = ["team:narvaro"]
SAMPLE_SIZE = 10

CHECKS = {
    "files_are_readable": "Every registered file that holds the table is there, is unchanged, and has the table.",
    "received_is_valid_plus_quarantined": "No row is lost: each one received is valid or in quarantine.",
    "stated_rows_are_there": "The number of rows that a caption states is the number received.",
    "every_line_is_accounted_for": "Every printed line is a heading, a page header, or part of a row or a refused row.",
    "rows_keep_the_contract": "No row is in quarantine. A warning: quarantined rows do not stop the night.",
}
"""Checks of every table that is read from documents. All but the contract block."""

READINGS = {
    "document_id": pl.String,
    "table_name": pl.String,
    "file_name": pl.String,
    "file_sha256": pl.String,
    "received_on": pl.Date,
    "rows_received": pl.Int64,
    "rows_valid": pl.Int64,
    "rows_quarantined": pl.Int64,
    "rows_stated": pl.Int64,
    "lines_read": pl.Int64,
    "lines_accounted": pl.Int64,
}
"""raw.readings, one row per table and file."""

TYPES = {pl.String: "VARCHAR", pl.Int64: "BIGINT", pl.Date: "DATE"}
"""DuckDB's names of the types that raw tables have."""

PROVENANCE_COLUMNS = {
    "source_row_id": "Id of the row: document, table and first line.",
    "document_id": "The document that the row stands in.",
    "page": "Page of the original; null where the text has no pages.",
    "line_from": "First line of the row in the original.",
    "line_to": "Last line of the row in the original.",
    "raw_text": "The very lines that the row was read from.",
}


@dataclass(frozen=True)
class TableNight:
    """What one night made of one table: the rows, those refused, and how the files were read."""

    readings: Sequence[FileReading]
    valid: pl.DataFrame
    quarantine: pl.DataFrame
    """In the columns of QUARANTINE and `first_seen`: one row per refused source row and broken rule."""

    @property
    def received(self) -> int:
        """Rows received, from all files."""
        return sum(each.reading.received for each in self.readings if each.reading)

    @property
    def quarantined(self) -> int:
        """Source rows refused, by a reader or by the contract."""
        return self.quarantine["source_row_id"].n_unique()


def read_night(table: str, readings: Sequence[FileReading]) -> TableNight:
    """Part the rows of a table into valid and refused."""
    parted: Split = split(table, rows_frame(table, readings))
    refused = refusals_frame(table, readings).with_columns(table_name=pl.lit(table)).select(*QUARANTINE)
    first_seen = {each.document.id: each.received_on for each in readings}
    quarantine = pl.concat([refused, parted.quarantined]).with_columns(
        first_seen=pl.col("document_id").replace_strict(first_seen, return_dtype=pl.Date)
        if first_seen
        else pl.lit(None, dtype=pl.Date)
    )
    return TableNight(readings, parted.valid, quarantine)


def readings_frame(table: str, night: TableNight) -> pl.DataFrame:
    """raw.readings of the table: how much of each file became rows."""
    refused = dict(night.quarantine.group_by("document_id").agg(pl.col("source_row_id").n_unique()).iter_rows())
    rows: list[dict[str, str | int | date | None]] = []
    for each in night.readings:
        if each.reading is None:
            continue
        printed = [line for line in each.reading.lines if not line.is_blank]
        quarantined = refused.get(each.document.id, 0)
        counts = [stated.stated for stated in each.reading.stated if stated.stated is not None]
        rows.append(
            {
                "document_id": each.document.id,
                "table_name": table,
                "file_name": each.file.file,
                "file_sha256": each.sha256,
                "received_on": each.received_on,
                "rows_received": each.reading.received,
                "rows_valid": each.reading.received - quarantined,
                "rows_quarantined": quarantined,
                "rows_stated": sum(counts) if counts else None,
                "lines_read": len(printed),
                "lines_accounted": len(printed) - len(each.reading.unaccounted()),
            }
        )
    return pl.DataFrame(rows, schema=READINGS)


def check_results(night: TableNight) -> Iterator[dg.AssetCheckResult]:
    """The verdicts on one table's night, in the order of CHECKS."""
    problems = [str(each.problem) for each in night.readings if each.problem]
    if night.readings:
        yield _result("files_are_readable", problems)
    else:
        nothing = ["no registered document holds this table: it is empty"]
        yield _result("files_are_readable", nothing, dg.AssetCheckSeverity.WARN)
    kept = night.valid.height + night.quarantined
    lost = [] if kept == night.received else [f"{night.received} rows received, but {kept} valid or in quarantine"]
    yield _result("received_is_valid_plus_quarantined", lost)
    read = [(each.file.file, each.reading) for each in night.readings if each.reading]
    yield _result(
        "stated_rows_are_there",
        [
            f"{place(file, stated.line.page, stated.line.number)}: “{stated.caption}” states "
            f"{stated.stated or 'no number of'} rows; {stated.received} were received"
            for file, reading in read
            for stated in reading.stated
            if stated.stated != stated.received
        ],
    )
    yield _result(
        "every_line_is_accounted_for",
        [
            f"{place(file, line.page, line.number)}: “{line.text.strip()}” is part of no row and no heading"
            for file, reading in read
            for line in reading.unaccounted()
        ],
    )
    yield _result("rows_keep_the_contract", _refused_rows(night), dg.AssetCheckSeverity.WARN)


def _refused_rows(night: TableNight) -> list[str]:
    """Each refused row and broken rule, as a message to the one who can mend it."""
    files = {each.document.id: each.file.file for each in night.readings}
    return [
        f"{place(files[row['document_id']], row['page'], row['line_from'])}: {row['rule']}: {row['reason']}"
        for row in night.quarantine.iter_rows(named=True)
    ]


def _result(
    name: str, faults: Sequence[str], severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR
) -> dg.AssetCheckResult:
    """A check that passes if there are no faults, and shows the first of them if there are."""
    return dg.AssetCheckResult(
        passed=not faults,
        check_name=name,
        severity=severity,
        description="; ".join(faults[:SAMPLE_SIZE]) or None,
        metadata={"failed_rows": len(faults), "faults": dg.MetadataValue.json(list(faults[:SAMPLE_SIZE]))},
    )


def _document_key(document_id: str) -> dg.AssetKey:
    return dg.AssetKey(["documents", document_id.replace("-", "_")])


def _document_spec(document: Document) -> dg.AssetSpec:
    """A registered document, as the graph shows it."""
    return dg.AssetSpec(
        key=_document_key(document.id),
        group_name="documents",
        description=f"{document.title} ({document.publisher}, {document.published})",
        owners=OWNERS,
        kinds={"document"},
        metadata={
            "document_id": document.id,
            "dnr": document.dnr or "none",
            "published": document.published.isoformat(),
            "as_of": document.as_of.isoformat(),
            "sha256": document.sha256,
            "tables": sorted(table for file in document.files for table in file.tables),
        },
    )


def _raw_asset(table: str, documents_with_table: Iterable[str]) -> dg.AssetsDefinition:
    """The asset `raw/<table>`: read from every registered file that holds it, checked, written."""
    key = dg.AssetKey(["raw", table])

    @dg.asset(
        key=key,
        group_name="raw",
        description=f"{DOCUMENT_TABLES[table].description} One row per printed row, in the publisher's own words.",
        kinds={"python", "polars", "duckdb"},
        owners=OWNERS,
        deps=[_document_key(document_id) for document_id in documents_with_table],
        check_specs=[
            dg.AssetCheckSpec(name, asset=key, description=text, blocking=name != "rows_keep_the_contract")
            for name, text in CHECKS.items()
        ],
    )
    def raw_table(documents: Documents, warehouse: Warehouse) -> dg.MaterializeResult:
        night = read_night(table, read_table(documents.register(), documents.store, table))
        if all(each.reading for each in night.readings):
            warehouse.replace(table, night.valid, quarantine=night.quarantine, readings=readings_frame(table, night))
        return dg.MaterializeResult(metadata=_provenance(night), check_results=list(check_results(night)))

    return raw_table


def _provenance(night: TableNight) -> dict[str, dg.MetadataValue]:
    """Which documents, files, pages and lines the rows come from."""
    records = [
        dg.TableRecord(
            {
                "document": each.document.id,
                "file": Path(each.file.file).name,
                "pages": _span(each, lambda line: line.page),
                "lines": _span(each, lambda line: line.number),
                "rows": each.reading.received if each.reading else 0,
                "sha256": (each.sha256 or "")[:12],
            }
        )
        for each in night.readings
    ]
    columns = [
        dg.TableColumn(name, TYPES[type(dtype)], PROVENANCE_COLUMNS.get(name, "As printed under this heading."))
        for name, dtype in night.valid.schema.items()
    ]
    metadata: dict[str, dg.MetadataValue] = {
        "dagster/row_count": dg.MetadataValue.int(night.valid.height),
        "dagster/column_schema": dg.TableSchemaMetadataValue(dg.TableSchema(columns)),
        "quarantined": dg.MetadataValue.int(night.quarantined),
    }
    return metadata | ({"provenance": dg.MetadataValue.table(records)} if records else {})


def _span(reading: FileReading, at: Callable[[Line], int | None]) -> str:
    """The first and last place of a table: `51–56`; a dash where there is none."""
    places = [found for line in (reading.reading.lines if reading.reading else ()) if (found := at(line)) is not None]
    return f"{min(places)}–{max(places)}" if places else "–"


@dg.asset(
    key=["raw", "documents"],
    group_name="documents",
    kinds={"python", "duckdb"},
    owners=OWNERS,
    check_specs=[
        dg.AssetCheckSpec(
            "register_is_sound",
            asset=dg.AssetKey(["raw", "documents"]),
            description="Every entry of the register keeps its form, and every registered file is there, unchanged.",
        )
    ],
)
def registered_documents(documents: Documents, warehouse: Warehouse) -> dg.MaterializeResult:
    """The register of documents. One row per registered document."""
    register = documents.register()
    faults = [str(problem) for problem in register.problems]
    for document in register.documents:
        faults += [str(problem) for file in document.files if (problem := register.problem_of(document, file))]
    rows = pl.DataFrame(
        [document.model_dump(exclude={"files"}) for document in register.documents],
        schema={
            name: pl.Date if name in {"published", "as_of"} else pl.String
            for name in Document.model_fields
            if name != "files"
        },
    ).rename({"id": "document_id"})
    warehouse.replace("documents", rows)
    with warehouse.get_connection() as connection:
        feed_tables.ensure(connection)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows.height, "register": dg.MetadataValue.path(str(register.path))},
        check_results=[_result("register_is_sound", faults)],
    )


@dg.asset(key=["raw", "municipalities"], group_name="documents", kinds={"csv", "duckdb"}, owners=OWNERS)
def reference_municipalities(warehouse: Warehouse) -> dg.MaterializeResult:
    """Municipalities with county and FA-region, from the project's own reference table. One row per municipality."""
    codes = dict.fromkeys(("municipality_code", "county_code", "fa_region_code"), pl.String)
    rows = pl.read_csv(MUNICIPALITIES_CSV, schema_overrides=codes)
    warehouse.replace("municipalities", rows)
    return dg.MaterializeResult(metadata={"dagster/row_count": rows.height})


_register = load_register(SHIPPED_REGISTER, tuple(DOCUMENT_TABLES))
_raw_tables = [
    _raw_asset(table, [document.id for document, _ in _register.files_with(table)]) for table in DOCUMENT_TABLES
]
_record_tables = [
    dg.AssetSpec(
        key=["raw", name],
        deps=[dg.AssetKey(["raw", table]) for table in DOCUMENT_TABLES],
        group_name="raw",
        description=description,
        kinds={"duckdb"},
        owners=OWNERS,
    )
    for name, description in {
        "quarantine": "Refused rows, written with each table. One row per source row and broken rule.",
        "readings": "How each file was read, written with each table. One row per table and file.",
    }.items()
]

ASSETS: list[dg.AssetSpec | dg.AssetsDefinition] = [
    *(_document_spec(document) for document in _register.documents),
    registered_documents,
    reference_municipalities,
    *_raw_tables,
    *_record_tables,
]
