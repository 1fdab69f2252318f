"""The gate and the published file: what refuses a release, who can open it, who may run at the same time."""

import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from filelock import FileLock
from typer.testing import CliRunner

from orchestration import release
from orchestration.checks import CheckResult, results_of_run
from orchestration.cli import app
from orchestration.definitions import every_check
from orchestration.night import run_night
from orchestration.published import Published
from tests.integration.conftest import GoodNight

OLDEST_DUCKDB = "1.1.3"


def test_gate_refuses_a_check_that_did_not_run(good_night: GoodNight) -> None:
    ran = [check for check in good_night.night.checks if check.name != "stated_rows_are_there"]
    with dg.DagsterInstance.get() as instance:
        checks = results_of_run(instance, "no such run", every_check())
    assert {check.passed for check in checks} == {None}
    assert len(checks) == len(good_night.night.checks)
    missing = dataclasses.replace(good_night.night.checks[0], passed=None)
    with pytest.raises(dg.Failure, match=f"1 checks forbid it:\n.*{missing.name} did not run"):
        release.refuse_if_blocked([*ran, missing])


def test_gate_lets_warnings_pass_and_stops_errors() -> None:
    warning = CheckResult("soft", "kpi.presence", "suite", "warning", passed=False)
    release.refuse_if_blocked([warning])
    with pytest.raises(dg.Failure, match=r"kpi\.presence: hard failed .error.: 3 of 5"):
        release.refuse_if_blocked(
            [warning, CheckResult("hard", "kpi.presence", "dbt", "error", passed=False, description="3 of 5")]
        )


def test_only_one_run_holds_the_warehouse(good_night: GoodNight) -> None:
    with FileLock(good_night.data / "build" / "narvaro.lock"):
        night = run_night()
    assert night.outcome == "failed"
    assert "Another run holds narvaro.duckdb: one night at a time" in "\n".join(night.errors)


def test_links_stay_fixed_and_one_rename_switches(tmp_path: Path) -> None:
    published = Published(tmp_path)
    for release_id in ("first", "second"):
        folder = published.named(published.new_draft(), release_id)
        (folder / "narvaro.duckdb").write_text(release_id)
        published.switch_to(folder)
        assert (tmp_path / "narvaro.duckdb").read_text() == release_id
        assert (tmp_path / "narvaro.duckdb").readlink() == Path("current/narvaro.duckdb")
        assert (tmp_path / "current").readlink() == Path("releases") / release_id


def test_missing_links_and_parts_are_mended_by_the_next_night(later_night: GoodNight) -> None:
    (later_night.published / "csv").unlink()
    shutil.rmtree(later_night.published / "current" / "data_docs")
    night = run_night()
    assert night.outcome == "released"
    assert (later_night.published / "csv" / "kpi.presence.csv").exists()
    assert (later_night.published / "data_docs" / "index.html").exists()


def test_oldest_promised_duckdb_reads_the_published_file(good_night: GoodNight, tmp_path: Path) -> None:
    installed = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(tmp_path), f"duckdb=={OLDEST_DUCKDB}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if installed.returncode:
        pytest.skip(f"duckdb {OLDEST_DUCKDB} cannot be installed here: {installed.stderr.strip().splitlines()[-1]}")
    reads = (
        "import duckdb, sys; assert duckdb.__version__ == sys.argv[1], duckdb.__version__\n"
        "with duckdb.connect(sys.argv[2], read_only=True) as connection:\n"
        "    tables = connection.execute('select schema_name, table_name from duckdb_tables() order by all')\n"
        "    for schema, table in tables.fetchall():\n"
        '        print(schema, table, len(connection.execute(f\'select * from "{schema}"."{table}"\').fetchall()))\n'
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", reads, OLDEST_DUCKDB, str(good_night.database)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()
        counts = [
            f"{schema} {table} {len(connection.execute(f'select * from {schema}.{table}').fetchall())}"
            for schema, table in tables
        ]
    assert found.stdout.splitlines() == counts


def test_release_of_a_file_that_lost_rows_is_refused(good_night: GoodNight, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (good_night.published / "current").resolve()
    monkeypatch.setattr(release, "CONTRACT_VERSION", "1.0-lossy")
    copy = release.release_file.copy_published

    def lossy(build: Path, target: Path) -> object:
        tables = copy(build, target)
        with duckdb.connect(str(target)) as connection:
            connection.execute("delete from kpi.presence where scope = 'national'")
        return tables

    monkeypatch.setattr(release.release_file, "copy_published", lossy)
    from orchestration.resources import Warehouse

    with pytest.raises(dg.Failure, match=r"kpi.presence: \d+ rows in the release, \d+ in the build file"):
        release.make_release(Warehouse(), good_night.night.checks, "a run", Published.here())
    assert (good_night.published / "current").resolve() == before
    assert [
        folder.name for folder in (good_night.published / "releases").iterdir() if folder.name.startswith("draft")
    ] == []


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [(["run", "--documents", "no such folder"], 2), (["run", "--no-such-option"], 2), (["no-such-command"], 2)],
)
def test_wrong_usage_exits_with_2(arguments: list[str], exit_code: int) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == exit_code


def test_status_of_a_new_checkout_says_what_to_do(own_data_folder: Path) -> None:
    told = CliRunner().invoke(app, ["status"])
    assert told.exit_code == 0
    assert "Nothing is published yet" in told.output
    assert not (own_data_folder / "published").exists()


def test_refused_run_exits_with_1_and_says_why(later_night: GoodNight, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "documents.yml").write_text("documents: [", "utf-8")
    told = CliRunner().invoke(app, ["run", "--documents", str(folder)])
    assert told.exit_code == 1
    assert "documents.yml, line" in told.output.replace("\n", "")
    assert "what is published stays as it was" in told.output
    assert later_night.database.exists()
