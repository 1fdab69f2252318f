"""What the readers of printed tables share: undo wrapping, hyphenation, page breaks and repeated headings.

Belongs here: a stream of words that remembers its lines, headings that are wrapped over lines, the account of every
line. Does not belong here: the grammar of any one table.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sources.pages import Line
from sources.text import fold

_WORD_GOES_ON = re.compile(r"\w-$")
_CONJUNCTION = re.compile(r"(?:och|eller|samt|respektive)\b")


@dataclass(frozen=True)
class Row:
    """One printed row: its cells under the publisher's headings, and the very lines it stands on."""

    cells: dict[str, str | None]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Refusal:
    """A piece of a table that no row could be made of: which rule it breaks, why, and where it stands."""

    rule: str
    reason: str
    value: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class StatedRows:
    """The number of rows that a caption states, beside the number that was read (refused rows included).

    `stated` is None where a caption that should state a number states none that can be read.
    """

    caption: str
    stated: int | None
    received: int
    line: Line


@dataclass(frozen=True)
class TableReading:
    """Everything one table of one file gave: rows, refusals, stated counts, and an account of its lines."""

    rows: tuple[Row, ...]
    refusals: tuple[Refusal, ...] = ()
    stated: tuple[StatedRows, ...] = ()
    lines: tuple[Line, ...] = ()
    headings: tuple[Line, ...] = ()
    others: tuple[Line, ...] = ()
    """Lines of the same printed block that another table of ours takes its rows from."""

    @property
    def received(self) -> int:
        """Number of rows received: read and refused."""
        return len(self.rows) + len(self.refusals)

    def unaccounted(self) -> list[Line]:
        """Lines that are printed but are no heading, no page header and part of no row or refused row."""
        known = set(self.headings) | set(self.others)
        pieces: tuple[Row | Refusal, ...] = (*self.rows, *self.refusals)
        for piece in pieces:
            known.update(piece.lines)
        return [line for line in self.lines if not (line.is_blank or line.is_page_header or line in known)]


class Stream:
    """The words of consecutive lines as one text, each character of which knows its line.

    Words are parted by a blank, lines by a newline; a tabulator parts cells, and counts as the end of a line. A hyphen
    at the end of a line belongs to the line break if the next line goes on in lower case (`Söder-` `hamn`), else to the
    word (`Malung-` `Sälen`); either way the word is whole. Only before a conjunction (`Jobb-` `och`) it ends a word.
    """

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        """Join the lines that are printed; page headers are left out."""
        self._begins: list[int] = []
        self._lines: list[Line] = []
        texts: list[str] = []
        length = 0
        for line in lines:
            if line.is_blank or line.is_page_header:
                continue
            text = "\n".join(filter(None, (flat(cell) for cell in line.text.split("\t"))))
            if texts and _WORD_GOES_ON.search(texts[-1]) and not _CONJUNCTION.match(text):
                if text[0].islower():
                    texts[-1] = texts[-1][:-1]
                    length -= 1
            elif texts:
                texts[-1] += "\n"
                length += 1
            self._begins.append(length)
            self._lines.append(line)
            texts.append(text)
            length += len(text)
        self.text = "".join(texts)

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Stream":
        """The stream of the lines that are printed; page headers are left out."""
        return cls(lines)

    def lines(self, start: int, end: int) -> tuple[Line, ...]:
        """The lines on which the characters from `start` up to `end` stand, without the white space at either end."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        first = max(bisect_right(self._begins, start) - 1, 0)
        return tuple(self._lines[first : bisect_left(self._begins, end)])

    def pieces(self, cuts: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Spans between the cuts that hold more than white space, from the start to the end of the text."""
        places = sorted({0, len(self.text), *cuts})
        for start, end in pairwise(places):
            if self.text[start:end].strip():
                yield start, end


def flat(text: str) -> str:
    """The text on one line, words parted by single blanks."""
    return " ".join(text.split())


def unwrapped(texts: Iterable[str]) -> str:
    """The lines of one cell or paragraph as one line, without the hyphens of line breaks."""
    return flat(Stream(Line(number, text) for number, text in enumerate(texts, start=1)).text)


def heading_at(lines: Sequence[Line], start: int, heading: str) -> int | None:
    """Index just past a heading that begins on line `start`, wrapped over lines as it may be; None if there is none."""
    wanted, found = fold(heading), ""
    for index in range(start, len(lines)):
        if lines[index].is_blank or lines[index].is_page_header:
            if not found:
                return None
            continue
        found += fold(lines[index].text)
        if found == wanted:
            return index + 1
        if not found or not wanted.startswith(found):  # a lone “-” is a cell of the row above, no part of a heading
            return None
    return None


def split_headings(lines: Sequence[Line], heading: str) -> tuple[list[Line], list[Line]]:
    """The lines of every repetition of a heading, and all the other lines."""
    headings: list[Line] = []
    others: list[Line] = []
    index = 0
    while index < len(lines):
        past = heading_at(lines, index, heading)
        if past is None:
            others.append(lines[index])
            index += 1
        else:
            headings += [line for line in lines[index:past] if not line.is_blank and not line.is_page_header]
            index = past
    return headings, others


def find_line(lines: Sequence[Line], holds: Callable[[int], bool], start: int = 0) -> int | None:
    """Index of the first line from `start` on for which `holds` is true."""
    return next((index for index in range(start, len(lines)) if holds(index)), None)


def first_missing_cell(text: str, grammar: Sequence[tuple[str, str, str]]) -> str:
    """Why a piece of text is no row: the first cell of the grammar (name, pattern, expectation) that is not found."""
    prefix = ""
    for name, pattern, expectation in grammar:
        prefix += rf"(?:{pattern})\s+"
        if not re.match(prefix, f"{text} ", re.IGNORECASE):
            return f"cell “{name}” is missing or unknown: expected {expectation}"
    return "the row goes on after its last cell"
