"""Text files to numbered lines: every line knows its page and its line number in the original document.

Belongs here: decoding, page counting, recognising the running page header. Does not belong here: what a table looks
like.

An extract carries the page and line at which it begins in the original, so a line read from an extract and the same
line read from the whole document are equal.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sources.problems import Problem, UnreadableFile, place

NEWLINE = re.compile(r"\r\n|\r|\n")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
TYPESETTING = {0x00A0: " ", 0x2007: " ", 0x202F: " ", 0x00AD: None, 0x200B: None, 0x2060: None, 0xFEFF: None}
"""What typesetting leaves in a text: blanks that do not break a line, and characters without width."""
PAGE_START = re.compile(r"^ \S")
RUNNING_HEADER = re.compile(r"^\s*Slutredovisning\s+\S.*$")
PAGE_NUMBER = re.compile(r"^\s*\d{1,3}\s*$")

SHEET_LINES = 10_000_000
"""How far the line numbers of one sheet of a workbook are from those of the next: no sheet has so many rows."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in points (1/72 inch), from the upper left corner of the page."""


@dataclass(frozen=True, order=True)
class Line:
    """One line of a document: `number` and `page` (None: the text has no pages) are those of the original.

    A row of a ruled table is one line, its cells parted by tabulators. `sheet`: the sheet of a workbook that it is a
    row of; `number` is then its row, from the second sheet on with `SHEET_LINES` for each sheet before. `bounding_box`:
    where it stands on the page of a PDF. `is_prose`: it is known to stand in no ruled table.
    """

    number: int
    text: str
    page: int | None = None
    is_page_header: bool = False
    bounding_box: Box | None = field(default=None, compare=False)
    sheet: str | None = field(default=None, compare=False)
    is_prose: bool = field(default=False, compare=False)

    def place(self, file: str) -> str:
        """Where the line stands, for people: `file, page 51, line 3540`, or `file, sheet Total, row 7`."""
        if self.sheet is None:
            return place(file, self.page, self.number)
        return place(file, sheet=self.sheet, row=self.number % SHEET_LINES)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is printed on the line."""
        return not self.text.strip()


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around boxes of one page."""
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


def decode(content: bytes, file: str) -> str:
    """UTF-8 text in NFC; raises `UnreadableFile` that names the byte, its line and what to do."""
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        raise UnreadableFile(Problem(file=file, what="the file is empty", expected="UTF-8 text that holds a table"))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = NEWLINE.split(content[: error.start].decode("utf-8"))
        raise UnreadableFile(
            Problem(
                file=file,
                line=len(before),
                column=str(len(before[-1]) + 1),
                what=f"byte 0x{content[error.start]:02X} is not UTF-8",
                expected="UTF-8 text",
                remedy="save the file as UTF-8 (it may be Latin-1 or Windows-1252)",
            )
        ) from error
    _refuse_control_characters(text, file)
    return unicodedata.normalize("NFC", text.translate(TYPESETTING))


def _refuse_control_characters(text: str, file: str) -> None:
    """Raise `UnreadableFile` at the first character that no page prints and that is no white space."""
    for match in CONTROL.finditer(text):
        before = NEWLINE.split(text[: match.start()])
        raise UnreadableFile(
            Problem(
                file=file,
                line=len(before),
                column=str(len(before[-1]) + 1),
                what=f"control character U+{ord(match[0]):04X}",
                expected="printed text",
                remedy="the file is damaged, or no text: save it as plain text",
            )
        )


def read_lines(content: bytes, file: str, first_page: int | None = None, first_line: int = 1) -> list[Line]:
    """Lines of a text file, numbered as in the original.

    `first_page` is the page of the first line, or None if the text has no pages. A new page begins at a line that
    starts with exactly one blank, or at a running header whose page number is printed on the next line that is not
    empty; a printed number settles the count.
    """
    texts = NEWLINE.split(decode(content, file))
    if not texts[-1]:
        texts.pop()
    headers = dict(_running_headers(texts)) if first_page is not None else {}
    lines: list[Line] = []
    page = first_page
    for index, text in enumerate(texts):
        if page is not None:
            if index in headers:
                page = headers[index] or page
            elif index and PAGE_START.match(text):
                page += 1
        lines.append(Line(number=first_line + index, text=text, page=page, is_page_header=index in headers))
    return lines


def _running_headers(texts: list[str]) -> Iterator[tuple[int, int | None]]:
    """Indices of the lines that make up running page headers, each with the page number that is printed there."""
    for index, text in enumerate(texts):
        if not RUNNING_HEADER.match(text):
            continue
        following = next((at for at in range(index + 1, len(texts)) if texts[at].strip()), None)
        if following is not None and PAGE_NUMBER.match(texts[following]):
            page = int(texts[following])
            yield index, page
            yield following, page
