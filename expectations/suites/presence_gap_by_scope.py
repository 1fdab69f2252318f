"""Is kpi.presence_gap_by_scope plausible? Grain of the table: as_of × scope × scope_code."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import DOCUMENT_DATES, FIRST_CLOSING, LAST_OBSERVED, Expectation, Suite
from expectations.suites.derived import days_since_first_closing

if TYPE_CHECKING:
    import pandas as pd


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """By how much the mean gap outlasts the time since the first closing."""
    return frame.assign(gap_days_beyond_first_closing=frame["gap_days_mean_max"] - days_since_first_closing(frame))


SUITE = Suite(
    subject="kpi.presence_gap_by_scope",
    key=("as_of", "scope", "scope_code"),
    derive=derive,
    expectations=(
        Expectation(
            name="every_document_date_is_covered",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={"column": "as_of", "value_set": list(DOCUMENT_DATES)},
            where="scope == 'national'",
            expected="the documents' own dates",
            reason="A gap is known at the dates that a document describes; the nation has one at each.",
            seen="the five dates and no other",
        ),
        Expectation(
            name="no_gap_before_the_first_closing",
            type="expect_column_values_to_be_between",
            kwargs={"column": "open_gaps_max", "min_value": 0, "max_value": 0},
            where=f"as_of < '{FIRST_CLOSING}'",
            expected=f"no open gap before {FIRST_CLOSING}",
            reason="An open office leaves no gap, and the first offices close on that day.",
            seen="0 on 2019-02-28",
        ),
        Expectation(
            name="most_gaps_are_open_on_the_observed_day",
            type="expect_column_values_to_be_between",
            kwargs={"column": "open_gaps_min", "min_value": 65, "max_value": 75},
            where=f"scope == 'national' and as_of == '{LAST_OBSERVED}'",
            severity="warning",
            expected=f"65 to 75 open gaps on {LAST_OBSERVED}",
            reason="97 closed offices wait for a collaboration, of which 25 are in use; a refused row moves it.",
            seen="72",
        ),
        Expectation(
            name="no_gap_outlasts_the_time_since_the_first_closing",
            type="expect_column_values_to_be_between",
            kwargs={"column": "gap_days_beyond_first_closing", "max_value": 0},
            expected=f"no more days than from {FIRST_CLOSING} to the day",
            reason="A gap begins with a closing; a longer one is a date read wrongly.",
            seen="0 to 654 in all areas; the nation 297 on 2020-10-15, 391 on 2021-03-15",
        ),
    ),
)
