"""Section 5.2.1: the stated totals as shipped, and what becomes of a damaged table."""

import pytest

from sources.decision_appendices import network_totals
from sources.problems import TableNotFound
from sources.wrapped_tables import TableReading
from tests.unit.appendix_text import lines_of, lost, shipped

HEADING = " ".join(network_totals.COLUMNS)
CAPTION = "Tabell 1 Förändringar i Arbetsförmedlingens kontorsnät (i antal) från och med ingången av 2019."
ROWS = (
    ("Kvarstående kontor totalt", "238", "106", "112"),
    ("Kvarstående ”kontor vi reser till”", "59", "27", "24"),
    ("Kontor aktuella för avveckling", "-", "132", "126"),
)


def read(*rows: str, heading: str = HEADING, caption: str = CAPTION) -> TableReading:
    """The reading of a table of these rows; nothing that is printed in it may be lost, whatever it is."""
    lines = lines_of("".join(f"{text} \n\n" for text in (heading, *rows, caption)))
    reading = network_totals.read(lines, "totals.txt")
    assert lost(lines, reading) == []
    return reading


def cells(reading: TableReading) -> list[tuple[str | None, ...]]:
    return [tuple(row.cells.values()) for row in reading.rows]


def test_the_four_measures_are_read_as_printed() -> None:
    assert cells(shipped("network_totals").reading) == [
        ("Kvarstående kontor totalt", "238", "106", "112"),
        ("Kvarstående fast bemannade kontor", "179", "79", "88"),
        ("Kvarstående ”kontor vi reser till”", "59", "27", "24"),
        ("Kontor aktuella för avveckling", "-", "132", "126"),
    ]


def test_they_stand_on_page_25_from_line_1526_to_1536() -> None:
    places = [(line.page, line.number) for row in shipped("network_totals").reading.rows for line in row.lines]
    assert places == [(25, 1526), (25, 1528), (25, 1530), (25, 1532), (25, 1534), (25, 1536)]


def test_no_row_is_refused() -> None:
    assert shipped("network_totals").reading.refusals == ()


def test_every_printed_line_is_accounted_for() -> None:
    table = shipped("network_totals")
    assert lost(table.lines, table.reading) == []


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("cell", range(4))
def test_a_row_without_one_cell_is_refused_and_the_others_are_read(row: int, cell: int) -> None:
    damaged = " ".join(ROWS[row][:cell] + ROWS[row][cell + 1 :])
    reading = read(*(damaged if at == row else " ".join(each) for at, each in enumerate(ROWS)))
    (refusal,) = reading.refusals
    assert (refusal.rule, refusal.value) == ("unreadable_row", damaged)
    assert refusal.reason == "cells are missing: expected a measure and three numbers or “-”"
    assert cells(reading) == [each for at, each in enumerate(ROWS) if at != row]


def test_a_measure_that_lost_its_numbers_is_not_merged_into_the_next() -> None:
    reading = read("Kvarstående kontor totalt", " ".join(ROWS[1]))
    assert [each.value for each in reading.refusals] == ["Kvarstående kontor totalt"]
    assert cells(reading) == [ROWS[1]]


def test_text_behind_the_last_number_is_refused_alone() -> None:
    reading = read(f"{' '.join(ROWS[0])} (se nedan)", " ".join(ROWS[1]))
    assert [each.value for each in reading.refusals] == ["(se nedan)"]
    assert cells(reading) == [ROWS[0], ROWS[1]]


def test_two_rows_on_one_line_are_two_rows() -> None:
    assert cells(read(f"{' '.join(ROWS[0])} {' '.join(ROWS[1])}")) == [ROWS[0], ROWS[1]]


def test_a_file_without_the_headings_is_no_table() -> None:
    with pytest.raises(TableNotFound, match=r"^totals\.txt: the file has no column headings “Arbets"):
        read(" ".join(ROWS[0]), heading="Kontorsnät")


def test_a_file_cut_before_the_caption_is_no_table() -> None:
    with pytest.raises(TableNotFound, match=r"^totals\.txt: the file has no caption below the table"):
        read(" ".join(ROWS[0]), caption="")
