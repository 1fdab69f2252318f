"""Every column of every published table.

Belongs here: `dictionary.html`. Does not belong here: how figures are made (`definitions`).
"""

from collections.abc import Iterator

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared
from orchestration.site.words import TABLES, named, unit

SCHEMAS = ("kpi", "core", "meta")


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`dictionary.html`."""
    t = language.t
    columns = shared.facts.rows(
        """select schema_name || '.' || table_name as address, schema_name, column_name, data_type, unit,
                  description, description_sv
           from meta.table_column order by list_position(?, schema_name), table_name, column_name""",
        SCHEMAS,
    )
    comments = shared.facts.rows(
        "select schema_name || '.' || table_name as address, comment as description from duckdb_tables()"
    )
    counts: dict[str, int] = {}
    for column in columns:
        counts[column["address"]] = counts.get(column["address"], 0) + 1
    described = {row["address"]: row for row in comments}
    yield Page(
        path="dictionary.html",
        template="dictionary.html.jinja",
        title=t("Dataordlista", "Data dictionary"),
        summary=t(
            "Vilka tabeller och kolumner finns, och vad står i dem?",
            "Which tables and columns are there, and what do they hold?",
        ),
        section="dictionary.html",
        content={
            "tables": [
                {
                    **described.get(address, {"description": ""}),
                    "address": address,
                    "name": named(TABLES, address, language),
                    "columns": count,
                }
                for address, count in counts.items()
            ],
            "columns": [column | {"unit_text": unit(column["unit"], language)} for column in columns],
        },
    )
