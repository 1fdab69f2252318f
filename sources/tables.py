"""Every table that documents hold, and the reader of each.

Belongs here: the list of tables (the names that `documents.yml` and `raw.*` use) and reading one of them from all the
registered files that hold it. Does not belong here: how a table is read, and what its rows must be.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from types import MappingProxyType

import polars as pl

from sources.decision_appendices import (
    closing_offices,
    criteria,
    kept_offices,
    network_totals,
    principles,
    restaffed_offices,
)
from sources.document_lines import HEADINGS, lines_of
from sources.pages import Line, union
from sources.problems import Problem, SourceError, TableDamaged, TableNotFound
from sources.registration_statistics import closed_despite_need, competitiveness, visit_rates
from sources.registry import Document, DocumentFile, Register, Store, sha256_of
from sources.service_centre_schedules import rollout
from sources.stated_figures import figures, places
from sources.text import fold
from sources.wrapped_tables import Refusal, Row, TableReading

LOOKED_AT = 500
"""Lines of a file without a table among which its headings may be looked for."""
LONGEST_HEADING = 400
NEAR_ENOUGH = 0.7
"""Share of letters in common from which on two lines of headings may be meant to be the same."""

Reader = Callable[[Sequence[Line], str], TableReading]


@dataclass(frozen=True)
class DocumentTable:
    """A printed table: its reader, and its columns as the publisher heads them."""

    read: Reader
    columns: tuple[str, ...]
    description: str


DOCUMENT_TABLES = MappingProxyType(
    {
        "kept_offices": DocumentTable(
            kept_offices.read,
            tuple(name for name, _, _ in kept_offices.GRAMMAR),
            "Offices that the plan keeps (Bilaga 4).",
        ),
        "closing_offices": DocumentTable(
            closing_offices.read,
            tuple(name for name, _, _ in closing_offices.GRAMMAR),
            "Offices that are closed or to be closed (Bilaga 5).",
        ),
        "network_totals": DocumentTable(
            network_totals.read, network_totals.COLUMNS, "Stated numbers of offices (section 5.2.1)."
        ),
        "restaffed_offices": DocumentTable(
            restaffed_offices.read, restaffed_offices.COLUMNS, "Offices moved from travel-to to staffed (June 2020)."
        ),
        "service_centre_rollout": DocumentTable(
            rollout.read, rollout.COLUMNS, "Places where service centres take over AF's service, by month (Bilaga 3)."
        ),
        "service_centre_notes": DocumentTable(
            rollout.read_notes, rollout.NOTE_COLUMNS, "Notes about further service centres (Bilaga 3)."
        ),
        "closed_despite_need": DocumentTable(
            closed_despite_need.read,
            closed_despite_need.HEADINGS,
            "Closed offices that the measurable criteria say should be staffed (Tabell 1).",
        ),
        "competitiveness": DocumentTable(
            competitiveness.read,
            competitiveness.COLUMNS,
            "Municipalities with the lowest and highest share of weaker competitiveness (Tabell 2).",
        ),
        "visit_rates": DocumentTable(visit_rates.read, visit_rates.COLUMNS, "Visits per 100 registered (Tabell 3)."),
        "criteria": DocumentTable(criteria.read, criteria.COLUMNS, "Criteria for the form of presence, by document."),
        "principles": DocumentTable(
            principles.read, principles.COLUMNS, "Principles for local presence, versions of 2019 and 2020 (Bilaga 1)."
        ),
        "stated_figures": DocumentTable(figures.read, figures.COLUMNS, "Figures that the documents state."),
        "stated_places": DocumentTable(places.read, places.COLUMNS, "Places that text and footnotes name."),
    }
)


@dataclass(frozen=True)
class FileReading:
    """What one file gave for one table, or why it gave nothing."""

    document: Document
    file: DocumentFile
    reading: TableReading | None = None
    problem: Problem | None = None
    sha256: str | None = None
    received_on: date | None = None


def read_table(register: Register, store: Store, table: str) -> list[FileReading]:
    """The table from every registered file that holds it, oldest document first; a bad file harms only itself."""
    return [_read_file(register, store, table, document, file) for document, file in register.files_with(table)]


def _read_file(register: Register, store: Store, table: str, document: Document, file: DocumentFile) -> FileReading:
    try:
        content = register.content(document, file)
        received_on = store.put(content)
        lines = lines_of(content, file.file, file.first_page, file.first_line)
        reading = DOCUMENT_TABLES[table].read(lines, file.file)
    except SourceError as error:
        return FileReading(document, file, problem=error.problem)
    return FileReading(document, file, reading, sha256=sha256_of(content), received_on=received_on)


def tables_in(lines: Sequence[Line], file: str) -> tuple[str, ...]:
    """The tables that their readers find in the lines of a file, in the order of DOCUMENT_TABLES.

    Raises `TableNotFound` if there is none, or none with a row, and says which known headings are nearest to a line of
    the file; raises `TableDamaged` if a table is there but cannot be read.
    """
    found: dict[str, int] = {}
    for name, table in DOCUMENT_TABLES.items():
        try:
            found[name] = table.read(lines, file).received
        except TableDamaged:
            raise
        except TableNotFound:
            continue
    if not any(found.values()):
        raise TableNotFound(_without_rows(file, tuple(found)) if found else _without_table(lines, file))
    return tuple(found)


def _without_rows(file: str, tables: Sequence[str]) -> Problem:
    """A file with headings and nothing below them."""
    what = f"there is no row below the headings of {', '.join(tables)}"
    return Problem(file, what, "a table with its rows", "look whether the file is whole, and deliver it again")


def _without_table(lines: Sequence[Line], file: str) -> Problem:
    """A file without any known headings: the line that is nearest to some, or what was looked for."""
    known = (*HEADINGS, *(", ".join(table.columns) for table in DOCUMENT_TABLES.values()))
    matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
    nearest: tuple[float, Line, str] | None = None
    for heading in known:
        matcher.set_seq2(_letters(heading))
        for line in lines[:LOOKED_AT]:
            matcher.set_seq1(_letters(line.text[:LONGEST_HEADING]))
            least = nearest[0] if nearest else NEAR_ENOUGH
            if matcher.real_quick_ratio() > least and matcher.quick_ratio() > least and matcher.ratio() > least:
                nearest = (matcher.ratio(), line, heading)
    if nearest:
        _, line, heading = nearest
        what = f"no known table: nearest to its headings is “{' '.join(line.text.split())}” ({line.place(file)})"
        return Problem(file, what, f"“{heading}”", "name the columns so")
    described = "; ".join(table.description.rstrip(".") for table in DOCUMENT_TABLES.values())
    return Problem(file, "no known table stands in the file", f"the headings of one of: {described}")


def _letters(text: str) -> str:
    """The letters by which headings are compared, whatever parts the cells."""
    return fold(text).translate({ord(mark): None for mark in ",;"})


PROVENANCE = MappingProxyType(
    {
        "source_row_id": pl.String,
        "document_id": pl.String,
        "page": pl.Int64,
        "line_from": pl.Int64,
        "line_to": pl.Int64,
        "raw_text": pl.String,
        "bounding_box": pl.String,
    }
)
"""Columns that every row of a document carries besides its cells."""


def rows_frame(table: str, readings: Sequence[FileReading]) -> pl.DataFrame:
    """The rows that were read: the publisher's headings (text) and the provenance columns, in printed order."""
    cells = dict.fromkeys(DOCUMENT_TABLES[table].columns, pl.String)
    rows: list[dict[str, str | int | None]] = [
        {**row.cells, **provenance}
        for each in readings
        if each.reading
        for row, provenance in zip(each.reading.rows, _provenance(table, each, each.reading.rows, ""), strict=True)
    ]
    return pl.DataFrame(rows, schema={**cells, **PROVENANCE})


def refusals_frame(table: str, readings: Sequence[FileReading]) -> pl.DataFrame:
    """The pieces that no row could be made of: rule, reason, value and the provenance columns, in printed order."""
    refused = dict.fromkeys(("rule", "reason", "value"), pl.String)
    rows: list[dict[str, str | int | None]] = [
        {"rule": piece.rule, "reason": piece.reason, "value": piece.value, **provenance}
        for each in readings
        if each.reading
        for piece, provenance in zip(
            each.reading.refusals, _provenance(table, each, each.reading.refusals, "refused:"), strict=True
        )
    ]
    return pl.DataFrame(rows, schema={**refused, **PROVENANCE})


def _provenance(
    table: str, file_reading: FileReading, pieces: Sequence[Row] | Sequence[Refusal], prefix: str
) -> Iterator[dict[str, str | int | None]]:
    """Where each piece stands; pieces that begin on the same line are numbered from left to right."""
    document_id = file_reading.document.id
    begins = Counter(piece.lines[0].number for piece in pieces)
    seen: Counter[int] = Counter()
    for piece in pieces:
        first, last = piece.lines[0], piece.lines[-1]
        seen[first.number] += 1
        place = f"{first.number}.{seen[first.number]}" if begins[first.number] > 1 else f"{first.number}"
        yield {
            "source_row_id": f"{document_id}:{table}:{prefix}{place}",
            "document_id": document_id,
            "page": first.page,
            "line_from": first.number,
            "line_to": last.number,
            "raw_text": "\n".join(line.text for line in piece.lines),
            "bounding_box": _bounding_box(piece.lines),
        }


def _bounding_box(lines: Sequence[Line]) -> str | None:
    """`x0 top x1 bottom`, in points: what the lines cover of the page that they begin on; None where none is known."""
    boxes = [line.bounding_box for line in lines if line.bounding_box and line.page == lines[0].page]
    return " ".join(f"{edge:.1f}" for edge in union(boxes)) if boxes else None
