"""From raw tables of feeds, filled by hand, to the published tables: contacts, registrations, visits, criteria."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import duckdb
import pytest

from orchestration import paths
from orchestration.contact_months import COLUMNS
from orchestration.feed_tables import RAW_FEED_TABLES
from tests.integration.conftest import DONE, GoodNight, run_dbt, use_data_folder

FIRST = """
    insert into raw.deliveries values
        ('d1', 1, 'inskrivna.csv', 'a', 10, 'registrations', 'registrations', null, '2021-03-02 01:00', 'accepted',
         null, 583, 581, 2),
        ('d2', 2, 'kontakter.parquet', 'b', 20, 'contacts', 'contacts', null, '2021-03-02 01:01', 'accepted',
         null, 8, 8, 0),
        ('d3', 3, 'kontakter.xls', 'c', 0, 'contacts', null, null, '2021-03-02 01:02', 'refused',
         'The file is empty.', null, null, null);
    insert into raw.feed_quarantine values
        ('d1', 'registrations', 'municipality_known', 'No such municipality.', 2, '["Lule"]', '2021-03-02');
    -- 100 jobseekers in every municipality, 5 000 in Eda, which has no staffed office; in February one is withheld.
    insert into raw.registrations
    select 'd1', 1, 'registrations', null, row_number() over (), report_month, 'municipality', null,
        municipality_code, 'all', case municipality_code when '1730' then 5000 else 100 end,
        case municipality_code when '1730' then 5000 else 100 end, false
    from raw.municipalities, (values (date '2020-09-01'), (date '2021-02-01')) as months (report_month);
    update raw.registrations set registered_min = 0, registered_max = 4, is_suppressed = true
    where municipality_code = '2580' and report_month = '2021-02-01';
    insert into raw.registrations values
        ('d1', 1, 'registrations', null, 900, '2020-09-01', 'rest', '25', null, 'all', 10, 10, false);
    insert into raw.contact_months values ('2020-09-01', 'one'), ('2020-10-01', 'one'), ('2021-02-01', 'one');
    -- In September one contact has two rows: the second tells of another channel.
    insert into raw.contacts values
        ('2020-09-01', '2580', 'over_55', 'phone', 2, 1, 1),
        ('2020-09-01', '2580', 'over_55', 'visit_booked', 2, 1, 0),
        ('2020-09-01', '2580', null, 'visit_drop_in', 2, 1, 0),
        ('2020-09-01', '0180', null, 'chat', 2, 1, 0),
        ('2020-09-01', '1730', null, 'visit_drop_in', 2, 12, 0),
        ('2020-10-01', '0180', null, 'chat', 2, 1, 0),
        ('2021-02-01', '2580', null, 'visit_booked', 2, 1, 0),
        ('2021-02-01', '0180', null, 'visit_booked', 2, 2, 0)
"""
LATER = """
    -- February changes: one contact more, and one that moves to September, which changes too. October is withdrawn.
    update raw.contact_months set fingerprint = 'two' where report_month in ('2021-02-01', '2020-09-01');
    delete from raw.contact_months where report_month = '2020-10-01';
    delete from raw.contacts where report_month = '2020-10-01';
    insert into raw.contacts values
        ('2021-02-01', '0180', null, 'visit_booked', 4, 0, 1),
        ('2020-09-01', '0180', null, 'visit_booked', 4, 1, 0),
        ('2021-02-01', '2580', null, 'visit_booked', 4, 1, 0)
"""
UNTOLD = "insert into raw.contacts values ('2021-02-01', '2580', null, 'visit_booked', 5, 1, 0)"


@dataclass(frozen=True)
class Warehouse:
    """A build file of its own, whose raw tables of feeds can be changed."""

    file: Path

    def execute(self, sql: str) -> None:
        with duckdb.connect(str(self.file)) as connection:
            connection.execute(sql)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def build(self, *selected: str, full_refresh: bool = False) -> None:
        """Build and test what the feeds reach, as a night does."""
        flags = ["--full-refresh"] if full_refresh else []
        results = run_dbt("build", "--exclude", "resource_type:unit_test", *flags, "--select", *selected)
        assert [f"{each.node.name}: {each.message}" for each in results if each.status not in DONE] == []

    def contacts(self) -> list[tuple[Any, ...]]:
        """What is counted before anything is withheld."""
        return self.query(
            "select report_month::varchar, municipality_code, visitor_group, channel, contacts"
            " from intermediate.int_contact_month where municipality_code is not null order by all"
        )


REACHED = [f"stg_{table}+" for table in (*RAW_FEED_TABLES, *COLUMNS, "contact_months")]


@pytest.fixture(scope="module")
def fed(good_night: GoodNight, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The good night's build file with feeds in it, built. Later tests change it."""
    data = tmp_path_factory.mktemp("fed") / "data"
    (data / "build").mkdir(parents=True)
    copy(good_night.data / "build" / "narvaro.duckdb", data / "build")
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        use_data_folder(patch, data)
        warehouse = Warehouse(paths.build_file())
        for table, columns in COLUMNS.items():  # a night makes views over files of them
            listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            warehouse.execute(f"drop view raw.{table}; create table raw.{table} ({listed})")
        warehouse.execute(FIRST)
        warehouse.build(*REACHED)
        yield warehouse
    os.environ.clear()
    os.environ.update(before)


def test_each_contact_counts_once_in_its_month_and_group(fed: Warehouse) -> None:
    assert fed.contacts() == [
        ("2020-09-01", "0180", "all", "chat", 1),
        ("2020-09-01", "1730", "all", "visit_drop_in", 12),
        ("2020-09-01", "2580", "all", "visit_booked", 1),
        ("2020-09-01", "2580", "all", "visit_drop_in", 1),
        ("2020-09-01", "2580", "over_55", "visit_booked", 1),
        ("2020-10-01", "0180", "all", "chat", 1),
        ("2021-02-01", "0180", "all", "visit_booked", 2),
        ("2021-02-01", "2580", "all", "visit_booked", 1),
    ]


@pytest.mark.parametrize(
    ("month", "scope", "code", "channel", "expected"),
    [
        ("2020-09-01", "municipality", "1730", "all", (12, 12, 12, 5000, 0.24)),
        ("2020-09-01", "municipality", "1730", "phone", (0, 0, 0, 5000, 0.0)),
        ("2020-09-01", "municipality", "2580", "all", (None, 2, 8, 100, None)),
        ("2020-09-01", "county", "25", "all", (None, 2, 8, 1410, None)),
        ("2020-09-01", "county", "17", "all", (12, 12, 12, 6500, 0.184615)),
        ("2020-09-01", "national", "SE", "all", (17, 14, 20, 33910, 0.050133)),
        ("2020-10-01", "national", "SE", "chat", (None, 1, 4, None, None)),
        ("2021-02-01", "national", "SE", "all", (None, 2, 8, None, None)),
        ("2019-01-01", "national", "SE", "all", (None, None, None, None, 24.0)),
    ],
)
def test_rates_follow_from_contacts_and_registrations_where_both_are_known(
    fed: Warehouse, month: str, scope: str, code: str, channel: str, expected: tuple[float | None, ...]
) -> None:
    found = fed.query(
        "select visits, visits_min, visits_max, registered, round(visits_per_100, 6) from kpi.visits"
        f" where visitor_group = 'all' and report_month = '{month}' and scope = '{scope}' and scope_code = '{code}'"
        f" and channel = '{channel}'"
    )
    assert found == [expected]


def test_a_withheld_number_leaves_bounds_in_every_area_that_holds_it(fed: Warehouse) -> None:
    assert fed.query(
        """select scope, registered, registered_min, registered_max, is_suppressed from kpi.visits
           where report_month = '2021-02-01' and visitor_group = 'all' and channel = 'all'
           and scope in ('county', 'municipality') and scope_code in ('2580', '25') order by all"""
    ) == [
        ("county", None, 1300, 1304, True),
        ("municipality", None, 0, 4, True),
    ]


def test_registrations_judge_the_threshold_by_the_last_month_that_is_over(fed: Warehouse) -> None:
    judged = fed.query(
        """select municipality, verdict, evidence from kpi.criteria
           where criterion = 'staffed_office_above_threshold' and document_id = 'af-final-report-2020-10-23'
           and municipality in ('Eda', 'Munkfors', 'Kiruna') order by all"""
    )
    assert judged == [
        ("Eda", "not_met", "No staffed office. 5000 registered in 2020-09, more than 4000."),
        ("Kiruna", "met", "Staffed: Af Kiruna. Met whatever the number registered."),
        ("Munkfors", "met", "No staffed office. 100 registered in 2020-09, not more than 4000: none is asked for."),
    ]


def test_deliveries_and_refused_rows_are_published_without_their_values(fed: Warehouse) -> None:
    assert fed.query("select delivery_id, status, status_sv from meta.delivery order by all") == [
        ("d1", "accepted", "Mottagen"),
        ("d2", "accepted", "Mottagen"),
        ("d3", "refused", "Avvisad"),
    ]
    assert fed.query("select source_row_id, document_id, value, rows, first_seen::varchar from meta.quarantine") == [
        ("d1:registrations:municipality_known", None, None, 2, "2021-03-02")
    ]


def test_the_calendar_ends_with_the_series_as_long_as_feeds_do_not_go_beyond_it(fed: Warehouse) -> None:
    assert fed.query("select min(date)::varchar, max(date)::varchar from core.dim_date") == [
        ("2018-12-31", "2022-01-01")
    ]


def test_only_changed_months_are_read_again_and_a_full_refresh_gives_the_same(fed: Warehouse) -> None:
    fed.execute(LATER)
    fed.build("stg_contact_months+1", "stg_contacts", "fct_contact_month")
    expected = [
        ("2020-09-01", "0180", "all", "chat", 1),
        ("2020-09-01", "0180", "all", "visit_booked", 1),
        ("2020-09-01", "1730", "all", "visit_drop_in", 12),
        ("2020-09-01", "2580", "all", "visit_booked", 1),
        ("2020-09-01", "2580", "all", "visit_drop_in", 1),
        ("2020-09-01", "2580", "over_55", "visit_booked", 1),
        ("2021-02-01", "0180", "all", "visit_booked", 1),
        ("2021-02-01", "2580", "all", "visit_booked", 2),
    ]
    assert fed.contacts() == expected
    fed.build("int_contact_month", "fct_contact_month", full_refresh=True)
    assert fed.contacts() == expected
    fed.execute(UNTOLD)
    fed.build("int_contact_month", "fct_contact_month")
    assert fed.contacts() == expected, "a month whose fingerprint stays is not read"
    fed.execute("delete from raw.contacts where delivery_number = 5")


@pytest.mark.parametrize(
    "before",
    [
        "alter table intermediate.int_contact_month drop column channel",
        "alter table intermediate.int_contact_month add column former varchar",
        "drop table intermediate.int_contact_month cascade",
        "delete from intermediate.int_contact_month",
    ],
)
def test_contacts_are_whole_whatever_the_model_was_before(fed: Warehouse, before: str) -> None:
    expected = fed.contacts()
    fed.execute(before)
    # Another shape means another model: its months carry another fingerprint.
    if before.startswith("alter"):
        fed.execute("update intermediate.int_contact_month set fingerprint = 'former' where fingerprint is not null")
    fed.build("int_contact_month", "fct_contact_month")
    assert fed.contacts() == expected
