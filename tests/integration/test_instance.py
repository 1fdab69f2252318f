"""Dagster's instance: its settings as shipped, and records that daemon and interface may open in the same second."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

OPENS = """
import sys
import dagster
from orchestration.night import open_instance, prepare_environment

prepare_environment()
print("ready", flush=True)
sys.stdin.readline()
with open_instance() as instance:
    print(len(instance.get_run_records()))
"""


def test_processes_that_begin_together_in_an_empty_folder_all_open_their_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARVARO_DATA", str(tmp_path / "data"))
    opening = [
        subprocess.Popen(
            [sys.executable, "-c", OPENS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    for each in opening:
        assert each.stdout
        assert each.stdout.readline() == b"ready\n"

    for each in opening:
        assert each.stdin
        each.stdin.write(b"go\n")
        each.stdin.flush()

    said = [each.communicate(timeout=120) for each in opening]
    assert [out for out, _ in said] == [b"0\n"] * 4, said


def test_the_instance_is_as_shipped(own_data_folder: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        assert (instance.telemetry_enabled, instance.nux_enabled) == (False, False)
        queue = instance.get_concurrency_config().run_queue_config
        assert queue
        assert queue.max_concurrent_runs == 1
        monitoring, retries, retention = map(instance.get_settings, ("run_monitoring", "run_retries", "retention"))
    assert (monitoring["enabled"], monitoring["max_runtime_seconds"]) == (True, 7200)
    assert monitoring["free_slots_after_run_end_seconds"] == 60
    assert retries == {"enabled": True, "max_retries": 1, "retry_on_asset_or_op_failure": False}
    assert retention["schedule"]["purge_after_days"] == 90
    assert retention["sensor"]["purge_after_days"] == {"skipped": 1, "failure": 30, "success": 90}
