"""Principles for local presence: Bilaga 1 of the final report of 2020-10-23 (pages 42–44), in words of our own.

Grain: one row per principle and version (2019, 2020). The appendix prints both versions side by side as prose; carried
over is what each asks for, the line on which it begins, and the day of decision where one is printed.
"""

from sources.transcriptions import reader

COLUMNS = ("principle", "version", "decided_on", "summary", "summary_sv")

read = reader(COLUMNS, shown="summary_sv")
"""One row per principle and version."""
