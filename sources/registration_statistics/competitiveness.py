"""Weaker competitiveness: Tabell 2 of the analysis of 2021-05-20.

Grain: one row per municipality among the ten with the lowest and the ten with the highest share of registered
unemployed with weaker competitiveness (December 2020). The two tables stand side by side: each line gives two rows.
"""

import re
from collections.abc import Sequence

from sources.pages import Line
from sources.registration_statistics.tab_separated import TabTable
from sources.wrapped_tables import Row, TableReading

CAPTION = re.compile(r"Tabell \d+: Kommuner med lägst och högst andel")
SIDES = ("lägst andel utsatta", "högst andel utsatta")
HEADINGS = tuple(heading for side in SIDES for heading in (f"Kommuner med {side}", "", "AF kontor i kommunen"))
COLUMNS = ("Kommuner med", "Kommun", "Andel utsatta", "AF kontor i kommunen")


def read(lines: Sequence[Line], file: str) -> TableReading:
    """Two rows per line, the left one first."""
    table = TabTable(lines, file, CAPTION, HEADINGS)
    rows = tuple(
        Row(dict(zip(COLUMNS, (side, *cells[at : at + 3]), strict=True)), (line,))
        for line, cells in table.rows
        for side, at in zip(SIDES, (0, 3), strict=True)
    )
    return TableReading(rows, table.refusals, lines=table.lines, headings=table.headings)
