"""Closed despite need: Tabell 1 of the analysis of 2021-05-20.

Grain: one row per closed office that the measurable criteria say should be staffed. The FA-region stands on one row of
its group only, not always the first; it is kept as printed (None where the cell is blank). A star behind the closing
date marks an office without fixed staff when the plan was decided (September 2019).
"""

import re
from collections.abc import Sequence

from sources.pages import Line
from sources.registration_statistics.tab_separated import TabTable
from sources.wrapped_tables import Row, StatedRows, TableReading

CAPTION = re.compile(r"Tabell \d+: Arbetsförmedlingens lokala närvaro på de orter där (\d+) kontor avvecklats")
HEADINGS = ("FA-region", "Kontor", "SSC finns på orten (ja/nej)", "Datum för avveckling", "Status lokal närvaro")


def read(lines: Sequence[Line], file: str) -> TableReading:
    """One row per office; the caption states how many."""
    table = TabTable(lines, file, CAPTION, HEADINGS)
    rows = tuple(Row(dict(zip(HEADINGS, cells, strict=True)), (line,)) for line, cells in table.rows)
    match = CAPTION.search(table.caption.text)
    received = len(rows) + len(table.refusals)
    stated = (StatedRows(match[0], int(match[1]), received, table.caption),) if match else ()
    return TableReading(rows, table.refusals, stated, table.lines, table.headings)
