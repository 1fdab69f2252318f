"""Where documents contradict each other or themselves.

Belongs here: `conflicts.html`. Does not belong here: which row wins, which `meta.conflict` says itself.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared
from orchestration.site.words import conflict_value


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`conflicts.html`."""
    t = language.t
    labels = {
        row["source_row_id"]: row for row in shared.facts.rows("select * from meta.stated_figure order by figure_id")
    }
    conflicts = shared.facts.rows("select * from meta.conflict order by kind_sv, subject, attribute, conflict_id")
    yield Page(
        path="conflicts.html",
        template="conflicts.html.jinja",
        title=t("Motsägelser", "Conflicts"),
        summary=t(
            "Var säger dokumenten olika saker om samma sak? Båda raderna bredvid varandra, och vilken som gäller.",
            "Where do the documents say different things of the same? Both rows side by side, and which one prevails.",
        ),
        section="conflicts.html",
        content={"conflicts": [_conflict(row, labels, language) for row in conflicts]},
    )


def _conflict(row: Mapping[str, Any], labels: Mapping[str, Mapping[str, Any]], language: Language) -> dict[str, Any]:
    """A row with both sides in words."""
    sides = []
    for side in ("a", "b"):
        value, is_printed = conflict_value(row[f"value_{side}"], language)
        sides.append(
            {
                "value": value,
                "is_printed": is_printed,
                "source": row[f"source_{side}"],
                "wins": row["winner"] == side,
            }
        )
    # A stated figure is named as the reconciliation names it.
    figure = labels.get(row["source_b"]) if row["kind"] == "stated_figure" else None
    return {**row, "sides": sides, "rule_text": language.label(row, "rule"), "figure": figure}
