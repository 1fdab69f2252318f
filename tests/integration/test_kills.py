"""A night that is killed, or finds no space to write, at any moment: what is published stays whole, the next goes on.

The longer forms, with random moments of whole nights and with a small disk, are `tests/benchmarks/kill_soak.py` and
`tests/benchmarks/small_disk.py`.
"""

import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestration.night import run_night
from tests.benchmarks.kill_soak import Night, Soak, faults_of_dropped, faults_of_published, left_behind
from tests.integration.conftest import GoodNight
from tests.integration.killed_release import MOMENTS

Make = Callable[[str], str]
NARVARO = Path(sys.executable).with_name("narvaro")


@pytest.fixture
def make(good_night: GoodNight, later_night: GoodNight) -> Iterator[Make]:
    """Makes a release in a process that is killed at a moment; tells how that process ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.killed_release", (good_night.published / "current").resolve()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NARVARO_KEEP_RELEASES": "3"},
    )

    def made(moment: str) -> str:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{moment}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    with process:
        yield made


def test_a_release_that_is_killed_is_published_whole_or_not_at_all(make: Make, later_night: GoodNight) -> None:
    for moment in MOMENTS:
        before = (later_night.published / "current").resolve()
        assert make(moment) == "ended with -9", moment
        is_after_the_switch = list(MOMENTS).index(moment) >= list(MOMENTS).index("it is switched in")
        assert ((later_night.published / "current").resolve() != before) == is_after_the_switch, moment
        assert faults_of_published(later_night.published) == [], moment

        killed = (later_night.published / "current").resolve()
        assert make("nothing happens") == "released", moment
        assert (later_night.published / "current").resolve() != killed, moment
        assert faults_of_published(later_night.published) == [], moment
        assert left_behind(later_night.data) == [], moment


def test_a_release_without_space_changes_nothing_and_leaves_nothing(make: Make, later_night: GoodNight) -> None:
    before = (later_night.published / "current").resolve()
    assert make("the disk is full") == "full disk"
    assert (later_night.published / "current").resolve() == before
    assert faults_of_published(later_night.published) == []
    assert left_behind(later_night.data) == []
    assert make("nothing happens") == "released"


def test_a_night_goes_on_after_a_full_disk_and_after_a_kill(later_night: GoodNight) -> None:
    soak = Soak(later_night.data.parent, random.Random(1))  # noqa: S311
    soak.drop()
    before = (later_night.published / "current").resolve()
    for largest in (100_000, 20_000_000):  # too little for Dagster's storage, too little for the build file
        told = _night_with_files_up_to(largest)
        assert told.returncode == 1, told.stdout + told.stderr
        assert "Failed, what is published stays as it was" in told.stdout
        assert "The disk is full, or a limit on files is reached:" in told.stdout
        assert f"No file may be larger than {largest / 1e6:.1f} MB" in told.stdout
        assert "Make room there and run again." in told.stdout
        assert "Traceback" not in told.stdout + told.stderr
        assert faults_of_published(later_night.published) == []

    night = Night(later_night.data.parent)
    night.wait_for("building tables")
    while not (later_night.data / "build" / "narvaro.duckdb.wal").exists() and night.process.poll() is None:
        time.sleep(0.01)
    assert night.kill(alone=True) == "building tables"
    assert night.left_running() == []
    assert (later_night.published / "current").resolve() == before
    assert faults_of_published(later_night.published) == []

    assert run_night().outcome == "released"
    assert faults_of_published(later_night.published) == []
    assert left_behind(later_night.data) == []
    assert faults_of_dropped(later_night.data, soak.dropped) == []


def _night_with_files_up_to(size: int) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [NARVARO, "run"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True,
        text=True,
        check=False,
    )
