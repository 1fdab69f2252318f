"""Every figure that the documents state, beside what rows give.

Belongs here: `reconciliation.html`. Does not belong here: why a figure differs, which
`meta.reconciliation` says itself.
"""

from collections.abc import Iterator
from typing import Any

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared
from orchestration.site.words import quantity


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`reconciliation.html`."""
    t = language.t
    verdicts = shared.facts.rows(
        """select verdict, any_value(verdict_sv) as verdict_sv, count(*) as figures
           from meta.reconciliation group by verdict order by verdict"""
    )
    topics = shared.facts.rows(
        """select topic, any_value(topic_sv) as topic_sv, count(*) as figures,
                  count(*) filter (verdict = 'agrees') as agrees,
                  count(*) filter (verdict = 'differs') as differs,
                  count(*) filter (verdict = 'not_computable') as not_computable
           from meta.reconciliation group by topic order by figures desc, topic"""
    )
    yield Page(
        path="reconciliation.html",
        template="reconciliation.html.jinja",
        title=t("Avstämning", "Reconciliation"),
        summary=t(
            "Stämmer talen i dokumenten med deras egna rader? Varje angivet tal bredvid det som raderna ger.",
            "Do the figures in the documents agree with their own rows? Each stated figure beside what the rows give.",
        ),
        section="reconciliation.html",
        content={
            "verdicts": {each["verdict"]: each for each in verdicts},
            "topics": topics,
            "figures": [_figure(row, language) for row in _figures(shared)],
        },
    )


def _figures(shared: Shared) -> list[dict[str, Any]]:
    """Those that differ first, then those that agree, then those that no row can give; in the documents' order."""
    return shared.facts.rows(
        """select r.*, f.source_row_id, f.printed
           from meta.reconciliation as r
           join meta.stated_figure as f using (figure_id)
           join meta.document as d on r.document_id = d.document_id
           order by r.verdict <> 'differs', r.verdict <> 'agrees', d.published, r.document_id, r.line_from,
                    r.figure_id"""
    )


def _figure(row: dict[str, Any], language: Language) -> dict[str, Any]:
    """A row with its numbers in words."""
    unit = row["unit"]
    return row | {
        "stated_text": quantity(row["stated_lower"], row["stated_upper"], unit, language),
        "computed_text": quantity(row["computed"], row["computed"], unit, language),
        "difference_text": language.short(row["difference"]),
        "computed_if_text": quantity(row["computed_if"], row["computed_if"], unit, language),
    }
