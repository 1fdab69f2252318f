"""A page for each county: its figures, its municipalities, and its offices with what became of them.

Belongs here: what stands on `county/<code>.html`. Does not belong here: the table of all counties (`municipalities`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared
from orchestration.site.warehouse import Row


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`county/<code>.html`, for every county."""
    places, t = shared.places, language.t
    first, last = places.days[0], places.days[-1]
    for code, municipalities in places.county_municipalities.items():
        yield Page(
            path=shared.county_page(code),
            template="county.html.jinja",
            title=municipalities[0]["county"],
            summary=t(
                "Arbetsförmedlingens kontor i länet, vad som ersätter de stängda, och vilka dokument som säger det.",
                "Arbetsförmedlingen's offices in the county, what replaces closed ones, and which documents say so.",
            ),
            section="municipalities.html",
            content={
                "code": code,
                "af_region": municipalities[0]["af_region"],
                "first": places.county_presence.get((code, first)),
                "counted": places.county_presence.get((code, shared.facts.counted_on)),
                "last": places.county_presence.get((code, last)),
                "days": places.days,
                "gaps": places.county_gaps.get(code),
                "municipalities": [
                    (row, *(places.presence[row["municipality_code"], day] for day in (shared.facts.counted_on, last)))
                    for row in municipalities
                ],
                "offices": _offices(shared, municipalities),
            },
        )


def _offices(shared: Shared, municipalities: Sequence[Row]) -> list[dict[str, Any]]:
    """The offices of the county, each with its collaboration and gap on the latest day of the rows."""
    places = shared.places
    found = []
    for municipality in municipalities:
        for office in shared.offices.get(municipality["municipality_code"], []):
            gaps = places.gaps.get(office["office_id"], [])
            found.append(
                {
                    **office,
                    "state": next(reversed(places.states.get(office["office_id"], [])), None),
                    "gap": next((row for row in gaps if row["as_of"] == shared.facts.counted_on), None),
                }
            )
    return found
