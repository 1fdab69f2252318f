"""Statistics on registered jobseekers and visits: tables of reports, and the tables as printed.

Belongs here: readers of statistics by municipality, group and month. Does not belong here: decisions on offices.
"""
