"""Runs that are started at the same moment have the build file one after the other; whoever is in the way is named."""

import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import duckdb
import pytest
from dagster._daemon.auto_run_reexecution.auto_run_reexecution import should_retry
from filelock import FileLock

from orchestration import paths
from orchestration.dead_runs import HAS_BUILD_FILE, process_tag
from orchestration.definitions import defs
from orchestration.monitoring import LatestNight
from orchestration.night import run_night
from orchestration.one_at_a_time import wait_until_closed
from orchestration.resources import Warehouse
from tests.integration.conftest import GoodNight

NARVARO = Path(sys.executable).with_name("narvaro")
A_SECOND = "0.017"


@pytest.fixture
def instance(own_data_folder: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.get() as found:
        yield found


@dg.op
def look(warehouse: Warehouse) -> None:
    """Have the build file for a moment."""


@dg.job(resource_defs={"warehouse": Warehouse()})
def short() -> None:
    look()


def told_by(instance: dg.DagsterInstance, run_id: str) -> str:
    """What the run wrote into its log, and why it failed."""
    entries = instance.all_logs(run_id)
    errors = [
        cause.message
        for each in entries
        if each.dagster_event and (error := getattr(each.dagster_event.event_specific_data, "error", None))
        for cause in (error, error.cause)
        if cause
    ]
    return "\n".join([*(each.user_message for each in entries), *errors])


def run_short(instance: dg.DagsterInstance) -> tuple[bool, str]:
    done = short.execute_in_process(instance=instance, raise_on_error=False)
    return done.success, told_by(instance, done.run_id)


def after_two_seconds(do: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(2, do)
    timer.start()
    return timer


@contextmanager
def opened_by_somebody(file: Path, *, read_only: bool = True) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that has a DuckDB file open."""
    reads = (
        f"import duckdb, sys; held = duckdb.connect({str(file)!r}, read_only={read_only}); print(flush=True); input()"
    )
    somebody = subprocess.Popen([sys.executable, "-c", reads], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert somebody.stdout
        assert somebody.stdout.readline() == b"\n"
        yield somebody
    finally:
        somebody.kill()
        somebody.communicate()


def test_a_run_waits_for_the_one_before_it_and_says_so_once(instance: dg.DagsterInstance) -> None:
    lock = FileLock(Warehouse().lock_file, thread_local=False)  # another thread lets go of it
    paths.build_file().parent.mkdir(parents=True)
    lock.acquire()
    timer = after_two_seconds(lambda: lock.release(force=True))
    success, told = run_short(instance)
    timer.join()
    assert success
    assert told.count("Waiting for ") == 1
    assert "for at most 60 minutes" in told


def test_a_run_that_waited_in_vain_names_the_one_that_has_the_file(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARVARO_WAIT_MINUTES", A_SECOND)
    paths.build_file().parent.mkdir(parents=True)
    holder, waiting = (str(uuid.uuid4()) for _ in range(2))
    by_schedule = {HAS_BUILD_FILE: holder, "dagster/schedule_name": "every_night"}
    for run_id, tags in ((holder, by_schedule), (waiting, {HAS_BUILD_FILE: holder})):
        instance.create_run_for_job(
            defs.resolve_job_def("nightly"),
            run_id=run_id,
            status=dg.DagsterRunStatus.STARTED,
            tags={**process_tag(run_id), **tags},
        )
    with FileLock(Warehouse().lock_file):
        success, told = run_short(instance)
    assert not success
    assert (
        f"Another run has narvaro.duckdb, one at a time: "
        f"run {holder[:8]} (nightly, by the schedule every_night, process {os.getpid()})." in told
    )
    assert waiting[:8] not in told
    (given_up,) = instance.get_runs(dg.RunsFilter(job_name="short"))
    assert not should_retry(given_up, instance)


def test_a_run_waits_for_a_person_who_has_the_build_file_open(instance: dg.DagsterInstance) -> None:
    assert run_short(instance)[0]
    with opened_by_somebody(paths.build_file()) as somebody:
        timer = after_two_seconds(somebody.kill)
        success, told = run_short(instance)
        timer.join()
    assert success
    assert told.count("Waiting for at most 60 minutes: narvaro.duckdb is open elsewhere") == 1
    assert f"process {somebody.pid} of user " in told


@pytest.mark.parametrize("read_only", [True, False])
def test_a_night_that_waited_for_a_person_in_vain_is_a_failed_one_and_names_the_program(
    later_night: GoodNight, monkeypatch: pytest.MonkeyPatch, read_only: bool
) -> None:
    monkeypatch.setenv("NARVARO_WAIT_MINUTES", A_SECOND)
    with opened_by_somebody(paths.build_file(), read_only=read_only) as somebody:
        night = run_night()
    assert night.outcome == "failed"
    (error,) = night.errors
    assert f"narvaro.duckdb is open elsewhere (process {somebody.pid} of user " in error
    assert "python" in error
    assert "should open the published file" in error
    on_record = LatestNight.here()
    assert on_record is not None
    assert on_record.outcome == "failed"
    assert on_record.run_id == night.run_id


def test_a_run_may_last_as_long_as_it_waits_and_two_hours(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARVARO_WAIT_MINUTES", "180")
    assert run_short(instance)[0]
    (run,) = instance.get_runs()
    assert run.tags["dagster/max_runtime"] == str(2 * 3600 + 2 * 3 * 3600)


def test_a_run_that_was_ended_from_outside_still_waits_for_its_turn(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARVARO_WAIT_MINUTES", "0")
    paths.build_file().parent.mkdir(parents=True)
    context: Any = SimpleNamespace(
        instance=instance, run=instance.create_run_for_job(short, status=dg.DagsterRunStatus.FAILURE), log=None
    )
    using = Warehouse().yield_for_execution(context)
    with FileLock(Warehouse().lock_file), pytest.raises(dg.Failure, match="Another run has"):
        using.__enter__()


@pytest.mark.parametrize("told", ["soon", "-1", "inf", "nan"])
def test_a_wait_that_is_none_is_refused(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    monkeypatch.setenv("NARVARO_WAIT_MINUTES", told)
    success, said = run_short(instance)
    assert not success
    assert f"NARVARO_WAIT_MINUTES must be a number of minutes, 0 or more: it is '{told}'." in said
    (refused,) = instance.get_runs()
    assert not should_retry(refused, instance)


def test_a_run_that_met_a_damaged_build_file_is_not_started_once_more(instance: dg.DagsterInstance) -> None:
    paths.build_file().parent.mkdir(parents=True)
    paths.build_file().write_bytes(b"\xff" * 8192)
    success, told = run_short(instance)
    assert not success
    assert "narvaro.duckdb is damaged: IO Error: " in told
    (failed,) = instance.get_runs()
    assert not should_retry(failed, instance)


def test_a_night_a_backfill_and_a_validation_at_once_follow_one_another(later_night: GoodNight) -> None:
    dagster, definitions = Path(sys.executable).with_name("dagster"), ["-m", "orchestration.definitions", "-a", "defs"]
    months = {f"dagster/asset_partition_range_{end}": "2020-01-01" for end in ("start", "end")}
    runs: list[list[str | Path]] = [
        [NARVARO, "run", "--again"],
        [dagster, "job", "execute", *definitions, "-j", "revalidate"],
        [dagster, "job", "execute", *definitions, "-j", "rebuild_months", "--tags", json.dumps(months)],
    ]
    started = [
        subprocess.Popen(each, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=paths.ROOT, text=True)
        for each in runs
    ]
    said = [each.communicate()[0] for each in started]
    assert [each.returncode for each in started] == [0] * len(runs), "\n".join(said)
    assert any("Waiting for run" in each for each in said)
    with dg.DagsterInstance.get() as instance:
        latest = instance.get_runs(limit=len(runs))
        assert {each.status for each in latest} == {dg.DagsterRunStatus.SUCCESS}
        steps = [
            sorted(
                entry.timestamp
                for entry in instance.all_logs(run.run_id)
                if entry.dagster_event and entry.dagster_event.is_step_event and entry.dagster_event.step_key
            )
            for run in latest
        ]
    spans = sorted((each[0], each[-1]) for each in steps)
    assert all(before[1] <= after[0] for before, after in pairwise(spans)), spans


def test_a_damaged_build_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    build = tmp_path / "narvaro.duckdb"
    duckdb.connect(str(build)).close()
    with build.open("r+b") as file:
        file.write(b"\xff" * 4096)
    with pytest.raises(dg.Failure) as failed:
        wait_until_closed(build, print)
    told = str(failed.value.description)
    assert told.startswith("narvaro.duckdb is damaged: IO Error: ")
    assert f"Move {build} away and start the run again" in told
