"""Re-staffed offices: the five offices that the news of 2020-06-15 moves from travel-to to staffed.

Grain: one row per office. The news names them in a sentence, so the table is a transcription: a csv file whose column
`Rad` is the line of the original (the page has no page numbers).
"""

import csv
import re
from collections.abc import Sequence

from sources.pages import Line
from sources.problems import Problem, TableNotFound
from sources.wrapped_tables import Refusal, Row, TableReading

COLUMNS = ("Ort", "Förändring")
HEADER = [*COLUMNS, "Rad"]


def read(lines: Sequence[Line], file: str) -> TableReading:
    """One row per re-staffed office; lines are those of the news, not of the transcription."""
    printed = [line for line in lines if not line.is_blank]
    if not printed or next(csv.reader([printed[0].text])) != HEADER:
        raise TableNotFound(
            Problem(
                file=file,
                line=1,
                what=f"the header is “{printed[0].text if printed else ''}”",
                expected=f"“{','.join(HEADER)}”",
            )
        )
    rows: list[Row] = []
    refusals: list[Refusal] = []
    for line in printed[1:]:
        cells = next(csv.reader([line.text]))
        if len(cells) == len(HEADER) and re.fullmatch(r"[0-9]{1,6}", cells[-1]):
            original = Line(number=int(cells[-1]), text=cells[0])
            rows.append(Row(dict(zip(COLUMNS, cells, strict=False)), (original,)))
        else:
            reason = f"{len(cells)} cells: expected {', '.join(HEADER)}, the last a line number"
            refusals.append(Refusal("unreadable_row", reason, line.text, (line,)))
    lines_of_rows = tuple(line for row in rows for line in row.lines)
    refused_lines = tuple(line for refusal in refusals for line in refusal.lines)
    return TableReading(
        rows=tuple(rows),
        refusals=tuple(refusals),
        lines=(printed[0], *lines_of_rows, *refused_lines),
        headings=(printed[0],),
    )
