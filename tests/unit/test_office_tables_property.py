"""Office tables made at random and wrapped at random are read back as they were made."""

from collections.abc import Callable, Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sources.decision_appendices import closing_offices, kept_offices
from sources.geography import AF_REGIONS
from sources.pages import Line, read_lines
from sources.wrapped_tables import Row, TableReading
from tests.unit.appendix_text import (
    THOROUGH,
    CellPrinter,
    Sheet,
    dice,
    municipality,
    municipality_as_printed,
    office,
    word,
    wrapped,
)

Cells = list[tuple[str, str]]
"""Each cell of a row as it is printed, and as it must be read."""

SEEDS = st.integers(min_value=0, max_value=2**40)
ROWS = st.lists(SEEDS, min_size=1, max_size=4)


def plain(*cells: str) -> Cells:
    return [(cell, cell) for cell in cells]


def kept_office(random: Random) -> Cells:
    place = municipality(random)
    name = (municipality_as_printed(place.municipality, random), place.municipality)
    form = random.choice(("Fast bemannat kontor", "Kontor vi reser till"))
    decision = f"{random.randrange(190101, 211231)}"
    form = random.choice((form, form, f"{form}. Beslut {decision}.", f"{form}. Beslut {decision}"))
    return [*plain(place.county, random.choice(AF_REGIONS)), name, *plain(office(random), form)]


def closing_office(random: Random) -> Cells:
    place = municipality(random)
    name = (municipality_as_printed(place.municipality, random), place.municipality)
    elsewhere = municipality(random).municipality
    closes_on = f"{random.randrange(2019, 2022)}-{random.randrange(1, 13):02}-{random.randrange(1, 32):02}"
    service_centre = random.choice(
        (
            "Ja",
            "Nej",
            f"Ja, i {elsewhere} inom samma kommun",
            f"Nej, inte på orten men i kommunen, i {elsewhere}",
            f"Nej, men i {elsewhere}",
        )
    )
    form = random.choice(("Närliggande kontor", "Samarbetslösning"))
    ready = random.choice(
        (
            "-",
            "Ja (i egen lokal)",
            "Ja (i SSC:s lokal)",
            "Ja (avtal kommun finns)",
            "Nej (ÖK om avtal finns)",
            "Nej (ök om avtal finns)",
            "Nej (egen lokal finns)",
            f"Ja (i {word(random)})",
        )
    )
    short = place.county.removesuffix(" län").removesuffix("s")
    cells = plain(short, random.choice(AF_REGIONS))
    return [*cells, name, *plain(office(random), closes_on, service_centre, form, ready)]


def appendix(
    layout: int, rows: Sequence[int], title: str, heading: str, make: Callable[[Random], Cells]
) -> tuple[Sheet, list[tuple[list[str], tuple[Line, ...]]], bool]:
    """A random appendix: its sheet, the cells and lines of every row, and whether a caption counts the rows."""
    random = dice(layout)
    sheet = Sheet(random, page=random.randrange(1, 99), first_line=random.randrange(1, 5000))
    captioned = random.random() < 0.8
    if captioned:
        sheet.put(f" Bilaga 4 – Sammanställning {len(rows)} orter med ")
        sheet.put(f"{title} ")
        sheet.put("")
    sheet.heading = heading
    sheet.print_heading()
    printer = CellPrinter(sheet)
    made = []
    for number, seed in enumerate(rows):
        # The seed of a row makes its cells and wraps them; the sheet's own makes blank lines and page breaks.
        own = dice(seed)
        cells = make(own)
        for cell, _ in cells:
            printer.cell(number, wrapped(cell, own, often=0.35))
            if own.random() < 0.03:  # as after `Af Kungsbacka` in Bilaga 5
                printer.end_line()
        printer.end_line()
        made.append([cell for _, cell in cells])
    if random.random() < 0.3:
        sheet.page += 1
        sheet.put(" Bilaga 6 - Karta Arbetsförmedlingens kontor ")
        sheet.put("Norrbottens län Nord Kiruna Af Kiruna på kartan ")
    return sheet, [(cells, tuple(printer.lines_of_row[at])) for at, cells in enumerate(made)], captioned


def assert_read_back(
    sheet: Sheet,
    rows: Sequence[tuple[list[str], tuple[Line, ...]]],
    counted: bool,
    reading: TableReading,
    columns: Sequence[str],
) -> None:
    expected = tuple(Row(dict(zip(columns, cells, strict=True)), lines) for cells, lines in rows)
    assert reading.rows == expected
    assert reading.refusals == ()
    assert reading.unaccounted() == []
    assert [(each.stated, each.received) for each in reading.stated] == ([(len(rows), len(rows))] if counted else [])


@THOROUGH
@given(layout=SEEDS, rows=ROWS)
def test_kept_offices_are_read_back_as_they_were_made(layout: int, rows: list[int]) -> None:
    sheet, made, counted = appendix(
        layout, rows, "kvarstående arbetsförmedlingskontor", kept_offices.HEADING, kept_office
    )
    lines = read_lines(sheet.content, "kept.txt", sheet.lines[0].page, sheet.first_line)
    assert lines == sheet.lines
    columns = [name for name, _, _ in kept_offices.GRAMMAR]
    assert_read_back(sheet, made, counted, kept_offices.read(lines, "kept.txt"), columns)


@THOROUGH
@given(layout=SEEDS, rows=ROWS)
def test_closing_offices_are_read_back_as_they_were_made(layout: int, rows: list[int]) -> None:
    sheet, made, counted = appendix(
        layout, rows, "arbetsförmedlingskontor aktuella för avveckling", closing_offices.HEADING, closing_office
    )
    lines = read_lines(sheet.content, "closing.txt", sheet.lines[0].page, sheet.first_line)
    assert lines == sheet.lines
    columns = [name for name, _, _ in closing_offices.GRAMMAR]
    assert_read_back(sheet, made, counted, closing_offices.read(lines, "closing.txt"), columns)
