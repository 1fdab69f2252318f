"""Bilaga 4: the kept offices as shipped, and what becomes of a damaged appendix."""

from collections import Counter

import pytest

from sources.decision_appendices import kept_offices
from sources.problems import TableNotFound
from sources.wrapped_tables import TableReading
from tests.unit.appendix_text import lines_of, lost, shipped

COLUMNS = ("Län", "Region", "Kommun", "Arbetsförmedlingskontor", "Form av kontor")
CAPTION = " Bilaga 4 – Sammanställning 3 orter med kvarstående \narbetsförmedlingskontor enligt beslut \n\n"
HEADING = "Län Region Kommun Arbetsförmedlingskontor Form av kontor"
ROWS = (
    ("Norrbottens län", "Nord", "Kiruna", "Af Kiruna", "Fast bemannat kontor"),
    ("Jämtlands län", "Nord", "Ragunda", "Af Hammarstrand", "Fast bemannat kontor. Beslut 200219."),
    ("Skåne län", "Syd", "Simrishamn", "Af Simrishamn", "Kontor vi reser till"),
)


def appendix(*rows: str) -> str:
    return f"{CAPTION}{HEADING} \n\n" + "".join(f"{row} \n\n" for row in rows)


def read(text: str) -> TableReading:
    """The reading of an appendix; nothing that is printed in it may be lost, whatever it is."""
    lines = lines_of(text)
    reading = kept_offices.read(lines, "kept.txt")
    assert lost(lines, reading) == []
    return reading


def offices(reading: TableReading) -> list[str | None]:
    return [row.cells["Arbetsförmedlingskontor"] for row in reading.rows]


def test_112_offices_are_kept() -> None:
    assert len(shipped("kept_offices").reading.rows) == 112


def test_no_row_is_refused() -> None:
    assert shipped("kept_offices").reading.refusals == ()


def test_88_are_staffed_and_24_are_travelled_to() -> None:
    forms = Counter((row.cells["Form av kontor"] or "").split(".")[0] for row in shipped("kept_offices").reading.rows)
    assert forms == {"Fast bemannat kontor": 88, "Kontor vi reser till": 24}


def test_they_lie_in_106_municipalities() -> None:
    assert len({row.cells["Kommun"] for row in shipped("kept_offices").reading.rows}) == 106


def test_six_carry_the_day_of_a_later_decision() -> None:
    forms = [row.cells["Form av kontor"] or "" for row in shipped("kept_offices").reading.rows]
    days = Counter(form.partition("Beslut ")[2] for form in forms if "Beslut" in form)
    assert days == {"200211.": 1, "200219.": 1, "200612.": 4}


def test_the_caption_states_as_many_rows_as_are_read() -> None:
    (stated,) = shipped("kept_offices").reading.stated
    assert (stated.stated, stated.received, stated.line.number) == (112, 112, 3523)


def test_cells_stand_under_the_headings_as_printed() -> None:
    assert {tuple(row.cells) for row in shipped("kept_offices").reading.rows} == {COLUMNS}


def test_every_printed_line_is_accounted_for() -> None:
    table = shipped("kept_offices")
    assert lost(table.lines, table.reading) == []


@pytest.mark.parametrize(
    ("at", "office", "page", "lines"), [(0, "Af Kiruna", 51, [3534]), (-1, "Af Simrishamn", 56, [3851])]
)
def test_first_and_last_row_stand_where_they_are_printed(at: int, office: str, page: int, lines: list[int]) -> None:
    row = shipped("kept_offices").reading.rows[at]
    assert row.cells["Arbetsförmedlingskontor"] == office
    assert (row.lines[0].page, [line.number for line in row.lines]) == (page, lines)


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        # A municipality with a hyphen of its own, broken there.
        (("Dalarnas län", "Mitt", "Malung-Sälen", "Af Malung", "Kontor vi reser till"), [3601, 3603, 3605]),
        # The last row of a page: its decision stands below, the next page's headings follow at once.
        (
            ("Jämtlands län", "Nord", "Ragunda", "Af Hammarstrand", "Fast bemannat kontor. Beslut 200219."),
            [3574, 3576],
        ),
        # The last row before a running header; the decision's day is on the next line.
        (("Värmlands län", "Mitt", "Årjäng", "Af Årjäng", "Kontor vi reser till. Beslut 200612."), [3658, 3660]),
        # An AF region of two words over two lines, and an office that is not named after its municipality.
        (
            ("Gotlands län", "Stockholm Gotland", "Gotland", "Af Visby", "Fast bemannat kontor"),
            [3767, 3769, 3771],
        ),
        (
            ("Stockholms län", "Stockholm Gotland", "Sigtuna", "Af Luftfart Arlanda", "Fast bemannat kontor"),
            [3761, 3763, 3765],
        ),
    ],
    ids=["Malung-Sälen", "Hammarstrand", "Årjäng", "Visby", "Arlanda"],
)
def test_a_hard_row_is_whole(cells: tuple[str, ...], lines: list[int]) -> None:
    found = shipped("kept_offices").row_with(Arbetsförmedlingskontor=cells[3])
    assert found == (dict(zip(COLUMNS, cells, strict=True)), lines)


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("cell", range(5))
def test_a_row_without_one_cell_is_refused_and_the_others_are_read(row: int, cell: int) -> None:
    damaged = " ".join(ROWS[row][:cell] + ROWS[row][cell + 1 :])
    reading = read(appendix(*(damaged if at == row else " ".join(each) for at, each in enumerate(ROWS))))
    (refusal,) = reading.refusals
    assert (refusal.rule, refusal.value) == ("unreadable_row", damaged)
    assert f"“{COLUMNS[cell]}” is missing" in refusal.reason
    assert [line.text for line in refusal.lines] == [f"{damaged} "]
    assert offices(reading) == [each[3] for at, each in enumerate(ROWS) if at != row]
    assert [(each.stated, each.received) for each in reading.stated] == [(3, 3)]


def test_two_rows_that_both_lost_cells_where_they_meet_are_not_merged_into_one() -> None:
    reading = read(appendix("Norrbottens län Nord Kiruna Af Kiruna", "Gällivare Af Gällivare Fast bemannat kontor"))
    (refusal,) = reading.refusals
    assert refusal.value == "Norrbottens län Nord Kiruna Af Kiruna Gällivare Af Gällivare Fast bemannat kontor"
    assert reading.rows == ()


def test_two_rows_on_one_line_are_two_rows() -> None:
    reading = read(appendix(f"{' '.join(ROWS[0])} {' '.join(ROWS[1])}", " ".join(ROWS[2])))
    assert [tuple(row.cells.values()) for row in reading.rows] == list(ROWS)
    assert reading.rows[0].lines == reading.rows[1].lines


def test_an_unknown_county_is_refused_with_its_row() -> None:
    reading = read(appendix(" ".join(ROWS[0]), "Lapplands län Nord Gällivare Af Gällivare Kontor vi reser till"))
    assert [(each.reason, each.value) for each in reading.refusals] == [
        (
            "cell “Län” is missing or unknown: expected a county",
            "Lapplands län Nord Gällivare Af Gällivare Kontor vi reser till",
        )
    ]
    assert offices(reading) == ["Af Kiruna"]


def test_an_unknown_form_is_refused_with_its_row() -> None:
    reading = read(appendix("Norrbottens län Nord Kiruna Af Kiruna Halvöppet", " ".join(ROWS[1])))
    assert [each.reason for each in reading.refusals] == [
        "cell “Form av kontor” is missing or unknown: expected “Fast bemannat kontor” or “Kontor vi reser till”"
    ]
    assert offices(reading) == ["Af Hammarstrand"]


@pytest.mark.parametrize("decision", ["Beslut 201332.", "Beslut okänt.", "Beslut"])
def test_a_strange_decision_is_read_as_text(decision: str) -> None:
    damaged = (*ROWS[1][:4], f"Fast bemannat kontor. {decision}")
    reading = read(appendix(" ".join(ROWS[0]), " ".join(damaged), " ".join(ROWS[2])))
    assert [tuple(row.cells.values()) for row in reading.rows] == [ROWS[0], damaged, ROWS[2]]


def test_text_behind_the_last_cell_is_refused_alone() -> None:
    reading = read(appendix(f"{' '.join(ROWS[0])} tills vidare", " ".join(ROWS[2])))
    assert [(each.value, [line.number for line in each.lines]) for each in reading.refusals] == [("tills vidare", [6])]
    assert offices(reading) == ["Af Kiruna", "Af Simrishamn"]


def test_a_file_cut_within_a_row_refuses_that_row() -> None:
    whole = appendix(*(" ".join(row) for row in ROWS))
    reading = read(whole[: whole.index("Kontor vi reser till")])
    assert [each.value for each in reading.refusals] == ["Skåne län Syd Simrishamn Af Simrishamn"]
    assert offices(reading) == ["Af Kiruna", "Af Hammarstrand"]


def test_a_file_cut_between_rows_shows_in_the_stated_number() -> None:
    whole = appendix(*(" ".join(row) for row in ROWS))
    (stated,) = read(whole[: whole.index("Skåne län")]).stated
    assert (stated.stated, stated.received) == (3, 2)


def test_the_shipped_extract_cut_anywhere_loses_no_line_and_invents_no_row() -> None:
    table = shipped("kept_offices")
    whole = [row.cells["Arbetsförmedlingskontor"] for row in table.reading.rows]
    for end in range(15, len(table.lines), 17):
        reading = kept_offices.read(table.lines[:end], "kept.txt")
        assert lost(table.lines[:end], reading) == []
        assert offices(reading) == whole[: len(reading.rows)]
        assert len(reading.refusals) <= 1


def test_a_file_without_the_headings_is_no_table() -> None:
    with pytest.raises(TableNotFound, match=r"^kept\.txt: the table's column headings are not in the file"):
        kept_offices.read(lines_of(appendix(" ".join(ROWS[0])).replace("Kommun", "Komun")), "kept.txt")


def test_rows_above_the_first_good_headings_are_not_passed_over() -> None:
    damaged = appendix(" ".join(ROWS[0])).replace("Kommun", "Komun")
    with pytest.raises(TableNotFound, match=r"page 51, line 6: a row stands above the first column headings"):
        kept_offices.read(lines_of(f"{damaged} {HEADING} \n\n{' '.join(ROWS[1])} \n"), "kept.txt")


def test_damaged_headings_further_down_are_refused() -> None:
    reading = read(appendix(" ".join(ROWS[0]), HEADING.replace("Kommun", "Komun"), " ".join(ROWS[1])))
    assert [each.value for each in reading.refusals] == [HEADING.replace("Kommun", "Komun")]
    assert offices(reading) == ["Af Kiruna", "Af Hammarstrand"]


def test_an_office_named_after_a_county_and_a_quarter_begins_no_row() -> None:
    reading = read(appendix("Uppsala län Mitt Uppsala Af Uppsala Nord Fast bemannat kontor"))
    assert offices(reading) == ["Af Uppsala Nord"]


def test_the_table_ends_where_the_next_appendix_begins() -> None:
    text = appendix(" ".join(ROWS[0])) + " Bilaga 5 – Sammanställning 126 orter \n\n" + " ".join(ROWS[1])
    reading = kept_offices.read(lines_of(text), "kept.txt")
    assert offices(reading) == ["Af Kiruna"]
    assert reading.unaccounted() == []
