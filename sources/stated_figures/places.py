"""Stated places: places that text and footnotes name for something that tables can confirm or contradict.

Grain: one row per statement and place. `place_list` says what the text states of the place, `subject` which unit of AF
serves it (for `unit_municipality` alone).
"""

from sources.transcriptions import reader

COLUMNS = ("as_of", "place_list", "subject", "place", "place_kind")

read = reader(COLUMNS, shown="place")
"""One row per place that a list names."""
