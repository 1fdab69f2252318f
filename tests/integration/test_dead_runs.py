"""A run that was killed is told from one that lives, and reported as failed: it holds no place for a run any more."""

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._daemon.auto_run_reexecution.auto_run_reexecution import should_retry
from dagster._utils import get_run_crash_explanation
from filelock import FileLock

from orchestration import dead_runs
from orchestration.dead_runs import HAS_BUILD_FILE, PROCESS, end_dead_runs, process_tag
from orchestration.definitions import defs
from orchestration.night import step_errors
from orchestration.resources import Warehouse

NARVARO = Path(sys.executable).with_name("narvaro")


@pytest.fixture
def instance(own_data_folder: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.get() as found:
        yield found


HERE = "here"
"""The process of the test, in place of what a run's tag says."""


def begun(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, process: str = "", **tags: str) -> str:
    """A run as it stands in Dagster's storage; nothing runs. `process`: machine, id and start, as its tag has them."""
    job, run_id = defs.resolve_job_def("nightly"), str(uuid.uuid4())
    if process:
        tags[PROCESS] = process_tag(run_id)[PROCESS] if process == HERE else f"{process} {run_id}"
    return instance.create_run_for_job(job, run_id=run_id, status=status, tags=tags).run_id


def gone() -> str:
    """A process of this machine whose number came again."""
    machine, pid, *_ = process_tag("")[PROCESS].split()
    return f"{machine} {pid} 0.5"


def state(instance: dg.DagsterInstance, run_id: str) -> str:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status.value


def test_a_killed_night_is_reported_as_failed_and_a_living_one_is_not(instance: dg.DagsterInstance) -> None:
    night = subprocess.Popen([NARVARO, "run"], stdout=subprocess.DEVNULL)
    try:
        while not (runs := instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))):
            assert night.poll() is None
            time.sleep(0.1)
        assert end_dead_runs(instance, Warehouse().lock_file) == []
    finally:
        night.kill()
        night.wait()
    assert runs[0].tags[PROCESS].split()[1] == str(night.pid)

    assert end_dead_runs(instance, Warehouse().lock_file) == [runs[0].run_id]

    assert state(instance, runs[0].run_id) == "FAILURE"
    assert f"Its process ({night.pid}) ended without a word" in step_errors(instance, runs[0].run_id, [])[0]
    assert end_dead_runs(instance, Warehouse().lock_file) == []


def test_the_sensor_frees_the_place_of_a_dead_run(instance: dg.DagsterInstance) -> None:
    dead = begun(instance, dg.DagsterRunStatus.STARTED, gone())
    sensor = next(each for each in defs.sensors or [] if each.name == "dead_runs")
    assert isinstance(sensor, dg.SensorDefinition)

    told = sensor(dg.build_sensor_context(instance=instance))

    assert isinstance(told, dg.SkipReason)
    assert dead[:8] in str(told.skip_message)
    assert state(instance, dead) == "FAILURE"


def test_a_process_that_dagster_saw_ending_is_told_in_our_words_with_the_signal(instance: dg.DagsterInstance) -> None:
    run = instance.get_run_by_id(begun(instance, dg.DagsterRunStatus.STARTED))
    assert run is not None
    end = get_run_crash_explanation(f"Run execution process for {run.run_id}", -9)
    instance.report_engine_event(end, run)
    instance.report_run_failed(run)
    (told,) = step_errors(instance, run.run_id, [])
    assert told.startswith(
        "Its process ended without a word: it was terminated by signal 9 (SIGKILL). What is published"
    )

    unknown = instance.get_run_by_id(begun(instance, dg.DagsterRunStatus.STARTED))
    assert unknown is not None
    instance.report_run_failed(unknown)
    assert "word: it was killed, or the machine stopped. What" in step_errors(instance, unknown.run_id, [])[0]


def test_a_run_that_waits_or_that_dagster_is_starting_is_left_alone(instance: dg.DagsterInstance) -> None:
    waiting = [begun(instance, each) for each in (dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING)]
    here = begun(instance, dg.DagsterRunStatus.STARTED, HERE)
    assert end_dead_runs(instance, Warehouse().lock_file) == []
    assert [state(instance, each) for each in (*waiting, here)] == ["NOT_STARTED", "STARTING", "STARTED"]


def test_a_run_of_an_unknown_process_is_dead_when_it_is_old_and_the_warehouse_is_free(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = Warehouse().lock_file
    lock.parent.mkdir(parents=True)
    unknown = {
        begun(instance, dg.DagsterRunStatus.STARTED),
    }
    elsewhere = begun(instance, dg.DagsterRunStatus.STARTED, "another-machine 1 1.0")
    unknown.add(elsewhere)
    instance.add_run_tags(elsewhere, {HAS_BUILD_FILE: elsewhere})
    waiting = begun(instance, dg.DagsterRunStatus.STARTED, "another-machine 2 1.0")
    assert end_dead_runs(instance, lock) == []
    monkeypatch.setattr(dead_runs, "UNKNOWN_AFTER", timedelta(0))
    with FileLock(lock):
        assert end_dead_runs(instance, lock) == []
    assert set(end_dead_runs(instance, lock)) == unknown
    assert state(instance, waiting) == "STARTED"


def test_a_run_that_is_started_once_more_is_not_taken_for_the_dead_one_whose_tags_it_has(
    instance: dg.DagsterInstance,
) -> None:
    dead = begun(instance, dg.DagsterRunStatus.STARTED, gone())
    assert end_dead_runs(instance, Warehouse().lock_file) == [dead]
    parent = instance.get_run_by_id(dead)
    assert parent is not None
    again = begun(instance, dg.DagsterRunStatus.STARTED, **parent.tags)
    assert end_dead_runs(instance, Warehouse().lock_file) == []
    assert state(instance, again) == "STARTED"


def test_a_night_that_broke_down_is_tried_again_as_a_whole_and_one_with_a_failed_step_is_not(
    instance: dg.DagsterInstance,
) -> None:
    broken_down = begun(instance, dg.DagsterRunStatus.STARTED, gone())
    assert end_dead_runs(instance, Warehouse().lock_file) == [broken_down]

    @dg.op
    def wrong() -> None:
        raise dg.Failure("the register cannot be read")

    @dg.job
    def failing() -> None:
        wrong()

    failed = failing.execute_in_process(instance=instance, raise_on_error=False).run_id
    runs = {run_id: instance.get_run_by_id(run_id) for run_id in (broken_down, failed)}
    assert {run_id: run is not None and should_retry(run, instance) for run_id, run in runs.items()} == {
        broken_down: True,
        failed: False,
    }
    assert defs.resolve_job_def("nightly").tags["dagster/retry_strategy"] == "ALL_STEPS"


def test_the_next_run_ends_the_dead_ones_and_says_where_it_runs_itself(instance: dg.DagsterInstance) -> None:
    dead = begun(instance, dg.DagsterRunStatus.STARTED, gone())

    @dg.op
    def look(warehouse: Warehouse) -> None:
        assert warehouse.path.parent.exists()

    @dg.job(resource_defs={"warehouse": Warehouse()})
    def short() -> None:
        look()

    spilled = Warehouse().path.with_name("narvaro.duckdb.tmp") / "duckdb_temp_storage-0.tmp"
    spilled.parent.mkdir(parents=True)
    spilled.write_bytes(b"rows of a sort")
    done = short.execute_in_process(instance=instance)

    assert done.success
    assert state(instance, dead) == "FAILURE"
    run = instance.get_run_by_id(done.run_id)
    assert run is not None
    assert run.tags[PROCESS] == process_tag(run.run_id)[PROCESS]
    assert not spilled.parent.exists()
