"""Transcriptions: csv files that a person wrote, each row with the page and the line of the original."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.pages import Line
from sources.problems import TableNotFound
from sources.transcriptions import reader
from sources.wrapped_tables import TableReading
from tests.unit.appendix_text import THOROUGH, lines_of, printed

COLUMNS = ("place", "note")
HEADER = "place,note,page,line\n"
read = reader(COLUMNS, shown="place")


def reading_of(*rows: str) -> TableReading:
    """What is read from a file with these lines below the header."""
    return read(lines_of("".join((HEADER, *(f"{row}\n" for row in rows))), None), "places.csv")


def test_a_row_has_its_cells_and_stands_where_it_says() -> None:
    (row,) = reading_of("Pajala,staffed,24,1468").rows
    assert row.cells == {"place": "Pajala", "note": "staffed"}
    assert row.lines == (Line(number=1468, text="Pajala", page=24),)


@pytest.mark.parametrize("row", ["Pajala,,24,16", "Pajala, ,24,16", 'Pajala,"",24,16'])
def test_a_blank_cell_is_none(row: str) -> None:
    assert [each.cells for each in reading_of(row).rows] == [{"place": "Pajala", "note": None}]


def test_a_row_without_its_shown_cell_has_no_text() -> None:
    (row,) = reading_of(",staffed,24,16").rows
    assert (row.cells["place"], row.lines[0].text) == (None, "")


@pytest.mark.parametrize(("page", "expected"), [("", None), ("24", 24), (" 24 ", 24)])
def test_a_page_is_a_number_or_nothing(page: str, expected: int | None) -> None:
    assert [row.lines[0].page for row in reading_of(f"Pajala,staffed,{page},16").rows] == [expected]


def test_a_quoted_cell_may_hold_commas_and_quotation_marks() -> None:
    (row,) = reading_of('Pajala,"staffed, not ""travel-to""",24,16').rows
    assert row.cells["note"] == 'staffed, not "travel-to"'


def test_blanks_around_a_cell_and_blank_lines_mean_nothing() -> None:
    reading = reading_of("", " Pajala , staffed ,24, 16 ", "  ")
    assert [row.cells for row in reading.rows] == [{"place": "Pajala", "note": "staffed"}]
    assert reading.refusals == ()


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("Pajala", 1),
        ("Pajala,staffed,16", 3),
        ("Pajala,staffed,,16,y", 5),
        ("Pajala,staffed, not travel-to,,16", 5),
        ("Pajala,staffed,,", 4),
        ("Pajala,staffed,,line 16", 4),
        ("Pajala,staffed,,²", 4),
        ("Pajala,staffed,,-1", 4),
        ("Pajala,staffed,,1234567", 4),
        ("Pajala,staffed,p. 24,16", 4),
        ("Pajala,staffed,²,16", 4),
        ('Pajala,"staffed,,16', 1),
        ('Pajala,"staffed" or not,,16', 1),
    ],
)
def test_a_row_without_all_cells_or_without_a_line_is_refused(row: str, cells: int) -> None:
    reading = reading_of("Arvidsjaur,x,,16", row)
    (refusal,) = reading.refusals
    assert (refusal.rule, refusal.value, [line.number for line in refusal.lines]) == ("unreadable_row", row, [3])
    assert refusal.reason == (
        f"{cells} cells: expected place, note, page, line, the last two a page (or nothing) and a line"
    )
    assert [each.cells["place"] for each in reading.rows] == ["Arvidsjaur"]


@pytest.mark.parametrize(
    "text", ["Pajala,x,,16\n", "place;note;page;line\n", "note,place,page,line\n", "place,note,line\n"]
)
def test_a_file_without_the_header_is_no_table(text: str) -> None:
    expected = rf"^places\.csv, line 1: the header is “{text.strip()}”; expected “place,note,page,line”"
    with pytest.raises(TableNotFound, match=expected):
        read(lines_of(text, None), "places.csv")


CELLS = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=12).map(str.strip)
NUMBERS = st.integers(min_value=1, max_value=999_999)
ROWS = st.lists(st.tuples(CELLS.filter(bool), CELLS, st.none() | NUMBERS, NUMBERS), max_size=6)


@THOROUGH
@given(ROWS)
def test_rows_written_as_csv_are_read_back(rows: list[tuple[str, str, int | None, int]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([(*COLUMNS, "page", "line"), *rows])
    lines = [Line(number, line) for number, line in enumerate(text.getvalue().splitlines(), start=1)]
    reading = read(lines, "places.csv")
    assert reading.refusals == ()
    assert [(row.cells["place"], row.cells["note"]) for row in reading.rows] == [(a, b or None) for a, b, _, _ in rows]
    assert [(row.lines[0].page, row.lines[0].number) for row in reading.rows] == [(c, d) for _, _, c, d in rows]


@THOROUGH
@given(st.lists(st.sampled_from(["Pajala,x,,16", "", "  ", "Pajala", "Pajala,x,,", ",,,,16", '"', ",,,"]), max_size=8))
def test_every_printed_line_is_the_header_a_row_or_refused(lines: list[str]) -> None:
    text = lines_of(HEADER + "\n".join(lines), None)
    reading = read(text, "places.csv")
    assert reading.received + 1 == len(printed(text)) == len(reading.lines)
    assert reading.unaccounted() == []
