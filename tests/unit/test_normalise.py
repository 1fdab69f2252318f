"""Printed cells of registrations say a month, a region, a group and a number, or nothing; no row is lost."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.registration_statistics.normalise import NORMALISED, normalised
from sources.registration_statistics.printed import PRINTED


def printed(*rows: dict[str, object]) -> pl.DataFrame:
    whole = {
        "sheet": "Total",
        "period": "2020-01",
        "county": "Dalarnas län",
        "municipality": "Falun",
        "dimension": None,
        "category": None,
        "registered": "1234",
    }
    return pl.DataFrame([whole | {"row_number": at} | row for at, row in enumerate(rows, 6)], schema=dict(PRINTED))


def said(**cells: object) -> dict[str, object]:
    return normalised(printed(cells)).row(0, named=True)


def test_a_whole_row_says_everything() -> None:
    told = ("report_month", "area", "county_code", "municipality_code", "visitor_group", "is_suppressed")
    row = said()
    assert [row[name] for name in told] == [date(2020, 1, 1), "municipality", "20", "2080", "all", False]
    assert (row["registered_min"], row["registered_max"]) == (1234, 1234)


@pytest.mark.parametrize(
    "period",
    ["2020-02", " 2020-02 ", "202002", "2020-02-01", "2020-02-29", "2020-02-29 00:00:00", "2020-02-01T00:00:00.000"],
)
def test_every_way_to_print_a_month_is_read(period: str) -> None:
    assert said(period=period)["report_month"] == date(2020, 2, 1)


@pytest.mark.parametrize(
    "period",
    [
        None,
        "",
        "2020-13",
        "2020-00",
        "43831",
        "januari 2020",
        "2020-01-01 12:00:00",
        "2020-2",
        "1991-12",
        "2101-01",
        "2020-02-28",
        "2020-02-30",
    ],
)
def test_what_is_no_month_is_null(period: str | None) -> None:
    assert said(period=period)["report_month"] is None


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("007", 7),
        ("1234", 1234),
        (" 7 ", 7),
        ("1 234", 1234),
        ("357\u00a0613", 357613),
        ("1\u2009234\u202f567", 1234567),
    ],
)
def test_every_way_to_print_a_number_is_read(number: str, value: int) -> None:
    row = said(registered=number)
    assert (row["registered_min"], row["registered_max"], row["is_suppressed"]) == (value, value, False)


@pytest.mark.parametrize("number", ["<5", "< 5", " <5 "])
def test_a_number_kept_secret_is_its_bounds_and_a_flag(number: str) -> None:
    row = said(registered=number)
    assert (row["registered_min"], row["registered_max"], row["is_suppressed"]) == (0, 4, True)


@pytest.mark.parametrize(
    "number",
    [
        None,
        "",
        "-",
        "..",
        "-5",
        "+5",
        "1.5",
        "1,5",
        "1.234",
        "1234.0",
        "12 34",
        "1 2345",
        "<6",
        "<",
        "x",
        "1e3",
        "9" * 10,
    ],
)
def test_what_is_no_number_is_null(number: str | None) -> None:
    row = said(registered=number)
    assert (row["registered_min"], row["registered_max"], row["is_suppressed"]) == (None, None, None)


def test_a_total_inside_a_division_is_no_group_and_by_itself_all() -> None:
    assert said(dimension="Kön", category="Samtliga")["visitor_group"] is None
    assert said(dimension=None, category="Samtliga")["visitor_group"] == "all"
    assert said(dimension="grupp", category="Samtliga")["visitor_group"] == "all"
    assert said(dimension="Kön", category="Kvinnor")["visitor_group"] == "women"
    assert said(dimension="Kön", category="Kaniner")["visitor_group"] is None


@pytest.mark.parametrize(
    ("county", "municipality", "expected"),
    [
        ("Dalarnas län", None, ("rest", "20", None)),
        ("Uppgift saknas", "Uppgift saknas", ("rest", None, None)),
        (None, "Riket", ("national", None, None)),
        ("Dalarnas län", "Luleå", ("municipality", "20", "2580")),
        ("Västmanlands län", "Heby", ("municipality", "03", "0331")),
        (None, None, (None, None, None)),
    ],
)
def test_regions_are_told_by_code(county: str, municipality: str, expected: tuple[str | None, ...]) -> None:
    row = said(county=county, municipality=municipality)
    assert (row["area"], row["county_code"], row["municipality_code"]) == expected


cells = st.one_of(st.none(), st.text(), st.sampled_from(["2020-01", "Dalarnas län", "Falun", "Kön", "Män", "<5", "12"]))


@given(st.lists(st.fixed_dictionaries({name: cells for name in PRINTED if name not in {"row_number"}})))
def test_no_row_is_lost_reordered_or_changed_whatever_its_cells(rows: list[dict[str, object]]) -> None:
    frame = printed(*rows)
    result = normalised(frame)
    assert result.schema == pl.Schema(NORMALISED)
    assert result.select(*PRINTED).equals(frame)
    assert (result["registered_min"] <= result["registered_max"]).drop_nulls().all()
