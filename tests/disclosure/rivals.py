"""Other methods of protection, to compare with: what they publish of true cells, and what that costs the reader.

Belongs here: methods from textbooks, each from the cells of a release to its published figures, and the measure of
what is lost. Does not belong here: the warehouse's own method (`attack.published_figures` reads it), and whether a
method protects anything (`attack.py`).
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from tests.disclosure.attack import (
    CELL,
    CHANNELS,
    FIGURE,
    GROUPS,
    LARGEST_SMALL,
    NO_GROUP,
    SMALLEST,
    VISITS,
    Report,
    audit,
    sums,
)

_SMALL = pl.col("contacts").is_between(SMALLEST, LARGEST_SMALL)
_IS_BASE = (
    (pl.col("scope") == "municipality") & pl.col("visitor_group").is_in(GROUPS) & pl.col("channel").is_in(CHANNELS)
)

Cell = tuple[Any, ...]
"""A base cell (month, municipality, group, channel) or a figure (month, scope, code, group, channel), as a key."""


@dataclass(frozen=True)
class Loss:
    """What readers lose, all months together.

    suppressed: base cells of a named group without an exact count; suppressed_share: of all their contacts, the share
    that stands in such cells. sums: what could be published of larger groups, channels and areas; sums_inexact: those
    of them that are given by bounds; sums_withheld: not given at all. sums_error: how far the middle of the bounds is
    from the true sum, over all given sums, of what these count.
    """

    suppressed: int
    suppressed_share: float
    sums: int
    sums_inexact: int
    sums_withheld: int
    sums_error: float


@dataclass(frozen=True)
class Suppression:
    """What complementary suppression came to: the figures, and the last attack on them."""

    figures: pl.DataFrame
    report: Report
    rounds: int
    seconds: float


def loss(figures: pl.DataFrame, cells: pl.DataFrame, areas: pl.DataFrame) -> Loss:
    """Compare published figures with the true ones. A base cell that is not listed is published as zero."""
    said = figures.group_by(FIGURE).agg(pl.col("visits_min").max(), pl.col("visits_max").min(), listed=pl.lit(True))
    both = sums(cells, areas).join(said, on=FIGURE, how="left")
    exact = pl.col("visits_min") == pl.col("visits_max")
    base = both.filter(_IS_BASE)
    hidden = base.filter(pl.col("listed").fill_null(False) & ~exact.fill_null(False))
    larger = both.filter(~_IS_BASE)
    given = larger.filter(pl.col("visits_max").is_not_null())
    middle = (pl.col("visits_min").fill_null(0) + pl.col("visits_max")) / 2
    off = given.select((middle - pl.col("contacts")).abs().sum()).item()
    return Loss(
        suppressed=hidden.height,
        suppressed_share=float(hidden["contacts"].to_numpy().sum() / max(base["contacts"].to_numpy().sum(), 1)),
        sums=larger.height,
        sums_inexact=given.filter(~exact).height,
        sums_withheld=larger.height - given.height,
        sums_error=float(off / max(given["contacts"].to_numpy().sum(), 1)),
    )


def primary_only(cells: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Figures of 1 to 4 are given as 1 to 4, all others exactly."""
    return sums(cells, areas).select(
        *FIGURE,
        visits_min=pl.when(_SMALL).then(SMALLEST).otherwise("contacts"),
        visits_max=pl.when(_SMALL).then(LARGEST_SMALL).otherwise("contacts"),
    )


def rounded(cells: pl.DataFrame, areas: pl.DataFrame, base: int = 5, sums_only: bool = False) -> pl.DataFrame:
    """Figures of 1 to 4 are given as 1 to 4, zeros exactly, all others by the counts that round to the same multiple.

    Args:
        cells: the true cells of a release.
        areas: municipality_code, scope, scope_code.
        base: multiples of what; of two multiples that are equally near, the upper one is taken.
        sums_only: whether base cells of 5 or more are given exactly.
    """
    lowest = (pl.col("contacts") + base // 2) // base * base - base // 2
    exact = (pl.col("contacts") == 0) | (_IS_BASE if sums_only else pl.lit(False))
    return sums(cells, areas).select(
        *FIGURE,
        visits_min=pl.when(_SMALL)
        .then(SMALLEST)
        .when(exact)
        .then("contacts")
        # The rule itself says that what is not 1 to 4 is 5 or more.
        .otherwise(pl.max_horizontal(lowest, pl.lit(LARGEST_SMALL + 1))),
        visits_max=pl.when(_SMALL).then(LARGEST_SMALL).when(exact).then("contacts").otherwise(lowest + base - 1),
    )


def complementary(
    cells: pl.DataFrame, areas: pl.DataFrame, rounds: int = 40, seconds: float = 300.0, thrifty: bool = True
) -> Suppression:
    """Suppress larger cells too until an attack finds nothing, greedily, the smallest first; sums stay exact.

    All suppressed cells look alike: at least 1, at most what the municipality has of the channel. For a cell that is
    found out, one more is suppressed in its row (another group of the municipality), in its columns (another
    municipality of its county, of its FA-region) and in its pair (the other kind of visit), unless another is hidden
    there already. If that is not enough, more of them are, and at last the sums that the cell is part of are withheld,
    the smallest first. If thrifty, what proves unnecessary is published again then, the largest first. It stops after
    so many rounds of the first kind, or after so many seconds, whether or not all is safe by then; the report tells.
    """
    started = time.monotonic()
    chosen = _Chosen(cells, areas)
    number = 1
    while not (report := audit([chosen.figures()], [cells], areas)).is_safe:
        if number >= rounds or time.monotonic() - started > seconds:
            return Suppression(chosen.figures(), report, number, time.monotonic() - started)
        chosen.more(report.broken)
        number += 1
    batches = [chosen.unnecessary()] if thrifty else []
    while batches and time.monotonic() - started < seconds:
        batch = batches.pop()
        chosen.switch(batch)
        if audit([chosen.figures()], [cells], areas).is_safe:
            continue
        chosen.switch(batch)
        half = (len(batch) + 1) // 2
        if len(batch) > 1:
            batches += [batch[half:], batch[:half]]
    figures = chosen.figures()
    return Suppression(figures, audit([figures], [cells], areas), number, time.monotonic() - started)


class _Chosen:
    """What is suppressed and withheld so far."""

    def __init__(self, cells: pl.DataFrame, areas: pl.DataFrame) -> None:
        self._truth = sums(cells, areas)
        self._cells = cells
        self._counts: dict[Cell, int] = {row[:4]: row[4] for row in cells.select(*CELL, "contacts").iter_rows()}
        self._suppressed = {
            cell for cell, count in self._counts.items() if SMALLEST <= count <= LARGEST_SMALL and cell[2] in GROUPS
        }
        self._withheld: set[Cell] = set()
        self._sums: dict[Cell, int] = {row[:5]: row[5] for row in self._truth.select(*FIGURE, "contacts").iter_rows()}
        self._areas_of: dict[object, list[Cell]] = {}
        self._places_of: dict[Cell, list[object]] = {}
        for place, *area in areas.select("municipality_code", "scope", "scope_code").iter_rows():
            self._areas_of.setdefault(place, []).append(tuple(area))
            self._places_of.setdefault(tuple(area), []).append(place)

    def figures(self) -> pl.DataFrame:
        suppressed = pl.DataFrame(
            list(self._suppressed), schema={each: self._cells.schema[each] for each in CELL}, orient="row"
        ).select(*CELL, suppressed=pl.lit(True))
        withheld = pl.DataFrame(
            list(self._withheld), schema={each: self._truth.schema[each] for each in FIGURE}, orient="row"
        )
        most = self._truth.filter((pl.col("scope") == "municipality") & (pl.col("visitor_group") == "all")).select(
            "report_month", "scope", "scope_code", "channel", most=pl.max_horizontal("contacts", pl.lit(LARGEST_SMALL))
        )
        hidden = pl.col("suppressed").fill_null(False) & _IS_BASE
        small = _SMALL & ~_IS_BASE
        return (
            self._truth.join(
                suppressed,
                left_on=["report_month", "scope_code", "visitor_group", "channel"],
                right_on=CELL,
                how="left",
            )
            .join(most, on=["report_month", "scope", "scope_code", "channel"], how="left")
            .join(withheld, on=FIGURE, how="anti")
            .select(
                *FIGURE,
                visits_min=pl.when(hidden | small).then(SMALLEST).otherwise("contacts"),
                visits_max=pl.when(hidden).then("most").when(small).then(LARGEST_SMALL).otherwise("contacts"),
            )
        )

    def more(self, broken: pl.DataFrame) -> None:
        """Hide more for each of these cells, but not twice in the same line: the next attack shows what it has done."""
        touched: set[Cell] = set()
        for cell in broken.select(CELL).iter_rows():
            lines = [(total, cells) for total, cells in self._lines(cell) if total not in self._withheld]
            lonely = [line for line in lines if not any(self._is_hidden(each) for each in line[1])]
            if touched.intersection(total for total, _ in lines):
                continue
            done = [total for total, cells in lonely if self._suppress_one_of(cells)]
            if not done:
                # Few are hidden where the line is short or young: there one more helps most.
                by_hidden = sorted(lines, key=lambda line: sum(self._is_hidden(each) for each in line[1]))
                done = next(([total] for total, cells in by_hidden if self._suppress_one_of(cells)), [])
            touched.update(done or self._withhold_one_of(cell))

    def unnecessary(self) -> list[Cell]:
        """What the rule itself does not hide, cells and figures, the largest cells first, then the largest figures."""
        cells = [each for each in self._suppressed if self._counts[each] > LARGEST_SMALL]
        return sorted(cells, key=lambda each: (-self._counts[each], each)) + sorted(
            self._withheld, key=lambda each: (-self._sums[each], each)
        )

    def switch(self, batch: list[Cell]) -> None:
        """Publish what of these is hidden, and hide what is published."""
        self._suppressed ^= {each for each in batch if len(each) == len(CELL)}
        self._withheld ^= {each for each in batch if len(each) == len(FIGURE)}

    def _is_hidden(self, cell: Cell) -> bool:
        return cell in self._suppressed or cell[2] == NO_GROUP

    def _suppress_one_of(self, cells: list[Cell]) -> bool:
        left = [each for each in cells if not self._is_hidden(each) and self._counts[each] > LARGEST_SMALL]
        if left:
            self._suppressed.add(min(left, key=lambda each: self._counts[each]))
        return bool(left)

    def _withhold_one_of(self, cell: Cell) -> list[Cell]:
        """The smallest sum that a cell is part of, if any is left."""
        month, place, group, channel = cell
        names = [
            (month, *area, of, by)
            for area in self._areas_of[place]
            for of in ([group, "all"] if group in GROUPS else ["all"])
            for by in ([channel, "all"] if channel in VISITS else [channel])
        ]
        left = [
            each
            for each in names
            if each not in self._withheld and each != (month, "municipality", place, group, channel)
        ]
        found = sorted(left, key=lambda each: self._sums[each])[:1]
        self._withheld.update(found)
        return list(found)

    def _lines(self, cell: Cell) -> Iterator[tuple[Cell, list[Cell]]]:
        """The row, the columns and the pair of a cell: the figure that is its sum, and the other cells."""
        month, place, group, channel = cell
        row: list[Cell] = [(month, place, other, channel) for other in (*GROUPS, NO_GROUP) if other != group]
        yield (month, "municipality", place, "all", channel), row
        if group not in GROUPS:
            return
        for scope, code in self._areas_of[place]:
            if scope in ("county", "fa_region"):
                others: list[Cell] = [
                    (month, other, group, channel) for other in self._places_of[scope, code] if other != place
                ]
                yield (month, scope, code, group, channel), others
        if channel in VISITS:
            pair: list[Cell] = [(month, place, group, other) for other in VISITS if other != channel]
            yield (month, "municipality", place, group, "all"), pair
