"""Suites on small frames, with the real Great Expectations: a claim holds, fails, crashes, and each is told apart."""

import datetime
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from expectations.outcome import Outcome
from expectations.suites import SUITES
from expectations.suites.declaration import Expectation, Suite
from expectations.suites.run import run_suites


def expectation(name: str, type: str, where: str | None = None, **kwargs: object) -> Expectation:  # noqa: A002
    return Expectation(name, type, kwargs, expected="e", reason="R.", seen="s", where=where)


BETWEEN = "expect_column_values_to_be_between"
COUNTED = Suite(
    subject="kpi.counted",
    key=("as_of", "scope_code"),
    derive=lambda frame: frame.assign(missing=frame["whole"] - frame["part"]),
    expectations=(
        expectation("all_rows_keep_it", BETWEEN, column="whole", min_value=0, max_value=238),
        expectation("one_row_breaks_it", BETWEEN, column="missing", min_value=0, max_value=0),
        expectation(
            "the_broken_row_is_elsewhere", BETWEEN, where="as_of < '2020-06-30'", column="missing", max_value=0
        ),
        expectation(
            "a_date_is_missing",
            "expect_column_distinct_values_to_contain_set",
            column="as_of",
            value_set=["2020-07-31"],
        ),
        expectation(
            "dates_are_text",
            "expect_column_distinct_values_to_equal_set",
            column="as_of",
            value_set=["2020-05-31", "2020-06-30"],
        ),
        expectation("largest_is_238", "expect_column_max_to_be_between", column="whole", min_value=238, max_value=238),
        expectation("no_such_column", BETWEEN, column="ghost", min_value=0),
        expectation("no_such_expectation", "expect_the_unexpected", column="whole"),
        expectation("no_such_argument", BETWEEN, column="whole", minimum=0),
        expectation("no_such_query", BETWEEN, where="ghost > 1", column="whole", min_value=0),
        expectation("no_rows_to_look_at", BETWEEN, where="as_of > '2021-01-01'", column="whole", min_value=0),
        expectation("no_values_to_look_at", BETWEEN, column="nothing", min_value=0),
        expectation("nothing_is_what_it_claims", "expect_column_values_to_be_null", column="nothing"),
        expectation("the_last_one_still_runs", BETWEEN, column="part", min_value=0),
    ),
)
UNREADABLE = Suite("kpi.unreadable", ("as_of",), (expectation("cannot_be_read", BETWEEN, column="x", min_value=0),))
SUITES_HERE = {suite.subject: suite for suite in (COUNTED, UNREADABLE)}


def read(address: str) -> pd.DataFrame:
    if address == "kpi.unreadable":
        raise RuntimeError("the table is not there")
    return pd.DataFrame(
        {
            "as_of": pd.to_datetime(["2020-06-30", "2020-05-31", "2020-06-30"]),
            "scope_code": ["25", "25", "24"],
            "whole": [238, 200, 38],
            "part": [231, 200, 38],
            "nothing": pd.Series([None, None, None], dtype="float64"),
        }
    )


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return {each.name: each for each in run_suites(read, suites=SUITES_HERE)}


def test_there_is_one_outcome_per_expectation_in_order(outcomes: dict[str, Outcome]) -> None:
    assert list(outcomes) == [each.name for suite in SUITES_HERE.values() for each in suite.expectations]


@pytest.mark.parametrize(
    "name",
    [
        "all_rows_keep_it",
        "the_broken_row_is_elsewhere",
        "dates_are_text",
        "largest_is_238",
        "nothing_is_what_it_claims",
    ],
)
def test_a_claim_that_holds_passes(outcomes: dict[str, Outcome], name: str) -> None:
    assert (outcomes[name].status, outcomes[name].failed_rows, outcomes[name].sample) == ("passed", 0, ())


def test_a_claim_that_fails_shows_its_row_by_key(outcomes: dict[str, Outcome]) -> None:
    failed = outcomes["one_row_breaks_it"]
    assert (failed.status, failed.failed_rows) == ("failed", 1)
    assert failed.sample == ((("as_of", "2020-06-30"), ("scope_code", "25"), ("missing", "7")),)
    assert failed.observed == "1 of 3 rows against it; values from 0 to 7"


def test_a_missing_date_is_named(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["a_date_is_missing"].status == "failed"
    assert outcomes["a_date_is_missing"].sample == ((("missing", "2020-07-31"),),)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no_such_column", "ghost"),
        ("no_such_expectation", "expect_the_unexpected"),
        ("no_such_argument", "minimum"),
        ("no_such_query", "ghost"),
        ("cannot_be_read", "the table is not there"),
    ],
)
def test_a_crash_is_told_as_a_crash(outcomes: dict[str, Outcome], name: str, message: str) -> None:
    crashed = outcomes[name]
    assert (crashed.status, crashed.blocks) == ("crashed", True)
    assert message in crashed.observed


def test_a_crash_takes_no_other_check_with_it(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["the_last_one_still_runs"].status == "passed"


@pytest.mark.parametrize("name", ["no_rows_to_look_at", "no_values_to_look_at"])
def test_a_claim_about_nothing_does_not_hold(outcomes: dict[str, Outcome], name: str) -> None:
    assert outcomes[name].status == "failed"
    assert outcomes[name].observed.startswith("no ")


def test_nothing_is_reported_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*address: object) -> None:
        raise AssertionError(f"a check called {address}")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.delenv("GX_ANALYTICS_ENABLED", raising=False)
    assert run_suites(read, names=["kpi.counted"], suites=SUITES_HERE)[0].passed
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


def test_checks_leave_no_file_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    run_suites(read, names=["kpi.counted"], suites=SUITES_HERE)
    assert list(tmp_path.iterdir()) == []


def test_a_suite_can_be_run_by_itself() -> None:
    only = run_suites(read, names=["kpi.unreadable"], suites=SUITES_HERE)
    assert [each.subject for each in only] == ["kpi.unreadable"]


def test_an_unknown_table_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError, match=r"no suite for kpi\.ghost"):
        run_suites(read, names=["kpi.ghost"], suites=SUITES_HERE)


def visit_change(change: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame) -> list[Outcome]:
    """The real suite of kpi.visit_change on the seven rows of Tabell 3, changed."""
    groups = ["native_no_disability", "disability", "establishment", "over_55", "job_development_guarantee"]
    frame = pd.DataFrame(
        {
            "visitor_group": [*groups, "youth_guarantee", "all"],
            "from_month": [datetime.date(2019, 1, 1)] * 7,
            "to_month": [datetime.date(2020, 1, 1)] * 7,
            "from_rate": [18.0, 23.0, 43.0, 20.0, 37.0, 46.0, 24.0],
            "to_rate": [6.0, 15.0, 21.0, 9.0, 18.0, 27.0, 11.0],
            "printed_change_pct": [-67.0, -35.0, -51.0, -55.0, -51.0, -41.0, -54.0],
        }
    )
    frame["change_pct"] = 100 * (frame["to_rate"] - frame["from_rate"]) / frame["from_rate"]
    changed = change(frame)
    return run_suites(lambda _: changed, names=["kpi.visit_change"])


def failed(outcomes: list[Outcome]) -> set[str]:
    assert {each.status for each in outcomes} <= {"passed", "failed"}
    return {each.name for each in outcomes if not each.passed}


def test_the_documents_own_visit_rates_are_plausible() -> None:
    outcomes = visit_change()
    assert len(outcomes) == len(SUITES["kpi.visit_change"].expectations)
    assert failed(outcomes) == set()


def test_exchanged_columns_of_visit_rates_are_found() -> None:
    exchanged = visit_change(lambda frame: frame.rename(columns={"from_rate": "to_rate", "to_rate": "from_rate"}))
    assert failed(exchanged) == {"every_group_visits_less"}


def test_a_lost_group_is_found() -> None:
    assert failed(visit_change(lambda frame: frame.iloc[1:])) == {"every_group_is_there"}
