"""The decision appendices: which offices are kept and closed, and how many there are.

Belongs here: readers of tables that a decision on the office network brings, and those tables as printed. In the
extracts, prose between a heading and its table is left out: its lines are empty, so line numbers stay the original's.
"""
