"""What the tables of the analysis of 2021-05-20 share: a caption, a line of headings, cells parted by tabulators.

Belongs here: finding such a table and cutting its lines into cells. Does not belong here: what the cells of one table
are. The text of the analysis has no pages.
"""

import re
from collections.abc import Sequence

from sources.pages import Line
from sources.problems import Problem, TableNotFound
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
            else find_line(lines, lambda index: [cell or "" for cell in cells_of(lines[index])] == [*headings], begin)
        )
        if begin is None or at is None:
            what = "the table's caption" if begin is None else "the table's line of headings"
            wanted = caption.pattern if begin is None else ", ".join(filter(None, headings))
            raise TableNotFound(Problem(file=file, what=f"{what} is not in the file", expected=f"“{wanted}”"))
        end = find_line(lines, lambda index: _is_prose_after_a_blank_line(lines, index), at + 1)
        self.caption = lines[begin]
        self.headings = tuple(line for line in lines[begin : at + 1] if not line.is_blank)
        self.lines = tuple(lines[begin:end])
        body = [line for line in lines[at + 1 : end] if not line.is_blank]
        self.rows = [(line, cells_of(line)) for line in body if len(cells_of(line)) == len(headings)]
        self.refusals = tuple(
            Refusal("unreadable_row", f"{len(cells_of(line))} cells: expected {len(headings)}", line.text, (line,))
            for line in body
            if len(cells_of(line)) != len(headings)
        )


def _is_prose_after_a_blank_line(lines: Sequence[Line], index: int) -> bool:
    """Where a table ends: a blank line may stand between its rows, and a row may have lost all its tabulators."""
    return lines[index - 1].is_blank and not lines[index].is_blank and "\t" not in lines[index].text


def cells_of(line: Line) -> list[str | None]:
    """Cells without markup and footnote marks; a blank cell is None."""
    cells = (_TAG.sub("", _FOOTNOTE_MARK.sub("", cell)).strip() for cell in line.text.split("\t"))
    return [cell or None for cell in cells]
