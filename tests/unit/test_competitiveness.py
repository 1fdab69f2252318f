"""Tabell 2 of the analysis: municipalities with the lowest and highest share, as shipped and damaged."""

from collections import Counter

import pytest

from sources.problems import TableNotFound
from sources.registration_statistics import competitiveness
from sources.wrapped_tables import TableReading
from tests.unit.appendix_text import lines_of, lost, shipped

CAPTION = "**Tabell 2: Kommuner med lägst och högst andel inskrivna (dec 2020)**<sup>1 2</sup>"
HEADINGS = "\t".join(competitiveness.HEADINGS)
LEFT = ("<b>Vellinge</b>", "48,8%", "Nej, kontor fanns ej 2019.")
RIGHT = ("<b>Eskilstuna</b>", "81,2%", "Ja, men ej kundtorg.")


def read(*rows: str, headings: str = HEADINGS) -> TableReading:
    """The reading of a table of these rows; nothing that is printed in it may be lost, whatever it is."""
    lines = lines_of("\n".join((CAPTION, "", headings, *rows, "")), None)
    reading = competitiveness.read(lines, "analysis.txt")
    assert lost(lines, reading) == []
    return reading


def test_20_municipalities_are_named_ten_at_either_end() -> None:
    sides = Counter(row.cells["Kommuner med"] for row in shipped("competitiveness").reading.rows)
    assert sides == {"lägst andel utsatta": 10, "högst andel utsatta": 10}


def test_no_row_is_refused() -> None:
    assert shipped("competitiveness").reading.refusals == ()


def test_every_printed_line_is_accounted_for() -> None:
    assert lost(shipped("competitiveness").lines, shipped("competitiveness").reading) == []


def test_markup_is_no_part_of_a_cell() -> None:
    cells = [cell or "" for row in shipped("competitiveness").reading.rows for cell in row.cells.values()]
    assert [cell for cell in cells if "<" in cell or cell != cell.strip()] == []


@pytest.mark.parametrize(
    ("at", "cells", "line"),
    [
        (0, ("lägst andel utsatta", "Vellinge", "48,8%", "Nej, kontor fanns ej 2019."), 325),
        (
            -1,
            (
                "högst andel utsatta",
                "Flen",
                "83,5%",
                "Kontor stängde 2019-12-31.* Samarbetslösning planerad men ej i drift (okt 2020).",
            ),
            334,
        ),
    ],
)
def test_first_and_last_row_stand_where_they_are_printed(at: int, cells: tuple[str, ...], line: int) -> None:
    row = shipped("competitiveness").reading.rows[at]
    assert tuple(row.cells.values()) == cells
    assert [(each.page, each.number) for each in row.lines] == [(None, line)]


def test_each_line_gives_two_rows_the_left_one_first() -> None:
    rows = shipped("competitiveness").reading.rows
    assert [row.lines for row in rows[::2]] == [row.lines for row in rows[1::2]]
    assert {row.cells["Kommuner med"] for row in rows[::2]} == {"lägst andel utsatta"}


@pytest.mark.parametrize("cell", range(6))
def test_a_line_without_one_cell_is_refused_and_the_others_are_read(cell: int) -> None:
    whole = LEFT + RIGHT
    damaged = "\t".join(whole[:cell] + whole[cell + 1 :])
    reading = read("\t".join(whole), damaged, "\t".join(whole))
    (refusal,) = reading.refusals
    assert (refusal.rule, refusal.reason, refusal.value) == ("unreadable_row", "5 cells: expected 6", damaged)
    assert [line.number for line in refusal.lines] == [5]
    assert len(reading.rows) == 4


def test_a_side_that_is_blank_is_a_row_of_blank_cells() -> None:
    reading = read("\t".join((*LEFT, "", "", "")))
    assert [row.cells["Kommun"] for row in reading.rows] == ["Vellinge", None]


def test_a_blank_line_does_not_end_the_table() -> None:
    row = "\t".join(LEFT + RIGHT)
    assert len(read("", row, "", row).rows) == 4


def test_a_file_without_the_headings_is_no_table() -> None:
    with pytest.raises(TableNotFound, match=r"^analysis\.txt: the table's line of headings is not in the file"):
        read("\t".join(LEFT + RIGHT), headings=HEADINGS.replace("lägst", "lågst"))
