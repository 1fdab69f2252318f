"""The workbook of time series: every row of every sheet, and no workbook whose columns moved. Numbers are made up."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from sources.problems import UnreadableFile
from sources.registration_statistics.af_timeseries import read, recognises
from sources.registration_statistics.normalise import normalised
from sources.registration_statistics.printed import PRINTED
from tests.feeds.workbooks import (
    DURATIONS,
    TIMESERIES_SHEETS,
    Cell,
    part_of,
    with_parts,
    write_af_timeseries,
    write_workbook,
)

NAME = "web-inskrivna-2021-02.xlsx"
LULEA = ("2021-01", "Norrbottens län", "Luleå")
SHEETS: Mapping[str, Sequence[Sequence[Cell]]] = {
    "Total": [[*LULEA, 1234, 700, 400, "<5"], ["2021-02", "Norrbottens län", None, "<5", None, 0, 0]],
    "Kön": [[*LULEA, "Kvinnor", 600, 1, 1, 1], [*LULEA, "Män", 634, 1, 1, 1]],
    "Ålder": [[*LULEA, "16-24", 100, 1, 1, 1]],
    "Utbildningsnivå": [[*LULEA, "Gymnasial", 200, 1, 1, 1]],
    "Födelseland": [[*LULEA, "Utrikes", 300, 1, 1, 1]],
}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return write_af_timeseries(tmp_path / NAME, SHEETS)


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(path, NAME)
    assert refused.value.problem.file == NAME
    return str(refused.value)


def rows_of(path: Path, sheet: str) -> list[tuple[object, ...]]:
    printed = read(path, NAME)
    assert printed.rows.schema == pl.Schema(dict(PRINTED))
    return printed.rows.filter(sheet=sheet).drop("sheet").rows()


def test_the_workbook_is_recognised_by_its_sheets(workbook: Path) -> None:
    assert recognises(workbook)


def test_other_files_are_not_taken_for_it(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("PERIOD;LÄN;KOMMUN", "utf-8")
    assert not recognises(tmp_path / "text")
    assert not recognises(write_workbook(tmp_path / "other.xlsx", {"Total": [["PERIOD"]], "Kommun": [["x"]]}))


def test_total_gives_all_registered_and_a_row_for_each_duration(workbook: Path) -> None:
    duration = "Tid utan arbete"
    rest = ("2021-02", "Norrbottens län", None)
    assert rows_of(workbook, "Total") == [
        (6, *LULEA, None, None, "1234"),
        (7, *rest, None, None, "<5"),
        (6, *LULEA, duration, DURATIONS[0], "700"),
        (7, *rest, duration, DURATIONS[0], None),
        (6, *LULEA, duration, DURATIONS[1], "400"),
        (7, *rest, duration, DURATIONS[1], "0"),
        (6, *LULEA, duration, DURATIONS[2], "<5"),
        (7, *rest, duration, DURATIONS[2], "0"),
    ]


def test_the_other_sheets_give_their_division_and_no_duration(workbook: Path) -> None:
    assert rows_of(workbook, "Kön") == [
        (6, *LULEA, "Kön", "Kvinnor", "600"),
        (7, *LULEA, "Kön", "Män", "634"),
    ]
    assert rows_of(workbook, "Födelseland") == [(6, *LULEA, "Födelseland", "Utrikes", "300")]


def test_every_group_of_the_workbook_is_known(workbook: Path) -> None:
    groups = normalised(read(workbook, NAME).rows)["visitor_group"].unique(maintain_order=True).to_list()
    assert groups == [
        "all",
        "without_work_6_months",
        "without_work_12_months",
        "without_work_24_months",
        "women",
        "men",
        "age_16_24",
        "education_upper_secondary",
        "born_abroad",
    ]


@pytest.mark.parametrize("prose", [0, 1, 12, 19])
def test_the_headings_are_found_wherever_they_stand_in_the_first_rows(tmp_path: Path, prose: int) -> None:
    path = write_af_timeseries(tmp_path / NAME, SHEETS, prose)
    assert rows_of(path, "Ålder") == [(prose + 2, *LULEA, "Ålder", "16-24", "100")]


def test_headings_below_the_first_rows_are_not_looked_for(tmp_path: Path) -> None:
    message = refusal(write_af_timeseries(tmp_path / NAME, SHEETS, prose=20))
    assert "sheet Total: no line of headings stands in the first 20 rows" in message


def test_an_excel_date_is_the_month_it_begins(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with xlsxwriter.Workbook(path) as book:
        month = book.add_format({"num_format": "yyyy-mm"})
        for name in TIMESERIES_SHEETS:
            sheet = book.add_worksheet(name)
            division = [] if name == "Total" else [name]
            sheet.write_row(0, 0, ["PERIOD", "LÄN", "KOMMUN", *division, "ARBETSLÖSA", *DURATIONS])
            sheet.write_row(1, 0, [None, *LULEA[1:], *(["x"] if division else []), 5, 4, 3, 2])
            sheet.write_datetime(1, 0, dt.datetime(2021, 1, 1), month)  # noqa: DTZ001  (Excel knows no time zones)
    assert read(path, NAME).rows["period"].unique().to_list() == ["2021-01"]


@pytest.mark.parametrize("sheet", TIMESERIES_SHEETS)
def test_a_missing_sheet_is_named(workbook: Path, sheet: str) -> None:
    text = part_of(workbook, "xl/workbook.xml").replace(f'name="{sheet}"', 'name="Okänd flik"')
    message = refusal(with_parts(workbook, {"xl/workbook.xml": text}))
    assert f"no sheet “{sheet}”" in message
    assert "the nearest is “Okänd flik”" in message


def test_a_renamed_sheet_is_named_with_the_new_name(workbook: Path) -> None:
    text = part_of(workbook, "xl/workbook.xml").replace('name="Ålder"', 'name="Åldersgrupper"')
    message = refusal(with_parts(workbook, {"xl/workbook.xml": text}))
    assert "no sheet “Ålder”" in message
    assert "the nearest is “Åldersgrupper”" in message


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("KOMMUN", "KOMUNN", "renamed: “KOMUNN” (nearest known: “KOMMUN”)"),
        ("ARBETSLÖSA", "Öppna ärenden", "missing: “registered”"),
        (DURATIONS[1], "x", "missing: “without_work_12_months”"),
    ],
)
def test_a_changed_column_is_named_with_sheet_and_row(workbook: Path, old: str, new: str, told: str) -> None:
    part = "xl/sharedStrings.xml"
    message = refusal(with_parts(workbook, {part: part_of(workbook, part).replace(f">{old}<", f">{new}<")}))
    assert "sheet Total, row 5" in message
    assert told in message


def test_a_new_sheet_and_a_new_column_are_notes(tmp_path: Path) -> None:
    rows: dict[str, list[list[Cell]]] = {
        sheet: [["PERIOD", "LÄN", "KOMMUN", sheet, "ARBETSLÖSA", "Medelålder", *DURATIONS]] for sheet in SHEETS
    }
    rows["Total"][0].remove("Total")
    rows["Diagram"] = [["x"]]
    notes = read(write_workbook(tmp_path / NAME, rows), NAME).notes
    assert notes[0] == "new: sheet “Diagram”, not read"
    assert notes[1].startswith("sheet Total: new: “Medelålder”")
    assert len(notes) == 6


def test_a_bad_cell_is_passed_on_as_it_is_printed(tmp_path: Path) -> None:
    bad: list[list[Cell]] = [
        ["202101", "Dalarna", " Luleå ", "..", 1.5, -1, True],
        ["Källa: påhittad", None, None, None, 1, 1, 1],
    ]
    path = write_af_timeseries(tmp_path / NAME, {**SHEETS, "Total": bad})
    assert rows_of(path, "Total")[:2] == [
        (6, "202101", "Dalarna", " Luleå ", None, None, ".."),
        (7, "Källa: påhittad", None, None, None, None, None),
    ]
    assert [row[-1] for row in rows_of(path, "Total")] == ["..", None, "1.5", "1", "-1", "1", "true", "1"]


def test_blank_rows_are_no_rows_and_move_no_number(tmp_path: Path) -> None:
    blank: list[Cell] = [None] * 8
    path = write_af_timeseries(tmp_path / NAME, {**SHEETS, "Kön": [blank, blank, *SHEETS["Kön"][:1], blank]})
    assert rows_of(path, "Kön") == [(8, *LULEA, "Kön", "Kvinnor", "600")]


TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["C"]), max_size=8).filter(
    lambda text: text.strip() != ""
)
NUMBER = st.one_of(st.integers(min_value=0, max_value=10**9), st.just("<5"), st.none())
KEYS = st.tuples(st.from_regex(r"\A20[0-9]{2}-[01][0-9]\Z"), TEXT, st.one_of(st.none(), TEXT))


@given(
    st.lists(st.tuples(KEYS, st.tuples(NUMBER, NUMBER, NUMBER, NUMBER)), max_size=6),
    st.lists(st.tuples(KEYS, TEXT, NUMBER), max_size=6),
    st.booleans(),
)
def test_any_rows_are_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    total: list[tuple[tuple[str, str, str | None], tuple[Cell, ...]]],
    ages: list[tuple[tuple[str, str, str | None], str, Cell]],
    inline: bool,
) -> None:
    sheets = {
        "Total": [[*key, *counts] for key, counts in total],
        "Ålder": [[*key, age, count, 1, 2, 3] for key, age, count in ages],
    }
    path = write_af_timeseries(tmp_path_factory.mktemp("any") / NAME, sheets, inline=inline)
    counted = [
        (row, *key, *group, None if counts[at] is None else str(counts[at]))
        for at, group in enumerate([(None, None), *(("Tid utan arbete", each) for each in DURATIONS)])
        for row, (key, counts) in enumerate(total, 6)
    ]
    assert rows_of(path, "Total") == counted
    assert rows_of(path, "Ålder") == [
        (row, *key, "Ålder", age, None if count is None else str(count))
        for row, (key, age, count) in enumerate(ages, 6)
    ]
