"""How long contacts take, and in how much memory: twelve months taken in, one month corrected, everything made anew.

Each step is a process of its own, so that its peak of memory is its own too. Prints seconds, processor seconds (which a
busy machine changes less) and the peak of memory (MiB); then the same work in frames, on fewer rows, for comparison:
pandas and polars hash with Python's hmac, since neither has one.

    .venv/bin/python tests/benchmarks/contacts.py [ROWS] [ROWS_IN_FRAMES]
"""

import calendar
import hashlib
import hmac
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from orchestration.contact_months import add, create_views, months, rebuild
from sources.registration_statistics.contacts import Reading, engine, pseudonymise
from tests.feeds.contacts import Contacts, write

KEY = b"only for benchmarks"
RECEIVED_AT = datetime(2021, 1, 5, tzinfo=UTC)
MONTHS = [date(2020, number, 1) for number in range(1, 13)]
CORRECTED = MONTHS[4]

Measured = tuple[float, float, float]
"""Seconds, processor seconds, MiB."""


def made(folder: Path, rows: int) -> None:
    """A file for each month, a corrected one for one of them, and one of half the rows in a single csv."""
    each = rows // len(MONTHS)
    for at, first in enumerate(MONTHS):
        days = calendar.monthrange(first.year, first.month)[1]
        write(folder / f"{at + 1}.parquet", Contacts(each, first, days, at * each, repeat_every=50, unknown_every=5000))
        if first == CORRECTED:
            write(folder / "13.parquet", Contacts(each, first, days, at * each, repeat_every=70, unknown_every=5000))
    write(folder / "half.csv", Contacts(rows // 2, MONTHS[0], 366, repeat_every=50, unknown_every=5000))
    write(folder / "half.parquet", Contacts(rows // 2, MONTHS[0], 366, repeat_every=50, unknown_every=5000))


def accepted(folder: Path, name: str, number: int, feeds: str = "feeds") -> None:
    """One delivery, from the received file to its months."""
    pseudonymise(folder / name, name, KEY, folder / f"{name}.stored")
    add(folder / feeds, Reading(folder / f"{name}.stored", RECEIVED_AT), number)


def twelve_months(folder: Path) -> None:
    """All deliveries, one by one."""
    for number in range(1, len(MONTHS) + 1):
        accepted(folder, f"{number}.parquet", number)


def everything_anew(folder: Path) -> None:
    """All months from what was stored, and counted."""
    deliveries = {
        number: Reading(folder / f"{number}.parquet.stored", RECEIVED_AT) for number in range(1, len(MONTHS) + 2)
    }
    rebuild(folder / "feeds", months(folder / "feeds"), deliveries)
    counted(folder, MONTHS)


def one_month_corrected(folder: Path) -> None:
    """One month delivered again, and counted."""
    accepted(folder, "13.parquet", 13)
    counted(folder, [CORRECTED])


def counted(folder: Path, of: list[date]) -> None:
    """Contacts by municipality, group and channel, as the last rows say."""
    listed = ", ".join(f"date '{each}'" for each in of)
    with engine(folder) as connection:
        create_views(connection, folder / "feeds")
        connection.execute(
            f"""
            create table contact_month as
            with last_rows as (
                select report_month, contact_id, max((delivery_number, row_number)) as latest
                from raw.contacts where report_month in ({listed}) group by all
            )
            select report_month, municipality_code, visitor_group, channel, count(*) as contacts
            from raw.contacts inner join last_rows using (report_month, contact_id)
            where report_month in ({listed}) and (delivery_number, row_number) = latest
                and not exists (
                    select 1 from raw.contacts_superseded as lost
                    where lost.report_month = contacts.report_month and lost.contact_id = contacts.contact_id
                        and lost.delivery_number > contacts.delivery_number
                )
            group by all
            """
        )


def in_pandas(folder: Path) -> None:
    """The same rows, hashed, the last of each contact, by month, in a frame of pandas."""
    import pandas as pd

    frame = pd.read_parquet(folder / "few.parquet")
    frame["contact_id"] = [
        hmac.new(KEY, each.encode(), hashlib.sha256).hexdigest()[:32] for each in frame["contact_id"]
    ]
    frame["occurred_at"] = pd.to_datetime(frame["occurred_at"])
    frame = frame[frame["channel"] != "fax"].drop_duplicates("contact_id", keep="last")
    frame["report_month"] = frame["occurred_at"].dt.strftime("%Y-%m-01")
    frame.to_parquet(folder / "pandas", partition_cols=["report_month"])


def in_polars(folder: Path) -> None:
    """The same in a frame of polars."""
    import polars as pl

    frame = pl.read_parquet(folder / "few.parquet")
    hashed = [hmac.new(KEY, each.encode(), hashlib.sha256).hexdigest()[:32] for each in frame["contact_id"]]
    frame = frame.with_columns(pl.Series("contact_id", hashed), pl.col("occurred_at").str.to_datetime())
    frame = frame.filter(pl.col("channel") != "fax").unique("contact_id", keep="last", maintain_order=True)
    for (month,), rows in frame.group_by(pl.col("occurred_at").dt.truncate("1mo")):
        rows.write_parquet(folder / f"polars-{month:%Y-%m}.parquet")


def _measure(work: Callable[..., None], arguments: tuple[Any, ...], results: Any) -> None:
    started = time.monotonic()
    work(*arguments)
    used = resource.getrusage(resource.RUSAGE_SELF)
    results.put((time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))


def measured(name: str, rows: int, work: Callable[..., None], *arguments: Any) -> Measured:
    """Run the work in a process of its own and print what it took."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_measure, args=(work, arguments, results))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{name} failed")
    found: Measured = results.get()
    print(f"{name:52} {rows:12,} rows {found[0]:8.1f} s {found[1]:8.1f} s of processor {found[2]:8.0f} MiB", flush=True)
    return found


def main(rows: int, few: int) -> None:
    """Run every step in order and print the ratios."""
    each = rows // len(MONTHS)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made(folder, rows)
        write(folder / "few.parquet", Contacts(few, MONTHS[0], 366, repeat_every=50, unknown_every=5000))
        measured("half in one csv, taken in", rows // 2, accepted, folder, "half.csv", 1, "csv")
        measured("half in one Parquet, taken in", rows // 2, accepted, folder, "half.parquet", 1, "parquet")
        measured("twelve Parquet files, taken in one by one", rows, twelve_months, folder)
        one = measured("one month corrected, taken in and counted", each, one_month_corrected, folder)
        everything = measured("every month made anew and counted", rows, everything_anew, folder)
        ours = measured("few rows, taken in", few, accepted, folder, "few.parquet", 1, "few")
        pandas = measured("few rows, pandas", few, in_pandas, folder)
        polars = measured("few rows, polars", few, in_polars, folder)
    print(f"everything / one month: {everything[1] / one[1]:.1f} of processor, {everything[0] / one[0]:.1f} of time")
    for tool, found in (("pandas", pandas), ("polars", polars)):
        print(f"{tool} / ours: {found[1] / ours[1]:.1f} of processor, {found[2] / ours[2]:.1f} of memory")


if __name__ == "__main__":
    main(*(int(each) for each in (*sys.argv[1:], "20000000", "2000000")[:2]))
