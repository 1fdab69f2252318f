"""Dagster's records: a server starts daemon and user interface in the same second, in an empty folder too."""

import subprocess
import sys
from pathlib import Path

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
