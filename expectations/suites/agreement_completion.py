"""Is kpi.agreement_completion plausible? Grain of the table: as_of × scope × scope_code × basis."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import LAST_DOCUMENT, LAST_OBSERVED, Expectation, Suite
from expectations.suites.derived import missing_from_scope

if TYPE_CHECKING:
    import pandas as pd


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """What does not add up."""
    premises = frame["in_use_service_centre"] + frame["in_use_municipality"] + frame["in_use_own"]
    of_rows = frame[frame["basis"] == "rows"]
    return frame.assign(
        in_use_without_premises=frame["in_use"] - premises,
        planned_missing_from_scope=missing_from_scope(of_rows, "planned", at="as_of"),
    )


SUITE = Suite(
    subject="kpi.agreement_completion",
    key=("as_of", "scope", "scope_code", "basis"),
    derive=derive,
    expectations=(
        Expectation(
            name="the_nation_plans_102_collaborations",
            type="expect_column_values_to_be_between",
            kwargs={"column": "planned", "min_value": 102, "max_value": 102},
            where=f"scope == 'national' and as_of <= '{LAST_DOCUMENT}'",
            expected=f"102 planned collaborations at every date until {LAST_DOCUMENT}",
            severity="warning",
            reason=(
                "126 closing offices less the 24 with a nearby office; the analysis of 2021 counts the same "
                "102. A refused row moves it: a warning."
            ),
            seen="102",
        ),
        Expectation(
            name="use_is_spread_over_premises",
            type="expect_column_values_to_be_between",
            kwargs={"column": "in_use_without_premises", "min_value": 0, "max_value": 0},
            where="basis == 'rows'",
            expected="in use = at service centres + at municipalities + in own premises",
            reason="A collaboration in use sits somewhere, and Bilaga 5 says where.",
            seen="29 = 13 + 3 + 13; no difference in any scope",
        ),
        Expectation(
            name="completion_is_a_share",
            type="expect_column_values_to_be_between",
            kwargs={"column": "completion_share", "min_value": 0, "max_value": 1},
            expected="a share from 0 to 1",
            reason="More in use than planned means that two documents count different things.",
            seen="0 to 1; the nation 0.284 and 0.706",
        ),
        Expectation(
            name="the_nation_is_past_a_quarter",
            type="expect_column_values_to_be_between",
            kwargs={"column": "completion_share", "min_value": 0.25},
            where=f"scope == 'national' and as_of >= '{LAST_OBSERVED}'",
            severity="warning",
            expected="at least a quarter in use from 2020-10-15 on",
            reason="29 of 102 in October 2020 and 72 in March 2021 are stated; less is a status read wrongly.",
            seen="0.284 on 2020-10-15, 0.706 on 2021-03-15",
        ),
        Expectation(
            name="scopes_add_up_to_the_nation",
            type="expect_column_values_to_be_between",
            kwargs={"column": "planned_missing_from_scope", "min_value": 0, "max_value": 0},
            where="basis == 'rows'",
            expected="the planned collaborations of all counties, regions or municipalities together are the nation's",
            reason="A scope without a planned collaboration has no row, so a lost row shows only in the sum.",
            seen="no difference; five AF regions have rows, Stockholm Gotland plans none",
        ),
    ),
)
