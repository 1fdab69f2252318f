"""Is kpi.municipality_presence plausible? Grain of the table: as_of × municipality."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import AS_OF_DATES, LAST_OBSERVED, Expectation, Suite
from expectations.suites.derived import change, change_under_plan

if TYPE_CHECKING:
    import pandas as pd

OFFICE = ("staffed_office", "travel_to_office", "office_form_unknown")


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Rows per date, what each municipality won or lost since the date before, and shares per date."""
    flagged = frame.assign(
        has_office=frame["presence"].isin(OFFICE).astype(int),
        at_service_centre=(frame["drop_in"] == "service_centre").astype(int),
        is_none=frame["presence"] == "none",
        drop_in_unknown=frame["drop_in"] == "unknown",
    )
    by_date = flagged.groupby("as_of")
    by = ["municipality_code"]
    return flagged.assign(
        municipalities_on_date=by_date["municipality_code"].transform("nunique"),
        has_office_change=change_under_plan(flagged, "has_office", over="as_of", by=by),
        at_service_centre_change=change(flagged, "at_service_centre", over="as_of", by=by),
        without_presence_on_date=by_date["is_none"].transform("sum"),
        drop_in_unknown_share=by_date["drop_in_unknown"].transform("mean"),
    )


SUITE = Suite(
    subject="kpi.municipality_presence",
    key=("as_of", "municipality_code"),
    derive=derive,
    expectations=(
        Expectation(
            name="every_date_is_covered",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={"column": "as_of", "value_set": list(AS_OF_DATES)},
            expected="all 37 month ends from 2018-12-31 to 2021-12-31 and the documents' own dates",
            reason="A map of a missing month shows the wrong month.",
            seen="41 dates",
        ),
        Expectation(
            name="every_municipality_is_there",
            type="expect_column_values_to_be_between",
            kwargs={"column": "municipalities_on_date", "min_value": 290, "max_value": 290},
            expected="290 municipalities at every date",
            reason="The government asked about the whole country; a municipality without a row is not `none`.",
            seen="290 at all 41 dates",
        ),
        Expectation(
            name="no_municipality_regains_an_office",
            type="expect_column_values_to_be_between",
            kwargs={"column": "has_office_change", "max_value": 0},
            expected="a municipality that has lost its last office has none again, unless a later plan came in between",
            reason="Offices were reinstated before they had closed; a return means two offices were mixed up.",
            seen="112 municipalities lose their last office, none regains one",
        ),
        Expectation(
            name="municipalities_without_presence_stay_the_same",
            type="expect_column_values_to_be_between",
            kwargs={"column": "without_presence_on_date", "min_value": 70, "max_value": 82},
            severity="warning",
            expected="70 to 82 municipalities with no presence of any kind",
            reason=(
                "Every closing office is followed by a collaboration or a nearby office, so the number does not move. "
                "The final report's 82 are these and those that have a nearby office only."
            ),
            seen="72 at all 41 dates: the 290 less the 218 that had an office in 2019",
        ),
        Expectation(
            name="collaborations_are_in_use_only_when_seen",
            type="expect_column_values_to_not_be_in_set",
            kwargs={"column": "presence", "value_set": ["collaboration_in_use"]},
            where=f"as_of < '{LAST_OBSERVED}'",
            expected="no collaboration in use before 2020-10-15",
            reason="The first state that a document gives is that of 2020-10-15; before it nobody can say.",
            seen="`collaboration_unknown` instead, in 1 to 23 municipalities",
        ),
        Expectation(
            name="drop_in_at_service_centres_never_ends",
            type="expect_column_values_to_be_between",
            kwargs={"column": "at_service_centre_change", "min_value": 0},
            severity="warning",
            expected="drop-in at a service centre, once launched, stays",
            reason="The schedule launches; a later one that withdraws a launch is worth a look.",
            seen="no municipality loses it; 110 have it at the end of 2021",
        ),
        Expectation(
            name="drop_in_is_mostly_known",
            type="expect_column_values_to_be_between",
            kwargs={"column": "drop_in_unknown_share", "max_value": 0.05},
            where=f"as_of >= '{LAST_OBSERVED}'",
            severity="warning",
            expected="drop-in unknown in at most 5 % of the municipalities from 2020-10-15 on",
            reason="Only offices that stand in no rollout table are silent on their customer square.",
            seen="13 of 290 (4.5 %) on 2020-10-15, 11 from 2020-10-31 on; 110 (38 %) at the start of 2019",
        ),
    ),
)
