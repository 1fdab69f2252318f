"""All municipalities and counties in two tables.

Belongs here: what stands on `municipalities.html`. Does not belong here: the page of one municipality (`municipality`)
or county (`county`).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`municipalities.html`."""
    places, t = shared.places, language.t
    first, last = places.days[0], places.days[-1]
    yield Page(
        path="municipalities.html",
        template="municipalities.html.jinja",
        title=t("Kommuner och län", "Municipalities and counties"),
        summary=t(
            "Vilken närvaro hade varje kommun, före, under och efter avvecklingen?",
            "Which presence did each municipality have, before, during and after the closings?",
        ),
        section="municipalities.html",
        content={
            "days": places.days,
            "counted_on": shared.facts.counted_on,
            "municipalities": [
                {
                    **row,
                    "presence": [places.presence[row["municipality_code"], day] for day in places.days],
                    "gap": places.worst_gaps.get(row["municipality_code"]),
                }
                for row in sorted(shared.facts.municipalities.values(), key=lambda row: str(row["municipality"]))
            ],
            "presets": [_preset(shared, *each) for each in _presets(shared, language)],
            "counties": [
                {
                    "code": code,
                    "name": municipalities[0]["county"],
                    "first": places.county_presence[code, first],
                    "counted": places.county_presence[code, shared.facts.counted_on],
                    "last": places.county_presence[code, last],
                    "gaps": places.county_gaps.get(code),
                }
                for code, municipalities in places.county_municipalities.items()
            ],
        },
    )


def _presets(shared: Shared, language: Language) -> list[tuple[str, dict[date, str]]]:
    """What people ask the table: in words, and as the presence on days."""
    t, day = language.t, language.day
    first, counted, last = shared.places.days[0], shared.facts.counted_on, shared.places.days[-1]
    return [
        (
            t("Förlorade kontoret och hade inget som fungerade den %s", "Lost the office and had nothing working on %s")
            % day(counted),
            {counted: "collaboration_not_in_use"},
        ),
        (
            t(
                "Förlorade kontoret och hade en samarbetslösning i bruk den %s",
                "Lost the office, collaboration in use on %s",
            )
            % day(counted),
            {counted: "collaboration_in_use"},
        ),
        (
            t("Har ett närliggande kontor i stället", "Have a nearby office instead"),
            {last: "nearby_office"},
        ),
        (
            t("Har inte haft något kontor sedan %s", "No office at any time since %s") % day(first),
            {first: "none", last: "none"},
        ),
        (
            t("Har ett fast bemannat kontor den %s", "Have a staffed office on %s") % day(last),
            {last: "staffed_office"},
        ),
        (
            t("Har bara ett kontor vi reser till den %s", "Have a travel-to office only on %s") % day(last),
            {last: "travel_to_office"},
        ),
        (
            t(
                "Inget dokument säger om samarbetslösningen fungerar den %s",
                "No document says whether the collaboration works on %s",
            )
            % day(last),
            {last: "collaboration_unknown"},
        ),
    ]


def _preset(shared: Shared, label: str, chosen: dict[date, str]) -> dict[str, Any]:
    """A link that sets the table's choices, with the number of rows that it leaves."""
    places = shared.places
    found = [
        code
        for code in shared.facts.municipalities
        if all(places.presence[code, day]["presence"] == presence for day, presence in chosen.items())
    ]
    address = urlencode({f"on-{day}": presence for day, presence in chosen.items()})
    return {"label": label, "count": len(found), "address": f"#{address}"}
