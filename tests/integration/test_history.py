"""Old runs go with their events, logs and files; what assets still refer to stays."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration import history
from orchestration.definitions import defs
from orchestration.history import prune

NOW = datetime.now(UTC)
MONTHS = dg.StaticPartitionsDefinition(["2020-01", "2020-02"])


@dg.asset(partitions_def=MONTHS)
def month() -> None:
    """A month that is delivered once."""


@dg.asset(check_specs=[dg.AssetCheckSpec("is_sound", asset="table")])
def table() -> dg.MaterializeResult:
    """A table that every night makes, and checks."""
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True)])


@pytest.fixture
def instance(own_data_folder: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.get() as found:
        yield found


def run_of(asset: dg.AssetsDefinition, instance: dg.DagsterInstance, partition: str | None = None) -> str:
    return dg.materialize([asset], instance=instance, partition_key=partition).run_id


def test_old_runs_go_but_the_latest_of_each_asset_and_partition(instance: dg.DagsterInstance) -> None:
    first, second = (run_of(month, instance, each) for each in ("2020-01", "2020-02"))
    nights = [run_of(table, instance) for _ in range(3)]
    home = Path(os.environ["DAGSTER_HOME"])
    assert {each.stem for each in home.glob("history/runs/*.db")} >= {first, second, *nights}

    assert prune(instance, NOW, 1) == []
    assert set(prune(instance, NOW + timedelta(days=2), 1)) == set(nights[:2])

    assert {each.run_id for each in instance.get_runs()} == {first, second, nights[2]}
    assert {each.stem for each in home.glob("history/runs/*.db")} == {"index", first, second, nights[2]}
    assert not instance.all_logs(nights[0])
    assert instance.get_materialized_partitions(month.key) == {"2020-01", "2020-02"}
    event = instance.get_latest_materialization_event(table.key)
    assert event is not None
    assert event.run_id == nights[2]
    assert checked_in(instance) == [nights[2]]
    assert prune(instance, NOW + timedelta(days=2), 1) == []
    assert (home / "history" / "runs" / "index.db-wal").stat().st_size == 0


def checked_in(instance: dg.DagsterInstance) -> list[str]:
    """The runs, the latest first, whose results of the table's check are kept."""
    (check,) = table.check_keys
    return [each.run_id for each in instance.event_log_storage.get_asset_check_execution_history(check, limit=10)]


def test_results_of_checks_that_removed_runs_left_behind_go_too(instance: dg.DagsterInstance) -> None:
    old, latest = (run_of(table, instance) for _ in range(2))
    instance.delete_run(old)
    assert checked_in(instance) == [latest, old]
    assert prune(instance, NOW, 1) == []
    assert checked_in(instance) == [latest]


def test_a_run_that_is_not_finished_stays(instance: dg.DagsterInstance) -> None:
    job = defs.resolve_job_def("nightly")
    waiting = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED).run_id
    assert prune(instance, NOW + timedelta(days=1000), 1) == []
    assert instance.has_run(waiting)


def test_the_job_removes_what_is_older_than_told(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    old, latest = (run_of(table, instance) for _ in range(2))
    job = defs.resolve_job_def("prune_history")
    assert job.execute_in_process(instance=instance).success
    assert instance.has_run(old)
    later = type("Later", (datetime,), {"now": classmethod(lambda *_: NOW + timedelta(days=91))})
    monkeypatch.setattr(history, "datetime", later)
    assert job.execute_in_process(instance=instance).success
    assert (instance.has_run(old), instance.has_run(latest)) == (False, True)


def test_days_that_are_none_are_refused(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARVARO_KEEP_RUNS_DAYS", "0")
    job = defs.resolve_job_def("prune_history")
    assert not job.execute_in_process(instance=instance, raise_on_error=False).success
