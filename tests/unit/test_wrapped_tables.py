"""Wrapping is undone, every character knows its line, and every line is accounted for."""

import pytest

from sources.pages import Line
from sources.wrapped_tables import (
    Refusal,
    Row,
    Stream,
    TableReading,
    first_missing_cell,
    flat,
    heading_at,
    split_headings,
)
from tests.unit.appendix_text import lines_of

HEADING = "Län Region Arbetsförmedlingskontor"


def stream(text: str) -> Stream:
    return Stream.of(lines_of(text))


def numbers(lines: list[Line] | tuple[Line, ...]) -> list[int]:
    return [line.number for line in lines]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Söder-\n\nhamn", "Söderhamn"),
        ("Kristine- \n\nhamn", "Kristinehamn"),
        ("Malung-\n\nSälen", "Malung-Sälen"),
        ("2019-12-\n01", "2019-12-01"),
        ("Hallsta-\nham-\nmar", "Hallstahammar"),
        ("Upplands\nVäsby", "Upplands\nVäsby"),
        ("kontor\n-\nJämtland", "kontor\n-\nJämtland"),
        ("kontor -\nJämtland", "kontor -\nJämtland"),
        ("Af  Kiruna   Fast", "Af Kiruna Fast"),
        ("Af  Kiruna\t Fast", "Af Kiruna\nFast"),
        ("Jobb-\noch utvecklingsgarantin", "Jobb-\noch utvecklingsgarantin"),
    ],
)
def test_a_word_over_two_lines_is_whole(text: str, whole: str) -> None:
    assert stream(text).text == whole


def test_blank_lines_and_page_headers_are_left_out() -> None:
    assert stream("Söder-\n\nSlutredovisning Bilagor\n\n53\n\nhamn\n").text == "Söderhamn"


def test_a_word_over_two_lines_stands_on_both() -> None:
    text = stream("Af Söder-\n\nhamn Ja\nNej")
    start = text.text.index("Söderhamn")
    assert numbers(text.lines(start, start + len("Söderhamn"))) == [1, 3]


def test_the_part_of_a_word_stands_on_its_own_line_only() -> None:
    text = stream("Af Söder-\n\nhamn Ja\nNej")
    assert numbers(text.lines(0, text.text.index("hamn"))) == [1]
    assert numbers(text.lines(text.text.index("hamn"), text.text.index(" Ja"))) == [3]


def test_white_space_at_either_end_of_a_piece_stands_on_no_line() -> None:
    text = stream("Kiruna\nBoden\nKalix")
    start = text.text.index("Boden")
    assert numbers(text.lines(start - 1, start + len("Boden") + 1)) == [2]


def test_pieces_are_all_that_is_printed_in_order() -> None:
    text = stream("Kiruna Boden\nKalix")
    pieces = [flat(text.text[start:stop]) for start, stop in text.pieces([7, 12, 12, 13])]
    assert pieces == ["Kiruna", "Boden", "Kalix"]


def test_an_empty_stream_has_no_pieces() -> None:
    assert list(Stream.of([]).pieces([])) == []


@pytest.mark.parametrize(
    ("text", "past"),
    [
        ("Län Region Arbetsförmedlingskontor\nKiruna", 1),
        ("Län\nRegion\n\nArbets-\n\nförmedlings\n\nkontor \nKiruna", 8),
        ("LÄN REGION ARBETSFÖRMEDLINGSKONTOR", 1),
        (" Län Region Arbets-\nförmedlingskontor", 2),
        ("Län Region\nSlutredovisning Bilagor\n53\nArbetsförmedlingskontor", 4),
    ],
)
def test_a_heading_is_found_however_it_is_wrapped(text: str, past: int) -> None:
    assert heading_at(lines_of(text), 0, HEADING) == past


@pytest.mark.parametrize(
    "text",
    [
        "Län Region",
        "Län Region Kommun",
        "Län Region Arbetsförmedlingskontor Form",
        "\nLän Region Arbetsförmedlingskontor",
        "-\nLän Region Arbetsförmedlingskontor",
    ],
)
def test_no_heading_begins_at(text: str) -> None:
    assert heading_at(lines_of(text), 0, HEADING) is None


def test_every_repetition_of_a_heading_is_taken_out() -> None:
    lines = lines_of("Län Region Arbetsförmedlingskontor\n\nKiruna\n-\n Län\n\nRegion Arbetsförmedlingskontor\nBoden")
    headings, others = split_headings(lines, HEADING)
    assert numbers(headings) == [1, 5, 7]
    assert [line.text for line in others if not line.is_blank] == ["Kiruna", "-", "Boden"]


GRAMMAR = (("Ort", r"[A-ZÅÄÖ]\w+", "a place"), ("Antal", r"\d+", "a number"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("17", "cell “Ort” is missing or unknown: expected a place"),
        ("Kiruna", "cell “Antal” is missing or unknown: expected a number"),
        ("Kiruna 17 18", "the row goes on after its last cell"),
    ],
)
def test_the_first_missing_cell_is_named(text: str, reason: str) -> None:
    assert first_missing_cell(text, GRAMMAR) == reason


def test_a_printed_line_is_accounted_for_by_heading_row_refusal_or_another_table_only() -> None:
    lines = lines_of("Ort Antal\nKiruna 17\nBoden\n\nMalmö Notera\nSlutredovisning Bilagor\n53\nrest")
    reading = TableReading(
        rows=(Row({"Ort": "Kiruna"}, (lines[1],)),),
        refusals=(Refusal("unreadable_row", "cell “Antal” is missing", "Boden", (lines[2],)),),
        lines=tuple(lines),
        headings=(lines[0],),
        others=(lines[4],),
    )
    assert [line.text for line in reading.unaccounted()] == ["rest"]


def test_refused_rows_are_received_too() -> None:
    (line,) = lines_of("Boden")
    reading = TableReading(rows=(Row({}, (line,)),), refusals=(Refusal("unreadable_row", "x", "Boden", (line,)),))
    assert reading.received == 2
