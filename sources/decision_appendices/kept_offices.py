"""Kept offices: Bilaga 4 of the final report of 2020-10-23 (pages 51–56), and later appendices of the same form.

Grain: one row per office that the plan keeps. A row gives county, AF region, municipality, office and form; the form
carries the day of a later decision where one stands (`Fast bemannat kontor. Beslut 200219.`).
"""

import re
from collections.abc import Sequence

from sources.decision_appendices.office_rows import COUNTY, MUNICIPALITY, REGION, ROW_START, Cell, read_offices
from sources.pages import Line
from sources.wrapped_tables import TableReading

HEADING = "Län Region Kommun Arbetsförmedlingskontor Form av kontor"

# A decision without its day is still part of the form; the next row is not.
DECISION = rf"\.?\s+beslut(?:\s+(?!{ROW_START.pattern})\S+)?"
FORM = rf"(?:fast\s+bemannat\s+kontor|kontor\s+vi\s+reser\s+till)(?:{DECISION})?\.?"
OFFICE: Cell = (
    "Arbetsförmedlingskontor",
    rf"af\s+(?!{FORM})\S(?:(?!\saf\s|\s{FORM}).)*",
    "an office that begins with “Af”, before its form",
)
FORM_OF_OFFICE: Cell = ("Form av kontor", FORM, "“Fast bemannat kontor” or “Kontor vi reser till”")
GRAMMAR = (COUNTY, REGION, MUNICIPALITY, OFFICE, FORM_OF_OFFICE)


def read(lines: Sequence[Line], file: str) -> TableReading:
    """One row per kept office, with the publisher's headings as cells."""
    return read_offices(lines, file, HEADING, GRAMMAR, re.compile(rf"(?<!\S)(?:{FORM})(?!\S)", re.IGNORECASE))
