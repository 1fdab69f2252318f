"""Transcriptions: tables that a person carried over from running text, each row with the page and line it stands on.

Belongs here: reading such a csv file, whatever its columns. Does not belong here: tables that are read from the
document's own text, and what a row of one transcription must be (`expectations.contracts`).

A transcription's last two columns are `page` (blank where the document has no pages) and `line` of the original.
"""

import csv
import re
from collections.abc import Callable, Sequence

from sources.pages import Line
from sources.problems import Problem, TableNotFound
from sources.wrapped_tables import Refusal, Row, TableReading

PLACE = ("page", "line")
_PAGE, _LINE = r"[0-9]{0,6}", r"[0-9]{1,6}"


def reader(columns: tuple[str, ...], shown: str) -> Callable[[Sequence[Line], str], TableReading]:
    """The reader of a transcription with these columns; a row's text is its cell `shown`.

    One row per line of the file. A blank cell is None; blanks around a cell mean nothing. A line that is no csv, has
    more or fewer cells than the header or no line number is refused by the rule `unreadable_row`, with its own number
    in the file; a file without the header raises `TableNotFound`.
    """
    header = [*columns, *PLACE]

    def read(lines: Sequence[Line], file: str) -> TableReading:
        written = [line for line in lines if not line.is_blank]
        if not written or _cells(written[0]) != header:
            raise TableNotFound(
                Problem(
                    file=file,
                    line=1,
                    what=f"the header is “{written[0].text if written else ''}”",
                    expected=f"“{','.join(header)}”",
                )
            )
        rows: list[Row] = []
        refusals: list[Refusal] = []
        for line in written[1:]:
            cells = _cells(line)
            if len(cells) == len(header) and re.fullmatch(_PAGE, cells[-2]) and re.fullmatch(_LINE, cells[-1]):
                named = {name: cell or None for name, cell in zip(columns, cells, strict=False)}
                page = int(cells[-2]) if cells[-2] else None
                rows.append(Row(named, (Line(number=int(cells[-1]), text=named[shown] or "", page=page),)))
            else:
                reason = (
                    f"{len(cells)} cells: expected {', '.join(header)}, the last two a page (or nothing) and a line"
                )
                refusals.append(Refusal("unreadable_row", reason, line.text, (line,)))
        lines_of_rows = tuple(line for row in rows for line in row.lines)
        lines_refused = tuple(line for refusal in refusals for line in refusal.lines)
        return TableReading(
            rows=tuple(rows),
            refusals=tuple(refusals),
            lines=(written[0], *lines_of_rows, *lines_refused),
            headings=(written[0],),
        )

    return read


def _cells(line: Line) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line.text], strict=True))]
    except csv.Error:  # a quotation mark that is not closed, or closed within a cell
        return [line.text]
