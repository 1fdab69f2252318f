"""A page for each municipality: who can be met there, since when, and which rows of documents say so.

Belongs here: what stands on `municipality/<code>.html`. Does not belong here: the table of all municipalities
(`municipalities`), queries (`orchestration.site.places`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.places import Places
from orchestration.site.protected import protected
from orchestration.site.shared import Shared
from orchestration.site.timeline import timeline
from orchestration.site.warehouse import Row
from orchestration.site.words import conflict_value

Statement = tuple[str, str]
"""What something is, in words, and its value."""


@dataclass(frozen=True)
class Evidence:
    """Statements and the row of a document that makes them."""

    statements: Sequence[Statement]
    source_row_id: str


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`municipality/<code>.html`, for every municipality."""
    for code, municipality in shared.facts.municipalities.items():
        yield Page(
            path=shared.municipality_page(code),
            template="municipality.html.jinja",
            title=municipality["municipality"],
            summary=_summary(shared, language, code),
            section="municipalities.html",
            content={"municipality": municipality, **_content(shared, language, code)},
        )


def _summary(shared: Shared, language: Language, code: str) -> str:
    """The presence then and now, as far as it differs: `Fast bemannat kontor (31 december 2018) → …`."""
    places, t = shared.places, language.t
    if not _is_named(shared, code):
        return t(
            "Inget dokument nämner något kontor, servicekontor eller någon samarbetslösning i kommunen.",
            "No document names an office, a collaboration or a service centre in the municipality.",
        )
    days = [day for day in places.days if day <= shared.facts.counted_on]
    if code not in shared.offices:
        return t("Inget kontor sedan %s.", "No office since %s.") % language.day(days[0])
    labels = [language.label(places.presence[code, day], "presence") for day in days]
    if len(set(labels)) == 1:
        return f"{labels[0]} ({language.day(days[0])} – {language.day(days[-1])})"
    return " → ".join(f"{label} ({language.day(day)})" for day, label in zip(days, labels, strict=True))


def _is_named(shared: Shared, code: str) -> bool:
    return any(code in named for named in (shared.offices, shared.places.centres, shared.places.statements))


def _content(shared: Shared, language: Language, code: str) -> dict[str, Any]:
    places = shared.places
    offices, centres = shared.offices.get(code, []), places.centres.get(code, [])
    names = {office["office_id"]: office["office"] for office in offices}
    return {
        "is_named": _is_named(shared, code),
        "timeline": timeline(places, offices, centres),
        "periods": places.periods[code],
        "offices": [(office, list(_office(places, office, language)), _gaps(places, office)) for office in offices],
        "centres": [(row["locality"], _launch(row, language)) for row in centres],
        "stated": [(_stated(row, language), row["source_row_ids"]) for row in places.statements.get(code, [])],
        "conflicts": [_conflict(row, language) for row in places.conflicts.get(code, [])],
        "verdicts": [{**row, "office": names.get(row["office_id"])} for row in places.verdicts.get(code, [])],
        "fed": _month(places.fed[code], language) if code in places.fed else None,
    }


def _office(places: Places, office: Row, language: Language) -> Iterator[Evidence]:
    """What the documents say of an office, row by row."""
    t, office_id = language.t, office["office_id"]
    own: list[Statement] = [(t("Beslut", "Decision"), language.label(office, "plan"))]
    if office["plan"] == "kept":
        own.append((t("Form", "Form"), language.label(office, "form")))
    if office["decided_on"]:
        own.append((t("Beslutat", "Decided on"), language.day(office["decided_on"])))
    further: dict[str, list[Statement]] = {office["source_row_id"]: own}
    versions = places.plans.get(office_id, [])
    for plan in versions if len(versions) > 1 else []:
        name = t("Plan från %s", "Plan from %s") % language.day(plan["known_from"])
        form = f", {language.label(plan, 'form').lower()}" if plan["form"] else ""
        further.setdefault(plan["source_row_id"], []).append((name, language.label(plan, "plan") + form))
    for closing in places.closings.get(office_id, []):
        further.setdefault(closing["source_row_id"], []).extend(_closing(closing, language))
    for state in places.states.get(office_id, []):
        further.setdefault(state["source_row_id"], []).append(_state(state, language))
    if office["plan"] == "closing" and office["form"]:
        name = t("Form före stängningen", "Form before it closed")
        further.setdefault(office["form_source_row_id"], []).append((name, language.label(office, "form")))
    for source_row_id, statements in further.items():
        yield Evidence(statements, source_row_id)


def _closing(closing: Row, language: Language) -> Iterator[Statement]:
    t = language.t
    name = t("Stängning", "Closing") if closing["known_to"] is None else t("Tidigare uppgift", "Said before")
    yield name, language.day(closing["closes_on"])
    yield t("Närvaro efter stängning", "Presence after closing"), language.label(closing, "presence_form")


def _state(state: Row, language: Language) -> Statement:
    """`15 oktober 2020`, `I bruk, kommunens lokal`."""
    t = language.t
    parts = [language.label(state, "agreement")]
    if state["in_use"]:
        parts += [language.label(state, "premises")] if state["premises"] else []
    else:
        parts.insert(0, t("Inte i bruk", "Not in use"))
    return language.day(state["as_of"]), ": ".join(parts)


def _gaps(places: Places, office: Row) -> list[Row]:
    """The days in a gap as each document leaves them, where they say something new."""
    return [row for row in places.gaps.get(office["office_id"], []) if row["gap_days_min"] is not None]


def _launch(row: Row, language: Language) -> Evidence:
    """When a service centre takes over, and what there was before."""
    t = language.t
    if row["launch_month"] is None:
        return Evidence([(t("Införande", "Launch"), t("Ingen månad angiven", "No month given"))], row["source_row_id"])
    month = language.month(row["launch_month"])
    if row["is_latest_month"]:
        month = t("senast i %s", "by %s") % month
    launch = (t("Införande", "Launch"), f"{month} ({language.label(row, 'commitment').lower()})")
    return Evidence(
        [launch, (t("Eget kontor", "AF's own office"), language.label(row, "office_status"))], row["source_row_id"]
    )


def _stated(row: Row, language: Language) -> str:
    """What running text says of a place, and which unit works with it."""
    if row["unit"]:
        said = language.t("Arbetsförmedlingens enhet %s", "Arbetsförmedlingen's unit %s") % row["unit"]
    else:
        said = language.label(row, "place_list")
    return f"{row['printed']}: {said} ({language.day(row['as_of'])})"


def _conflict(row: Row, language: Language) -> dict[str, Any]:
    """A conflict with what each of its two rows says, in words."""
    said = {name: conflict_value(row[name], language)[0] for name in ("value_a", "value_b")}
    return {**row, **said}


def _month(row: Row, language: Language) -> list[str]:
    """A month of the feeds: month, registered, visits, visits per 100 registered; what is withheld is not told."""
    figures = [("registered", "registered_status", 0), ("visits", "status", 0), ("visits_per_100", "rate_status", 1)]
    return [
        language.month(row["report_month"]),
        *(protected(language, row, column, status, decimals) for column, status, decimals in figures),
    ]
