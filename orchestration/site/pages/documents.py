"""The documents, and every row that is read from them.

Belongs here: `documents.html` and a page for each document. Does not belong here: what follows from the rows.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from orchestration.site.language import Language, english
from orchestration.site.page import Page
from orchestration.site.shared import Shared, anchor
from orchestration.site.warehouse import Row
from orchestration.site.words import RAW_TABLES, named


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`documents.html` and `document/<id>.html`."""
    t = language.t
    rows = {
        document_id: list(found)
        for document_id, found in groupby(shared.facts.source_rows.values(), lambda row: row["document_id"])
    }
    meanings = _meanings(shared)
    tables = {document_id: _tables(found, meanings, language) for document_id, found in rows.items()}
    yield Page(
        path="documents.html",
        template="documents.html.jinja",
        title=t("Dokument", "Documents"),
        summary=t(
            "Vilka dokument bygger allt på, och vilka rader är lästa ur dem?",
            "Which documents does everything rest on, and which rows are read from them?",
        ),
        section="documents.html",
    )
    for document_id, document in shared.facts.documents.items():
        yield Page(
            path=shared.document_page(document_id),
            template="document.html.jinja",
            title=document["title"],
            summary=t(
                "Varje rad som är läst ur dokumentet, så som den är tryckt.",
                "Every row that is read from the document, as it is printed.",
            ),
            section="documents.html",
            content={
                "document": document,
                "tables": tables.get(document_id, []),
                "has_pages": any(row["page"] for row in rows.get(document_id, [])),
            },
        )


def _tables(rows: list[Row], meanings: Mapping[str, Row], language: Language) -> list[dict[str, Any]]:
    """The tables that are read from a document, in its order, with their rows."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        of_table = found.setdefault(row["table_name"], [])
        of_table.append({**row, "anchor": anchor(row), "meaning": meanings.get(row["source_row_id"], {})})
    return [
        {
            "code": code,
            "name": named(RAW_TABLES, code, language),
            "rows": of_table,
            "has_meanings": any(row["meaning"] for row in of_table),
        }
        for code, of_table in found.items()
    ]


def _meanings(shared: Shared) -> Mapping[str, Row]:
    """What a number or a place in running text is said to be: its label, and the row of the reconciliation, if any."""
    figures = shared.facts.rows("select * from meta.stated_figure order by figure_id")
    places = shared.facts.rows("select * from meta.stated_place order by source_row_id")
    found: dict[str, Row] = {row["source_row_id"]: row for row in figures}
    for row in places:
        label = {"label": english("place_list", row["place_list"]), "label_sv": row["place_list_sv"]}
        found[row["source_row_id"]] = {**label, "figure_id": None}
    return found
