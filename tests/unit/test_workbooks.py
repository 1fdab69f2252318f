"""Workbooks: what is refused before any reader sees it, and how cells become text. All numbers are made up."""

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from sources import workbook_check
from sources.personal_data import PersonalData
from sources.problems import UnreadableFile
from sources.workbooks import check_workbook, column_letters, rows_of, sheet_names
from tests.feeds.workbooks import Cell, part_of, with_parts, write_workbook

NAME = "delivered.xlsx"
# Made up; the checksum is right, so that it counts as a number of a person.
PERSON = "19121212-1212"
ROWS: list[list[Cell]] = [
    ["PERIOD", "KOMMUN", "ARBETSLÖSA"],
    ["2021-01", "Luleå", 1234],
    ["2021-01", "Överkalix", "<5"],
]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return write_workbook(tmp_path / "stored", {"Kön": ROWS, "Ålder": ROWS})


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        check_workbook(path, NAME)
    assert refused.value.problem.file == NAME
    return str(refused.value)


def replaced(path: Path, part: str, old: str, new: str) -> Path:
    text = part_of(path, part)
    assert old in text
    return with_parts(path, {part: text.replace(old, new, 1)})


@pytest.mark.parametrize("inline", [True, False])
def test_a_workbook_of_data_passes_and_is_read_back(tmp_path: Path, inline: bool) -> None:
    path = write_workbook(tmp_path / NAME, {"Info": [["Påhittat"]], "Kön": ROWS}, inline)
    check_workbook(path, NAME)
    assert sheet_names(path) == ["Info", "Kön"]
    assert list(rows_of(path, "Kön")) == [
        (1, ["PERIOD", "KOMMUN", "ARBETSLÖSA"]),
        (2, ["2021-01", "Luleå", "1234"]),
        (3, ["2021-01", "Överkalix", "<5"]),
    ]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "web page (HTML)"),
        (b"\xef\xbb\xbf\r\n<TABLE border=1><tr><td>1</td></tr></TABLE>", "web page (HTML)"),
        (b"<?xml version='1.0'?><Workbook/>", "bare XML"),
        ("PERIOD;LÄN\r\n2021-01;Dalarna".encode(), "plain text"),
        ("PERIOD;LÄN".encode("utf-16"), "plain text (UTF-16)"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), "old binary Excel"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "the workbook is encrypted",
        ),
        (b"PK\5\6" + b"\0" * 18, "empty zip"),
        (b"\0\1\2\3", "neither a zip nor anything known"),
    ],
)
def test_bytes_that_are_no_workbook_are_called_what_they_are(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "stored"
    path.write_bytes(content)
    assert what in refusal(path)


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("xl/workbook.bin", "xlsb"),
        ("word/document.xml", "Word"),
        ("content.xml", "OpenDocument"),
        ("a.txt", "a zip of something else"),
    ],
)
def test_a_zip_that_is_no_workbook_is_called_what_it_is(tmp_path: Path, part: str, what: str) -> None:
    path = tmp_path / "stored"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "<a/>")
    message = refusal(path)
    assert what in message
    assert "xl/workbook.xml is not in it" in message


def test_a_truncated_workbook_is_refused_wherever_it_ends(workbook: Path) -> None:
    whole = workbook.read_bytes()
    for length in range(4, len(whole), 211):
        workbook.write_bytes(whole[:length])
        assert "truncated or damaged" in refusal(workbook)


def test_a_zip_of_a_version_that_does_not_exist_is_refused(workbook: Path) -> None:
    whole = bytearray(workbook.read_bytes())
    whole[whole.index(b"PK\1\2") + 6] = 103
    workbook.write_bytes(whole)
    assert "truncated or damaged (zip file version 10.3)" in refusal(workbook)


def test_a_part_whose_checksum_is_wrong_is_named(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_STORED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    whole = workbook.read_bytes()
    workbook.write_bytes(whole.replace("Överkalix".encode(), "Överkalax".encode(), 1))
    message = refusal(workbook)
    assert f"{SHEET} is damaged" in message
    assert "CRC" in message


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_check, "MAX_UNPACKED_BYTES", 8 * 1024**2)
    with_parts(workbook, {"xl/media/a.bin": bytes(9 * 1024**2)})
    assert workbook.stat().st_size < 50_000
    assert "unpacks to more than" in refusal(workbook)


@pytest.mark.parametrize("stated", [1000, 0])
def test_a_part_that_unpacks_to_more_than_it_states_is_refused(workbook: Path, stated: int) -> None:
    content = bytes(3 * 1024**2)
    with_parts(workbook, {"xl/media/a.bin": content})
    lying = workbook.read_bytes()
    for true, told in (
        (len(content), stated),
        (zlib.crc32(content), zlib.crc32(content[:stated])),  # right for what is stated: zipfile itself is content
    ):
        lying = lying.replace(true.to_bytes(4, "little"), told.to_bytes(4, "little"))
    workbook.write_bytes(lying)
    with zipfile.ZipFile(workbook) as archive:
        assert archive.testzip() is None
    assert "xl/media/a.bin is damaged (its size or checksum" in refusal(workbook)


def test_a_part_packed_in_an_unusual_way_is_refused(workbook: Path) -> None:
    with zipfile.ZipFile(workbook, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/media/a.bin", "x")
    assert "packed by method 14" in refusal(workbook)


@pytest.mark.parametrize("shared", [True, False])
def test_personal_data_in_what_remains_of_a_truncated_workbook_is_told_as_such(tmp_path: Path, shared: bool) -> None:
    path = write_workbook(tmp_path / "stored", {"Kön": [["x", PERSON]]}, inline=not shared)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(PersonalData) as refused:
        check_workbook(path, NAME)
    assert "1212" not in str(refused.value)


@pytest.mark.parametrize("size", [0, 1, 2**20 - 1, 2**20, 2**20 + 1, 2**20 + 257, 3 * 2**20])
@pytest.mark.parametrize("filler", [b"\0", b"abcdefg"])
def test_parts_of_any_size_unpack_to_the_end(workbook: Path, size: int, filler: bytes) -> None:
    check_workbook(with_parts(workbook, {"xl/media/a.bin": (filler * size)[:size]}), NAME)


def test_shared_texts_have_a_limit_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_check, "MAX_SHARED_TEXT_BYTES", 100)
    assert "shared texts" in refusal(write_workbook(tmp_path / "stored", {"Kön": ROWS}, inline=False))


@pytest.mark.parametrize(
    ("cell", "rows", "columns"),
    [
        ("XFD1048576", 1048576, 16384),
        ("B1048576", 1048576, None),
        ("ZZZZZ3", 3, 12356630),
        ("A99999999999", 99999999999, 26),
        ("xfd99999", 99999, 16384),
    ],
)
def test_a_sheet_that_spans_more_cells_than_memory_holds_is_refused(
    workbook: Path, cell: str, rows: int, columns: int | None
) -> None:
    far = f'<row><c r="{cell}"><v>1</v></c></row></sheetData>'
    replaced(workbook, SHEET, "</sheetData>", far)
    if columns is None:
        check_workbook(workbook, NAME)
    else:
        message = refusal(workbook)
        assert "sheet Kön, row " in message
        assert f"the sheet spans {rows} rows × {columns} columns" in message


def test_a_table_of_shared_texts_that_overstates_itself_is_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "stored", {"Kön": ROWS}, inline=False)
    assert "states more shared texts than it has bytes" in refusal(
        replaced(path, "xl/sharedStrings.xml", 'uniqueCount="', 'uniqueCount="4000000')
    )


def test_more_parts_than_a_workbook_has_are_refused(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_check, "MAX_PARTS", 5)
    assert "parts; expected at most 5" in refusal(workbook)
    monkeypatch.setattr(workbook_check, "MAX_DIRECTORY_BYTES", 100)
    assert "list of parts is longer" in refusal(workbook)


def test_parts_that_overlap_or_stand_twice_are_refused(workbook: Path) -> None:
    whole = workbook.read_bytes()
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(workbook, "a") as archive:
        archive.writestr(SHEET, "<worksheet/>")
    assert "overlap, or one name stands twice" in refusal(workbook)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        first, second = (info.header_offset for info in archive.infolist()[:2])
    directory = whole.index(b"PK\1\2")
    entry = whole.index(second.to_bytes(4, "little"), directory)
    workbook.write_bytes(whole[:entry] + first.to_bytes(4, "little") + whole[entry + 4 :])
    assert "overlap" in refusal(workbook)


def test_an_encrypted_part_is_refused(workbook: Path) -> None:
    whole = bytearray(workbook.read_bytes())
    directory = whole.index(b"PK\1\2")
    whole[directory + 8] |= 1
    workbook.write_bytes(whole)
    assert "encrypted" in refusal(workbook)


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("xl/vbaProject.bin", "macros (xl/vbaProject.bin)"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links to another workbook"),
        ("xl/embeddings/oleObject1.bin", "embedded object"),
        ("xl/activeX/activeX1.xml", "embedded object"),
    ],
)
def test_what_is_no_data_is_refused_by_name(workbook: Path, part: str, what: str) -> None:
    assert what in refusal(with_parts(workbook, {part: "<a/>"}))


@pytest.mark.parametrize("formula", ["<f>1+1</f>", '<f t="shared" si="0"/>', "<x:f>1+1</x:f>", "<f\n>1</f>"])
def test_a_formula_is_named_by_sheet_and_cell(workbook: Path, formula: str) -> None:
    message = refusal(replaced(workbook, SHEET, "<v>1234</v>", f"{formula}<v>1234</v>"))
    assert "sheet Kön, row 2, column C" in message
    assert "a formula stands in cell C2" in message


def test_a_sheet_with_a_prefix_of_its_own_hides_no_formula(workbook: Path) -> None:
    text = part_of(workbook, SHEET).replace("xmlns=", "xmlns:s=").replace("<v>1234</v>", "<f>1</f><v>1234</v>")
    prefixed = text.replace("</", "</s:").replace("<", "<s:").replace("<s:/s:", "</s:").replace("<s:?", "<?")
    assert "a formula stands in cell C2" in refusal(with_parts(workbook, {SHEET: prefixed}))


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "docProps/app.xml"])
def test_a_document_type_is_refused_in_every_part(tmp_path: Path, part: str) -> None:
    path = write_workbook(tmp_path / "stored", {"Kön": ROWS}, inline=False)
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>'
    head, body = part_of(path, part).split("?>", 1)
    message = refusal(with_parts(path, {part: f"{head}?>{bomb}{body}"}))
    assert part in message
    assert "document type" in message


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-7"])
def test_xml_in_another_encoding_is_refused(workbook: Path, encoding: str) -> None:
    text = part_of(workbook, SHEET).replace('encoding="UTF-8"', f'encoding="{encoding}"')
    message = refusal(with_parts(workbook, {SHEET: text.encode(encoding)}))
    assert SHEET in message
    assert "expected XML in UTF-8" in message


@pytest.mark.parametrize(
    "cell",
    [
        f'<c r="C2" t="inlineStr"><is><t>{PERSON}</t></is></c>',
        '<c r="C2" t="inlineStr"><is><t>121212-1212</t></is></c>',
        '<c r="C2" t="inlineStr"><is><t>121212\u20131212 är ett nummer</t></is></c>',
        '<c r="C2"><v>191212121212</v></c>',
        '<c r="C2"><v>1212121212.0</v></c>',
        '<c r="C2"><v>1.91212121212E11</v></c>',
        '<c r="C2" t="inlineStr"><is><t>&#49;91212&#x31;2-1212</t></is></c>',
        '<c r="C2" t="inlineStr"><is><r><t>191212</t></r><r><rPr><b/></rPr><t xml:space="x">12-1212</t></r></is></c>',
    ],
)
def test_a_personal_number_in_a_cell_is_refused_by_place_and_never_repeated(workbook: Path, cell: str) -> None:
    with pytest.raises(PersonalData) as refused:
        check_workbook(replaced(workbook, SHEET, '<c r="C2"><v>1234</v></c>', cell), NAME)
    message = str(refused.value)
    assert "sheet Kön, row 2, column C" in message
    assert "1212" not in message


def test_a_personal_number_among_the_shared_texts_is_told_by_the_cell_that_shows_it(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [*ROWS, ["2021-02", f"för {PERSON}", 3]]
    path = write_workbook(tmp_path / "stored", {"Ålder": ROWS, "Kön": rows}, inline=False)
    with pytest.raises(PersonalData, match=r"delivered\.xlsx, sheet Kön, row 4, column B: ") as refused:
        check_workbook(path, NAME)
    assert "1212" not in str(refused.value)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/sharedStrings.xml", f"<sst><si><t>{PERSON}</t></si></sst>"),
        ("xl/pivotCache/pivotCacheDefinition1.xml", f'<pivotCacheDefinition><s v="{PERSON}"/></pivotCacheDefinition>'),
        ("xl/pivotCache/pivotCacheRecords1.xml", '<pivotCacheRecords><r><n v="191212121212"/></r></pivotCacheRecords>'),
        ("xl/comments1.xml", f"<comments><comment><text><t>{PERSON}</t></text></comment></comments>"),
        ("docProps/core.xml", f"<coreProperties><creator>{PERSON}</creator></coreProperties>"),
        ("docProps/custom.xml", f'<Properties><property name="{PERSON}"/></Properties>'),
        (f"xl/media/{PERSON}.png", "x"),
        ("xl/notes.txt", PERSON),
    ],
)
def test_a_personal_number_anywhere_else_is_refused(workbook: Path, part: str, content: str) -> None:
    with pytest.raises(PersonalData) as refused:
        check_workbook(with_parts(workbook, {part: content}), NAME)
    assert "1212" not in str(refused.value)


def test_personal_data_weighs_more_than_other_faults(workbook: Path) -> None:
    with_parts(workbook, {"xl/vbaProject.bin": "x", "docProps/core.xml": f"<a>{PERSON}</a>"})
    with pytest.raises(PersonalData):
        check_workbook(workbook, NAME)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_personal_data_in_what_is_no_workbook_is_told_as_such(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "stored"
    path.write_bytes(f"<html><table><tr><td>{PERSON}</td></tr></table></html>".encode(encoding))
    with pytest.raises(PersonalData):
        check_workbook(path, NAME)


@pytest.mark.parametrize("at", [2**20 - 7, 2**20 - 300, 2**20 + 5])
def test_a_personal_number_across_two_pieces_is_found(tmp_path: Path, at: int) -> None:
    filler = "<row><c><v>1</v></c></row>" * (at // 26)
    sheet = f"<worksheet>{filler}{' ' * (at - len(filler))}<row><c><v>191212121212</v></c></row></worksheet>"
    path = with_parts(write_workbook(tmp_path / "stored", {"Kön": ROWS}), {SHEET: sheet})
    with pytest.raises(PersonalData):
        check_workbook(path, NAME)


@pytest.mark.parametrize("number", ["1912121212125", "0.191212121212", "191212121213", "191213121212", "12"])
def test_other_long_numbers_are_no_personal_data(workbook: Path, number: str) -> None:
    check_workbook(replaced(workbook, SHEET, "<v>1234</v>", f"<v>{number}</v>"), NAME)


def test_links_that_only_a_reader_follows_are_no_external_links(tmp_path: Path) -> None:
    path = tmp_path / "stored"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Info").write_url("A1", "https://example.org/statistik")
    check_workbook(path, NAME)


def test_a_million_blank_formatted_rows_are_no_rows(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / NAME, {"Kön": ROWS})
    blank = "".join(f'<row r="{row}"><c r="A{row}" s="0"/><c r="B{row}" s="0"/></row>' for row in range(4, 1_000_004))
    replaced(path, SHEET, "</sheetData>", f"{blank}</sheetData>")
    check_workbook(path, NAME)
    assert [number for number, _ in rows_of(path, "Kön")] == [1, 2, 3]


def test_a_sheet_that_is_not_there_is_asked_for_with_the_nearest_one(workbook: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"no sheet “Alder”.*“Kön”, “Ålder”; the nearest is “Ålder”"):
        list(rows_of(workbook, "Alder"))


@pytest.mark.parametrize(("old", "new"), [('<row r="3"', "<broken"), ("</sheetData>", ""), ("</worksheet>", "")])
def test_xml_that_is_not_well_formed_is_refused_before_a_row_is_lost(workbook: Path, old: str, new: str) -> None:
    message = refusal(replaced(workbook, SHEET, old, new))
    assert f"sheet Kön: {SHEET} is no well-formed XML" in message


def test_a_comment_that_never_ends_is_refused_without_holding_it(workbook: Path) -> None:
    message = refusal(replaced(workbook, SHEET, "<sheetData>", "<!-- <" + "x<" * 2**20))
    assert "a declaration, comment or instruction" in message


def test_deep_xml_is_read_without_harm(workbook: Path) -> None:
    replaced(workbook, SHEET, "<sheetData>", "<a>" * 100_000 + "</a>" * 100_000 + "<sheetData>")
    check_workbook(workbook, NAME)
    assert len(list(rows_of(workbook, "Kön"))) == 3


def written_with(tmp_path: Path, write: Callable[[Any, Any], object]) -> Path:
    path = tmp_path / NAME
    with xlsxwriter.Workbook(path) as book:
        write(book.add_worksheet("Blad"), book)
    return path


def test_dates_are_iso_text(tmp_path: Path) -> None:
    def write(sheet: Any, book: Any) -> None:
        month = book.add_format({"num_format": "yyyy-mm"})
        sheet.write_datetime("A1", dt.datetime(2021, 1, 1), month)  # noqa: DTZ001  (Excel knows no time zones)
        sheet.write_datetime("B1", dt.datetime(2021, 1, 1, 12, 30), month)  # noqa: DTZ001

    assert list(rows_of(written_with(tmp_path, write), "Blad")) == [(1, ["2021-01-01", "2021-01-01 12:30:00"])]


def test_rows_and_columns_keep_their_place_in_the_sheet(tmp_path: Path) -> None:
    def write(sheet: Any, book: Any) -> None:
        sheet.write("C4", "x")
        sheet.write("D6", True)
        sheet.write("E6", "  ")

    assert list(rows_of(written_with(tmp_path, write), "Blad")) == [
        (4, [None, None, "x", None, None]),
        (6, [None, None, None, "true", None]),
    ]


def test_an_empty_sheet_has_no_rows(tmp_path: Path) -> None:
    assert list(rows_of(written_with(tmp_path, lambda sheet, book: None), "Blad")) == []


@given(st.integers(min_value=0, max_value=16383))
def test_letters_of_columns_count_as_excel_does(index: int) -> None:
    assert column_letters(index) == xlsxwriter.utility.xl_col_to_name(index)


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.integers(min_value=-(10**14), max_value=10**14),
                st.text(st.characters(min_codepoint=32, exclude_categories=("C", "Z")), min_size=1, max_size=12),
                st.none(),
            ),
            min_size=1,
            max_size=5,
        ),
        max_size=8,
    ),
    st.booleans(),
)
def test_any_rows_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[int | str | None]], inline: bool
) -> None:
    path = write_workbook(tmp_path_factory.mktemp("any") / NAME, {"Blad": rows}, inline)
    expected = [
        (number, [None if cell is None else str(cell) for cell in row])
        for number, row in enumerate(rows, 1)
        if any(cell is not None for cell in row)
    ]
    read = [(number, row[: len(rows[number - 1])]) for number, row in rows_of(path, "Blad")]
    assert [(number, row + [None] * (len(rows[number - 1]) - len(row))) for number, row in read] == expected
