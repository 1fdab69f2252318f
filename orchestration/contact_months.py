"""Contacts by month: what every delivery says of each month, in Parquet files that only grow by whole deliveries.

Belongs here: writing a delivery's rows into their months, which months changed, and the raw views over the files. Does
not belong here: Dagster, reading a received file, and counting contacts.

Of several rows about one contact the last one counts: the one of the latest delivery, and within a delivery the one
that stands last. It counts in its own month, wherever earlier rows stood. A contact that is missing from a later
delivery of the same month stays: corrections are by contact_id, and nothing says that a delivery is the whole month.

Shape, below one folder:
    contacts/report_month=YYYY-MM-01/<delivery_number>.parquet: the columns of raw.contacts but report_month, in the
        order received; of each contact, the delivery's last valid row
    contacts_superseded/report_month=YYYY-MM-01/<delivery_number>.parquet: contact_id UUID, delivery_number BIGINT; from
        that delivery on the contact stands in another month
Files appear by renaming, and what a delivery says depends on nothing but the deliveries: whatever was interrupted can
be done again, with the same result.
"""

import glob
import hashlib
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from expectations.contracts.contacts import VALID, RefusedRows, split
from sources.personal_data import mask
from sources.registration_statistics.contacts import Reading, literal, opened, text_literal

CONTACTS = "contacts"
SUPERSEDED = "contacts_superseded"

COLUMNS = {
    CONTACTS: {
        "report_month": "date",
        "contact_id": "uuid",
        "occurred_at": "timestamp",
        "municipality_code": "varchar",
        "office": "varchar",
        "visitor_group": "varchar",
        "channel": "varchar",
        "delivery_number": "bigint",
        "row_number": "bigint",
    },
    SUPERSEDED: {"report_month": "date", "contact_id": "uuid", "delivery_number": "bigint"},
}
"""The raw tables that stand over the files, with their types."""

STAGED = ".contacts_staged"
"""The folder of files that are not whole yet."""


@dataclass(frozen=True)
class Added:
    """What became of a delivery. received = valid + quarantined; of the valid rows, `repeated` were not the last."""

    months: list[date]
    """Every month that has, or had, files of the delivery: those whose contacts may have changed."""
    received: int
    valid: int
    quarantined: int
    refused: tuple[RefusedRows, ...]
    repeated: int
    """Valid rows that a later row of the same delivery replaces."""
    corrected: int
    """Contacts that another delivery has in the same month."""
    moved: int
    """Contacts that another delivery has in another month."""


def add(folder: Path, reading: Reading, delivery_number: int) -> Added:
    """Write the delivery into its months. Adding it again changes nothing; the order of additions does not matter."""
    folder.mkdir(parents=True, exist_ok=True)
    with _staging(folder) as staged:
        added = _stage(staged, folder, reading, delivery_number, None)
        staged_files = {file.relative_to(staged) for file in _files(staged)}
        left = {file.relative_to(folder) for file in _files(folder) if file.stem == str(delivery_number)} - staged_files
        _publish(staged, folder, left)
    return replace(added, months=sorted({*added.months, *map(_month, left)}))


def rebuild(folder: Path, months: Collection[date], deliveries: Mapping[int, Reading]) -> None:
    """Make the files of these months anew from all deliveries (by number); other months stay as they are.

    A delivery that is not given leaves the months. The result is what adding the others in their order gives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _staging(folder) as staged:
        for number in sorted(deliveries):
            _stage(staged, staged, deliveries[number], number, set(months))
        staged_files = {file.relative_to(staged) for file in _files(staged)}
        left = {file.relative_to(folder) for month in months for file in _files(folder, month)} - staged_files
        _publish(staged, folder, left)


def months(folder: Path) -> list[date]:
    """The months that have files, in order."""
    return sorted({_month(file) for file in _files(folder)})


def fingerprint(folder: Path, month: date) -> str:
    """A checksum of the month's files, names and content: it changes if and only if they do."""
    found = hashlib.sha256()
    for file in _files(folder, month):
        with file.open("rb") as content:
            found.update(f"{file.relative_to(folder)} {hashlib.file_digest(content, 'sha256').hexdigest()}\n".encode())
    return found.hexdigest()


def create_views(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the views raw.contacts and raw.contacts_superseded over the files, and the table raw.contact_months.

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


def _stage(staged: Path, history: Path, reading: Reading, number: int, only: Collection[date] | None) -> Added:
    """Write the files of one delivery below `staged`, of some months or all, as they follow on those of `history`."""
    with opened(reading, staged) as connection:
        parts = split(connection, reading.received_at, mask)
        delivered = staged / f"{number}.delivered"
        _copy(connection, _last_rows(connection, number), delivered)
        connection.execute(
            f"create temp view delivered as from read_parquet({literal(delivered)}, hive_partitioning = false)"
        )
        by_month = dict(
            connection.execute("select report_month, count(*) from delivered group by all order by all").fetchall()
        )
        connection.execute(
            f"create temp view earlier as select * from ({_select(history, CONTACTS, COLUMNS[CONTACTS])})"
            f" where delivery_number <> {number}"
        )
        corrected = _corrected(connection, by_month)
        moved = _supersede(connection, number, by_month)
        lost = _months_of(connection, "superseded")
        for table, relation, found in ((CONTACTS, "delivered", list(by_month)), (SUPERSEDED, "superseded", lost)):
            for month in found:
                if only is None or month in only:
                    target = staged / table / f"report_month={month}" / f"{number}.parquet"
                    target.parent.mkdir(parents=True, exist_ok=True)
                    rows = f"select * exclude (report_month) from {relation} where report_month = date '{month}'"
                    _copy(connection, rows, target)
        touched = sorted({*by_month, *lost})
        delivered.unlink()
    repeated = parts.valid - sum(by_month.values())
    return Added(touched, parts.received, parts.valid, parts.quarantined, parts.refused, repeated, corrected, moved)


def _last_rows(connection: duckdb.DuckDBPyConnection, number: int) -> str:
    """The query of the delivery's last valid row of each contact, by month and in the order received."""
    connection.execute(
        f"""
        create temp table repeated as
        select contact_id, max(row_number) as last_row from {VALID} group by contact_id having count(*) > 1
        """
    )
    return f"""
        select
            cast(date_trunc('month', moment) as date) as report_month, contact_id, moment as occurred_at,
            municipality_code, office, visitor_group, channel,
            cast({number} as bigint) as delivery_number, row_number
        from {VALID}
        left join repeated using (contact_id)
        where last_row is null or last_row = row_number
        order by report_month, row_number
        """


def _corrected(connection: duckdb.DuckDBPyConnection, by_month: Mapping[date, int]) -> int:
    """How many contacts of the delivery stand in the same month already."""
    if not by_month:
        return 0
    listed = ", ".join(f"date '{month}'" for month in by_month)
    return int(
        connection.execute(
            f"""
            select count(*) from delivered
            semi join (select report_month, contact_id from earlier where report_month in ({listed})) as earlier
                on delivered.report_month = earlier.report_month and delivered.contact_id = earlier.contact_id
            """
        ).fetchall()[0][0]
    )


def _supersede(connection: duckdb.DuckDBPyConnection, number: int, by_month: Mapping[date, int]) -> int:
    """Make the table `superseded`: contacts that stand in two months, and the later delivery, by the month that lost.

    Returns how many contacts of the delivery that are.
    """
    # One month alone need not be read again.
    elsewhere = f"earlier.report_month <> date '{next(iter(by_month))}'" if len(by_month) == 1 else "true"
    connection.execute(
        f"""
        create temp table superseded as
        select distinct
            if(earlier.delivery_number < {number}, earlier.report_month, delivered.report_month) as report_month,
            delivered.contact_id,
            greatest(earlier.delivery_number, {number}) as delivery_number
        from delivered
        inner join earlier
            on delivered.contact_id = earlier.contact_id and delivered.report_month <> earlier.report_month
        where {elsewhere}
        order by all
        """
    )
    return int(connection.execute("select count(distinct contact_id) from superseded").fetchall()[0][0])


def _months_of(connection: duckdb.DuckDBPyConnection, relation: str) -> list[date]:
    found = connection.execute(f"select distinct report_month from {relation} order by all").fetchall()
    return [month for (month,) in found]


def _copy(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    connection.execute(f"copy ({query}) to {text_literal(str(target))} (format parquet, compression zstd)")


def _select(folder: Path, table: str, columns: Mapping[str, str]) -> str:
    """The query of all files of a table; of no row, with the same columns, if there are none."""
    if not any(_files(folder, table=table)):
        return f"select {', '.join(f'cast(null as {kind}) as {name}' for name, kind in columns.items())} where false"
    files = text_literal(f"{glob.escape(str(folder))}/{table}/report_month=*/*.parquet")
    return (
        f"select {', '.join(columns)} from"
        f" read_parquet({files}, hive_partitioning = true, hive_types = {{'report_month': date}})"
    )


def _files(folder: Path, month: date | None = None, table: str | None = None) -> Iterator[Path]:
    """The files of one month or all, of one table or both, in order."""
    for each in (table,) if table else COLUMNS:
        yield from sorted((folder / each).glob(f"report_month={month or '*'}/*.parquet"))


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
    for file in list(_files(staged)):
        target = folder / file.relative_to(staged)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
    for each in left:
        (folder / each).unlink()
        if not any((folder / each).parent.iterdir()):
            (folder / each).parent.rmdir()
