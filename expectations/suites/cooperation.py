"""Is kpi.cooperation plausible? Grain of the table: unit × municipality."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import Expectation, Suite

if TYPE_CHECKING:
    import pandas as pd


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """How many municipalities the row's unit serves, and how many units serve the row's municipality."""
    return frame.assign(
        municipalities_of_unit=frame.groupby("unit")["municipality_code"].transform("nunique"),
        units_of_municipality=frame.groupby("municipality_code")["unit"].transform("nunique"),
    )


SUITE = Suite(
    subject="kpi.cooperation",
    key=("unit", "municipality_code"),
    derive=derive,
    expectations=(
        Expectation(
            name="four_units_are_there",
            type="expect_column_unique_value_count_to_be_between",
            kwargs={"column": "unit", "min_value": 4, "max_value": 4},
            severity="warning",
            expected="the four units that the final report interviewed",
            reason="The report states four; a footnote that was not carried over loses one.",
            seen="Södra Göteborg, Sydvästra Skåne, Södra Västerbotten, Värmland",
        ),
        Expectation(
            name="as_many_municipalities_as_stated_are_served",
            type="expect_column_unique_value_count_to_be_between",
            kwargs={"column": "municipality_code", "min_value": 35, "max_value": 36},
            severity="warning",
            expected="35 municipalities, as the final report states, or the 36 that its footnotes name",
            reason="The text and its footnotes differ by one; further off, a name was not recognised.",
            seen="36 in the footnotes: 3, 11, 16 and 6",
        ),
        Expectation(
            name="a_municipality_has_one_unit",
            type="expect_column_values_to_be_between",
            kwargs={"column": "units_of_municipality", "min_value": 1, "max_value": 1},
            severity="warning",
            expected="no municipality in two of the units",
            reason="The units divide the country; a municipality in two is a name that was read wrongly.",
            seen="one unit each",
        ),
    ),
)
