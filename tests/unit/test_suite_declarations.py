"""Suites are declared as plain data: complete, unique, and known without Great Expectations."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from expectations.suites import SUITES, declared
from expectations.suites.declaration import AS_OF_DATES, DOCUMENT_DATES, MONTH_ENDS, Expectation, Suite

CHECKOUT = Path(__file__).resolve().parents[2]
ALL = [(suite, expectation) for suite in SUITES.values() for expectation in suite.expectations]
IDS = [f"{suite.subject}-{expectation.name}" for suite, expectation in ALL]
each_expectation = pytest.mark.parametrize(("suite", "expectation"), ALL, ids=IDS)


def test_declarations_import_neither_great_expectations_nor_pandas() -> None:
    command = (
        "import sys\n"
        "from expectations.suites import declared\n"
        "import expectations.suites.run\n"
        "assert declared()\n"
        "print(*sorted({'great_expectations', 'pandas', 'polars', 'pandera'} & set(sys.modules)))\n"
    )
    finished = subprocess.run([sys.executable, "-c", command], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == ""


def test_declared_checks_are_those_of_the_suites_in_order() -> None:
    assert [(each.subject, each.name) for each in declared()] == [(suite.subject, each.name) for suite, each in ALL]


def test_no_table_makes_the_same_claim_twice() -> None:
    names = [(each.subject, each.name) for each in declared()]
    assert len(set(names)) == len(names)


def test_there_are_few_enough_checks_to_be_read() -> None:
    assert 35 <= len(ALL) <= 110


@each_expectation
def test_a_name_is_a_claim_in_snake_case(suite: Suite, expectation: Expectation) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+){2,}", expectation.name)


@each_expectation
def test_a_check_says_what_it_expects_why_and_what_was_seen(suite: Suite, expectation: Expectation) -> None:
    assert expectation.expected
    assert expectation.reason.endswith(".")
    assert expectation.seen
    assert not expectation.seen.endswith(".")


@each_expectation
def test_an_expectation_is_one_of_great_expectations_own(suite: Suite, expectation: Expectation) -> None:
    assert expectation.type.startswith("expect_")


def test_every_reason_carries_the_date_of_its_threshold() -> None:
    assert [each.name for each in declared() if "Seen in 2026-11: " not in each.reason] == []


def test_there_are_37_month_ends_from_2018_to_2021() -> None:
    assert (len(MONTH_ENDS), MONTH_ENDS[0], MONTH_ENDS[-1]) == (37, "2018-12-31", "2021-12-31")
    assert "2020-02-29" in MONTH_ENDS


def test_the_dates_are_month_ends_and_document_dates_each_once() -> None:
    assert set(AS_OF_DATES) == {*MONTH_ENDS, *DOCUMENT_DATES}
    assert list(AS_OF_DATES) == sorted(set(AS_OF_DATES))
