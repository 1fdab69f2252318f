"""Files that are dropped: taken at night, published, corrected, and made anew, through the landing folder alone."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.deliveries import Deliveries
from orchestration.night import Night, run_night
from sources.geography import municipalities
from sources.sql import file_literal
from tests.feeds import contacts, mstatkommun, workbooks
from tests.feeds.samples import competitiveness, registrations, timeseries
from tests.integration.conftest import GoodNight, use_data_folder

KEY = "a key for contacts that are made up"
PERSONAL = "19121212-1212"
FIXTURES = Path(__file__).parents[1] / "fixtures"

# A bad file of every kind, and what must be said of it.
BAD = {
    "page.xlsx": (b"<html><body><table><tr><td>PERIOD</td></tr></table></body></html>", "HTML"),
    "empty.csv": (b"", "empty"),
    "renamed.csv": (b"month,municipality_code,group,registred\n2020-01,0180,all,5\n", "“registred”"),
    "cut.xlsx": (b"PK\x03\x04" + bytes(500), "cut.xlsx"),
    "personal.csv": (
        f"month,municipality_code,group,registered\n2020-01,0180,{PERSONAL},5\n".encode(),
        "personal identity number",
    ),
}


ODD = """it's a=b; "data" {x} 100%"""
"""The name of a folder that SQL, URLs and patterns could take for something else."""


@dataclass(frozen=True)
class Fed:
    """The state after two nights: one that took everything, and one that took a correction."""

    data: Path
    first: Night
    second: Night

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.data / "published" / "narvaro.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def drop(data: Path, kind: str, name: str, content: bytes | Path) -> Path:
    file = data / "landing" / kind / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        shutil.copyfile(content, file)
    else:
        file.write_bytes(content)
    return file


def drop_everything(data: Path, made: Path) -> None:
    """Every layout that README promises, and every kind of bad file."""
    made.mkdir()
    drop(data, "registrations", "registrations-2020.csv", registrations())
    drop(data, "registrations", "mstatkommun.xls", mstatkommun.write(made / "mstatkommun.xls"))
    drop(data, "registrations", "tid-2020-03.xlsx", workbooks.write_af_timeseries(made / "a.xlsx", timeseries()))
    drop(data, "registrations", "svag.xlsx", workbooks.write_af_competitiveness(made / "b.xlsx", competitiveness()))
    made_up = contacts.Contacts(20_000, date(2020, 1, 1), 60, repeat_every=100, unknown_every=1000)
    contacts.write(made / "contacts.parquet", made_up)
    drop(data, "contacts", "contacts.parquet", made / "contacts.parquet")
    drop(data, "documents", "without facts.pdf", FIXTURES / "appendices.pdf")
    for name, (content, _) in BAD.items():
        drop(data, "registrations", name, content)


@pytest.fixture(scope="module")
def fed(good_night: GoodNight, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fed]:
    folder = tmp_path_factory.mktemp("fed")
    data = folder / ODD / "data"
    copytree(good_night.data, data, symlinks=True)
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        use_data_folder(patch, data)
        patch.setenv("NARVARO_CONTACT_KEY", KEY)
        drop_everything(data, folder / "made")
        first = run_night()
        drop(
            data,
            "registrations",
            "registrations-2020 (2).csv",
            registrations({("2020-02", "2580"): "4321"}),
        )
        second = run_night()
        yield Fed(data, first, second)
    os.environ.clear()
    os.environ.update(before)


def told(night: Night) -> str:
    return "\n".join([*(str(check) for check in night.checks if not check.passed), *night.errors])


def test_a_night_with_good_and_bad_files_is_released(fed: Fed) -> None:
    assert fed.first.outcome == "released", told(fed.first)


def test_every_dropped_file_is_on_record(fed: Fed) -> None:
    found = dict(fed.ask("select name, status from meta.delivery where delivery_number <= 11"))

    assert found == {
        "without facts.pdf": "waiting",
        "registrations-2020.csv": "accepted",
        "mstatkommun.xls": "accepted",
        "tid-2020-03.xlsx": "accepted",
        "svag.xlsx": "accepted",
        "contacts.parquet": "accepted",
        **dict.fromkeys(BAD, "refused"),
    }


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_name_and_the_fault(fed: Fed, name: str) -> None:
    ((message,),) = fed.ask(f"select message from meta.delivery where name = '{name}'")

    assert message.startswith(name)
    assert BAD[name][1] in message


def test_files_leave_landing_but_those_that_wait_or_hold_personal_data(fed: Fed) -> None:
    left = {file.name for file in (fed.data / "landing").rglob("*") if file.is_file()}

    assert left == {"without facts.pdf", "personal.csv"}


def test_no_table_log_or_store_repeats_a_personal_identity_number(fed: Fed) -> None:
    texts = [PERSONAL.encode(), PERSONAL.replace("-", "").encode(), PERSONAL[2:].encode()]
    for file in fed.data.rglob("*"):
        if file.is_file() and file.name != "personal.csv":
            content = file.read_bytes()
            assert not any(text in content for text in texts), file


def test_no_plain_contact_id_is_kept(fed: Fed) -> None:
    for folder in ("store", "build", "published"):
        for file in (fed.data / folder).rglob("*"):
            assert not file.is_file() or b"SYN-" not in file.read_bytes(), file


def test_registrations_of_every_layout_are_published_with_bounds(fed: Fed) -> None:
    rows = fed.ask(
        """select report_month, layout, registered, registered_min, registered_max, is_suppressed
           from core.fct_registration where municipality_code in ('2403', '2580') and visitor_group = 'all'
           order by municipality_code, report_month"""
    )

    assert [(str(row[0]), *row[1:]) for row in rows if row[1] == "registrations"][:2] == [
        ("2020-01-01", "registrations", None, 0, 4, True),
        ("2020-02-01", "registrations", None, 0, 4, True),
    ]
    assert {row[1] for row in rows} == {"registrations", "mstatkommun", "af_timeseries"}
    weaker = fed.ask(
        "select distinct registered, layout from core.fct_registration where visitor_group = 'weaker_competitiveness'"
    )
    assert weaker == [(50, "af_competitiveness")]


def test_a_rest_row_counts_for_its_county_and_no_municipality(fed: Fed) -> None:
    ((municipal,),) = fed.ask(
        """select sum(registered) from core.fct_registration
           where visitor_group = 'all' and report_month = date '2020-03-01' and layout = 'af_timeseries'"""
    )
    bounds = fed.ask(
        """select registered_min, registered_max from core.fct_registration_total
           where scope = 'county' and scope_code = '25' and visitor_group = 'all'
             and report_month = date '2020-03-01'"""
    )

    assert bounds == [(municipal + 1, municipal + 4)], "the three are so few that their number is withheld"


def test_quarantined_rows_of_feeds_are_counted_by_rule(fed: Fed) -> None:
    rows = dict(
        fed.ask("select table_name || '.' || rule, \"rows\" from meta.quarantine where first_seen > '2021-01-01'")
    )

    assert rows["registrations.region_is_known"] == 1
    assert rows["contacts.channel_is_known"] == 20


def test_visits_are_published_for_every_scope_and_channel(fed: Fed) -> None:
    scopes = fed.ask(
        "select scope, count(distinct channel) from kpi.visits where visits is not null group by 1 order by 1"
    )

    assert [scope for scope, _ in scopes] == ["af_region", "county", "fa_region", "municipality", "national"]
    assert all(channels == 6 for _, channels in scopes)
    ((least, visits, most),) = fed.ask(
        """select sum(visits_min) filter (channel in ('visit_booked', 'visit_drop_in')),
                  sum(visits) filter (channel = 'all'),
                  sum(visits_max) filter (channel in ('visit_booked', 'visit_drop_in'))
           from kpi.visits where scope = 'national' and visitor_group = 'all'"""
    )
    assert least < visits < most


def test_what_was_released_of_small_counts_is_remembered_in_the_store(fed: Fed) -> None:
    months = fed.ask("select distinct report_month from core.fct_contact_month order by all")
    memory = fed.data / "store" / "disclosure"
    with duckdb.connect() as connection:
        months_file = file_literal(memory / "released_contact_months.parquet")
        remembered = connection.execute(
            f"select report_month from read_parquet({months_file}, hive_partitioning = false) order by all"
        ).fetchall()
        cells = [
            len(connection.execute(f"from {file_literal(memory / f'{table}.parquet')}").fetchall())
            for table in ("released_registrations", "released_pools")
        ]

    assert remembered == months
    assert min(cells) > 500


def test_a_correction_of_one_number_is_the_only_change(fed: Fed) -> None:
    assert fed.second.outcome == "released", told(fed.second)
    release = fed.second.release["release_id"]
    changes = dict(
        fed.ask(
            f"""select table_name, (added, removed, changed) from meta.change
                where release_id = '{release}' and table_name like 'core.%' and added + removed + changed > 0"""
        )
    )
    listed = fed.ask(
        f"""select kind, column_name, value_before, value_after from meta.changed_row
            where release_id = '{release}' and table_name = 'core.fct_registration' and column_name like 'registered%'
            order by column_name"""
    )

    assert changes["core.fct_registration"] == (0, 0, 1)
    assert set(changes) <= {"core.fct_registration", "core.fct_registration_total"}
    before = str(1000 + [each.municipality_code for each in municipalities()].index("2580"))
    assert listed == [("changed", name, before, "4321") for name in ("registered", "registered_max", "registered_min")]


def test_a_backfill_gives_the_same_tables_in_one_run(fed: Fed) -> None:
    import dagster as dg

    published = (fed.data / "published" / "current").resolve()

    done = CliRunner().invoke(app, ["backfill", "--from", "2020-01", "--to", "2020-03"])

    assert done.exit_code == 0, done.output
    assert "Nothing new" in done.output
    assert (fed.data / "published" / "current").resolve() == published
    with dg.DagsterInstance.get() as instance:
        runs = instance.get_runs(dg.RunsFilter(job_name="rebuild_months"))
        months = instance.get_materialized_partitions(dg.AssetKey(["feeds", "registrations"]))
    assert len(runs) == 1
    assert {"2017-06-01", "2020-01-01", "2020-02-01", "2020-03-01"} <= months


def test_status_shows_deliveries_and_what_waits(fed: Fed) -> None:
    shown = re.sub(r"\s+", " ", CliRunner().invoke(app, ["status", "--deliveries", "20"]).output)

    assert "tid-2020-03.xlsx af_timeseries accepted" in shown
    assert "In landing: documents/without facts.pdf, registrations/personal.csv" in shown


def test_a_dry_run_says_what_would_become_of_a_file_and_changes_nothing(fed: Fed, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_bytes(registrations({("2020-01", "0180"): "many"}))
    before = len(Deliveries.here().all())

    done = CliRunner().invoke(app, ["ingest", str(file), "--dry-run"])

    assert done.exit_code == 0, done.output
    assert "2 of 581 rows are in quarantine" in done.output
    assert "  registrations, registered_is_a_number_or_below_5: " in done.output
    assert "Nothing was changed." in done.output
    assert len(Deliveries.here().all()) == before
    assert file.exists()


def test_without_its_feeds_the_platform_says_what_the_documents_alone_say(fed: Fed, good_night: GoodNight) -> None:
    for each in Deliveries.here().in_use():
        done = CliRunner().invoke(app, ["withdraw", each.delivery_id, "--reason", "made up"])
        assert done.exit_code == 0, done.output

    night = run_night()

    assert night.outcome == "released", told(night)
    for published in sorted((good_night.published / "csv").glob("[ck]*.csv")):
        assert (fed.data / "published" / "csv" / published.name).read_text() == published.read_text(), published.name
