"""Contracts for the rollout of AF service at service centres: the twelve tables of Bilaga 3 and the notes in them.

Belongs here: what a row of these tables must be. Does not belong here: how many launches there are (dbt tests it).
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
    rule,
    text,
)

TABLE = "Tabell"
LAUNCH = "Införande"
PLACE = "Ort"
OFFICE_STATUS = "Status arbetsförmedlingskontor"
NOTE = "Notering"

# Each schedule gives each month a table of its own; these are the tables of Bilaga 3 (2020-10-23).
BILAGA_3 = "af-final-report-2020-10-23"
MONTH_OF_TABLE = {
    "1": "april 2020",
    "2": "juni 2020",
    "3": "september 2020",
    "4": "oktober 2020",
    "5": "december 2020",
    "6": "januari 2021",
    "7": "februari 2021",
    "8": "mars 2021",
    "9": "maj 2021",
    "10": "juni 2021",
    "11": "november 2021",
    "12": "december 2021",
}
MONTHS = "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
LAUNCH_MONTH = rf"i (?:{MONTHS}) \d{{4}}|senast i (?:{MONTHS}) \d{{4}} i enlighet med inriktningsbeslut"
STATUS = (
    r"kvarstående kontor(?: i \S[^,]*)?, (?:kundtorg finns(?: i \S.*)?|endast bokade besök)"
    r"|avvecklat(?: \(\S.*\))?"
    r"|avvecklas \S.*"
    r"|inget kontor sedan tidigare"
)
# As for the closing dates of Bilaga 5.
FIRST_CLOSING = date(2019, 1, 1)


MONTH = text(LAUNCH).str.to_lowercase().str.extract(rf"\b((?:{MONTHS}) \d{{4}})\b")
"""The month that is printed above a table, with its year."""


class ScheduleTable(RawTable):
    """What launches and notes share: table and month. Grain: one printed place."""

    table: str = pa.Field(alias=TABLE)
    launch: str = pa.Field(alias=LAUNCH)
    place: str = pa.Field(alias=PLACE)

    table_known = rule(
        "table_known",
        TABLE,
        expected="the number of a table, in Bilaga 3 from 1 to 12",
        holds=pl.when(pl.col("document_id") == BILAGA_3)
        .then(text(TABLE).is_in(list(MONTH_OF_TABLE)))
        .otherwise(matches(TABLE, r"[1-9]\d?")),
    )
    launch_month_known = rule(
        "launch_month_known",
        LAUNCH,
        expected="“i” and a month, or “senast i” and a month “i enlighet med inriktningsbeslut”",
        holds=matches(LAUNCH, LAUNCH_MONTH),
    )
    launch_month_fits_table = rule(
        "launch_month_fits_table",
        TABLE,
        LAUNCH,
        expected="the month that the table is for",
        holds=implies(
            matches(TABLE, r"[1-9]\d?")
            & matches(LAUNCH, rf".*\b(?:{MONTHS}) \d{{4}}\b.*")
            & ((pl.col("document_id") != BILAGA_3) | text(TABLE).is_in(list(MONTH_OF_TABLE))),
            pl.when(pl.col("document_id") == BILAGA_3)
            .then(text(TABLE).replace_strict(MONTH_OF_TABLE, default=None, return_dtype=pl.String) == MONTH)
            .otherwise(MONTH.first().over("document_id", text(TABLE)) == MONTH),
        ),
    )
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


class ServiceCentreRollout(ScheduleTable):
    """Bilaga 3. Grain: one place that gets AF service at its service centre."""

    office_status: str = pa.Field(alias=OFFICE_STATUS)

    office_status_known = rule(
        "office_status_known",
        OFFICE_STATUS,
        expected=(
            "“Kvarstående kontor” with its customer square or “endast bokade besök”, “Avvecklat”, “Avvecklas” and a "
            "day, or “Inget kontor sedan tidigare”"
        ),
        holds=matches(OFFICE_STATUS, STATUS),
    )
    announced_closing_in_window = rule(
        "announced_closing_in_window",
        OFFICE_STATUS,
        expected=(
            f"a day of the calendar written d/m yyyy, from {FIRST_CLOSING} to the end of the year after the "
            "document's publication"
        ),
        holds=implies(
            matches(OFFICE_STATUS, r"avvecklas\b.*"),
            date_within(
                text(OFFICE_STATUS).str.extract(r"(?i)^avvecklas (\d{1,2}/\d{1,2} \d{4})$"),
                FIRST_CLOSING,
                end_of_next_year(),
                layout="%d/%m %Y",
            ),
        ),
    )


class ServiceCentreNotes(ScheduleTable):
    """Bilaga 3, the lines that announce a further service centre. Grain: one note."""

    note: str = pa.Field(alias=NOTE)

    note_known = rule(
        "note_known",
        NOTE,
        expected="“Notera att ett ytterligare servicekontor etableras i …” and a year",
        holds=matches(NOTE, r"notera att ett ytterligare servicekontor etableras i \S.* \d{4}"),
    )
    note_fits_launch_year = rule(
        "note_fits_launch_year",
        NOTE,
        LAUNCH,
        expected="the year of the table's month",
        holds=implies(
            matches(NOTE, r".* \d{4}") & matches(LAUNCH, r".*\d{4}.*"),
            text(NOTE).str.extract(r"(\d{4})$") == text(LAUNCH).str.extract(r"(\d{4})"),
        ),
    )
