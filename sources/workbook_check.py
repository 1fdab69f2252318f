"""What a workbook must be before any reader opens it: whole, of bearable size, and nothing but data.

Belongs here: what is refused in any workbook, whatever its layout. Does not belong here: sheets, headers and cells
(`workbooks` and the readers).

A workbook is a zip of XML parts. Every part is unpacked once, a piece at a time, and searched as bytes; no library
that would follow a link, expand an entity or believe a stated size sees the file before. Links that a reader of the
sheet would have to click (to a web page, say) and the connection of a pivot cache to the database it was filled from
are no harm: nothing here follows them.
"""

import mmap
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

from lxml import etree

from sources.personal_data import PersonalData, find_personal_number
from sources.problems import Problem, UnreadableFile

MAX_UNPACKED_BYTES = 2 * 1024**3
"""The largest monthly workbooks unpack to about 0.6 GB; at four times that, reading no longer ends within a minute."""
MAX_SHARED_TEXT_BYTES = 256 * 1024**2
"""The table of shared texts is held in memory whole. In a monthly workbook it is some kilobytes of names."""
MAX_DESCRIPTION_BYTES = 16 * 1024**2
"""Parts that describe other parts (relations, the list of sheets) are parsed whole; they are some kilobytes."""
MAX_PARTS = 10_000
"""A part per sheet, picture and relation; the monthly workbooks have under a hundred."""
MAX_DIRECTORY_BYTES = 4 * 1024**2
"""The zip's own list of parts at `MAX_PARTS` parts with long names; it is read into memory before it can be counted."""
MAX_CELLS = 32_000_000
"""Rows times columns of one sheet: the reader holds 32 bytes for each cell of the rectangle, filled or not."""

DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
"""What zipfile raises where a zip, or a part of it, cannot be read.

`NotImplementedError` is a `RuntimeError`, a name in no encoding a `ValueError`.
"""

_PIECE = 1024**2
_LONGEST_PIECE = 4 * _PIECE
_EXPECTED = "an Excel workbook (xlsx)"
_SAVE_ANEW = "open it in Excel, save it as an Excel workbook (xlsx) and deliver it again"
_WHOLE = "a workbook whose parts can all be unpacked"
_DELIVER_AGAIN = "deliver it again; the copy is not whole"

_ENCRYPTED = "the workbook is encrypted (a password protects it)"

MAIN_PART = "xl/workbook.xml"
_OTHER_ZIPS = {
    "xl/workbook.bin": "a binary Excel workbook (xlsb)",
    "word/document.xml": "a Word document (docx)",
    "ppt/presentation.xml": "a PowerPoint presentation (pptx)",
    "content.xml": "an OpenDocument file (ods, odt)",
}

# Names in XML may carry a prefix, `<x:row>`; writers other than Excel use one.
_PREFIX = rb"(?:[\w.-]+:)?"
_ROOT = re.compile(rb"<" + _PREFIX + rb"([A-Za-z]\w*)[\s/>]")
_FORMULA = re.compile(rb"<" + _PREFIX + rb"f[\s/>]")
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_CELL = re.compile(rb"<" + _PREFIX + rb"c\s[^>]*?\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_ROW = re.compile(rb"<" + _PREFIX + rb"row\s[^>]*?\br\s*=\s*[\"']([0-9]{1,20})[\"']")
_FAR_CELL = re.compile(rb"[\"'](?:([A-Za-z]{2,9})|[A-Za-z]+(?=[0-9]{7}))([0-9]{1,20})[\"']")
_END_OF_ROW = (b"</row>", b"</si>")

_STATED = re.compile(rb"\buniqueCount\s*=\s*[\"']([0-9]{1,19})[\"']")

# For looking fast: a digit is 0, an e is E, all that may stand between the two parts of a number is -.
_SHAPE = bytearray(range(256))
_SHAPE[ord("0") : ord("9") + 1] = b"0" * 10
_SHAPE[ord("e")] = ord("E")
for _byte in (*b"-+ \t\r\n", *range(0x80, 0x100)):
    _SHAPE[_byte] = ord("-")
# The same for names of cells: a digit is 0, a letter A.
_CELLS = bytearray(range(256))
_CELLS[ord("0") : ord("9") + 1] = b"0" * 10
_CELLS[ord("A") : ord("Z") + 1] = _CELLS[ord("a") : ord("z") + 1] = b"A" * 26
# What else writes digits: a character's number, a text of several formats, a float's power of ten or its `.0`.
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_RUN_BOUNDARY = re.compile(
    rb"</" + _PREFIX + rb"t>\s*</" + _PREFIX + rb"r>\s*<" + _PREFIX + rb"r(?:\s[^>]*)?>"
    rb"(?:(?!</" + _PREFIX + rb"r>).){0,600}?<" + _PREFIX + rb"t(?:\s[^>]*)?>",
    re.DOTALL,
)
_POWER = re.compile(rb"(?<![\d.])(\d)\.(\d+)[eE]\+?0?(\d\d?)(?!\d)")
_NO_DECIMALS = re.compile(rb"(?<=\d)\.0+(?![\d.])")


def check_workbook(path: Path, name: str) -> None:
    """Raise unless the file is a whole workbook of bearable size that holds data and nothing else.

    `PersonalData` if a personal identity number stands anywhere in it: cells, shared texts, pivot caches, comments,
    properties, the names of sheets. Otherwise `UnreadableFile` for what is no workbook, truncated, damaged, encrypted,
    packed larger than the limits above, or holds formulas, macros, links to other workbooks, embedded objects or
    document type definitions; the first such fault is told. `name` is the file's name in messages.
    """
    _refuse_other_bytes(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            _Check(archive, path, name).run()
    except DAMAGE as error:
        _search_remains(path, name)
        raise UnreadableFile(
            Problem(name, f"the workbook is truncated or damaged ({error})", _EXPECTED, _DELIVER_AGAIN)
        ) from error


def _refuse_other_bytes(path: Path, name: str) -> None:
    """Say what a file is that is no zip, or a zip with a list of parts larger than any workbook's."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4096)
        if not head.startswith(b"PK\3\4"):
            what = "the file is empty" if size == 0 else _what_it_is(head, file)
            _search_for_people(path, name)
            remedy = None if size == 0 else _SAVE_ANEW
            raise UnreadableFile(Problem(name, what, _EXPECTED, remedy))
        file.seek(max(0, size - 66_000))
        if _directory_bytes(file.read()) > MAX_DIRECTORY_BYTES:
            what = f"the zip's list of parts is longer than {MAX_DIRECTORY_BYTES // 1024**2} MiB"
            raise UnreadableFile(Problem(name, what, f"at most {MAX_PARTS} parts", _SAVE_ANEW))


def _directory_bytes(tail: bytes) -> int:
    """Size of the zip's directory as its last record states it; 0 if it is not there (zipfile will say so)."""
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 16:
        return 0
    (size,) = struct.unpack_from("<I", tail, at + 12)
    large = tail.rfind(b"PK\6\6")
    if large >= 0 and len(tail) >= large + 48:
        (large_size,) = struct.unpack_from("<Q", tail, large + 40)
        return int(max(large_size, 0 if size == 0xFFFFFFFF else size))
    return int(size)


def _what_it_is(head: bytes, file: IO[bytes]) -> str:
    """The kind of a file that is no workbook, as far as its first bytes tell."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        file.seek(0)
        encrypted = any("EncryptedPackage".encode("utf-16-le") in piece for piece in _pieces(_chunks(file)))
        return _ENCRYPTED if encrypted else "the file is an old binary Excel workbook (xls)"
    kinds = (
        (head.startswith(b"%PDF"), "the file is a PDF"),
        (head.startswith(b"PK\5\6"), "the file is an empty zip"),
        (head.startswith((b"\xff\xfe", b"\xfe\xff")), "the file is plain text (UTF-16)"),
        (re.search(b"<(?:html|!doctype html|table)", text), "the file is a web page (HTML) with another name"),
        (text.startswith(b"<?xml"), "the file is bare XML"),
        (b"\0" not in head, "the file is plain text"),
    )
    return next((kind for holds, kind in kinds if holds), "the file is neither a zip nor anything known")


def _search_for_people(path: Path, name: str) -> None:
    with path.open("rb") as file:
        for piece in _pieces(_chunks(file)):
            for text in (piece, piece.replace(b"\0", b"")):  # UTF-16 as well
                if _person_in(text) is not None:
                    raise _personal_data(Problem(name, "", ""))


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_PIECE):
        yield chunk


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a part really unpacks to, in bounded chunks.

    zipfile stops where the list says that the part ends, other libraries go on to where it does: raises `BadZipFile`
    unless both are the same, and the checksum is right.
    """
    size, checksum = 0, 0
    for chunk in _unpacked_from(file, part.header_offset, part.compress_type, part.compress_size):
        size += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        yield chunk
    if (size, checksum) != (part.file_size, part.CRC):
        raise zipfile.BadZipFile("its size or checksum (CRC) is not the one that the list of parts states")


def _unpacked_from(file: IO[bytes], offset: int, method: int, left: int) -> Iterator[bytes]:
    """Unpack from the part's own header on, `left` packed bytes at most."""
    file.seek(offset)
    header = file.read(30)
    if len(header) < 30:
        raise zipfile.BadZipFile("it begins behind the file's end")
    file.seek(sum(struct.unpack_from("<HH", header, 26)), os.SEEK_CUR)
    if method not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise zipfile.BadZipFile(f"it is packed by method {method}, which Excel does not use")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and (packed := file.read(min(_PIECE, left))):
        left -= len(packed)
        if method == zipfile.ZIP_STORED:
            yield packed
        else:
            while packed:
                if inflate.eof:
                    raise zipfile.BadZipFile("bytes stand behind its end")
                if chunk := inflate.decompress(packed, _PIECE):
                    yield chunk
                packed = inflate.unconsumed_tail or inflate.unused_data
    if method == zipfile.ZIP_DEFLATED and (chunk := inflate.flush()):
        yield chunk
    if method == zipfile.ZIP_DEFLATED and not inflate.eof:
        raise zipfile.BadZipFile("it ends too early")


def _search_remains(path: Path, name: str) -> None:
    """Search what can still be unpacked of a zip without a list of parts: it would be kept, had it no personal data."""
    unpacked = 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for begin in re.finditer(b"PK\3\4.{4}(.)\0", content, re.DOTALL):
            for piece in _pieces(_until_damage(_unpacked_from(file, begin.start(), begin[1][0], len(content)))):
                unpacked += len(piece)
                if _person_in(piece) is not None:
                    raise _personal_data(Problem(name, "", ""))
                if unpacked > MAX_UNPACKED_BYTES:
                    return


def _until_damage(chunks: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from chunks
    except DAMAGE:
        return


def _pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut where a row, a shared text, or at least a tag begins or ends."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = max(map(rest.rfind, _END_OF_ROW))
        if cut <= 0:
            cut = rest.rfind(b"<")
        if cut <= 0:
            cut = len(rest) - 64 if len(rest) > _LONGEST_PIECE else 0  # no tag at all: cut anywhere
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


def _person_in(piece: bytes) -> tuple[bytes, int] | None:
    """The piece as it was searched, and where in it a personal identity number begins; None if it holds none."""
    if b"&" in piece and b"&#" in piece:  # one character is found many times faster than two
        piece = _REFERENCE.sub(_character, piece)
    if (b"/r>" in piece or (b":" in piece and b":r>" in piece)) and b"t>" in piece:
        piece = _RUN_BOUNDARY.sub(b"", piece)
    shape = piece.translate(_SHAPE)
    if b"0E" in shape:
        piece = _POWER.sub(_without_power, piece)
        shape = piece.translate(_SHAPE)
    if b"0000000000" not in shape and b"000000-" not in shape:
        return None
    piece = _NO_DECIMALS.sub(b"", piece)
    text = piece.decode("utf-8", "replace")
    span = find_personal_number(text)
    return None if span is None else (piece, len(text[: span[0]].encode()))


def _character(reference: re.Match[bytes]) -> bytes:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return chr(code).encode("utf-8", "replace") if code < 0x110000 else b" "


def _without_power(number: re.Match[bytes]) -> bytes:
    """`1.96501011234E11` as `196501011234`; a number that is not whole stays as it is."""
    whole, decimals, power = number[1], number[2], int(number[3])
    return whole + decimals.ljust(power, b"0") if len(decimals) <= power <= 20 else number[0]


def _personal_data(place: Problem) -> PersonalData:
    return PersonalData(
        Problem(
            file=place.file,
            sheet=place.sheet,
            row=place.row,
            column=place.column,
            what=f"a personal identity number stands in {place.what or 'it'}",
            expected="none anywhere in the file",
            remedy="remove it and deliver the file again; this one stays where it was dropped, read no further",
        )
    )


class _Check:
    """One look through all parts of one open workbook."""

    def __init__(self, archive: zipfile.ZipFile, path: Path, name: str) -> None:
        self._archive = archive
        self._path = path
        self._name = name
        self._unpacked = 0
        self._faults: list[Problem] = []
        self._sheets: dict[str, str] = {}

    def run(self) -> None:
        """Look at every part, whatever is wrong with another: personal data weighs more than any other fault."""
        parts = self._archive.infolist()
        if _person_in(b"\n".join([self._archive.comment, *(part.filename.encode() for part in parts)])) is not None:
            raise _personal_data(Problem(self._name, "the names of its parts", ""))
        self._look_at_the_list(parts)
        self._sheets = self._names_of_sheets()
        for part in parts:
            try:
                self._look_at(part)
            except DAMAGE as error:
                self._fault(f"{part.filename} is damaged ({error})", _WHOLE, _DELIVER_AGAIN)
        if self._faults:
            raise UnreadableFile(self._faults[0])

    def _fault(
        self,
        what: str,
        expected: str = _EXPECTED,
        remedy: str = _SAVE_ANEW,
        part: str = "",
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        sheet = self._sheets.get(part)
        self._faults.append(Problem(self._name, what, expected, remedy, sheet=sheet, row=row, column=column))

    def _look_at_the_list(self, parts: list[zipfile.ZipInfo]) -> None:
        """What the list of parts tells by itself; what it says of sizes is only believed where it says too much."""
        names = {part.filename for part in parts}
        if len(parts) > MAX_PARTS:
            raise UnreadableFile(
                Problem(self._name, f"the zip has {len(parts)} parts", f"at most {MAX_PARTS}", _SAVE_ANEW)
            )
        if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise self._too_large()
        if _overlap(parts):
            what = "parts of the zip overlap, or one name stands twice"
            raise UnreadableFile(Problem(self._name, what, "parts that stand one after the other", _SAVE_ANEW))
        if any(part.flag_bits & 1 for part in parts):
            self._fault(_ENCRYPTED, remedy="save it without a password and deliver it again")
        if MAIN_PART not in names:
            kind = next((kind for part, kind in _OTHER_ZIPS.items() if part in names), "a zip of something else")
            self._fault(f"the file is {kind}: {MAIN_PART} is not in it")
        for name in sorted(names):
            lower = name.lower()
            if lower.endswith("vbaproject.bin") or "/macrosheets/" in lower:
                self._fault(f"the workbook holds macros ({name})", "a workbook without macros")
            if "/externallinks/" in lower:
                self._fault(f"the workbook links to another workbook ({name})", "a workbook without external links")
            if "/embeddings/" in lower or "/activex/" in lower:
                self._fault(f"the workbook holds an embedded object ({name})", "a workbook without embedded objects")

    def _names_of_sheets(self) -> dict[str, str]:
        """Name of the sheet by the name of its part; empty where the workbook does not tell."""
        targets = {
            relation.get("Id"): part_name("xl", relation.get("Target", ""))
            for relation in self._elements("xl/_rels/workbook.xml.rels", "Relationship")
        }
        return {
            targets[relation]: sheet.get("name", "")
            for sheet in self._elements(MAIN_PART, "sheet")
            for key, relation in sheet.items()
            if key.endswith("}id") and relation in targets
        }

    def _elements(self, part: str, tag: str) -> list[etree._Element]:
        try:
            return elements(self._archive, part, tag)
        except KeyError:
            return []
        except (etree.XMLSyntaxError, *DAMAGE) as error:
            self._fault(f"{part} is damaged ({error})", _WHOLE, _DELIVER_AGAIN)
            return []

    def _look_at(self, part: zipfile.ZipInfo) -> None:
        """Search one part for people, for what is no data, and for XML that a lenient reader would take for less."""
        name, sheet, xml, texts = part.filename, None, None, 0
        if part.flag_bits & 1:
            return
        self._archive.open(part).close()  # is the part where, and what, the list says?
        with self._path.open("rb") as file:
            for number, piece in enumerate(_pieces(self._counted(_unpacked(file, part), name))):
                if number == 0:
                    root = self._root_of(piece, name)
                    sheet = _Sheet() if root == "worksheet" else None
                    xml = _Xml() if name.lower().endswith((".xml", ".rels")) else None
                    if root == "sst" and _stated_texts(piece) > part.file_size:
                        self._fault(f"{name} states more shared texts than it has bytes", _WHOLE, part=name)
                    if root in {"macrosheet", "dialogsheet"}:
                        self._fault(f"the workbook holds macros ({name})", "a workbook without macros")
                found = _person_in(piece)
                if found is not None:
                    raise self._person(name, *found, texts if root == "sst" else None)
                texts += piece.count(b"</si>")
                if sheet is not None and (fault := sheet.fault_in(piece)) is not None:
                    self._fault(*fault[:3], name, *fault[3:])
                    sheet = None
                if xml is not None and (what := xml.fault_in(piece)) is not None:
                    self._fault(f"{name} {what}", "well-formed XML without declarations", part=name)
                    xml = None
        if xml is not None and (what := xml.fault_in(b"", at_end=True)) is not None:
            self._fault(f"{name} {what}", "well-formed XML without declarations", part=name)

    def _counted(self, chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
        """What really comes out of a part, up to the limits."""
        here = 0
        for chunk in chunks:
            here += len(chunk)
            self._unpacked += len(chunk)
            if self._unpacked > MAX_UNPACKED_BYTES:
                raise self._too_large()
            if name.lower().endswith("sharedstrings.xml") and here > MAX_SHARED_TEXT_BYTES:
                what = f"the shared texts ({name}) unpack to more than {MAX_SHARED_TEXT_BYTES // 1024**2} MiB"
                raise UnreadableFile(Problem(self._name, what, "a workbook of bearable size"))
            yield chunk

    def _too_large(self) -> UnreadableFile:
        what = f"the workbook unpacks to more than {MAX_UNPACKED_BYTES // 1024**3} GiB"
        return UnreadableFile(
            Problem(self._name, what, "a workbook of bearable size", "deliver fewer years in each file")
        )

    def _root_of(self, piece: bytes, name: str) -> str:
        """The name of the part's outermost element; empty for what is no XML."""
        head = piece[:4096]
        says_xml = name.lower().endswith((".xml", ".rels", ".vml"))
        if not says_xml and not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
            return ""
        encoding = _ENCODING.search(head)
        if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head:
            self._fault(f"{name} is not written in UTF-8", "XML in UTF-8")
        elif encoding is not None and encoding[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}:
            self._fault(f"{name} is written in {encoding[1].decode('ascii', 'replace')}", "XML in UTF-8")
        root = _ROOT.search(head)
        return root[1].decode() if root else ""

    def _person(self, part: str, piece: bytes, at: int, texts_before: int | None) -> PersonalData:
        """The refusal, with the cell: also for a shared text, the first that shows it."""
        sheet = self._sheets.get(part)
        row, column = _cell_before(piece, at) if sheet else (None, None)
        if texts_before is not None:
            sheet, row, column = self._cell_of_text(texts_before + piece.count(b"</si>", 0, at))
        what = "this cell" if row else "this sheet" if sheet else part
        return _personal_data(Problem(self._name, what, "", sheet=sheet, row=row, column=column))

    def _cell_of_text(self, number: int) -> tuple[str | None, int | None, str | None]:
        """Sheet, row and column of the first cell that shows the shared text."""
        value = b"<v>%d</v>" % number
        cell = re.compile(rb"<c\s(?=[^>]*\bt=\"s\")[^>]*?\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^>]*>\s*" + value)
        for part in self._archive.infolist():
            if part.filename in self._sheets:
                with self._path.open("rb") as file:
                    for piece in _pieces(_until_damage(_unpacked(file, part))):
                        if value in piece and (found := cell.search(piece)) is not None:
                            return self._sheets[part.filename], int(found[2]), found[1].decode()
        return None, None, None


def _stated_texts(piece: bytes) -> int:
    """How many texts the table of shared texts says it has: the reader reserves memory for so many."""
    return max((int(stated[1]) for stated in _STATED.finditer(piece[:4096])), default=0)


class _Sheet:
    """What a sheet holds beside values, and how far it reaches, followed from piece to piece."""

    def __init__(self) -> None:
        self._columns = self._rows = 0

    def fault_in(self, piece: bytes) -> tuple[str, str, str, int | None, str | None] | None:
        """What is wrong, what was expected, what to do, row and column; None if nothing is wrong."""
        if (b"<f" in piece or (b":" in piece and b":f" in piece)) and (formula := _FORMULA.search(piece)):
            row, column = _cell_before(piece, formula.start())
            what = f"a formula stands in cell {column}{row}" if column else "a cell holds a formula"
            return what, "values only", "paste the values in its place, save and deliver it again", row, column
        columns, rows = _reach(piece)
        self._columns, self._rows = max(self._columns, columns), max(self._rows, rows)
        if self._columns * self._rows > MAX_CELLS:
            what = f"the sheet spans {self._rows} rows × {self._columns} columns"
            return what, f"at most {MAX_CELLS} cells in a sheet", _SAVE_ANEW, rows, None
        return None


class _Xml:
    """Whether a part is well-formed XML: the reader of cells leaves out, without a word, what it does not know."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate("utf-8")  # whatever it declares: anything else is refused already
        self._parser.StartDoctypeDeclHandler = self._doctype

    @staticmethod
    def _doctype(*_: object) -> None:
        raise _Declaration

    def fault_in(self, piece: bytes, at_end: bool = False) -> str | None:
        """What is wrong with the part up to the end of this piece; None if nothing is."""
        if _ends_within(piece, b"<!", b">") or _ends_within(piece, b"<?", b"?>"):
            return "holds a declaration, comment or instruction of a megabyte"  # the parser would hold it in memory
        try:
            self._parser.Parse(piece, at_end)
        except _Declaration:
            return "declares a document type"
        except expat.ExpatError as error:
            return f"is no well-formed XML ({error})"
        return None


class _Declaration(Exception):
    """A document type declaration begins."""


def _ends_within(piece: bytes, begin: bytes, end: bytes) -> bool:
    return begin[1:] in piece and begin in piece and piece.rfind(end) < piece.rfind(begin)


def _overlap(parts: list[zipfile.ZipInfo]) -> bool:
    """Whether two parts share bytes of the file, or a name."""
    ordered = sorted(parts, key=lambda part: part.header_offset)
    ends = [part.header_offset + 30 + len(part.orig_filename) + part.compress_size for part in ordered]
    later = [part.header_offset for part in ordered[1:]]
    names = {part.filename.lower() for part in parts}
    return len(names) < len(parts) or any(end > begin for end, begin in zip(ends, later, strict=False))


def _cell_before(piece: bytes, at: int) -> tuple[int | None, str | None]:
    """Row and column of the cell in whose text the place is; the row alone where cells do not say theirs."""
    begin = max(piece.rfind(b"<c ", 0, at), piece.rfind(b":c ", 0, at) - 40, 0)
    cells = list(_CELL.finditer(piece, begin, at))
    rows = list(_ROW.finditer(piece, max(0, piece.rfind(b"row ", 0, at) - 40), at))
    if cells:
        return int(cells[-1][2]), cells[-1][1].decode()
    return (int(rows[-1][1]), None) if rows else (None, None)


def _reach(piece: bytes) -> tuple[int, int]:
    """How many columns and rows the cells of the piece reach over; any number of columns up to 26 is told as 26."""
    at = piece.rfind(b"row ")
    last = _ROW.match(piece, max(0, piece.rfind(b"<", 0, at))) if at > 0 else None
    columns, rows = 26, int(last[1]) if last else 0
    names = piece.translate(_CELLS)
    if b"AA0" in names or b"A0000000" in names:
        for letters, digits in _FAR_CELL.findall(piece):
            columns, rows = max(columns, _column_number(letters.upper())), max(rows, int(digits))
    return columns, rows


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def part_name(folder: str, target: str) -> str:
    """The name in the zip of what a relation of a part in the folder points to: `/xl/a.xml`, `a.xml`, `../b/a.xml`."""
    path = PurePosixPath(target.lstrip("/")) if target.startswith("/") else PurePosixPath(folder, target)
    steps: list[str] = []
    for step in path.parts:
        if step == "..":
            steps[-1:] = []
        else:
            steps.append(step)
    return "/".join(steps)


def elements(archive: zipfile.ZipFile, part: str, tag: str) -> list[etree._Element]:
    """The elements of that name in a part that describes others (relations, sheets), in their order.

    Raises `KeyError` if there is no such part, `lxml.etree.XMLSyntaxError` if it is no XML or too large.
    """
    with archive.open(part) as stream:
        data = stream.read(MAX_DESCRIPTION_BYTES + 1)
    if len(data) > MAX_DESCRIPTION_BYTES:
        raise etree.XMLSyntaxError(f"more than {MAX_DESCRIPTION_BYTES // 1024**2} MiB", 0, 0, 0)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return list(etree.fromstring(data, parser).iter(f"{{*}}{tag}"))
