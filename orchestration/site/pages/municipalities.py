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
from orchestration.site.places import NOT_IN_USE
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
                    "drop_in": places.presence[row["municipality_code"], shared.facts.counted_on],
                    "gap": places.worst_gaps.get(row["municipality_code"]),
                }
                for row in sorted(shared.facts.municipalities.values(), key=lambda row: str(row["municipality"]))
            ],
            "presets": [preset for each in _presets(shared, language) if (preset := _preset(shared, *each))["count"]],
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
                if (code, last) in places.county_presence
            ],
        },
    )


def _presets(shared: Shared, language: Language) -> list[tuple[str, dict[date, str], str | None]]:
    """What people ask the table: in words, as the presence on days, and if asked as what takes drop-in visits."""
    t, day = language.t, language.day
    first, counted, last = shared.places.days[0], shared.facts.counted_on, shared.places.days[-1]
    return [
        (
            t("Förlorade kontoret och hade inget som fungerade den %s", "Lost the office and had nothing working on %s")
            % day(counted),
            {counted: NOT_IN_USE},
            "none",
        ),
        (
            t(
                "Förlorade kontoret och hade bara spontana besök på servicekontor den %s",
                "Lost the office and had drop-in visits at a service centre only on %s",
            )
            % day(counted),
            {counted: NOT_IN_USE},
            "service_centre",
        ),
        (
            t(
                "Förlorade kontoret och hade en samarbetslösning i bruk den %s",
                "Lost the office, collaboration in use on %s",
            )
            % day(counted),
            {counted: "collaboration_in_use"},
            None,
        ),
        (
            t("Har ett närliggande kontor i stället", "Have a nearby office instead"),
            {last: "nearby_office"},
            None,
        ),
        (
            t("Har inte haft något kontor sedan %s", "No office at any time since %s") % day(first),
            {first: "none", last: "none"},
            None,
        ),
        (
            t("Har ett fast bemannat kontor den %s", "Have a staffed office on %s") % day(last),
            {last: "staffed_office"},
            None,
        ),
        (
            t("Har bara ett kontor vi reser till den %s", "Have a travel-to office only on %s") % day(last),
            {last: "travel_to_office"},
            None,
        ),
        (
            t(
                "Inget dokument säger om samarbetslösningen fungerar den %s",
                "No document says whether the collaboration works on %s",
            )
            % day(last),
            {last: "collaboration_unknown"},
            None,
        ),
    ]


def _preset(shared: Shared, label: str, chosen: dict[date, str], drop_in: str | None) -> dict[str, Any]:
    """A link that sets the table's choices, with the number of rows that it leaves."""
    places = shared.places
    found = [
        code
        for code in shared.facts.municipalities
        if all(places.presence[code, day]["presence"] == presence for day, presence in chosen.items())
        and drop_in in {None, places.presence[code, shared.facts.counted_on]["drop_in"]}
    ]
    asked = {f"on-{day}": presence for day, presence in chosen.items()}
    address = urlencode(asked if drop_in is None else {**asked, "drop-in": drop_in})
    return {"label": label, "count": len(found), "address": f"#{address}"}
