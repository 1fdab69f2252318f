"""Synthetic contacts of 60 months, any number of rows, in the shape of a warehouse's export: seeded, made by DuckDB.

Belongs here: contacts as they are exported, and as the store holds them once they are taken in. Does not belong here:
the registered jobseekers that they are calibrated to (`registrations`), and contacts for tests of the readers
(`tests/feeds/contacts.py`).

Nothing in them is a fact but the codes of municipalities and the rates of Tabell 3: in January 2019 and 2020 each group
has as many visits per 100 registered as the table prints, before and after them the same, between them a straight line.
Every row says that it is synthetic, in a column of which the main job refuses a file: whoever wants to take such a file
in takes that column off, in a copy (`without_mark`).

Each file is a month's delivery, its rows in no order: 2 % correct contacts of the three months before (another
municipality and time; one in ten moves into the month delivered), 1 % are rows once more, 1 % belong to the three
months before, and one in 500 has a municipality or a channel that nobody knows. Municipalities differ in size as
Sweden's do, and contacts come on workdays, before noon above all.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import NormalDist

import duckdb

from sources.geography import municipalities
from tests.benchmarks.synthetic.registrations import GROUPS, MONTHS, national, rate_of
from tests.disclosure.synthetic import CHANNEL_SIZES

MARK = "synthetic"
CORRECTED, REPEATED, LATE = 0.02, 0.01, 0.01
MOVED_EVERY, UNKNOWN_EVERY = 10, 500
MONTHS_BEFORE = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3)
"""How many months before its delivery a late or corrected contact lies, one in ten each."""
HOURS = {8: 9, 9: 16, 10: 17, 11: 12, 12: 6, 13: 13, 14: 11, 15: 8, 16: 5, 7: 2, 17: 1}
WEEKDAYS = (11, 10, 10, 9, 8, 0.4, 0.2)
SPREAD_OF_SIZES = 1.1
SLOTS = 1 << 14
"""A choice is a slot, of which a value has as many as it weighs."""


@dataclass(frozen=True)
class Delivery:
    """One file: its month, its rows, and how many of them are of each kind; the rest are the month's own contacts."""

    at: int
    month: date
    rows: int
    corrected: int
    repeated: int
    late: int

    @property
    def own(self) -> int:
        """Contacts of the month itself, each for the first time."""
        return self.rows - self.corrected - self.repeated - self.late


def deliveries(rows: int, months: Sequence[date] = MONTHS) -> list[Delivery]:
    """How many rows each month's file has: as many as its registered jobseekers and rates give it."""
    sizes = [sum(national(month, group) * rate_of(group, month) for group in GROUPS) for month in months]
    made, left, size = [], rows, sum(sizes)
    for at, month in enumerate(months):
        here = left if at == len(months) - 1 else round(rows * sizes[at] / size)
        left -= here
        shares = [round(here * share) if at or share == REPEATED else 0 for share in (CORRECTED, REPEATED, LATE)]
        made.append(Delivery(at, month, here, *shares))
    return made


def write_received(folder: Path, rows: int, months: Sequence[date] = MONTHS, seed: int = 1) -> list[Path]:
    """A Parquet file of each month as it would be received, ids plain; all cells but the mark are text."""
    return [*_write(folder, rows, months, seed, "'SYN-' || contact")]


def write_stored(folder: Path, rows: int, months: Sequence[date] = MONTHS, seed: int = 1) -> list[Path]:
    """The same as `pseudonymise` leaves it, below the gate of the main job; but its pseudonyms are plain MD5."""
    return [*_write(folder, rows, months, seed, "cast(md5('SYN-' || contact) as uuid)")]


def without_mark(file: Path, target: Path) -> None:
    """A copy of a received file that does not say that it is synthetic: for a data folder of its own, never another."""
    with _engine() as connection:
        rows = f"select * exclude ({MARK}) from read_parquet('{file}')"
        connection.execute(f"copy ({rows}) to '{target}' (format parquet, compression zstd)")


def _write(folder: Path, rows: int, months: Sequence[date], seed: int, contact_id: str) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    made = deliveries(rows, months)
    with _engine() as connection:
        _make_choices(connection, months, seed)
        connection.execute("create table delivery (month_number integer, own bigint)")
        connection.executemany("insert into delivery values (?, ?)", [(each.at, each.own) for each in made])
        for each in made:
            file = folder / f"{each.month:%Y-%m}.parquet"
            connection.execute(
                f"copy ({_query(each, seed, contact_id)}) to '{file}' (format parquet, compression zstd)"
            )
            yield file


def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={"memory_limit": "1GB", "preserve_insertion_order": True})


def _make_choices(connection: duckdb.DuckDBPyConnection, months: Sequence[date], seed: int) -> None:
    """Tables of what a contact may be, by slot."""
    places = [each.municipality_code for each in municipalities()]
    quantiles = [NormalDist().inv_cdf((at + 0.5) / len(places)) for at in range(len(places))]
    order = sorted(range(len(places)), key=lambda at: hash((seed, at * 7919 % 290)))
    names = {each.municipality_code: each.municipality for each in municipalities()}
    sizes = {places[at]: math.exp(SPREAD_OF_SIZES * quantile) for at, quantile in zip(order, quantiles, strict=True)}
    _table(connection, "place", "code varchar, office varchar", [((c, f"Af {names[c]}"), w) for c, w in sizes.items()])
    _table(connection, "hour", "hour integer", [((hour,), weight) for hour, weight in HOURS.items()])
    for at, month in enumerate(months):
        kinds = [
            (
                (at, "all" if group == "no_group" else group, channel),
                national(month, group) * rate_of(group, month) * size,
            )
            for group in GROUPS
            for channel, size in CHANNEL_SIZES.items()
        ]
        _table(connection, "kind", 'month_number integer, "group" varchar, channel varchar', kinds)
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        days = [date(month.year, month.month, day + 1) for day in range((following - month).days)]
        _table(
            connection, "day", "month_number integer, day date", [((at, day), WEEKDAYS[day.weekday()]) for day in days]
        )


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, choices: Sequence[tuple[tuple[object, ...], float]]
) -> None:
    """Add to a table the slots of each choice."""
    connection.execute(f"create table if not exists {name} (slot integer, {columns})")
    whole, before, rows = sum(weight for _, weight in choices), 0.0, []
    for values, weight in choices:
        first, before = round(before / whole * SLOTS), before + weight
        rows += [(slot, *values) for slot in range(first, round(before / whole * SLOTS))]
    places = [[row[at] for row in rows] for at in range(len(rows[0]))]
    connection.execute(f"insert into {name} select {', '.join('unnest(?)' for _ in places)}", places)


def _query(made: Delivery, seed: int, contact_id: str) -> str:
    """The rows of one file. A contact is its month's number and its own; everything else of it follows from those.

    The order is that of a step through all numbers that has no divisor with their count: each once, in no order.
    """
    step = next(
        each for each in range(made.rows * 618 // 1000 + 1, 2 * made.rows + 3) if math.gcd(each, made.rows) == 1
    )
    before = f"least({made.at}, list_value{MONTHS_BEFORE}[number % 10 + 1])"
    return f"""
        with numbers as (
            select range as position, (range * {step}) % {made.rows} as number from range({made.rows})
        ),

        kinds as (
            select
                position, number,
                case
                    when number < {made.own} then 'own'
                    when number < {made.own + made.repeated} then 'repeated'
                    when number < {made.own + made.repeated + made.late} then 'late'
                    else 'corrected'
                end as kind,
                if(number < {made.own + made.repeated}, 0, {before}) as back
            from numbers
        ),

        told as (
            select
                position, kind, back,
                {made.at} - if(kind = 'late', 0, back) as delivered,
                case kind
                    when 'repeated' then number - {made.own}
                    when 'corrected' then (number * 31) % delivery.own
                    else number
                end as own_number
            from kinds inner join delivery on {made.at} - kinds.back = delivery.month_number
        ),

        contacts as (
            select
                position, kind, {made.at} - back as first_month,
                {made.at} - if(kind = 'corrected' and own_number % {MOVED_EVERY} = 0, 0, back) as month_number,
                delivered * (1::bigint << 32) + own_number as contact,
                hash({seed}, contact) as chance,
                hash({seed}, contact, if(kind = 'corrected', {made.at}, 0)) as told_chance,
                -- Numbers of own contacts fill the slots of groups and channels evenly: their shares are exact.
                if(kind = 'late', (chance >> 20) % {SLOTS}, (own_number * 6151) % {SLOTS}) as kind_slot
            from told
        )

        select
            {contact_id} as contact_id,
            strftime(
                day.day + to_hours(hour.hour) + to_seconds(((told_chance >> 8) % 3600)::bigint), '%Y-%m-%dT%H:%M:%S'
            ) as occurred_at,
            if(chance % {2 * UNKNOWN_EVERY} = 0, '9999', place.code) as municipality_code,
            place.office,
            kind."group",
            if(chance % {2 * UNKNOWN_EVERY} = 1, 'fax', kind.channel) as channel,
            'true' as {MARK}
        from contacts
        inner join place on (told_chance >> 24) % {SLOTS} = place.slot
        inner join hour on (told_chance >> 38) % {SLOTS} = hour.slot
        inner join day on contacts.month_number = day.month_number and (told_chance >> 50) % {SLOTS} = day.slot
        inner join kind on contacts.first_month = kind.month_number and contacts.kind_slot = kind.slot
        order by position
        """
