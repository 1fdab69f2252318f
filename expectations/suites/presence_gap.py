"""Is kpi.presence_gap plausible? Grain of the table: closing office and document's date."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import DOCUMENT_DATES, LAST_DOCUMENT, LAST_OBSERVED, Expectation, Suite
from expectations.suites.derived import days_since_first_closing

if TYPE_CHECKING:
    import pandas as pd


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """How far apart the bounds of a gap are, and by how much it outlasts the time since the first closing."""
    return frame.assign(
        gap_days_between_bounds=frame["gap_days_max"] - frame["gap_days_min"],
        gap_days_beyond_first_closing=frame["gap_days_min"] - days_since_first_closing(frame),
    )


SUITE = Suite(
    subject="kpi.presence_gap",
    key=("as_of", "office_id"),
    derive=derive,
    expectations=(
        Expectation(
            name="every_document_date_is_there",
            type="expect_column_distinct_values_to_equal_set",
            kwargs={"column": "as_of", "value_set": list(DOCUMENT_DATES)},
            where=f"as_of <= '{LAST_DOCUMENT}'",
            expected=f"until {LAST_DOCUMENT} the documents' own dates and no other",
            reason="What is known of collaborations is known at these dates; a month end would repeat it.",
            seen="these five",
        ),
        Expectation(
            name="bounds_are_in_order",
            type="expect_column_values_to_be_between",
            kwargs={"column": "gap_days_between_bounds", "min_value": 0},
            expected="the lower bound is not above the upper one",
            reason="A gap is an interval; its bounds come from different dates and must not cross.",
            seen="0 to 412 days apart",
        ),
        Expectation(
            name="a_nearby_office_leaves_no_gap",
            type="expect_column_values_to_be_in_set",
            where="presence_form == 'nearby_office'",
            kwargs={"column": "is_open", "value_set": [False]},
            expected="no open gap where another office nearby is the presence",
            reason="The agency promised no room of its own there, so none can be late.",
            seen="24 offices at five dates, none open",
        ),
        Expectation(
            name="no_gap_is_longer_than_the_closings_allow",
            type="expect_column_values_to_be_between",
            kwargs={"column": "gap_days_beyond_first_closing", "max_value": 0},
            expected="no more days than from 2019-05-31 to the day",
            reason="The first office closed at the end of May 2019: a longer gap is a date read wrongly.",
            seen="at most 503 days, in October 2020",
        ),
        Expectation(
            name="most_collaborations_were_late_in_october_2020",
            type="expect_table_row_count_to_be_between",
            where=f"as_of == '{LAST_OBSERVED}' and is_open == True",
            kwargs={"min_value": 60, "max_value": 73},
            severity="warning",
            expected="60 to 73 open gaps",
            reason="73 of 102 collaborations were not in use; those whose office had not closed yet leave no gap.",
            seen="72: Lessebo had not closed",
        ),
    ),
)
