"""Exports of Mstatkommun are read whole, with the month and group of their foot, or refused by name."""

import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.feed_quarantine import split_feed
from sources.personal_data import PersonalData
from sources.problems import UnreadableFile
from sources.registration_statistics.mstatkommun import LARGEST, read, recognises
from sources.registration_statistics.normalise import normalised
from sources.registration_statistics.printed import PRINTED, Printed
from tests.feeds.mstatkommun import HEADINGS, PARAMETERS, regions, text, write

NAME = "Manadsstatistik.xls"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stored"


def read_text(path: Path, content: str) -> Printed:
    return read(write(path, content), NAME)


def refusal(path: Path, content: str) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_text(path, content)
    return str(refused.value)


def test_every_row_is_read_with_the_month_of_the_foot(path: Path) -> None:
    printed = read_text(path, text(lambda region: "357 613" if region == "Riket" else "<5"))
    assert printed.layout == "mstatkommun"
    assert dict(printed.rows.schema) == dict(PRINTED)
    assert printed.rows["municipality"].to_list() == [*regions()]
    assert printed.rows["period"].unique().to_list() == ["2017-06"]
    assert printed.rows["registered"].to_list() == ["357 613", *["<5"] * 311]
    assert printed.rows.select("sheet", "county", "dimension", "category").null_count().row(0) == (312,) * 4


def test_the_row_number_is_the_line_of_the_file(path: Path) -> None:
    content = text()
    lines = content.split("\r\n")
    for row in read_text(path, content).rows.rows(named=True):
        assert lines[row["row_number"] - 1].startswith(row["municipality"] + ";")


def test_all_its_rows_keep_the_contract(path: Path) -> None:
    split = split_feed(normalised(read_text(path, text()).rows))
    assert split.rows_quarantined == 0
    assert split.valid["area"].value_counts(sort=True).rows() == [
        ("municipality", 290),
        ("county", 21),
        ("national", 1),
    ]


def test_columns_that_are_not_read_are_notes(path: Path) -> None:
    (note,) = read_text(path, text()).notes
    assert note.startswith("new: “Andel av befolkningen”")


@pytest.mark.parametrize(
    ("parameters", "dimension", "category", "group"),
    [
        ({}, None, None, "all"),
        ({"Ålder": "Samtliga"}, None, None, "all"),
        ({"Ålder": "16-65"}, None, None, "all"),
        ({"Ålder": ""}, None, None, "all"),
        ({"Ålder": "18-24"}, "Ålder", "18-24", "age_18_24"),
        ({"Kön": "Samtliga"}, None, None, "all"),
        ({"Kön": "Kvinnor"}, "Kön", "Kvinnor", "women"),
        ({"Utrikesfödda": "Ja"}, "Födelseland", "Utrikes födda", "born_abroad"),
        ({"Utrikesfödda": "Nej"}, "Födelseland", "Inrikes födda", "born_in_sweden"),
        ({"Utrikesfödda": "Samtliga"}, None, None, "all"),
    ],
)
def test_the_foot_says_which_group_it_is(
    path: Path, parameters: dict[str, str], dimension: str | None, category: str | None, group: str
) -> None:
    rows = read_text(path, text(parameters=PARAMETERS | parameters)).rows
    assert rows.select("dimension", "category").unique().rows() == [(dimension, category)]
    assert normalised(rows)["visitor_group"].unique().to_list() == [group]


def test_a_foot_without_its_last_parameter_is_of_all_and_says_so(path: Path) -> None:
    parameters = {label: value for label, value in PARAMETERS.items() if label != "Utrikesfödda"}
    printed = read_text(path, text(parameters=parameters))
    assert printed.rows["category"].null_count() == 312
    assert printed.notes[-1].startswith("the foot does not name Utrikesfödda")


def test_two_selections_at_once_are_refused_by_name(path: Path) -> None:
    message = refusal(path, text(parameters=PARAMETERS | {"Kön": "Kvinnor", "Utrikesfödda": "Ja"}))
    assert message.startswith(f"{NAME}, line 324: “Kön: Kvinnor” and “Utrikesfödda: Ja” together select a group that")


@pytest.mark.parametrize(
    ("parameters", "what"),
    [
        ({"Kön": "Annat"}, "“Annat” is no group by Kön"),
        ({"Utrikesfödda": "J"}, "“J” is no group by Födelseland"),
        ({"Län": "Dalarnas län"}, "“Dalarnas län” selects a county"),
        ({"Yrke": "Lärare"}, "“Yrke:;Lärare” is no parameter that is known"),
    ],
)
def test_a_selection_that_no_group_is_is_refused_by_name(path: Path, parameters: dict[str, str], what: str) -> None:
    assert what in refusal(path, text(parameters=PARAMETERS | parameters))


def test_an_unknown_parameter_that_selects_nothing_is_taken(path: Path) -> None:
    parameters = PARAMETERS | {"Yrke": "Samtliga", "Källa": "Arbetsförmedlingen"}
    assert read_text(path, text(parameters=parameters)).rows.height == 312


@pytest.mark.parametrize("label", ["Månad", "Län", "Ålder", "Kön"])
def test_a_foot_without_a_parameter_is_refused_by_its_name(path: Path, label: str) -> None:
    parameters = {each: value for each, value in PARAMETERS.items() if each != label}
    assert f"{NAME}: the foot does not say {label}; " in refusal(path, text(parameters=parameters))


def test_a_missing_row_is_refused_by_its_name(path: Path) -> None:
    message = refusal(path, text().replace("Kiruna;1234;4,2\r\n", ""))
    assert message.startswith(f"{NAME}, line 317: 311 rows end here, without Kiruna; expected 312 rows: ")


@given(st.integers(0, len(text()) - 60))
def test_a_file_that_was_cut_off_does_not_pass(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "x"
    with pytest.raises(UnreadableFile):
        read_text(path, text()[:length])


def test_an_unknown_region_is_one_row_for_quarantine_and_not_a_missing_one(path: Path) -> None:
    split = split_feed(normalised(read_text(path, text().replace("Kiruna;", "Kirunna;")).rows))
    assert split.refused.select("rule", "rows").rows() == [("region_is_known", 1)]


def test_a_row_twice_in_place_of_another_is_refused(path: Path) -> None:
    assert "without Kiruna; " in refusal(path, text().replace("Kiruna;", "Boden;"))


def test_a_row_twice_is_one_row_for_quarantine(path: Path) -> None:
    row = "Kiruna;1234;4,2\r\n"
    split = split_feed(normalised(read_text(path, text().replace(row, row * 2)).rows))
    assert split.refused.select("rule", "rows").rows() == [("row_stands_once", 1)]


def test_a_row_without_its_number_is_one_row_for_quarantine(path: Path) -> None:
    split = split_feed(normalised(read_text(path, text().replace("Kiruna;1234;4,2", "Kiruna")).rows))
    assert (split.valid.height, split.rows_quarantined) == (311, 1)


def test_a_renamed_measure_is_refused_with_the_nearest_known_name(path: Path) -> None:
    message = refusal(path, text(headings=("", "Inskrivna arbetslsa", "Andel")))
    assert message.startswith(f"{NAME}, line 4: the columns have changed: renamed: “Inskrivna arbetslsa” (nearest ")


@pytest.mark.parametrize("measure", ["Inskrivna arbetslösa", '"Inskrivna\r\narbetslösa"', "Totalt", "ANTAL"])
def test_the_measure_may_have_any_of_its_names(path: Path, measure: str) -> None:
    assert read_text(path, text(headings=("", "Andel", measure)).replace(";1234;4,2", ";4,2;1234")).rows[
        "registered"
    ].unique().to_list() == ["1234"]


def test_a_text_in_latin_1_is_refused_with_byte_and_line(path: Path) -> None:
    path.write_bytes(text().encode("latin-1"))
    with pytest.raises(UnreadableFile, match=f"{NAME}, line 3, column 19: byte 0xF6 is not UTF-8; .* save the file as"):
        read(path, NAME)


def test_a_text_in_utf_16_is_recognised_and_refused(path: Path) -> None:
    path.write_bytes(text().encode("utf-16"))
    assert recognises(path)
    with pytest.raises(UnreadableFile, match=r"byte 0xF. is not UTF-8"):
        read(path, NAME)


def test_an_open_quotation_mark_is_refused_with_its_line(path: Path) -> None:
    assert f"{NAME}, line 318: the line cannot be cut" in refusal(path, text().replace("Kiruna", '"Kiruna'))


def test_a_text_without_the_nation_is_refused(path: Path) -> None:
    assert "there are no headings above a row of the nation" in refusal(path, "a;b\r\n1;2\r\n")


def test_a_file_of_another_size_is_refused_unread(path: Path) -> None:
    with path.open("wb") as content:
        content.truncate(LARGEST + 1)
    with pytest.raises(UnreadableFile, match=f"the file has {LARGEST + 1} bytes"):
        read(path, NAME)


@pytest.mark.parametrize("where", ["Riket", "Totalt", "Månad", "Inskrivna arbetslösa"])
def test_a_personal_identity_number_refuses_the_file_wherever_it_stands(path: Path, where: str) -> None:
    content = text().replace(where, f"{where} 19121212-1212", 1)
    with pytest.raises(PersonalData) as refused:
        read_text(path, content)
    assert "1212" not in str(refused.value)
    assert ", line " in str(refused.value)


forms: st.SearchStrategy[Literal["NFC", "NFD"]] = st.sampled_from(["NFC", "NFD"])
numbers = st.one_of(st.integers(0, 999_999).map(str), st.just("<5"), st.integers(1000, 9999).map(lambda n: f"{n:,}"))


@settings(max_examples=15)
@given(st.lists(numbers, min_size=312, max_size=312), forms, st.sampled_from(["\r\n", "\n"]))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, printed: list[str], form: Literal["NFC", "NFD"], newline: str
) -> None:
    by_region = dict(zip(regions(), printed, strict=True))
    content = unicodedata.normalize(form, text(lambda region: by_region[region])).replace("\r\n", newline)
    rows = read_text(tmp_path_factory.mktemp("x") / "x", content).rows
    assert dict(rows.select("municipality", "registered").rows()) == by_region


@pytest.mark.parametrize("head", ["", "month;municipality_code;registered\n2020-01;2580;7\n", ";a\nb;c\n", "Riket;7\n"])
def test_other_texts_are_not_recognised(path: Path, head: str) -> None:
    path.write_text(head)
    assert not recognises(path)


def test_it_is_recognised_by_its_content_alone(path: Path) -> None:
    assert recognises(write(path))
    assert recognises(write(path, text(headings=HEADINGS)[:400]))
    path.write_bytes(text().encode("latin-1"))
    assert recognises(path)
