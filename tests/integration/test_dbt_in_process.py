"""dbt in this process gives what dagster-dbt's own resource gives, and leaves nothing locked.

Belongs here: the resource, on a small project of its own. Does not belong here: the contents of the real project.
"""

import contextlib
import os
import signal
import subprocess
import sys
import sysconfig
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster_dbt import DbtCliResource, dbt_assets

from orchestration import paths
from orchestration.dbt_in_process import KEPT_TARGET_FOLDERS, InProcessDbt, with_metadata_of_tables

FILES = {
    "dbt_project.yml": """
        name: offices
        profile: offices
        version: "1.0"
        models: {offices: {+materialized: table}}
        flags: {send_anonymous_usage_stats: false}
    """,
    "profiles.yml": """
        offices:
          target: build
          outputs: {build: {type: duckdb, path: build.duckdb, threads: 1}}
    """,
    "seeds/visits.csv": """
        office,report_month,visits
        Kiruna,2024-01-01,3
        Kiruna,2024-02-01,5
        Boden,2024-01-01,8
    """,
    "models/stg_visits.sql": """
        {{ config(materialized='view') }}
        select office as office_name, cast(report_month as date) as report_month, visits as visit_count
        from {{ ref('visits') }}
    """,
    "models/fct_visits.sql": """
        select office_name, report_month, cast(visit_count as integer) as visit_count from {{ ref('stg_visits') }}
    """,
    "models/kpi_visits.sql": """
        select office_name, sum(visit_count) as visit_count
        {% if var('broken', false) %}, cast('twelve' as integer) as broken {% endif %}
        from {{ ref('fct_visits') }} group by office_name
    """,
    "models/kpi_offices.sql": "select count(*) as office_count from {{ ref('kpi_visits') }}",
    "models/slow.sql": """
        select max(sin(i)) as slow from range({{ var('rows', 1) }}) as numbers(i)
        where exists (select 1 from {{ ref('stg_visits') }})
    """,
    "models/models.yml": """
        models:
          - name: stg_visits
            columns: [{name: office_name, data_tests: [not_null]}]
          - name: fct_visits
            config: {contract: {enforced: true}}
            columns:
              - {name: office_name, data_type: varchar, constraints: [{type: not_null}]}
              - {name: report_month, data_type: date}
              - name: visit_count
                data_type: integer
                data_tests:
                  - accepted_values:
                      {name: few_visits, arguments: {values: [3, 5], quote: false}, config: {severity: warn}}
          - name: kpi_visits
            columns:
              - {name: office_name, data_tests: [unique]}
              - name: visit_count
                data_tests:
                  - accepted_values: {name: eight_visits, arguments: {values: [7], quote: false}}
        unit_tests:
          - name: visits_are_summed
            model: kpi_visits
            given: [{input: ref('fct_visits'), rows: [{office_name: Boden, visit_count: 1}]}]
            expect: {rows: [{office_name: Boden, visit_count: 2}]}
    """,
}
DBT = Path(sysconfig.get_path("scripts"), "dbt")
BUILD = ["build", "--exclude-resource-type", "unit_test"]
FEW_VISITS = dg.AssetSelection.checks(dg.AssetCheckKey(dg.AssetKey("fct_visits"), "few_visits"))


class Night:
    """One run of the small project's assets by one resource, and what Dagster heard of it."""

    def __init__(
        self, dbt: DbtCliResource, args: list[str] = BUILD, selection: Any = None, *, with_metadata: bool = True
    ) -> None:
        manifest = Path(dbt.project_dir, "target", "manifest.json")

        @dbt_assets(manifest=manifest)
        def offices(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
            events = dbt.cli(args, context=context).stream()
            yield from events.fetch_row_counts().fetch_column_metadata() if with_metadata else events

        started = time.perf_counter()
        result = dg.materialize([offices], resources={"dbt": dbt}, selection=selection, raise_on_error=False)
        self.seconds = time.perf_counter() - started
        self.success = result.success
        events = [event.step_materialization_data for event in result.get_asset_materialization_events()]
        materializations = [event.materialization for event in events]
        self.tables = {event.asset_key.to_user_string(): event.metadata for event in materializations}
        self.order = list(self.tables)
        self.checks = sorted(
            (check.asset_key.to_user_string(), check.check_name, check.passed, check.severity.value)
            for check in result.get_asset_check_evaluations()
        )
        self.failures = [
            (data.error.cause or data.error).cls_name
            for data in (event.step_failure_data for event in result.all_events if event.is_step_failure)
            if data.error
        ]

    def metadata(self, name: str) -> dict[str, Any]:
        return {table: metadata[name].value for table, metadata in self.tables.items() if name in metadata}

    @property
    def schemas(self) -> dict[str, Any]:
        return self.metadata("dagster/column_schema")

    @property
    def lineages(self) -> dict[str, Any]:
        lineages = self.metadata("dagster/column_lineage").items()
        return {
            table: {column: sorted(map(repr, deps)) for column, deps in lineage.deps_by_column.items()}
            for table, lineage in lineages
        }

    @property
    def row_counts(self) -> dict[str, Any]:
        return self.metadata("dagster/row_count")

    @property
    def heard(self) -> dict[str, Any]:
        return {
            "order": self.order,
            "checks": self.checks,
            "failures": self.failures,
            "schemas": self.schemas,
            "lineages": self.lineages,
            "row_counts": self.row_counts,
            "metadata": {table: sorted(metadata) for table, metadata in self.tables.items()},
        }


def written_by_another_process(database: Path) -> bool:
    code = (
        f"import duckdb; duckdb.connect({os.fspath(database)!r}).execute('create or replace table other as select 1')"
    )
    return subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def written_project(root: Path) -> Path:
    """The project of FILES with its manifest, built as far as fct_visits."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text).strip() + "\n")
    profile = (root / "profiles.yml").read_text()
    (root / "profiles.yml").write_text(profile.replace("build.duckdb", os.fspath(root / "build.duckdb")))
    InProcessDbt(root).cli(["build", "--select", "+fct_visits"], target_path=root / "target").wait()
    return root


@pytest.fixture(autouse=True)
def quiet_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NARVARO_DBT", "DBT_TARGET_PATH", "DBT_PROFILES_DIR", "DBT_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NARVARO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    monkeypatch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return written_project(tmp_path / "in_process")


@pytest.fixture
def in_process(project: Path) -> InProcessDbt:
    return InProcessDbt(project)


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[DbtCliResource]:
    """dagster-dbt's own resource, in a project of its own: it leaves the database open, and another folder current."""
    with contextlib.chdir(os.curdir):
        yield DbtCliResource(written_project(tmp_path / "stock"), dbt_executable=DBT)


@pytest.mark.parametrize(
    ("args", "selection", "expected"),
    [
        pytest.param(BUILD, None, {"tables": 5, "checks": 4, "failures": 1}, id="all_assets_with_a_failing_test"),
        pytest.param(BUILD, ["stg_visits", "fct_visits"], {"tables": 2, "checks": 2, "failures": 0}, id="some_assets"),
        pytest.param(BUILD, FEW_VISITS, {"tables": 0, "checks": 1, "failures": 0}, id="one_check"),
        pytest.param(
            [*BUILD, "--vars", "{broken: true}"], None, {"tables": 4, "checks": 2, "failures": 1}, id="broken_model"
        ),
    ],
)
def test_dagster_hears_the_same_as_from_the_stock_resource(
    stock: DbtCliResource, in_process: InProcessDbt, args: list[str], selection: Any, expected: dict[str, int]
) -> None:
    by_stock, by_us = Night(stock, args, selection), Night(in_process, args, selection)
    print(f"stock {by_stock.seconds:.1f} s, in process {by_us.seconds:.1f} s")
    assert by_us.heard == by_stock.heard
    heard = {"tables": len(by_us.order), "checks": len(by_us.checks), "failures": len(by_us.failures)}
    assert heard == expected


def test_tables_carry_what_is_said_of_their_rows_and_what_cannot_be_said_fails_nothing(
    project: Path, in_process: InProcessDbt
) -> None:
    def describe(address: str, rows: Callable[[str], Any]) -> dict[str, Any]:
        if address == "main.kpi_visits":
            return {"first": rows("select * from main.kpi_visits order by all limit 1")}
        return {"last": rows("select * from main.nowhere")} if address == "main.kpi_offices" else {}

    @dbt_assets(manifest=project / "target" / "manifest.json")
    def offices(context: dg.AssetExecutionContext, dbt: InProcessDbt) -> Iterator[Any]:
        events = dbt.cli(["run"], context=context).stream().fetch_row_counts()
        yield from with_metadata_of_tables(events, describe)

    result = dg.materialize([offices], resources={"dbt": in_process}, selection=["kpi_visits", "kpi_offices"])
    said = {
        event.asset_key.to_user_string(): {name: value.value for name, value in event.materialization.metadata.items()}
        for event in result.get_asset_materialization_events()
        if event.asset_key
    }
    assert said["kpi_visits"]["first"] == [{"office_name": "Boden", "visit_count": 8}]
    assert "last" not in said["kpi_offices"]
    assert said["kpi_offices"]["dagster/row_count"] == 1
    assert written_by_another_process(project / "build.duckdb")


def test_nothing_stays_locked_and_the_second_night_is_like_the_first(project: Path, in_process: InProcessDbt) -> None:
    nights = []
    for _ in range(2):
        nights.append(Night(in_process))
        assert written_by_another_process(project / "build.duckdb")
    assert nights[1].heard == nights[0].heard
    assert len(nights[1].schemas) == len(nights[1].lineages) + 1 == 5  # a seed has no lineage
    assert nights[1].row_counts == {"visits": 3, "fct_visits": 3, "kpi_visits": 2, "slow": 1}


def test_lineage_through_an_ephemeral_model_is_left_out_without_a_warning(
    project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = project / "models" / "stg_visits.sql"
    model.write_text(model.read_text().replace("view", "ephemeral"))
    dbt = InProcessDbt(project)
    dbt.cli(["parse"], target_path=project / "target").wait()
    night = Night(dbt)
    assert {"fct_visits", "kpi_visits"} <= set(night.schemas)
    assert "fct_visits" not in night.lineages
    assert night.lineages["kpi_visits"]["office_name"]
    assert [each.message for each in caplog.records if each.levelname == "WARNING" and "lineage" in each.message] == []


def test_environment_and_working_directory_are_as_before(in_process: InProcessDbt) -> None:
    before = dict(os.environ), Path.cwd()
    Night(in_process)
    assert (dict(os.environ), Path.cwd()) == before


def test_exit_codes_are_those_of_dbt(in_process: InProcessDbt) -> None:
    def code(*args: str) -> int:
        return in_process.cli(args, raise_on_error=False).process.wait()

    assert [code("seed"), code("build"), code("build", "--no-such-option")] == [0, 1, 2]


def test_only_the_latest_target_folders_are_kept(project: Path, in_process: InProcessDbt) -> None:
    invocations = [in_process.cli(["ls"]).wait() for _ in range(KEPT_TARGET_FOLDERS + 2)]
    assert not invocations[0].target_path.exists()
    assert invocations[-1].get_artifact("manifest.json")["metadata"]["project_name"] == "offices"
    assert len(list(paths.dbt_invocations_folder().iterdir())) == KEPT_TARGET_FOLDERS + 1
    assert (project / "target" / "manifest.json").exists()


def test_dbt_runs_once_at_a_time(in_process: InProcessDbt, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = in_process.cli(["ls"]), in_process.cli(["ls"])
    with monkeypatch.context() as patch:
        patch.setattr("dbt.cli.main.dbtRunner.invoke", lambda *_: second.wait())
        with pytest.raises(RuntimeError, match="once at a time"):
            first.wait()
    assert second.is_successful()


def logs_of(dbt: DbtCliResource) -> list[Path]:
    folder = paths.dbt_invocations_folder() if isinstance(dbt, InProcessDbt) else Path(dbt.project_dir, "target")
    return list(folder.glob("**/offices-*/dbt.log"))


def test_an_interrupt_stops_dbt_and_frees_the_database(stock: DbtCliResource, in_process: InProcessDbt) -> None:
    def night_interrupted_in_slow(dbt: DbtCliResource, *, with_metadata: bool) -> Night:
        def interrupt() -> None:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                logs = set(logs_of(dbt)) - old_logs
                if any("On model.offices.slow" in log.read_text() for log in logs):
                    time.sleep(0.5)
                    os.kill(os.getpid(), signal.SIGINT)
                    return
                time.sleep(0.1)

        old_logs = set(logs_of(dbt))
        thread = threading.Thread(target=interrupt)
        thread.start()
        night = Night(dbt, [*BUILD, "--vars", "{rows: 100000000000}"], with_metadata=with_metadata)
        thread.join()
        assert night.failures == [DagsterExecutionInterruptedError.__name__]
        assert written_by_another_process(Path(dbt.project_dir, "build.duckdb"))
        return night

    by_stock = night_interrupted_in_slow(stock, with_metadata=False)
    assert night_interrupted_in_slow(in_process, with_metadata=False).heard == by_stock.heard
    assert by_stock.order
    # The stock resource, asked for metadata, waits for the end of dbt before it heeds the interrupt.
    assert night_interrupted_in_slow(in_process, with_metadata=True).seconds < 30


@pytest.mark.parametrize("by_setting", [True, False])
def test_the_stock_way_is_one_setting_away(project: Path, monkeypatch: pytest.MonkeyPatch, by_setting: bool) -> None:
    monkeypatch.setenv("NARVARO_DBT", "" if by_setting else "stock")
    dbt = InProcessDbt(project, stock=by_setting)
    monkeypatch.setattr("dbt.cli.main.dbtRunner.invoke", lambda *_: pytest.fail("not a subprocess"))
    night = Night(dbt, BUILD, ["visits"])
    assert night.success
    assert night.row_counts == {"visits": 3}
    assert written_by_another_process(project / "build.duckdb")
