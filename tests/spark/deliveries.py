"""What both engines are given: a million contacts with corrections, and registrations, many of them small.

Nothing in them is a fact: all numbers follow from a hash of month, place and group, the same on every machine.
"""

from datetime import date
from pathlib import Path

import duckdb

from sources.geography import municipalities
from tests.feeds import contacts, workbooks
from tests.feeds.samples import competitiveness, timeseries

CONTACTS = 1_000_000


def deliver(landing: Path, rows: int = CONTACTS) -> None:
    """Drop every file, with so many rows of contacts."""
    for kind in ("contacts", "registrations"):
        (landing / kind).mkdir(parents=True)
    year = contacts.Contacts(rows, date(2020, 1, 1), 366, repeat_every=50, unknown_every=5000)
    contacts.write(landing / "contacts" / "2020.parquet", year)
    # The same contacts once more, most of them in another month than before.
    moved = contacts.Contacts(rows // 20, date(2020, 3, 20), 60, first_id=rows // 3)
    contacts.write(landing / "contacts" / "moved.parquet", moved)
    registrations(landing / "registrations" / "places.csv")
    workbooks.write_af_timeseries(landing / "registrations" / "tid-2020-03.xlsx", timeseries())
    workbooks.write_af_competitiveness(landing / "registrations" / "svag.xlsx", competitiveness())


def registrations(file: Path) -> None:
    """Six months of every municipality: all, women and men, three ages, and groups so small that most are withheld."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("set variable codes = ?", [[each.municipality_code for each in municipalities()]])
        connection.execute(
            f"""
            copy (
                with places as (
                    select strftime(month, '%Y-%m') as month, code, hash(month::varchar || code) as h
                    from range(date '2020-01-01', date '2020-07-01', interval 1 month) as months (month),
                        unnest(getvariable('codes')) as codes (code)
                ),
                parts as (select month, code, 5 + h % 400 as women, 5 + (h // 1000) % 400 as men, h from places)
                select month, code as municipality_code, "group", registered from (
                    select month, code, 'all' as "group", women + men as registered from parts
                    union all select month, code, 'women', women from parts
                    union all select month, code, 'men', men from parts
                    union all select month, code, '16-24 år', (women + men) // 3 from parts
                    union all select month, code, '25-54 år', (women + men) // 3 from parts
                    union all select month, code, 'disability', h % 9 from parts
                    union all select month, code, 'over_55', h // 77 % 40 from parts
                )
                order by all
            ) to '{file}' (format csv, header)
            """
        )
