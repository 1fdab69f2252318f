"""What must hold: contracts for the rows that come in, suites for the numbers that go out, and how both are shown.

Belongs here: rules, their reasons, and one result type for all of them. Does not belong here: reading documents
(`sources`), making tables (`transforms`), and when anything runs (`orchestration`).
"""
