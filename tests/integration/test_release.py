"""The gate and the published file: what refuses a release, who can open it, who may run at the same time."""

import dataclasses
import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from typer.testing import CliRunner

from orchestration import release, release_file
from orchestration.checks import CheckResult, results_of_run
from orchestration.cli import app
from orchestration.definitions import defs, every_check
from orchestration.published import Published
from orchestration.resources import Warehouse
from tests.integration.conftest import GoodNight
from tests.integration.quick_release import exports_of

OLDEST_DUCKDB = "1.1.3"


@pytest.fixture
def quick(good_night: GoodNight, monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases have the workbook and the report of the good night."""
    for name, function in exports_of((good_night.published / "current").resolve()).items():
        monkeypatch.setattr(release, name, function)


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


def test_missing_links_and_parts_are_mended_by_the_next_release(later_night: GoodNight) -> None:
    (later_night.published / "csv").unlink()
    shutil.rmtree((later_night.published / "current" / "site").resolve())
    assert released_again()["outcome"] == "released"
    assert (later_night.published / "csv" / "kpi.presence.csv").exists()
    for page in ("data_docs/index.html", "site/index.html", "site/en/index.html", "site/data_docs/index.html"):
        assert (later_night.published / page).exists(), page


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

    with pytest.raises(dg.Failure, match=r"kpi.presence: \d+ rows in the release, \d+ in the build file"):
        release.make_release(Warehouse(), good_night.night.checks, "a run", Published.here())
    assert (good_night.published / "current").resolve() == before
    assert [
        folder.name for folder in (good_night.published / "releases").iterdir() if folder.name.startswith("draft")
    ] == []


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("part", ["write_site", "write_dbt_docs"])
def test_a_report_that_cannot_be_made_leaves_what_is_published(
    later_night: GoodNight, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    before, kept = Published.here().current, Published.here().releases()
    remembered = sorted((later_night.data / "store").rglob("*"))

    def broken(*_: object) -> None:
        raise LookupError("kpi.presence has no row for the nation")

    monkeypatch.setattr(release, part, broken)
    with pytest.raises(LookupError, match=r"kpi\.presence has no row for the nation"):
        released_again()
    assert (Published.here().current, Published.here().releases()) == (before, kept)
    assert [path.name for path in (later_night.published / "releases").glob("draft*")] == []
    assert sorted((later_night.data / "store").rglob("*")) == remembered, "what was not published is not remembered"


def release_step() -> dg.ExecuteInProcessResult:
    """The release alone, as Dagster runs it, as if every check had passed."""
    with pytest.MonkeyPatch.context() as patch, dg.DagsterInstance.get() as instance:
        patch.setattr(release, "results_of_run", lambda *_: [])
        return defs.resolve_implicit_global_asset_job_def().execute_in_process(
            asset_selection=[release.KEY, release.SITE_KEY], instance=instance, raise_on_error=False
        )


@pytest.mark.usefixtures("quick")
def test_a_night_whose_report_fails_is_mended_by_the_next_one(
    later_night: GoodNight, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "code_version", lambda: "0.0.0+other")
    with monkeypatch.context() as failing:
        failing.setattr(release, "write_site", lambda *_: 1 / 0)
        assert not release_step().success
    assert len(Published.here().releases()) == 1
    for made in ([release.SITE_KEY, release.KEY], [release.KEY]):  # the second time there is nothing new
        result = release_step()
        assert result.success
        assert [event.asset_key for event in result.get_asset_materialization_events()] == made
    assert len(Published.here().releases()) == 2


def test_the_report_is_an_asset_made_before_the_switch_and_only_with_a_release(good_night: GoodNight) -> None:
    (first,) = Published.here().releases()
    site = first.facts["site"]
    with dg.DagsterInstance.get() as instance:
        records = instance.fetch_materializations(release.SITE_KEY, limit=10).records
        made = instance.fetch_materializations(release.KEY, limit=10).records
    assert len(records) == 1
    assert records[0].storage_id < min(record.storage_id for record in made)
    (event,) = (record.asset_materialization for record in records)
    assert event is not None
    shown = {name: value.value for name, value in event.metadata.items()}
    assert {name: shown[name] for name in site} == site
    for page in ("page", "data_docs", "dbt_docs"):
        assert Path(str(shown[page])).is_file()
    assert site["size_bytes"] == sum(
        file.stat().st_size for file in (first.folder / "site").rglob("*") if file.is_file()
    )


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


def released_again(content: str = "0.0.0+again") -> dict[str, object]:
    """A further release of what stands in the build file, made by other code: the stage alone, without a night."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release, "code_version", lambda: content)
        return release.make_release(Warehouse(), [], "a run", Published.here())


@pytest.mark.usefixtures("quick")
def test_what_was_rolled_back_is_not_published_again_until_something_changes(later_night: GoodNight) -> None:
    published = Published.here()
    (first,) = published.releases()
    second = released_again("second")
    assert second["outcome"] == "released"
    published.roll_back(first)
    again = released_again("second")
    assert (again["outcome"], again["release_id"], again["held_back"]) == (
        *("nothing_new", first.release_id),
        second["release_id"],
    )
    third = released_again("third")
    assert (third["outcome"], third["held_back"]) == ("released", None)
    assert published.current == published.folder / "releases" / str(third["release_id"])
    with duckdb.connect(str(later_night.database), read_only=True) as connection:
        history = connection.execute("select release_id, previous_release_id from meta.release order by released_at")
        assert history.fetchall() == [(first.release_id, None), (third["release_id"], first.release_id)]


@pytest.mark.usefixtures("quick")
def test_only_the_newest_releases_are_kept_and_told_to_keep_fewer_a_night_makes_room_before_it_needs_it(
    later_night: GoodNight, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARVARO_KEEP_RELEASES", "3")
    made = [str(released_again(f"code {each}")["release_id"]) for each in range(3)]
    assert [each.release_id for each in Published.here().releases()] == made[::-1]
    assert len(set(made)) == 3, "two releases of one second have two ids"

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(release_file, "copy_published", full)
    monkeypatch.setenv("NARVARO_KEEP_RELEASES", "1")
    with pytest.raises(OSError, match="No space left"):
        released_again("code 3")
    assert [each.release_id for each in Published.here().releases()] == made[:0:-1], "the current one and that before"


@pytest.mark.parametrize("told", ["0", "-1", "many", "1.5"])
def test_a_number_of_kept_releases_that_is_none_is_refused(
    later_night: GoodNight, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    monkeypatch.setenv("NARVARO_KEEP_RELEASES", told)
    with pytest.raises(dg.Failure, match=f"NARVARO_KEEP_RELEASES must be a whole number, at least 1: it is '{told}'"):
        released_again()
    assert len(Published.here().releases()) == 1


@pytest.mark.usefixtures("quick")
def test_a_damaged_release_is_made_anew_though_nothing_is_new(later_night: GoodNight) -> None:
    made = released_again()
    csv = later_night.published / "csv" / "kpi.presence.csv"
    csv.chmod(0o644)
    csv.write_text("spoiled")
    mended = released_again()
    assert (mended["outcome"], mended["release_id"] != made["release_id"]) == ("released", True)
    assert released_again()["outcome"] == "nothing_new"


@pytest.mark.usefixtures("quick")
def test_releases_are_listed_compared_and_rolled_back_from_the_command_line(later_night: GoodNight) -> None:
    (first,) = Published.here().releases()
    with duckdb.connect(str(later_night.data / "build" / "narvaro.duckdb")) as connection:
        ((changed,),) = connection.execute(
            "update kpi.presence set staffed = staffed + 2 where scope = 'national' and staffed = 88"
        ).fetchall()
        connection.execute(
            "update kpi.criteria set evidence = repeat('närvaro ', 40)"
            " where assessment_id = (select min(assessment_id) from kpi.criteria)"
        )
    second = str(released_again()["release_id"])

    listed = json.loads(CliRunner().invoke(app, ["releases", "--format", "json"]).output)
    assert [(each["release_id"], each["state"]) for each in listed] == [(second, "current"), (first.release_id, "")]

    answer = json.loads(CliRunner().invoke(app, ["diff", "--format", "json", "--rows", "100"]).output)
    assert [(each["table_name"], each["changed"]) for each in answer["tables"] if each["changed"]] == [
        ("kpi.criteria", 1),
        ("kpi.presence", changed),
    ]
    text, *numbers = answer["values"]
    assert (text["column"], text["after"]) == ("evidence", "närvaro " * 40)
    assert {(each["column"], each["before"], each["after"], each["difference"]) for each in numbers} == {
        ("staffed", "88", "90", 2.0)
    }
    told = CliRunner().invoke(app, ["diff", first.release_id, second], env={"COLUMNS": "80"}).output
    assert max(map(len, told.splitlines())) <= 80
    assert f"    evidence  {text['before'][:40]}" in told
    assert " ".join(told.split()).count("närvaro") == 40
    assert "    staffed  88 → 90  (+2)" in told
    assert CliRunner().invoke(app, ["diff", "--table", "kpi.nothing"]).exit_code == 2

    rolled_back = CliRunner().invoke(app, ["rollback", "previous"])
    assert rolled_back.exit_code == 0
    assert f"Published  {first.release_id}, in place of {second}" in rolled_back.output
    metrics = (later_night.published / "metrics.prom").read_text("utf-8")
    assert f'release_id="{first.release_id}"' in metrics
    assert "narvaro_releases_held_back 1.0" in metrics
    states = json.loads(CliRunner().invoke(app, ["releases", "--format", "json"]).output)
    assert [each["state"] for each in states] == ["held back", "current"]
    assert CliRunner().invoke(app, ["rollback", "no such release"]).exit_code == 2


def test_tables_that_break_their_contract_are_not_released(later_night: GoodNight) -> None:
    before = Published.here().current
    with duckdb.connect(str(later_night.data / "build" / "narvaro.duckdb")) as connection:
        connection.execute("alter table kpi.overview drop column staffed")
    with pytest.raises(dg.Failure, match=r"kpi\.overview\.staffed was removed: needs contract version 3\.0"):
        released_again()
    assert Published.here().current == before


@pytest.mark.usefixtures("quick")
def test_a_release_whose_file_is_lost_goes_on_from_the_newest_whole_one(later_night: GoodNight) -> None:
    (first,) = Published.here().releases()
    second = str(released_again("second")["release_id"])
    (later_night.published / "releases" / second / "narvaro.duckdb").unlink()
    assert released_again("second")["outcome"] == "released"
    with duckdb.connect(str(later_night.database), read_only=True) as connection:
        history = connection.execute("select previous_release_id from meta.release order by released_at").fetchall()
    assert history == [(None,), (first.release_id,)]


def test_what_releases_without_protection_listed_of_small_counts_is_not_carried_on() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema meta;
            create table meta.release (release_id varchar, previous_release_id varchar, contract_version varchar);
            insert into meta.release values ('a', null, '1.2'), ('b', 'a', '2.0'), ('c', 'b', '2.0');
            create table meta.changed_row (release_id varchar, table_name varchar, value_before varchar);
            insert into meta.changed_row
            select release_id, table_name, '3'
            from meta.release cross join (values ('core.fct_registration'), ('core.dim_office')) as tables (table_name);
            """
        )
        connection.execute(release.FORGET_OPEN_COUNTS)
        left = connection.execute("select release_id, table_name from meta.changed_row order by all").fetchall()

    assert left == [
        ("a", "core.dim_office"),
        ("b", "core.dim_office"),
        ("c", "core.dim_office"),
        ("c", "core.fct_registration"),
    ]
