"""Is kpi.service_centre_rollout plausible? Grain of the table: launch_month."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import LAST_DOCUMENT, Expectation, Suite

if TYPE_CHECKING:
    import pandas as pd

LAUNCH_MONTHS = (
    *("2020-04-01", "2020-06-01", "2020-09-01", "2020-10-01", "2020-12-01"),
    *("2021-01-01", "2021-02-01", "2021-03-01", "2021-05-01", "2021-06-01", "2021-11-01", "2021-12-01"),
)


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The steps of the running totals against the launches of the month."""
    ordered = frame.sort_values("launch_month", kind="stable")
    steps = ordered["cumulative"].diff().fillna(ordered["cumulative"])
    return ordered.assign(cumulative_unexplained=steps - ordered["launches"])


SUITE = Suite(
    subject="kpi.service_centre_rollout",
    key=("launch_month",),
    derive=derive,
    expectations=(
        Expectation(
            name="every_existing_centre_has_a_row",
            type="expect_column_values_to_be_between",
            kwargs={"column": "existing_total", "min_value": 117, "max_value": 117},
            severity="warning",
            expected="117 existing service centres, as the news of 2020-06-15 states",
            reason="The total comes from the same rows as the launches, so only a stated figure can show a lost row.",
            seen="117 in every month",
        ),
        Expectation(
            name="the_months_that_have_come_are_those_of_the_tables",
            type="expect_column_distinct_values_to_equal_set",
            kwargs={"column": "launch_month", "value_set": list(LAUNCH_MONTHS[:8])},
            where=f"launch_month <= '{LAST_DOCUMENT}'",
            expected=f"the eight months of tables 1 to 8, until {LAST_DOCUMENT}",
            reason="A launch that has taken place stays in its month, whatever a later schedule says of the others.",
            seen="these eight",
        ),
        Expectation(
            name="the_schedule_has_twelve_months",
            type="expect_column_distinct_values_to_equal_set",
            kwargs={"column": "launch_month", "value_set": list(LAUNCH_MONTHS)},
            severity="warning",
            expected="the twelve months of the twelve tables, April 2020 to December 2021",
            reason="Each table of Bilaga 3 is a month; a later schedule may move one: a warning.",
            seen="these twelve",
        ),
        Expectation(
            name="running_total_grows_by_the_launches",
            type="expect_column_values_to_be_between",
            kwargs={"column": "cumulative_unexplained", "min_value": 0, "max_value": 0},
            expected="each month's total is the last one plus its launches",
            reason="A total that jumps by anything else has lost a month or counted one twice.",
            seen="6, 24, 47, 69, 81 in 2020 and 118 at the end",
        ),
        Expectation(
            name="drop_in_visits_come_back_at_46_places",
            type="expect_column_max_to_be_between",
            kwargs={"column": "cumulative_existing_restoring_drop_in", "min_value": 46, "max_value": 46},
            severity="warning",
            expected="46 existing service centres in the end, as the final report states",
            reason="The status beside each place tells it; a status that is read wrongly moves the sum.",
            seen="46: 21 closed offices and 25 with booked visits only",
        ),
        Expectation(
            name="launches_per_month_are_feasible",
            type="expect_column_values_to_be_between",
            kwargs={"column": "launches", "min_value": 1, "max_value": 23},
            severity="warning",
            expected="1 to 23 launches in a month",
            reason="September 2020 is the heaviest month; more means that two tables ran together.",
            seen="2 to 23",
        ),
        Expectation(
            name="directions_start_in_march_2021",
            type="expect_column_values_to_be_between",
            kwargs={"column": "launches_direction", "min_value": 0, "max_value": 0},
            where="launch_month < '2021-03-01'",
            expected="only decided launches before March 2021",
            reason="“I enlighet med inriktningsbeslut” stands over tables 8 to 12 only.",
            seen="0 in the seven months before",
        ),
        Expectation(
            name="all_existing_centres_are_reached",
            type="expect_column_max_to_be_between",
            kwargs={"column": "completion_share", "min_value": 1, "max_value": 1},
            severity="warning",
            expected="the schedule ends with all 117 existing centres",
            reason="The twelve tables are the whole rollout; a later schedule may withdraw a launch: a warning.",
            seen="1.0 in December 2021 (117 of 117)",
        ),
    ),
)
