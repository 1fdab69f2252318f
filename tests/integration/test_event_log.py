"""The event log that the instance is set to keeps what Dagster's own class keeps, in its files, whoever else writes."""

import contextlib
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from orchestration.event_log import KEPT_OPEN, EventLog


@dg.asset
def office() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"rows": 3})


def run(instance: dg.DagsterInstance) -> str:
    return dg.materialize([office], instance=instance).run_id


def test_the_instance_uses_it_and_dagsters_own_class_reads_the_same(own_data_folder: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        run_ids = [run(instance) for _ in range(KEPT_OPEN + 2)]
        ours = {run_id: [each.message for each in instance.all_logs(run_id)] for run_id in run_ids}
        known = instance.get_latest_materialization_event(dg.AssetKey("office"))
    own = SqliteEventLogStorage(str(own_data_folder / "dagster" / "history" / "runs"))

    assert all(len(messages) > 3 for messages in ours.values())
    assert {run_id: [each.message for each in own.get_logs_for_run(run_id)] for run_id in run_ids} == ours
    assert known
    assert known.run_id == run_ids[-1]


def test_no_more_files_stay_open_than_it_says(own_data_folder: Path) -> None:
    def opened() -> set[str]:
        found = set()
        for each in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):  # what lists the folder is closed by now
                found.add(str(each.readlink()))
        return {each for each in found if each.endswith(".db")}

    with dg.DagsterInstance.get() as instance:
        for _ in range(KEPT_OPEN + 2):
            run(instance)
        in_use = {each for each in opened() if "history/runs/" in each and str(own_data_folder) in each}
    assert 1 < len(in_use) <= KEPT_OPEN
    assert not {each for each in opened() if "history/runs/" in each and str(own_data_folder) in each}


def test_two_processes_write_at_the_same_time_and_lose_nothing(own_data_folder: Path) -> None:
    code = (
        "import dagster as dg\n"
        "from tests.integration.test_event_log import run\n"
        "with dg.DagsterInstance.get() as instance:\n"
        "    print(*[run(instance) for _ in range(3)])\n"
    )
    with dg.DagsterInstance.get() as instance:
        other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        here = [run(instance) for _ in range(12)]
        told, _ = other.communicate(timeout=120)
        there = told.split()
        counts = {len(instance.all_logs(run_id)) for run_id in (*here, *there)}
        records = instance.fetch_materializations(dg.AssetKey("office"), limit=100).records
    assert (len(there), other.returncode) == (3, 0)
    assert len(counts) == 1
    assert sorted(each.run_id for each in records) == sorted((*here, *there))


@pytest.mark.parametrize("shard", ["index", "run"])
def test_sqlite_waits_for_the_disk_only_when_it_moves_its_journal(own_data_folder: Path, shard: str) -> None:
    with dg.DagsterInstance.get() as instance:
        log = instance.event_log_storage
        assert isinstance(log, EventLog)
        run_id = run(instance)
        with log.index_connection() if shard == "index" else log.run_connection(run_id) as connection:
            modes = [connection.exec_driver_sql(f"pragma {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert modes == ["wal", 1]
