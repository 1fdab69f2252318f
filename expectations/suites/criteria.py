"""Is kpi.criteria plausible? Grain of the table: criterion × document × municipality or office."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import Expectation, Suite

if TYPE_CHECKING:
    import pandas as pd


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """How many rows share the row's criterion, document and verdict, with staff or without; how many are not met."""
    marked = frame.assign(has_staff=frame["staffed"].fillna(0) > 0, is_not_met=frame["verdict"] == "not_met")
    criteria = ["criterion", "document_id"]
    return marked.assign(
        rows_alike=marked.groupby([*criteria, "verdict", "has_staff"])["assessment_id"].transform("count"),
        rows_not_met=marked.groupby(criteria)["is_not_met"].transform("sum"),
    )


SUITE = Suite(
    subject="kpi.criteria",
    key=("assessment_id",),
    derive=derive,
    expectations=(
        Expectation(
            name="every_rule_is_there",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={
                "column": "criterion",
                "value_set": [
                    "staffed_office_above_threshold",
                    "priority_for_weaker_competitiveness",
                    "staffed_office_in_fa_region",
                    "measurable_criteria_together",
                    "travel_time_to_booked_visits",
                    "travel_time_of_staff",
                    "labour_shortage",
                ],
            },
            expected="the general criteria of both documents, measurable or not, and the analysis' own result",
            reason="A criterion that no data can judge is a row too; one that vanishes looks as if it were met.",
            seen="13 criteria, six of them local conditions",
        ),
        Expectation(
            name="staffed_municipalities_meet_the_threshold",
            type="expect_column_values_to_be_between",
            kwargs={"column": "rows_alike", "min_value": 80, "max_value": 85},
            where="criterion == 'staffed_office_above_threshold' and verdict == 'met' and has_staff",
            severity="warning",
            expected="80 to 85 municipalities with a staffed office",
            reason="The analysis states 82 at the end of 2020; October 2020 had one more.",
            seen="83 on 2020-10-15, 82 on 2021-03-15",
        ),
        Expectation(
            name="few_municipalities_above_the_threshold_lack_staff",
            type="expect_column_values_to_be_between",
            kwargs={"column": "rows_not_met", "min_value": 0, "max_value": 40},
            where="criterion == 'staffed_office_above_threshold'",
            severity="warning",
            expected="at most 40 municipalities with more than 4 000 registered and no staffed office",
            reason=(
                "The analysis says that the criteria ask for 109 offices and finds 82 staffed: more than a few above "
                "the threshold means that the registrations are of another unit."
            ),
            seen="none, since no feed of registrations had arrived",
        ),
        Expectation(
            name="twenty_seven_closed_offices_are_not_met",
            type="expect_column_values_to_be_between",
            kwargs={"column": "rows_alike", "min_value": 27, "max_value": 27},
            where="criterion == 'measurable_criteria_together' and verdict == 'not_met'",
            severity="warning",
            expected="27 offices, as the heading of Tabell 1 states",
            reason="A refused row moves it: a warning.",
            seen="27",
        ),
        Expectation(
            name="few_fa_regions_lack_staff",
            type="expect_column_values_to_be_between",
            kwargs={"column": "rows_alike", "min_value": 2, "max_value": 30},
            where="criterion == 'staffed_office_in_fa_region' and verdict == 'not_met'",
            severity="warning",
            expected="the municipalities of Vansbro and Åsele and few more",
            reason=(
                "These two FA-regions have no office at all; some others have offices that staff travel to, which "
                "the criterion's words do not count."
            ),
            seen="21 municipalities in 11 FA-regions",
        ),
    ),
)
