"""Contracts for transcriptions of statements: stated figures and stated places.

Belongs here: what a carried-over statement must be. Does not belong here: whether the figure is right.
"""

import re
from datetime import date

import pandera.polars as pa
import polars as pl

from expectations.contracts.base import RawTable, date_within, is_name, matches, one_of, rule, satisfies, text
from sources.printed_numbers import printed_numbers

FIRST_DAY, LAST_DAY = date(2018, 12, 31), date(2022, 12, 31)

TOPICS = (
    "network",
    "collaborations",
    "geography",
    "rollout",
    "criteria",
    "competitiveness",
    "visits",
    "channels",
    "resources",
    "cooperation",
    "context",
)
UNITS = (
    "count",
    "percent",
    "share",
    "in ten",
    "one in",
    "per 100 registered",
    "per day",
    "per month",
    "per year",
    "million SEK",
    "million SEK per year",
    "minutes",
    "hours",
    "days",
    "weeks",
    "months",
    "quarter",
    "years",
)
TOLERANCES = ("exact", "rounded", "percentage_points")
REASONS = ("no rows", "definition unclear", "outside the data")
NUMBER = r"-?[0-9]+(\.[0-9]+)?"


def says_its_numbers(printed: str, value: str, lower: str, upper: str) -> bool:
    """Every number that is printed is the value or a bound of the range, and there is one; signs apart.

    What is no number is told by the rules about numbers, not here.
    """
    carried = [number for number in (value, lower, upper) if number]
    if not carried or not all(re.fullmatch(NUMBER, number) for number in carried):
        return True
    found = set(printed_numbers(printed))
    return bool(found) and found <= {abs(float(number)) for number in carried}


def is_value_or_range(value: str, lower: str, upper: str) -> bool:
    """Either a value, or a lower and a higher upper bound."""
    if value:
        return not lower and not upper
    return bool(re.fullmatch(NUMBER, lower) and re.fullmatch(NUMBER, upper)) and float(lower) < float(upper)


class StatedFigures(RawTable):
    """Stated figures. Grain: one statement of a number."""

    as_of: str
    topic: str
    measure: str
    counts: str
    printed: str
    value: str = pa.Field(nullable=True)
    lower: str = pa.Field(nullable=True)
    upper: str = pa.Field(nullable=True)
    unit: str
    tolerance: str
    computed_by: str = pa.Field(nullable=True)
    reason: str = pa.Field(nullable=True)
    label: str
    label_sv: str

    as_of_is_a_day = rule(
        "as_of_is_a_day",
        "as_of",
        expected=f"a day from {FIRST_DAY} to {LAST_DAY}",
        holds=date_within(text("as_of"), FIRST_DAY, LAST_DAY),
    )
    topic_known = rule("topic_known", "topic", expected=f"one of {', '.join(TOPICS)}", holds=one_of("topic", TOPICS))
    measure_is_a_name = rule(
        "measure_is_a_name",
        "measure",
        expected="words of lower-case letters, joined by _",
        holds=is_name("measure"),
    )
    number_is_a_number = rule(
        "number_is_a_number", "value", expected="digits, a point for decimals", holds=matches("value", NUMBER)
    )
    value_or_range = rule(
        "value_or_range",
        "printed",
        expected="a value, or a lower and a higher upper bound",
        holds=satisfies(is_value_or_range, "value", "lower", "upper"),
    )
    printed_says_the_number = rule(
        "printed_says_the_number",
        "printed",
        expected="a printed number that is the value or a bound",
        holds=satisfies(says_its_numbers, "printed", "value", "lower", "upper"),
    )
    unit_known = rule("unit_known", "unit", expected=f"one of {', '.join(UNITS)}", holds=one_of("unit", UNITS))
    tolerance_known = rule(
        "tolerance_known",
        "tolerance",
        expected=f"one of {', '.join(TOLERANCES)}",
        holds=one_of("tolerance", TOLERANCES),
    )
    computed_or_reason = rule(
        "computed_or_reason",
        "label",
        expected="the queries that compute it, or the reason why none can",
        holds=pl.col("computed_by").is_null() != pl.col("reason").is_null(),
    )
    reason_known = rule(
        "reason_known", "reason", expected=f"one of {', '.join(REASONS)}", holds=one_of("reason", REASONS)
    )
    label_in_both_languages = rule(
        "label_in_both_languages",
        "label",
        "label_sv",
        expected="a Swedish label that is not the English one",
        holds=text("label").str.to_lowercase() != text("label_sv").str.to_lowercase(),
    )
    duplicate_figure = rule(
        "duplicate_figure",
        "measure",
        "document_id",
        "printed",
        expected="a measure that no earlier row reads from the same words of the line",
        holds=pl.struct("document_id", "line_from", "measure", "printed").is_first_distinct(),
    )


PLACE_LISTS = (
    "closed_office",
    "closed_office_with_service_centre",
    "reinstated",
    "reinstated_staffed",
    "reinstated_travel_to",
    "restaffed",
    "fa_region_without_office",
    "nearby_in_city",
    "nearby_in_same_municipality",
    "nearby_in_neighbouring_municipality",
    "service_centre_without_office_before",
    "own_premises_of_other_activity",
    "unit_municipality",
    "new_service_centre_2021",
    "collaboration_not_in_use",
    "nearby_office_only",
    "staffed_office_with_customer_square",
    "staffed_office_booked_only",
    "no_office_before_or_now",
)
PLACE_KINDS = ("locality", "municipality", "fa_region")


class StatedPlaces(RawTable):
    """Stated places. Grain: one place that one statement names."""

    as_of: str
    place_list: str
    subject: str = pa.Field(nullable=True)
    place: str
    place_kind: str

    as_of_is_a_day = rule(
        "as_of_is_a_day",
        "as_of",
        expected=f"a day from {FIRST_DAY} to {LAST_DAY}",
        holds=date_within(text("as_of"), FIRST_DAY, LAST_DAY),
    )
    place_list_known = rule(
        "place_list_known", "place_list", expected="a known list of places", holds=one_of("place_list", PLACE_LISTS)
    )
    place_kind_known = rule(
        "place_kind_known",
        "place_kind",
        expected=f"one of {', '.join(PLACE_KINDS)}",
        holds=one_of("place_kind", PLACE_KINDS),
    )
    unit_has_a_name = rule(
        "unit_has_a_name",
        "place_list",
        expected="the name of the unit in `subject` for unit_municipality, nothing for any other list",
        holds=(pl.col("place_list") == "unit_municipality") == pl.col("subject").is_not_null(),
    )
    duplicate_place = rule(
        "duplicate_place",
        "place",
        "document_id",
        "place_list",
        expected="a place that no earlier row has on the same line and list",
        holds=pl.struct("document_id", "line_from", "place_list", "place").is_first_distinct(),
    )
