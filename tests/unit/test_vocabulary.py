"""Headings, groups, channels and regions are known however a feed prints them; what contradicts itself is not."""

import csv
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.geography import County, Municipality, counties, municipalities
from sources.text import fold
from sources.vocabulary import (
    VOCABULARY_CSV,
    Region,
    channel,
    county,
    group,
    header,
    headers_of,
    municipality,
    region,
    region_word,
)

CHANNELS = {"visit_booked", "visit_drop_in", "phone", "digital_meeting", "chat"}
GROUPS = {
    *("all", "native_no_disability", "disability", "establishment", "over_55"),
    *("job_development_guarantee", "youth_guarantee", "women", "men", "born_in_sweden", "born_abroad"),
    *("education_pre_upper_secondary", "education_upper_secondary", "education_post_secondary", "education_unknown"),
    *("without_work_6_months", "without_work_12_months", "without_work_24_months", "weaker_competitiveness"),
}

forms: st.SearchStrategy[Literal["NFC", "NFD"]] = st.sampled_from(["NFC", "NFD"])
blanks = st.sampled_from(["", " ", "  ", "\u00a0"])
places = st.sampled_from(municipalities())


def rows() -> list[list[str]]:
    with VOCABULARY_CSV.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


@st.composite
def printed(draw: st.DrawFn, code: str, *names: str) -> str:
    """A region as some feed prints it."""
    name = draw(st.sampled_from(names))
    text = draw(st.sampled_from([name, code, f"{code} {name}", f"{code}  {name}", name.upper()]))
    return draw(blanks) + unicodedata.normalize(draw(forms), text) + draw(blanks)


def test_no_alias_means_two_things() -> None:
    keys = [(what, fold(alias.replace("_", "")), code) for what, alias, code in rows()]
    by_key = {(what, key): code for what, key, code in keys}
    assert {(what, key, code) for (what, key), code in by_key.items()} == set(keys)


def test_the_file_is_composed_utf8_with_line_feeds() -> None:
    text = VOCABULARY_CSV.read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text


def test_every_canonical_code_is_known_under_its_own_name() -> None:
    assert {code for what, _, code in rows() if what == "group"} == GROUPS
    assert {code for what, _, code in rows() if what == "channel"} == CHANNELS
    assert {group(None, code) for code in GROUPS} == GROUPS
    assert {channel(code) for code in CHANNELS} == CHANNELS
    for code in {code for what, _, code in rows() if what == "header"}:
        assert header(code) == code
        assert headers_of(code)[0] == code


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("KOEN", "sex"),
        ("Kön", "sex"),
        ("KÖN", "sex"),
        ("LAN", "county"),
        ("LÄN", "county"),
        ("LAN_BESKR", "county"),
        ("KOM", "municipality"),
        ("KOMMUN", "municipality"),
        ("KOMMUN_BESKR", "municipality"),
        ("PERIOD", "period"),
        ("Månad", "period"),
        ("month", "period"),
        ("report_month", "period"),
        ("Report month", "period"),
        ("ARBETSLÖSA", "registered"),
        ("Inskrivna\narbetslösa", "registered"),
        ("Utan arbete mer än\r\n12 månader", "without_work_12_months"),
        ("KUA06", "without_work_6_months"),
        ("SAMTLIGA", "all"),
        ("UTSATTA", "weaker_competitiveness"),
        (" municipality_code ", "municipality_code"),
        (unicodedata.normalize("NFD", "FÖDELSELAND"), "country_of_birth"),
        ("Skostorlek", None),
        ("", None),
    ],
)
def test_headings_are_known_by_their_aliases(printed: str, code: str | None) -> None:
    assert header(printed) == code


@pytest.mark.parametrize(
    ("dimension", "category", "code"),
    [
        (None, None, "all"),
        ("", " ", "all"),
        ("Kön", "Kvinnor", "women"),
        ("KOEN", "Kvinna", "women"),
        ("Kön", "Män", "men"),
        ("Födelseland", "Utrikes född", "born_abroad"),
        ("FÖDELSELAND", "Inrikes födda", "born_in_sweden"),
        ("Ålder", "16-24", "age_16_24"),
        ("ÅLDER", "16–24 år", "age_16_24"),
        ("Ålder", "60 - 64", "age_60_64"),
        ("Ålder", "16-64", "all"),
        ("Ålder", "16-66", "all"),
        (None, "age_16_24", "age_16_24"),
        (None, "16-64", "all"),
        ("Utbildningsnivå", "Uppgift saknas", "education_unknown"),
        ("Utbildningsnivå", "Gymnasial utbildning", "education_upper_secondary"),
        ("Tid utan arbete", "Utan arbete mer än 6 månader", "without_work_6_months"),
        (None, "Utan arbete mer än 24 månader", "without_work_24_months"),
        (None, "Jobb- och utvecklingsgarantin", "job_development_guarantee"),
        (None, "Kvinnor", "women"),
        ("Konkurrensförmåga", "UTSATTA", "weaker_competitiveness"),
        ("Födelseland", "Övriga länder", "born_abroad"),
        ("grupp", "Kvinnor", "women"),
        ("group", "all", "all"),
        ("group", None, None),
        (None, "Uppgift saknas", None),
        ("Kön", None, None),
        ("Kön", "16-24", None),
        ("Ålder", "24-16", None),
        ("Ålder", "Kvinnor", None),
        ("Skostorlek", "38", None),
        (None, "Kaniner", None),
    ],
)
def test_groups_are_known_by_dimension_and_category(dimension: str | None, category: str | None, code: str) -> None:
    assert group(dimension, category) == code


@pytest.mark.parametrize(
    ("printed", "code"),
    [("Spontant besök", "visit_drop_in"), ("Förbokat besök", "visit_booked"), ("Chatt", "chat"), ("fax", None)],
)
def test_channels_are_known_in_swedish_and_english(printed: str, code: str | None) -> None:
    assert channel(printed) == code


@given(st.data(), st.sampled_from(counties()))
def test_a_county_is_known_in_every_print(data: st.DataObject, each: County) -> None:
    assert county(data.draw(printed(each.county_code, each.county, each.short))) == each


@given(st.data(), places)
def test_a_municipality_is_known_in_every_print(data: st.DataObject, place: Municipality) -> None:
    assert municipality(data.draw(printed(place.municipality_code, place.municipality))) == place


@given(places, places)
def test_a_code_that_contradicts_its_name_is_unknown(one: Municipality, other: Municipality) -> None:
    found = municipality(f"{one.municipality_code} {other.municipality}")
    assert found == (one if one == other else None)


def test_a_leading_zero_that_an_export_lost_is_put_back() -> None:
    assert municipality("114") == municipality("0114") == municipality("Upplands Väsby")
    assert county("1") == county("Stockholms län")


@pytest.mark.parametrize("text", ["", "20", "25800", "9999", "Atlantis", "2580x", "2580 Lule\u00e5 Riket"])
def test_what_is_no_municipality_is_none(text: str) -> None:
    assert municipality(text) is None


@pytest.mark.parametrize("text", ["20 Norrbottens län", "Atlantis", "99", "2580"])
def test_what_is_no_county_is_none(text: str) -> None:
    assert county(text) is None


@pytest.mark.parametrize("word", ["Riket", "Hela riket", "Samtliga", " riket", "00 Riket"])
def test_words_for_the_nation(word: str) -> None:
    assert region_word(word) == "national"
    assert region(word, None) == region(None, word) == region(word, word) == Region("national")


@pytest.mark.parametrize("word", ["Uppgift saknas", "Okänd", "UPPGIFT SAKNAS"])
def test_words_for_an_unknown_place(word: str) -> None:
    assert region(word, None) == region(None, word) == region(word, "") == Region("rest")
    assert region("Dalarnas län", word) == Region("rest", "20")


@pytest.mark.parametrize(
    ("county_printed", "municipality_printed", "expected"),
    [
        ("Dalarnas län", "Falun", Region("municipality", "20", "2080")),
        ("20", "2080", Region("municipality", "20", "2080")),
        (None, "Falun", Region("municipality", "20", "2080")),
        ("Dalarnas län", None, Region("rest", "20")),
        ("Dalarnas län", " ", Region("rest", "20")),
        ("Dalarnas län", "Samtliga", Region("county", "20")),
        ("Dalarnas län", "Dalarnas län", Region("county", "20")),
        (None, "Dalarnas län", Region("county", "20")),
        (None, "Jönköping", Region("municipality", "06", "0680")),
        (None, "Jönköpings län", Region("county", "06")),
        ("Jönköping", "Jönköping", Region("municipality", "06", "0680")),
        ("Uppgift saknas", "Falun", Region("municipality", "20", "2080")),
        ("Riket", "Uppgift saknas", Region("rest")),
        # Heby left Västmanland for Uppsala in 2007, with a new code.
        ("Västmanlands län", "Heby", Region("municipality", "03", "0331")),
        ("Uppsala län", "Heby", Region("municipality", "03", "0331")),
        ("19", "1917", Region("municipality", "03", "0331")),
        ("Dalarnas län", "Malung", Region("municipality", "20", "2023")),
        # A contradiction is kept for a contract to refuse.
        ("Dalarnas län", "Luleå", Region("municipality", "20", "2580")),
        ("Riket", "Luleå", None),
        ("Uppgift saknas", "Riket", None),
        ("Dalarnas län", "Norrbottens län", None),
        ("Dalarnas län", "Atlantis", None),
        ("Atlantis", "Luleå", None),
        (None, "Atlantis", None),
        (None, None, None),
    ],
)
def test_what_a_row_is_about(county_printed: str, municipality_printed: str, expected: Region | None) -> None:
    assert region(county_printed, municipality_printed) == expected
