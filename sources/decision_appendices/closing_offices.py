"""Closing offices: Bilaga 5 of the final report of 2020-10-23 (pages 57–64), and later appendices of the same form.

Grain: one row per office that is closed or to be closed. A row gives county (short), AF region, municipality, office,
closing date, whether a service centre stands in the place, the form of local presence, and whether it is ready.
"""

import re
from collections.abc import Sequence

from sources.decision_appendices.office_rows import COUNTY, MUNICIPALITY, REGION, Cell, read_offices
from sources.pages import Line
from sources.wrapped_tables import TableReading

HEADING = (
    "Län Region Kommun Arbetsförmedlingskontor Tidpunkt avveckling Servicekontor på orten (Ja el Nej) "
    "Form av ändamålsenlig lokal närvaro (Närliggande kontor el Samarbetslösning) "
    "Samarbetslösning klar och ändamålsenlig (Ja el. Nej inkl. kommentar)"
)

DATE = r"\d{1,4}-\d{1,2}-\d{1,4}"
PRESENCE = r"samarbetslösning|närliggande\s+kontor"
READINESS = r"-|(?:ja|nej)\s+\([^()]*\)"
OFFICE: Cell = (
    "Arbetsförmedlingskontor",
    rf"af\s+(?!{DATE})\S(?:(?!\saf\s|\s{DATE}).)*",
    "an office that begins with “Af”, before its closing date",
)
CLOSES_ON: Cell = ("Tidpunkt avveckling", DATE, "a date such as 2019-12-01")
SERVICE_CENTRE: Cell = (
    "Servicekontor på orten",
    rf"(?:ja|nej)(?:,(?:(?!\s(?:{PRESENCE}|af\s|{DATE})).)+)?(?!\S)",
    "“Ja” or “Nej”, with or without a remark",
)
FORM: Cell = ("Form av ändamålsenlig lokal närvaro", PRESENCE, "“Samarbetslösning” or “Närliggande kontor”")
READY: Cell = (
    "Samarbetslösning klar och ändamålsenlig",
    READINESS,
    "“-”, or “Ja” or “Nej” with a comment in parentheses",
)
GRAMMAR = (COUNTY, REGION, MUNICIPALITY, OFFICE, CLOSES_ON, SERVICE_CENTRE, FORM, READY)
ROW_END = re.compile(rf"(?<!\S)(?:{PRESENCE})\s+(?:{READINESS})(?!\S)", re.IGNORECASE)


def read(lines: Sequence[Line], file: str) -> TableReading:
    """One row per closing office, with the publisher's headings as cells."""
    return read_offices(lines, file, HEADING, GRAMMAR, ROW_END)
