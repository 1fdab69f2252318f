"""What published figures reveal: the smallest and the largest count that each cell can have, given all of them.

Belongs here: the attacker, who knows every published figure of one or several releases and that counts are not
negative, and the auditor, who also knows the true counts and says which cells are found out. Does not belong here: how
figures are protected (the warehouse's own way; others in `rivals.py`) and counts to try it on (`synthetic.py`).

A base cell is a month, a municipality, a group and a channel; groups are disjoint, `no_group` is one of them and is
never published. Every figure is a sum of base cells, with a lower and an upper bound. Each cell that they leave open is
a variable, each figure a constraint, and a cell's interval the minimum and the maximum of a linear program. A
municipality's cell of a named group and a single channel that is not listed is zero; of any other figure that is not
listed, nothing is known.

Five things make it quick, and none changes which cells are found out. Bounds are propagated first: what follows from
one figure at a time needs no program, nor do figures that say no more than the bounds do. What hangs together (phone
calls of a month, say) is solved for itself. Every solution is a witness for all cells in it: a cell that has been seen
at 1 and at 4 is safe, and the auditor knows a first solution, the truth. Small programs come first: a witness may be
found while all cells far away keep their counts, and a cell may be found out by the figures around it alone. Programs
that push many cells at once come before those for a single one.
"""

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
from scipy import optimize, sparse

GROUPS = (
    "native_no_disability",
    "disability",
    "establishment",
    "over_55",
    "job_development_guarantee",
    "youth_guarantee",
)
NO_GROUP = "no_group"
CHANNELS = ("visit_booked", "visit_drop_in", "phone", "digital_meeting", "chat")
VISITS = ("visit_booked", "visit_drop_in")

CELL = ["report_month", "municipality_code", "visitor_group", "channel"]
FIGURE = ["report_month", "scope", "scope_code", "visitor_group", "channel"]
BOUNDS = ["visits_min", "visits_max"]

SMALLEST, LARGEST_SMALL = 1, 4
"""Counts that are never published."""
HIDDEN_WIDTH = 5
"""A larger count that is not published must not be known more precisely than so."""

TOLERANCE = 1e-6
# Stands for "no upper bound" where bounds are added up: exact in floating point, and no sum of contacts reaches it.
_NO_BOUND = 1e12
_ROUNDS_OF_PROPAGATION = 50
# How many variables make a joint program worth its while, and when they have found their easy witnesses.
_JOINT_VARIABLES = 400
_FEW_WITNESSES = 0.01
# Sums of so many open cells at most tell what is near: those of a municipality and of a county's group.
_SHORT_SUM = 100

Vector = np.ndarray[Any, np.dtype[np.float64]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_GROUP_SUMS = pl.DataFrame(
    [(group, group) for group in GROUPS] + [(group, "all") for group in (*GROUPS, NO_GROUP)],
    schema=["visitor_group", "group_of_sum"],
    orient="row",
)
_CHANNEL_SUMS = pl.DataFrame(
    [(channel, channel) for channel in CHANNELS] + [(channel, "all") for channel in VISITS],
    schema=["channel", "channel_of_sum"],
    orient="row",
)
_IS_BASE = (
    (pl.col("scope") == "municipality") & pl.col("visitor_group").is_in(GROUPS) & pl.col("channel").is_in(CHANNELS)
)


class Contradiction(ValueError):
    """Figures that no counts have, or that the true counts do not have."""


@dataclass(frozen=True)
class Report:
    """What an attack found. A cell is counted once for each release that it stands in.

    primary: cells of 1 to 4 contacts, those of `no_group` too; broken_primary: those whose interval does not hold 1 to
    4. complementary: larger cells that are published without their count; broken_complementary: those whose interval is
    narrower than five. rounded: larger cells that are published by bounds narrower than five, which hide nothing.
    narrowest: the width of the narrowest interval of a cell of the first two kinds, at most (broken) or at least
    (safe). sums_exact, sums_bounded: published figures that are sums of base cells; median_width: of the latter,
    relative to the true sum. variables: cells that are open after propagation. programs: linear programs solved.
    unproven: programs that the solver gave up. broken: the cells found out, with bounds of what their count can be.
    """

    primary: int
    complementary: int
    rounded: int
    broken_primary: int
    broken_complementary: int
    narrowest: float | None
    sums_exact: int
    sums_bounded: int
    median_width: float | None
    variables: int
    programs: int
    unproven: int
    seconds: float
    broken: pl.DataFrame

    @property
    def is_safe(self) -> bool:
        return not (self.broken_primary or self.broken_complementary or self.unproven)


def published_figures(database: Path) -> pl.DataFrame:
    """Every figure of kpi.visits and core.fct_contact_month in a DuckDB file, in the attack's form.

    Both tables are one publication: a figure that both give stands there twice, and counts by its narrowest bounds.
    Bounds go before the figure beside them, which may be rounded.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.sql(
            f"""
            select report_month, scope, scope_code, visitor_group, channel,
                coalesce(visits_min, visits)::bigint as visits_min, coalesce(visits_max, visits)::bigint as visits_max
            from kpi.visits
            where visits is not null or visits_min is not null or visits_max is not null
                -- A listed cell of which nothing is said is not the same as one that is not listed, which is zero.
                or (scope = 'municipality' and visitor_group in {GROUPS} and channel in {CHANNELS})
            union all
            select report_month, 'municipality', municipality_code, visitor_group, channel,
                coalesce(contacts_min, contacts)::bigint, coalesce(contacts_max, contacts)::bigint
            from core.fct_contact_month
            order by all
            """
        ).pl()


def published_areas(database: Path) -> pl.DataFrame:
    """Which municipality lies in which areas, by core.dim_municipality_scope in a DuckDB file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.sql(
            "select municipality_code, scope, scope_code from core.dim_municipality_scope order by all"
        ).pl()


def sums(cells: pl.DataFrame, areas: pl.DataFrame, value: str = "contacts") -> pl.DataFrame:
    """Every figure that is published of such cells, the base cells of named groups among them, by its true value."""
    return _memberships(cells, areas).group_by(FIGURE).agg(pl.col(value).sum()).sort(FIGURE)


def unchanged(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The cells that have the same count in two versions: what the best informed attacker knows of them."""
    return before.join(after, on=[*CELL, "contacts"], how="semi").select(CELL)


def intervals(
    releases: Sequence[pl.DataFrame],
    areas: pl.DataFrame,
    known_unchanged: Sequence[pl.DataFrame] | None = None,
    asked: pl.DataFrame | None = None,
    whole_numbers: bool = False,
) -> pl.DataFrame:
    """What each cell can be, at least and at most, in each release: the attacker's own view.

    Args:
        releases: published figures, oldest release first: FIGURE and BOUNDS.
        areas: municipality_code, scope, scope_code; every municipality of each published area.
        known_unchanged: for each release but the first, the cells of which the attacker knows that they are as in the
            release before. A cell of which this is not known is an unknown of its own.
        asked: the cells to ask for (CELL); all that the figures leave open, if not given.
        whole_numbers: intervals of whole counts, by integer programs, instead of the wider ones of linear programs.

    Returns:
        release (from 0), CELL, lowest, highest (infinite, if nothing bounds it).
    """
    system = _System(releases, areas, known_unchanged)
    keys = system.cells if asked is None else system.cells.join(asked, on=CELL, how="semi")
    wanted = np.zeros(len(system.low), dtype=bool)
    wanted[keys["variable"].to_numpy()] = True
    search = _Search(system, None, whole_numbers)
    search.run(_Exactly(wanted))
    found = keys["variable"].to_numpy()
    return keys.select(
        "release", *CELL, lowest=pl.Series(search.low[found]), highest=pl.Series(_open(search.high[found]))
    ).sort("release", *CELL)


def audit(
    releases: Sequence[pl.DataFrame],
    truths: Sequence[pl.DataFrame],
    areas: pl.DataFrame,
    knows_unchanged: bool = True,
    whole_numbers: bool = False,
) -> Report:
    """Attack the releases and say which cells are found out, knowing the true counts of each release.

    Args:
        releases: published figures, oldest release first: FIGURE and BOUNDS.
        truths: the true cells behind each release: CELL and contacts.
        areas: municipality_code, scope, scope_code; every municipality of each published area.
        knows_unchanged: whether the attacker knows exactly which cells did not change from one release to the next.
        whole_numbers: attack by integer programs: the strongest attack, and a slower one.
    """
    started = time.monotonic()
    known = [unchanged(one, other) for one, other in itertools.pairwise(truths)] if knows_unchanged else None
    system = _System(releases, areas, known)
    cells = system.cells.join(
        pl.concat([truth.with_columns(release=pl.lit(at, pl.Int64)) for at, truth in enumerate(truths)]).select(
            "release", *CELL, "contacts"
        ),
        on=["release", *CELL],
        how="left",
    ).with_columns(pl.col("contacts").fill_null(0))
    variables = cells["variable"].to_numpy()
    counts = np.zeros(len(system.low))
    counts[variables] = cells["contacts"].to_numpy()
    system.expect(counts)
    kinds = cells.with_columns(
        kind=pl.when(pl.col("contacts").is_between(SMALLEST, LARGEST_SMALL))
        .then(pl.lit("primary"))
        .when(
            (pl.col("contacts") <= LARGEST_SMALL)
            | (pl.col("visitor_group") == NO_GROUP)
            | (pl.col("published_min") == pl.col("published_max"))
        )
        .then(None)
        .when(pl.col("published_max") - pl.col("published_min") < HIDDEN_WIDTH)
        .then(pl.lit("rounded"))
        .otherwise(pl.lit("complementary"))
    )
    primary, complementary, rounded = (
        kinds.filter(pl.col("kind") == kind) for kind in ("primary", "complementary", "rounded")
    )
    rule = _Rule(_mask(primary, len(counts)), _mask(complementary, len(counts)))
    search = _Search(system, counts, whole_numbers)
    search.run(rule)
    broken = rule.broken(search)
    asked = pl.concat([primary, complementary])
    at = asked["variable"].to_numpy()
    widths = np.where(broken[at], search.high[at] - search.low[at], search.seen_high[at] - search.seen_low[at])
    found_out = asked.with_columns(
        lowest=pl.Series(search.low[at]), highest=pl.Series(_open(search.high[at])), is_broken=pl.Series(broken[at])
    ).filter("is_broken")
    exact, bounded, width = _how_precise(releases, truths, areas)
    return Report(
        primary=primary.height,
        complementary=complementary.height,
        rounded=rounded.height,
        broken_primary=found_out.filter(pl.col("kind") == "primary").height,
        broken_complementary=found_out.filter(pl.col("kind") == "complementary").height,
        narrowest=float(widths.min()) if len(widths) else None,
        sums_exact=exact,
        sums_bounded=bounded,
        median_width=width,
        variables=int((system.low < system.high).sum()),
        programs=search.programs,
        unproven=search.given_up,
        seconds=time.monotonic() - started,
        broken=found_out.select("release", *CELL, "kind", "contacts", "lowest", "highest").sort("release", *CELL),
    )


def _open(high: Vector) -> Vector:
    return np.where(high >= _NO_BOUND, np.inf, high)


def _mask(cells: pl.DataFrame, size: int) -> Mask:
    mask = np.zeros(size, dtype=bool)
    mask[cells["variable"].to_numpy()] = True
    return mask


def _memberships(cells: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Each cell once for each figure that it is part of; the columns of FIGURE name the figure."""
    return (
        cells.join(_GROUP_SUMS, on="visitor_group")
        .join(_CHANNEL_SUMS, on="channel")
        .join(areas, on="municipality_code")
        .drop("visitor_group", "channel")
        .rename({"group_of_sum": "visitor_group", "channel_of_sum": "channel"})
    )


def _narrowest(figures: pl.DataFrame) -> pl.DataFrame:
    """Each figure once, with all that its rows say of it."""
    return (
        figures.select(*FIGURE, *BOUNDS)
        .group_by(FIGURE)
        .agg(
            pl.col("visits_min").max().cast(pl.Float64).fill_null(0.0),
            pl.col("visits_max").min().cast(pl.Float64).fill_null(_NO_BOUND),
        )
        .sort(FIGURE)
    )


def _how_precise(
    releases: Sequence[pl.DataFrame], truths: Sequence[pl.DataFrame], areas: pl.DataFrame
) -> tuple[int, int, float | None]:
    """Sums that are published exactly, and by bounds; the median width of the latter relative to the true sum."""
    exact = bounded = 0
    relative: list[pl.Series] = []
    for figures, truth in zip(releases, truths, strict=True):
        found = _narrowest(figures).filter(~_IS_BASE).join(sums(truth, areas), on=FIGURE)
        is_exact = pl.col("visits_min") == pl.col("visits_max")
        exact += found.filter(is_exact).height
        wide = found.filter(~is_exact & (pl.col("visits_max") < _NO_BOUND))
        bounded += wide.height
        relative.append(
            wide.select(
                (pl.col("visits_max") - pl.col("visits_min")) / pl.max_horizontal("contacts", pl.lit(1))
            ).to_series()
        )
    widths = pl.concat(relative) if relative else pl.Series(dtype=pl.Float64)
    return exact, bounded, float(np.median(widths.to_numpy())) if len(widths) else None


class _System:
    """All cells of all releases as variables, with bounds, and all published sums as constraints on them.

    cells: release, CELL, variable, published_min, published_max (of the base cell; null if it is none).
    """

    def __init__(
        self, releases: Sequence[pl.DataFrame], areas: pl.DataFrame, known_unchanged: Sequence[pl.DataFrame] | None
    ) -> None:
        frames: list[pl.DataFrame] = []
        figures_of = [_narrowest(figures) for figures in releases]
        size = 0
        for at, figures in enumerate(figures_of):
            cells = _cells(figures, areas).with_columns(release=pl.lit(at, pl.Int64))
            if at and known_unchanged is not None:
                same = frames[-1].join(known_unchanged[at - 1], on=CELL, how="semi").select(*CELL, "variable")
                cells = cells.join(same, on=CELL, how="left", maintain_order="left")
            else:
                cells = cells.with_columns(variable=pl.lit(None, pl.Int64))
            new = pl.col("variable").is_null()
            cells = cells.with_columns(variable=pl.when(new).then(new.cum_sum() - 1 + size).otherwise("variable"))
            size = max(size, int(cells["variable"].max() or 0) + 1) if cells.height else size  # type: ignore[arg-type]
            frames.append(cells)
        self.cells = pl.concat(frames).select("release", *CELL, "variable", "published_min", "published_max", "at_most")
        self.low = np.zeros(size)
        self.high = np.full(size, _NO_BOUND)
        variables = self.cells["variable"].to_numpy()
        np.maximum.at(self.low, variables, self.cells["published_min"].fill_null(0.0).to_numpy())
        np.minimum.at(self.high, variables, self.cells["at_most"].to_numpy())
        self._check_bounds()
        matrix, self.lower, self.upper = _constraints(frames, figures_of, areas, size)
        self.matrix = self._propagated(matrix)

    def expect(self, counts: Vector) -> None:
        """Raise Contradiction unless these counts, by variable, keep every bound."""
        wrong = np.flatnonzero((counts < self.low) | (counts > self.high))
        found = self.matrix @ counts
        if len(wrong) or (found < self.lower).any() or (found > self.upper).any():
            rows = self.cells.filter(pl.col("variable").is_in(wrong[:3].tolist())).rows()
            raise Contradiction(f"the true counts are not what was published: {len(wrong)} cells, {rows}")

    def _check_bounds(self) -> None:
        wrong = np.flatnonzero(self.low > self.high)
        if len(wrong):
            rows = self.cells.filter(pl.col("variable").is_in(wrong[:3].tolist())).rows()
            raise Contradiction(f"no count keeps all bounds of {len(wrong)} cells, as of {rows}")

    def _propagated(self, matrix: sparse.csr_array) -> sparse.csr_array:
        """Narrow the bounds of cells by one figure at a time, and leave out figures that then say nothing more."""
        for _ in range(_ROUNDS_OF_PROPAGATION):
            matrix = self._without_known(matrix)
            rows, columns = _entries(matrix)
            least, most = matrix @ self.low, matrix @ self.high
            low, high = self.low.copy(), self.high.copy()
            others = least[rows] - self.low[columns]
            np.minimum.at(high, columns, np.where(self.upper[rows] < _NO_BOUND, self.upper[rows] - others, _NO_BOUND))
            # Where an unbounded cell is in the sum of the others, they can be anything.
            others = most[rows] - self.high[columns]
            np.maximum.at(low, columns, np.where(others < _NO_BOUND / 2, self.lower[rows] - others, 0.0))
            if (low <= self.low).all() and (high >= self.high).all():
                break
            self.low, self.high = np.maximum(low, self.low), np.minimum(high, self.high)
            self._check_bounds()
        return self._without_known(matrix)

    def _without_known(self, matrix: sparse.csr_array) -> sparse.csr_array:
        """Known cells go to the other side; of figures about the same cells one is left, of redundant ones none."""
        known = self.low == self.high
        fixed = matrix @ np.where(known, self.low, 0.0)
        self.lower, self.upper = self.lower - fixed, np.where(self.upper < _NO_BOUND, self.upper - fixed, _NO_BOUND)
        rows, columns = _entries(matrix)
        left = ~known[columns]
        sizes = np.bincount(rows[left], minlength=matrix.shape[0])
        if ((self.lower > 0) | (self.upper < 0))[sizes == 0].any():
            raise Contradiction("published sums are not those of their published parts")
        matrix = _matrix(rows[left], columns[left], matrix.shape)
        needed = (matrix @ self.low < self.lower) | ((matrix @ self.high > self.upper) & (self.upper < _NO_BOUND))
        needed &= sizes > 0
        matrix, self.lower, self.upper = matrix[needed], self.lower[needed], self.upper[needed]
        # Sums of random numbers are equal where the sets of cells are.
        marks = np.random.default_rng(0).integers(1, 1 << 52, matrix.shape[1])
        _, first, group = np.unique(matrix.astype(np.int64) @ marks, return_index=True, return_inverse=True)
        lower, upper = np.full(len(first), -_NO_BOUND), np.full(len(first), _NO_BOUND)
        np.maximum.at(lower, group, self.lower)
        np.minimum.at(upper, group, self.upper)
        self.lower, self.upper = lower, upper
        return matrix[first]


def _cells(figures: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Every cell of the months that are published by municipality: CELL, published_min, published_max, at_most."""
    base = figures.filter(_IS_BASE).rename({"scope_code": "municipality_code"})
    return (
        base.select("report_month")
        .unique()
        .join(areas.select("municipality_code").unique(), how="cross")
        .join(pl.DataFrame({"visitor_group": [*GROUPS, NO_GROUP]}), how="cross")
        .join(pl.DataFrame({"channel": CHANNELS}), how="cross")
        .sort(CELL)
        .join(
            base.select(*CELL, published_min="visits_min", published_max="visits_max"),
            on=CELL,
            how="left",
            maintain_order="left",
        )
        .with_columns(
            at_most=pl.when(pl.col("visitor_group") == NO_GROUP)
            .then(pl.lit(_NO_BOUND))
            .otherwise(pl.col("published_max").fill_null(0.0))
        )
    )


def _constraints(
    frames: Sequence[pl.DataFrame], figures_of: Sequence[pl.DataFrame], areas: pl.DataFrame, size: int
) -> tuple[sparse.csr_array, Vector, Vector]:
    """The published sums: which cells they add up, and their bounds."""
    rows: list[Numbers] = []
    columns: list[Numbers] = []
    lower: list[Vector] = []
    upper: list[Vector] = []
    first = 0
    for cells, figures in zip(frames, figures_of, strict=True):
        said = figures.filter(~_IS_BASE).with_row_index("row")
        members = _memberships(cells.select(*CELL, "variable"), areas).join(said, on=FIGURE).select("row", "variable")
        rows.append(members["row"].to_numpy().astype(np.int64) + first)
        columns.append(members["variable"].to_numpy())
        lower.append(said["visits_min"].to_numpy())
        upper.append(said["visits_max"].to_numpy())
        # A sum of places or months that are not asked about has no members; it says nothing here.
        empty = np.ones(said.height, dtype=bool)
        empty[members["row"].to_numpy()] = False
        lower[-1] = np.where(empty, 0.0, lower[-1])
        first += said.height
    return _matrix(np.concatenate(rows), np.concatenate(columns), (first, size)), *map(np.concatenate, (lower, upper))


def _matrix(rows: Numbers, columns: Numbers, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def _entries(matrix: sparse.csr_array) -> tuple[Numbers, Numbers]:
    found = matrix.tocoo()
    return found.row.astype(np.int64), found.col.astype(np.int64)


class _Exactly:
    """The goal of an attacker: for each wanted variable a solution at its lowest and one at its highest."""

    def __init__(self, wanted: Mask) -> None:
        self._wanted = wanted

    def up(self, search: "_Search") -> tuple[Mask, Vector]:
        return self._wanted & (search.seen_high < search.high - TOLERANCE), search.high

    def down(self, search: "_Search") -> tuple[Mask, Vector]:
        return self._wanted & (search.seen_low > search.low + TOLERANCE), search.low


class _Rule:
    """The goal of an auditor: primary cells seen at 1 and at 4, complementary ones at two counts far enough apart."""

    def __init__(self, primary: Mask, complementary: Mask) -> None:
        self._primary, self._complementary = primary, complementary

    def broken(self, search: "_Search") -> Mask:
        """What cannot be seen so, whatever the counts are."""
        narrow = (search.low > SMALLEST + TOLERANCE) | (search.high < LARGEST_SMALL - TOLERANCE)
        return (self._primary & narrow) | (self._complementary & (search.high - search.low < HIDDEN_WIDTH - TOLERANCE))

    def up(self, search: "_Search") -> tuple[Mask, Vector]:
        target = np.where(self._primary, float(LARGEST_SMALL), np.minimum(search.high, search.seen_low + HIDDEN_WIDTH))
        return self._open(search) & (search.seen_high < target - TOLERANCE), target

    def down(self, search: "_Search") -> tuple[Mask, Vector]:
        target = np.where(self._primary, float(SMALLEST), np.maximum(search.low, search.seen_high - HIDDEN_WIDTH))
        return self._open(search) & (search.seen_low > target + TOLERANCE), target

    def _open(self, search: "_Search") -> Mask:
        wide_enough = search.seen_high - search.seen_low >= HIDDEN_WIDTH - TOLERANCE
        return ~self.broken(search) & (self._primary | (self._complementary & ~wide_enough))


class _Search:
    """Linear programs until a goal has nothing open.

    low, high: what no solution goes beyond. seen_low, seen_high: what some solution reaches.
    """

    def __init__(self, system: _System, solution: Vector | None, whole_numbers: bool) -> None:
        self._system = system
        self._solution = solution
        self._whole = int(whole_numbers)
        self._chance = np.random.default_rng(0)
        self.low, self.high = system.low.copy(), system.high.copy()
        size = len(self.low)
        self.seen_low = np.full(size, np.inf) if solution is None else solution.copy()
        self.seen_high = np.full(size, -np.inf) if solution is None else solution.copy()
        known = system.low == system.high
        # A cell in no constraint can be all that its bounds allow.
        free = np.bincount(_entries(system.matrix)[1], minlength=size) == 0
        self.seen_low[known | free] = self.low[known | free]
        self.seen_high[known | free] = self.high[known | free]
        self.programs = self.given_up = 0

    def run(self, goal: _Exactly | _Rule) -> None:
        parts = _parts(self._system)
        for part in parts:
            if len(part.columns) >= _JOINT_VARIABLES:
                if self._solution is not None:
                    self._push_many_near(part, goal, self._solution)
                self._push_one_by_one(part, goal, self._push_near)
        for part in _bundled(parts):
            self._push_many(part, goal)
        for part in parts:
            self._push_one_by_one(part, goal, self._push)

    def _is_open(self, columns: Numbers, goal: _Exactly | _Rule) -> Mask:
        return goal.up(self)[0][columns] | goal.down(self)[0][columns]

    def _push_many_near(self, part: "_Part", goal: _Exactly | _Rule, solution: Vector) -> None:
        """Push the open cells of one neighbourhood after the other; all others stay as they are."""
        left = self._is_open(part.columns, goal)
        for at in np.flatnonzero(left):
            if left[at]:
                near = part.near(int(at))
                self._push_many(part.with_fixed(near, solution), goal)
                left[near] = False
                left[at] = False

    def _push_many(self, part: "_Part", goal: _Exactly | _Rule) -> None:
        """Push all open cells at once, each up or down and not beyond its target, while that finds enough of them."""
        columns = part.columns
        while True:
            (up, above), (down, below) = goal.up(self), goal.down(self)
            before = int(up[columns].sum() + down[columns].sum())
            if before < 3:
                return
            upwards = up[columns] & (~down[columns] | (self._chance.random(len(columns)) < 0.5))
            pushed = np.flatnonzero(up[columns] | down[columns])
            signs = np.where(upwards[pushed], 1.0, -1.0)
            targets = np.where(upwards, above[columns], below[columns])[pushed]
            _, found = self._solve(part, pushed, signs, targets, self._chance.uniform(0.5, 1.0, len(pushed)))
            if found is None:
                return
            self._see(columns, found)
            after = int(goal.up(self)[0][columns].sum() + goal.down(self)[0][columns].sum())
            if before - after <= max(1, _FEW_WITNESSES * before):
                return

    def _push_one_by_one(
        self, part: "_Part", goal: _Exactly | _Rule, push: Callable[["_Part", int, bool], None]
    ) -> None:
        """Push each cell that is still open up, then down."""
        if not self._is_open(part.columns, goal).any():
            return
        for upwards in (True, False):
            aim = goal.up if upwards else goal.down
            left = np.ones(len(part.columns), dtype=bool)
            while (still := aim(self)[0][part.columns] & left).any():
                at = int(np.argmax(still))
                left[at] = False
                push(part, at, upwards)

    def _push_near(self, part: "_Part", at: int, upwards: bool) -> None:
        """What a cell can be while cells far from it stay as they are, and while nothing is known about those."""
        near = part.near(at)
        there = int(np.searchsorted(near, at))
        sign = np.array([1.0 if upwards else -1.0])
        column = part.columns[at]
        _, found = self._solve(part.alone(near), np.array([there]), sign, None, np.ones(1))
        if found is not None and upwards:
            self.high[column] = min(self.high[column], found[there])
        elif found is not None:
            self.low[column] = max(self.low[column], found[there])
        if self._solution is not None:
            fixed = part.with_fixed(near, self._solution)
            _, found = self._solve(fixed, np.array([there]), sign, None, np.ones(1))
            if found is not None:
                self._see(fixed.columns, found)

    def _push(self, part: "_Part", at: int, upwards: bool) -> None:
        """What a cell can be, all constraints considered."""
        column = part.columns[at]
        sign = np.array([1.0 if upwards else -1.0])
        status, found = self._solve(part, np.array([at]), sign, None, np.ones(1))
        if found is not None:
            self._see(part.columns, found)
        elif upwards and status in (3, 4) and self._system.high[column] >= _NO_BOUND:
            self.seen_high[column] = _NO_BOUND
        else:
            self.given_up += 1
            return
        if upwards:
            self.high[column] = self.seen_high[column]
        else:
            self.low[column] = self.seen_low[column]

    def _see(self, columns: Numbers, found: Vector) -> None:
        self.seen_low[columns] = np.minimum(self.seen_low[columns], found)
        self.seen_high[columns] = np.maximum(self.seen_high[columns], found)

    def _solve(
        self, part: "_Part", pushed: Numbers, signs: Vector, targets: Vector | None, weights: Vector
    ) -> tuple[int, Vector | None]:
        """One program: push cells up (1) or down (-1), to the target at most. The solver's status, and the solution."""
        self.programs += 1
        size, columns = len(part.columns), part.columns
        low, high = self._system.low[columns], self._system.high[columns]
        lower, upper, matrix = part.lower, part.upper, part.matrix
        cost = np.zeros(size)
        if targets is None:
            cost[pushed] = -signs * weights
        else:
            # Beyond its target a cell is worth no more: its worth is a variable of its own, bounded by cell and target.
            capped = np.where(signs > 0, high[pushed] > targets, low[pushed] < targets)
            cost[pushed[~capped]] = -(signs * weights)[~capped]
            worth = np.flatnonzero(capped)
            count = len(worth)
            links = sparse.csr_array((-signs[worth], (np.arange(count), pushed[worth])), shape=(count, size))
            matrix = sparse.block_array([[matrix, None], [links, sparse.eye_array(count)]], format="csr")
            cost = np.concatenate([cost, -weights[worth]])
            low = np.concatenate([low, np.full(count, -np.inf)])
            high = np.concatenate([high, (signs * targets)[worth]])
            lower = np.concatenate([lower, np.full(count, -np.inf)])
            upper = np.concatenate([upper, np.zeros(count)])
        solved = optimize.milp(
            cost,
            integrality=np.concatenate([np.full(size, self._whole), np.zeros(len(cost) - size)]),
            bounds=optimize.Bounds(low, _open(high)),
            constraints=optimize.LinearConstraint(matrix, lower, _open(upper)) if matrix.shape[0] else None,
        )
        if solved.status == 2:
            raise Contradiction("no counts have all of the published figures")
        if solved.status != 0:
            return solved.status, None
        found = solved.x[:size]
        whole = np.round(found)
        return 0, np.where(np.abs(found - whole) < TOLERANCE, whole, found)


@dataclass(frozen=True)
class _Part:
    """Some constraints and their cells, the latter by their places in the system."""

    columns: Numbers
    matrix: sparse.csr_array
    lower: Vector
    upper: Vector

    def near(self, at: int) -> Numbers:
        """The cells that are two short sums or fewer away from one of them: mostly those of its county."""
        short = self.matrix[np.flatnonzero(np.diff(self.matrix.indptr) <= _SHORT_SUM)]
        reached = np.zeros(len(self.columns))
        reached[at] = 1
        for _ in range(2):
            reached += short.T @ (short @ reached)
        return np.flatnonzero(reached)

    def with_fixed(self, left: Numbers, solution: Vector) -> "_Part":
        """The part in which all cells but some are as in that solution."""
        others = solution[self.columns].copy()
        others[left] = 0
        rows = np.flatnonzero(self.matrix[:, left].sum(axis=1))
        fixed = self.matrix[rows] @ others
        upper = np.where(self.upper[rows] < _NO_BOUND, self.upper[rows] - fixed, _NO_BOUND)
        return _Part(self.columns[left], self.matrix[rows][:, left], self.lower[rows] - fixed, upper)

    def alone(self, left: Numbers) -> "_Part":
        """Some cells, and the constraints about nothing but them."""
        matrix = self.matrix[:, left]
        rows = np.flatnonzero(np.diff(matrix.indptr) == np.diff(self.matrix.indptr))
        return _Part(self.columns[left], matrix[rows], self.lower[rows], self.upper[rows])


def _parts(system: _System) -> list[_Part]:
    """The system taken apart by what hangs together, largest part first; cells in no constraint are in no part."""
    matrix = system.matrix
    count = matrix.shape[0]
    if not count:
        return []
    both = sparse.block_array([[None, matrix], [matrix.T, None]], format="csr")
    _, labels = sparse.csgraph.connected_components(both, directed=False)
    rows_by, columns_by = _by_label(labels[:count]), _by_label(labels[count:])
    parts = [
        _Part(columns_by[label], matrix[rows][:, columns_by[label]], system.lower[rows], system.upper[rows])
        for label, rows in rows_by.items()
    ]
    return sorted(parts, key=lambda part: -len(part.columns))


def _by_label(labels: Numbers) -> dict[int, Numbers]:
    order = np.argsort(labels, kind="stable")
    ends = np.flatnonzero(np.diff(labels[order])) + 1
    return {int(labels[each[0]]): each for each in np.split(order, ends) if len(each)}


def _bundled(parts: Sequence[_Part]) -> list[_Part]:
    """Small parts together, so that one program serves many of them."""
    bundles: list[list[_Part]] = []
    for part in parts:
        if not bundles or sum(len(each.columns) for each in bundles[-1]) >= _JOINT_VARIABLES:
            bundles.append([])
        bundles[-1].append(part)
    return [
        _Part(
            np.concatenate([each.columns for each in bundle]),
            sparse.block_diag([each.matrix for each in bundle], format="csr"),
            np.concatenate([each.lower for each in bundle]),
            np.concatenate([each.upper for each in bundle]),
        )
        for bundle in bundles
    ]
