"""Contract for contacts: rules in SQL, since no frame holds tens of millions of rows.

Belongs here: what a contact must be, and the split of a delivery by it within DuckDB. Does not belong here: reading
cells (the view `contact` has what they mean, `received` what they say), and which of several rows about one contact
counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from expectations.contracts.base import Rule

TABLE = "contacts"
VALID = "valid_contact"
"""The view of the rows that keep every rule, with the columns of `contact`."""
SAMPLE_ROWS = 5
SAMPLE_CHARACTERS = 60

FIRST_DAY = date(2000, 1, 1)
DAYS_AHEAD = 1
LONGEST_OFFICE = 200


@dataclass(frozen=True)
class SqlRule(Rule):
    """A rule over one row of the view `contact`; `holds` is its predicate in SQL, and null counts as broken."""

    holds: str


RULES = (
    SqlRule("contact_id_filled", ("contact_id",), "an id", "contact_id is not null"),
    SqlRule(
        "occurred_at_is_a_time",
        ("occurred_at",),
        "a day or a time of the calendar written as 2020-01-31, 2020-01-31 09:15:00 or 2020-01-31T08:15:00Z",
        "moment is not null",
    ),
    SqlRule(
        "occurred_at_in_window",
        ("occurred_at",),
        f"a time from {FIRST_DAY} to {DAYS_AHEAD} day after the delivery",
        # A cell that is no time breaks the rule above, and nothing else.
        f"moment is null or (moment >= date '{FIRST_DAY}' and moment < getvariable('latest'))",
    ),
    SqlRule(
        "municipality_is_known",
        ("municipality_code",),
        "one of the 290 municipalities",
        "municipality_code is not null",
    ),
    SqlRule(
        "office_is_a_name",
        ("office",),
        f"at most {LONGEST_OFFICE} characters, or nothing",
        f"office is null or length(office) <= {LONGEST_OFFICE}",
    ),
    SqlRule("group_is_known", ("group",), "a known group of jobseekers", "visitor_group is not null"),
    SqlRule("channel_is_known", ("channel",), "a known channel", "channel is not null"),
)


@dataclass(frozen=True)
class RefusedRows:
    """The rows that break one rule: how many, and the first few as (row_number, cell). `reason` is for people."""

    rule: str
    reason: str
    rows: int
    sample: tuple[tuple[int, str | None], ...]


@dataclass(frozen=True)
class ContactSplit:
    """What became of the rows of one delivery; a row that breaks two rules is quarantined once."""

    received: int
    valid: int
    refused: tuple[RefusedRows, ...]

    @property
    def quarantined(self) -> int:
        """How many rows were refused: received = valid + quarantined."""
        return self.received - self.valid


def split(connection: duckdb.DuckDBPyConnection, received_at: datetime, shown: Callable[[str], str]) -> ContactSplit:
    """Part the view `contact`, and make the view `valid_contact`; `shown` says how a refused cell may be shown.

    Times are judged by the day on which the delivery was received, so that it is always judged alike.
    """
    latest = received_at.date() + timedelta(days=DAYS_AHEAD + 1)
    connection.execute("set variable latest = ?::timestamp", [datetime(latest.year, latest.month, latest.day)])  # noqa: DTZ001
    kept = " and ".join(f"coalesce({rule.holds}, false)" for rule in RULES)
    connection.execute(f"create or replace temp view {VALID} as select * from contact where {kept}")
    broken = ", ".join(f"count(*) filter (not coalesce({rule.holds}, false))" for rule in RULES)
    received, valid, *counts = connection.execute(
        f"select count(*), count(*) filter ({kept}), {broken} from contact"
    ).fetchall()[0]
    refused = (_refused(connection, rule, count, shown) for rule, count in zip(RULES, counts, strict=True) if count)
    return ContactSplit(received, valid, tuple(refused))


def _refused(
    connection: duckdb.DuckDBPyConnection, rule: SqlRule, count: int, shown: Callable[[str], str]
) -> RefusedRows:
    (column,) = rule.columns
    found = connection.execute(
        f"""
        with first_rows as (
            select row_number from contact
            where not coalesce({rule.holds}, false)
            order by row_number limit {SAMPLE_ROWS}
        )

        select row_number, cast("{column}" as varchar)
        from received semi join first_rows using (row_number)
        order by row_number
        """
    ).fetchall()
    sample = tuple((row, None if cell is None else shown(cell)[:SAMPLE_CHARACTERS]) for row, cell in found)
    # the cell itself may be the plain id of a contact that slipped into another column: only the private sample has it
    reason = f"{column}: first in row {sample[0][0]}; expected {rule.expected}"
    return RefusedRows(rule.name, reason, count, sample)
