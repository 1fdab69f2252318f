"""A document in any form to numbered lines: PDF, Excel workbook, csv with a table's headings, or plain text.

Belongs here: recognising the form by its content, and giving the rows of workbooks and csv files the form of lines that
every reader takes. Does not belong here: PDFs (`pdf_lines`), texts (`pages`), and what a table holds (its reader).
"""

import csv
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from sources.decision_appendices import closing_offices, kept_offices, network_totals
from sources.pages import SHEET_LINES, TYPESETTING, Line, decode, read_lines
from sources.personal_data import PersonalData, refuse_personal_number
from sources.problems import Problem, UnreadableFile
from sources.registration_statistics import closed_despite_need, competitiveness, visit_rates
from sources.service_centre_schedules import rollout
from sources.text import fold
from sources.transcriptions import PLACE
from sources.wrapped_tables import unwrapped

HEADINGS = (
    kept_offices.HEADING,
    closing_offices.HEADING,
    network_totals.HEADING,
    rollout.HEADING,
    *(
        " ".join(headings)
        for headings in (closed_despite_need.HEADINGS, competitiveness.HEADINGS, visit_rates.HEADINGS)
    ),
)
"""The line of headings of every table that may stand in a csv file."""
DELIMITERS = (";", ",")
MAX_LINES = 50_000
"""More lines than any document of ours has: a report of a hundred pages has 6 000."""
MAX_BYTES = 64 * 1024 * 1024
"""More bytes than any document of ours has: a report of a hundred pages, with its pictures, has 10 million."""
MAX_CHARACTERS = 8_000_000
"""More text than any document of ours has: a report of a hundred pages has 300 000 characters."""

_PDF = b"%PDF-"
_PDF_WITHIN = 1024
"""Bytes within which the mark of a PDF may stand; readers of PDFs take it there."""
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_HTML = ("<!doctype html", "<html", "<table")

Cells = Sequence[str | None]


def lines_of(content: bytes, file: str, first_page: int | None = None, first_line: int = 1) -> list[Line]:
    """The lines of a document, whatever its form, for any reader.

    `first_page` and `first_line`: where the file begins in the original. In a workbook a line is a row of a sheet, in a
    csv file a line of the file; both give their cells parted by tabulators, a row with nothing but its first cell gives
    plain text. Raises `UnreadableFile`, also if the document holds a personal identity number.
    """
    try:
        lines = _lines_of(content, file, first_page, first_line)
    except PersonalData:
        raise
    except UnreadableFile:  # whatever else is wrong with it, a number of a person decides what becomes of the file
        refuse_personal_number(content.replace(b"\0", b"").decode("utf-8", "replace"), file)
        raise
    for line in lines:
        is_row = line.sheet is not None
        refuse_personal_number(
            line.text,
            file,
            sheet=line.sheet,
            row=line.number % SHEET_LINES if is_row else None,
            line=None if is_row else line.number,
        )
    return lines


def _lines_of(content: bytes, file: str, first_page: int | None, first_line: int) -> list[Line]:
    """The lines of a document by the reader of its form."""
    if len(content) > MAX_BYTES:
        what, expected = f"the file has {len(content)} bytes", f"at most {MAX_BYTES}"
        raise UnreadableFile(Problem(file, what, expected, "deliver only the pages that hold the tables"))
    if _PDF in content[:_PDF_WITHIN]:
        from sources.pdf_lines import read_pdf

        lines = read_pdf(content, file, first_page, first_line)
    elif content.startswith(_ZIP):
        lines = _lines_of_workbook(content, file)
    elif content.startswith(_OLD_OFFICE):
        what = "the file is of an old Office version (xls, doc), or an encrypted workbook"
        raise UnreadableFile(
            Problem(file, what, "PDF, xlsx, csv or text", "save it as xlsx or PDF, without a password")
        )
    else:
        lines = _lines_of_text(content, file, first_page, first_line)
    characters = sum(len(line.text) for line in lines)
    if len(lines) > MAX_LINES or characters > MAX_CHARACTERS:
        what = f"the file has {len(lines)} lines with {characters} characters"
        expected = f"at most {MAX_LINES} lines and {MAX_CHARACTERS} characters"
        raise UnreadableFile(Problem(file, what, expected, "deliver only the lines that hold the tables"))
    return lines


def _lines_of_text(content: bytes, file: str, first_page: int | None, first_line: int) -> list[Line]:
    """The lines of a text file, which may be a csv file with the headings of a table."""
    if len(content) > 2 * MAX_CHARACTERS:  # å, ä and ö take two bytes
        what, expected = f"the text has {len(content)} bytes", f"at most {MAX_CHARACTERS} characters"
        raise UnreadableFile(Problem(file, what, expected, "deliver only the lines that hold the tables"))
    text = decode(content, file)
    if text.lstrip()[:100].lower().startswith(_HTML):
        what = "the file is a web page (HTML), whatever its name"
        raise UnreadableFile(Problem(file, what, "PDF, xlsx, csv or text", "save it in one of these forms"))
    delimiter = _delimiter(text)
    if delimiter is None:
        return read_lines(content, file, first_page, first_line)
    return list(_lines_of_rows(_records(text, delimiter, file, first_line)))


def _delimiter(text: str) -> str | None:
    """What parts the cells of a csv file: the character that makes a line into the headings of a table.

    A transcription is left as it is: its reader takes csv.
    """
    wanted = {fold(heading) for heading in HEADINGS}
    for delimiter in DELIMITERS:
        try:
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
                if len(cells) > 1 and fold("".join(cells)) in wanted:
                    return delimiter
        except csv.Error:  # a field of more than 128 KiB: no csv by this delimiter
            continue
    return None


def _records(text: str, delimiter: str, file: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Number of its first line and cells of every record of a csv file."""
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = first_line
    try:
        for cells in records:
            yield line, cells
            line = first_line + records.line_num
    except csv.Error as error:
        what, remedy = f"the record that begins here is no csv ({error})", "close its quotation marks"
        raise UnreadableFile(Problem(file, what, f"cells parted by “{delimiter}”", remedy, line=line)) from error


def _lines_of_workbook(content: bytes, file: str) -> list[Line]:
    """The rows of every sheet, one sheet after the other."""
    from sources.workbooks import check_workbook, rows_of, sheet_names

    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / PurePosixPath(file).name
        path.write_bytes(content)
        check_workbook(path, file)
        for at, sheet in enumerate(sheet_names(path)):
            rows = ((at * SHEET_LINES + number, cells) for number, cells in rows_of(path, sheet, file))
            lines += _lines_of_rows(rows, sheet)
    if not lines:
        raise UnreadableFile(Problem(file, "no sheet of the workbook has a row", "a sheet with a table"))
    return lines


def _lines_of_rows(rows: Iterable[tuple[int, Cells]], sheet: str | None = None) -> Iterator[Line]:
    """A line for every row, cells without their wrapping; a blank line where rows of a sheet are blank.

    Under the headings of a transcription the lines are csv, as its reader takes them.
    """
    before: int | None = None
    width = 0
    for number, printed in rows:
        cells = [_clean(cell or "") for cell in printed]
        filled = [at for at, cell in enumerate(cells, start=1) if cell]
        if sheet and before is not None and number > before + 1:
            yield Line(before + 1, "", sheet=sheet)
        before = number
        if not width and filled and tuple(cells[: filled[-1]][-2:]) == PLACE:
            width = filled[-1]
        if width and filled:
            text = _csv(cells[: max(width, filled[-1])])
        elif filled == [1]:
            text = cells[0]
        else:
            text = "\t".join(cells) if filled else ""
        yield Line(number, text, sheet=sheet)


def _clean(cell: str) -> str:
    """A cell on one line, without its wrapping and what typesetting leaves."""
    return unicodedata.normalize("NFC", unwrapped(cell.replace("\t", " ").splitlines()).translate(TYPESETTING))


def _csv(cells: Sequence[str]) -> str:
    """Cells as a line of csv."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
