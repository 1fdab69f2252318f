"""Is kpi.visits plausible? Grain of the table: report_month × scope × scope_code × visitor_group × channel."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import Expectation, Suite

if TYPE_CHECKING:
    import pandas as pd


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Whether the feeds' rate is between half and twice the printed one; so too where one of them is not known."""
    ratio = 100 * frame["visits"] / frame["registered"] / frame["stated_visits_per_100"]
    return frame.assign(is_near_the_stated_rate=ratio.isna() | ratio.between(0.5, 2))


SUITE = Suite(
    subject="kpi.visits",
    key=("report_month", "scope", "scope_code", "visitor_group", "channel"),
    derive=derive,
    expectations=(
        Expectation(
            name="the_documents_months_are_there",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={"column": "report_month", "value_set": ["2019-01-01", "2020-01-01"]},
            where="scope == 'national' and channel == 'all' and stated_visits_per_100.notna()",
            expected="January 2019 and January 2020 of the whole country",
            reason="Tabell 3 gives these two months; everything about change in visits rests on them.",
            seen="these two, with seven groups each",
        ),
        Expectation(
            name="national_rates_are_plausible",
            type="expect_column_values_to_be_between",
            kwargs={"column": "visits_per_100", "min_value": 5, "max_value": 50},
            where="scope == 'national' and channel == 'all'",
            severity="warning",
            expected="5 to 50 visits per 100 registered",
            reason="A rate outside it is a count, or a rate of something else.",
            seen="6 (native, no disability, 2020) to 46 (youth guarantee, 2019)",
        ),
        Expectation(
            name="the_feeds_rate_is_near_the_printed_one",
            type="expect_column_values_to_be_in_set",
            kwargs={"column": "is_near_the_stated_rate", "value_set": [True]},
            where="stated_visits_per_100.notna()",
            severity="warning",
            expected="half to twice the rate that the analysis prints for the same month and group",
            reason=(
                "Both count the visits registered in the month: far apart, the contacts or the registrations are "
                "incomplete, doubled, or of another group."
            ),
            seen="nothing to compare, since no feed had arrived",
        ),
    ),
)
