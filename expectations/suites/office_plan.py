"""Is kpi.office_plan plausible? Grain of the table: known_at × scope × scope_code."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import LAST_PLAN, Expectation, Suite
from expectations.suites.derived import change, missing_from_scope

if TYPE_CHECKING:
    import pandas as pd

KNOWN_DATES = ("2019-09-30", "2020-02-11", "2020-02-19", "2020-06-12", "2020-06-15")


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Changes between versions of the plan, and what does not add up."""
    return frame.assign(
        kept_missing_from_scope=missing_from_scope(frame, "kept", at="known_at"),
        kept_change=change(frame, "kept", over="known_at"),
    )


SUITE = Suite(
    subject="kpi.office_plan",
    key=("known_at", "scope", "scope_code"),
    derive=derive,
    expectations=(
        Expectation(
            name="every_version_is_there",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={"column": "known_at", "value_set": list(KNOWN_DATES)},
            where="scope == 'national'",
            expected=f"the versions of {', '.join(KNOWN_DATES)}",
            reason="“How many were planned to stay?” has an answer for each day on which the plan changed.",
            seen="these five and no other",
        ),
        Expectation(
            name="the_plan_divides_238_offices",
            type="expect_multicolumn_sum_to_equal",
            kwargs={"column_list": ["kept", "closing"], "sum_total": 238},
            where=f"scope == 'national' and known_at <= '{LAST_PLAN}'",
            expected=f"kept + closing = 238 in every version until {LAST_PLAN}",
            severity="warning",
            reason=(
                "These versions move offices between the two lists; they add none and drop none. A refused row "
                "moves it: a warning."
            ),
            seen="106 + 132 first, 112 + 126 last",
        ),
        Expectation(
            name="scopes_add_up_to_the_nation",
            type="expect_column_values_to_be_between",
            kwargs={"column": "kept_missing_from_scope", "min_value": 0, "max_value": 0},
            expected="the kept offices of all counties, regions or municipalities together are the nation's",
            reason="Every office lies in exactly one place of each kind.",
            seen="no difference in any version",
        ),
        Expectation(
            name="plans_only_reinstate",
            type="expect_column_values_to_be_between",
            kwargs={"column": "kept_change", "min_value": 0, "max_value": 4},
            where=f"scope == 'national' and known_at <= '{LAST_PLAN}'",
            expected=f"each version until {LAST_PLAN} keeps 0 to 4 offices more than the one before",
            reason="All decisions of 2020 reinstate; the largest, of 2020-06-12, reinstates four.",
            seen="+1, +1, +4, 0",
        ),
        Expectation(
            name="no_plan_turns_the_network_over",
            type="expect_column_values_to_be_between",
            kwargs={"column": "kept_change", "min_value": -28, "max_value": 28},
            where="scope == 'national'",
            severity="warning",
            expected="each version keeps at most 28 offices more or fewer than the one before",
            reason="A quarter of the kept offices at once is rather a table read in part; `meta.change` tells.",
            seen="+4 at most",
        ),
        Expectation(
            name="every_county_keeps_an_office",
            type="expect_column_values_to_be_between",
            kwargs={"column": "kept", "min_value": 1},
            where=f"scope == 'county' and known_at <= '{LAST_PLAN}'",
            expected=f"at least one kept office in each county, in every version until {LAST_PLAN}",
            reason="None of these versions leaves a county without one; if ours does, rows are gone.",
            seen="1 at least (Gotland), in all five versions",
        ),
    ),
)
