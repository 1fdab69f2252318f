"""Tabell 1 of the analysis: closed offices that should be staffed, as shipped and damaged."""

from collections import Counter

import pytest

from sources.problems import TableNotFound
from sources.registration_statistics import closed_despite_need
from sources.wrapped_tables import TableReading
from tests.unit.appendix_text import lines_of, lost, shipped

CAPTION = (
    "**Tabell 1: Arbetsförmedlingens lokala närvaro på de orter där 3 kontor avvecklats trots behov<sup>1 2</sup>**"
)
HEADINGS = "\t".join(closed_despite_need.HEADINGS)
ROWS = (
    ("Växjö", "Af Alvesta", "Nej", "2020-10-31*", "Samarbetslösning finns."),
    ("", "Af Lessebo", "Nej", "2020-10-31*", "Samarbetslösning planerad."),
    ("Åsele", "Af Åsele", "Ja", "2019-12-01", "Samarbetslösning finns ej."),
)


def table(*rows: str) -> str:
    return "\n".join((CAPTION, "", HEADINGS, *rows, ""))


def read(text: str) -> TableReading:
    """The reading of a table; nothing that is printed in it may be lost, whatever it is."""
    lines = lines_of(text, None)
    reading = closed_despite_need.read(lines, "analysis.txt")
    assert lost(lines, reading) == []
    return reading


def offices(reading: TableReading) -> list[str | None]:
    return [row.cells["Kontor"] for row in reading.rows]


def column(name: str) -> list[str | None]:
    return [row.cells[name] for row in shipped("closed_despite_need").reading.rows]


def test_27_offices_closed_despite_need() -> None:
    assert len(column("Kontor")) == len(set(column("Kontor"))) == 27


def test_no_row_is_refused() -> None:
    assert shipped("closed_despite_need").reading.refusals == ()


def test_the_caption_states_as_many_rows_as_are_read() -> None:
    (stated,) = shipped("closed_despite_need").reading.stated
    assert (stated.stated, stated.received, stated.line.number) == (27, 27, 259)


def test_every_printed_line_is_accounted_for() -> None:
    lines = shipped("closed_despite_need").lines
    assert lost(lines, shipped("closed_despite_need").reading) == []


def test_headings_are_kept_without_the_mark_of_their_footnote() -> None:
    assert {tuple(row.cells) for row in shipped("closed_despite_need").reading.rows} == {closed_despite_need.HEADINGS}


def test_an_fa_region_stands_on_one_row_of_its_group_only() -> None:
    regions = column("FA-region")
    assert regions.count(None) == 10
    assert max(Counter(filter(None, regions)).values()) == 1


def test_a_star_marks_the_offices_without_fixed_staff() -> None:
    assert sum((day or "").endswith("*") for day in column("Datum för avveckling")) == 17


@pytest.mark.parametrize(("at", "office", "line"), [(0, "Af Alvesta", 262), (-1, "Af Lund", 288)])
def test_first_and_last_row_stand_where_they_are_printed(at: int, office: str, line: int) -> None:
    row = shipped("closed_despite_need").reading.rows[at]
    assert row.cells["Kontor"] == office
    assert [(each.page, each.number) for each in row.lines] == [(None, line)]


def test_an_office_of_two_words_with_parentheses_is_whole() -> None:
    cells, lines = shipped("closed_despite_need").row_with(Kontor="Af Stockholm Etablering (Spånga)")
    assert (cells["FA-region"], cells["Datum för avveckling"], lines) == ("Stockholm", "2019-09-30*", [282])


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("cell", range(5))
def test_a_row_without_one_cell_is_refused_and_the_others_are_read(row: int, cell: int) -> None:
    damaged = "\t".join(ROWS[row][:cell] + ROWS[row][cell + 1 :])
    reading = read(table(*(damaged if at == row else "\t".join(each) for at, each in enumerate(ROWS))))
    (refusal,) = reading.refusals
    assert (refusal.rule, refusal.reason, refusal.value) == ("unreadable_row", "4 cells: expected 5", damaged)
    assert [line.number for line in refusal.lines] == [4 + row]
    assert offices(reading) == [each[1] for at, each in enumerate(ROWS) if at != row]
    assert [(each.stated, each.received) for each in reading.stated] == [(3, 3)]


@pytest.mark.parametrize("cell", range(5))
def test_a_blank_cell_is_read_as_none(cell: int) -> None:
    reading = read(table("\t".join(" " if at == cell else text for at, text in enumerate(ROWS[0]))))
    assert [list(row.cells.values()).index(None) for row in reading.rows] == [cell]


def test_two_rows_on_one_line_are_refused() -> None:
    reading = read(table("\t".join(ROWS[0] + ROWS[1]), "\t".join(ROWS[2])))
    assert [each.reason for each in reading.refusals] == ["10 cells: expected 5"]
    assert offices(reading) == ["Af Åsele"]


def test_text_behind_the_last_cell_is_refused_with_its_row() -> None:
    reading = read(table("\t".join((*ROWS[0], "not 3")), "\t".join(ROWS[1])))
    assert [each.reason for each in reading.refusals] == ["6 cells: expected 5"]
    assert offices(reading) == ["Af Lessebo"]


def test_a_day_that_is_in_no_calendar_is_read_as_text() -> None:
    reading = read(table("\t".join(ROWS[0]).replace("2020-10-31*", "2019-13-01")))
    assert [row.cells["Datum för avveckling"] for row in reading.rows] == ["2019-13-01"]


def test_a_blank_line_between_rows_does_not_end_the_table() -> None:
    reading = read(table("\t".join(ROWS[0]), "", "\t".join(ROWS[1]), "", "", "\t".join(ROWS[2])))
    assert offices(reading) == ["Af Alvesta", "Af Lessebo", "Af Åsele"]


def test_prose_below_a_blank_line_ends_the_table() -> None:
    reading = closed_despite_need.read(lines_of(table("\t".join(ROWS[0]), "", "I tabellen …"), None), "analysis.txt")
    assert [line.text for line in reading.lines if "I tabellen" in line.text] == []
    assert reading.refusals == ()


def test_a_row_that_lost_all_its_tabulators_is_refused() -> None:
    reading = read(table("\t".join(ROWS[0]), " ".join(ROWS[1]), "\t".join(ROWS[2])))
    assert [each.reason for each in reading.refusals] == ["1 cells: expected 5"]
    assert offices(reading) == ["Af Alvesta", "Af Åsele"]


def test_a_file_cut_in_a_row_refuses_that_row() -> None:
    whole = table(*("\t".join(row) for row in ROWS))
    reading = read(whole[: whole.index("2019-12-01")])
    assert [(each.value, [line.number for line in each.lines]) for each in reading.refusals] == [
        ("Åsele\tAf Åsele\tJa\t", [6])
    ]
    assert offices(reading) == ["Af Alvesta", "Af Lessebo"]


def test_a_file_without_the_caption_is_no_table() -> None:
    with pytest.raises(TableNotFound, match=r"^analysis\.txt: the table's caption is not in the file"):
        read(table("\t".join(ROWS[0])).replace("Tabell 1", "Bild 1"))


def test_a_file_without_the_headings_is_no_table() -> None:
    with pytest.raises(TableNotFound, match=r"^analysis\.txt: the table's line of headings is not in the file"):
        read(table("\t".join(ROWS[0])).replace("FA-region", "Region"))
