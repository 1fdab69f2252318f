"""Is kpi.overview plausible? Grain of the table: as_of."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import AS_OF_DATES, Expectation, Suite
from expectations.suites.derived import known_plan

if TYPE_CHECKING:
    import pandas as pd


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Under whose plan a day lies."""
    return frame.assign(is_known_plan=known_plan(frame))


SUITE = Suite(
    subject="kpi.overview",
    key=("as_of",),
    derive=derive,
    expectations=(
        Expectation(
            name="every_date_is_covered",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={"column": "as_of", "value_set": list(AS_OF_DATES)},
            expected="all 37 month ends from 2018-12-31 to 2021-12-31 and the documents' own dates",
            reason="This is the table that people open first; a join must not cost it a date.",
            seen="41 dates",
        ),
        Expectation(
            name="no_fewer_offices_than_the_plan_keeps",
            type="expect_column_pair_values_a_to_be_greater_than_b",
            kwargs={
                "column_A": "offices",
                "column_B": "plan_kept",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
            expected="open offices ≥ offices that the plan of the day keeps",
            reason="What the plan keeps is open; the two numbers come from different columns of the documents.",
            seen="221 against 106 first, 112 against 112 last",
        ),
        Expectation(
            name="a_plan_is_known_once_it_was_made",
            type="expect_column_values_to_not_be_null",
            kwargs={"column": "plan_kept"},
            where="as_of >= '2019-09-30'",
            expected="a plan at every date from 2019-09-30 on",
            reason="A date between two versions must find the earlier one.",
            seen="none missing",
        ),
        Expectation(
            name="the_plans_of_2019_and_2020_keep_106_to_112_offices",
            type="expect_column_values_to_be_between",
            kwargs={"column": "plan_kept", "min_value": 100, "max_value": 112},
            where="as_of >= '2019-09-30' and is_known_plan",
            expected="a plan that keeps 100 to 112 offices, until a later one than the project's documents know",
            reason="It is a closed account of decisions; a few refused rows may be missing.",
            seen="106 to 112; nothing before 2019-09-30",
        ),
        Expectation(
            name="no_plan_is_known_before_it_was_made",
            type="expect_column_values_to_be_null",
            kwargs={"column": "plan_kept"},
            where="as_of < '2019-09-30'",
            expected="no plan before 2019-09-30",
            reason="What holds and when it was known are two times and must not be mixed.",
            seen="null at the nine dates before",
        ),
        Expectation(
            name="visit_rates_are_plausible",
            type="expect_column_values_to_be_between",
            kwargs={"column": "visits_per_100", "min_value": 5, "max_value": 40},
            severity="warning",
            expected="5 to 40 visits per 100 jobseekers, where a rate is known",
            reason="All jobseekers together lie between the groups; outside it is another unit.",
            seen="24 in January 2019, 11 in January 2020",
        ),
    ),
)
