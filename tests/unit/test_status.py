"""`narvaro status`, and the metrics for Prometheus: what they say of nights and releases, on small made-up ones."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner, Result

from orchestration import paths
from orchestration.cli import app
from orchestration.deliveries import Deliveries, Delivery, Kind, Status
from orchestration.metrics_file import write_metrics
from orchestration.monitoring import FailedCheck, LatestNight, in_words
from orchestration.published import PARTS, Published, Release
from orchestration.status_command import WORDS, parse_age

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)
FIRST, SECOND = "20261121T041500Z-00000001", "20261122T041500Z-00000002"
TABLES = """
    create schema core; create schema kpi; create schema meta;
    create table kpi.overview (as_of date, offices int, staffed int, travel_to int, closed_offices int,
        collaborations_in_use_min int, collaborations_in_use_max int, service_centres int,
        municipalities_with_office int);
    insert into kpi.overview values ('2018-12-31', 238, 93, 46, 0, 0, 0, 0, 218);
    create table kpi.agreement_completion (as_of date, basis text);
    create table meta.document (as_of date);
    insert into meta.document values ('2019-02-28'), ('2021-03-15');
    create table meta.quarantine (rows bigint);
    insert into meta.quarantine values (2), (40);
    create table core.fct_registration (report_month date);
    create table core.fct_contact_month (report_month date);
    insert into core.fct_contact_month values ('2021-04-01');
"""
WARNING = FailedCheck(asset="kpi.presence", name="offices_never_grow", severity="warning", description="3 do")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NARVARO_DATA", str(tmp_path))
    return tmp_path


def release(release_id: str) -> Release:
    """A small release, sealed and switched in."""
    published = Published.here()
    draft = published.new_draft()
    with duckdb.connect(str(draft / "narvaro.duckdb")) as connection:
        connection.execute(TABLES)
    for part in PARTS:
        if not (draft / part).exists():
            (draft / part).write_text(part, "utf-8")
    facts = {
        "release_id": release_id,
        "contract_version": "1.2",
        "code_version": "0.1.0",
        "released_at": "2026-11-21T04:15:00+00:00",
    }
    sealed = published.seal(draft, facts)
    published.switch_to(sealed)
    return sealed


def good_night(ago: timedelta = HOUR, release_id: str = FIRST, checks_failed: int = 0) -> None:
    """What a release leaves behind, before the night has ended."""
    Published.here().write_status(
        {
            "outcome": "released",
            "release_id": release_id,
            "run_id": "a run",
            "finished_at": (NOW - ago).isoformat(),
            "checks_passed": 236,
            "checks_failed": checks_failed,
        }
    )


def end_of_night(ago: timedelta = HOUR, outcome: str = "released", **more: Any) -> None:
    """What a night leaves behind when it ends."""
    LatestNight.model_validate(
        {
            "run_id": "a run",
            "outcome": outcome,
            "started_at": NOW - ago - timedelta(seconds=90),
            "finished_at": NOW - ago,
            "checks_passed": 236,
            **more,
        }
    ).write()


def test_a_published_file_that_cannot_be_read_is_told_with_all_else() -> None:
    database = release(FIRST).database
    good_night()
    end_of_night()
    database.chmod(0o644)
    with database.open("r+b") as file:
        file.truncate(5000)
    told = status("--max-age", "26h")
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    assert first_line(told).startswith("OK: last good night")
    assert "The published file cannot be read" in told.output
    assert "narvaro run makes the release anew" in " ".join(told.output.split())
    assert f"Latest night     a run: {WORDS['released']}" in told.output


def status(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["status", *arguments])


def first_line(told: Result) -> str:
    return told.output.splitlines()[0]


def metrics() -> dict[tuple[str, ...], float]:
    """Those of the data folder as it is now."""
    write_metrics()
    return written_metrics()


def written_metrics() -> dict[tuple[str, ...], float]:
    """The values of the metrics file, by name and the values of the labels."""
    text = (Published.here().folder / "metrics.prom").read_text("utf-8")
    return {
        (sample.name.removeprefix("narvaro_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("26h", timedelta(hours=26)),
        ("90m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("1d12h", timedelta(days=1, hours=12)),
        ("1d2h3m", timedelta(days=1, hours=2, minutes=3)),
    ],
)
def test_an_age_is_written_in_days_hours_and_minutes(text: str, age: timedelta) -> None:
    assert parse_age(text) == age


@pytest.mark.parametrize("text", ["", "26", "h", "26 h", "-1h", "1.5h", "12h1d", "0h", "26s", "9999999999d"])
def test_another_age_is_wrong_usage(text: str) -> None:
    told = status("--max-age", text)
    assert told.exit_code == 2
    assert "expected an age such as" in told.output


def test_a_good_night_that_is_young_enough_is_well() -> None:
    release(FIRST)
    good_night()
    end_of_night()
    told = status("--max-age", "26h")
    assert told.exit_code == 0
    assert first_line(told).startswith("OK: last good night ")
    assert re.search(rf" UTC, 1 h( \d+ min)? ago; published {FIRST}$", first_line(told))


def test_a_night_that_found_nothing_new_counts_as_good() -> None:
    good_night()
    end_of_night(outcome="nothing_new")
    assert status("--max-age", "26h").exit_code == 0


def test_a_good_night_that_is_too_old_is_not_well() -> None:
    good_night(27 * HOUR)
    end_of_night(27 * HOUR)
    told = status("--max-age", "26h")
    assert told.exit_code == 1
    assert first_line(told).startswith("NOT OK: the last good night was 1 d 3 h ago, more than 1 d 2 h; ")
    assert status("--max-age", "28h").exit_code == 0
    assert status().exit_code == 0


def test_the_answer_needs_neither_dagster_nor_dbt_nor_pandas() -> None:
    """Each takes a second or more to import, and a monitor asks often."""
    asked = "import sys, orchestration.cli; print({'dagster', 'dbt', 'pandas', 'pandera'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=paths.ROOT)
    assert loaded.stdout == "set()\n"


def test_no_night_at_all_is_not_well(data: Path) -> None:
    told = status("--max-age", "26h")
    assert told.exit_code == 1
    assert first_line(told) == "NOT OK: no night was good yet"
    assert list(data.iterdir()) == []


@pytest.mark.parametrize(("outcome", "said"), [("refused", "was refused"), ("failed", "failed")])
def test_a_bad_night_after_a_good_one_is_not_well_whatever_its_age(outcome: str, said: str) -> None:
    good_night(2 * HOUR)
    end_of_night(HOUR, outcome, errors=["documents.yml is missing:\nsee the register"])
    told = status("--max-age", "26h")
    assert told.exit_code == 1
    assert first_line(told).startswith(f"NOT OK: the latest night {said}; documents.yml is missing:; last good night ")
    assert status().exit_code == 1


def test_a_good_night_after_a_bad_one_is_well_again() -> None:
    end_of_night(2 * HOUR, "failed")
    good_night()
    end_of_night()
    assert status("--max-age", "26h").exit_code == 0


def test_a_warning_is_a_failed_check_and_is_named_as_a_warning() -> None:
    good_night()
    end_of_night(failed_checks=[WARNING])
    told = status("--max-age", "26h")
    assert told.exit_code == 1
    assert first_line(told).startswith("NOT OK: failed checks: kpi.presence: offices_never_grow (warning); ")
    assert "! kpi.presence: offices_never_grow failed (warning): 3 do" in told.output
    assert status().exit_code == 0, "a release with a warning is a good one"


def test_of_many_failed_checks_the_line_names_the_first() -> None:
    checks = [FailedCheck(asset="kpi.visits", name=f"check_{number}", severity="error") for number in range(7)]
    end_of_night(outcome="refused", failed_checks=checks)
    line = first_line(status("--max-age", "26h"))
    assert "kpi.visits: check_4 (error) and 2 more" in line
    assert "check_5" not in line


def test_a_night_that_was_killed_after_its_release_is_good() -> None:
    """Its release may be switched in already, while the record on disk is still that of a bad night before."""
    end_of_night(20 * HOUR, "failed")
    good_night()
    assert status("--max-age", "26h").exit_code == 0


def test_a_good_night_that_left_no_record_is_judged_by_the_checks_of_its_status() -> None:
    good_night(checks_failed=2)
    told = status("--max-age", "26h")
    assert told.exit_code == 1
    assert first_line(told).startswith("NOT OK: failed checks: 2 (warning); ")


def test_status_names_the_release_that_is_read_and_the_one_that_was_rolled_back() -> None:
    older = release(FIRST)
    release(SECOND)
    good_night(release_id=SECOND)
    end_of_night()
    Published.here().roll_back(older)
    said = f"{FIRST} (rolled back; of the last good night: {SECOND})"
    told = status("--max-age", "26h")
    assert told.exit_code == 0
    assert first_line(told).endswith(f"published {said}")
    assert f"Published        {said}" in told.output.replace("\n(", " (").replace("night:\n", "night: ")


def test_metrics_say_how_night_and_release_are() -> None:
    release(FIRST)
    good_night()
    end_of_night(failed_checks=[WARNING])
    Deliveries.here().add(
        Delivery(
            delivery_number=1,
            name="2021-04.csv",
            sha256="0" * 64,
            size_bytes=1,
            kind=Kind.CONTACTS,
            received_at=NOW,
            status=Status.REFUSED,
        )
    )
    found = metrics()
    assert found["last_good_night_timestamp_seconds",] == (NOW - HOUR).timestamp()
    assert found["latest_night_timestamp_seconds",] == (NOW - HOUR).timestamp()
    assert (found["latest_night_success",], found["latest_night_duration_seconds",]) == (1, 90)
    checks = {result: found["latest_night_checks", result] for result in ("passed", "warning", "error")}
    assert checks == {"passed": 236, "warning": 1, "error": 0}
    assert found["release_info", "0.1.0", "1.2", FIRST] == 1
    assert found["release_timestamp_seconds",] == datetime(2026, 11, 21, 4, 15, tzinfo=UTC).timestamp()
    assert (found["releases_kept",], found["releases_held_back",]) == (1, 0)
    assert found["published_bytes",] == Release(Published.here().folder / "releases" / FIRST).size
    assert (found["table_rows", "meta.document"], found["table_rows", "core.fct_registration"]) == (2, 0)
    assert found["quarantined_rows",] == 42
    assert (found["deliveries", "refused"], found["deliveries", "accepted"]) == (1, 0)
    assert found["data_newest_timestamp_seconds", "documents"] == datetime(2021, 3, 15, tzinfo=UTC).timestamp()
    assert found["data_oldest_timestamp_seconds", "contacts"] == datetime(2021, 4, 1, tzinfo=UTC).timestamp()
    assert ("data_newest_timestamp_seconds", "registrations") not in found


def test_the_page_on_monitoring_names_every_metric_that_is_written_and_no_other() -> None:
    release(FIRST)
    good_night()
    end_of_night()
    written = {f"narvaro_{name}" for name, *_ in metrics()}
    page = (paths.ROOT / "docs" / "monitoring.md").read_text("utf-8")
    assert set(re.findall(r"\bnarvaro_\w+", page)) == written
    rules = yaml.safe_load(page.split("```yaml\n")[1].split("```")[0])["groups"][0]["rules"]
    assert all(re.search(r"\bnarvaro_\w+", rule["expr"]) for rule in rules)


def test_metrics_of_a_bad_first_night_say_so_and_claim_no_release() -> None:
    end_of_night(outcome="failed")
    found = metrics()
    assert found["latest_night_success",] == 0
    assert found["releases_kept",] == 0
    assert {name for name, *_ in found}.isdisjoint({"last_good_night_timestamp_seconds", "release_info", "table_rows"})


def test_metrics_follow_a_rollback() -> None:
    release(FIRST)
    release(SECOND)
    good_night(release_id=SECOND)
    assert metrics()["release_info", "0.1.0", "1.2", SECOND] == 1
    done = CliRunner().invoke(app, ["rollback", FIRST])
    assert done.exit_code == 0, done.output
    found = written_metrics()
    assert found["release_info", "0.1.0", "1.2", FIRST] == 1
    assert ("release_info", "0.1.0", "1.2", SECOND) not in found
    assert found["releases_held_back",] == 1


def test_records_are_replaced_in_one_step_and_leave_nothing_beside_them() -> None:
    end_of_night()
    end_of_night(outcome="refused")
    metrics()
    metrics()
    assert [file.name for file in paths.latest_night_file().parent.iterdir()] == ["latest_night.json"]
    assert sorted(file.name for file in Published.here().folder.iterdir()) == ["metrics.prom", "releases"]


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=-30), "0 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=26, minutes=10), "1 d 2 h"),
        (timedelta(days=3), "3 d"),
        (timedelta(hours=3, minutes=12), "3 h 12 min"),
    ],
)
def test_ages_are_told_in_two_units(span: timedelta, said: str) -> None:
    assert in_words(span) == said
