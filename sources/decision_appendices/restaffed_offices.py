"""Re-staffed offices: the five offices that the news of 2020-06-15 moves from travel-to to staffed.

Grain: one row per office. The news names them in a sentence, so the table is a transcription with the line of the
original (the page has no page numbers).
"""

from sources.transcriptions import reader

COLUMNS = ("Ort", "Förändring")

read = reader(COLUMNS, shown="Ort")
"""One row per re-staffed office; lines are those of the news."""
