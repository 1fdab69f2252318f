"""Contacts that came month by month, that came at once, and that were built anew: the same tables, row for row."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from typing import Any

import duckdb
import pytest

from orchestration import contact_months, paths
from sources.problems import UnreadableFile
from sources.registration_statistics.contacts import Reading, pseudonymise
from tests.benchmarks.synthetic import contacts
from tests.benchmarks.synthetic.registrations import MONTHS, rate_of
from tests.disclosure.warehouse import CONTACTS
from tests.integration.conftest import DONE, GoodNight, run_dbt, use_data_folder

KEY = b"a key for contacts that are made up"
ROWS, SOME_MONTHS = 60_000, MONTHS[33:39]
RECEIVED_AT = datetime(2021, 1, 5, tzinfo=UTC)
TABLES = ("intermediate.int_contact_month", "core.fct_contact_month", "kpi.visits")

Tables = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Built:
    """The tables after each of the nights that took one month, and after all others."""

    months: list[Tables]
    unchanged: Tables
    anew: Tables
    at_once: Tables
    counted: list[tuple[Any, ...]]
    by_hand: list[tuple[Any, ...]]


def tables() -> Tables:
    with duckdb.connect(str(paths.build_file()), read_only=True) as connection:
        return {table: connection.execute(f"from {table} order by all").fetchall() for table in TABLES}


def night(deliveries: dict[int, Reading], new: list[int], *flags: str) -> Tables:
    """What a night does about contacts."""
    contact_months.add(paths.feeds_folder(), deliveries, new)
    with duckdb.connect(str(paths.build_file())) as connection:
        contact_months.create_views(connection, paths.feeds_folder())
    results = run_dbt("run", *flags, "--select", "int_contact_month", *CONTACTS)
    assert [f"{each.node.name}: {each.message}" for each in results if each.status not in DONE] == []
    return tables()


def begin(good_night: GoodNight) -> None:
    paths.build_file().parent.mkdir(parents=True)
    copy(good_night.data / "build" / "narvaro.duckdb", paths.build_file())
    with duckdb.connect(str(paths.build_file())) as connection:
        connection.execute(
            "insert into raw.deliveries (delivery_id, delivery_number, name, kind, received_at, status)"
            " values ('d1', 1, 'contacts', 'contacts', '2021-01-05', 'accepted')"
        )


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return contacts.write_received(tmp_path_factory.mktemp("received"), ROWS, SOME_MONTHS)


@pytest.fixture(scope="module")
def built(good_night: GoodNight, received: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    folder = tmp_path_factory.mktemp("built")
    stored = {}
    for at, file in enumerate(received, start=1):
        contacts.without_mark(file, folder / file.name)
        pseudonymise(folder / file.name, file.name, KEY, folder / f"{at}.stored")
        stored[at] = Reading(folder / f"{at}.stored", RECEIVED_AT)
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        use_data_folder(patch, folder / "by month")
        begin(good_night)
        months = [night({number: stored[number] for number in stored if number <= at}, [at]) for at in stored]
        unchanged = night(stored, [])
        anew = night(stored, [*stored], "--full-refresh")
        use_data_folder(patch, folder / "at once")
        begin(good_night)
        at_once = night(stored, [*stored])
        with duckdb.connect(str(paths.build_file()), read_only=True) as connection:
            counted = connection.execute(
                "select report_month::varchar, municipality_code, visitor_group, channel, contacts"
                " from intermediate.int_contact_month where municipality_code is not null order by all"
            ).fetchall()
        yield Built(months, unchanged, anew, at_once, counted, by_hand(stored))
    os.environ.clear()
    os.environ.update(before)


def by_hand(stored: dict[int, Reading]) -> list[tuple[Any, ...]]:
    """The counts from all rows at once: of each contact its last row that is known for what it is."""
    rows = " union all ".join(
        f"select {number} as delivery, file_row_number, * from read_parquet('{each.path}', file_row_number = true)"
        for number, each in stored.items()
    )
    with duckdb.connect() as connection:
        return connection.execute(
            f"""
            with last_rows as (
                from ({rows}) where municipality_code <> '9999' and channel <> 'fax'
                qualify row_number() over (partition by contact_id order by delivery desc, file_row_number desc) = 1
            ),
            groups as (
                select left(occurred_at, 7) || '-01' as month, municipality_code, 'all' as told, channel from last_rows
                union all
                select left(occurred_at, 7) || '-01', municipality_code, "group", channel
                from last_rows where "group" <> 'all'
            )
            select month, municipality_code, told, channel, count(*) from groups group by all order by all
            """
        ).fetchall()


def test_contacts_are_counted_as_by_hand(built: Built) -> None:
    assert built.counted == built.by_hand


def test_each_month_that_comes_changes_the_tables(built: Built) -> None:
    for table in TABLES:
        assert all(one[table] != other[table] for one, other in zip(built.months, built.months[1:], strict=False))


def test_a_night_without_a_delivery_changes_nothing(built: Built) -> None:
    assert built.unchanged == built.months[-1]


def test_a_full_build_gives_what_the_nights_gave(built: Built) -> None:
    assert built.anew == built.months[-1]


def test_deliveries_that_come_at_once_give_what_they_give_one_by_one(built: Built) -> None:
    assert built.at_once == built.months[-1]


def test_synthetic_contacts_are_refused_where_contacts_are_taken_in(received: list[Path], tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="generated"):
        pseudonymise(received[0], "contacts.parquet", KEY, tmp_path / "stored")
    assert not (tmp_path / "stored").exists()


def test_synthetic_rates_are_those_of_the_printed_table() -> None:
    printed = {"all": (24, 11), "establishment": (43, 21), "youth_guarantee": (46, 27)}
    for group, rates in printed.items():
        assert tuple(round(rate_of(group, month)) for month in (MONTHS[36], MONTHS[48])) == rates


def test_what_stands_for_stored_contacts_has_the_shape_of_stored_ones(received: list[Path], tmp_path: Path) -> None:
    contacts.without_mark(received[0], tmp_path / "received.parquet")
    pseudonymise(tmp_path / "received.parquet", "contacts.parquet", KEY, tmp_path / "ours")
    (made, *_) = contacts.write_stored(tmp_path / "made", ROWS, SOME_MONTHS)
    with duckdb.connect() as connection:
        ours, synthetic = (
            connection.execute(f"select * exclude (contact_id) from read_parquet('{file}')").fetchall()
            for file in (tmp_path / "ours", made)
        )
        kinds = [
            connection.execute(f"select distinct typeof(contact_id) from read_parquet('{file}')").fetchall()
            for file in (tmp_path / "ours", made)
        ]
    assert [row[:5] for row in synthetic] == ours
    assert {row[5] for row in synthetic} == {"true"}
    assert kinds == [[("UUID",)]] * 2
