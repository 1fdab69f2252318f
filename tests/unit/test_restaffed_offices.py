"""The five re-staffed offices of June 2020, a transcription with the line of the original, and damaged ones."""

import pytest

from sources.decision_appendices import restaffed_offices
from sources.problems import TableNotFound
from tests.unit.appendix_text import lines_of, printed, shipped

HEADER = "Ort,Förändring,Rad\n"


def test_five_offices_are_restaffed() -> None:
    places = [row.cells["Ort"] for row in shipped("restaffed_offices").reading.rows]
    assert places == ["Arvidsjaur", "Jokkmokk", "Pajala", "Storuman", "Vilhelmina"]


def test_each_goes_from_travel_to_to_staffed() -> None:
    changes = {row.cells["Förändring"] for row in shipped("restaffed_offices").reading.rows}
    assert changes == {"från kontor vi reser till till fast bemannat kontor"}


def test_lines_are_those_of_the_original_which_has_no_pages() -> None:
    rows = shipped("restaffed_offices").reading.rows
    assert {(line.page, line.number) for row in rows for line in row.lines} == {(None, 16)}


def test_every_line_is_a_row_or_the_header() -> None:
    table = shipped("restaffed_offices")
    assert len(printed(table.lines)) == len(table.reading.rows) + 1
    assert table.reading.refusals == ()
    assert table.reading.unaccounted() == []


@pytest.mark.parametrize(
    "row",
    [
        "Pajala,till fast bemannat",
        "Pajala,x,16,y",
        "Pajala,x,rad 16",
        "Pajala,x,",
        "Pajala,x,²",
        "Pajala",
        "Pajala,x,-1",
    ],
)
def test_a_row_that_has_not_three_cells_or_no_line_is_refused(row: str) -> None:
    reading = restaffed_offices.read(lines_of(f"{HEADER}Arvidsjaur,x,16\n{row}\n", None), "restaffed.csv")
    (refusal,) = reading.refusals
    assert (refusal.rule, refusal.value, [line.number for line in refusal.lines]) == ("unreadable_row", row, [3])
    assert refusal.reason.endswith("cells: expected Ort, Förändring, Rad, the last a line number")
    assert [each.cells["Ort"] for each in reading.rows] == ["Arvidsjaur"]
    assert reading.unaccounted() == []


@pytest.mark.parametrize("text", ["Arvidsjaur,x,16\n", "Ort;Förändring;Rad\n"])
def test_a_file_without_the_header_is_no_table(text: str) -> None:
    with pytest.raises(TableNotFound, match=r"^restaffed\.csv, line 1: the header is .*expected “Ort,Förändring,Rad”"):
        restaffed_offices.read(lines_of(text, None), "restaffed.csv")
