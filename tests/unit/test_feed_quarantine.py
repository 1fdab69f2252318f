"""Rows of a feed: valid + quarantined are all that was received; each rule is told once, counted, with examples."""

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.contracts import FEED_CONTRACTS, rules_of
from expectations.feed_quarantine import REFUSED, split_feed
from expectations.outcome import CrashedCheck
from sources.registration_statistics.normalise import NORMALISED, normalised
from sources.registration_statistics.printed import PRINTED

WHOLE: dict[str, object] = {
    "sheet": "Kön",
    "period": "2020-01",
    "county": "Dalarnas län",
    "municipality": "Falun",
    "dimension": "Kön",
    "category": "Kvinnor",
    "registered": "1 234",
}
NUMBER = "19121212-1212"


def received(*rows: dict[str, object]) -> pl.DataFrame:
    cells = [WHOLE | {"row_number": at} | row for at, row in enumerate(rows, 6)]
    return normalised(pl.DataFrame(cells, schema=dict(PRINTED)))


BREAKING: dict[str, dict[str, object]] = {
    "row_is_whole": {"registered": None},
    "period_is_a_month": {"period": "2020-13"},
    "region_is_known": {"municipality": "Atlantis"},
    "municipality_lies_in_county": {"municipality": "Luleå"},
    "group_is_known": {"category": "Kaniner"},
    "registered_is_a_number_or_below_5": {"registered": "-5"},
    "row_stands_once": {"registered": "1235"},
}


def test_every_rule_of_the_contract_is_tried() -> None:
    assert [rule.name for rule in rules_of(FEED_CONTRACTS["registrations"])] == [*BREAKING]


@pytest.mark.parametrize("rule", BREAKING)
def test_a_broken_rule_refuses_that_row_and_no_other(rule: str) -> None:
    others: list[dict[str, object]] = [
        {"category": "Män"},
        {"municipality": "Mora"},
        {"period": "2020-02"},
        {"registered": "1234"},
    ]
    frame = received(*others, BREAKING[rule])
    split = split_feed(frame)
    assert split.valid.equals(frame.head(4))
    assert split.rows_quarantined == 1
    (refused,) = split.refused.to_dicts()
    assert (refused["rule"], refused["rows"]) == (rule, 1)
    (example,) = json.loads(refused["sample"])
    assert (example.pop("sheet"), example.pop("row")) == ("Kön", 10)
    assert example.items() >= BREAKING[rule].items() or rule == "row_stands_once"


@pytest.mark.parametrize(
    "row",
    [
        {"registered": "<5"},
        {"registered": "0"},
        {"municipality": None},
        {"municipality": "Uppgift saknas"},
        {"county": "Uppgift saknas", "municipality": "Uppgift saknas"},
        {"county": "Riket", "municipality": None},
        {"county": None},
        {"county": "Västmanlands län", "municipality": "Heby"},
        {"county": "Uppsala län", "municipality": "Heby"},
        {"dimension": None, "category": None},
        {"sheet": None},
    ],
)
def test_what_the_statistics_really_hold_is_valid(row: dict[str, object]) -> None:
    assert split_feed(received(row)).rows_quarantined == 0


def test_heby_under_two_counties_in_one_month_is_two_valid_rows() -> None:
    counties: list[dict[str, object]] = [
        {"county": county, "municipality": "Heby"} for county in ("Västmanlands län", "Uppsala län")
    ]
    assert split_feed(received(*counties)).valid["municipality_code"].to_list() == ["0331", "0331"]


def test_two_rest_rows_of_a_county_are_two_valid_rows() -> None:
    assert split_feed(received({"municipality": None}, {"municipality": "Uppgift saknas"})).rows_quarantined == 0


def test_parts_of_one_number_in_a_pivot_cache_are_valid_rows_to_be_added() -> None:
    part: dict[str, object] = {"sheet": "pivotCacheRecords1", "registered": "<5"}
    assert split_feed(received(part, part, part)).rows_quarantined == 0


def test_levels_of_one_group_are_valid_rows_to_be_added() -> None:
    levels = ("Eftergymnasial utbildning", "Forskarutbildning")
    rows: list[dict[str, object]] = [{"dimension": "Utbildningsnivå", "category": level} for level in levels]
    assert split_feed(received(*rows)).rows_quarantined == 0


def test_a_total_within_a_division_is_refused() -> None:
    (refused,) = split_feed(received({"category": "Kvinnor och män"})).refused.to_dicts()
    assert refused["rule"] == "group_is_known"


def test_a_row_that_breaks_two_rules_counts_in_both_and_once_in_all() -> None:
    split = split_feed(received({"period": "x", "registered": "y"}, {"period": "x"}, {}))
    assert split.refused.select("rule", "rows").rows() == [
        ("period_is_a_month", 2),
        ("registered_is_a_number_or_below_5", 1),
    ]
    assert (split.rows_quarantined, split.valid.height) == (2, 1)


def test_the_reason_says_what_was_expected_and_repeats_no_cell() -> None:
    (refused,) = split_feed(received({"period": "geheim"})).refused.to_dicts()
    assert refused["reason"] == (
        "period: expected a month written yyyy-mm, or its first or last day, from 1992-01 to 2100-12"
    )


def test_a_sample_is_a_few_rows_with_short_cells_and_without_personal_identity_numbers() -> None:
    bad: dict[str, object] = {"sheet": NUMBER, "municipality": f"Falun {NUMBER}", "county": "x" * 5000}
    (refused,) = split_feed(received(*[bad] * 100)).refused.to_dicts()
    sample = json.loads(refused["sample"])
    assert refused["rows"] == 100
    assert [row["row"] for row in sample] == [6, 7, 8]
    assert sample[0] == {
        "sheet": "******-****",
        "row": 6,
        "county": "x" * 80 + "…",
        "municipality": "Falun ******-****",
    }


def test_a_row_without_a_number_does_not_stand_in_the_way_of_one_with_it() -> None:
    split = split_feed(received({"registered": "x"}, {"registered": "7"}, {"registered": "8"}))
    assert split.valid["registered"].to_list() == ["7"]


def test_nothing_received_is_nothing_refused() -> None:
    split = split_feed(pl.DataFrame(schema=NORMALISED))
    assert (split.valid.height, split.rows_quarantined, split.refused.schema) == (0, 0, pl.Schema(REFUSED))


def test_a_frame_that_is_not_the_table_is_a_fault_of_ours() -> None:
    with pytest.raises(CrashedCheck, match=r"Registrations: .*area"):
        split_feed(received({}).drop("area"))


cells = st.one_of(st.none(), st.text(max_size=5), st.sampled_from([NUMBER, *WHOLE.values()]))


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(WHOLE, cells))))
def test_no_row_is_lost_whatever_its_cells(rows: list[dict[str, object]]) -> None:
    frame = received(*rows)
    split = split_feed(frame)
    assert split.valid.height + split.rows_quarantined == frame.height
    assert split.valid.equals(frame.filter(pl.col("row_number").is_in(split.valid["row_number"].implode())))
    assert max(split.refused["rows"], default=0) <= split.rows_quarantined <= sum(split.refused["rows"])
    assert "1212" not in "".join(split.refused["sample"])
