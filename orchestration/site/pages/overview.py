"""The first page: the network in one picture, and the headline of every subject.

Belongs here: what stands on `index.html`. Does not belong here: what another page says in full.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from orchestration.site import charts
from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.places import NOT_IN_USE
from orchestration.site.shared import Shared
from sources.geography.outlines import view_box


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`index.html`."""
    facts, t = shared.facts, language.t
    counted_on = facts.counted_on
    overview = facts.rows("select * from kpi.overview order by as_of")
    on = {row["as_of"]: row for row in overview}
    days = tuple(dict.fromkeys((overview[0]["as_of"], counted_on, overview[-1]["as_of"])))
    yield Page(
        path="index.html",
        template="overview.html.jinja",
        title=t("Arbetsförmedlingens lokala närvaro", "Arbetsförmedlingen's local presence"),
        summary=t(
            "Var i Sverige kan en arbetssökande fortfarande möta Arbetsförmedlingen, sedan när, och hur vet vi det?",
            "Where in Sweden can a jobseeker still meet Arbetsförmedlingen, since when, and how do we know?",
        ),
        section="index.html",
        content={
            "first": overview[0],
            "counted": on[counted_on],
            "last": overview[-1],
            "gaps": facts.rows(
                "select * from kpi.presence_gap_by_scope where scope = 'national' and as_of = ?", counted_on
            ),
            "agreements": shared.agreements,
            "reached": shared.reached_rollout,
            "visits": facts.rows("select * from kpi.visit_change where visitor_group = 'all'"),
            "verdicts": facts.rows(
                """select verdict, any_value(verdict_sv) as verdict_sv, count(*) as figures
                   from meta.reconciliation group by verdict order by figures desc"""
            ),
            "view_box": view_box(),
            "days": days,
            "forms": _forms(shared, days),
            "lost": _lost(shared, counted_on),
            "network": _network(overview, language),
            "network_rows": [
                [
                    language.day(row["as_of"]),
                    *(language.number(row[name]) for name in ("staffed", "travel_to", "form_unknown", "offices")),
                ]
                for row in overview
            ],
        },
    )


def _forms(shared: Shared, days: Sequence[date]) -> list[dict[str, Any]]:
    """The forms of presence, best first, with how many municipalities have each on these days."""
    return shared.facts.rows(
        """with forms as (
               select presence, any_value(presence_sv) as presence_sv, min(presence_rank) as presence_rank
               from kpi.municipality_presence group by presence
           ), days as (
               select unnest(cast(? as date[])) as as_of
           ), counts as (
               select as_of, presence, count(municipality_code) as municipalities
               from forms cross join days left join kpi.municipality_presence using (as_of, presence)
               group by all
           )
           select presence, presence_sv, list(municipalities order by as_of) as counts
           from counts join forms using (presence) group by all order by any_value(presence_rank)""",
        list(days),
    )


def _lost(shared: Shared, day: date) -> list[dict[str, Any]]:
    """The municipalities whose last office was closed on a day, without a collaboration in use, and their drop-in."""
    return shared.facts.rows(
        """select municipality_code, drop_in from kpi.municipality_presence
           where as_of = ? and presence = ? order by municipality collate sv""",
        day,
        NOT_IN_USE,
    )


def _network(overview: list[dict[str, Any]], language: Language) -> charts.Spec:
    """Open offices by form, from the first day to the last."""
    t = language.t
    return charts.areas(
        overview,
        "as_of",
        {
            "staffed": (t("Fast bemannade kontor", "Staffed offices"), charts.colour("staffed_office")),
            "travel_to": (t("Kontor vi reser till", "Travel-to offices"), charts.colour("travel_to_office")),
            "form_unknown": (t("Form okänd", "Form unknown"), charts.colour("office_form_unknown")),
        },
        t("Öppna kontor", "Open offices"),
    )
