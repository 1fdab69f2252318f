"""PDFs to numbered lines: a row of a ruled table is one line, whatever its cells' wrapping and the page breaks in it.

Belongs here: where words, rules and page headers stand on a page. Does not belong here: what any one table holds (its
reader takes the lines). A footnote mark is left out; what is printed twice on the same page margin is a page header.
"""

import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.clustering import cluster_objects
from pdfplumber.utils.text import extract_words

from sources.pages import TYPESETTING, Box, Line, union
from sources.problems import Problem, UnreadableFile
from sources.text import fold
from sources.wrapped_tables import unwrapped

MAX_PAGES = 400
"""More pages than any report on the office network has: reading them takes minutes."""
MAX_RULES = 20_000
"""A page with more rules holds a map or a drawing, no table."""
MARGIN = 0.09
"""Share of a page, at its head and its foot, in which page headers stand; the text of a page does not begin there."""
MARK_SIZE = 0.8
"""A footnote mark is smaller than this share of the letters beside it."""
PARAGRAPH_GAP = 0.8
"""Lines of a paragraph stand closer than this share of their height."""
NEAR = 3.0
"""Points within which two places on a page are the same."""

# What pdfminer has to say about a font is no message for people.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

_PAGE_NUMBER = re.compile(r"(?:sida?\s*)?\d{1,4}(?:\s*(?:\(\d{1,4}\)|/\s*\d{1,4}|av\s+\d{1,4}))?", re.IGNORECASE)
_HYPHENS = {0x00AD: "-", 0x2010: "-", 0x2011: "-"}
_WRAPPED_WORD = re.compile(r"\w-$")
_UNKNOWN_LETTER = re.compile(r"\(cid:\d+\)")

Cell = list[str]
"""The printed lines of a cell."""


@dataclass(frozen=True)
class _Piece:
    """A line of prose (one cell) or a row of a ruled table. `table`: which part of a table it belongs to."""

    page: int
    box: Box
    cells: tuple[Cell, ...]
    table: int | None = None
    size: float = 0.0
    is_page_header: bool = False

    @property
    def text(self) -> str:
        """The cells without their wrapping."""
        return "\t".join(_clean(unwrapped(cell)) for cell in self.cells)

    @property
    def key(self) -> tuple[str, ...]:
        """The cells as they are compared."""
        return tuple(fold("".join(cell)) for cell in self.cells)


@dataclass
class _Part:
    """The part of a table that stands on one page. `is_open`: its last row has no rule below it."""

    left: float
    right: float
    rows: list[_Piece]
    starts_open: bool = False
    is_open: bool = False


@dataclass
class _Sheet:
    """What one page holds, from its head to its foot."""

    height: float
    right: float = 0.0
    prose: list[_Piece] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=list)


def read_pdf(content: bytes, file: str, first_page: int | None = None, first_line: int = 1) -> list[Line]:
    """Lines of a PDF from its first page to its last, numbered in the order in which they stand there.

    `first_page` is the number of its first page in the original (1 if nothing is said). A row of a ruled table is one
    line, cells parted by tabulators, where it begins; headings that are repeated after a page break are page headers.
    Raises `UnreadableFile` if the file is encrypted, damaged or too long, or has no text.
    """
    sheets = list(_sheets(content, file, first_page or 1))
    _mark_page_headers(sheets)
    pieces = _without_page_breaks(sheets)
    lines: list[Line] = []
    above: _Piece | None = None
    for piece in pieces:
        if above and not piece.is_page_header and _parts_paragraphs(above, piece):
            lines.append(Line(first_line + len(lines), "", piece.page))
        lines.append(
            Line(
                number=first_line + len(lines),
                text=piece.text,
                page=piece.page,
                is_page_header=piece.is_page_header,
                bounding_box=piece.box,
                is_prose=piece.table is None,
            )
        )
        above = above if piece.is_page_header else piece
    return lines


def _sheets(content: bytes, file: str, first_page: int) -> Iterator[_Sheet]:
    """The pages of the file, one after the other; raises `UnreadableFile`."""
    letters = unknown = 0
    try:
        with pdfplumber.open(BytesIO(content), unicode_norm="NFC") as pdf:
            _refuse_too_many_pages(len(pdf.pages), file)
            for number, page in enumerate(pdf.pages):
                sheet = _sheet(page, first_page + number)
                letters += len(page.chars)
                unknown += sum(bool(_UNKNOWN_LETTER.match(char["text"])) for char in page.chars)
                yield sheet
                page.close()
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:  # pdfminer raises whatever a damaged file leads it into
        raise _unreadable(file, error) from error
    if not letters:
        raise UnreadableFile(
            Problem(
                file=file,
                what="the PDF has no text: its pages are pictures, as a scanner makes them",
                expected="a PDF with text",
                remedy="deliver the PDF that the publisher made, or run the scan through text recognition (OCR)",
            )
        )
    if unknown * 10 > letters:
        what = "the fonts of the PDF do not say which letters they print"
        raise UnreadableFile(Problem(file, what, "a PDF whose text can be copied", "print the original to PDF anew"))


def _refuse_too_many_pages(pages: int, file: str) -> None:
    """Raise `UnreadableFile` if the file is longer than any document of ours."""
    if pages > MAX_PAGES:
        what, expected = f"the PDF has {pages} pages", f"at most {MAX_PAGES}"
        raise UnreadableFile(Problem(file, what, expected, "deliver only the pages that hold the tables"))


def _unreadable(file: str, error: Exception) -> UnreadableFile:
    """What keeps pdfminer from reading, told for people."""
    causes = (error, *error.args)
    if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
        return UnreadableFile(
            Problem(file, "the PDF is encrypted", "a PDF that opens without a password", "save it without the password")
        )
    what = f"the PDF is damaged ({type(causes[-1]).__name__})"
    return UnreadableFile(Problem(file, what, "a whole PDF", "save or print it as PDF anew, and deliver it again"))


def _sheet(page: Page, number: int) -> _Sheet:
    """Words and tables of one page."""
    chars = [char for char in page.chars if char["upright"]]
    sheet = _Sheet(height=float(page.height))
    for table in _tables(page):
        rows = [_row(row.cells, chars, number) for row in table.rows]
        within = {id(char) for row, inside in rows for char in inside}
        if len(rows[0][0].cells) < 2:  # a frame around a text
            continue
        chars = [char for char in chars if id(char) not in within]
        sheet.right = max(sheet.right, table.bbox[2])
        sheet.parts.append(
            _Part(
                left=table.bbox[0],
                right=table.bbox[2],
                rows=[row for row, _ in rows],
                starts_open=_has_no_rule(page, table.bbox[1]),
                is_open=_has_no_rule(page, table.bbox[3]),
            )
        )
    for words in _printed_lines(chars):
        box = _around(words)
        sheet.prose.append(_Piece(number, box, ([_text(words)],), size=max(word["size"] for word in words)))
        if not _is_on_margin(box, sheet.height):
            sheet.right = max(sheet.right, box[2])
    return sheet


def _tables(page: Page) -> list[Table]:
    """The ruled tables of a page; a row that a page break cuts has no rule there, and is one all the same."""
    if len(page.edges) > MAX_RULES:
        return []
    found = page.find_tables()
    ends: list[dict[str, float]] = []
    for table in found:
        x0, top, x1, bottom = table.bbox
        verticals = [edge for edge in page.vertical_edges if _crosses(edge, table.bbox)]
        for end, beyond in (
            (bottom, [edge["bottom"] for edge in verticals if edge["bottom"] > bottom + NEAR]),
            (top, [edge["top"] for edge in verticals if edge["top"] < top - NEAR]),
        ):
            if len(beyond) > 1:
                at = max(beyond) if end == bottom else min(beyond)
                ends.append({"x0": x0, "x1": x1, "top": at, "bottom": at})
    if not ends:
        return found
    horizontal = [
        edge | {"object_type": "line", "orientation": "h", "width": edge["x1"] - edge["x0"], "height": 0}
        for edge in ends
    ]
    return page.find_tables({"explicit_horizontal_lines": horizontal})


def _crosses(edge: dict[str, Any], box: Box) -> bool:
    """Whether a vertical rule belongs to the table of that box, within it or at either end."""
    x, top, bottom = float(edge["x0"]), float(edge["top"]), float(edge["bottom"])
    return box[0] - NEAR <= x <= box[2] + NEAR and top <= box[3] + NEAR and bottom >= box[1] - NEAR


def _has_no_rule(page: Page, at: float) -> bool:
    """Whether no horizontal rule is printed at that height."""
    return not any(abs(edge["top"] - at) <= NEAR for edge in page.horizontal_edges)


def _row(
    boxes: Sequence[Box | None], chars: Sequence[dict[str, Any]], page: int
) -> tuple[_Piece, list[dict[str, Any]]]:
    """A row of a ruled table, and the characters that stand in it; a cell that an earlier row spans is blank."""
    cells: list[Cell] = []
    inside: list[dict[str, Any]] = []
    x0, tops, x1, bottoms = zip(*(box for box in boxes if box), strict=True)
    band = (min(x0), min(tops), max(x1), max(bottoms))
    chars = [char for char in chars if _holds(band, char)]
    for box in boxes:
        own = [char for char in chars if box and _holds(box, char)]
        inside += own
        cells.append([_text(words) for words in _printed_lines(own)])
    return _Piece(page, (min(x0), max(tops), max(x1), min(bottoms)), tuple(cells), table=0), inside


def _holds(box: Box, char: dict[str, Any]) -> bool:
    """Whether the middle of a character lies in the box."""
    x, y = float(char["x0"] + char["x1"]) / 2, float(char["top"] + char["bottom"]) / 2
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _printed_lines(chars: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Words by line, from top to bottom and left to right, without footnote marks."""
    words = extract_words(list(chars), extra_attrs=["size"])
    kept = [word for word in words if not (_is_mark(word["text"]) and any(_is_marked(each, word) for each in words))]
    for line in cluster_objects(kept, lambda word: (word["top"] + word["bottom"]) / 2, NEAR):
        yield sorted(line, key=lambda word: float(word["x0"]))


def _is_marked(word: dict[str, Any], mark: dict[str, Any]) -> bool:
    """Whether a mark is printed smaller than a word, at its height and further right."""
    return bool(
        mark["size"] < MARK_SIZE * word["size"]
        and mark["top"] < word["bottom"]
        and word["top"] < mark["bottom"]
        and word["x0"] < mark["x0"]
    )


def _text(words: Iterable[dict[str, Any]]) -> str:
    """The words of a line; a hyphen of any kind is one."""
    return " ".join(word["text"] for word in words).translate(_HYPHENS)


def _is_mark(text: str) -> bool:
    """Whether a small word may be the mark of a footnote."""
    return text.strip(",").isdigit() or text in {"*", "†"}


def _around(words: Iterable[dict[str, Any]]) -> Box:
    """The box around words."""
    return union((word["x0"], word["top"], word["x1"], word["bottom"]) for word in words)


def _mark_page_headers(sheets: Sequence[_Sheet]) -> None:
    """Mark what stands on the margin and is a page number, or stands there on another page too."""
    seen = Counter(_place_of_header(piece) for sheet in sheets for piece in sheet.prose)
    for sheet in sheets:
        for at, piece in enumerate(sheet.prose):
            if _is_on_margin(piece.box, sheet.height) and (
                seen[_place_of_header(piece)] > 1 or _PAGE_NUMBER.fullmatch(piece.text)
            ):
                sheet.prose[at] = replace(piece, is_page_header=True)


def _is_on_margin(box: Box, height: float) -> bool:
    """Whether a box lies at the head or the foot of a page of that height."""
    return box[3] < MARGIN * height or box[1] > (1 - MARGIN) * height


def _place_of_header(piece: _Piece) -> tuple[str, int]:
    """The words of a page header, whatever numbers it prints, and its height on the page."""
    return re.sub(r"\d+", "#", piece.text), round(piece.box[1])


def _without_page_breaks(sheets: Sequence[_Sheet]) -> list[_Piece]:
    """All pieces in printed order; a row that goes over a page break is one, where it begins."""
    pieces: list[_Piece] = []
    parts: list[_Part] = []
    tables: list[list[int]] = []
    for sheet in sheets:
        prose = _paragraphs(sheet)
        heads = [piece for piece in prose if piece.is_page_header]
        blocks: list[tuple[float, _Piece | _Part]] = [(each.box[1], each) for each in prose if not each.is_page_header]
        blocks += [(part.rows[0].box[1], part) for part in sheet.parts]
        pieces += [piece for piece in heads if piece.box[1] < sheet.height / 2]
        for at, (_, block) in enumerate(sorted(blocks, key=lambda each: each[0])):
            if isinstance(block, _Piece):
                pieces.append(block)
                continue
            rows = [replace(row, table=len(parts)) for row in block.rows]
            last = next((each for each in reversed(pieces) if not each.is_page_header), None)
            if at == 0 and last and last.table is not None and _goes_on(parts[last.table], block):
                tables[-1].append(len(parts))
                if rows[0].key == parts[tables[-1][0]].rows[0].key:
                    rows[0] = replace(rows[0], is_page_header=True)
            else:
                tables.append([len(parts)])
            parts.append(block)
            pieces += rows
        pieces += [piece for piece in heads if piece.box[1] >= sheet.height / 2]
    return _with_joined_rows(pieces, parts, [table for table in tables if len(table) > 1])


def _with_joined_rows(
    pieces: Sequence[_Piece], parts: Sequence[_Part], tables: Sequence[Sequence[int]]
) -> list[_Piece]:
    """The pieces, the last row before a page break and the first one after it made one where they are one.

    `tables`: which parts follow each other in a table.
    """
    joined: list[_Piece | None] = list(pieces)
    rows_at: dict[int, list[int]] = {}
    for at, piece in enumerate(pieces):
        if piece.table is not None and not piece.is_page_header:
            rows_at.setdefault(piece.table, []).append(at)
    for table in tables:
        heading = parts[table[0]].rows[0]
        whole = [
            row
            for at in table
            for row in [row for row in parts[at].rows if row.key != heading.key][0 if at == table[0] else 1 : -1]
        ]
        for before, after in pairwise(table):
            if not rows_at.get(before) or not rows_at.get(after):
                continue
            at_last, at_first = rows_at[before][-1], rows_at[after][0]
            last, first = joined[at_last], joined[at_first]
            assert last
            assert first
            if parts[before].is_open or parts[after].starts_open or _is_one_row(last, first, heading, whole):
                cells = tuple([*upper, *lower] for upper, lower in zip(last.cells, first.cells, strict=True))
                joined[at_last], joined[at_first] = replace(last, cells=cells), None
                rows_at[after][0] = at_last  # which may go on, over the next page break
    return [piece for piece in joined if piece]


def _paragraphs(sheet: _Sheet) -> list[_Piece]:
    """The prose of a page; a line that is full goes on in the next one, if that stands close below."""
    joined: list[_Piece] = []
    for piece in sheet.prose:
        above = joined[-1] if joined else None
        if above and _is_wrapped(above, piece, sheet):
            cells = ([*above.cells[0], *piece.cells[0]],)
            joined[-1] = replace(above, cells=cells, box=union((above.box, piece.box)))
        else:
            joined.append(piece)
    return joined


def _is_wrapped(above: _Piece, piece: _Piece, sheet: _Sheet) -> bool:
    """Whether the first word of a line had no room on the line above it."""
    gap, height = piece.box[1] - above.box[3], piece.box[3] - piece.box[1]
    text = piece.cells[0][0]
    word = (piece.box[2] - piece.box[0]) * len(text.split()[0]) / len(text)
    return (
        not above.is_page_header
        and not piece.is_page_header
        and not any(above.box[3] <= part.rows[0].box[1] <= piece.box[1] for part in sheet.parts)
        and gap < PARAGRAPH_GAP * height
        and abs(above.size - piece.size) < 0.5
        and above.box[2] + word + NEAR > sheet.right
    )


def _goes_on(before: _Part, after: _Part) -> bool:
    """Whether a table on top of a page has the columns of the one that the page before ends with."""
    return (
        len(before.rows[0].cells) == len(after.rows[0].cells)
        and abs(before.left - after.left) <= NEAR
        and abs(before.right - after.right) <= NEAR
    )


def _is_one_row(last: _Piece, first: _Piece, heading: _Piece, others: Sequence[_Piece]) -> bool:
    """Whether a page break cuts a row, for all that the cells say: the rule below its upper half is printed.

    A word goes on; a cell is blank that no other row leaves blank; or half of the cells begin in lower case where no
    other row's do. Where two tables stand side by side, the right one may end before the left one.
    """
    upper, lower = ([" ".join(cell) for cell in row.cells] for row in (last, first))
    half = len(heading.key) // 2
    width = half if heading.key[:half] == heading.key[half:] else len(heading.key)
    if any(_WRAPPED_WORD.search(above) and below[:1].islower() for above, below in zip(upper, lower, strict=True)):
        return True
    filled = [column for column in range(width) if others and all(row.cells[column] for row in others)]
    if any(bool(upper[column]) != bool(lower[column]) for column in filled):
        return True
    begun = [column for column, cell in enumerate(lower) if cell]
    small = [
        column
        for column in begun
        if lower[column][0].islower() and not any("".join(row.cells[column])[:1].islower() for row in others)
    ]
    return bool(small) and 2 * len(small) >= len(begun)


def _parts_paragraphs(above: _Piece, piece: _Piece) -> bool:
    """Whether a blank line stands between two pieces: a table begins or ends, or there is room between paragraphs."""
    if above.table is not None or piece.table is not None:
        return (above.table is None) != (piece.table is None)
    gap, height = piece.box[1] - above.box[3], piece.box[3] - piece.box[1]
    return above.page != piece.page or gap >= PARAGRAPH_GAP * height or abs(above.size - piece.size) >= 0.5


def _clean(text: str) -> str:
    """Text as other documents have it: composed, without what typesetting leaves."""
    return unicodedata.normalize("NFC", text.translate(TYPESETTING))
