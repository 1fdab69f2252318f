"""The checked-in geography is whole and consistent, and names are found as the documents print them."""

import unicodedata
from collections import Counter

import pytest

from sources.geography import (
    AF_REGIONS,
    MUNICIPALITIES_CSV,
    counties,
    county_named,
    municipalities,
    municipality_named,
)
from sources.text import fold

# The counties as Bilaga 5 shortens them, by code.
SHORT_COUNTIES = {
    "01": "Stockholm",
    "03": "Uppsala",
    "04": "Södermanland",
    "05": "Östergötland",
    "06": "Jönköping",
    "07": "Kronoberg",
    "08": "Kalmar",
    "09": "Gotland",
    "10": "Blekinge",
    "12": "Skåne",
    "13": "Halland",
    "14": "Västra Götaland",
    "17": "Värmland",
    "18": "Örebro",
    "19": "Västmanland",
    "20": "Dalarna",
    "21": "Gävleborg",
    "22": "Västernorrland",
    "23": "Jämtland",
    "24": "Västerbotten",
    "25": "Norrbotten",
}


def test_there_are_290_municipalities_in_21_counties_and_60_fa_regions() -> None:
    rows = municipalities()
    assert len(rows) == 290
    assert len({row.county_code for row in rows}) == len({row.county for row in rows}) == len(counties()) == 21
    assert {row.fa_region_code for row in rows} == {f"{number:02}" for number in range(1, 61)}
    assert len({(row.fa_region_code, row.fa_region) for row in rows}) == 60
    assert len({row.fa_region for row in rows}) == 60


def test_codes_are_unique_ordered_and_begin_with_the_county() -> None:
    codes = [row.municipality_code for row in municipalities()]
    assert codes == sorted(set(codes))
    for row in municipalities():
        assert len(row.municipality_code) == 4
        assert row.municipality_code.isdecimal()
        assert row.municipality_code[:2] == row.county_code


def test_names_are_plain_swedish_forms() -> None:
    for row in municipalities():
        assert "kommun" not in row.municipality.casefold()
        assert row.county.endswith(" län")
        for name in (row.municipality, row.county, row.fa_region):
            assert name == " ".join(name.split()) != ""


def test_folded_names_are_unique() -> None:
    keys_of_municipalities = Counter(fold(row.municipality) for row in municipalities())
    keys_of_counties = Counter(fold(name) for each in counties() for name in (each.county, each.short))
    assert [key for keys in (keys_of_municipalities, keys_of_counties) for key in keys if keys[key] > 1] == []


def test_the_file_is_composed_utf8_with_line_feeds() -> None:
    text = MUNICIPALITIES_CSV.read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert text.endswith("\n")


def test_only_öckerö_is_not_mostly_covered_by_its_fa_region() -> None:
    assert all(0 < row.fa_region_area_share <= 1 for row in municipalities())
    # Its islands are all but missing from the map of FA-regions.
    low = {row.municipality: row.fa_region_area_share for row in municipalities() if row.fa_region_area_share < 0.75}
    assert low == {"Öckerö": 0.092}


@pytest.mark.parametrize(("code", "fa_region"), [("31", "Vansbro"), ("47", "Åsele")])
def test_the_two_fa_regions_without_a_kept_office_exist(code: str, fa_region: str) -> None:
    members = [(row.municipality, row.fa_region) for row in municipalities() if row.fa_region_code == code]
    assert members == [(fa_region, fa_region)]


@pytest.mark.parametrize(
    ("municipality", "fa_region"),
    [
        # Tabell 1 of the analysis names an FA-region for these: an answer that the maps did not give.
        ("Alvesta", "Växjö"),
        ("Lessebo", "Växjö"),
        ("Ronneby", "Karlskrona"),
        ("Sävsjö", "Jönköping"),
        ("Hylte", "Halmstad"),
        ("Östra Göinge", "Kristianstad-Hässleholm"),
        ("Markaryd", "Ljungby"),
        ("Nybro", "Kalmar"),
        ("Mellerud", "Trollhättan-Vänersborg"),
        ("Finspång", "Linköping-Norrköping"),
        ("Kinda", "Linköping-Norrköping"),
        ("Valdemarsvik", "Linköping-Norrköping"),
        ("Fagersta", "Västerås"),
        ("Laxå", "Örebro"),
        ("Hofors", "Gävle"),
        ("Göteborg", "Göteborg"),
        ("Flen", "Stockholm"),
        ("Sigtuna", "Stockholm"),
        ("Upplands Väsby", "Stockholm"),
        ("Lund", "Malmö-Lund"),
    ],
)
def test_fa_regions_agree_with_the_analysis_of_2021(municipality: str, fa_region: str) -> None:
    found = municipality_named(municipality)
    assert found is not None
    assert found.fa_region == fa_region


@pytest.mark.parametrize(
    "printed", ["Malung-Sälen", "Malung- Sälen", "malung-\nsälen", "MALUNG\u00adSÄLEN", "Malung-Sa\u0308len"]
)
def test_a_municipality_is_found_however_it_is_broken(printed: str) -> None:
    found = municipality_named(printed)
    assert found is not None
    assert found.municipality_code == "2023"


def test_rings_and_dots_tell_names_apart() -> None:
    habo, haabo = municipality_named("Habo"), municipality_named("Håbo")
    assert habo is not None
    assert haabo is not None
    assert (habo.municipality_code, haabo.municipality_code) == ("0643", "0305")


@pytest.mark.parametrize(("code", "short"), SHORT_COUNTIES.items())
def test_a_county_is_found_by_its_short_and_its_full_name(code: str, short: str) -> None:
    found = county_named(short)
    assert found is not None
    assert (found.county_code, found.short) == (code, short)
    assert county_named(found.county) is found
    assert county_named(found.county.upper().replace(" ", "\u00a0")) is found


@pytest.mark.parametrize("unknown", ["", " ", "Sveg", "Västra", "Hela landet"])
def test_an_unknown_name_is_none(unknown: str) -> None:
    assert municipality_named(unknown) is None
    assert county_named(unknown) is None


def test_af_regions_are_the_six() -> None:
    assert AF_REGIONS == ("Nord", "Mitt", "Stockholm Gotland", "Öst", "Väst", "Syd")
