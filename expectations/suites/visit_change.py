"""Is kpi.visit_change plausible? Grain of the table: group of jobseekers."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import Expectation, Suite

if TYPE_CHECKING:
    import pandas as pd

GROUPS = (
    "all",
    "disability",
    "establishment",
    "job_development_guarantee",
    "native_no_disability",
    "over_55",
    "youth_guarantee",
)


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """How far the recomputed change is from the printed one, and which months are compared."""
    return frame.assign(
        printed_difference=frame["change_pct"] - frame["printed_change_pct"],
        from_month_of_year=frame["from_month"].str.slice(5, 7),
        to_month_of_year=frame["to_month"].str.slice(5, 7),
    )


SUITE = Suite(
    subject="kpi.visit_change",
    key=("visitor_group",),
    derive=derive,
    expectations=(
        Expectation(
            name="every_group_is_there",
            type="expect_column_distinct_values_to_equal_set",
            kwargs={"column": "visitor_group", "value_set": list(GROUPS)},
            expected="the six groups of Tabell 3 and all jobseekers",
            reason="A group whose Swedish name is not recognised would vanish quietly.",
            seen="these seven",
        ),
        Expectation(
            name="the_same_month_is_compared",
            type="expect_column_pair_values_to_be_equal",
            kwargs={"column_A": "from_month_of_year", "column_B": "to_month_of_year"},
            expected="both months are the same month of the year",
            reason="Visits follow the seasons: January compares with January.",
            seen="January 2019 with January 2020, in all seven groups",
        ),
        Expectation(
            name="every_group_visits_less",
            type="expect_column_pair_values_a_to_be_greater_than_b",
            kwargs={"column_A": "from_rate", "column_B": "to_rate"},
            expected="fewer visits per 100 in the later month",
            reason="The analysis' finding is a fall in all groups; a rise means that the columns were exchanged.",
            seen="46 to 27 at the least steep, 18 to 6 at the steepest",
        ),
        Expectation(
            name="the_fall_is_plausible",
            type="expect_column_values_to_be_between",
            kwargs={"column": "change_pct", "min_value": -70, "max_value": -30},
            severity="warning",
            expected="a fall of 30 to 70 percent",
            reason="The groups fall together; one far outside points to a wrong rate.",
            seen="-66.7 (natives without disability) to -34.8 (disability)",
        ),
        Expectation(
            name="recomputed_change_agrees_with_the_printed_one",
            type="expect_column_values_to_be_between",
            kwargs={"column": "printed_difference", "min_value": -1, "max_value": 1},
            expected="at most one percentage point apart",
            reason="The rates are printed as whole numbers; rounding explains less than a point.",
            seen="-0.35 to +0.33",
        ),
    ),
)
