"""Charts as Vega-Lite, made with Altair.

Belongs here: how each kind of chart looks. Does not belong here: queries, sentences. Rows come as mappings with the
columns' names, titles in the page's language. Colours are the custom properties of `assets/style.css`, so that a chart
follows the reader's choice of light and dark.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

Spec = Mapping[str, Any]
Row = Mapping[str, Any]
Series = Mapping[str, tuple[str, str]]
"""A column of the rows, or a value of the column `series`, with its name in the legend and its colour."""

HEIGHT = 280
RANK_HEIGHT = 52
NARROW = 280
"""A chart's width on the narrowest phone."""
LETTER_WIDTH, LINE_HEIGHT = 7.5, 15
"""Pixels that a letter of a label takes, rather too many than too few, and a line of it."""
BROKEN = f"trim(replace(datum.label, regexp('(.{{1,' + floor(width / {LETTER_WIDTH}) + '}})( |$)', 'g'), '$1\\n'))"
"""A label in as many lines as the chart's width needs, as an expression of Vega."""
RAISED = f"-{LINE_HEIGHT} * (length(split(datum.lines, '\\n')) - 1)"
"""How far its first line stands above the place of a single one."""


def colour(name: str) -> str:
    """A colour of the style sheet."""
    return f"var(--{name})"


def areas(rows: Iterable[Mapping[str, Any]], on: str, series: Series, title: str) -> Spec:
    """Counts by day, stacked: each column of `series` an area that keeps its height until the next day."""
    chart = (
        alt.Chart(_data(rows, [on, *series]))
        .transform_fold(list(series), as_=["series", "value"])
        .transform_calculate(order=_order(series), name=_names(series))
        .mark_area(interpolate="step-after")
        .encode(
            x=alt.X(f"{on}:T", title=None, scale=alt.Scale(type="utc"), axis=_months()),
            y=alt.Y("value:Q", title=title),
            color=_colours(series),
            order="order:Q",
            tooltip=_tooltip(on),
        )
    )
    return _finished(chart)


def paths(rows: Iterable[Mapping[str, Any]], series: Series, title: str, meant: Collection[str] = ()) -> Spec:
    """Values on a few days, joined by lines: those of one `path` are one line, in the colour of their `series`.

    Rows have `day`, `value`, `tip` (what the pointer shows) and `mark` (what stands beside a point, if there is one).
    The series `meant` tell what is meant to be, not what was: they are dashed.
    """
    base = (
        alt.Chart(_data(rows))
        .transform_calculate(name=_names(series))
        .encode(
            x=alt.X("day:T", title=None, scale=alt.Scale(type="utc", padding=22), axis=_months()),
            y=alt.Y("value:Q", title=title),
            color=_colours(series),
            tooltip=_tip(),
        )
    )
    dash = alt.condition(f"indexof({sorted(meant)}, datum.series) < 0", alt.value([1, 0]), alt.value([6, 4]))
    points = base.transform_filter("isValid(datum.mark)")
    return _finished(
        alt.layer(
            base.mark_line(strokeWidth=2.5).encode(detail="path:N", strokeDash=dash),
            points.mark_point(filled=True, size=90, opacity=1),
            points.mark_text(dy=-14, fontWeight=600, fontSize=13, color=colour("text")).encode(
                text="mark:N", color=alt.value(colour("text"))
            ),
        )
    )


def between(rows: Iterable[Mapping[str, Any]], title: str, fill: str) -> Spec:
    """Bounds on a few days: `lower` and `upper` at each `day`, a bar between them, and a band that leads the eye."""
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("day:T", title=None, scale=alt.Scale(type="utc", padding=22), axis=_months()),
        y=alt.Y("lower:Q", title=title),
        y2="upper:Q",
        tooltip=_tip(),
    )
    ends = alt.Chart(_data(rows)).encode(x=alt.X("day:T", scale=alt.Scale(type="utc")), tooltip=_tip())
    return _finished(
        alt.layer(
            base.mark_area(color=fill, opacity=0.22),
            base.mark_rule(color=fill, strokeWidth=3),
            *(
                ends.mark_point(filled=True, size=70, opacity=1, color=fill).encode(y=alt.Y(f"{end}:Q", title=title))
                for end in ("lower", "upper")
            ),
        )
    )


def months(rows: Iterable[Mapping[str, Any]], on: str, series: Series, title: str) -> Spec:
    """Counts by month, as bars: each column of `series` a part of the bar. Rows have a `tip`."""
    chart = (
        alt.Chart(_data(rows, [on, "tip", *series]))
        .transform_fold(list(series), as_=["series", "value"])
        .transform_calculate(order=_order(series), name=_names(series))
        .mark_bar(width={"band": 0.72})
        .encode(
            x=alt.X(f"utcyearmonth({on}):T", title=None, axis=_months()),
            y=alt.Y("sum(value):Q", title=title, axis=alt.Axis(tickMinStep=1)),
            color=_colours(series),
            order="order:Q",
            tooltip=_tip(),
        )
    )
    return _finished(chart)


def steps(rows: Sequence[Mapping[str, Any]], on: str, series: Series, total: Row, title: str) -> Spec:
    """Counts that grow: each column of `series` a line that keeps its height until the next day, below a total.

    `total` has `value` and `name`. Rows have a `tip`.
    """
    grown = (
        alt.Chart(_data(rows, [on, "tip", *series]))
        .transform_fold(list(series), as_=["series", "value"])
        .transform_calculate(order=_order(series), name=_names(series))
        .encode(
            x=alt.X(f"{on}:T", title=None, scale=alt.Scale(type="utc"), axis=_months()),
            y=alt.Y("value:Q", title=title),
            color=_colours(series),
            tooltip=_tip(),
        )
    )
    whole = alt.Chart(_data([total])).encode(y="value:Q")
    return _finished(
        alt.layer(
            grown.mark_line(interpolate="step-after", strokeWidth=2.5),
            grown.mark_point(filled=True, size=45, opacity=1),
            whole.mark_rule(strokeDash=[6, 4], color=colour("quiet")),
            whole.mark_text(align="left", dy=11, color=colour("text")).encode(x=alt.value(6), text="name:N"),
        )
    )


def parts(rows: Sequence[Mapping[str, Any]], series: Series, title: str, share: bool = False) -> Spec:
    """Horizontal bars, each under its own `label`: each column of `series` a part of the bar. Rows have a `tip`.

    share: every bar is as long as the others, and its parts are shares of it.
    """
    numbered = [{**row, "at": at} for at, row in enumerate(rows)]
    bars = (
        alt.Chart(_data(numbered))
        .transform_fold(list(series), as_=["series", "value"])
        .transform_calculate(order=_order(series), name=_names(series))
        .transform_filter("datum.value > 0")
        .mark_bar(size=16, yOffset=9, stroke=colour("quiet"), strokeWidth=0.5)
        .encode(
            x=alt.X("value:Q", title=title, stack="normalize" if share else "zero", axis=_few(share)),
            y=_rank(),
            color=_colours(series),
            order="order:Q",
            tooltip=_tip(),
        )
    )
    return _finished(alt.layer(bars, _labels(numbered)), _height(numbered))


def changes(rows: Sequence[Mapping[str, Any]], before: tuple[str, str], after: tuple[str, str], title: str) -> Spec:
    """From one value to another, each pair under its own `label`: columns `from` and `to`, with names and colours."""
    numbered = [{**row, "at": at} for at, row in enumerate(rows)]
    ends: Series = {"from": before, "to": after}
    base = alt.Chart(_data(numbered)).encode(y=_rank(), tooltip=_tip())
    points = (
        base.transform_fold(list(ends), as_=["series", "value"])
        .transform_calculate(name=_names(ends))
        .mark_point(filled=True, size=130, opacity=1, yOffset=9)
        .encode(
            x=alt.X("value:Q", title=title, axis=_few()),
            color=_colours(ends),
            shape=alt.Shape("name:N", title=None, scale=alt.Scale(domain=[before[0], after[0]])),
        )
    )
    joined = base.mark_rule(strokeWidth=3, yOffset=9, color=colour("quiet"), opacity=0.55).encode(
        x=alt.X("from:Q", title=title, axis=_few()), x2="to:Q"
    )
    return _finished(alt.layer(joined, points, _labels(numbered)), _height(numbered))


def _height(rows: Sequence[Row]) -> int:
    """Room for each label and its bar, and for a second line if a narrow phone needs one."""
    is_long = any(len(row["label"]) > NARROW / LETTER_WIDTH for row in rows)
    return (RANK_HEIGHT + LINE_HEIGHT * is_long) * len(rows) + 70


def _rank() -> alt.Y:
    return alt.Y("at:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))


def _labels(rows: Iterable[Mapping[str, Any]]) -> alt.Chart:
    """What each bar is about, above it: beside it there is no room on a phone."""
    return (
        alt.Chart(_data(rows))
        .transform_calculate(lines=BROKEN)
        .mark_text(
            align="left",
            yOffset=-11,
            dy=alt.expr(RAISED),
            fontSize=13,
            lineBreak="\n",
            lineHeight=LINE_HEIGHT,
            color=colour("text"),
        )
        .encode(y=_rank(), x=alt.value(0), text="lines:N")
    )


def _months() -> alt.Axis:
    return alt.Axis(format="%b %Y", tickCount=6, labelFlush=True)


def _few(share: bool = False) -> alt.Axis:
    return alt.Axis(tickCount=5, format="%") if share else alt.Axis(tickCount=5, tickMinStep=1)


def _tip() -> alt.Tooltip:
    return alt.Tooltip("tip:N", title=" ")


def _data(rows: Iterable[Row], columns: Collection[str] | None = None) -> alt.Data:
    """The rows, or these columns of them, as a chart holds them."""
    values = [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row.items()
            if columns is None or name in columns
        }
        for row in rows
    ]
    return alt.Data(values=values)


def _order(series: Series) -> str:
    return f"indexof({list(series)}, datum.series)"


def _names(series: Series) -> str:
    """The expression that gives a series its name in the legend."""
    return f"{[name for name, _ in series.values()]}[indexof({list(series)}, datum.series)]"


def _colours(series: Series) -> alt.Color:
    domain, colours = zip(*series.values(), strict=True)
    return alt.Color("name:N", title=None, scale=alt.Scale(domain=list(domain), range=list(colours)))


def _tooltip(on: str) -> Sequence[alt.Tooltip]:
    return [
        alt.Tooltip(f"{on}:T", title=" ", format="%e %B %Y"),
        alt.Tooltip("name:N", title="  "),
        alt.Tooltip("value:Q", title="   ", format=","),
    ]


def _finished(chart: Any, height: int = HEIGHT) -> Spec:
    found: dict[str, Any] = chart.properties(width="container", height=height).to_dict(validate=False)
    found.pop("config", None)
    found["autosize"] = {"type": "fit", "contains": "padding"}
    return found
