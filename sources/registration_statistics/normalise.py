"""What the printed cells of registration statistics say: a month, a region, a group, a number with its bounds.

Belongs here: reading one cell, the same for every layout. Does not belong here: judging a row (a cell that says nothing
is null here, and a contract refuses its row), and adding up rows.

- A month is `2020-01`, `202001`, or its first or last day (`2020-01-01`, `2020-01-31`: a stock at a month's end), also
  with a midnight behind it, from January 1992 (the statistics' first month) to December 2100. Another day of the month
  says no month.
- A number is digits, in groups of three with blanks between them or all in one: `1234`, `1 234`; below 10^9. `<5` is
  secrecy: 0 to 4. A sign, a decimal, a comma or a point is no number, nor are `-` and `..`, which some tables print for
  nothing and others for not known.
- A total that stands inside a division (`Kön`, `Samtliga`) is no group: it stands in a table of its own as well, and
  would count twice.
"""

import calendar
import re
from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from sources import vocabulary
from sources.registration_statistics.printed import PRINTED

NORMALISED = {
    **PRINTED,
    "report_month": pl.Date,
    "area": pl.String,
    "county_code": pl.String,
    "municipality_code": pl.String,
    "visitor_group": pl.String,
    "registered_min": pl.Int64,
    "registered_max": pl.Int64,
    "is_suppressed": pl.Boolean,
}
"""The printed columns, then what they say; null where they say nothing.

report_month: first day of the month. area: `national`, `county`, `municipality`, `rest` (see `vocabulary.Region`).
registered_min, registered_max: persons; equal unless the number is kept secret (is_suppressed).
"""

FIRST_YEAR, LAST_YEAR = 1992, 2100
SUPPRESSED_MIN, SUPPRESSED_MAX = 0, 4

_PERIOD = re.compile(r"([0-9]{4})(?:-?([0-9]{2})|-([0-9]{2})-([0-9]{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?)")
_BLANKS = " \u00a0\u2007\u2009\u202f"
_NUMBER = f"^(?:[0-9]{{1,9}}|[0-9]{{1,3}}(?:[{_BLANKS}][0-9]{{3}}){{1,2}})$"


def normalised(printed: pl.DataFrame) -> pl.DataFrame:
    """The rows in the columns of NORMALISED, in their order. No row is dropped, and no cell makes it raise."""
    said = [
        _look_up(printed, ("period",), _month, ("report_month",)),
        _look_up(printed, ("county", "municipality"), _region, ("area", "county_code", "municipality_code")),
        _look_up(printed, ("dimension", "category"), _group, ("visitor_group",)),
    ]
    number = pl.col("registered").str.strip_chars()
    digits = pl.when(number.str.contains(_NUMBER)).then(number.str.replace_all("[^0-9]", "")).cast(pl.Int64)
    hidden = number.str.contains(r"^<\s*5$")
    return pl.concat([printed, *said], how="horizontal").with_columns(
        registered_min=pl.when(hidden).then(SUPPRESSED_MIN).otherwise(digits),
        registered_max=pl.when(hidden).then(SUPPRESSED_MAX).otherwise(digits),
        is_suppressed=pl.when(hidden | digits.is_not_null()).then(hidden),
    )


def _look_up(
    printed: pl.DataFrame, keys: Sequence[str], say: Callable[..., tuple[object, ...]], told: Sequence[str]
) -> pl.DataFrame:
    """What the key columns say, row by row, in the columns `told`; each distinct print is read once."""
    distinct = printed.select(keys).unique()
    rows = [(*key, *say(*key)) for key in distinct.rows()]
    table = pl.DataFrame(rows, schema={name: NORMALISED[name] for name in (*keys, *told)}, orient="row")
    return printed.select(keys).join(table, on=keys, how="left", nulls_equal=True, maintain_order="left").select(told)


def _month(period: str | None) -> tuple[date | None]:
    found = _PERIOD.fullmatch((period or "").strip())
    if found is None:
        return (None,)
    year, month = int(found[1]), int(found[2] or found[3])
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return (None,)
    days = (None, "01", str(calendar.monthrange(year, month)[1]))
    return (date(year, month, 1) if found[4] in days else None,)


def _region(county: str | None, municipality: str | None) -> tuple[str | None, str | None, str | None]:
    found = vocabulary.region(county, municipality)
    return (None, None, None) if found is None else (found.area, found.county_code, found.municipality_code)


def _group(dimension: str | None, category: str | None) -> tuple[str | None]:
    found = vocabulary.group(dimension, category)
    divides = bool(dimension and dimension.strip()) and vocabulary.header(str(dimension)) != "group"
    return (None if found == "all" and divides else found,)
