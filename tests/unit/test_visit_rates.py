"""Tabell 3 of the analysis: visits per 100 registered jobseekers, as shipped and damaged."""

import pytest

from sources.problems import TableNotFound
from sources.registration_statistics import visit_rates
from sources.wrapped_tables import TableReading
from tests.unit.appendix_text import lines_of, lost, shipped

CAPTION = "**Tabell 3: Registrerade besök på kontor för olika grupper av arbetssökande**"
HEADINGS = "\tJanuari 2019\tJanuari 2020\tFörändring"
ROWS = (("<b>Samtliga</b>", "24", "11", "-54%"), ("Personer över 55 år", "20", "9", "-55%"))


def read(*rows: str, headings: str = HEADINGS) -> TableReading:
    """The reading of a table of these rows; nothing that is printed in it may be lost, whatever it is."""
    lines = lines_of("\n".join((CAPTION, "", "*Antal besök (genomsnitt)*", "", headings, *rows, "")), None)
    reading = visit_rates.read(lines, "analysis.txt")
    assert lost(lines, reading) == []
    return reading


def test_seven_groups_are_read_as_printed() -> None:
    assert [tuple(row.cells.values()) for row in shipped("visit_rates").reading.rows] == [
        ("Inrikes födda utan funktionsnedsättning", "18", "6", "-67%"),
        ("Personer med funktionsnedsättning", "23", "15", "-35%"),
        ("Personer inom etablering", "43", "21", "-51%"),
        ("Personer över 55 år", "20", "9", "-55%"),
        ("Jobb- och utvecklingsgarantin", "37", "18", "-51%"),
        ("Jobbgarantin för ungdomar", "46", "27", "-41%"),
        ("Samtliga", "24", "11", "-54%"),
    ]


def test_cells_stand_under_the_headings_and_our_own_word_for_the_first() -> None:
    columns = ("Grupp", "Januari 2019", "Januari 2020", "Förändring")
    assert {tuple(row.cells) for row in shipped("visit_rates").reading.rows} == {columns}


def test_rows_stand_from_line_423_to_429_of_a_text_without_pages() -> None:
    lines = [line for row in shipped("visit_rates").reading.rows for line in row.lines]
    assert [(line.page, line.number) for line in lines] == [(None, at) for at in range(423, 430)]


def test_no_row_is_refused() -> None:
    assert shipped("visit_rates").reading.refusals == ()


def test_every_printed_line_is_accounted_for() -> None:
    assert lost(shipped("visit_rates").lines, shipped("visit_rates").reading) == []


@pytest.mark.parametrize("cell", range(4))
def test_a_row_without_one_cell_is_refused_and_the_others_are_read(cell: int) -> None:
    damaged = "\t".join(ROWS[0][:cell] + ROWS[0][cell + 1 :])
    reading = read(damaged, "\t".join(ROWS[1]))
    (refusal,) = reading.refusals
    assert (refusal.rule, refusal.reason, refusal.value) == ("unreadable_row", "3 cells: expected 4", damaged)
    assert [line.number for line in refusal.lines] == [6]
    assert [tuple(row.cells.values()) for row in reading.rows] == [ROWS[1]]


def test_a_value_that_is_no_number_is_read_as_text() -> None:
    assert [row.cells["Januari 2020"] for row in read("Samtliga\t24\t..\t-54%").rows] == [".."]


def test_a_blank_line_does_not_end_the_table() -> None:
    assert len(read("\t".join(ROWS[0]), "", "\t".join(ROWS[1])).rows) == 2


def test_a_file_without_the_headings_is_no_table() -> None:
    with pytest.raises(TableNotFound, match=r"expected “Januari 2019, Januari 2020, Förändring”"):
        read("\t".join(ROWS[0]), headings=HEADINGS.replace("2020", "2021"))
