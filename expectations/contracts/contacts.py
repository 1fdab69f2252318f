"""Contract for contacts: rules in SQL, since no frame holds tens of millions of rows.

Belongs here: what a contact must be, and the split of a delivery by it within DuckDB. Does not belong here: reading
cells (the view `contact` has what they mean, `received` what they say), and which of several rows about one contact
counts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from expectations.contracts.base import Rule
from sources.sql import identifier

TABLE = "contacts"
JUDGED = "judged_contact"
"""The view of all rows, with the columns of `contact` and is_valid: whether the row keeps every rule."""
SAMPLE_ROWS = 5
SAMPLE_CHARACTERS = 60

FIRST_DAY = date(2000, 1, 1)
DAYS_AHEAD = 1
LONGEST_OFFICE = 200
LATEST = f"received_on + {DAYS_AHEAD + 1}"
"""Times are judged by the day on which their delivery was received, so that they are always judged alike."""


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
        f"moment is null or (moment >= date '{FIRST_DAY}' and moment < {LATEST})",
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
        # Letters that are written in parts count once; few cells are so long that it must be known.
        f"office is null or length(office) <= {LONGEST_OFFICE} or length(nfc_normalize(office)) <= {LONGEST_OFFICE}",
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


def judge(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the view `judged_contact` of the view `contact`."""
    kept = " and ".join(f"coalesce({rule.holds}, false)" for rule in RULES)
    connection.execute(f"create or replace temp view {JUDGED} as select *, {kept} as is_valid from contact")


def split(connection: duckdb.DuckDBPyConnection, shown: Callable[[str], str]) -> ContactSplit:
    """Judge the rows of the view `contact`, of one delivery; `shown` says how a refused cell may be shown."""
    judge(connection)
    asked = ["count(*)", "count(*) filter (is_valid)"]
    for rule in RULES:
        is_broken = f"filter (not coalesce({rule.holds}, false))"
        asked += [f"count(*) {is_broken}", f"min(row_number, {SAMPLE_ROWS}) {is_broken}"]
    received, valid, *told = connection.execute(f"select {', '.join(asked)} from {JUDGED}").fetchall()[0]
    broken = [each for each in zip(RULES, told[::2], told[1::2], strict=True) if each[1]]
    cells = _cells(connection, sorted({row for *_, rows in broken for row in rows}))
    refused = (_refused(rule, count, [(row, cells[row]) for row in rows], shown) for rule, count, rows in broken)
    return ContactSplit(received, valid, tuple(refused))


def _cells(connection: duckdb.DuckDBPyConnection, rows: Sequence[int]) -> dict[int, dict[str, str | None]]:
    """What the rows of these numbers say, by number and column."""
    if not rows:
        return {}
    columns = dict.fromkeys(column for rule in RULES for column in rule.columns)
    asked = ", ".join(f"cast({identifier(column)} as varchar)" for column in columns)
    found = connection.execute(
        f"select row_number, {asked} from received where row_number in ({', '.join(map(str, rows))})"
    )
    return {row: dict(zip(columns, cells, strict=True)) for row, *cells in found.fetchall()}


def _refused(
    rule: SqlRule, count: int, rows: Iterable[tuple[int, Mapping[str, str | None]]], shown: Callable[[str], str]
) -> RefusedRows:
    (column,) = rule.columns
    found = ((row, cells[column]) for row, cells in rows)
    sample = tuple((row, None if cell is None else shown(cell)[:SAMPLE_CHARACTERS]) for row, cell in found)
    # the cell itself may be the plain id of a contact that slipped into another column: only the private sample has it
    reason = f"{column}: first in row {sample[0][0]}; expected {rule.expected}"
    return RefusedRows(rule.name, reason, count, sample)
