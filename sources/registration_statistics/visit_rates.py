"""Visit rates: Tabell 3 of the analysis of 2021-05-20.

Grain: one row per group of jobseekers, with registered visits per 100 registered jobseekers in January 2019 and January
2020 and the change in percent as printed.
"""

import re
from collections.abc import Sequence

from sources.pages import Line
from sources.registration_statistics.tab_separated import TabTable
from sources.wrapped_tables import Row, TableReading

CAPTION = re.compile(r"Tabell \d+: Registrerade besök på kontor")
HEADINGS = ("", "Januari 2019", "Januari 2020", "Förändring")
COLUMNS = ("Grupp", *HEADINGS[1:])


def read(lines: Sequence[Line], file: str) -> TableReading:
    """One row per group; the heading of the groups is not printed, we call it `Grupp`."""
    table = TabTable(lines, file, CAPTION, HEADINGS)
    rows = tuple(Row(dict(zip(COLUMNS, cells, strict=True)), (line,)) for line, cells in table.rows)
    return TableReading(rows, table.refusals, lines=table.lines, headings=table.headings)
