"""Bilaga 3: the rollout tables and notes as shipped, and what becomes of damaged ones."""

from collections import Counter

import pytest

from sources.problems import TableNotFound
from sources.service_centre_schedules import rollout
from sources.wrapped_tables import TableReading
from tests.unit.appendix_text import lines_of, lost, shipped

HEADING = rollout.HEADING
BOOKED = "Kvarstående kontor, endast bokade besök"
SQUARE = "Kvarstående kontor, kundtorg finns"
NOTE = "Notera att ett ytterligare servicekontor etableras i Gbg 2021"


def table(*body: str, number: int = 1, stated: int | None = None) -> str:
    """A table of these lines with its announcement and caption; `stated`: the number of places announced."""
    places = "vid storstäder" if stated is None else f"på {stated} orter"
    lines = (
        f"Införande {places} i juni 2020 framgår av tabell {number} nedan.",
        HEADING,
        *body,
        f"Tabell {number} Införande servicesamverkan med SSC juni 2020",
    )
    return "".join(f"{line} \n\n" for line in lines)


def read(text: str) -> TableReading:
    """The reading of a text that is tables throughout; nothing that is printed in it may be lost, whatever it is."""
    lines = lines_of(text)
    reading = rollout.read(lines, "rollout.txt")
    assert lost(lines, reading) == lost(lines, rollout.read_notes(lines, "rollout.txt")) == []
    return reading


def places(reading: TableReading) -> list[tuple[str | None, str | None]]:
    return [(row.cells["Ort"], row.cells["Status arbetsförmedlingskontor"]) for row in reading.rows]


def values(reading: TableReading) -> list[tuple[str, str]]:
    """What was refused, and why, without the expectation."""
    return [(each.reason.partition(":")[0], each.value) for each in reading.refusals]


def test_118_places_stand_in_twelve_tables() -> None:
    per_table = Counter(row.cells["Tabell"] for row in shipped("service_centre_rollout").reading.rows)
    assert list(per_table.items()) == [
        *(("1", 6), ("2", 18), ("3", 23), ("4", 22), ("5", 12)),
        *(("6", 2), ("7", 4), ("8", 4), ("9", 6), ("10", 2), ("11", 13), ("12", 6)),
    ]


def test_no_place_is_refused() -> None:
    assert shipped("service_centre_rollout").reading.refusals == ()


def test_eleven_announcements_state_as_many_places_as_are_read() -> None:
    stated = shipped("service_centre_rollout").reading.stated
    assert [each.stated for each in stated] == [6, 18, 23, 22, 12, 2, 4, 4, 6, 2, 6]
    assert [each.received for each in stated] == [each.stated for each in stated]


def test_the_months_are_those_announced() -> None:
    months = {row.cells["Tabell"]: row.cells["Införande"] for row in shipped("service_centre_rollout").reading.rows}
    decided = ("april 2020", "juni 2020", "september 2020", "oktober 2020", "december 2020")
    direction = ("mars", "maj", "juni", "november", "december")
    assert list(months.values()) == [
        *(f"i {month}" for month in (*decided, "januari 2021", "februari 2021")),
        *(f"senast i {month} 2021 i enlighet med inriktningsbeslut" for month in direction),
    ]


def test_three_notes_tell_of_further_centres() -> None:
    notes = shipped("service_centre_notes").reading
    assert [(row.cells["Tabell"], row.cells["Ort"], row.cells["Notering"]) for row in notes.rows] == [
        ("11", "Göteborg", NOTE),
        ("11", "Stockholm", "Notera att ett ytterligare servicekontor etableras i Sthlm 2021"),
        ("11", "Malmö", "Notera att ett ytterligare servicekontor etableras i Malmö 2021"),
    ]


def test_notes_stand_where_they_are_printed() -> None:
    lines = [[(line.page, line.number) for line in row.lines] for row in shipped("service_centre_notes").reading.rows]
    assert lines == [[(50, 3456), (50, 3458)], [(50, 3460), (50, 3462)], [(50, 3496), (50, 3498)]]


@pytest.mark.parametrize("name", ["service_centre_rollout", "service_centre_notes"])
def test_every_printed_line_is_accounted_for(name: str) -> None:
    assert lost(shipped(name).lines, shipped(name).reading) == []


@pytest.mark.parametrize(("at", "place", "page", "lines"), [(0, "Hässleholm", 46, [3232]), (-1, "Örebro", 50, [3520])])
def test_first_and_last_row_stand_where_they_are_printed(at: int, place: str, page: int, lines: list[int]) -> None:
    row = shipped("service_centre_rollout").reading.rows[at]
    assert row.cells["Ort"] == place
    assert (row.lines[0].page, [line.number for line in row.lines]) == (page, lines)


@pytest.mark.parametrize(
    ("place", "status", "lines"),
    [
        # Place and status wrapped, and a note in parentheses that makes no note.
        (
            "Ulricehamn",
            "Avvecklat (Notera att servicekontoret i Ulricehamn etableras först 2021)",
            [3425, 3427, 3429, 3431],
        ),
        ("Sthlm Kungsholmen", f"{SQUARE} i Af Globen", [3484, 3486, 3488, 3490]),
        # Two places on one line; the second's status goes on on the next.
        ("Hisingen", SQUARE, [3492]),
        ("Sundbyberg", f"{SQUARE} i Solna", [3492, 3494]),
        ("Västra Frölunda", "Avvecklat (kundtorg finns i Af Gbg Centrum)", [3500, 3502, 3504, 3506]),
        ("Brandbergen", "Kvarstående kontor i Haninge, endast bokade besök", [3448, 3450]),
        ("Malmö city", SQUARE, [3446]),
        ("Hallunda/Botkyrka", BOOKED, [3480, 3482]),
        ("Klippan", "Avvecklas 10/1 2020", [3309]),
        ("Vimmerby", "Inget kontor sedan tidigare", [3366]),
        ("Örebro Vivalla", SQUARE, [3350]),
    ],
)
def test_a_hard_row_is_whole(place: str, status: str, lines: list[int]) -> None:
    cells, found = shipped("service_centre_rollout").row_with(Ort=place)
    assert (cells["Status arbetsförmedlingskontor"], found) == (status, lines)


def test_a_place_without_a_status_is_refused_where_the_table_ends() -> None:
    reading = read(table(f"Motala {BOOKED} Söderhamn", stated=2))
    assert values(reading) == [("cell “Status arbetsförmedlingskontor” is missing or unknown", "Söderhamn")]
    assert [line.number for line in reading.refusals[0].lines] == [5]
    assert places(reading) == [("Motala", BOOKED)]
    assert [(each.stated, each.received) for each in reading.stated] == [(2, 2)]


def test_a_place_without_a_status_is_not_merged_into_the_next_place() -> None:
    reading = read(table("Hässleholm Strömstad Avvecklat", f"Motala {BOOKED}"))
    assert values(reading) == [
        ("cell “Status arbetsförmedlingskontor” is missing or unknown", "Hässleholm Strömstad Avvecklat")
    ]
    assert places(reading) == [("Motala", BOOKED)]


def test_a_status_without_a_place_is_refused() -> None:
    reading = read(table(f"Motala {BOOKED} Avvecklat", f"Växjö {SQUARE}"))
    assert values(reading) == [("cell “Ort” is missing", "Avvecklat")]
    assert places(reading) == [("Motala", BOOKED), ("Växjö", SQUARE)]


@pytest.mark.parametrize(
    "status",
    ["Stängt", "Kvarstående kontor", "Kvarstående kontor, öppet", "Avvecklas i vår", "Flyttat till en annan ort"],
)
def test_an_unknown_status_is_refused_with_the_place_behind_it(status: str) -> None:
    reading = read(table(f"Hässleholm {status} Strömstad {BOOKED}", f"Växjö {SQUARE}"))
    assert values(reading) == [
        (
            "cell “Status arbetsförmedlingskontor” is missing or unknown",
            f"Hässleholm {status} Strömstad {BOOKED}",
        )
    ]
    assert places(reading) == [("Växjö", SQUARE)]


@pytest.mark.parametrize(
    "extra", ["i Af Gbg Centrum", "(se not)", "tills vidare", "2021", "och så vidare och så vidare"]
)
def test_text_behind_a_status_does_not_become_part_of_the_next_place(extra: str) -> None:
    reading = read(table(f"Motala {BOOKED} {extra} Söderhamn Avvecklat", f"Växjö {SQUARE}"))
    assert values(reading) == [("cell “Ort” is no name of a place", f"{extra} Söderhamn Avvecklat")]
    assert places(reading) == [("Motala", BOOKED), ("Växjö", SQUARE)]


def test_an_office_elsewhere_without_its_comma_does_not_swallow_the_next_place() -> None:
    reading = read(table(f"Brandbergen Kvarstående kontor i Haninge Motala {BOOKED}", f"Växjö {SQUARE}"))
    assert [each.value for each in reading.refusals] == [f"Brandbergen Kvarstående kontor i Haninge Motala {BOOKED}"]
    assert places(reading) == [("Växjö", SQUARE)]


def test_a_parenthesis_that_never_closes_does_not_swallow_the_next_place() -> None:
    reading = read(table("Angered Avvecklat (kundtorg finns i Gbg", "Västra Frölunda Avvecklat (kundtorg finns)"))
    assert places(reading) == [("Angered", "Avvecklat")]
    assert [each.value for each in reading.refusals] == [
        "(kundtorg finns i Gbg Västra Frölunda Avvecklat (kundtorg finns)"
    ]


def test_a_municipality_elsewhere_may_be_wrapped_at_its_blank() -> None:
    reading = read(table(f"Rosersberg {SQUARE} i Upplands", "Väsby", f"Växjö {SQUARE}"))
    assert places(reading) == [("Rosersberg", f"{SQUARE} i Upplands Väsby"), ("Växjö", SQUARE)]


def test_a_note_is_no_launch() -> None:
    lines = lines_of(table(f"Göteborg {NOTE} Växjö {SQUARE}", stated=1))
    launches = rollout.read(lines, "rollout.txt")
    assert places(launches) == [("Växjö", SQUARE)]
    assert [(each.stated, each.received) for each in launches.stated] == [(1, 1)]
    assert [row.cells["Ort"] for row in rollout.read_notes(lines, "rollout.txt").rows] == ["Göteborg"]


def test_damaged_headings_do_not_become_a_place() -> None:
    reading = read(table(f"Motala {BOOKED}").replace(HEADING, HEADING.replace("Status", "Statsu")))
    assert [each.value for each in reading.refusals] == [f"{HEADING.replace('Status', 'Statsu')} Motala {BOOKED}"]
    assert reading.rows == ()


def test_a_table_without_headings_is_read_all_the_same() -> None:
    assert places(read(table(f"Motala {BOOKED}").replace(HEADING, ""))) == [("Motala", BOOKED)]


def test_a_file_cut_in_a_table_gives_the_rows_before_the_cut() -> None:
    whole = table(f"Växjö {SQUARE}", stated=1) + table(f"Motala {BOOKED} Söderhamn Avvecklat", number=2, stated=2)
    reading = read(whole[: whole.index("Söderhamn")])
    assert places(reading) == [("Växjö", SQUARE), ("Motala", BOOKED)]
    assert [(each.stated, each.received) for each in reading.stated] == [(1, 1), (2, 1)]


def test_a_file_cut_in_a_cell_refuses_that_cell() -> None:
    reading = read(table(f"Växjö {SQUARE}", "Söderhamn Kvarstående kontor, kund", stated=2).partition("Tabell 1 ")[0])
    assert values(reading) == [
        ("cell “Status arbetsförmedlingskontor” is missing or unknown", "Söderhamn Kvarstående kontor, kund")
    ]


def test_a_table_without_a_caption_ends_at_the_next_announcement() -> None:
    first = table(f"Växjö {SQUARE}", stated=1).partition("Tabell 1 ")[0]
    reading = read(first + table(f"Motala {BOOKED}", number=2, stated=1))
    assert [(row.cells["Tabell"], row.cells["Ort"]) for row in reading.rows] == [("1", "Växjö"), ("2", "Motala")]


@pytest.mark.parametrize("broken", ["i juni 2020 framgår.", "i juni 2020 framgår av"])
def test_an_announcement_that_does_not_end_swallows_no_table(broken: str) -> None:
    text = table(f"Växjö {SQUARE}") + table(f"Motala {BOOKED}", number=2)
    text = text.replace("i juni 2020 framgår av tabell 1 nedan.", broken)
    with pytest.raises(TableNotFound, match=r"page 51, line 1: the announcement of a rollout table does not end"):
        rollout.read(lines_of(text), "rollout.txt")


def test_places_between_a_caption_and_the_next_announcement_stay_unaccounted() -> None:
    lines = lines_of(table(f"Växjö {SQUARE}") + f"Motala {BOOKED} \n\n" + table("Söderhamn Avvecklat", number=2))
    assert [line.text for line in rollout.read(lines, "rollout.txt").unaccounted()] == [f"Motala {BOOKED} "]


def test_a_file_without_an_announcement_is_no_table() -> None:
    with pytest.raises(TableNotFound, match=r"^rollout\.txt: no rollout table is announced in the file; expected"):
        rollout.read(lines_of(f"{HEADING} \n\nMotala {BOOKED} \n"), "rollout.txt")


def test_the_shipped_extract_cut_anywhere_loses_no_line_and_invents_no_row() -> None:
    shipped_table = shipped("service_centre_rollout")
    whole = [row.cells["Ort"] for row in shipped_table.reading.rows]
    for end in range(26, len(shipped_table.lines), 13):
        lines = shipped_table.lines[:end]
        try:
            reading = rollout.read(lines, "rollout.txt")
        except TableNotFound as error:  # cut within an announcement
            assert error.problem.line in {line.number for line in lines[-3:]}  # noqa: PT017
            continue
        assert lost(lines, reading) == []
        assert [row.cells["Ort"] for row in reading.rows] == whole[: len(reading.rows)]
        assert len(reading.refusals) <= 1
