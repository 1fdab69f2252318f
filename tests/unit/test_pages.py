"""Lines know their number and page, and bytes that are no text are named where they stand."""

import unicodedata

import pytest

from sources.pages import read_lines
from sources.problems import UnreadableFile
from tests.unit.appendix_text import lines_of


def pages(text: str, first_page: int | None = 51) -> list[int | None]:
    return [line.page for line in lines_of(text, first_page)]


def problem_with(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_lines(content, "bilaga.txt")
    return str(caught.value)


def test_lines_are_numbered_from_the_first_line_of_the_extract() -> None:
    assert [line.number for line in lines_of("a\n\nb\n", first_line=3523)] == [3523, 3524, 3525]


def test_lines_are_numbered_from_one_where_nothing_else_is_said() -> None:
    assert [line.number for line in read_lines(b"a\nb", "bilaga.txt")] == [1, 2]


@pytest.mark.parametrize("text", ["a\nb", "a\nb\n", "a\r\nb\r\n"])
def test_the_end_of_a_line_is_no_part_of_it(text: str) -> None:
    assert [line.text for line in lines_of(text)] == ["a", "b"]


def test_blanks_at_either_end_of_a_line_are_kept() -> None:
    assert [line.text for line in lines_of(" a \n  b\t\n")] == [" a ", "  b\t"]


def test_a_page_begins_at_a_line_with_one_leading_blank() -> None:
    assert pages("a\n b\nc\n d\n") == [51, 52, 52, 53]


def test_the_first_line_begins_the_first_page_with_or_without_a_blank() -> None:
    assert pages(" a\nb\n") == pages("a\nb\n") == [51, 51]


@pytest.mark.parametrize("text", [" ", "  b", "   ", "\tb", ""])
def test_no_page_begins_at(text: str) -> None:
    assert pages(f"a\n{text}\nc\n") == [51, 51, 51]


def test_a_page_begins_at_a_running_header() -> None:
    assert pages("a\n\nSlutredovisning Bilagor \n \n\n52 \n\nb\n") == [51, 51, 52, 52, 52, 52, 52, 52]


def test_a_printed_page_number_settles_the_count() -> None:
    assert pages("a\nSlutredovisning Bilagor\n64\nb\n c\n") == [51, 64, 64, 64, 65]


def test_a_running_header_with_a_leading_blank_begins_one_page_only() -> None:
    assert pages("a\n Slutredovisning Bilagor\n52\nb\n") == [51, 52, 52, 52]


def test_header_and_printed_number_are_page_headers_and_nothing_else_is() -> None:
    lines = lines_of("a\nSlutredovisning Bilagor\n\n52\n\n53\n")
    assert [line.text for line in lines if line.is_page_header] == ["Slutredovisning Bilagor", "52"]


@pytest.mark.parametrize("text", ["Slutredovisning Bilagor\nb\n", "Slutredovisning\n52\n", "Slutredovisning Bilagor\n"])
def test_without_a_printed_number_there_is_no_running_header(text: str) -> None:
    lines = lines_of(f"a\n{text}")
    assert not any(line.is_page_header for line in lines)
    assert {line.page for line in lines} == {51}


def test_a_text_without_pages_has_none_whatever_its_lines_begin_with() -> None:
    lines = lines_of("a\n b\nSlutredovisning Bilagor\n52\n", first_page=None)
    assert {(line.page, line.is_page_header) for line in lines} == {(None, False)}


def test_letters_are_composed() -> None:
    (line,) = lines_of(unicodedata.normalize("NFD", "Övertorneå"))
    assert line.text == unicodedata.normalize("NFC", "Övertorneå")


def test_a_byte_order_mark_is_no_text() -> None:
    (line,) = read_lines(b"\xef\xbb\xbfOrt", "bilaga.txt")
    assert line.text == "Ort"


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n\t\n"])
def test_an_empty_file_is_named(content: bytes) -> None:
    assert problem_with(content) == "bilaga.txt: the file is empty; expected UTF-8 text that holds a table"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_text_in_another_encoding_is_named_with_line_column_and_remedy(encoding: str) -> None:
    assert problem_with("Region\nSyd Malmö\n".encode(encoding)) == (
        "bilaga.txt, line 2, column 9: byte 0xF6 is not UTF-8; expected UTF-8 text; "
        "save the file as UTF-8 (it may be Latin-1 or Windows-1252)"
    )


def test_text_in_utf_16_is_no_utf_8() -> None:
    assert problem_with("Ort".encode("utf-16")).startswith("bilaga.txt, line 1, column 1: byte 0x")


def test_columns_are_counted_in_letters_not_in_bytes() -> None:
    assert problem_with("Åre\nÖvertorneå ".encode() + b"\xf6").startswith("bilaga.txt, line 2, column 12: byte 0xF6 ")


def test_behind_a_byte_order_mark_the_right_byte_is_named() -> None:
    assert problem_with(b"\xef\xbb\xbfMalm\xf6").startswith("bilaga.txt, line 1, column 5: byte 0xF6 ")


def test_a_byte_order_mark_alone_is_an_empty_file() -> None:
    assert problem_with(b"\xef\xbb\xbf\n").startswith("bilaga.txt: the file is empty")


def test_a_carriage_return_alone_ends_a_line() -> None:
    assert [(line.number, line.text) for line in lines_of("a\rb\r")] == [(1, "a"), (2, "b")]


def test_a_control_character_is_named_with_line_and_column() -> None:
    told = problem_with(b"Af Boden\nAf Bo\0den")
    assert told.startswith("bilaga.txt, line 2, column 6: control character U+0000; expected printed text")


def test_characters_without_width_are_no_part_of_a_name() -> None:
    assert [line.text for line in lines_of("Af Ka\u00adlix\u200b")] == ["Af Kalix"]


def test_a_blank_that_does_not_break_begins_a_page_as_any_other() -> None:
    lines = read_lines("Län\n\u00a0Län\n".encode(), "bilaga.txt", first_page=51)
    assert [line.page for line in lines] == [51, 52]
