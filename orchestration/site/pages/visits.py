"""Visits: what is left of them by group, whom booked visits are meant for, and what monthly feeds tell by municipality.

Belongs here: what stands on `visits.html`, the other channels and the resources among it. Does not belong here: which
counts are withheld or rounded, and how that is written (`orchestration.site.protected`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from orchestration.site import charts
from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.protected import protected
from orchestration.site.shared import Shared
from orchestration.site.warehouse import Facts, Row

SHOWN_MONTHS = 12
SHADES: Mapping[str, str] = {"visit_booked": "staffed_office", "visit_drop_in": "travel_to_office"}
"""The colour of each kind of visit in the chart; a kind without one stops the report, so that none is left out."""


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`visits.html`."""
    facts, t = shared.facts, language.t
    changes = [
        {**row, "name": language.label(row, "visitor_group")}
        for row in facts.rows(
            """select change.*, rate.source_row_id
               from kpi.visit_change as change
               left join core.fct_visit_rate as rate
                   on change.visitor_group = rate.visitor_group and change.to_month = rate.report_month
               order by change.visitor_group <> 'all', change.change_pct, change.visitor_group"""
        )
    ]
    yield Page(
        path="visits.html",
        template="visits.html.jinja",
        title=t("Besök", "Visits"),
        summary=t(
            "Hur ofta kommer de inskrivna på besök, vilka behöver det mest, och vilka andra vägar finns in?",
            "How often do registered jobseekers visit, who needs it most, and which other ways in are there?",
        ),
        section="visits.html",
        content={
            "changes": changes,
            "change_chart": _change_chart(changes, language),
            "change_rows": [
                [
                    row["name"],
                    language.short(row["from_rate"]),
                    language.short(row["to_rate"]),
                    language.percent(row["change_pct"]),
                    language.percent(row["printed_change_pct"]),
                ]
                for row in changes
            ],
            "need": facts.rows(
                "select * from kpi.visit_need order by segment <> 'target_group', segment <> 'others', segment"
            ),
            "feeds": _feeds(facts, language),
            "disclosure": facts.rows("select * from meta.disclosure order by table_name, figures"),
            "channels": _measures(facts, "kpi.channels", language),
            "resources": _measures(facts, "kpi.resources", language),
        },
    )


def _change_chart(changes: Sequence[Row], language: Language) -> charts.Spec:
    """Visits per 100 registered, before and after, group by group."""
    rows = []
    for row in changes:
        before, after = language.short(row["from_rate"]), language.short(row["to_rate"])
        label = f"{row['name']}: {before} → {after}"
        tip = f"{label} ({language.percent(row['change_pct'])})"
        rows.append({"label": label, "tip": tip, "from": row["from_rate"], "to": row["to_rate"]})
    first = changes[0] if changes else {"from_month": None, "to_month": None}
    return charts.changes(
        rows,
        (language.month(first["from_month"]), charts.colour("quiet")),
        (language.month(first["to_month"]), charts.colour("collaboration_in_use")),
        language.t("Besök per 100 inskrivna", "Visits per 100 registered"),
    )


def _feeds(facts: Facts, language: Language) -> Mapping[str, Any] | None:
    """What monthly feeds tell of the last months; None if there are none."""
    months = [
        row["report_month"]
        for row in facts.rows(
            "select distinct report_month from kpi.visits where scope = 'municipality' order by report_month"
        )
    ][-SHOWN_MONTHS:]
    if not months:
        return None
    channels = facts.rows(
        """select distinct channel, channel_sv from kpi.visits where scope = 'national' and report_month >= ?
           order by channel <> 'all', not starts_with(channel, 'visit'), channel""",
        months[0],
    )
    names = {row["channel"]: language.label(row, "channel") for row in channels}
    visits = {code: name for code, name in names.items() if code == "all" or code.startswith("visit")}
    nation = _by_month(facts, language, months)
    return {
        "months": months,
        "month": months[-1],
        "visits": visits,
        "nation_chart": _nation_chart(facts, language, months, visits),
        "nation_heads": [
            language.t("Månad", "Month"),
            *names.values(),
            language.t("Inskrivna", "Registered"),
            language.t("Besök per 100", "Visits per 100"),
        ],
        "nation_rows": [
            [
                language.month(row["month"]),
                *(row["contacts"].get(code, "–") for code in names),
                row["registered"],
                row["rate"],
            ]
            for row in nation
        ],
        "groups": _of_month(facts, language, months[-1], "national"),
        "municipalities": _of_month(facts, language, months[-1], "municipality"),
    }


def _by_month(facts: Facts, language: Language, months: Sequence[date]) -> list[dict[str, Any]]:
    """Of the whole country, month by month: contacts by channel, registered jobseekers, visits per 100."""
    found: dict[date, dict[str, Any]] = {}
    for row in facts.rows(
        """select * from kpi.visits where scope = 'national' and visitor_group = 'all' and report_month >= ?
           order by report_month desc""",
        months[0],
    ):
        month = found.setdefault(row["report_month"], {"month": row["report_month"], **_untold()})
        _add(month, row, language)
    return list(found.values())


def _of_month(facts: Facts, language: Language, month: date, scope: str) -> list[dict[str, Any]]:
    """One month, by group for the country, by place for municipalities."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in facts.rows(
        """select * from kpi.visits
           where report_month = ? and scope = ? and (scope = 'national' or visitor_group = 'all')
           order by visitor_group <> 'all', visitor_group, scope_name""",
        month,
        scope,
    ):
        key = (row["scope_code"], row["visitor_group"])
        place = found.setdefault(
            key, {"code": row["scope_code"], "name": language.label(row, "visitor_group"), **_untold()}
        )
        _add(place, row, language)
    return list(found.values())


def _untold() -> dict[str, Any]:
    """The cells of a row as long as nothing is known."""
    return {"contacts": {}, "registered": "–", "rate": "–"}


def _add(into: dict[str, Any], row: Row, language: Language) -> None:
    """The cells of one row of `kpi.visits`: registered and rate are those of all visits."""
    into["contacts"][row["channel"]] = protected(language, row, "visits", "status")
    if row["channel"] == "all":
        into["registered"] = protected(language, row, "registered", "registered_status")
        into["rate"] = protected(language, row, "visits_per_100", "rate_status", 1)


def _nation_chart(
    facts: Facts, language: Language, months: Sequence[date], visits: Mapping[str, str]
) -> charts.Spec | None:
    """Visits of the whole country by month and kind, as far as they are told; None if feeds bring jobseekers only."""
    kinds = [code for code in visits if code != "all"]
    found: dict[date, dict[str, Any]] = {}
    for row in facts.rows(
        """select * from kpi.visits
           where scope = 'national' and visitor_group = 'all' and report_month >= ? and visits is not null
           order by report_month""",
        months[0],
    ):
        found.setdefault(row["report_month"], {"month": row["report_month"]})[row["channel"]] = row["visits"]
    if not kinds or not found:
        return None
    rows = [
        {
            **row,
            "tip": f"{language.month(row['month'])}: "
            + ", ".join(f"{visits[kind].lower()} {language.number(row.get(kind))}" for kind in kinds),
        }
        for row in found.values()
    ]
    return charts.months(
        rows,
        "month",
        {kind: (visits[kind], charts.colour(SHADES[kind])) for kind in kinds},
        language.t("Besök", "Visits"),
    )


def _measures(facts: Facts, table: str, language: Language) -> list[dict[str, Any]]:
    """Stated measures with their values as text."""
    rows = facts.rows(f"select * from {table} order by measure_sv, as_of, document_id")  # noqa: S608  (one of ours)
    return [
        {
            **row,
            "name": row["measure_sv"] if language.code == "sv" else row["label"],
            "text": _value(row, language),
            "plain": row["value"] if row["value"] is not None else row["lower"],
        }
        for row in rows
    ]


def _value(row: Row, language: Language) -> str:
    """`omkring 92 %`, `20–25 %`, `25 minuter`, `9 av tio`."""
    lower, upper = (row["value"], row["value"]) if row["value"] is not None else (row["lower"], row["upper"])
    number = language.bounds(lower, upper)
    about = language.t("omkring ", "about ") if row["tolerance"] == "rounded" else ""
    if row["unit"] == "count":
        return about + number
    if row["unit"] == "percent":
        return about + number + language.t("\N{NO-BREAK SPACE}%", "%")
    unit = row["unit_sv"].lower() if language.code == "sv" else row["unit"]
    return f"{about}{number}\N{NO-BREAK SPACE}{unit}"
