"""Is kpi.rollout_slippage plausible? Grain of the table: measure × target_on × document_id."""

from expectations.suites.declaration import Expectation, Suite

SUITE = Suite(
    subject="kpi.rollout_slippage",
    key=("measure", "target_on", "document_id"),
    expectations=(
        Expectation(
            name="exact_statements_are_what_the_rows_give",
            type="expect_column_values_to_be_between",
            kwargs={"column": "difference", "min_value": 0, "max_value": 0},
            where="tolerance == 'exact'",
            severity="warning",
            expected="the launches of the schedule up to the day",
            reason="A row that is lost or a month that is read wrongly shows here. A refused row moves it: a warning.",
            seen="no difference for 24, 81 and 117",
        ),
        Expectation(
            name="expectations_move_by_less_than_a_table",
            type="expect_column_values_to_be_between",
            kwargs={"column": "change_between_documents", "min_value": -20, "max_value": 20},
            severity="warning",
            expected="at most 20 launches more or fewer than the document before said",
            reason="A schedule moves by single places; more means that another day or another count is compared.",
            seen="11 more: about 70 in June 2020, 81 in October; then none",
        ),
    ),
)
