"""Is kpi.visits plausible? Grain of the table: report_month × scope × scope_code × visitor_group × channel."""

from expectations.suites.declaration import Expectation, Suite

SUITE = Suite(
    subject="kpi.visits",
    key=("report_month", "scope", "scope_code", "visitor_group", "channel"),
    expectations=(
        Expectation(
            name="the_documents_months_are_there",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={"column": "report_month", "value_set": ["2019-01-01", "2020-01-01"]},
            where="scope == 'national' and channel == 'all'",
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
    ),
)
