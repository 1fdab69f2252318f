"""The rollout of AF's customer service at Statens servicecenter: schedules by place, and the tables as printed.

Belongs here: readers of rollout schedules. In the extract, prose above the tables is left out: its lines are empty, so
line numbers stay the original's.
"""
