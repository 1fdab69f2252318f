"""Charts as Vega-Lite, made with Altair.

Belongs here: how each kind of chart looks. Does not belong here: queries, sentences. Rows come as mappings with the
columns' names, titles in the page's language. Colours are the custom properties of `assets/style.css`, so that a chart
follows the reader's choice of light and dark.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

Spec = Mapping[str, Any]
Series = Mapping[str, tuple[str, str]]
"""A column of the rows, or a value of the column `series`, with its name in the legend and its colour."""

HEIGHT = 280


def colour(name: str) -> str:
    """A colour of the style sheet."""
    return f"var(--{name})"


def areas(rows: Iterable[Mapping[str, Any]], on: str, series: Series, title: str) -> Spec:
    """Counts by day, stacked: each column of `series` an area that keeps its height until the next day."""
    chart = (
        alt.Chart(_data(rows))
        .transform_fold(list(series), as_=["series", "value"])
        .transform_calculate(order=_order(series), name=_names(series))
        .mark_area(interpolate="step-after")
        .encode(
            x=alt.X(f"{on}:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=7)),
            y=alt.Y("value:Q", title=title),
            color=_colours(series),
            order="order:Q",
            tooltip=_tooltip(on),
        )
    )
    return _finished(chart)


def _data(rows: Iterable[Mapping[str, Any]]) -> alt.Data:
    values = [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()} for row in rows
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


def _finished(chart: Any) -> Spec:
    found: dict[str, Any] = chart.properties(width="container", height=HEIGHT).to_dict()
    found.pop("config", None)
    found["autosize"] = {"type": "fit", "contains": "padding"}
    return found
