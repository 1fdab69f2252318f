"""What several pages share: the facts of the release, links between pages, and the scripts with data.

Belongs here: how a page names and links to a place, a definition, a trace or a source. Does not belong here: pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from orchestration.site.language import LANGUAGES, Language
from orchestration.site.page import NAVIGATION, REFERENCE
from orchestration.site.places import Places
from orchestration.site.scripts import script
from orchestration.site.traces import Traces
from orchestration.site.warehouse import Facts, Row
from sources.text import fold


@dataclass
class Shared:
    """One release, as the pages see it."""

    facts: Facts

    @cached_property
    def traces(self) -> Traces:
        """The rows behind figures, as far as pages have asked for them."""
        return Traces(self.facts.connection)

    @cached_property
    def places(self) -> Places:
        """What is known of municipalities and counties."""
        return Places(self.facts)

    def scripts(self) -> Mapping[str, str]:
        """The files with data, for `assets/`, by name; to be written when all pages are."""
        return {"frame.js": self._names_script(), "trace.js": self._trace_script()}

    @staticmethod
    def municipality_page(code: str) -> str:
        """`municipality/0180.html`."""
        return f"municipality/{code}.html"

    @staticmethod
    def county_page(code: str) -> str:
        """`county/01.html`."""
        return f"county/{code}.html"

    @staticmethod
    def document_page(document_id: str) -> str:
        """`document/af-final-report-2020-10-23.html`."""
        return f"document/{document_id}.html"

    @staticmethod
    def definition(table: str, metric: str) -> str:
        """Where a figure is defined: `definitions.html#kpi.presence.offices`."""
        return f"definitions.html#{table}.{metric}"

    def document_name(self, document_id: str, language: Language) -> str:
        """A document in few words: its kind and day."""
        row = self.facts.documents[document_id]
        kinds = {
            "final-report": language.t("Slutredovisning", "Final report"),
            "analysis": language.t("Analys", "Analysis"),
            "letter": language.t("Brev", "Letter"),
            "news": language.t("Nyhet", "News"),
        }
        kind = next((name for part, name in kinds.items() if part in document_id), document_id)
        publisher = "SKR " if document_id.startswith("skr-") else "AF "
        return f"{publisher}{kind} {row['published']}" if kind != document_id else document_id

    def source_link(self, source_row_id: str) -> str:
        """Where the row stands among the others of its document."""
        row = self.facts.source_rows[source_row_id]
        return f"{self.document_page(row['document_id'])}#{quote(anchor(row))}"

    @cached_property
    def offices(self) -> Mapping[str, list[Row]]:
        """`core.dim_office` by municipality, kept offices first."""
        found: dict[str, list[Row]] = {}
        for office in self.facts.rows("select * from core.dim_office order by plan desc, office"):
            found.setdefault(office["municipality_code"], []).append(office)
        return found

    @cached_property
    def agreements(self) -> list[dict[str, Any]]:
        """What is known of all collaborations on each day, counted from rows where there are rows."""
        return self.facts.rows(
            """select * from kpi.agreement_completion where scope = 'national'
               qualify row_number() over (partition by as_of order by basis = 'rows' desc) = 1
               order by as_of"""
        )

    @cached_property
    def rollout(self) -> list[dict[str, Any]]:
        """`kpi.service_centre_rollout`, month by month."""
        return self.facts.rows("select * from kpi.service_centre_rollout order by launch_month")

    @property
    def reached_rollout(self) -> Row | None:
        """The rollout in the latest month that has come on the day of the rows; None if it begins later."""
        counted_on = self.facts.counted_on
        return next((row for row in reversed(self.rollout) if row["launch_month"] <= counted_on), None)

    def _trace_script(self) -> str:
        """The rows behind figures, each linked to its place among the others of its document."""
        documents = {
            each: [self.document_page(each), *(self.document_name(each, language) for language in LANGUAGES)]
            for each in self.facts.documents
        }
        return self.traces.script(documents, {name: anchor(row) for name, row in self.facts.source_rows.items()})

    def _names_script(self) -> str:
        """What the frame of a page holds: pages, the release, and names that people search for, each with its page."""
        municipalities = self.facts.municipalities.values()
        names = {row["municipality"]: self.municipality_page(row["municipality_code"]) for row in municipalities}
        names |= {row["county"]: self.county_page(row["county_code"]) for row in municipalities}
        for code, offices in self.offices.items():
            for office in offices:
                names.setdefault(office["locality"], self.municipality_page(code))
        pages = {"subject": NAVIGATION, "data": REFERENCE, "release": self.facts.release["release_id"]}
        places = [[name, page] for name, page in sorted(names.items(), key=lambda each: fold(each[0]))]
        return script("PAGES", pages) + script("PLACES", places)


def anchor(source_row: Row) -> str:
    """The name of a source row within its document's page: the table, and what of its id follows it."""
    return str(source_row["source_row_id"]).removeprefix(f"{source_row['document_id']}:").replace(":", "-")
