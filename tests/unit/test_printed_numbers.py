"""Printed numbers: what Swedish text says in digits or words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.printed_numbers import WORDS, printed_numbers
from tests.unit.appendix_text import THOROUGH


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        ("112", (112,)),
        ("4 000", (4000,)),
        ("1 234 567", (1234567,)),
        ("drygt 3 500", (3500,)),
        ("Omkring 93", (93,)),
        ("48,8", (48.8,)),
        ("-54%", (54,)),
        ("20 – 25", (20, 25)),
        ("20–25", (20, 25)),
        ("40 000 och 70 000", (40000, 70000)),
        ("2019 2020", (2019, 2020)),
        ("12 3", (12, 3)),
        ("12 3456", (12, 3456)),
        ("sex", (6,)),
        ("Fyra", (4,)),
        ("tio kommunerna", (10,)),
        ("över hälften", (0.5,)),
        ("halverades", (50,)),
        ("sextio", ()),
        ("sexton av 27", (27,)),
        ("tabell", ()),
        ("", ()),
    ],
)
def test_numbers_are_read_in_order(printed: str, numbers: tuple[float, ...]) -> None:
    assert printed_numbers(printed) == numbers


@pytest.mark.parametrize("word", WORDS)
def test_a_word_says_its_number_in_any_letter_case(word: str) -> None:
    assert printed_numbers(word) == printed_numbers(word.capitalize()) == printed_numbers(f"de {word} orterna")
    assert printed_numbers(word) == (WORDS[word],)


@THOROUGH
@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(["{}", "cirka {}", "{} orter", "-{} %"]))
def test_an_integer_with_blanks_between_thousands_is_read_back(number: int, around: str) -> None:
    assert printed_numbers(around.format(f"{number:,}".replace(",", " "))) == (number,)


@THOROUGH
@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=1, max_value=4))
def test_a_decimal_comma_is_read_back(number: int, decimals: int) -> None:
    value = number / 10**decimals
    assert printed_numbers(f"{value:.{decimals}f}".replace(".", ",")) == (value,)


@THOROUGH
@given(st.lists(st.integers(min_value=0, max_value=10**6), max_size=4))
def test_numbers_with_a_word_between_them_are_told_apart(numbers: list[int]) -> None:
    printed = " respektive ".join(f"{number:,}".replace(",", " ") for number in numbers)
    assert printed_numbers(printed) == tuple(numbers)
