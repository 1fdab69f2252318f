"""The map: every municipality's form of presence at any time, with offices and service centres.

Belongs here: what stands on `map.html`, and the data that its script moves through. Does not belong here: outlines
(`sources.geography.outlines`), which presence a municipality has (`kpi.municipality_presence`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.scripts import script
from orchestration.site.shared import Shared
from orchestration.site.warehouse import Facts
from sources.geography.outlines import borders, outlines, view_box

MARK_SPACE = 2.2
"""Between two marks of the same municipality, where a mark's radius is 1."""
MARKS_IN_A_ROW = 4
NOWHERE = "-"
FORMS = ("staffed", "travel_to", "form_unknown")
"""The metrics of `kpi.presence` that count open offices, each by one form."""


@dataclass(frozen=True)
class Mark:
    """An office or a service centre on the map, close to its municipality's inner point."""

    kind: str
    """`office` or `service_centre`."""
    name: str
    municipality_code: str
    across: float
    down: float
    """How far it stands from the inner point, in radiuses of a mark."""
    course: str
    """A letter for each day: which of `FORMS` an open office counts as (`0`, `1`, `2`); of a service centre `0` if it
    offers AF's services and `1` if it exists without them; `-` if there is nothing."""


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`map.html`."""
    facts, t = shared.facts, language.t
    days = _days(facts)
    presence = _labels(facts, "presence", language)
    drop_in = _labels(facts, "drop_in", language)
    start = next(day for day in reversed(days) if day["as_of"] == facts.counted_on)
    yield Page(
        path="map.html",
        template="map.html.jinja",
        title=t("Karta", "Map"),
        summary=t(
            "Hur varje kommun kunde möta Arbetsförmedlingen, från %s till %s.",
            "How each municipality could meet Arbetsförmedlingen, from %s to %s.",
        )
        % (language.day(days[0]["as_of"]), language.day(days[-1]["as_of"])),
        section="map.html",
        content={
            "view_box": view_box(),
            "days": [{**day, "words": _words(day, language)} for day in days],
            "start": days.index(start),
            "presence": presence,
            "drop_in": drop_in,
            "counties": sorted({(row["county_code"], row["county"]) for row in facts.municipalities.values()}),
            "af_regions": _counties_by_region(facts),
        },
    )


def map_script(facts: Facts) -> str:
    """`assets/map-data.js`: outlines, and for each municipality and mark a string with one letter for each day."""
    days = _days(facts)
    return script(
        "MAP",
        {
            "days": [day["as_of"] for day in days],
            "presence": _courses(facts, "presence"),
            "drop_in": _courses(facts, "drop_in"),
            "codes": {name: list(_codes(facts, name)) for name in ("presence", "drop_in")},
            "forms": FORMS,
            "marks": [
                [mark.kind, mark.name, mark.municipality_code, mark.across, mark.down, mark.course]
                for mark in _marks(facts, days)
            ],
            "areas": [
                [code, facts.municipalities[code]["municipality"], each.x, each.y, each.path]
                for each in outlines()
                for code in [each.municipality_code]
            ],
            "borders": [[border.kind, border.code, border.path] for border in borders()],
        },
    )


def _days(facts: Facts) -> list[dict[str, Any]]:
    """The days of the series, and whether each is a month's end or the day of a document only."""
    return facts.rows(
        """select as_of, last_day(as_of) = as_of as is_month_end, any_value(basis) as basis
           from kpi.municipality_presence group by as_of order by as_of"""
    )


def _words(day: Mapping[str, Any], language: Language) -> str:
    return language.day(day["as_of"]) + (
        "" if day["is_month_end"] else language.t(" (ett dokuments dag)", " (a document's day)")
    )


def _codes(facts: Facts, column: str) -> Sequence[str]:
    """The codes of a column, best first."""
    order = {
        "presence": "min(presence_rank)",
        "drop_in": "min(case drop_in when 'own' then 1 when 'service_centre' then 2 when 'none' then 3 else 4 end)",
    }
    found = facts.rows(f"select {column} as code from kpi.municipality_presence group by 1 order by {order[column]}")
    return [row["code"] for row in found]


def _labels(facts: Facts, column: str, language: Language) -> dict[str, str]:
    """What each code says."""
    found = facts.rows(
        f"select {column}, any_value({column}_sv) as {column}_sv from kpi.municipality_presence group by all"
    )
    labels = {row[column]: language.label(row, column) for row in found}
    return {code: labels[code] for code in _codes(facts, column)}


def _courses(facts: Facts, column: str) -> dict[str, str]:
    """By municipality a digit for each day: the place of its code among the codes of the column."""
    found = facts.rows(
        f"""select municipality_code,
                   string_agg(cast(list_position(?, {column}) - 1 as varchar), '' order by as_of) as course
            from kpi.municipality_presence group by municipality_code order by municipality_code""",
        list(_codes(facts, column)),
    )
    return {row["municipality_code"]: row["course"] for row in found}


def _counties_by_region(facts: Facts) -> dict[str, list[str]]:
    """By AF region the codes of its counties."""
    found = facts.rows(
        """select af_region, list(distinct county_code order by county_code) as counties
           from core.dim_municipality group by af_region order by af_region"""
    )
    return {row["af_region"]: row["counties"] for row in found}


def _marks(facts: Facts, days: Sequence[Mapping[str, Any]]) -> list[Mark]:
    """Every office and service centre, with its course."""
    taken: Counter[tuple[str, str]] = Counter()
    marks = []
    for kind, name, code, course in (*_offices(facts, days), *_service_centres(facts, days)):
        across, down = _beside(kind, taken[kind, code])
        taken[kind, code] += 1
        marks.append(Mark(kind, name, code, across, down, course))
    return marks


def _counted(facts: Facts, metrics: Sequence[str]) -> dict[str, dict[date, str]]:
    """By office or service centre the metric of `kpi.presence` that counts it on a day, as the trace says."""
    counted: dict[str, dict[date, str]] = {}
    for row in facts.rows(
        """select distinct metric, as_of, subject from meta.trace
           where table_name = 'kpi.presence' and list_contains(?, metric) and municipality_code is not null""",
        list(metrics),
    ):
        counted.setdefault(row["subject"], {})[row["as_of"]] = row["metric"]
    return counted


def _offices(facts: Facts, days: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str, str]]:
    counted = _counted(facts, FORMS)
    for row in facts.rows(
        "select office_id, office, municipality_code from core.dim_office order by municipality_code"
    ):
        forms = counted.get(row["office_id"], {})
        course = "".join(str(FORMS.index(forms[on])) if (on := day["as_of"]) in forms else NOWHERE for day in days)
        yield "office", row["office"], row["municipality_code"], course


def _service_centres(facts: Facts, days: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str, str]]:
    """Those that exist stand on every day: no document says since when."""
    counted = _counted(facts, ["service_centres"])
    for row in facts.rows(
        """select service_centre_id, locality, municipality_code, is_new
           from core.dim_service_centre order by municipality_code, service_centre_id"""
    ):
        served = counted.get(row["service_centre_id"], {})
        before = NOWHERE if row["is_new"] else "1"
        yield (
            "service_centre",
            row["locality"],
            row["municipality_code"],
            "".join("0" if day["as_of"] in served else before for day in days),
        )


def _beside(kind: str, number: int) -> tuple[float, float]:
    """Where the mark of this number stands: offices in rows above the inner point, service centres in rows below."""
    row, column = divmod(number, MARKS_IN_A_ROW)
    side = -1 if kind == "office" else 1
    along = (column + 1) // 2 * (1 if column % 2 else -1)
    return round(along * MARK_SPACE, 1), round(side * MARK_SPACE * (0.5 + row), 1)
