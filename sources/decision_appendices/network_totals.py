"""Network totals: the table of section 5.2.1 of the final report of 2020-10-23 (page 25).

Grain: one row per measure (kept, staffed, travel-to, closing), with the number of offices at the start of 2019, in the
plan of autumn 2019 and in the plan as adjusted in 2020. Stated totals, kept to be compared with the rows.
"""

import re
from collections.abc import Sequence

from sources.pages import Line
from sources.problems import Problem, TableNotFound
from sources.wrapped_tables import Refusal, Row, Stream, TableReading, find_line, flat, heading_at, split_headings

COLUMNS = (
    "Arbetsförmedlingens kontorsnät",
    "Enligt ingången av 2019",
    "Enligt tidigare beslutad plan (hösten 2019)",
    "Enligt beslutade justeringar i plan (2020)",
)
HEADING = " ".join(COLUMNS)
CAPTION = re.compile(r"^\s?Tabell\s+\d+\s+Förändringar\s+i\s+Arbetsförmedlingens\s+kontorsnät", re.IGNORECASE)
NUMBER = r"\d+|-"
MEASURE = r"(?<!\S)(?:Kvarstående|Kontor)(?:(?!\s(?:Kvarstående|Kontor)\s)\D)*?"
ROW = re.compile(rf"({MEASURE})\s+({NUMBER})\s+({NUMBER})\s+({NUMBER})(?!\S)")


def read(lines: Sequence[Line], file: str) -> TableReading:
    """One row per measure; text that does not end in three numbers is refused by the rule `unreadable_row`."""
    begin = find_line(lines, lambda index: heading_at(lines, index, HEADING) is not None)
    end = None if begin is None else find_line(lines, lambda at: bool(CAPTION.match(lines[at].text)), begin)
    if begin is None or end is None:
        missing = f"column headings “{HEADING}”" if begin is None else "caption below the table"
        raise TableNotFound(
            Problem(file=file, what=f"the file has no {missing}", expected="the table of section 5.2.1")
        )
    headings, body = split_headings(lines[begin:end], HEADING)
    stream = Stream.of(body)
    rows: list[Row] = []
    refusals: list[Refusal] = []
    matches = list(ROW.finditer(stream.text))
    for start, stop in stream.pieces(edge for match in matches for edge in match.span()):
        own_lines = stream.lines(start, stop)
        if match := ROW.fullmatch(stream.text[start:stop].strip()):
            rows.append(Row(dict(zip(COLUMNS, map(flat, match.groups()), strict=True)), own_lines))
        else:
            reason = "cells are missing: expected a measure and three numbers or “-”"
            refusals.append(Refusal("unreadable_row", reason, flat(stream.text[start:stop]), own_lines))
    return TableReading(
        rows=tuple(rows),
        refusals=tuple(refusals),
        lines=tuple(lines[begin : end + 1]),
        headings=(*headings, lines[end]),
    )
