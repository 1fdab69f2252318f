"""The course of a figure as a small chart and table, which Dagster shows on the page of the figure's table.

Belongs here: which tables have one, from which of their rows, and how it looks. Does not belong here: the charts of the
report (`site`), how it reaches Dagster (`dbt_in_process`). The charts are SVG: a third of the bytes of PNG in the event
log, and sharp at any size.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
import vl_convert

Row = Mapping[str, Any]
Rows = Sequence[Row]
Query = Callable[[str], Rows]
"""Gives the rows of an SQL query, dates as text."""
Spec = Mapping[str, Any]

WIDTH, HEIGHT = 460, 190
BLUE, TEAL, GREY, ORANGE = "#1f5fa8", "#3aa6a0", "#b8bec6", "#d9822b"
LOOK = {
    "background": "white",
    "padding": 8,
    "config": {
        "font": "sans-serif",
        "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "gridColor": "#e6e9ed"},
        "legend": {"labelFontSize": 12, "title": None, "orient": "top"},
        "view": {"stroke": None},
    },
}
DAY: Spec = {
    "field": "as_of",
    "type": "temporal",
    "title": None,
    "scale": {"type": "utc"},
    "axis": {"format": "%b %Y", "tickCount": 6},
}


@dataclass(frozen=True)
class Course:
    """What is shown of a table: the rows of a query, drawn and as a table of these columns with their headings."""

    query: str
    headings: Mapping[str, str]
    draw: Callable[[Rows], Spec] | None = None
    tabulate: Callable[[Rows], Rows] = tuple


def course_of(address: str, query: Query) -> dict[str, dg.MetadataValue]:
    """The metadata that shows the course of this table's figures; nothing for a table that has none here."""
    course = COURSES.get(address)
    if course is None:
        return {}
    rows = query(course.query)
    table = _table(course.headings, course.tabulate(rows))
    if course.draw is None or not rows:
        return {"course": dg.MetadataValue.md(table)}
    svg = vl_convert.vegalite_to_svg({**LOOK, "width": WIDTH, "height": HEIGHT, **course.draw(rows)})
    image = base64.b64encode(svg.encode()).decode()
    return {"course": dg.MetadataValue.md(f"![The course of {address}](data:image/svg+xml;base64,{image})\n\n{table}")}


def _table(headings: Mapping[str, str], rows: Rows) -> str:
    """A table in Markdown; what is not known is a dash."""
    lines = [list(headings.values()), ["---", *["---:"] * (len(headings) - 1)]]
    lines += [[_cell(row[column]) for column in headings] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    return "–" if value is None else f"{value:.1f}" if isinstance(value, float) else str(value)


def _colours(names: Sequence[str], colours: Sequence[str]) -> Spec:
    return {"field": "series", "type": "nominal", "sort": names, "scale": {"domain": names, "range": colours}}


def _folded(rows: Rows, on: str, series: Mapping[str, str]) -> list[Row]:
    """One row for each of these columns, under its name; what is not known is left out."""
    return [
        {on: row[on], "series": name, "value": row[column], "order": order}
        for row in rows
        for order, (column, name) in enumerate(series.items())
        if row[column] is not None
    ]


def _halves(rows: Rows) -> Rows:
    """The ends of half-years: a monthly table that can be taken in at a glance."""
    return [row for row in rows if str(row["as_of"])[5:] in {"06-30", "12-31"}]


def _presence(rows: Rows) -> Spec:
    series = {"staffed": "staffed", "travel_to": "travel-to", "form_unknown": "form not known"}
    planned = [row for row in rows if row["basis"] == "plan"][:1]
    return {
        "encoding": {"x": DAY},
        "layer": [
            {
                "data": {"values": _folded(rows, "as_of", series)},
                "mark": {"type": "area", "interpolate": "step-after"},
                "encoding": {
                    "y": {"field": "value", "type": "quantitative", "title": "offices"},
                    "color": _colours(list(series.values()), [BLUE, TEAL, GREY]),
                    "order": {"field": "order", "type": "quantitative"},
                },
            },
            {"data": {"values": planned}, "mark": {"type": "rule", "strokeDash": [6, 4], "color": ORANGE}},
            {
                "data": {"values": planned},
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "color": ORANGE},
                "encoding": {"y": {"value": 12}, "text": {"value": "as planned"}},
            },
        ],
    }


def _agreements(rows: Rows) -> Spec:
    value = {"field": "in_use", "type": "quantitative", "title": "collaborations in use"}
    return {
        "data": {"values": rows},
        "encoding": {"x": {**DAY, "scale": {"type": "utc", "padding": 24}}, "y": {**value, "scale": {"domainMin": 0}}},
        "layer": [
            {"mark": {"type": "line", "color": BLUE}, "encoding": {"y": {**value, "aggregate": "max"}}},
            {"mark": {"type": "point", "filled": True, "size": 70, "color": BLUE, "opacity": 1}},
            {"mark": {"type": "text", "dy": -14, "fontSize": 13}, "encoding": {"text": {"field": "in_use"}}},
            {
                "mark": {"type": "rule", "strokeDash": [6, 4], "color": ORANGE},
                "encoding": {"x": None, "y": {"field": "planned", "type": "quantitative", "aggregate": "max"}},
            },
            {
                "mark": {"type": "text", "align": "left", "dy": 12, "fontSize": 12, "color": ORANGE},
                "encoding": {
                    "x": {"value": 4},
                    "y": {"field": "planned", "type": "quantitative", "aggregate": "max"},
                    "text": {"value": "planned"},
                },
            },
        ],
    }


def _rollout(rows: Rows) -> Spec:
    names = ["decided", "by direction", "cumulative"]
    launches = _folded(rows, "launch_month", dict(zip(("launches_decided", "launches_direction"), names, strict=False)))
    return {
        "encoding": {
            "x": {**DAY, "field": "launch_month"},
            "y": {"field": "value", "type": "quantitative", "title": "service centres"},
            "color": _colours(names, [BLUE, TEAL, ORANGE]),
        },
        "layer": [
            {"data": {"values": launches}, "mark": {"type": "bar", "width": 9}},
            {
                "data": {"values": _folded(rows, "launch_month", {"cumulative": names[2]})},
                "mark": {"type": "line", "interpolate": "step-after"},
            },
        ],
    }


def _visits(rows: Rows) -> Spec:
    names = [f"{rows[0]['from_month'][:7]}", f"{rows[0]['to_month'][:7]}"]
    ends = _folded(rows, "visitor_group", dict(zip(("from_rate", "to_rate"), names, strict=True)))
    group = {"field": "visitor_group", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 200}}
    title = "visits per 100 registered jobseekers"
    return {
        "encoding": {"y": group},
        "layer": [
            {
                "data": {"values": rows},
                "mark": {"type": "rule", "color": GREY, "strokeWidth": 3},
                "encoding": {"x": {"field": "from_rate", "type": "quantitative"}, "x2": {"field": "to_rate"}},
            },
            {
                "data": {"values": ends},
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {
                    "x": {"field": "value", "type": "quantitative", "title": title, "scale": {"domainMin": 0}},
                    "color": _colours(names, [BLUE, ORANGE]),
                },
            },
        ],
    }


def _gaps(rows: Rows) -> Spec:
    on = {"field": "as_of", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}}
    least = {"field": "open_gaps_min", "type": "quantitative", "title": "open gaps, at least and at most"}
    ends = _folded(rows, "as_of", {"open_gaps_min": "at least", "open_gaps_max": "at most"})
    return {
        "data": {"values": rows},
        "encoding": {"x": on},
        "layer": [
            {
                "mark": {"type": "bar", "width": 26, "color": TEAL, "opacity": 0.5},
                "encoding": {"y": least, "y2": {"field": "open_gaps_max"}},
            },
            {
                "data": {"values": ends},
                "mark": {"type": "tick", "width": 26, "thickness": 3, "color": BLUE},
                "encoding": {"y": {"field": "value", "type": "quantitative"}},
            },
        ],
    }


def _verdicts(rows: Rows) -> Spec:
    names = ["agrees", "differs", "not computable"]
    return {
        "data": {"values": rows},
        "mark": "bar",
        "encoding": {
            "x": {"field": "figures", "type": "quantitative", "title": "stated figures"},
            "y": {"field": "topic", "type": "nominal", "title": None, "sort": "-x"},
            "color": _colours(names, [BLUE, ORANGE, GREY]),
        },
    }


def _by_topic(rows: Rows) -> Rows:
    """One row for each topic, and one for all of them, with a count for each verdict."""
    topics = [*dict.fromkeys(row["topic"] for row in rows)]
    return [
        {"topic": name or "all"}
        | {
            verdict: sum(row["figures"] for row in rows if row["series"] == verdict and name in {None, row["topic"]})
            for verdict in ("agrees", "differs", "not computable")
        }
        for name in (*topics, None)
    ]


def _bounds(low: str, high: str) -> str:
    """SQL of an interval as text: one number if both bounds are the same."""
    return f"case when {low} = {high} then cast({low} as varchar) else {low} || '–' || {high} end"


COURSES = {
    "kpi.presence": Course(
        "select as_of, basis, offices, staffed, travel_to, form_unknown from kpi.presence"
        " where scope = 'national' order by as_of",
        {
            "as_of": "Day",
            "offices": "Offices",
            "staffed": "Staffed",
            "travel_to": "Travel-to",
            "form_unknown": "Form not known",
            "basis": "Basis",
        },
        _presence,
        _halves,
    ),
    "kpi.agreement_completion": Course(
        "select as_of, basis, planned, in_use, agreed_not_ready, remaining from kpi.agreement_completion"
        " where scope = 'national' order by as_of, basis",
        {
            "as_of": "Day",
            "planned": "Planned",
            "in_use": "In use",
            "agreed_not_ready": "Agreed, not ready",
            "remaining": "Remaining",
            "basis": "Basis",
        },
        _agreements,
    ),
    "kpi.service_centre_rollout": Course(
        "select launch_month, launches, launches_decided, launches_direction, cumulative,"
        " cast(round(100 * completion_share) as integer) as completion_pct"
        " from kpi.service_centre_rollout order by launch_month",
        {
            "launch_month": "Month",
            "launches": "Launches",
            "launches_decided": "Decided",
            "launches_direction": "By direction",
            "cumulative": "Cumulative",
            "completion_pct": "% of existing",
        },
        _rollout,
    ),
    "kpi.visit_change": Course(
        "select replace(visitor_group, '_', ' ') as visitor_group, from_month, to_month, from_rate, to_rate, change_pct"
        " from kpi.visit_change order by change_pct, visitor_group",
        {"visitor_group": "Group", "from_rate": "From", "to_rate": "To", "change_pct": "Change, %"},
        _visits,
    ),
    "kpi.presence_gap_by_scope": Course(
        "select as_of, closed_offices, open_gaps_min, open_gaps_max,"  # noqa: S608  (all of it stands here)
        f" {_bounds('open_gaps_min', 'open_gaps_max')} as open_gaps,"
        f" {_bounds('cast(round(gap_days_mean_min) as integer)', 'cast(round(gap_days_mean_max) as integer)')}"
        " as gap_days_mean from kpi.presence_gap_by_scope where scope = 'national' order by as_of",
        {
            "as_of": "Day",
            "closed_offices": "Closed offices",
            "open_gaps": "Open gaps",
            "gap_days_mean": "Mean days in a gap",
        },
        _gaps,
    ),
    "meta.reconciliation": Course(
        "select replace(topic, '_', ' ') as topic, replace(verdict, '_', ' ') as series, count(*) as figures"
        " from meta.reconciliation group by all order by all",
        {"topic": "Topic", "agrees": "Agrees", "differs": "Differs", "not computable": "Not computable"},
        _verdicts,
        _by_topic,
    ),
    "kpi.overview": Course(
        "select as_of, basis, offices, staffed, travel_to, closed_offices, municipalities_with_office,"  # noqa: S608
        f" {_bounds('collaborations_in_use_min', 'collaborations_in_use_max')} as collaborations, service_centres"
        " from kpi.overview where as_of in ((select min(as_of) from kpi.overview),"
        " (select max(as_of) from kpi.overview where basis = 'rows'), (select max(as_of) from kpi.overview))"
        " order by as_of",
        {
            "as_of": "Day",
            "offices": "Offices",
            "staffed": "Staffed",
            "travel_to": "Travel-to",
            "closed_offices": "Closed",
            "municipalities_with_office": "Municipalities with office",
            "collaborations": "Collaborations in use",
            "service_centres": "Service centres",
            "basis": "Basis",
        },
    ),
}
"""By the table's address."""
