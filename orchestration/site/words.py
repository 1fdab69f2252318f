"""Words for what the warehouse publishes as a code alone, or in English alone.

Belongs here: units, raw tables, published tables, figures, kinds of checks and values of conflicts, in both languages.
Does not belong here: codes that have a Swedish label in a column beside them (`Language.label`), sentences of pages.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from orchestration.site.language import Language, written_out

Pair = tuple[str, str]
"""The same in Swedish and in English."""

UNITS: Mapping[str, str] = {
    "as in `unit`": "se enheten",
    "boolean": "ja eller nej",
    "bytes": "byte",
    "checks": "kontroller",
    "code": "kod",
    "collaborations": "samarbetslösningar",
    "collaborations per 30 days": "samarbetslösningar per 30 dagar",
    "contacts": "kontakter",
    "count": "antal",
    "date": "datum",
    "days": "dagar",
    "documents": "dokument",
    "FA-regions": "FA-regioner",
    "figures": "uppgifter",
    "flag": "markering",
    "gaps": "glapp",
    "hash": "kontrollsumma",
    "hours": "timmar",
    "id": "id",
    "in ten": "av tio",
    "launches": "införanden",
    "line": "rad",
    "million SEK": "miljoner kronor",
    "million SEK per year": "miljoner kronor per år",
    "minutes": "minuter",
    "month": "månad",
    "months": "månader",
    "municipalities": "kommuner",
    "number": "tal",
    "offices": "kontor",
    "one in": "en av",
    "page": "sida",
    "per 100 registered": "per 100 inskrivna",
    "per day": "per dag",
    "per month": "per månad",
    "per year": "per år",
    "percent": "procent",
    "persons": "personer",
    "quarter": "kvartal",
    "rank": "rang",
    "registered jobseekers": "inskrivna",
    "rows": "rader",
    "see unit": "se enheten",
    "service centres": "servicekontor",
    "share": "andel",
    "statements": "uppgifter",
    "text": "text",
    "timestamp": "tidpunkt",
    "unit of the metric": "måttets enhet",
    "version": "version",
    "visits per 100 registered": "besök per 100 inskrivna",
    "visits per month": "besök per månad",
    "weeks": "veckor",
    "year": "år",
    "years": "år",
}
"""Swedish words for units."""

RAW_TABLES: Mapping[str, Pair] = {
    "closed_despite_need": ("Tabell 1, avvecklade kontor", "Tabell 1, closed offices"),
    "closing_offices": ("Bilaga 5, kontor aktuella för avveckling", "Bilaga 5, closing offices"),
    "competitiveness": ("Tabell 2, svagare konkurrensförmåga", "Tabell 2, weaker competitiveness"),
    "criteria": ("Bedömningsgrunder", "Criteria"),
    "kept_offices": ("Bilaga 4, kvarstående kontor", "Bilaga 4, kept offices"),
    "network_totals": ("Kontorsnätet i tal", "Totals of the network"),
    "principles": ("Bilaga 1, principer", "Bilaga 1, principles"),
    "restaffed_offices": ("Åter fast bemannade kontor", "Re-staffed offices"),
    "service_centre_notes": ("Bilaga 3, noter", "Bilaga 3, notes"),
    "service_centre_rollout": ("Bilaga 3, införande på servicekontor", "Bilaga 3, rollout at service centres"),
    "stated_figures": ("Tal i texten", "Figures in the text"),
    "stated_places": ("Orter i texten", "Places in the text"),
    "visit_rates": ("Tabell 3, besök per 100 inskrivna", "Tabell 3, visits per 100 registered"),
}
"""The tables that are read from documents."""

TABLES: Mapping[str, Pair] = {
    "core.dim_date": ("Kalender", "Calendar"),
    "core.dim_municipality": ("Kommuner", "Municipalities"),
    "core.dim_municipality_scope": ("Kommunernas områden", "Areas of municipalities"),
    "core.dim_office": ("Kontor", "Offices"),
    "core.dim_service_centre": ("Servicekontor", "Service centres"),
    "core.fct_collaboration_state": ("Samarbetslösningarnas läge", "State of collaborations"),
    "core.fct_contact_month": ("Kontakter per månad", "Contacts by month"),
    "core.fct_office_closing": ("Avvecklingar", "Closings of offices"),
    "core.fct_office_plan": ("Planens versioner", "Versions of the plan"),
    "core.fct_registration": ("Inskrivna i kommunerna", "Registered jobseekers of municipalities"),
    "core.fct_registration_total": ("Inskrivna i län och riket", "Registered jobseekers of counties and the nation"),
    "core.fct_service_launch": ("Införanden på servicekontor", "Launches at service centres"),
    "core.fct_visit_rate": ("Besök per 100 inskrivna", "Visits per 100 registered"),
    "kpi.agreement_completion": ("Samarbetslösningar i bruk", "Collaborations in use"),
    "kpi.agreement_pace": ("Takten för samarbetslösningarna", "Pace of the collaborations"),
    "kpi.channels": ("Servicevägar", "Channels"),
    "kpi.cooperation": ("Samverkan med kommuner", "Cooperation with municipalities"),
    "kpi.criteria": ("Bedömningsgrunder", "Criteria"),
    "kpi.launch_slippage": ("Ändrade månader för införande", "Launches that moved"),
    "kpi.municipality_presence": ("Närvaro i varje kommun", "Presence in each municipality"),
    "kpi.office_plan": ("Planen för kontoren", "Plan for the offices"),
    "kpi.overview": ("Översikt", "Overview"),
    "kpi.presence": ("Lokal närvaro", "Local presence"),
    "kpi.presence_gap": ("Glapp i närvaron, kontor för kontor", "Presence gaps, office by office"),
    "kpi.presence_gap_by_scope": ("Glapp i närvaron, område för område", "Presence gaps, area by area"),
    "kpi.principles": ("Principer för lokal närvaro", "Principles for local presence"),
    "kpi.resources": ("Resurser", "Resources"),
    "kpi.rollout_slippage": ("Införandet mot det som sagts", "Rollout against what was said"),
    "kpi.service_centre_rollout": ("Införandet på servicekontor", "Rollout at service centres"),
    "kpi.visit_change": ("Förändrat antal besök", "Change in visits"),
    "kpi.visit_need": ("Behov av besök", "Need for visits"),
    "kpi.visits": ("Besök och andra kontakter", "Visits and other contacts"),
    "meta.change": ("Ändrade tabeller", "Changed tables"),
    "meta.changed_row": ("Ändrade rader", "Changed rows"),
    "meta.check": ("Kontroller", "Checks"),
    "meta.conflict": ("Motsägelser", "Conflicts"),
    "meta.delivery": ("Mottagna filer", "Files received"),
    "meta.disclosure": ("Skyddade uppgifter", "Withheld figures"),
    "meta.document": ("Dokument", "Documents"),
    "meta.metric": ("Måttens definitioner", "Definitions of figures"),
    "meta.quarantine": ("Underkända rader", "Refused rows"),
    "meta.reconciliation": ("Avstämning", "Reconciliation"),
    "meta.release": ("Utgåvor", "Releases"),
    "meta.source_row": ("Källrader", "Source rows"),
    "meta.stated_figure": ("Angivna tal", "Stated figures"),
    "meta.stated_place": ("Angivna orter", "Stated places"),
    "meta.table_column": ("Dataordlista", "Data dictionary"),
    "meta.trace": ("Raderna bakom talen", "Rows behind figures"),
}
"""The published tables."""

FIGURES: Mapping[str, str] = {
    "agreed": "Collaborations agreed to contract",
    "agreed_not_ready": "Agreed, not ready",
    "agreements_completion_share": "Share of collaborations in use",
    "agreements_in_use": "Collaborations in use",
    "agreements_planned": "Planned collaborations",
    "change_between_documents": "Change between documents",
    "change_pct": "Change in per cent, recomputed",
    "closed_offices": "Closed offices so far",
    "closing": "Closing offices",
    "collaborations_in_use_max": "Collaborations in use, at most",
    "collaborations_in_use_min": "Collaborations in use, at least",
    "completion_share": "Share reached",
    "cumulative": "Launches so far",
    "cumulative_existing": "Launches so far at existing service centres",
    "cumulative_existing_restoring_drop_in": "Launches so far that bring drop-in visits back, existing centres",
    "cumulative_restoring_drop_in": "Launches so far that bring drop-in visits back",
    "days_since_previous": "Days since the known date before",
    "days_to_target": "Days left to the target",
    "difference": "Difference, rows against the document",
    "drop_in": "Drop-in visits",
    "existing_total": "Existing service centres",
    "fa_regions_with_office": "FA-regions with an office",
    "fed_registered": "Registered jobseekers by the feeds",
    "form_unknown": "Open offices of unknown form",
    "from_rate": "Visits per 100 registered, first month",
    "gap_days_max": "Days in a gap, at most",
    "gap_days_mean_max": "Days in a gap, mean, at most",
    "gap_days_mean_min": "Days in a gap, mean, at least",
    "gap_days_median_max": "Days in a gap, median, at most",
    "gap_days_median_min": "Days in a gap, median, at least",
    "gap_days_min": "Days in a gap, at least",
    "implied_rate_from": "Implied visits per 100 registered, first month",
    "implied_rate_to": "Implied visits per 100 registered, last month",
    "in_use": "Collaborations in use",
    "in_use_municipality": "In use in a municipality's premises",
    "in_use_own": "In use in AF's own premises",
    "in_use_service_centre": "In use in a service centre's premises",
    "kept": "Kept offices",
    "launches": "Launches",
    "launches_by_rows": "Launches by rows",
    "launches_decided": "Launches by the decided plan",
    "launches_direction": "Launches by direction decision",
    "launches_new_centres": "Launches at new service centres",
    "launches_restoring_drop_in": "Launches that bring drop-in visits back",
    "lower": "Lower bound",
    "municipalities": "Municipalities",
    "municipalities_ever_in_gap_max": "Municipalities ever in a gap, at most",
    "municipalities_ever_in_gap_min": "Municipalities ever in a gap, at least",
    "municipalities_never_with_office": "Municipalities with no office since 2018",
    "municipalities_with_drop_in": "Municipalities with drop-in visits",
    "municipalities_with_office": "Municipalities with an office",
    "municipalities_with_presence_planned": "Municipalities with an office or a planned collaboration",
    "needed_pace_per_30_days": "Pace in 30 days that the target needs",
    "not_ready": "Collaborations in own premises that are not ready",
    "offices": "Open offices",
    "open_gaps_max": "Open gaps, at most",
    "open_gaps_min": "Open gaps, at least",
    "own_premises_not_ready": "Own premises, not ready",
    "pace_per_30_days": "Pace in 30 days since the known date before",
    "plan_closing": "Closing offices by the plan known then",
    "plan_kept": "Kept offices by the plan known then",
    "plan_staffed": "Staffed offices by the plan known then",
    "plan_travel_to": "Travel-to offices by the plan known then",
    "planned": "Planned collaborations",
    "presence": "Best form of presence",
    "presence_rank": "Rank of the presence",
    "previous_in_use": "Collaborations in use at the known date before",
    "previous_stated": "Launches by the document before",
    "printed_change_pct": "Change in per cent, as printed",
    "registered": "Registered jobseekers",
    "registered_max": "Registered jobseekers, at most",
    "registered_min": "Registered jobseekers, at least",
    "remaining": "Collaborations not in use",
    "service_centre_share": "Share of the existing service centres",
    "service_centres": "Service centres with AF's services",
    "slippage_months": "Months that the launch moved",
    "staffed": "Staffed offices",
    "stated": "Launches as stated",
    "stated_change_pct": "Change in per cent, as stated",
    "stated_visits_per_100": "Visits per 100 registered, as printed",
    "statements": "Times that it is stated",
    "threshold": "Threshold",
    "to_rate": "Visits per 100 registered, last month",
    "travel_to": "Travel-to offices",
    "upper": "Upper bound",
    "value": "Value",
    "version_number": "Number of the version",
    "visits": "Visits or other contacts",
    "visits_from": "Visits a month, first month",
    "visits_max": "Visits or other contacts, at most",
    "visits_min": "Visits or other contacts, at least",
    "visits_needed_max": "Visits a month that may be needed, at most",
    "visits_needed_min": "Visits a month that may be needed, at least",
    "visits_per_100": "Visits per 100 registered",
    "visits_per_100_max": "Visits per 100 registered, at most",
    "visits_per_100_min": "Visits per 100 registered, at least",
    "visits_to": "Visits a month, last month",
}
"""English names of figures, by column; the Swedish ones stand in `meta.metric`."""

CHECK_KINDS: Mapping[str, Pair] = {
    "contract": ("Uppställning", "Layout"),
    "dbt": ("Modell", "Model"),
    "reading": ("Inläsning", "Reading"),
    "suite": ("Rimlighet", "Plausibility"),
}
SEVERITIES: Mapping[str, Pair] = {"error": ("Stoppar utgåvan", "Stops the release"), "warning": ("Varnar", "Warns")}
CHANGES: Mapping[str, Pair] = {
    "added": ("Tillkommen", "Added"),
    "changed": ("Ändrad", "Changed"),
    "removed": ("Borttagen", "Removed"),
}

CONFLICT_VALUES: Mapping[str, Pair] = {
    "agreed": ("överenskommelse om avtal finns", "agreed to contract"),
    "closing": ("aktuellt för avveckling", "closing"),
    "collaboration": ("samarbetslösning", "collaboration"),
    "in_use": ("i bruk", "in use"),
    "kept": ("kvarstående", "kept"),
    "mean_registered_of_recent_years": ("inskrivna i genomsnitt de senaste åren", "mean of registered, recent years"),
    "municipality": ("kommunens lokal", "premises of the municipality"),
    "nearby_office": ("närliggande kontor", "nearby office"),
    "new": ("nytt servicekontor", "new service centre"),
    "no": ("nej", "no"),
    "none": ("inget kontor", "no office"),
    "not_in_use": ("inte i bruk", "not in use"),
    "not_listed": ("finns inte med", "not listed"),
    "not_service_centre": ("inte på servicekontor", "not at a service centre"),
    "own": ("egen lokal", "own premises"),
    "own_premises_not_ready": ("egen lokal finns, inte klar", "own premises, not ready"),
    "registered": ("inskrivna", "registered"),
    "service_centre": ("servicekontorets lokal", "premises of a service centre"),
    "staffed": ("fast bemannat kontor", "staffed office"),
    "travel_to": ("kontor vi reser till", "travel-to office"),
    "unclear": ("oklart", "unclear"),
    "yes": ("ja", "yes"),
}
TIME = re.compile(r"(?:(by|after) )?(\d{4}-\d{2})(-\d{2})?")


def unit(code: str | None, language: Language) -> str:
    """A unit in the page's language; one without a Swedish word as it is."""
    return "" if code is None else language.t(UNITS.get(code, code), code.replace("`", ""))


def named(words: Mapping[str, Pair], code: str, language: Language) -> str:
    """What a code is called; one without words is written out."""
    return language.t(*words.get(code, (written_out(code), written_out(code))))


def figure_name(metric: str, metric_sv: str, language: Language) -> str:
    """What a figure is called: `Dagar i glapp hittills, minst`, `Days in a gap, at least`."""
    return language.t(metric_sv, FIGURES.get(metric) or written_out(metric))


def quantity(lower: float | None, upper: float | None, of: str, language: Language) -> str:
    """A number, or a range, with its unit: `208`, `20–25 %`, `en av 6`, `80 miljoner kronor`."""
    if lower is None and upper is None:
        return "–"
    percent = language.t("\N{NO-BREAK SPACE}%", "%")
    if of == "share":
        return language.bounds(*(None if each is None else 100 * each for each in (lower, upper))) + percent
    number = language.bounds(lower, upper)
    match of:
        case "count":
            return number
        case "percent":
            return number + percent
        case "one in" | "quarter":
            return f"{unit(of, language)} {number}"
    return f"{number} {unit(of, language)}"


def conflict_value(value: str, language: Language) -> tuple[str, bool]:
    """What a row of a conflict says in words, and whether these are the document's own."""
    if value in CONFLICT_VALUES:
        return named(CONFLICT_VALUES, value, language), False
    if found := TIME.fullmatch(value):
        when, month, day = found.groups()
        time = (
            language.day(date.fromisoformat(value[-10:])) if day else language.month(date.fromisoformat(f"{month}-01"))
        )
        before = {"by": language.t("senast ", "by "), "after": language.t("efter ", "after "), None: ""}[when]
        return before + time, False
    return value, True


def made(figure: Mapping[str, Any], language: Language) -> str:
    """How a figure of `meta.metric` is made, in words; its formula stands beside them."""
    t, of = language.t, unit(figure["unit"], language)
    match figure:
        case {"same_as": str()}:
            return t("Hämtas från en annan tabell", "Taken over from another table")
        case {"computed": str()}:
            return t("Beräknas ur andra mått i samma rad", "Computed from other figures of the same row")
        case {"counted": None}:
            return t("Har inga rader bakom sig", "Has no rows behind it")
        case {"counted": formula}:
            distinct = t(f"antal olika {of} i raderna", f"number of distinct {of} in the rows")
            words = {
                "count(distinct subject)": distinct,
                "count(distinct municipality_code)": distinct,
                "count(distinct fa_region_code)": distinct,
                "coalesce(max(row_value), count(distinct subject))": t(
                    f"antalet som ett dokument anger, annars {distinct}",
                    f"the number that a document states, else {distinct}",
                ),
                "sum(row_value)": t("summan av radernas tal", "sum of the rows' numbers"),
                "avg(row_value)": t("medelvärdet av radernas tal", "mean of the rows' numbers"),
                "median(row_value)": t("medianen av radernas tal", "median of the rows' numbers"),
                "max(row_value)": t("det största av radernas tal", "largest of the rows' numbers"),
                "min(row_value)": t("det minsta av radernas tal", "smallest of the rows' numbers"),
            }.get(formula)
            return t("Räknas ur rader", "Counted from rows") + (f": {words}" if words else "")
    return ""
