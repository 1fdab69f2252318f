"""What published registrations reveal: the least and the greatest number that each cell can have, given all of them.

Belongs here: an attacker who reads core.fct_registration, core.fct_registration_total and kpi.visits of one or several
releases, adds up women and men, and knows which numbers are the same in two releases. Does not belong
here: contacts (`attack`).

A variable is a month, municipality and group, and for each total its jobseekers without a known municipality and its
residual; a number that is the same in several releases is one variable. Every published bound is a constraint.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from scipy import optimize, sparse

Cell = tuple[str, str, str]
"""Month, municipality's code, group. In place of a code also `rest` or `residual` with the code of its area."""
Key = tuple[Any, ...]

DIVISIONS = (("women", "men"), ("born_in_sweden", "born_abroad"))
"""Groups that are all jobseekers of a place together."""

NUMBERS = """
    select report_month::varchar, municipality_code, visitor_group, registered_min, registered_max, is_held
    from core.fct_registration
"""
TOTALS = """
    select
        report_month::varchar as report_month, visitor_group, scope, scope_code, municipalities_min, municipalities_max,
        coalesce(rest_min, 0) as rest_min, coalesce(rest_max, 0) as rest_max,
        if(stated_min is null, 0, residual_min) as residual_min,
        if(stated_min is null, 0, residual_max) as residual_max,
        registered_min, registered_max
    from core.fct_registration_total
"""
FA_REGIONS = """
    select distinct report_month::varchar, visitor_group, scope, scope_code, registered_min, registered_max
    from kpi.visits where scope = 'fa_region' and registered_min is not null
"""
AREAS = "select scope, scope_code, municipality_code from core.dim_municipality_scope"


@dataclass
class _Program:
    """Variables with bounds, and sums of them with bounds."""

    bounds: dict[Key, list[float]] = field(default_factory=dict)
    rows: list[tuple[dict[Key, float], float, float]] = field(default_factory=list)

    def variable(self, key: Key, low: float, high: float) -> Key:
        """A variable, between all bounds that are told of it."""
        known = self.bounds.setdefault(key, [low, high])
        known[:] = [max(known[0], low), min(known[1], high)]
        return key

    def between(self, low: float, summands: dict[Key, float], high: float | None) -> None:
        """A sum that lies between two bounds; no upper one, if it is None."""
        self.rows.append((summands, low, np.inf if high is None else high))

    def extremes(self, wanted: Collection[Key]) -> dict[Key, tuple[float, float]]:
        """The least and the greatest value of each variable that is asked for."""
        place = {key: at for at, key in enumerate(self.bounds)}
        matrix = sparse.lil_array((2 * len(self.rows), len(place)))
        limits = np.empty(2 * len(self.rows))
        for at, (summands, low, high) in enumerate(self.rows):
            for key, factor in summands.items():
                matrix[2 * at, place[key]], matrix[2 * at + 1, place[key]] = factor, -factor
            limits[2 * at : 2 * at + 2] = high, -low
        told = np.isfinite(limits)
        found = {}
        for key in wanted:
            goal = np.zeros(len(place))
            goal[place[key]] = 1
            ends = [
                optimize.linprog(sign * goal, matrix.tocsr()[told], limits[told], bounds=list(self.bounds.values()))
                for sign in (1, -1)
            ]
            assert all(end.success for end in ends), ends[0].message
            found[key] = (ends[0].fun, -ends[1].fun)
        return found


def intervals(
    releases: Sequence[Path], truths: Sequence[Mapping[Cell, int]], wanted: Collection[Cell]
) -> list[dict[Cell, tuple[float, float]]]:
    """Of each release, the least and the greatest number of the wanted cells, given all releases.

    `truths`: the true numbers behind each release. The attacker is not told them, but which of them are equal.
    """
    program = _Program()
    shown: dict[Cell, int] = {}
    for file, truth in zip(releases, truths, strict=True):
        _read(program, file, truth, shown)
    keys = [{cell: (*cell, truth.get(cell, 0)) for cell in wanted} for truth in truths]
    found = program.extremes({key for each in keys for key in each.values() if key in program.bounds})
    return [{cell: found.get(key, (0, np.inf)) for cell, key in each.items()} for each in keys]


def _read(program: _Program, file: Path, truth: Mapping[Cell, int], shown: dict[Cell, int]) -> None:
    """Add what one release says; of a place that is held, what it says is of the number that was shown before."""
    with duckdb.connect(str(file), read_only=True) as connection:
        numbers, totals, fa_regions, areas = (
            connection.execute(query).fetchall() for query in (NUMBERS, TOTALS, FA_REGIONS, AREAS)
        )
    members: dict[tuple[str, str], list[str]] = {}
    for scope, code, municipality in areas:
        members.setdefault((scope, code), []).append(municipality)
    cells: dict[Cell, Key] = {}
    for month, municipality, group, low, high, is_held in numbers:
        cell = (month, municipality, group)
        if not is_held:
            shown[cell] = truth.get(cell, 0)
        cells[cell] = program.variable((*cell, shown[cell]), low, high)

    def of_area(month: str, group: str, scope: str, code: str) -> dict[Key, float]:
        named = ((month, each, group) for each in members[scope, code])
        return {cells[cell]: 1 for cell in named if cell in cells}

    for month, group, scope, code, low, high, rest_low, rest_high, more_low, more_high, all_low, all_high in totals:
        summands = of_area(month, group, scope, code)
        if low is not None:
            program.between(low, dict(summands), high)
        for place, least, most in (("rest", rest_low, rest_high), ("residual", more_low, more_high)):
            named = (month, f"{place} {code}", group)
            summands[program.variable((*named, truth.get(named, 0)), least, most)] = 1
        program.between(all_low, summands, all_high)
    for month, group, scope, code, low, high in fa_regions:
        program.between(low, of_area(month, group, scope, code), high)
    for (month, municipality, group), part in cells.items():
        everybody = cells.get((month, municipality, "all"))
        if everybody and group != "all":
            program.between(0, {everybody: 1, part: -1}, None)
    for month, municipality in {cell[:2] for cell in cells}:
        for division in DIVISIONS:
            parts = [cells.get((month, municipality, group)) for group in division]
            everybody = cells.get((month, municipality, "all"))
            if everybody and all(parts):
                program.between(0, {everybody: 1, **{part: -1 for part in parts if part}}, 0)
