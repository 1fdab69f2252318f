"""The one vocabulary of the feeds: what headings, groups, channels and regions are called, in whatever export.

Belongs here: the aliases as data (`vocabulary.csv`), their typed look-up, and the look-up of a county or municipality
as a feed prints it. Does not belong here: which columns a layout has, and what is done with a word that is not known.

Shape: `vocabulary.csv`, UTF-8, one row per alias: what (`header`, `group`, `channel`, `region`, `former_county`), alias
(as printed), code (ours). A group's alias is `dimension|category`, or the category alone where a layout names no
dimension. A region's code is `national`, `rest` (no known place), or the code of the municipality that bore the name or
number. A former county: alias is a municipality's code, code the county it once lay in.

Letter case, Unicode form, blanks, line breaks, hyphens and underscores never matter.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sources.geography import County, Municipality, counties, county_named, municipalities, municipality_named
from sources.text import fold

VOCABULARY_CSV = Path(__file__).with_name("vocabulary.csv")

NATIONAL, COUNTY, MUNICIPALITY, REST = "national", "county", "municipality", "rest"
"""What a row is about: the nation, a county, a municipality, or those of a county or nation without a known place."""

_AGES = re.compile(r"(?:age_)?([1-6][0-9])\s*[-_\u2010-\u2015]\s*([1-7][0-9])(?:\s*år)?")
_CODE_AND_NAME = re.compile(r"([0-9]+)(?:\s+(\S.*))?")


@dataclass(frozen=True, slots=True)
class Region:
    """What a row is about. A municipality printed under a county keeps that county's code, right or wrong."""

    area: str
    county_code: str | None = None
    municipality_code: str | None = None


def header(text: str) -> str | None:
    """Our name of a column: `KOEN` and `Kön` are `sex`, `KOMMUN_BESKR` is `municipality`; None if not known."""
    return _codes("header").get(_key(text))


def headers_of(code: str) -> tuple[str, ...]:
    """The headings that a column may have, as printed, our own name first."""
    return tuple(alias for what, alias, known in _aliases() if (what, known) == ("header", code))


def group(dimension: str | None, category: str | None) -> str | None:
    """The visitor group: `Kön`, `Kvinnor` is `women`; `Ålder`, `16-24 år` is `age_16_24`; nothing at all is `all`.

    Without a dimension, or with one that is a column of groups, the category must say by itself which group is meant.
    None if the group is not known.
    """
    if not (category or "").strip():
        return "all" if not (dimension or "").strip() else None
    assert category is not None
    of = header(dimension) if dimension and dimension.strip() else ""
    of = "" if of == "group" else of
    known = _groups().get((of, _key(category))) if of is not None else None
    ages = _AGES.fullmatch(unicodedata.normalize("NFC", category.strip().casefold())) if of in {"", "age"} else None
    if known is None and ages is not None and ages[1] <= ages[2]:
        return f"age_{ages[1]}_{ages[2]}"
    return known


def channel(text: str) -> str | None:
    """The channel of a contact: `Spontant besök` is `visit_drop_in`; None if not known."""
    return _codes("channel").get(_key(text))


def region_word(text: str) -> str | None:
    """`national` for `Riket`, `rest` for `Uppgift saknas`; None for everything else."""
    found = _codes("region").get(_key(text))
    return found if found in {NATIONAL, REST} else None


def county(text: str) -> County | None:
    """The county, printed as `Dalarnas län`, `Dalarna`, `20 Dalarnas län` or `20`.

    None if it is not known, or if name and code are of two counties.
    """
    printed = _CODE_AND_NAME.fullmatch(text.strip())
    if printed is None:
        return county_named(text)
    of_code = _counties_by_code().get(printed[1].zfill(2))
    return of_code if printed[2] is None or county_named(printed[2]) == of_code else None


def municipality(text: str) -> Municipality | None:
    """The municipality, printed as `Luleå`, `2580 Luleå` or `2580`; a number lost its leading zero in some exports.

    None if it is not known, or if name and code are of two municipalities.
    """
    former = _municipalities_by_code().get(_codes("region").get(_key(text), ""))
    if former is not None:
        return former
    printed = _CODE_AND_NAME.fullmatch(text.strip())
    if printed is None:
        return municipality_named(text)
    of_code = _municipalities_by_code().get(printed[1].zfill(4))
    return of_code if printed[2] is None or municipality_named(printed[2]) == of_code else None


def region(county_printed: str | None, municipality_printed: str | None) -> Region | None:
    """What a row is about, from its county and its municipality as printed; None if that is not known.

    Without a county, the second cell may name any region. Under a county, a blank or unknown place is the rest of that
    county, and a word for all of them is the county. A municipality in a county where it once lay has its own county's
    code; in any other county it keeps that county's code, for a contract to refuse.
    """
    outer, inner = (county_printed or "").strip(), (municipality_printed or "").strip()
    word = region_word(outer)
    if not outer:
        return _any_region(inner)
    if word is not None:
        return _in_no_county(word, inner)
    of = county(outer)
    return None if of is None else _in_county(of, inner)


def _any_region(text: str) -> Region | None:
    """A region of any kind; a name that a county in short shares with a municipality is the municipality's."""
    word, place, of = region_word(text), municipality(text), county(text)
    if word is not None:
        return Region(word)
    if place is not None:
        return Region(MUNICIPALITY, place.county_code, place.municipality_code)
    return None if of is None else Region(COUNTY, of.county_code)


def _in_no_county(word: str, text: str) -> Region | None:
    """The nation, or those whose county is not known; the second cell may say the same, or name their municipality."""
    inner, place = region_word(text), municipality(text)
    if not text or inner == word:
        return Region(word)
    if word == REST and place is not None:
        return Region(MUNICIPALITY, place.county_code, place.municipality_code)
    return Region(REST) if inner == REST else None


def _in_county(of: County, text: str) -> Region | None:
    """A municipality of the county, its rest, or all of it."""
    word, place = region_word(text), municipality(text)
    if not text or word == REST:
        return Region(REST, of.county_code)
    if word == NATIONAL or (place is None and county(text) == of):
        return Region(COUNTY, of.county_code)
    if place is None:
        return None
    lay_there = _codes("former_county").get(place.municipality_code) == of.county_code
    return Region(MUNICIPALITY, place.county_code if lay_there else of.county_code, place.municipality_code)


def _key(text: str) -> str:
    return fold(text.replace("_", ""))


@cache
def _aliases() -> tuple[tuple[str, str, str], ...]:
    with VOCABULARY_CSV.open(encoding="utf-8", newline="") as lines:
        return tuple((row["what"], row["alias"], row["code"]) for row in csv.DictReader(lines))


@cache
def _codes(what: str) -> Mapping[str, str]:
    return MappingProxyType({_key(alias): code for kind, alias, code in _aliases() if kind == what})


@cache
def _groups() -> Mapping[tuple[str, str], str]:
    """By our name of the dimension ("" for none) and the key of the category."""
    parted = (((*alias.rpartition("|"),), code) for kind, alias, code in _aliases() if kind == "group")
    return MappingProxyType(
        {(header(dimension) or dimension, _key(category)): code for (dimension, _, category), code in parted}
    )


@cache
def _counties_by_code() -> Mapping[str, County]:
    return MappingProxyType({each.county_code: each for each in counties()})


@cache
def _municipalities_by_code() -> Mapping[str, Municipality]:
    return MappingProxyType({each.municipality_code: each for each in municipalities()})
