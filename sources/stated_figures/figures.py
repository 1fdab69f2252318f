"""Stated figures. Grain: one row per statement of a number; a number stated twice is two rows.

`measure` names the quantity, `computed_by` the family of queries that gives it from rows (or `derived`, from other
stated figures); where nothing can, `reason` says why. `printed` is the number as the line has it, `value` the same as a
number in its printed unit (a decrease is negative), or `lower` and `upper` of a range. The label is in words of our
own, in English and Swedish.
"""

from sources.transcriptions import reader

COLUMNS = (
    "as_of",
    "topic",
    "measure",
    "counts",
    "printed",
    "value",
    "lower",
    "upper",
    "unit",
    "tolerance",
    "computed_by",
    "reason",
    "label",
    "label_sv",
)

read = reader(COLUMNS, shown="printed")
"""One row per stated figure."""
