"""Is kpi.channels plausible? Grain of the table: measure × as_of × document."""

from expectations.suites.declaration import Expectation, Suite

SUITE = Suite(
    subject="kpi.channels",
    key=("measure", "as_of", "document_id"),
    expectations=(
        Expectation(
            name="the_figures_of_access_are_there",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={
                "column": "measure",
                "value_set": [
                    "digital_enrolment",
                    "digital_activity_reports",
                    "needing_help_to_enrol",
                    "calls_handled",
                    "calls_answered",
                    "calls_called_back",
                    "target_calls_answered_in_time",
                    "mean_wait",
                ],
            },
            severity="warning",
            expected="enrolment, activity reports, help needed, and the telephone with its target",
            reason="These carry the question whether access by other channels holds; a lost statement loses one.",
            seen="32 measures, these among them",
        ),
        Expectation(
            name="percentages_are_percentages",
            type="expect_column_values_to_be_between",
            kwargs={"column": "value", "min_value": 0, "max_value": 100},
            where="unit == 'percent' and value.notna()",
            expected="0 to 100 percent",
            reason="No channel's percentage is a change; outside it is another unit.",
            seen="7 (nothing but digital service) to 96 (activity reports)",
        ),
        Expectation(
            name="digital_enrolment_hardly_moves_between_documents",
            type="expect_column_values_to_be_between",
            kwargs={"column": "value", "min_value": 90, "max_value": 95},
            where="measure == 'digital_enrolment'",
            severity="warning",
            expected="90 to 95 percent in every document",
            reason="Three documents state it within a year; one far off counts something else.",
            seen="92, 93 and 92",
        ),
    ),
)
