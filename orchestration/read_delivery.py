"""The process that reads one received file: `python -m orchestration.read_delivery REQUEST RESULT`.

Belongs here: which reader and which contract a file meets, in which order. Does not belong here: any of them. Dagster
is not imported: this process starts once for every file.
"""

import contextlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from expectations.contracts.contacts import split
from expectations.feed_quarantine import split_feed
from orchestration import full_disk
from orchestration.reading import (
    PSEUDONYMISED,
    ROWS,
    DocumentContent,
    QuarantinedRule,
    Read,
    Refused,
    Request,
    Waiting,
    end_with_parent,
    started,
)
from orchestration.registration_months import write_parquet
from orchestration.table_night import missing_rows, read_night, unaccounted_lines
from sources import feeds
from sources.document_lines import lines_of
from sources.personal_data import PersonalData, mask
from sources.problems import SourceError, UnreadableFile
from sources.registration_statistics import contacts
from sources.registration_statistics.normalise import normalised
from sources.registry import (
    SIDECAR_SUFFIX,
    Document,
    DocumentFacts,
    DocumentFile,
    Sidecar,
    read_sidecar,
    sha256_of,
)
from sources.tables import DOCUMENT_TABLES, FileReading, tables_in

SHOWN_FAULTS = 5

REGISTRATION_COLUMNS = (
    "layout",
    "sheet",
    "row_number",
    "report_month",
    "area",
    "county_code",
    "municipality_code",
    "visitor_group",
    "registered_min",
    "registered_max",
    "is_suppressed",
)
"""Those of raw.registrations, without the delivery's."""


def read(request: Request) -> Read | Refused | Waiting:
    """Read a file; whatever is wrong with it becomes a message, in which no personal identity number stands."""
    try:
        return _read_document(request) if request.as_document else _read_feed(request)
    except PersonalData as error:
        return Refused(message=mask(str(error)), is_personal=True, may_be_kept=False)
    except SourceError as error:
        if full_disk.is_cause(error):
            raise
        return Refused(message=mask(str(error)))


def _read_feed(request: Request) -> Read | Refused | Waiting:
    layout = feeds.recognise(request.file, request.name)
    if layout == "contacts":
        return _read_contacts(request)
    printed = feeds.read(request.file, request.name, layout)
    parted = split_feed(normalised(printed.rows))
    valid = parted.valid.with_columns(layout=pl.lit(layout)).select(REGISTRATION_COLUMNS)
    write_parquet(valid, request.out / ROWS)
    return Read(
        layout=layout,
        rows_received=printed.rows.height,
        rows_valid=valid.height,
        rows_quarantined=printed.rows.height - valid.height,
        quarantine=tuple(QuarantinedRule(table="registrations", **row) for row in parted.refused.iter_rows(named=True)),
        notes=tuple(map(mask, printed.notes)),
    )


def _read_contacts(request: Request) -> Read | Refused | Waiting:
    """Read contacts into the file that is stored in their place: all rows, with pseudonyms for their ids.

    A refused file is not stored at all: its ids are plain.
    """
    try:
        key = contacts.contact_key()
    except contacts.NoContactKey as error:
        return Waiting(message=f"{request.name}: contacts need a key for their pseudonyms; {error}")
    target = request.out / PSEUDONYMISED
    try:
        taken = contacts.pseudonymise(request.file, request.name, key, target)
    except PersonalData:
        raise
    except SourceError as error:
        if full_disk.is_cause(error):
            raise
        return Refused(message=mask(str(error)), may_be_kept=False)
    with contacts.opened(contacts.Reading(target, request.received_at), request.out) as connection:
        parted = split(connection, mask)
    return Read(
        layout=taken.layout,
        rows_received=parted.received,
        rows_valid=parted.valid,
        rows_quarantined=parted.quarantined,
        quarantine=tuple(
            QuarantinedRule(
                table="contacts",
                rule=each.rule,
                reason=each.reason,
                rows=each.rows,
                sample=json.dumps(each.sample, ensure_ascii=False),
            )
            for each in parted.refused
        ),
        notes=tuple(map(mask, taken.notes)),
        key_check=contacts.key_check(key),
    )


def _read_document(request: Request) -> Read | Refused | Waiting:
    """Read a document's tables as a night would; what would refuse the night refuses the document instead."""
    try:
        sidecar = read_sidecar(request.sidecar or request.out / f"{request.name}{SIDECAR_SUFFIX}")
    except UnreadableFile as error:
        return Waiting(message=mask(str(error)))
    content = request.file.read_bytes()
    lines = lines_of(content, request.name, sidecar.first_page, sidecar.first_line)
    tables = tables_in(lines, request.name)
    file = DocumentFile(file=request.name, tables=tables)
    document = Document(**_facts(sidecar), sha256=sha256_of(content), files=(file,))
    nights = {
        table: read_night(
            table,
            [FileReading(document, file, DOCUMENT_TABLES[table].read(lines, request.name), None, document.sha256)],
        )
        for table in tables
    }
    faults = [fault for night in nights.values() for fault in (*missing_rows(night), *unaccounted_lines(night))]
    if faults:
        return Refused(message=mask("; ".join(_first(faults))))
    quarantine = [
        QuarantinedRule(table=table, rule=str(rule), reason=mask(str(reason)), rows=rows)
        for table, night in nights.items()
        for rule, reason, rows in night.quarantine.group_by("rule", maintain_order=True)
        .agg(pl.col("reason").first(), pl.col("source_row_id").n_unique())
        .iter_rows()
    ]
    quarantined = sum(night.quarantined for night in nights.values())
    received = sum(night.received for night in nights.values())
    return Read(
        layout="document",
        rows_received=received,
        rows_valid=received - quarantined,
        rows_quarantined=quarantined,
        quarantine=tuple(quarantine),
        document=DocumentContent(facts=sidecar, tables=tables),
    )


def _facts(sidecar: Sidecar) -> dict[str, object]:
    return sidecar.model_dump(include=set(DocumentFacts.model_fields))


def _first(faults: Iterable[str]) -> list[str]:
    told = list(faults)
    left = len(told) - SHOWN_FAULTS
    return told[:SHOWN_FAULTS] + ([f"and {left} more"] if left > 0 else [])


def main(request: str, result: str) -> None:
    """Read what the request names, and write what was found."""
    end_with_parent()
    try:
        started(Path(result)).touch()
        found = read(Request.model_validate_json(request))
        Path(result).write_text(found.model_dump_json(), "utf-8")
    except Exception as error:
        if not full_disk.is_cause(error):
            raise
        with contextlib.suppress(OSError):  # nothing else of it: it could repeat what stands in the file
            os.write(sys.stderr.fileno(), full_disk.words_of(error).encode())
        sys.exit(full_disk.EXIT_CODE)


if __name__ == "__main__":
    main(*sys.argv[1:])
