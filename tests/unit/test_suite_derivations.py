"""Columns that suites derive: what is claimed of the project's own plans is not claimed of a later one."""

import pandas as pd
import pytest

from expectations.suites import SUITES
from expectations.suites.derived import change_under_plan, days_since_first_closing, known_plan


def presence(*rows: tuple[str, str | None, int]) -> pd.DataFrame:
    """Rows of the nation: day, day from which its plan was known, offices."""
    days = pd.DataFrame(rows, columns=["as_of", "plan_known_at", "offices"])
    return days.assign(scope="national", scope_code="SE")


def test_days_before_any_plan_and_under_the_project_s_own_are_known_ones() -> None:
    days = presence(("2019-08-31", None, 238), ("2020-06-30", "2020-06-15", 117), ("2021-09-30", "2021-09-01", 118))
    assert list(known_plan(days)) == [True, True, False]


def test_a_change_counts_unless_a_later_plan_came_in_between() -> None:
    days = presence(
        ("2019-08-31", None, 238),
        ("2019-09-30", "2019-09-30", 239),
        ("2020-06-30", "2020-06-15", 240),
        ("2021-08-31", "2021-08-20", 241),
        ("2021-09-30", "2021-08-20", 242),
        ("2021-10-31", "2021-10-01", 240),
        ("2021-11-30", "2021-10-01", 243),
    )
    found = change_under_plan(days.sample(frac=1, random_state=7), "offices", over="as_of").sort_index()
    assert [None if pd.isna(each) else int(each) for each in found] == [None, 1, 1, None, 1, None, 3]


def test_no_gap_can_be_longer_than_the_time_since_the_first_closing() -> None:
    days = pd.DataFrame({"as_of": ["2019-02-28", "2019-05-31", "2019-06-01", "2021-03-15"]})
    assert list(days_since_first_closing(days)) == [0, 0, 1, 654]


@pytest.mark.parametrize(
    ("bases", "found"),
    [
        (("rows", "rows", "plan"), [False, False, False]),
        (("rows", "plan", "rows"), [False, False, True]),
        (("rows", "rows", "rows"), [False, False, False]),
    ],
)
def test_rows_after_a_plan_are_found(bases: tuple[str, ...], found: list[bool]) -> None:
    days = presence(("2020-10-15", None, 1), ("2020-10-31", None, 1), ("2020-11-30", None, 1)).assign(
        basis=bases, staffed=1, travel_to=0, form_unknown=0, closed_offices=0, service_centres=0
    )
    assert list(SUITES["kpi.presence"].derive(days)["is_rows_after_plan"]) == found
