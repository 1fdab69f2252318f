"""Synthetic contacts, any number of rows, as a warehouse exports them: csv or Parquet, made by DuckDB.

Nothing in them is a fact: ids, places, groups and channels follow from the row's number alone.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from sources.geography import municipalities

GROUPS = (
    "native_no_disability",
    "disability",
    "establishment",
    "over_55",
    "job_development_guarantee",
    "youth_guarantee",
    "all",
)
CHANNELS = ("phone", "phone", "phone", "digital_meeting", "digital_meeting", "chat", "visit_booked", "visit_drop_in")


@dataclass(frozen=True)
class Contacts:
    """What to make. Times are spread evenly, in order, from the first day on over so many days.

    first_id: ids are `SYN-<number>`, counted from here. repeat_every: each so many rows, one tells of the contact
    before it once more; 0 for none. unknown_every: each so many rows, one has a channel that nobody knows; 0 for none.
    """

    rows: int
    first_day: date
    days: int
    first_id: int = 0
    repeat_every: int = 0
    unknown_every: int = 0


def write(path: Path, contacts: Contacts, delimiter: str = ",") -> None:
    """Write the file, as Parquet or csv by its suffix, in DuckDB's own time: millions of rows in seconds."""
    codes = [each.municipality_code for each in municipalities()]
    names = [each.municipality for each in municipalities()]
    step = contacts.days * 86_400_000_000 // max(contacts.rows, 1)
    moment = f"timestamp '{contacts.first_day}' + to_microseconds(range * {step})"
    repeated = f"(range % {contacts.repeat_every} = 1)" if contacts.repeat_every > 1 else "false"
    unknown = f"(range % {contacts.unknown_every} = 0)" if contacts.unknown_every else "false"
    query = f"""
        select
            'SYN-' || ({contacts.first_id} + range - if({repeated}, 1, 0)) as contact_id,
            strftime({moment}, '%Y-%m-%dT%H:%M:%S') as occurred_at,
            getvariable('codes')[(hash(range) % 290)::bigint + 1] as municipality_code,
            'Af ' || getvariable('names')[(hash(range) % 290)::bigint + 1] as office,
            getvariable('groups')[(hash(range + 1) % {len(GROUPS)})::bigint + 1] as "group",
            if({unknown}, 'fax', getvariable('channels')[(hash(range + 2) % {len(CHANNELS)})::bigint + 1]) as channel
        from range({contacts.rows})
        """
    into = (
        f"format csv, header, delimiter '{delimiter}'" if path.suffix == ".csv" else "format parquet, compression zstd"
    )
    with duckdb.connect(":memory:", config={"memory_limit": "1GB"}) as connection:
        for name, values in (("codes", codes), ("names", names), ("groups", GROUPS), ("channels", CHANNELS)):
            connection.execute(f"set variable {name} = ?", [list(values)])
        connection.execute(f"copy ({query}) to '{path}' ({into})")
