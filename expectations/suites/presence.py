"""Is kpi.presence plausible? Grain of the table: as_of × scope × scope_code."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import AS_OF_DATES, LAST_OBSERVED, MONTH_ENDS, Expectation, Suite
from expectations.suites.derived import change, change_under_plan, known_plan, missing_from_scope

if TYPE_CHECKING:
    import pandas as pd

SCOPE_SIZES = {"national": 1, "af_region": 6, "county": 21, "fa_region": 60, "municipality": 290}


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Changes between dates, and what does not add up."""
    month_ends = frame[frame["as_of"].isin(MONTH_ENDS)]
    return frame.assign(
        scope_codes_missing=frame["scope"].map(SCOPE_SIZES)
        - frame.groupby(["as_of", "scope"])["scope_code"].transform("nunique"),
        offices_without_place=frame["offices"] - frame["staffed"] - frame["travel_to"] - frame["form_unknown"],
        offices_known=frame["offices"] + frame["closed_offices"],
        offices_missing_from_scope=missing_from_scope(frame, "offices", at="as_of"),
        is_known_plan=known_plan(frame),
        offices_change=change_under_plan(frame, "offices", over="as_of"),
        offices_change_in_month=change(month_ends, "offices", over="as_of"),
        offices_known_change=change_under_plan(
            frame.assign(known=frame["offices"] + frame["closed_offices"]), "known", over="as_of"
        ),
        is_rows_after_plan=(frame["basis"] == "rows")
        & (frame["as_of"] > frame.loc[frame["basis"] == "plan", "as_of"].min()),
        service_centres_change=change(frame, "service_centres", over="as_of"),
    )


SUITE = Suite(
    subject="kpi.presence",
    key=("as_of", "scope", "scope_code"),
    derive=derive,
    expectations=(
        Expectation(
            name="every_date_is_covered",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={"column": "as_of", "value_set": list(AS_OF_DATES)},
            where="scope == 'national'",
            expected="all 37 month ends from 2018-12-31 to 2021-12-31 and the documents' own dates",
            reason="A series with a missing month draws a line over a hole, and nobody sees it.",
            seen="41 dates, the documents' five among them (one is a month end)",
        ),
        Expectation(
            name="every_scope_is_whole",
            type="expect_column_values_to_be_between",
            kwargs={"column": "scope_codes_missing", "min_value": 0, "max_value": 0},
            expected="at every date 1 nation, 6 AF regions, 21 counties, 60 FA-regions and 290 municipalities",
            reason="A place without an office has a row of zeros; if its row is gone, so is the place.",
            seen="378 rows at each of the 41 dates",
        ),
        Expectation(
            name="scopes_add_up_to_the_nation",
            type="expect_column_values_to_be_between",
            kwargs={"column": "offices_missing_from_scope", "min_value": 0, "max_value": 0},
            expected="the offices of all counties, regions or municipalities together are the nation's",
            reason="Every office lies in one municipality, and each in one county, AF region and FA-region.",
            seen="no difference at any date, islands included",
        ),
        Expectation(
            name="open_and_closed_offices_are_238",
            type="expect_multicolumn_sum_to_equal",
            kwargs={"column_list": ["offices", "closed_offices"], "sum_total": 238},
            where="scope == 'national' and is_known_plan",
            expected="open + closed = 238",
            severity="warning",
            reason=(
                "238 offices were open at the start of 2019 and no new one has opened since. A refused row "
                "moves it: a warning."
            ),
            seen="238 at all 41 dates",
        ),
        Expectation(
            name="almost_every_office_is_there",
            type="expect_column_values_to_be_between",
            kwargs={"column": "offices_known", "min_value": 226, "max_value": 238},
            where="scope == 'national' and is_known_plan",
            expected="open + closed from 226 to 238",
            reason=(
                "A few refused rows may wait in quarantine; more than one office in twenty missing is another network."
            ),
            seen="238 at all 41 dates",
        ),
        Expectation(
            name="no_office_appears_or_vanishes",
            type="expect_column_values_to_be_between",
            kwargs={"column": "offices_known_change", "min_value": 0, "max_value": 0},
            expected="open + closed is the same as at the date before, in any scope, unless a later plan came between",
            reason="An office that closes goes from one count to the other; only a plan adds one, or moves it.",
            seen="no change between any two dates",
        ),
        Expectation(
            name="forms_add_up_to_offices",
            type="expect_column_values_to_be_between",
            kwargs={"column": "offices_without_place", "min_value": 0, "max_value": 0},
            expected="staffed + travel-to + form unknown = offices",
            reason="An office has one form, or none that a document tells.",
            seen="no difference in any row",
        ),
        Expectation(
            name="offices_never_grow",
            type="expect_column_values_to_be_between",
            kwargs={"column": "offices_change", "max_value": 0},
            expected="no more offices than at the date before, in any scope, unless a later plan came in between",
            reason="The reinstated offices never closed: the decision came first. Growth means a lost closing date.",
            seen="changes from -31 to 0",
        ),
        Expectation(
            name="monthly_drop_is_planned",
            type="expect_column_values_to_be_between",
            kwargs={"column": "offices_change_in_month", "min_value": -31},
            where="scope == 'national'",
            severity="warning",
            expected="at most 31 offices close in a month",
            reason="November 2019 is the plan's heaviest month; more in one month is a date read wrongly.",
            seen="-31 in November 2019, then -28 in December 2019 and -16 in January 2020",
        ),
        Expectation(
            name="collaboration_bounds_are_in_order",
            type="expect_column_pair_values_a_to_be_greater_than_b",
            kwargs={
                "column_A": "collaborations_in_use_max",
                "column_B": "collaborations_in_use_min",
                "or_equal": True,
            },
            expected="the lower bound is not above the upper one",
            reason="The documents give a state at one date; before and after it the truth is an interval.",
            seen="29 = 29 on 2020-10-15, 29 to 102 afterwards",
        ),
        Expectation(
            name="collaboration_states_add_up_to_102",
            type="expect_multicolumn_sum_to_equal",
            kwargs={"column_list": ["collaborations_in_use_min", "agreed", "not_ready"], "sum_total": 102},
            where=f"scope == 'national' and as_of == '{LAST_OBSERVED}'",
            expected="in use + agreed + not ready = 102 on 2020-10-15",
            severity="warning",
            reason=(
                "126 closing offices less the 24 whose presence is a nearby office. A refused row moves it: a warning."
            ),
            seen="29 + 60 + 13",
        ),
        Expectation(
            name="service_centres_never_fall",
            type="expect_column_values_to_be_between",
            kwargs={"column": "service_centres_change", "min_value": 0},
            severity="warning",
            expected="no fewer service centres with AF service than at the date before, in any scope",
            reason="The schedule launches; a later one that withdraws a launch is worth a look.",
            seen="changes from 0 to 23",
        ),
        Expectation(
            name="municipalities_with_office_fit_both_ends",
            type="expect_column_values_to_be_between",
            kwargs={"column": "municipalities_with_office", "min_value": 106, "max_value": 218},
            where="scope == 'national' and is_known_plan",
            expected="from 218 municipalities down to 106",
            severity="warning",
            reason=(
                "Both ends are stated figures; a locality put in the wrong municipality moves them. A refused "
                "row moves it: a warning."
            ),
            seen="218 at the start of 2019, 106 from 2020-12-31 on",
        ),
        Expectation(
            name="planned_presence_covers_municipalities",
            type="expect_column_values_to_be_between",
            kwargs={"column": "municipalities_with_presence_planned", "min_value": 205, "max_value": 218},
            where="scope == 'national' and is_known_plan",
            severity="warning",
            expected="an office or a planned collaboration in 205 to 218 municipalities",
            reason="The final report states 208. The rows give one less; meta.reconciliation shows the difference.",
            seen="218 before the first closing, 207 from 2020-01-31 on",
        ),
        Expectation(
            name="two_fa_regions_lose_their_office",
            type="expect_column_values_to_be_between",
            kwargs={"column": "fa_regions_with_office", "min_value": 58, "max_value": 60},
            where="scope == 'national' and is_known_plan",
            expected="58 to 60 FA-regions with an office",
            severity="warning",
            reason=(
                "Only Vansbro and Åsele lose theirs; a third would break one of the agency's own criteria. A "
                "refused row moves it: a warning."
            ),
            seen="60 until 2019-11-30, 58 from 2019-12-31 on",
        ),
        Expectation(
            name="dates_until_the_last_document_are_observed",
            type="expect_column_values_to_be_in_set",
            kwargs={"column": "basis", "value_set": ["rows"]},
            where=f"as_of <= '{LAST_OBSERVED}'",
            expected=f"basis `rows` at every date until {LAST_OBSERVED}",
            reason="The final report gives the state of that day, and of the days before by dates.",
            seen="`rows` in all rows of the 25 dates",
        ),
        Expectation(
            name="later_dates_are_plans",
            type="expect_column_values_to_be_in_set",
            kwargs={"column": "is_rows_after_plan", "value_set": [False]},
            expected="basis `plan` at every date after the first that is one",
            reason="What lies beyond the last document with rows on offices was planned, not seen.",
            seen="`plan` in all rows of the 16 dates after 2020-10-15",
        ),
        Expectation(
            name="the_series_ends_with_plans",
            type="expect_column_values_to_be_in_set",
            kwargs={"column": "basis", "value_set": ["plan"]},
            where=f"as_of == '{MONTH_ENDS[-1]}'",
            severity="warning",
            expected=f"basis `plan` on {MONTH_ENDS[-1]}",
            reason="No document with rows on offices is as late; one that is asks for a longer series.",
            seen="`plan`",
        ),
    ),
)
