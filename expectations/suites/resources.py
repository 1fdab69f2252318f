"""Is kpi.resources plausible? Grain of the table: measure × as_of × document."""

from expectations.suites.declaration import Expectation, Suite

SUITE = Suite(
    subject="kpi.resources",
    key=("measure", "as_of", "document_id"),
    expectations=(
        Expectation(
            name="staff_funds_and_rents_are_there",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={
                "column": "measure",
                "value_set": [
                    "full_time_equivalents_start_of_2019",
                    "full_time_equivalents_end_of_2019",
                    "funds_requested_for_presence",
                    "yearly_rent_saved",
                    "yearly_rent_saved_net",
                ],
            },
            severity="warning",
            expected="full-time equivalents at both ends of 2019, funds, and the rent saved, also net",
            reason="The net is computed: without either part it is gone.",
            seen="12 measures, these among them",
        ),
        Expectation(
            name="sums_of_money_are_in_millions",
            type="expect_column_values_to_be_between",
            kwargs={"column": "value", "min_value": 1, "max_value": 1000},
            where="counts == 'SEK'",
            expected="1 to 1 000 million SEK",
            reason="A number outside it is printed in thousands or in SEK.",
            seen="8 (rent added) to 330 (spring budget)",
        ),
        Expectation(
            name="full_time_equivalents_are_thousands",
            type="expect_column_values_to_be_between",
            kwargs={"column": "value", "min_value": 4000, "max_value": 8000},
            where="counts == 'full-time equivalents' and unit == 'count'",
            severity="warning",
            expected="4 000 to 8 000",
            reason="AF had some 7 500 before the cut; far off is another count.",
            seen="7 500 and 4 700",
        ),
    ),
)
