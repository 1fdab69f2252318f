"""Is kpi.visit_need plausible? Grain of the table: segment."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import Expectation, Suite

if TYPE_CHECKING:
    import pandas as pd


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """How far the recomputed change is from the stated one."""
    return frame.assign(stated_difference=frame["change_pct"] - frame["stated_change_pct"])


SUITE = Suite(
    subject="kpi.visit_need",
    key=("segment",),
    derive=derive,
    expectations=(
        Expectation(
            name="every_segment_is_there",
            type="expect_column_distinct_values_to_equal_set",
            kwargs={"column": "segment", "value_set": ["target_group", "others", "all"]},
            expected="the target group, the others, and all",
            reason="A statement that is lost takes its segment, or the sum, with it.",
            seen="these three",
        ),
        Expectation(
            name="recomputed_change_agrees_with_the_stated_one",
            type="expect_column_values_to_be_between",
            kwargs={"column": "stated_difference", "min_value": -1, "max_value": 1},
            expected="at most one percentage point apart",
            reason="The visits are stated in whole thousands and the change in whole percent, both rounded.",
            seen="0.6 for the target group, -0.4 for the others",
        ),
        Expectation(
            name="implied_rates_are_plausible",
            type="expect_column_values_to_be_between",
            kwargs={"column": "implied_rate_from", "min_value": 10, "max_value": 50},
            severity="warning",
            expected="10 to 50 visits per 100 registered in the first month",
            reason="The groups of Tabell 3 lie between 18 and 46; outside it visits or registered have another unit.",
            seen="19 (others), 22 (all), 25 (target group)",
        ),
    ),
)
