"""Collaborations: how many of those planned are in use, how fast they come, and which places still wait.

Belongs here: what stands on `agreements.html`. Does not belong here: how a gap or a pace is computed (the warehouse).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from orchestration.site import charts
from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared
from orchestration.site.warehouse import Facts, Row

IN_USE, NOT_IN_USE = charts.colour("collaboration_in_use"), charts.colour("collaboration_not_in_use")


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`agreements.html`."""
    facts, t = shared.facts, language.t
    counted_on = facts.counted_on
    known = shared.agreements
    pace = facts.rows("select * from kpi.agreement_pace order by as_of")
    counted = next((row for row in known if row["as_of"] == counted_on and row["basis"] == "rows"), None)
    gaps = facts.rows("select * from kpi.presence_gap_by_scope where scope = 'national' order by as_of")
    yield Page(
        path="agreements.html",
        template="agreements.html.jinja",
        title=t("Samarbetslösningar", "Collaborations"),
        summary=t(
            "Hur många av de planerade samarbetslösningarna är i bruk, hur fort kommer de, och vilka orter väntar?",
            "How many of the planned collaborations are in use, how fast do they come, and which places still wait?",
        ),
        section="agreements.html",
        content={
            "known": known,
            "counted_on": counted_on,
            "pace": pace,
            "gaps": gaps,
            "burn_up": _burn_up(known, pace, language) if known else None,
            "burn_up_rows": _burn_up_rows(known, pace, language),
            "premises": _premises(counted, language) if counted else None,
            "regions": _areas(facts, "af_region", counted_on),
            "counties": _areas(facts, "county", counted_on),
            "waiting": _waiting(facts, counted_on),
            "open_gaps": charts.between(
                [
                    {
                        "day": row["as_of"],
                        "lower": row["open_gaps_min"],
                        "upper": row["open_gaps_max"],
                        "tip": f"{language.day(row['as_of'])}: "
                        + language.bounds(row["open_gaps_min"], row["open_gaps_max"]),
                    }
                    for row in gaps
                ],
                t("Pågående glapp", "Open gaps"),
                IN_USE,
            ),
            "open_gaps_rows": [
                [
                    language.day(row["as_of"]),
                    language.number(row["closed_offices"]),
                    *(
                        language.bounds(row[f"{name}_min"], row[f"{name}_max"])
                        for name in ("open_gaps", "gap_days_mean", "gap_days_median", "municipalities_ever_in_gap")
                    ),
                ]
                for row in gaps
            ],
        },
    )


def _areas(facts: Facts, scope: str, day: date) -> list[dict[str, Any]]:
    """The areas of a scope that have planned collaborations, the least finished first."""
    return facts.rows(
        """select * from kpi.agreement_completion where scope = ? and as_of = ? and basis = 'rows'
           order by completion_share, remaining desc, scope_name""",
        scope,
        day,
    )


def _waiting(facts: Facts, day: date) -> list[dict[str, Any]]:
    """The collaborations that were not in use on a day, those first whose place had waited longest."""
    return facts.rows(
        """select office.office, office.municipality_code, place.county, place.county_code, place.af_region,
                  gap.closed_on, gap.is_open, gap.gap_days_min, gap.gap_days_max,
                  state.agreement, state.agreement_sv, state.premises, state.premises_sv, state.source_row_id
           from core.fct_collaboration_state as state
           join core.dim_office as office using (office_id)
           join core.dim_municipality as place on office.municipality_code = place.municipality_code
           left join kpi.presence_gap as gap on state.office_id = gap.office_id and state.as_of = gap.as_of
           where state.as_of = ? and state.known_to is null and not state.in_use
           order by gap.gap_days_min desc nulls last, office.office""",
        day,
    )


def _burn_up(known: Sequence[Row], pace: Sequence[Row], language: Language) -> charts.Spec:
    """The planned ones, those in use on each known day, and what each target asks for from then on."""
    t = language.t
    ends = [known[0]["as_of"], *(row["target_on"] for row in pace if row["target_on"])]
    planned = t("Planerade: %s", "Planned: %s")
    rows: list[Mapping[str, Any]] = [
        _point("planned", day, known[-1]["planned"], planned % known[-1]["planned"]) for day in (ends[0], max(ends))
    ]
    for row in known:
        words = t("%s: %s av %s i bruk", "%s: %s of %s in use")
        rows.append(
            _point(
                "in_use",
                row["as_of"],
                row["in_use"],
                words % (language.day(row["as_of"]), row["in_use"], row["planned"]),
                language.number(row["in_use"]),
            )
        )
    for row in pace:
        if row["target_on"] is None:
            continue
        day = language.day(row["target_on"])
        words = t(
            "Mål: alla %s senast %s; det kräver %s per 30 dagar",
            "Target: all %s by %s; that needs %s in 30 days",
        ) % (row["planned"], day, language.number(row["needed_pace_per_30_days"], 1))
        path = f"target {row['as_of']}"
        rows += [
            _point("target", row["as_of"], row["in_use"], words, path=path),
            _point("target", row["target_on"], row["planned"], words, language.short_month(row["target_on"]), path),
        ]
    return charts.paths(
        rows,
        {
            "in_use": (t("I bruk", "In use"), IN_USE),
            "target": (
                t("Så måste det gå för att nå målet", "What the target needs"),
                charts.colour("travel_to_office"),
            ),
            "planned": (t("Planerade", "Planned"), charts.colour("quiet")),
        },
        t("Samarbetslösningar", "Collaborations"),
        meant=("target",),
    )


def _point(
    series: str, day: date, value: int, tip: str, mark: str | None = None, path: str | None = None
) -> Mapping[str, Any]:
    return {"series": series, "path": path or series, "day": day, "value": value, "tip": tip, "mark": mark}


def _burn_up_rows(known: Sequence[Row], pace: Sequence[Row], language: Language) -> list[list[str]]:
    by_day = {row["as_of"]: row for row in pace}
    rows = []
    for row in known:
        at: Row = by_day.get(row["as_of"], {})
        rows.append(
            [
                language.day(row["as_of"]),
                language.number(row["in_use"]),
                language.number(row["planned"]),
                language.share(row["completion_share"]),
                language.number(at.get("pace_per_30_days"), 1),
                language.day(at.get("target_on")),
                language.number(at.get("needed_pace_per_30_days"), 1),
            ]
        )
    return rows


def _premises(counted: Row, language: Language) -> Mapping[str, Any]:
    """Whose rooms: a bar for each kind of premises, and what is only agreed, whose rooms no document names."""
    t = language.t
    kinds = (
        (t("Statens servicecenters lokal", "Service centre's premises"), counted["in_use_service_centre"], 0),
        (t("Kommunens lokal", "Municipality's premises"), counted["in_use_municipality"], 0),
        (
            t("Arbetsförmedlingens egen lokal", "AF's own premises"),
            counted["in_use_own"],
            counted["own_premises_not_ready"],
        ),
        (t("Bara överenskommelse om avtal", "Agreement to contract only"), 0, counted["agreed_not_ready"]),
    )
    words = {"in_use": t("%s i bruk", "%s in use"), "not_in_use": t("%s inte i bruk", "%s not in use")}
    rows = []
    for name, in_use, waiting in kinds:
        numbers = {"in_use": in_use, "not_in_use": waiting}
        label = f"{name}: " + ", ".join(words[part] % number for part, number in numbers.items() if number)
        rows.append({"label": label, "tip": label, **numbers})
    return {
        "spec": charts.parts(
            rows,
            {
                "in_use": (t("I bruk", "In use"), IN_USE),
                "not_in_use": (t("Inte i bruk", "Not in use"), NOT_IN_USE),
            },
            t("Samarbetslösningar", "Collaborations"),
        ),
        "rows": [[name, language.number(in_use), language.number(waiting)] for name, in_use, waiting in kinds],
    }
