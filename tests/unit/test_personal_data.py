"""A personal identity number is found wherever it stands, other numbers are not, and no message repeats one."""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.personal_data import (
    CANDIDATE,
    PersonalData,
    find_personal_number,
    first_in,
    first_in_frame,
    mask,
    refuse_in_bytes,
    refuse_in_frame,
    refuse_personal_number,
)
from sources.problems import UnreadableFile

# Digits of nobody: the tax agency keeps 1912-12-12 with 1212 for examples.
NUMBER = "19121212-1212"


def check_digit(nine: str) -> str:
    """Luhn's digit for the nine digits before it, worked out the long way round."""
    total = 0
    for at, digit in enumerate(nine):
        doubled = int(digit) * 2 if at % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A valid number in any of its forms."""
    born = draw(st.dates(date(1890, 1, 1), date(2029, 12, 31)))
    day = born.day + (60 if draw(st.booleans()) else 0)
    digits = f"{born.year:04}{born.month:02}{day:02}{draw(st.integers(0, 999)):03}"
    digits += check_digit(digits[2:])
    divider = draw(st.sampled_from(["", "-", "+", " ", "\u00a0", "\u2011", "\u2013", " - ", "-\n", "\u202f", "\u00ad"]))
    begin = draw(st.sampled_from([0, 2]))
    return digits[begin:8] + divider + digits[8:]


BEFORE = st.text().filter(lambda text: not text or not (text[-1].isascii() and text[-1] in "0123456789.,"))
AFTER = st.text().filter(lambda text: not text or not (text[0].isascii() and text[0] in "0123456789.,"))


@given(BEFORE.map(lambda text: text.replace("a", "x")), numbers(), AFTER)
def test_every_valid_number_is_found_wherever_it_stands(before: str, number: str, after: str) -> None:
    text = before + number + after
    found = find_personal_number(text)
    assert found is not None
    assert first_in([None, "", text]) == 2


@given(st.lists(st.one_of(numbers(), st.sampled_from([" ", ",", ".", ";", "x", "1", "-", "851214", "1234"]))))
def test_no_number_survives_the_mask(parts: list[str]) -> None:
    masked = mask("".join(parts))
    assert find_personal_number(masked) is None
    assert mask(masked) == masked


@given(BEFORE, numbers(), AFTER)
def test_what_stands_around_a_number_stays(before: str, number: str, after: str) -> None:
    if find_personal_number(before) is None and find_personal_number(after) is None:
        assert mask(f"{before} {number} {after}") == f"{before} ******-**** {after}"


@given(st.text())
def test_a_text_without_a_number_stays_as_it_is(text: str) -> None:
    if find_personal_number(text) is None:
        assert mask(text) == text


@given(st.lists(st.one_of(st.none(), st.text(), numbers())))
def test_the_fast_search_finds_what_the_slow_one_finds(texts: list[str | None]) -> None:
    slow = next((at for at, text in enumerate(texts) if text and find_personal_number(text)), None)
    assert first_in(texts) == slow
    assert first_in(pl.Series(texts, dtype=pl.String)) == slow


@settings(max_examples=40)
@given(numbers(), st.sampled_from(["", "Kund ", "x", "(", "-", "kundnr:"]), st.sampled_from(["", " ", "a", ".", ") 2"]))
def test_duckdb_sees_every_number_as_a_candidate(number: str, before: str, after: str) -> None:
    with duckdb.connect() as connection:
        result = connection.execute("select regexp_matches(?, ?)", [before + number + after, CANDIDATE])
        assert result.fetchall() == [(True,)]


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "121212-1212",
        "121212+1212",
        "1212121212",
        "191212121212",
        "19121212 1212",
        "19121212\u00a01212",
        "121212\u20111212",
        "121212 – 1212",
        "121212-\n1212",
        "121272-1219",
        "000229-0005",
        "Kund 121212-1212, Luleå",
        "pnr121212-1212x",
        "1212121212,1212121212",
        "121212-1212.",
    ],
)
def test_every_way_to_write_one_is_found(text: str) -> None:
    assert find_personal_number(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "121212-1213",  # Luhn
        "121312-1210",  # month 13
        "120230-1219",  # 30 February
        "010229-0004",  # no leap year
        "121292-1215",  # day 92 less 60
        "17121212-1212",  # a century without registration
        "11212121212",  # eleven digits
        "1912121212123",  # thirteen
        "0.1212121212",
        "1212121212,5",
        "3,1212121212",
        "2580",
        "357 613",
        "2020-01-31 12:12",
        "e1212121-4212-4212-8212-121212121212",
        "00000000-0000-4000-8000-191212121212",
        "a121212121212a121212121212b1212121212ab",
        "\u0661\u0662\u0661\u0662\u0661\u0662\u0661\u0662\u0661\u0662",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert find_personal_number(text) is None


def test_the_span_is_the_number_alone() -> None:
    text = f"Kund {NUMBER}, Luleå"
    begin, end = find_personal_number(text) or (0, 0)
    assert text[begin:end] == NUMBER


def test_the_refusal_names_the_place_and_never_the_number() -> None:
    with pytest.raises(PersonalData) as refused:
        refuse_personal_number(NUMBER, f"lista {NUMBER}.xlsx", sheet=NUMBER, row=7, column="KOMMUN")
    assert isinstance(refused.value, UnreadableFile)
    message = str(refused.value)
    assert message.startswith("lista ******-****.xlsx, sheet ******-****, row 7, column KOMMUN: ")
    assert "1212" not in message + repr(refused.value) + repr(refused.value.problem)


def test_a_frame_is_refused_at_its_first_row_with_a_number() -> None:
    frame = pl.DataFrame(
        {"sheet": ["Kön"] * 3, "row_number": [6, 7, 8], "a": [None, "x", NUMBER], "b": ["", f"hos {NUMBER}", "y"]}
    )
    assert first_in_frame(frame) == (1, "b")
    with pytest.raises(PersonalData, match=r"f\.xlsx, sheet Kön, row 7, column b: "):
        refuse_in_frame(frame, "f.xlsx")
    with pytest.raises(PersonalData, match=r"f\.csv, row 6, column a: "):
        refuse_in_frame(frame.select("a"), "f.csv", first_row=4)


def test_a_heading_may_be_a_number_too() -> None:
    with pytest.raises(PersonalData, match=r"f\.csv, column \*{6}-\*{4}: "):
        refuse_in_frame(pl.DataFrame({NUMBER: ["1"]}), "f.csv")


def test_a_frame_without_numbers_is_taken() -> None:
    refuse_in_frame(pl.DataFrame({"a": ["x", None], "b": [1212121212, 2]}), "f.csv")
    refuse_personal_number(None, "f.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("before", [0, 1, 2**20 - 20, 2**20 - 7, 2**20 - 1, 2**20, 2**20 + 90, 3 * 2**20])
def test_a_number_is_found_in_the_bytes_of_a_file_wherever_it_stands(
    tmp_path: Path, encoding: str, before: int
) -> None:
    path = tmp_path / "x"
    path.write_bytes(("å\n" + "x" * before + f"{NUMBER}\nå").encode(encoding))
    with pytest.raises(PersonalData, match=r"f\.csv, line 2: ") as refused:
        refuse_in_bytes(path, "f.csv")
    assert "1212" not in str(refused.value)


@given(st.integers(0, 700), st.sampled_from(["1", "123456"]))
def test_digits_of_a_longer_number_stay_no_number_where_the_bytes_are_cut(
    tmp_path_factory: pytest.TempPathFactory, before: int, more: str
) -> None:
    path = tmp_path_factory.mktemp("x") / "x"
    path.write_text(f"{'x' * before}{more}1212121212{more}{'x' * before}")
    refuse_in_bytes(path, "f.csv", piece_bytes=256)


@given(st.integers(0, 700), st.integers(0, 700))
def test_a_line_is_counted_once_where_the_bytes_are_cut(
    tmp_path_factory: pytest.TempPathFactory, before: int, after: int
) -> None:
    path = tmp_path_factory.mktemp("x") / "x"
    path.write_text("\n" * before + NUMBER + "\n" * after)
    with pytest.raises(PersonalData, match=f"line {before + 1}: "):
        refuse_in_bytes(path, "f.csv", piece_bytes=256)


def test_a_number_at_the_very_end_of_the_bytes_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"x" * (2**20 - len(NUMBER)) + NUMBER.encode())
    with pytest.raises(PersonalData):
        refuse_in_bytes(path, "f.csv")


@pytest.mark.parametrize("text", ["191212121212.0", "191212121212,00", "1212121212.0"])
def test_a_whole_number_that_a_program_wrote_as_a_decimal_is_found(text: str) -> None:
    assert find_personal_number(text) is not None
