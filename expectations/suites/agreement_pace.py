"""Is kpi.agreement_pace plausible? Grain of the table: as_of."""

from expectations.suites.declaration import Expectation, Suite

SUITE = Suite(
    subject="kpi.agreement_pace",
    key=("as_of",),
    expectations=(
        Expectation(
            name="every_known_date_is_there",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={"column": "as_of", "value_set": ["2020-10-15", "2021-03-15"]},
            expected="the two dates at which documents count the collaborations in use",
            reason="The second is a total in a sentence: a statement that is lost takes the pace with it.",
            seen="these two",
        ),
        Expectation(
            name="no_collaboration_goes_out_of_use",
            type="expect_column_pair_values_a_to_be_greater_than_b",
            kwargs={
                "column_A": "in_use",
                "column_B": "previous_in_use",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
            severity="warning",
            expected="at least as many in use as at the date before",
            reason="They are built up; fewer means that two documents count different things.",
            seen="72 after 29",
        ),
        Expectation(
            name="the_pace_is_plausible",
            type="expect_column_values_to_be_between",
            kwargs={"column": "pace_per_30_days", "min_value": 1, "max_value": 30},
            severity="warning",
            expected="1 to 30 collaborations in 30 days",
            reason="102 are planned for some nine months; another pace points to a wrong date.",
            seen="8.5 from October 2020 to March 2021, against 8.4 that the target then needs",
        ),
    ),
)
