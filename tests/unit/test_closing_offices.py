"""Bilaga 5: the closing offices as shipped, and what becomes of a damaged appendix."""

from collections import Counter

import pytest

from sources.decision_appendices import closing_offices
from sources.problems import TableNotFound
from sources.wrapped_tables import TableReading
from tests.unit.appendix_text import lines_of, lost, shipped

COLUMNS = (
    "Län",
    "Region",
    "Kommun",
    "Arbetsförmedlingskontor",
    "Tidpunkt avveckling",
    "Servicekontor på orten",
    "Form av ändamålsenlig lokal närvaro",
    "Samarbetslösning klar och ändamålsenlig",
)
CAPTION = " Bilaga 5 – Sammanställning 3 orter med \narbetsförmedlingskontor aktuella för avveckling \n\n"
HEADING = closing_offices.HEADING
ROWS = (
    ("Norrbotten", "Nord", "Boden", "Af Boden", "2019-12-01", "Nej", "Samarbetslösning", "Nej (ÖK om avtal finns)"),
    ("Värmland", "Mitt", "Torsby", "Af Sysslebäck", "2019-12-01", "Nej, men i Torsby", "Närliggande kontor", "-"),
    ("Skåne", "Syd", "Bjuv", "Af Bjuv", "2020-03-31", "Ja", "Samarbetslösning", "Ja (i egen lokal)"),
)


def appendix(*rows: str) -> str:
    return f"{CAPTION}{HEADING} \n\n" + "".join(f"{row} \n\n" for row in rows)


def read(text: str) -> TableReading:
    """The reading of an appendix; nothing that is printed in it may be lost, whatever it is."""
    lines = lines_of(text)
    reading = closing_offices.read(lines, "closing.txt")
    assert lost(lines, reading) == []
    return reading


def offices(reading: TableReading) -> list[str | None]:
    return [row.cells["Arbetsförmedlingskontor"] for row in reading.rows]


def column(name: str) -> list[str]:
    return [row.cells[name] or "" for row in shipped("closing_offices").reading.rows]


def test_126_offices_close() -> None:
    assert len(shipped("closing_offices").reading.rows) == 126


def test_no_row_is_refused() -> None:
    assert shipped("closing_offices").reading.refusals == ()


def test_24_get_a_nearby_office_and_102_a_collaboration() -> None:
    assert Counter(column(COLUMNS[6])) == {"Närliggande kontor": 24, "Samarbetslösning": 102}


def test_the_collaborations_are_29_in_use_60_agreed_and_13_in_own_premises_not_ready() -> None:
    assert Counter(cell.lower() for cell in column(COLUMNS[7])) == {
        "-": 24,
        "ja (i ssc:s lokal)": 13,
        "ja (i egen lokal)": 13,
        "ja (avtal kommun finns)": 3,
        "nej (ök om avtal finns)": 60,
        "nej (egen lokal finns)": 13,
    }


def test_only_a_collaboration_is_ready_or_not() -> None:
    for form, ready in zip(column(COLUMNS[6]), column(COLUMNS[7]), strict=True):
        assert (form == "Närliggande kontor") == (ready == "-")


def test_121_are_closed_by_mid_october_2020() -> None:
    assert sum(day <= "2020-10-15" for day in column(COLUMNS[4])) == 121


def test_letter_case_is_kept_as_printed() -> None:
    assert column(COLUMNS[7]).count("Nej (ök om avtal finns)") == 1
    assert [office for office in column(COLUMNS[3]) if office.startswith("AF")] == ["AF Hällefors", "AF Upplands Väsby"]


def test_the_caption_states_as_many_rows_as_are_read() -> None:
    (stated,) = shipped("closing_offices").reading.stated
    assert (stated.stated, stated.received, stated.line.number) == (126, 126, 3852)


def test_cells_stand_under_the_headings_as_printed() -> None:
    assert {tuple(row.cells) for row in shipped("closing_offices").reading.rows} == {COLUMNS}


def test_every_printed_line_is_accounted_for() -> None:
    table = shipped("closing_offices")
    assert lost(table.lines, table.reading) == []


def test_no_cell_keeps_a_hyphen_of_a_line_break() -> None:
    hyphened = {cell for name in COLUMNS[:4] for cell in column(name) if "-" in cell}
    assert hyphened == {"Malung-Sälen", "Dals-Ed", "Af Dals-Ed"}


@pytest.mark.parametrize(
    ("at", "office", "page", "lines"), [(0, "Af Övertorneå", 57, [3899]), (-1, "Af Ängelholm", 64, [4734])]
)
def test_first_and_last_row_stand_where_they_are_printed(at: int, office: str, page: int, lines: list[int]) -> None:
    row = shipped("closing_offices").reading.rows[at]
    assert row.cells["Arbetsförmedlingskontor"] == office
    assert (row.lines[0].page, [line.number for line in row.lines]) == (page, lines)


NEARBY = ("Närliggande kontor", "-")
GOTLAND = "Stockholm Gotland"


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        (
            (
                "Västra Götaland",
                "Väst",
                "Dals-Ed",
                "Af Dals-Ed",
                "2019-09-30",
                "Nej",
                "Samarbetslösning",
                "Ja (avtal kommun finns)",
            ),
            [4482, 4484, 4486, 4488],
        ),
        # `Stenung-sund` stands on one line, with the hyphen of an earlier line break.
        (
            (
                "Västra Götaland",
                "Väst",
                "Stenungsund",
                "Af Stenungsund",
                "2019-12-31",
                "Nej",
                "Samarbetslösning",
                "Nej (ÖK om avtal finns)",
            ),
            [4454, 4456, 4458, 4460, 4462],
        ),
        (
            (
                "Jämtland",
                "Nord",
                "Härjedalen",
                "Af Hede",
                "2019-05-31",
                "Nej, inte på orten men i kommunen, i Sveg",
                *NEARBY,
            ),
            [4014, 4016, 4018, 4020, 4022],
        ),
        (
            ("Dalarna", "Mitt", "Malung-Sälen", "Af Sälen", "2019-10-10", "Ja, i Malung inom samma kommun", *NEARBY),
            [4052, 4054, 4056, 4058],
        ),
        (
            ("Stockholm", GOTLAND, "Stockholm", "Af Stockholm etablering (Spånga)", "2019-09-30", "Ja", *NEARBY),
            [4270, 4272, 4274, 4276, 4278, 4280, 4282],
        ),
        (
            ("Stockholm", GOTLAND, "Upplands Väsby", "AF Upplands Väsby", "2019-06-30", "Nej", *NEARBY),
            [4226, 4228, 4230, 4232, 4234, 4236, 4238, 4240],
        ),
        # An office that fits its cell, and yet the row goes on on a new line.
        (
            (
                "Halland",
                "Väst",
                "Kungsbacka",
                "Af Kungsbacka",
                "2019-11-30",
                "Ja",
                "Samarbetslösning",
                "Ja (i SSC:s lokal)",
            ),
            [4436, 4440],
        ),
        (
            (
                "Värmland",
                "Mitt",
                "Kristinehamn",
                "Af Kristinehamn",
                "2020-01-10",
                "Ja",
                "Samarbetslösning",
                "Nej (ÖK om avtal finns)",
            ),
            [4204, 4206, 4208],
        ),
    ],
    ids=["Dals-Ed", "Stenungsund", "Hede", "Sälen", "Spånga", "Upplands Väsby", "Kungsbacka", "Kristinehamn"],
)
def test_a_hard_row_is_whole(cells: tuple[str, ...], lines: list[int]) -> None:
    found = shipped("closing_offices").row_with(Arbetsförmedlingskontor=cells[3])
    assert found == (dict(zip(COLUMNS, cells, strict=True)), lines)


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("cell", range(8))
def test_a_row_without_one_cell_is_refused_and_the_others_are_read(row: int, cell: int) -> None:
    damaged = " ".join(ROWS[row][:cell] + ROWS[row][cell + 1 :])
    reading = read(appendix(*(damaged if at == row else " ".join(each) for at, each in enumerate(ROWS))))
    (refusal,) = reading.refusals
    assert (refusal.rule, refusal.value) == ("unreadable_row", damaged)
    assert f"“{COLUMNS[cell]}” is missing" in refusal.reason
    assert [line.text for line in refusal.lines] == [f"{damaged} "]
    assert offices(reading) == [each[3] for at, each in enumerate(ROWS) if at != row]
    assert [(each.stated, each.received) for each in reading.stated] == [(3, 3)]


@pytest.mark.parametrize("lost_at_the_end", range(1, 5))
@pytest.mark.parametrize("lost_at_the_start", range(1, 4))
@pytest.mark.parametrize("first", ROWS[:2], ids=["Boden", "Sysslebäck"])
def test_two_rows_that_both_lost_cells_where_they_meet_are_not_merged_into_one(
    first: tuple[str, ...], lost_at_the_start: int, lost_at_the_end: int
) -> None:
    damaged = " ".join(first[: len(first) - lost_at_the_end]), " ".join(ROWS[2][lost_at_the_start:])
    reading = read(appendix(*damaged))
    assert reading.rows == ()
    assert " ".join(each.value for each in reading.refusals) == " ".join(damaged)


def test_two_rows_on_one_line_are_two_rows() -> None:
    reading = read(appendix(f"{' '.join(ROWS[0])} {' '.join(ROWS[1])}", " ".join(ROWS[2])))
    assert [tuple(row.cells.values()) for row in reading.rows] == list(ROWS)
    assert reading.rows[0].lines == reading.rows[1].lines


def test_an_unknown_county_is_refused_with_its_row() -> None:
    damaged = " ".join(("Lappland", *ROWS[1][1:]))
    reading = read(appendix(" ".join(ROWS[0]), damaged))
    assert [(each.reason, each.value) for each in reading.refusals] == [
        ("cell “Län” is missing or unknown: expected a county", damaged)
    ]
    assert offices(reading) == ["Af Boden"]


@pytest.mark.parametrize("day", ["2019-13-01", "2019-02-30", "0000-00-00", "1-1-2020"])
def test_a_day_that_is_in_no_calendar_is_read_as_text(day: str) -> None:
    cells = (*ROWS[0][:4], day, *ROWS[0][5:])
    reading = read(appendix(" ".join(cells)))
    assert [tuple(row.cells.values()) for row in reading.rows] == [cells]


def test_a_day_in_words_is_refused_with_its_row() -> None:
    reading = read(appendix(" ".join((*ROWS[0][:4], "hösten 2019", *ROWS[0][5:])), " ".join(ROWS[1])))
    assert [each.reason for each in reading.refusals] == [
        "cell “Tidpunkt avveckling” is missing or unknown: expected a date such as 2019-12-01"
    ]
    assert offices(reading) == ["Af Sysslebäck"]


def test_text_behind_the_last_cell_is_refused_alone() -> None:
    reading = read(appendix(f"{' '.join(ROWS[0])} se not 3", " ".join(ROWS[2])))
    assert [(each.value, [line.number for line in each.lines]) for each in reading.refusals] == [("se not 3", [6])]
    assert offices(reading) == ["Af Boden", "Af Bjuv"]


def test_a_dash_above_repeated_headings_is_the_last_cell_of_its_row() -> None:
    row = " ".join(ROWS[1]).removesuffix(" -")
    reading = read(appendix(f"{row} \n\n- \n {HEADING}", " ".join(ROWS[2])))
    assert [row.cells[COLUMNS[7]] for row in reading.rows] == ["-", "Ja (i egen lokal)"]


@pytest.mark.parametrize("cell", range(1, 8))
def test_a_file_cut_within_a_row_refuses_that_row(cell: int) -> None:
    reading = read(appendix(" ".join(ROWS[0]), " ".join(ROWS[2][:cell])))
    assert [each.value for each in reading.refusals] == [" ".join(ROWS[2][:cell])]
    assert offices(reading) == ["Af Boden"]


def test_a_file_cut_between_rows_shows_in_the_stated_number() -> None:
    (stated,) = read(appendix(" ".join(ROWS[0]))).stated
    assert (stated.stated, stated.received) == (3, 1)


def test_the_shipped_extract_cut_anywhere_loses_no_line_and_invents_no_row() -> None:
    table = shipped("closing_offices")
    whole = [row.cells for row in table.reading.rows]
    for end in range(60, len(table.lines), 41):
        reading = closing_offices.read(table.lines[:end], "closing.txt")
        assert lost(table.lines[:end], reading) == []
        assert [row.cells for row in reading.rows] == whole[: len(reading.rows)]
        assert len(reading.refusals) <= 1


def test_a_file_without_the_headings_is_no_table() -> None:
    with pytest.raises(TableNotFound, match=r"^closing\.txt: the table's column headings are not in the file"):
        closing_offices.read(lines_of(appendix(" ".join(ROWS[0])).replace("Kommun", "Komun")), "closing.txt")


def test_rows_above_the_first_good_headings_are_not_passed_over() -> None:
    damaged = appendix(" ".join(ROWS[0])).replace("Kommun", "Komun")
    with pytest.raises(TableNotFound, match=r"page 51, line 6: a row stands above the first column headings"):
        closing_offices.read(lines_of(f"{damaged} {HEADING} \n\n{' '.join(ROWS[1])} \n"), "closing.txt")


def test_damaged_headings_further_down_are_refused() -> None:
    damaged = HEADING.replace("Kommun", "Komun")
    reading = read(appendix(" ".join(ROWS[0]), damaged, " ".join(ROWS[1])))
    assert [each.value for each in reading.refusals] == [damaged]
    assert offices(reading) == ["Af Boden", "Af Sysslebäck"]
