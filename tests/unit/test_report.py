"""How the report writes numbers, dates, codes and data, in both languages."""

import csv
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.site.language import ENGLISH, LABELS, SWEDISH, english_labels, written_out
from orchestration.site.page import NAVIGATION, REFERENCE
from orchestration.site.scripts import as_json, script
from orchestration.site.words import figure_name


@pytest.mark.parametrize(
    ("value", "decimals", "swedish", "english"),
    [
        (1234567, 0, "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567", "1,234,567"),
        (8.5430463, 1, "8,5", "8.5"),
        (-54.1667, 0, "−54", "−54"),
        (0, 0, "0", "0"),
        (None, 0, "–", "–"),
    ],
)
def test_a_number_is_written_as_each_language_does(
    value: float | None, decimals: int, swedish: str, english: str
) -> None:
    assert (SWEDISH.number(value, decimals), ENGLISH.number(value, decimals)) == (swedish, english)


@pytest.mark.parametrize(
    ("lower", "upper", "written"),
    [(29, 29, "29"), (29, 102, "29–102"), (0, None, "≥\N{NO-BREAK SPACE}0"), (None, 4, "≤\N{NO-BREAK SPACE}4")],
)
def test_bounds_are_one_number_only_where_they_agree(lower: int | None, upper: int | None, written: str) -> None:
    assert SWEDISH.bounds(lower, upper) == written


def test_nothing_known_is_a_dash_and_not_zero() -> None:
    assert {SWEDISH.bounds(None, None), SWEDISH.share(None), SWEDISH.percent(None), SWEDISH.day(None)} == {"–"}


def test_days_and_months_are_written_out() -> None:
    day = date(2020, 10, 15)
    assert (SWEDISH.day(day), ENGLISH.day(day)) == ("15 oktober 2020", "15 October 2020")
    assert (SWEDISH.month(day), ENGLISH.month(day)) == ("oktober 2020", "October 2020")


def test_a_code_has_its_swedish_label_and_in_english_its_words() -> None:
    row = {"plan": "kept", "plan_sv": "Kvarstående"}
    assert (SWEDISH.label(row, "plan"), ENGLISH.label(row, "plan")) == ("Kvarstående", "Kept")
    assert written_out("af_region") == "AF region"
    assert SWEDISH.label({"form": None, "form_sv": None}, "form") == "–"


def test_every_label_is_written_in_both_languages() -> None:
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    assert [row for row in labels if not row["label_sv"].strip() or not row["label_en"].strip()] == []
    assert len(english_labels()) == len(labels)


def test_a_code_is_looked_up_by_its_column_and_what_no_label_foresees_is_written_out() -> None:
    assert ENGLISH.label({"rule": "later_document"}, "rule") == "The later document prevails"
    assert ENGLISH.label({"kind": "closing_date"}, "kind") == "Different closing days"
    assert ENGLISH.label({"visitor_group": "age_16_19"}, "visitor_group") == "Aged 16–19"
    assert ENGLISH.label({"agreement": "not_yet_known"}, "agreement") == "Not yet known"


def test_a_figure_has_a_name_in_each_language() -> None:
    assert figure_name("gap_days_max", "Dagar i glapp, högst", ENGLISH) == "Days in a gap, at most"
    assert figure_name("gap_days_max", "Dagar i glapp, högst", SWEDISH) == "Dagar i glapp, högst"
    assert figure_name("figure_of_tomorrow", "Morgondagens mått", ENGLISH) == "Figure of tomorrow"


def test_a_text_without_swedish_stands_in_english() -> None:
    assert SWEDISH.text({"label": "Offices", "label_sv": None}, "label") == "Offices"
    assert SWEDISH.text({"label": "Offices", "label_sv": "Kontor"}, "label") == "Kontor"
    assert ENGLISH.text({"label": "Offices", "label_sv": "Kontor"}, "label") == "Offices"


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_data_in_a_page_is_what_was_given_and_cannot_end_its_element(value: object) -> None:
    written = as_json(value)
    assert json.loads(written) == value
    assert not set("<>&") & set(written)


def test_a_script_is_one_assignment() -> None:
    assert script("PLACES", ["</script>"]) == ('(window.NARVARO ??= {}).PLACES = ["\\u003c/script\\u003e"];\n')


def test_no_two_pages_of_the_navigation_are_the_same() -> None:
    paths = [path for path, _, _ in (*NAVIGATION, *REFERENCE)]
    assert len(paths) == len(set(paths))
