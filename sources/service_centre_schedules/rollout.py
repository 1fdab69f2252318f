"""Service-centre rollout: Bilaga 3 of the final report of 2020-10-23 (pages 46–50), twelve tables.

Grain: one row per place and table (`read`), and one row per printed note about a further service centre (`read_notes`).
Each table is announced above (`Införande på 18 orter i juni 2020 framgår av tabell 2 nedan.`) and captioned below; two
columns of places stand side by side and are wrapped cell by cell.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sources.geography import municipalities, municipality_named
from sources.pages import Line
from sources.problems import Problem, TableDamaged, TableNotFound
from sources.wrapped_tables import (
    Refusal,
    Row,
    StatedRows,
    Stream,
    TableReading,
    find_line,
    flat,
    heading_at,
    split_headings,
)

APPENDIX = re.compile(r"^\s?Bilaga\s+\d+\s+[–-]\s.*införande", re.IGNORECASE)
ANNOUNCEMENT_START = re.compile(r"^\s?Införande\s+(?:på|vid)\s")
ANNOUNCEMENT = re.compile(
    r"Införande\s+(?:på\s+(?P<stated>\d+)\s+orter|vid\s+\S+)\s+(?P<when>.+?)(?:\s+\(avser\s[^()]*\))?"
    r"\s+framgår\s+av\s+tabell\s+(?P<table>\d+)\s+nedan\."
)
CAPTION = re.compile(r"^\s?Tabell\s+\d+\s+Införande\s")
COLUMNS = ("Tabell", "Införande", "Ort", "Status arbetsförmedlingskontor")
NOTE_COLUMNS = (*COLUMNS[:3], "Notering")
HEADING = "Ort Status arbetsförmedlingskontor Ort Status arbetsförmedlingskontor"

_MUNICIPALITY = "|".join(
    r"\s+".join(re.escape(word) for word in name.split())
    for name in sorted((each.municipality for each in municipalities()), key=len, reverse=True)
)
_STATUS_WORD = r"kvarstående|avveckla[ts]|inget\s+kontor|notera\s"
_REST_OF_LINE = rf"(?:(?!{_STATUS_WORD})[^\n])+(?=\n|\Z)"
_OFFICE_ELSEWHERE = rf"\s+i\s+(?:af\s+)?(?:(?:{_MUNICIPALITY})(?=\n|\Z)|{_REST_OF_LINE}|(?:{_MUNICIPALITY})(?=\s))"
"""An office in another place ends a cell: it goes on to the end of its line, or is a municipality's name."""

NOTE = r"notera\s+att\s+ett\s+ytterligare\s+servicekontor\s+etableras\s+i\s+\S+\s+\d{4}"
STATUS = (
    rf"kvarstående\s+kontor(?:\s+i\s+(?:(?!{_STATUS_WORD})[^,])+?)?,\s+"
    rf"(?:endast\s+bokade\s+besök|kundtorg\s+finns(?:{_OFFICE_ELSEWHERE})?)"
    r"|avvecklat(?:\s+\([^()]*\))?"
    r"|avvecklas\s+\d{1,2}/\d{1,2}\s+\d{4}"
    r"|inget\s+kontor\s+sedan\s+tidigare"
)
CELL_END = re.compile(rf"(?<!\S)(?:(?P<note>{NOTE})|(?P<status>{STATUS}))(?!\S)", re.IGNORECASE)
PLACE = re.compile(r"[A-ZÅÄÖ][^\s(),\d]*(?:\s[^\s(),\d]+){0,2}")
"""A name of at most three words; anything else is what was left over from the cell before it."""


@dataclass
class _Schedule:
    """What the tables of one file give, table after table."""

    launches: list[Row]
    notes: list[Row]
    refusals: list[Refusal]
    stated: list[StatedRows]
    headings: list[Line]
    lines: list[Line]


def read(lines: Sequence[Line], file: str) -> TableReading:
    """One row per place where the service is to begin; a place without a known status is refused."""
    schedule = _read(lines, file)
    return TableReading(
        rows=tuple(schedule.launches),
        refusals=tuple(schedule.refusals),
        stated=tuple(schedule.stated),
        lines=tuple(schedule.lines),
        headings=tuple(schedule.headings),
        others=tuple(line for note in schedule.notes for line in note.lines),
    )


def read_notes(lines: Sequence[Line], file: str) -> TableReading:
    """One row per place with a note about a further service centre: no launch, but a centre that is to come."""
    schedule = _read(lines, file)
    rest: tuple[Row | Refusal, ...] = (*schedule.launches, *schedule.refusals)
    return TableReading(
        rows=tuple(schedule.notes),
        lines=tuple(schedule.lines),
        headings=tuple(schedule.headings),
        others=tuple(line for piece in rest for line in piece.lines),
    )


def _read(lines: Sequence[Line], file: str) -> _Schedule:
    """All tables of the file, each from its announcement to its caption (or to where the file breaks off)."""
    schedule = _Schedule([], [], [], [], [], [])
    title = find_line(lines, lambda index: APPENDIX.match(lines[index].text) is not None)
    index = find_line(lines, lambda at: ANNOUNCEMENT_START.match(lines[at].text) is not None, title or 0)
    if index is None:
        raise TableNotFound(
            Problem(
                file=file,
                what="no rollout table is announced in the file",
                expected="“Införande på … orter i … framgår av tabell … nedan.” above each table",
            )
        )
    if title is not None:
        title_lines = [line for line in lines[title:index] if not line.is_blank][:2]
        schedule.headings += _title(title_lines)
        schedule.lines += _title(title_lines)
    while index is not None:
        index = _read_table(lines, index, file, schedule)
    return schedule


def _title(lines: Sequence[Line]) -> list[Line]:
    """The appendix' title, which may go on on the next line (`- 2021`)."""
    return [line for line in lines if APPENDIX.match(line.text) or re.match(r"^-\s*\d{4}\s*$", line.text)]


def _read_table(lines: Sequence[Line], begin: int, file: str, schedule: _Schedule) -> int | None:
    """Read the table that is announced on line `begin` into the schedule; the index of the next one, if any."""
    announcement, body_from = "", begin
    while body_from < len(lines) and not (match := ANNOUNCEMENT.search(announcement)):
        if body_from > begin and _begins_something_else(lines, body_from):
            break
        if not lines[body_from].is_page_header:
            announcement = f"{announcement} {lines[body_from].text}"
        body_from += 1
    match = ANNOUNCEMENT.search(announcement)
    if match is None:
        raise TableDamaged(
            Problem(
                file=file,
                page=lines[begin].page,
                line=lines[begin].number,
                what="the announcement of a rollout table does not end",
                expected="“Införande på … orter i … framgår av tabell … nedan.”",
            )
        )
    following = find_line(lines, lambda at: ANNOUNCEMENT_START.match(lines[at].text) is not None, body_from)
    caption = find_line(lines, lambda at: CAPTION.match(lines[at].text) is not None, body_from)
    if caption is not None and following is not None and caption > following:
        caption = None
    end = caption if caption is not None else following if following is not None else len(lines)

    headings, body = split_headings(lines[body_from:end], HEADING)
    received = _read_cells(Stream.of(body), {"Tabell": match["table"], "Införande": flat(match["when"])}, schedule)
    if match["stated"]:
        schedule.stated.append(StatedRows(flat(announcement), int(match["stated"]), received, lines[begin]))
    last = end if caption is None else end + 1
    # Whatever is printed between the caption and the next table is accounted for by nobody.
    schedule.lines += lines[begin : last if following is None else following]
    schedule.headings += [*lines[begin:body_from], *headings, *lines[end:last]]
    return following


def _begins_something_else(lines: Sequence[Line], index: int) -> bool:
    """Whether the line begins the headings, the caption or the next announcement: it is no part of a sentence."""
    text = lines[index].text
    return bool(ANNOUNCEMENT_START.match(text) or CAPTION.match(text) or heading_at(lines, index, HEADING) is not None)


def _read_cells(stream: Stream, table: dict[str, str], schedule: _Schedule) -> int:
    """Read the cells of one table into the schedule; the number of launches received, refused ones included."""
    received = 0
    start = 0
    for match in CELL_END.finditer(stream.text):
        place = flat(stream.text[start : match.start()])
        own_lines = stream.lines(start, match.end())
        if fault := _fault_of_place(place):
            text = flat(stream.text[start : match.end()])
            reason = f"{fault}: expected a place and its status"
            schedule.refusals.append(Refusal("unreadable_row", reason, text, own_lines))
            received += 1
        elif match["note"]:
            cells = table | {"Ort": place, "Notering": flat(match["note"])}
            schedule.notes.append(Row(dict(cells), own_lines))
        else:
            cells = table | {"Ort": place, "Status arbetsförmedlingskontor": flat(match["status"])}
            schedule.launches.append(Row(dict(cells), own_lines))
            received += 1
        start = match.end()
    if rest := flat(stream.text[start:]):
        reason = "cell “Status arbetsförmedlingskontor” is missing or unknown: expected a place and its status"
        own_lines = stream.lines(start, len(stream.text))
        schedule.refusals.append(Refusal("unreadable_row", reason, rest, own_lines))
        received += 1
    return received


def _fault_of_place(place: str) -> str | None:
    """Why the text before a status is not the name of one place; None if it is."""
    if not place:
        return "cell “Ort” is missing"
    if re.search(_STATUS_WORD, place, re.IGNORECASE) or _joins_two_places(place):
        return "cell “Status arbetsförmedlingskontor” is missing or unknown"
    return None if PLACE.fullmatch(place) else "cell “Ort” is no name of a place"


def _joins_two_places(place: str) -> bool:
    """Whether the text begins with a municipality's name and ends with another's (`Hässleholm Strömstad`)."""
    words = place.split()
    return any(municipality_named(" ".join(words[:at])) for at in range(1, len(words))) and any(
        municipality_named(" ".join(words[at:])) for at in range(1, len(words))
    )
