"""Contracts for the tables of the analysis of 2021-05-20: closed offices, competitiveness, visit rates.

Belongs here: what a row of these tables must be. Does not belong here: comparing them with the appendices of the final
report; where the two disagree, both are kept.
"""

from datetime import date

import pandera.polars as pa
import polars as pl

from expectations.contracts.base import (
    RawTable,
    date_within,
    first_of_its_kind,
    implies,
    matches,
    one_of,
    rule,
    satisfies,
    text,
)
from sources.geography import municipalities, municipality_named

FA_REGION = "FA-region"
OFFICE = "Kontor"
SERVICE_CENTRE = "SSC finns på orten (ja/nej)"
CLOSED_ON = "Datum för avveckling"
PRESENCE_STATUS = "Status lokal närvaro"
END_OF_RANKING = "Kommuner med"
MUNICIPALITY = "Kommun"
SHARE = "Andel utsatta"
OFFICE_ANSWER = "AF kontor i kommunen"
GROUP = "Grupp"
JANUARY_2019 = "Januari 2019"
JANUARY_2020 = "Januari 2020"
CHANGE = "Förändring"

FIRST_CLOSING, LAST_CLOSING = date(2019, 1, 1), date(2021, 12, 31)
MONTHS = "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
PRESENCE_PHRASES = (
    r"samarbetslösning finns \(i egen lokal\)"
    r"|samarbetslösning planerad men ej i drift \(okt 2020\)"
    r"|samarbetslösning finns ej \(men egen lokal finns\) \(okt 2020\)"
    r"|närliggande kontor bedöms som ändamålsenlig närvaro"
)
CLOSED_ANSWER = r"kontor stängde \S+ \S.*"
GROUPS = (
    "Inrikes födda utan funktionsnedsättning",
    "Personer med funktionsnedsättning",
    "Personer inom etablering",
    "Personer över 55 år",
    "Jobb- och utvecklingsgarantin",
    "Jobbgarantin för ungdomar",
    "Samtliga",
)
# Footnote 39 of the analysis: the mean of the 290 municipalities, in percent.
MEAN_SHARE = 69.0

_FA_REGIONS = tuple(sorted({each.fa_region for each in municipalities()}))


class ClosedDespiteNeed(RawTable):
    """Tabell 1. Grain: one closed office that the criteria say should be staffed."""

    fa_region: str = pa.Field(alias=FA_REGION, nullable=True)
    office: str = pa.Field(alias=OFFICE)
    service_centre: str = pa.Field(alias=SERVICE_CENTRE)
    closed_on: str = pa.Field(alias=CLOSED_ON)
    presence_status: str = pa.Field(alias=PRESENCE_STATUS)

    fa_region_known = rule(
        "fa_region_known",
        FA_REGION,
        expected="one of the 60 FA-regions, or nothing",
        holds=one_of(FA_REGION, _FA_REGIONS),
    )
    office_named_af = rule(
        "office_named_af", OFFICE, expected="“Af” and the office's name", holds=matches(OFFICE, r"af \S.*")
    )
    duplicate_office = rule(
        "duplicate_office",
        OFFICE,
        expected="an office that no earlier row of the table names",
        holds=first_of_its_kind(OFFICE),
    )
    service_centre_answered = rule(
        "service_centre_answered",
        SERVICE_CENTRE,
        expected="“Ja” or “Nej”",
        holds=one_of(SERVICE_CENTRE, ("Ja", "Nej")),
    )
    closing_date_in_window = rule(
        "closing_date_in_window",
        CLOSED_ON,
        expected=(
            f"a day of the calendar written yyyy-mm-dd, from {FIRST_CLOSING} to {LAST_CLOSING}, with “*” if the office "
            "had no fixed staff"
        ),
        holds=matches(CLOSED_ON, r"\d{4}-\d{2}-\d{2}\*?")
        & date_within(text(CLOSED_ON).str.strip_suffix("*"), FIRST_CLOSING, LAST_CLOSING),
    )
    presence_status_known = rule(
        "presence_status_known",
        PRESENCE_STATUS,
        expected="a known sentence on the collaboration or the nearby office, then at most one on the customer square",
        holds=matches(
            PRESENCE_STATUS,
            rf"(?:{PRESENCE_PHRASES})\.?(?: kundtorgverksamhet (?:införs|införd) på ssc (?:{MONTHS}) \d{{4}}\.?)?",
        ),
    )
    customer_square_needs_a_service_centre = rule(
        "customer_square_needs_a_service_centre",
        PRESENCE_STATUS,
        SERVICE_CENTRE,
        expected="“Ja” to a service centre in the place, since its customer square takes over",
        holds=implies(matches(PRESENCE_STATUS, r".*\bpå ssc\b.*"), one_of(SERVICE_CENTRE, ("Ja",))),
    )


class Competitiveness(RawTable):
    """Tabell 2. Grain: one municipality of the ten highest or ten lowest shares."""

    end_of_ranking: str = pa.Field(alias=END_OF_RANKING)
    municipality: str = pa.Field(alias=MUNICIPALITY)
    share: str = pa.Field(alias=SHARE)
    office_answer: str = pa.Field(alias=OFFICE_ANSWER)

    end_of_ranking_known = rule(
        "end_of_ranking_known",
        END_OF_RANKING,
        expected="“lägst andel utsatta” or “högst andel utsatta”",
        holds=one_of(END_OF_RANKING, ("lägst andel utsatta", "högst andel utsatta")),
    )
    municipality_known = rule(
        "municipality_known",
        MUNICIPALITY,
        expected="one of the 290 municipalities",
        holds=satisfies(lambda name: municipality_named(name) is not None, MUNICIPALITY),
    )
    duplicate_municipality = rule(
        "duplicate_municipality",
        MUNICIPALITY,
        expected="a municipality that no earlier row names",
        holds=first_of_its_kind(MUNICIPALITY),
    )
    share_printed_as_percent = rule(
        "share_printed_as_percent",
        SHARE,
        expected="a percentage below 100 with one decimal after a comma, as “48,8%”",
        holds=matches(SHARE, r"\d{1,2},\d ?%"),
    )
    share_on_its_side_of_the_mean = rule(
        "share_on_its_side_of_the_mean",
        END_OF_RANKING,
        SHARE,
        expected=f"a share below the mean of {MEAN_SHARE:.0f} % among the lowest, not below it among the highest",
        holds=implies(
            matches(SHARE, r"\d{1,2},\d ?%") & one_of(END_OF_RANKING, ("lägst andel utsatta", "högst andel utsatta")),
            (text(SHARE).str.extract(r"^([\d,]+)").str.replace(",", ".").cast(pl.Float64, strict=False) < MEAN_SHARE)
            == matches(END_OF_RANKING, r"lägst\b.*"),
        ),
    )
    office_answer_known = rule(
        "office_answer_known",
        OFFICE_ANSWER,
        expected="“Ja, …”, “Nej, kontor fanns ej 2019.” or “Kontor stängde” with a day and what came instead",
        holds=matches(OFFICE_ANSWER, rf"ja, \S.*|nej, kontor fanns ej 2019\.?|{CLOSED_ANSWER}"),
    )
    closing_date_in_window = rule(
        "closing_date_in_window",
        OFFICE_ANSWER,
        expected=f"a day of the calendar written yyyy-mm-dd, from {FIRST_CLOSING} to {LAST_CLOSING}",
        holds=implies(
            matches(OFFICE_ANSWER, r"kontor stängde\b.*"),
            date_within(
                text(OFFICE_ANSWER).str.extract(r"(?i)^kontor stängde (\d{4}-\d{2}-\d{2})\.?\*?(?: |$)"),
                FIRST_CLOSING,
                LAST_CLOSING,
            ),
        ),
    )


def _rate(column: str) -> pl.Expr:
    return text(column).str.extract(r"^(\d+)$").cast(pl.Float64, strict=False)


class VisitRates(RawTable):
    """Tabell 3. Grain: one group of jobseekers."""

    group: str = pa.Field(alias=GROUP)
    january_2019: str = pa.Field(alias=JANUARY_2019)
    january_2020: str = pa.Field(alias=JANUARY_2020)
    change: str = pa.Field(alias=CHANGE)

    group_known = rule("group_known", GROUP, expected=f"one of {', '.join(GROUPS)}", holds=one_of(GROUP, GROUPS))
    duplicate_group = rule(
        "duplicate_group",
        GROUP,
        expected="a group that no earlier row names",
        holds=first_of_its_kind(GROUP),
    )
    january_2019_counted = rule(
        "january_2019_counted",
        JANUARY_2019,
        expected="whole visits per 100 jobseekers, from 1 to 100",
        holds=_rate(JANUARY_2019).is_between(1, 100),
    )
    january_2020_counted = rule(
        "january_2020_counted",
        JANUARY_2020,
        expected="whole visits per 100 jobseekers, from 0 to 100",
        holds=_rate(JANUARY_2020).is_between(0, 100),
    )
    change_printed_as_percent = rule(
        "change_printed_as_percent",
        CHANGE,
        expected="a signed whole percentage, as “-54%”",
        holds=matches(CHANGE, "[-\u2212+]?[0-9]{1,3} ?%"),
    )
