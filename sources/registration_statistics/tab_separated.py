"""What the tables of the analysis of 2021-05-20 share: a caption, a line of headings, cells parted by tabulators.

Belongs here: finding such a table and cutting its lines into cells. Does not belong here: what the cells of one table
are. The text of the analysis has no pages.
"""

import re
from collections.abc import Sequence

from sources.pages import Line
from sources.problems import Problem, TableNotFound
from sources.text import fold
from sources.wrapped_tables import Refusal, find_line

_FOOTNOTE_MARK = re.compile(r"\s*<sup>[^<]*</sup>")
_TAG = re.compile(r"</?\w+>")


class TabTable:
    """A table found in a file: its caption, its headings, its rows of cells, and the lines that are no rows."""

    def __init__(self, lines: Sequence[Line], file: str, caption: re.Pattern[str], headings: Sequence[str]) -> None:
        """Find the caption and, below it, the line whose cells are the headings; raises `TableNotFound`."""
        begin = find_line(lines, lambda index: caption.search(lines[index].text) is not None)
        at = (
            None
            if begin is None
            else find_line(lines, lambda index: _is_heading(cells_of(lines[index], len(headings)), headings), begin)
        )
        if begin is None or at is None:
            what = "the table's caption" if begin is None else "the table's line of headings"
            wanted = caption.pattern if begin is None else ", ".join(filter(None, headings))
            raise TableNotFound(Problem(file=file, what=f"{what} is not in the file", expected=f"“{wanted}”"))
        end = find_line(lines, lambda index: _is_prose_after_a_blank_line(lines, index), at + 1)
        self.caption = lines[begin]
        self.headings = tuple(line for line in lines[begin : at + 1] if not line.is_blank)
        self.lines = tuple(lines[begin:end])
        body = [line for line in lines[at + 1 : end] if not line.is_blank and not line.is_page_header]
        cut = [(line, cells_of(line, len(headings))) for line in body]
        self.rows = [(line, cells) for line, cells in cut if len(cells) == len(headings)]
        self.refusals = tuple(
            Refusal("unreadable_row", f"{len(cells)} cells: expected {len(headings)}", line.text, (line,))
            for line, cells in cut
            if len(cells) != len(headings)
        )


def _is_heading(cells: Sequence[str | None], headings: Sequence[str]) -> bool:
    """Whether the cells are the headings, however they are wrapped."""
    return [fold(cell or "") for cell in cells] == [fold(heading) for heading in headings]


def _is_prose_after_a_blank_line(lines: Sequence[Line], index: int) -> bool:
    """Where a table ends: a blank line may stand between its rows, and a row may have lost all its tabulators."""
    line = lines[index]
    is_prose = not line.is_blank and not line.is_page_header and "\t" not in line.text
    return lines[index - 1].is_blank and is_prose


def cells_of(line: Line, width: int) -> list[str | None]:
    """Cells without markup and footnote marks; a blank cell is None. Blank cells beyond the width are left out."""
    texts = (_TAG.sub("", _FOOTNOTE_MARK.sub("", cell)).strip() for cell in line.text.split("\t"))
    cells = [text or None for text in texts]
    while len(cells) > width and cells[-1] is None:
        cells.pop()
    return cells
