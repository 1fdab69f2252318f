"""The five re-staffed offices of June 2020, a transcription with the line of the original."""

from tests.unit.appendix_text import printed, shipped


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
