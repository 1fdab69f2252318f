"""Texts to read in tests: the tables as shipped, small texts of a test's own, and appendices made at random.

An appendix is made as extraction from print makes it: cell by cell; a cell that is wrapped over several lines ends its
line, neighbouring cells that are not wrapped share one. Words of letters are hyphenated anywhere, pages break between
any two lines. Everything follows from the numbers that a `Random` is made with: hypothesis draws these (and shrinks
them), for drawing every single choice would take minutes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random

from hypothesis import settings

from sources.geography import AF_REGIONS, Municipality, counties, municipalities
from sources.pages import Line, read_lines
from sources.registry import SHIPPED_REGISTER, load_register
from sources.tables import DOCUMENT_TABLES
from sources.wrapped_tables import TableReading

THOROUGH = settings(max_examples=1000, deadline=None, derandomize=True, database=None)
"""For properties of whole tables: a thousand examples, the same ones in every run."""


def lines_of(text: str, first_page: int | None = 51, first_line: int = 1) -> list[Line]:
    """The lines of a text, as if it were a file."""
    return read_lines(text.encode(), "table.txt", first_page, first_line)


@dataclass(frozen=True)
class Shipped:
    """A table that the project ships: the lines of its file, and what its reader makes of them."""

    lines: list[Line]
    reading: TableReading

    def row_with(self, **cells: str) -> tuple[dict[str, str | None], list[int]]:
        """Cells and line numbers of the one row that has these cells."""
        (row,) = (row for row in self.reading.rows if cells.items() <= row.cells.items())
        return row.cells, [line.number for line in row.lines]


@cache
def shipped(table: str) -> Shipped:
    """The table in the one shipped file that holds it."""
    register = load_register(SHIPPED_REGISTER, list(DOCUMENT_TABLES))
    ((document, file),) = register.files_with(table)
    lines = read_lines(register.content(document, file), file.file, file.first_page, file.first_line)
    return Shipped(lines, DOCUMENT_TABLES[table].read(lines, file.file))


def printed(lines: Sequence[Line]) -> list[Line]:
    """The lines that hold more than white space and a page header."""
    return [line for line in lines if not line.is_blank and not line.is_page_header]


def lost(lines: Sequence[Line], reading: TableReading) -> list[Line]:
    """Printed lines that the reading does not account for."""
    covered = set(reading.lines)
    return [line for line in printed(lines) if line not in covered] + reading.unaccounted()


def dice(seed: int) -> Random:
    """A source of choices; the same seed makes the same choices."""
    return Random(seed)  # noqa: S311  (no secrets here)


@dataclass
class Sheet:
    """Lines as they come out of print one after the other, each with the page and number that it must be read with."""

    random: Random
    page: int
    first_line: int = 1
    heading: str | None = None
    """The column headings that may be repeated after a page break; None: none are, here."""
    lines: list[Line] = field(default_factory=list)

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return "".join(f"{line.text}\n" for line in self.lines).encode()

    def put(self, text: str, is_page_header: bool = False) -> Line:
        """Print one line, just as it is."""
        self.lines.append(Line(self.first_line + len(self.lines), text, self.page, is_page_header))
        return self.lines[-1]

    def print(self, text: str) -> Line:
        """Print one line of text, with blank lines before it, or on a new page."""
        for _ in range(self.random.randrange(3)):
            self.put(self.random.choice(("", "", " ")))
        if self.lines and self.random.random() < 0.08:
            text = self._turn_page(text)
        return self.put(self._with_white_space(text))

    def print_heading(self) -> None:
        """Print the column headings, wrapped at random."""
        if self.heading:
            for text in wrapped(self.heading, self.random):
                self.put(self._with_white_space(text))
                self.put("")

    def _turn_page(self, text: str) -> str:
        """Begin a page in one of the two ways; the text as it stands on the new page."""
        repeats = self.heading is not None and self.random.random() < 0.7
        if self.random.random() < 0.5:
            self.page += 1
            if not repeats or self.heading is None:
                return f" {text}"
            first, *others = wrapped(self.heading, self.random)
            for each in (f" {first}", "", *others, ""):
                self.put(each)
            return text
        self.page += self.random.choice((1, 1, 1, 4))  # a page that was left out: the printed number settles it
        self.put("Slutredovisning Bilagor ", is_page_header=True)
        for _ in range(self.random.randrange(4)):
            self.put(self.random.choice(("", " ")))
        self.put(f"{self.page} ", is_page_header=True)
        self.put("")
        if repeats:
            self.print_heading()
        return text

    def _with_white_space(self, text: str) -> str:
        """The text with the white space that extraction leaves: at the end, and doubled between words."""
        if self.random.random() < 0.1:
            text = "  ".join(text.rsplit(" ", 1)) if not text.startswith(" ") else text
        return text + self.random.choice(("", " ", " "))


@dataclass
class CellPrinter:
    """Prints cells so that unwrapped neighbours share a line, and knows the lines of each row."""

    sheet: Sheet
    lines_of_row: dict[int, list[Line]] = field(default_factory=dict)
    _line: list[tuple[int, str]] = field(default_factory=list)

    def cell(self, row: int, pieces: Sequence[str]) -> None:
        """Print a cell that was wrapped into these pieces; the cell of several pieces ends its line."""
        for piece in pieces[:-1]:
            self._line.append((row, piece))
            self.end_line()
        self._line.append((row, pieces[-1]))
        if len(pieces) > 1:
            self.end_line()

    def end_line(self) -> None:
        """Print what stands on the line, if anything does."""
        if self._line:
            line = self.sheet.print(" ".join(text for _, text in self._line))
            for row in dict.fromkeys(row for row, _ in self._line):
                self.lines_of_row.setdefault(row, []).append(line)
            self._line.clear()


_BLANK = re.compile("(?= )")
_HYPHENATION = re.compile(r"(?<=[^\W\d_]{2})(?=[a-zåäöé][^\W\d_])")
_OWN_HYPHEN = re.compile(r"(?<=\w-)(?=\w)(?![a-zåäöé])")
_ANYWHERE = re.compile("|".join(each.pattern for each in (_BLANK, _HYPHENATION, _OWN_HYPHEN)))


def wrapped(text: str, random: Random, often: float = 1.0, within_words: bool = True) -> list[str]:
    """The text wrapped (as often as told) over lines: at blanks, at its own hyphens, and inside words of letters.

    A hyphen of the text's own is no place to wrap if it goes on in lower case: nobody could tell it from hyphenation.
    """
    if random.random() >= often:
        return [text]
    places = [match.start() for match in (_ANYWHERE if within_words else _BLANK).finditer(text)]
    cuts = sorted(random.sample(places, min(len(places), random.choice((0, 1, 1, 1, 2, 3)))))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return [
        piece.strip() + ("-" if at < len(pieces) - 1 and piece[-1].isalpha() and pieces[at + 1][0] != " " else "")
        for at, piece in enumerate(pieces)
    ]


def word(random: Random) -> str:
    """A Swedish-looking proper name that no list knows."""
    beginnings = ("Björk", "Ek", "Gran", "Hjort", "Kvarn", "Lövs", "Måns", "Sjö", "Ulv", "Åker", "Äng", "Ös")
    ends = ("bacca", "berga", "by", "fors", "hamn", "källa", "lunda", "sätra", "torp", "vik", "ås", "ö")
    return random.choice(beginnings) + random.choice(ends)


def municipality(random: Random) -> Municipality:
    """Any of the 290, those with a hyphen or a blank in their name more often than the others."""
    return random.choice(_hard_names() if random.random() < 0.25 else municipalities())


@cache
def _hard_names() -> tuple[Municipality, ...]:
    return tuple(row for row in municipalities() if not row.municipality.isalpha())


def office(random: Random) -> str:
    """The name of an office as it is printed."""
    known = municipality(random).municipality
    county = random.choice(counties()).short
    name = random.choice(
        (
            known,
            known,
            word(random),
            f"{known} {word(random)}",
            f"{word(random)} {word(random)}",
            f"{known} etablering ({word(random)})",
            f"{county} {random.choice(AF_REGIONS)}",  # Af Uppsala Nord: an office, not the start of a row
            f"{word(random)}-{word(random)}",
        )
    )
    return f"{random.choice(('Af', 'Af', 'AF'))} {name}"


def municipality_as_printed(name: str, random: Random) -> str:
    """The name, now and then with a hyphen left over from an earlier line break (`Stenung-sund`)."""
    places = [match.start() for match in _HYPHENATION.finditer(name)]
    if places and name.isalpha() and random.random() < 0.1:
        at = random.choice(places)
        return f"{name[:at]}-{name[at:]}"
    return name
