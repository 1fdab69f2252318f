"""What Bilaga 4 and Bilaga 5 share: one row per office, cells wrapped one by one, a caption that counts the offices.

Belongs here: cutting the stream of words into rows where a county and its AF region begin and where a last cell ends.
Does not belong here: the cells of either appendix.
"""

import re
from collections.abc import Sequence

from sources.geography import AF_REGIONS, counties, municipality_named
from sources.pages import Line
from sources.problems import Problem, TableDamaged, TableNotFound
from sources.wrapped_tables import (
    Refusal,
    Row,
    StatedRows,
    Stream,
    TableReading,
    find_line,
    first_missing_cell,
    flat,
    heading_at,
    split_headings,
)

Cell = tuple[str, str, str]
"""Heading, pattern and expectation (for people) of a cell."""

APPENDIX = re.compile(r"^\s?Bilaga\s+\d+\s+[–-]\s")
CAPTION = re.compile(r"Sammanställning\s+(\d+)\s+orter")
CAPTION_REACH = 12
"""How many printed lines may stand between a caption and its table: two or three lines of introduction."""


def _alternatives(texts: Sequence[str]) -> str:
    """A pattern for any of the texts, the longest first, each word boundary free to be wrapped."""
    longest_first = sorted(texts, key=len, reverse=True)
    return "|".join(r"\s+".join(re.escape(word) for word in text.split()) for text in longest_first)


def _county_forms() -> list[str]:
    """Every county as the appendices print it: `Norrbottens län`, `Norrbotten`."""
    return [form for county in counties() for form in (county.county, county.short)]


COUNTY: Cell = ("Län", _alternatives(_county_forms()), "a county")
REGION: Cell = ("Region", _alternatives(AF_REGIONS), f"an AF region ({', '.join(AF_REGIONS)})")
MUNICIPALITY: Cell = ("Kommun", r"(?!af\s)\S(?:(?!\saf\s).)*", "the name of a municipality before the office")
# An office may be named so too (`Af Uppsala Nord`), but no row begins behind “Af”.
ROW_START = re.compile(rf"(?<!\S)(?<!\baf\s)(?:{COUNTY[1]})\s+(?:{REGION[1]})(?=\s)", re.IGNORECASE)


def read_offices(
    lines: Sequence[Line], file: str, heading: str, grammar: Sequence[Cell], row_end: re.Pattern[str]
) -> TableReading:
    """Rows of the office table under `heading`, from its caption to the next appendix or the end of the file.

    `grammar` names the cells in printed order; `row_end` matches the end of a complete row. A piece of text that no row
    can be made of is refused by the rule `unreadable_row`. Raises `TableNotFound` if the heading does not stand there.
    """
    begin = find_line(lines, lambda index: heading_at(lines, index, heading) is not None)
    if begin is None:
        raise TableNotFound(
            Problem(file=file, what="the table's column headings are not in the file", expected=f"“{heading}”")
        )
    if above := _row_above(lines[:begin]):
        raise TableDamaged(
            Problem(
                file=file,
                page=above.page,
                line=above.number,
                what="a row stands above the first column headings",
                expected=f"“{heading}” between the caption and the first row",
            )
        )
    end = find_line(lines, lambda index: APPENDIX.match(lines[index].text) is not None, begin)
    table = _without_prose_below(lines[begin:end], row_end)
    caption = _caption(lines[:begin])
    headings, body = split_headings(table, heading)
    stream = Stream.of(body)
    pattern = re.compile(r"\s+".join(f"({cell})" for _, cell, _ in grammar), re.IGNORECASE)
    cuts = [match.start() for match in ROW_START.finditer(stream.text)]
    cuts += [match.end() for match in row_end.finditer(stream.text)]

    rows: list[Row] = []
    refusals: list[Refusal] = []
    for start, stop in stream.pieces(cuts):
        text = flat(stream.text[start:stop])
        own_lines = stream.lines(start, stop)
        if match := pattern.fullmatch(text):
            cells = dict(zip((name for name, _, _ in grammar), match.groups(), strict=True))
            rows.append(Row(cells | {"Kommun": _whole_name(cells["Kommun"])}, own_lines))
        else:
            refusals.append(Refusal("unreadable_row", first_missing_cell(text, grammar), text, own_lines))
    counted: tuple[StatedRows, ...] = ()
    if caption:
        text = flat(" ".join(line.text for line in caption))
        number = CAPTION.search(text)
        counted = (StatedRows(text, int(number[1]) if number else None, len(rows) + len(refusals), caption[0]),)
    return TableReading(
        rows=tuple(rows),
        refusals=tuple(refusals),
        stated=counted,
        lines=(*caption, *table),
        headings=(*caption, *headings),
    )


def _without_prose_below(table: Sequence[Line], row_end: re.Pattern[str]) -> Sequence[Line]:
    """The table without what is known to stand in no ruled table, below its last row, and looks like no row."""
    last = next((index for index in reversed(range(len(table))) if _is_of_table(table[index])), len(table) - 1)
    below = Stream.of(table[last + 1 :]).text
    return table if ROW_START.search(below) or row_end.search(below) else table[: last + 1]


def _is_of_table(line: Line) -> bool:
    """Whether the line is, or may be, part of a table."""
    return not (line.is_blank or line.is_page_header or line.is_prose)


def _whole_name(municipality: str) -> str:
    """The name without a hyphen that was left over from an earlier line break: `Stenung-sund` → `Stenungsund`."""
    known = municipality_named(municipality) if "-" in municipality else None
    return known.municipality if known else municipality


def _row_above(before: Sequence[Line]) -> Line | None:
    """The first row between the appendix' caption and the headings found first: those above it are damaged."""
    captions = [index for index, line in enumerate(before) if APPENDIX.match(line.text)]
    stream = Stream.of(before[captions[-1] :] if captions else ())
    match = ROW_START.search(stream.text)
    return stream.lines(*match.span())[0] if match else None


def _caption(before: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of the appendix' caption, if one stands close above the table."""
    printed = [index for index, line in enumerate(before) if not line.is_blank][-CAPTION_REACH:]
    begin = next((index for index in reversed(printed) if APPENDIX.match(before[index].text)), None)
    if begin is None:
        return ()
    lines: list[Line] = []
    for line in before[begin:]:
        if line.is_blank:
            break
        lines.append(line)
    return tuple(lines)
