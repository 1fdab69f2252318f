"""The timeline of a municipality: for each office and service centre, what was there from when to when.

Belongs here: turning published dates and bounds into bars. Does not belong here: how a bar looks (`parts`, the style
sheet), any date or duration that no table gives.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from orchestration.site.places import Places
from orchestration.site.warehouse import Row

FORMS = {"staffed": "staffed_office", "travel_to": "travel_to_office", "form_unknown": "office_form_unknown"}
"""The colour of an open office."""


@dataclass(frozen=True)
class Bar:
    """A stretch of time in which one thing holds, or, if uncertain, may hold."""

    kind: str
    """What holds: a form of presence, `gap` or `service_centre`."""
    since: date
    until: date
    is_uncertain: bool = False
    days: int | None = None
    """Of a gap: how long it was, at least or, if uncertain, at most."""
    counted_to: date | None = None
    """Of a gap whose end no document tells: the day to which it is counted."""


@dataclass(frozen=True)
class Line:
    """An office or a service centre with its bars, the first one first."""

    name: str
    bars: Sequence[Bar]
    is_centre: bool = False


@dataclass(frozen=True)
class Timeline:
    """The lines of one municipality, on the days of the published series."""

    first: date
    last: date
    lines: Sequence[Line]

    @property
    def years(self) -> Iterator[tuple[int, float]]:
        """Each year with the place of its first day, in per cent of the width."""
        for year in range(self.first.year + 1, self.last.year + 1):
            yield year, self.at(date(year, 1, 1))

    def at(self, day: date) -> float:
        """Where a day stands, in per cent of the width."""
        return round(100 * (day - self.first) / (self.last - self.first), 1)

    def width(self, bar: Bar) -> float:
        """How wide a bar is, in per cent."""
        return round(self.at(bar.until) - self.at(bar.since), 1)


def timeline(places: Places, offices: Sequence[Row], centres: Sequence[Row]) -> Timeline:
    """The timeline of these offices and service centres."""
    first, last = places.days[0], places.days[-1]
    lines = [Line(row["office"], tuple(_cut(_office(places, row), first, last))) for row in offices]
    launched = [row for row in centres if row["launch_month"] and not row["known_to"] and not row["withdrawn_on"]]
    lines += [Line(row["locality"], tuple(_cut(_centre(row, last), first, last)), is_centre=True) for row in launched]
    return Timeline(first, last, [line for line in lines if line.bars])


def _cut(bars: Iterator[Bar], first: date, last: date) -> Iterator[Bar]:
    """What of the bars lies within the series."""
    for bar in bars:
        since, until = max(bar.since, first), min(bar.until, last)
        if since < until:
            yield replace(bar, since=since, until=until)


def _office(places: Places, office: Row) -> Iterator[Bar]:
    last = places.days[-1]
    end = office["closes_on"] or office["removed_on"] or last
    changes = places.forms.get(office["office_id"], [])
    ends = [*(row["since"] for row in changes), end][1:]
    for row, until in zip(changes, ends, strict=True):
        yield Bar(FORMS[row["form"]], row["since"], until)
    if office["presence_form"] == "nearby_office":
        yield Bar("nearby_office", end, last)
    elif office["presence_form"] == "collaboration":
        yield from _after_closing(places, office["office_id"], last)


def _after_closing(places: Places, office_id: str, last: date) -> Iterator[Bar]:
    """The gap with its bounds, as the latest document leaves it, and the collaboration from the day it was seen."""
    gaps = [row for row in places.gaps.get(office_id, []) if row["gap_days_min"] is not None]
    if not gaps:
        return
    gap = gaps[-1]
    least = gap["closed_on"] + timedelta(days=gap["gap_days_min"])
    yield Bar("gap", gap["closed_on"], least, days=gap["gap_days_min"])
    known = least
    if gap["gap_days_max"] is not None:
        known = gap["closed_on"] + timedelta(days=gap["gap_days_max"])
        counted_to = gap["as_of"] if gap["is_open"] is None else None
        yield Bar("gap", least, known, is_uncertain=True, days=gap["gap_days_max"], counted_to=counted_to)
    in_use = gap["is_open"] is False
    yield Bar("collaboration_in_use" if in_use else "collaboration_unknown", known, last, is_uncertain=not in_use)


def _centre(row: Row, last: date) -> Iterator[Bar]:
    yield Bar("service_centre", row["launch_month"], last, is_uncertain=row["is_latest_month"])
