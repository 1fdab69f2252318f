"""With one setting Dagster keeps its records in PostgreSQL, and none in SQLite: nights and their ends are as always."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration import paths
from orchestration.dead_runs import end_dead_runs
from orchestration.history import prune
from orchestration.monitoring import LatestNight
from orchestration.night import prepare_environment, run_night
from orchestration.resources import Warehouse
from tests.integration.conftest import free_port

PASSWORD = "hemligt-i-databasen"  # noqa: S105
SERVER_USER = "postgres"
STARTED_WITHIN = 30


def programs() -> Path:
    """Where the server's programs are: Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb is None:
        pytest.skip("PostgreSQL's server is not installed here (Debian: postgresql)")
    return Path(initdb).parent


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A real server of this machine on a free port of loopback, of its own and gone afterwards; its address."""
    folder, port = programs(), free_port()
    as_user: list[str] = []
    home = Path(tempfile.mkdtemp(prefix="narvaro-postgresql-"))
    try:
        if os.geteuid() == 0:  # the server refuses to run as root
            try:
                user = pwd.getpwnam(SERVER_USER)
            except KeyError:
                pytest.skip(f"there is no user {SERVER_USER}, and the server does not run as root")
            os.chown(home, user.pw_uid, user.pw_gid)
            as_user = ["runuser", "-u", SERVER_USER, "--"]
        made: list[str | Path] = [
            *as_user,
            folder / "initdb",
            "--auth",
            "trust",
            "--username",
            "narvaro",
            "--pgdata",
            home / "data",
        ]
        subprocess.run(made, check=True, capture_output=True, cwd="/")
        started: list[str | Path] = [
            *as_user,
            folder / "postgres",
            "-D",
            home / "data",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-k",
            home,
            *("-c", "fsync=off", "-c", "synchronous_commit=off"),  # what the test writes may be lost with the machine
        ]
        with (home / "log").open("wb") as log, subprocess.Popen(started, stdout=log, stderr=log, cwd="/") as process:
            try:
                _wait_until_ready(folder, port, process)
                yield f"postgresql://narvaro:{PASSWORD}@127.0.0.1:{port}/postgres"
            finally:
                process.terminate()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait_until_ready(folder: Path, port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(10 * STARTED_WITHIN):
        asks: list[str | Path] = [folder / "pg_isready", "-h", "127.0.0.1", "-p", str(port)]
        if subprocess.run(asks, capture_output=True, check=False).returncode == 0:
            return
        assert process.poll() is None
        time.sleep(0.1)
    raise AssertionError(f"the server was not ready within {STARTED_WITHIN} s")


@pytest.fixture
def on_postgresql(own_data_folder: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NARVARO_POSTGRESQL", server)
    prepare_environment()
    return own_data_folder


def test_a_night_keeps_its_records_in_postgresql_and_its_password_nowhere(on_postgresql: Path) -> None:
    night = run_night()
    assert night.outcome == "released"
    with dg.DagsterInstance.get() as instance:
        assert "Postgres" in type(instance.event_log_storage).__name__
        (run,) = instance.get_runs()
        assert (run.run_id, run.status) == (night.run_id, dg.DagsterRunStatus.SUCCESS)
        assert len(instance.all_logs(night.run_id)) > 1000
        assert prune(instance, datetime.now(UTC) + timedelta(days=2), 1) == []
    on_record = LatestNight.here()
    assert on_record is not None
    assert on_record.checks_passed == len(night.checks)
    assert not list(paths.dagster_home().glob("history/**/*.db"))
    holding = [
        file
        for file in on_postgresql.rglob("*")
        if file.is_file() and not file.is_symlink() and PASSWORD.encode() in file.read_bytes()
    ]
    assert holding == []


def test_a_killed_run_is_ended_there_too(on_postgresql: Path) -> None:
    narvaro = Path(sys.executable).with_name("narvaro")
    with dg.DagsterInstance.get() as instance:
        started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
        with subprocess.Popen([narvaro, "run", "--again"], stdout=subprocess.DEVNULL) as night:
            while not (runs := instance.get_runs(started)):
                assert night.poll() is None
                time.sleep(0.1)
            night.kill()
        assert end_dead_runs(instance, Warehouse().lock_file) == [runs[0].run_id]


def test_without_the_setting_records_are_in_sqlite_again(on_postgresql: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NARVARO_POSTGRESQL")
    prepare_environment()
    with dg.DagsterInstance.get() as instance:
        assert type(instance.event_log_storage).__name__ == "EventLog"
        assert instance.get_runs() == []
