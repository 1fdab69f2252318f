"""First stage: documents into `raw`, one asset per printed table, each with the checks that its rows must pass.

Belongs here: reading, splitting and writing, wired up. Does not belong here: how a table is read (`sources`), what a
row must be (`expectations`).
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import dagster as dg
import polars as pl

from orchestration.assets import OWNERS, check_result
from orchestration.feeds import DELIVERIES
from orchestration.resources import Documents, Warehouse
from orchestration.table_night import TableNight, missing_rows, read_night, readings_frame, unaccounted_lines
from sources.geography import MUNICIPALITIES_CSV
from sources.pages import Line
from sources.problems import place
from sources.registry import SHIPPED_REGISTER, Document, load_register
from sources.tables import DOCUMENT_TABLES, FileReading, read_table

CHECKS = {
    "files_are_readable": "Every registered file that holds the table is there, is unchanged, and has the table.",
    "received_is_valid_plus_quarantined": "No row is lost: each one received is valid or in quarantine.",
    "stated_rows_are_there": "The number of rows that a caption states is the number received.",
    "every_line_is_accounted_for": "Every printed line is a heading, a page header, or part of a row or a refused row.",
    "rows_keep_the_contract": "No row is in quarantine. A warning: quarantined rows do not stop the night.",
}
"""Checks of every table that is read from documents. All but the contract block."""

TYPES = {pl.String: "VARCHAR", pl.Int64: "BIGINT", pl.Date: "DATE"}
"""DuckDB's names of the types that raw tables have."""

PROVENANCE_COLUMNS = {
    "source_row_id": "Id of the row: document, table and first line.",
    "document_id": "The document that the row stands in.",
    "page": "Page of the original; null where the text has no pages.",
    "line_from": "First line of the row in the original.",
    "line_to": "Last line of the row in the original.",
    "raw_text": "The very lines that the row was read from.",
    "bounding_box": "Where the row stands on the page of a PDF, in points from the upper left; null elsewhere.",
}


def check_results(night: TableNight) -> Iterator[dg.AssetCheckResult]:
    """The verdicts on one table's night, in the order of CHECKS."""
    problems = [str(each.problem) for each in night.readings if each.problem]
    if night.readings:
        yield check_result("files_are_readable", problems)
    else:
        nothing = ["no registered document holds this table: it is empty"]
        yield check_result("files_are_readable", nothing, dg.AssetCheckSeverity.WARN)
    kept = night.valid.height + night.quarantined
    lost = [] if kept == night.received else [f"{night.received} rows received, but {kept} valid or in quarantine"]
    yield check_result("received_is_valid_plus_quarantined", lost)
    yield check_result("stated_rows_are_there", list(missing_rows(night)))
    yield check_result("every_line_is_accounted_for", list(unaccounted_lines(night)))
    yield check_result("rows_keep_the_contract", _refused_rows(night), dg.AssetCheckSeverity.WARN)


def _refused_rows(night: TableNight) -> list[str]:
    """Each refused row and broken rule, as a message to the one who can mend it."""
    files = {each.document.id: each.file.file for each in night.readings}
    return [
        f"{place(files[row['document_id']], row['page'], row['line_from'])}: {row['rule']}: {row['reason']}"
        for row in night.quarantine.iter_rows(named=True)
    ]


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
        deps=[DELIVERIES, *(_document_key(document_id) for document_id in documents_with_table)],
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
    deps=[DELIVERIES],
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
    warehouse.keep_records_of(DOCUMENT_TABLES, "quarantine", "readings")
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows.height, "register": dg.MetadataValue.path(str(register.path))},
        check_results=[check_result("register_is_sound", faults)],
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
