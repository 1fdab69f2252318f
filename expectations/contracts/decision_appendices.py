"""Contracts for the decisions on offices: Bilaga 4 and 5 of the final report, its network totals, the re-staffed five.

Belongs here: what a row of these tables must be. Does not belong here: totals over rows, which dbt tests.
Cells are the publisher's words; headings are the publisher's headings.
"""

from datetime import date

import pandera.polars as pa
import polars as pl

from expectations.contracts.base import (
    RawTable,
    date_within,
    end_of_next_year,
    first_of_its_kind,
    implies,
    matches,
    one_of,
    published,
    rule,
    satisfies,
    text,
)
from sources.geography import AF_REGIONS, county_named, municipality_named

COUNTY = "Län"
REGION = "Region"
MUNICIPALITY = "Kommun"
OFFICE = "Arbetsförmedlingskontor"
FORM = "Form av kontor"
CLOSES_ON = "Tidpunkt avveckling"
SERVICE_CENTRE = "Servicekontor på orten"
PRESENCE_FORM = "Form av ändamålsenlig lokal närvaro"
READINESS = "Samarbetslösning klar och ändamålsenlig"
LINE_OF_TOTALS = "Arbetsförmedlingens kontorsnät"
START_OF_2019 = "Enligt ingången av 2019"
PLAN_2019 = "Enligt tidigare beslutad plan (hösten 2019)"
PLAN_2020 = "Enligt beslutade justeringar i plan (2020)"
PLACE = "Ort"
CHANGE = "Förändring"

# The plan of September 2019 is the first that counts; a document knows decisions up to its publication.
FIRST_DECISION = date(2019, 9, 30)
# The notices came in January 2019; no plan reaches past the year after its publication.
FIRST_CLOSING = date(2019, 1, 1)

READINESS_PHRASES = (
    "-",
    "Ja (i egen lokal)",
    "Ja (i SSC:s lokal)",
    "Ja (avtal kommun finns)",
    "Nej (ÖK om avtal finns)",
    "Nej (egen lokal finns)",
)
LINES_OF_TOTALS = (
    "Kvarstående kontor totalt",
    "Kvarstående fast bemannade kontor",
    "Kvarstående ”kontor vi reser till”",
    "Kontor aktuella för avveckling",
)

# County code to AF region, as all rows of Bilaga 4 and 5 (2020-10-23) have it.
AF_REGION_OF_COUNTY = {
    **dict.fromkeys(("22", "23", "24", "25"), "Nord"),
    **dict.fromkeys(("03", "04", "17", "18", "19", "20", "21"), "Mitt"),
    **dict.fromkeys(("01", "09"), "Stockholm Gotland"),
    **dict.fromkeys(("05", "06", "08"), "Öst"),
    **dict.fromkeys(("13", "14"), "Väst"),
    **dict.fromkeys(("07", "10", "12"), "Syd"),
}


def _in_its_county(municipality_name: str, county_name: str) -> bool:
    """False if both are known and do not belong together: an unknown name breaks its own rule, not this one."""
    municipality, county = municipality_named(municipality_name), county_named(county_name)
    return not municipality or not county or municipality.county_code == county.county_code


def _in_its_region(county_name: str, region: str) -> bool:
    """False if both are known and do not belong together."""
    county = county_named(county_name)
    known = region.lower() in {each.lower() for each in AF_REGIONS}
    return not county or not known or AF_REGION_OF_COUNTY[county.county_code].lower() == region.lower()


class OfficeTable(RawTable):
    """What Bilaga 4 and 5 share: where an office lies. Grain: one AF office."""

    county: str = pa.Field(alias=COUNTY)
    region: str = pa.Field(alias=REGION)
    municipality: str = pa.Field(alias=MUNICIPALITY)
    office: str = pa.Field(alias=OFFICE)

    county_known = rule(
        "county_known",
        COUNTY,
        expected="one of the 21 counties, as “Norrbottens län” or “Norrbotten”",
        holds=satisfies(lambda name: county_named(name) is not None, COUNTY),
    )
    region_known = rule(
        "region_known",
        REGION,
        expected=f"one of the AF regions {', '.join(AF_REGIONS)}",
        holds=one_of(REGION, AF_REGIONS),
    )
    municipality_known = rule(
        "municipality_known",
        MUNICIPALITY,
        expected="one of the 290 municipalities",
        holds=satisfies(lambda name: municipality_named(name) is not None, MUNICIPALITY),
    )
    municipality_in_its_county = rule(
        "municipality_in_its_county",
        MUNICIPALITY,
        COUNTY,
        expected="a municipality of that county",
        holds=satisfies(_in_its_county, MUNICIPALITY, COUNTY),
    )
    county_in_its_region = rule(
        "county_in_its_region",
        COUNTY,
        REGION,
        expected="the AF region that the county lies in",
        holds=satisfies(_in_its_region, COUNTY, REGION),
    )
    office_named_af = rule(
        "office_named_af",
        OFFICE,
        expected="“Af” and the office's name",
        holds=matches(OFFICE, r"af \S.*"),
    )
    duplicate_office = rule(
        "duplicate_office",
        OFFICE,
        expected="an office that no earlier row of the same document names",
        holds=first_of_its_kind("document_id", OFFICE),
    )


class KeptOffices(OfficeTable):
    """Bilaga 4. Grain: one office that the plan keeps."""

    form: str = pa.Field(alias=FORM)

    form_known = rule(
        "form_known",
        FORM,
        expected="“Fast bemannat kontor” or “Kontor vi reser till”, with “Beslut” and a day where it was decided later",
        holds=matches(FORM, r"(?:fast bemannat kontor|kontor vi reser till)(?:\.? beslut \S+)?\.?"),
    )
    decision_date_in_window = rule(
        "decision_date_in_window",
        FORM,
        expected=f"a decision day written yymmdd, from {FIRST_DECISION} to the document's publication",
        holds=implies(
            matches(FORM, r".*\bbeslut\b.*"),
            date_within(
                text(FORM).str.extract(r"(?i)\bbeslut (\d{6})\.?$"),
                FIRST_DECISION,
                published().fill_null(end_of_next_year()),
                layout="%y%m%d",
            ),
        ),
    )


class ClosingOffices(OfficeTable):
    """Bilaga 5. Grain: one office that the plan closes."""

    closes_on: str = pa.Field(alias=CLOSES_ON)
    service_centre: str = pa.Field(alias=SERVICE_CENTRE)
    presence_form: str = pa.Field(alias=PRESENCE_FORM)
    readiness: str = pa.Field(alias=READINESS)

    closing_date_in_window = rule(
        "closing_date_in_window",
        CLOSES_ON,
        expected=(
            f"a day of the calendar written yyyy-mm-dd, from {FIRST_CLOSING} to the end of the year after the "
            "document's publication"
        ),
        holds=matches(CLOSES_ON, r"\d{4}-\d{2}-\d{2}")
        & date_within(text(CLOSES_ON), FIRST_CLOSING, end_of_next_year()),
    )
    service_centre_answered = rule(
        "service_centre_answered",
        SERVICE_CENTRE,
        expected="“Ja” or “Nej”, with a comma before any further words",
        holds=matches(SERVICE_CENTRE, r"(?:ja|nej)(?:, \S.*)?"),
    )
    presence_form_known = rule(
        "presence_form_known",
        PRESENCE_FORM,
        expected="“Närliggande kontor” or “Samarbetslösning”",
        holds=one_of(PRESENCE_FORM, ("Närliggande kontor", "Samarbetslösning")),
    )
    readiness_has_comment = rule(
        "readiness_has_comment",
        READINESS,
        expected="“Ja” or “Nej” with a comment in parentheses, or “-”",
        holds=matches(READINESS, r"-|(?:ja|nej) \(\S.*\)"),
    )
    readiness_comment_known = rule(
        "readiness_comment_known",
        READINESS,
        expected=f"one of {', '.join(f'“{phrase}”' for phrase in READINESS_PHRASES)}",
        holds=implies(matches(READINESS, r"(?:ja|nej) \(\S.*\)"), one_of(READINESS, READINESS_PHRASES)),
    )
    dash_goes_with_nearby_office = rule(
        "dash_goes_with_nearby_office",
        PRESENCE_FORM,
        READINESS,
        expected="“-” with “Närliggande kontor”, and with nothing else",
        holds=(text(READINESS) == "-") == one_of(PRESENCE_FORM, ("Närliggande kontor",)),
    )
    service_centre_premises_need_a_service_centre = rule(
        "service_centre_premises_need_a_service_centre",
        READINESS,
        SERVICE_CENTRE,
        expected="“Ja” to a service centre in the place, since the collaboration sits in its premises",
        holds=implies(matches(READINESS, r".*\bssc:s lokal\b.*"), matches(SERVICE_CENTRE, r"ja\b.*")),
    )


class NetworkTotals(RawTable):
    """Section 5.2.1, table of office totals. Grain: one printed line."""

    line: str = pa.Field(alias=LINE_OF_TOTALS)
    start_of_2019: str = pa.Field(alias=START_OF_2019)
    plan_2019: str = pa.Field(alias=PLAN_2019)
    plan_2020: str = pa.Field(alias=PLAN_2020)

    line_known = rule(
        "line_known",
        LINE_OF_TOTALS,
        expected=f"one of {', '.join(LINES_OF_TOTALS)}",
        holds=one_of(LINE_OF_TOTALS, LINES_OF_TOTALS),
    )
    duplicate_line = rule(
        "duplicate_line",
        LINE_OF_TOTALS,
        expected="a line that no earlier row of the same document has",
        holds=first_of_its_kind("document_id", LINE_OF_TOTALS),
    )
    start_of_2019_counted = rule(
        "start_of_2019_counted",
        LINE_OF_TOTALS,
        START_OF_2019,
        expected="a count of offices, and “-” for the offices to close, which no plan had named by then",
        holds=pl.when(matches(LINE_OF_TOTALS, r"kontor aktuella för avveckling"))
        .then(text(START_OF_2019) == "-")
        .otherwise(matches(START_OF_2019, r"\d{1,3}")),
    )
    plan_2019_counted = rule(
        "plan_2019_counted",
        PLAN_2019,
        expected="a count of offices",
        holds=matches(PLAN_2019, r"\d{1,3}"),
    )
    plan_2020_counted = rule(
        "plan_2020_counted",
        PLAN_2020,
        expected="a count of offices",
        holds=matches(PLAN_2020, r"\d{1,3}"),
    )


class RestaffedOffices(RawTable):
    """The news of 2020-06-15. Grain: one office that goes from travel-to to staffed."""

    place: str = pa.Field(alias=PLACE)
    change: str = pa.Field(alias=CHANGE)

    place_is_a_name = rule(
        "place_is_a_name",
        PLACE,
        expected="a place name: a capital letter first, no digits",
        holds=text(PLACE).str.contains(r"^\p{Lu}[^\d]*$"),
    )
    duplicate_place = rule(
        "duplicate_place",
        PLACE,
        expected="a place that no earlier row of the same document names",
        holds=first_of_its_kind("document_id", PLACE),
    )
    change_known = rule(
        "change_known",
        CHANGE,
        expected="“från kontor vi reser till till fast bemannat kontor”",
        holds=matches(CHANGE, r"från kontor vi reser till till fast bemannat(?: kontor)?"),
    )
