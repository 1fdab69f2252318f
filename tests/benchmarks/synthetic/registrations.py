"""Synthetic registered jobseekers of 60 months, to which synthetic contacts are calibrated.

Belongs here: how many are registered by month, group and municipality, and the rates of Tabell 3 between its two
months. Does not belong here: contacts (`contacts`).

Nothing in them is a fact but the codes of municipalities; every row says that it is synthetic.
"""

import math
import tempfile
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

import polars as pl

from sources import vocabulary
from sources.geography import municipalities
from sources.registry import SHIPPED_REGISTER, Store, load_register
from sources.tables import DOCUMENT_TABLES, read_table, rows_frame

MONTHS = tuple(date(2016 + at // 12, at % 12 + 1, 1) for at in range(60))
FIRST, LAST = date(2019, 1, 1), date(2020, 1, 1)
"""The months of Tabell 3."""

GROUPS = MappingProxyType(
    {
        "native_no_disability": 0.34,
        "disability": 0.16,
        "establishment": 0.10,
        "over_55": 0.20,
        "job_development_guarantee": 0.08,
        "youth_guarantee": 0.03,
        "no_group": 0.09,
    }
)
"""Shares of the registered, disjoint; the last one is nobody's group: what all have beyond the others."""

REGISTERED = 350_000


def national(month: date, group: str = "all") -> float:
    """Registered jobseekers of the whole country: fewest in summer."""
    season = 1 + 0.06 * math.cos(2 * math.pi * (month.month - 1) / 12)
    return REGISTERED * season * GROUPS.get(group, 1)


def rate_of(group: str, month: date) -> float:
    """Visits per 100 registered."""
    first, last = (_rates(group, at) for at in (0, 1))
    done = min(1, max(0, (month - FIRST).days / (LAST - FIRST).days))
    return first + (last - first) * done


def write(path: Path, months: Sequence[date] = MONTHS) -> Path:
    """A Parquet file in the layout of plain tables, one row per month, municipality and group, also of all groups."""
    codes = [each.municipality_code for each in municipalities()]
    rows = [
        (f"{month:%Y-%m}", code, group, round(national(month, group) / len(codes)))
        for month in months
        for group in ("all", *GROUPS)
        if group != "no_group"
        for code in codes
    ]
    frame = pl.DataFrame(rows, schema=["month", "municipality_code", "group", "registered"], orient="row")
    frame.with_columns(pl.lit("true").alias("synthetic")).write_parquet(path)
    return path


def _rates(group: str, at: int) -> float:
    printed = _printed()
    if group != "no_group":
        return printed[group][at]
    named = sum(share * printed[name][at] for name, share in GROUPS.items() if name != "no_group")
    return (printed["all"][at] - named) / GROUPS["no_group"]


@cache
def _printed() -> dict[str, tuple[float, float]]:
    """Tabell 3: by group, the rates of January 2019 and January 2020."""
    with tempfile.TemporaryDirectory() as scratch:
        register = load_register(SHIPPED_REGISTER, [*DOCUMENT_TABLES])
        rows = rows_frame("visit_rates", read_table(register, Store(Path(scratch)), "visit_rates"))
    return {
        str(vocabulary.group(None, row["Grupp"])): (float(row["Januari 2019"]), float(row["Januari 2020"]))
        for row in rows.iter_rows(named=True)
    }
