"""Criteria for the form of local presence, in words of our own.

Sources: Bilaga 2 of the final report of 2020-10-23 (page 45) and section 3.1 of the analysis of 2021-05-20. Grain: one
row per criterion and document. `criterion` is the same word in both documents where they state the same rule, however
they word it; `threshold` is in registered jobseekers.
"""

from sources.transcriptions import reader

COLUMNS = ("criterion", "kind", "is_measurable", "threshold", "threshold_basis", "summary", "summary_sv")

read = reader(COLUMNS, shown="summary_sv")
"""One row per criterion and document."""
