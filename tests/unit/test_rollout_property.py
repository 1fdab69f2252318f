"""Rollout tables made at random, two columns of places side by side, are read back as they were made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sources.geography import municipalities, municipality_named
from sources.pages import read_lines
from sources.service_centre_schedules import rollout
from sources.wrapped_tables import Row
from tests.unit.appendix_text import THOROUGH, CellPrinter, Sheet, dice, municipality, word, wrapped

SEEDS = st.integers(min_value=0, max_value=2**40)
TABLES = st.lists(st.lists(SEEDS, min_size=1, max_size=5), min_size=1, max_size=2)
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "augusti", "september", "oktober", "november")


@dataclass(frozen=True)
class Made:
    """A place with its status, or with a note; `elsewhere`: the office in another place that ends the status."""

    place: str
    text: str
    is_note: bool = False
    elsewhere: str = ""


@dataclass
class Schedule:
    """A random schedule: its sheet, and the rows, notes and counts that must be read from it."""

    sheet: Sheet
    rows: list[Row] = field(default_factory=list)
    notes: list[Row] = field(default_factory=list)
    stated: list[tuple[int, int]] = field(default_factory=list)


def place_and_status(random: Random) -> Made:
    known = municipality(random).municipality
    place = random.choice(
        (known, known, word(random), f"Gbg {word(random)}", f"{word(random)}/{word(random)}", f"{word(random)} city")
    )
    office = random.choice((f"Af {word(random)}", f"Af Gbg {word(random)}", f"Af {known}", known, known))
    day = f"{random.randrange(1, 32)}/{random.randrange(1, 13)} {random.randrange(2019, 2023)}"
    kind = random.choice((0, 1, 1, 2, 3, 4, 5, 6, 7, 8))
    if kind == 0:
        return Made(place, f"Notera att ett ytterligare servicekontor etableras i {word(random)} 2021", is_note=True)
    if kind == 1:
        return Made(place, f"Kvarstående kontor, kundtorg finns i {office}", elsewhere=office)
    status = (
        "Kvarstående kontor, kundtorg finns",
        "Kvarstående kontor, endast bokade besök",
        f"Kvarstående kontor i {known}, endast bokade besök",
        "Avvecklat",
        f"Avvecklat (kundtorg finns i {office})",
        f"Avvecklas {day}",
        "Inget kontor sedan tidigare",
    )
    return Made(place, status[kind - 2])


def print_cells(sheet: Sheet, seeds: Sequence[int]) -> tuple[list[Made], CellPrinter]:
    """Print places with their status, two side by side.

    What nobody could tell apart is not made. An office elsewhere (`kundtorg finns i Af Gbg Centrum`) may be a name of
    several words, and so may the place that follows: it is followed on the same line only if it is a municipality and
    the whole name of the next place stands there too, and it is not wrapped at a blank unless it is a municipality.
    """
    printer = CellPrinter(sheet)
    made: list[Made] = []
    for at, seed in enumerate(seeds):
        random = dice(seed)
        each = place_and_status(random)
        name = wrapped(each.place, random, often=0.25)
        if at and made[-1].elsewhere and (len(name) > 1 or municipality_named(made[-1].elsewhere) is None):
            printer.end_line()
        if at % 2 == 0:
            printer.end_line()
        text = wrapped(each.text, random, often=0.5)
        if each.elsewhere and municipality_named(each.elsewhere) is None:
            head = each.text.removesuffix(each.elsewhere).strip()
            text = wrapped(head, random, often=0.5)
            text[-1:] = [f"{text[-1]} {each.elsewhere}"] if random.random() < 0.6 else [text[-1], each.elsewhere]
        printer.cell(at, name)
        printer.cell(at, text)
        made.append(each)
    printer.end_line()
    return made, printer


def announce(sheet: Sheet, number: int, count: int | None, when: str) -> None:
    """Print the sentence above a table, wrapped at blanks; its first words stand on one line."""
    pilots = sheet.random.choice(("", "", " (avser pilotkontoren)"))
    start = "Införande vid storstäder" if count is None else f"Införande på {count} orter"
    rest = wrapped(f"{when}{pilots} framgår av tabell {number} nedan.", sheet.random, within_words=False)
    for text in (f"{start} {rest[0]}", *rest[1:]):
        sheet.print(text)


def schedule_of(layout: int, tables: Sequence[Sequence[int]]) -> Schedule:
    random = dice(layout)
    sheet = Sheet(random, page=random.randrange(1, 99), first_line=random.randrange(1, 5000))
    schedule = Schedule(sheet)
    if random.random() < 0.7:
        sheet.put(" Bilaga 3 – Sammanställning införande Statens servicecenter 2020 ")
        sheet.put("- 2021 ")
    for number, seeds in enumerate(tables, start=1):
        when = f"i {random.choice(MONTHS)} {random.choice((2020, 2021))}"
        when = random.choice((when, f"senast {when} i enlighet med inriktningsbeslut"))
        launches = sum(not place_and_status(dice(seed)).is_note for seed in seeds)
        count = None if random.random() < 0.2 else launches
        announce(sheet, number, count, when)
        sheet.put("")
        sheet.heading = rollout.HEADING
        sheet.print_heading()
        made, printer = print_cells(sheet, seeds)
        sheet.heading = None
        sheet.print(f"Tabell {number} Införande servicesamverkan med SSC {when}")
        for at, each in enumerate(made):
            column = "Notering" if each.is_note else "Status arbetsförmedlingskontor"
            cells: dict[str, str | None] = {"Tabell": str(number), "Införande": when}
            cells |= {"Ort": each.place, column: each.text}
            (schedule.notes if each.is_note else schedule.rows).append(Row(cells, tuple(printer.lines_of_row[at])))
        schedule.stated += [(count, launches)] if count is not None else []
    return schedule


@THOROUGH
@given(layout=SEEDS, tables=TABLES)
def test_rollout_tables_are_read_back_as_they_were_made(layout: int, tables: list[list[int]]) -> None:
    made = schedule_of(layout, tables)
    lines = read_lines(made.sheet.content, "rollout.txt", made.sheet.lines[0].page, made.sheet.first_line)
    assert lines == made.sheet.lines
    launches = rollout.read(lines, "rollout.txt")
    notes = rollout.read_notes(lines, "rollout.txt")
    assert launches.rows == tuple(made.rows)
    assert notes.rows == tuple(made.notes)
    assert launches.refusals == ()
    assert launches.unaccounted() == notes.unaccounted() == []
    assert [(each.stated, each.received) for each in launches.stated] == made.stated


def test_the_places_at_random_are_no_municipalities_by_accident() -> None:
    names = {each.municipality for each in municipalities()}
    assert not names & {word(dice(seed)) for seed in range(300)}
