"""Contacts by month: what every delivery counts in each month, and what it takes off the count of earlier ones.

Belongs here: which of several rows about one contact counts, the files of counts by month, which months changed, and
the raw view over the files. Does not belong here: Dagster, what a cell of a received file means, and figures that are
made of the counts.

Of several rows about one contact the last one counts: the one of the latest delivery, and within a delivery the one
that stands last. It counts in its own month, wherever earlier rows stood. A contact that is missing from a later
delivery of the same month stays: corrections are by contact_id, and nothing says that a delivery is the whole month.

Rows stay in the store alone. Of each delivery its valid rows are counted, and so are the rows, its own or earlier ones,
that a row of it replaces: the next row of the same contact. Contacts are the sum of all rows less the replaced ones. So
only contacts that have several rows need be told apart; all others are counted in one pass, and a new delivery looks
into earlier ones for its own contacts only.

Shape, below one folder:
    contacts/report_month=YYYY-MM-01/<delivery_number>.parquet: the columns of raw.contacts but report_month, sorted
Files appear by renaming, and what a delivery counts depends on nothing but itself and those before it: whatever was
interrupted can be done again, with the same result.
"""

import glob
import hashlib
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from expectations.contracts.contacts import JUDGED, judge
from sources.registration_statistics.contacts import Reading, engine, stored, understand
from sources.sql import literal

CONTACTS = "contacts"

COLUMNS = {
    CONTACTS: {
        "report_month": "date",
        "municipality_code": "varchar",
        "visitor_group": "varchar",
        "channel": "varchar",
        "delivery_number": "bigint",
        "rows_received": "bigint",
        "rows_replaced": "bigint",
    }
}
"""The raw table that stands over the files, with its types."""

STAGED = ".contacts_staged"
"""The folder of files that are not whole yet."""

MEMORY_LIMIT = "2GB"
"""What DuckDB may hold of the contacts of all deliveries; what does not fit goes to the scratch folder."""


def add(folder: Path, deliveries: Mapping[int, Reading], new: Collection[int]) -> list[date]:
    """Write what new deliveries count, given all deliveries by number; the months that have, or had, files of them.

    Those that follow on a new one are made anew as well. Adding one again changes nothing, and the order of additions
    does not matter.
    """
    made = [number for number in deliveries if number >= min(new)] if new else []
    return _make(folder, deliveries, made, None) if made else []


def rebuild(folder: Path, months: Collection[date], deliveries: Mapping[int, Reading]) -> None:
    """Make the files of these months anew from all deliveries (by number); other months stay as they are.

    A delivery that is not given leaves the months. The result is what adding the others gives.
    """
    _make(folder, deliveries, [*deliveries], set(months))


def months(folder: Path) -> list[date]:
    """The months that have files, in order."""
    return sorted({_month(file) for file in _files(folder)})


def fingerprint(folder: Path, month: date) -> str:
    """A checksum of the month's files, names and content: it changes if and only if they do."""
    found = hashlib.sha256()
    for file in _files(folder, month):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        found.update(f"{file.relative_to(folder)} {content}\n".encode())
    return found.hexdigest()


def create_views(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the view raw.contacts over the files, and the table raw.contact_months.

    To be called anew after every change of the files. Months given as literals (`report_month in (date '2020-01-01',
    …)`) keep DuckDB from reading the files of others.
    """
    connection.execute("create schema if not exists raw")
    for table, columns in COLUMNS.items():
        connection.execute(f"create or replace view raw.{table} as {_select(folder, table, columns)}")
    connection.execute("create or replace table raw.contact_months (report_month date, fingerprint varchar)")
    found = [(month, fingerprint(folder, month)) for month in months(folder)]
    if found:
        connection.executemany("insert into raw.contact_months values (?, ?)", found)


def _make(
    folder: Path, deliveries: Mapping[int, Reading], made: Collection[int], only: Collection[date] | None
) -> list[date]:
    """Write the files of some deliveries, none of which has a later one that is not made; of some months, or of all."""
    folder.mkdir(parents=True, exist_ok=True)
    with _staging(folder) as staged:
        if made:
            earlier = {number: deliveries[number] for number in sorted(deliveries) if number not in made}
            new = {number: deliveries[number] for number in sorted(made)}
            with engine(staged, MEMORY_LIMIT) as connection:
                _count(connection, earlier, new)
                _write(connection, staged, only)
        written = {file.relative_to(staged) for file in _files(staged)}
        if only is None:
            standing = [file for file in _files(folder) if int(file.stem) in made]
        else:
            standing = [file for month in only for file in _files(folder, month)]
        left = {file.relative_to(folder) for file in standing} - written
        _publish(staged, folder, left)
    return sorted({_month(file) for file in (*written, *left)})


def _count(connection: duckdb.DuckDBPyConnection, earlier: Mapping[int, Reading], new: Mapping[int, Reading]) -> None:
    """Make the table `counted` of what the new deliveries count, with the columns of raw.contacts."""
    # Half as wide as an id. Should two contacts have the same one, both are told apart by their ids, needlessly.
    hashed = "hash(contact_id)"
    # Most earlier deliveries have no contact of the new ones: no more than ids is read of them.
    connection.execute("create temp table told_earlier (delivery bigint, contact_id uuid)")
    if earlier:
        connection.execute(
            f"""
            insert into told_earlier
            select delivery, contact_id from ({stored([*earlier.values()])})
            semi join ({stored([*new.values()])}) using (contact_id)
            """
        )
        found = {at for (at,) in connection.execute("select distinct delivery from told_earlier").fetchall()}
        earlier = {number: reading for at, (number, reading) in enumerate(earlier.items()) if at in found}
    first_new = len(earlier)
    earlier_rows, new_rows = stored([*earlier.values()]), stored([*new.values()], first_new)
    connection.execute(
        f"""
        create temp table repeated as
        with told as (
            select {hashed} as hashed from told_earlier where contact_id is not null
            union all
            select {hashed} as hashed from ({new_rows}) where contact_id is not null
        )

        select hashed from told group by hashed having count(*) > 1
        """
    )
    rows = new_rows
    if earlier:
        connection.execute(
            f"create temp table repeated_earlier as from ({earlier_rows}) semi join repeated on {hashed} = hashed"
        )
        rows = f"({new_rows}) union all from repeated_earlier"
    understand(connection, rows, [*earlier.values(), *new.values()])
    judge(connection)
    # All in one pass: rows of contacts that have several stay single, all others are counted at once. Those that are
    # not valid are left out by the count: a filter would make DuckDB work out what every cell means once for itself.
    connection.execute(
        f"""
        create temp table told as
        select
            delivery, cast(date_trunc('month', moment) as date) as report_month, municipality_code, visitor_group,
            channel, if(hashed is null, null, contact_id) as contact_id,
            if(hashed is null, null, row_number) as row_number,
            count(*) filter (is_valid) as valid_rows
        from {JUDGED}
        left join repeated on {hashed} = hashed
        group by all
        having valid_rows > 0
        """
    )
    connection.execute("set variable numbers = ?::bigint[]", [[*earlier, *new]])
    connection.execute(
        f"""
        create temp table counted as
        with replaced as (
            select
                * exclude (delivery),
                lead(delivery) over (partition by contact_id order by delivery, row_number) as delivery
            from told
            where contact_id is not null
        ),

        parts as (
            select *, valid_rows as rows_received, 0 as rows_replaced from told
            union all by name
            select *, 0 as rows_received, valid_rows as rows_replaced from replaced
        ),

        summed as (
            select
                report_month, cast(municipality_code as varchar) as municipality_code,
                cast(visitor_group as varchar) as visitor_group, cast(channel as varchar) as channel, delivery,
                cast(sum(rows_received) as bigint) as rows_received,
                cast(sum(rows_replaced) as bigint) as rows_replaced
            from parts
            where delivery >= {first_new}
            group by all
        )

        select * exclude (delivery), getvariable('numbers')[delivery + 1] as delivery_number from summed
        """
    )


def _write(connection: duckdb.DuckDBPyConnection, staged: Path, only: Collection[date] | None) -> None:
    """Write the table `counted` into files, of some months or of all."""
    columns = ", ".join(name for name in COLUMNS[CONTACTS] if name != "report_month")
    found = connection.execute("select distinct report_month, delivery_number from counted order by all").fetchall()
    for month, number in found:
        if only is None or month in only:
            target = staged / CONTACTS / f"report_month={month}" / f"{number}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"""
                copy (
                    select {columns} from counted
                    where report_month = date '{month}' and delivery_number = {number}
                    order by all
                ) to {literal(target)} (format parquet, compression zstd)
                """
            )


def _select(folder: Path, table: str, columns: Mapping[str, str]) -> str:
    """The query of all files of a table; of no row, with the same columns, if there are none."""
    if not any(_files(folder)):
        return f"select {', '.join(f'cast(null as {kind}) as {name}' for name, kind in columns.items())} where false"
    files = literal(f"{glob.escape(str(folder))}/{table}/report_month=*/*.parquet")
    return (
        f"select {', '.join(columns)} from"
        f" read_parquet({files}, hive_partitioning = true, hive_types = {{'report_month': date}})"
    )


def _files(folder: Path, month: date | None = None) -> list[Path]:
    """The files of one month or all, in order."""
    return sorted((folder / CONTACTS).glob(f"report_month={month or '*'}/*.parquet"))


def _month(file: Path) -> date:
    return date.fromisoformat(file.parent.name.removeprefix("report_month="))


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder beside the months for files that are not whole yet; what an interrupted run left there goes first."""
    staged = folder / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _publish(staged: Path, folder: Path, left: Collection[Path]) -> None:
    """Rename the staged files into the folder, and take away those that are there no longer."""
    for file in _files(staged):
        target = folder / file.relative_to(staged)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
    for each in left:
        (folder / each).unlink()
        if not any((folder / each).parent.iterdir()):
            (folder / each).parent.rmdir()
