"""What documents state in running text, captions, footnotes and tables: figures, and the places that they name.

Belongs here: transcriptions of statements, one file per document. Does not belong here: whether a figure is right,
which the rows of other tables decide.
"""
