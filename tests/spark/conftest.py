"""Nights on both engines with the same files, and a Spark server like that of a cluster."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import duckdb
import pyspark
import pytest

from orchestration.engine import SETTING
from tests.integration.conftest import free_port, use_data_folder
from tests.spark.deliveries import deliver

if TYPE_CHECKING:
    from orchestration.night import Night

SECONDS_TO_START = 180


@dataclass(frozen=True)
class EngineNight:
    """A night on one engine, and the folder that holds its state."""

    data: Path
    night: "Night"

    @property
    def build(self) -> Path:
        """The file that it built."""
        return self.data / "build" / "narvaro.duckdb"

    @property
    def published(self) -> Path:
        """The file that users read."""
        return self.data / "published" / "narvaro.duckdb"

    def told(self) -> str:
        """What went wrong."""
        return "\n".join([*(str(check) for check in self.night.checks if check.blocks), *self.night.errors])


@contextmanager
def state(folder: Path, engine: str) -> Iterator[None]:
    """Whatever runs within has its state in this folder, and that engine."""
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        use_data_folder(patch, folder)
        patch.setenv(SETTING, engine)
        patch.setenv("NARVARO_CONTACT_KEY", "a key for contacts that are made up")
        patch.setattr("orchestration.release.code_version", lambda: "0.0.0+tests")
        yield
    os.environ.clear()
    os.environ.update(before)


def night_on(engine: str, folder: Path) -> EngineNight:
    """One whole night."""
    from orchestration.night import run_night

    with state(folder, engine):
        return EngineNight(folder, run_night())


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where both nights have their state, with what is delivered to both, taken at one time."""
    from orchestration import landing

    folder = tmp_path_factory.mktemp("engines")
    deliver(folder / "delivered" / "landing")
    with state(folder / "delivered", "duckdb"):
        assert {each.status for each in landing.take_all()} == {"accepted"}
    return folder


@pytest.fixture(scope="session")
def on_duckdb(folder: Path) -> EngineNight:
    """A night without another engine."""
    copytree(folder / "delivered", folder / "duckdb")
    return night_on("duckdb", folder / "duckdb")


@pytest.fixture(scope="session")
def on_spark(folder: Path) -> EngineNight:
    """A night on Spark in a process of this machine, with the same files."""
    copytree(folder / "delivered", folder / "spark")
    return night_on("spark_session", folder / "spark")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    """The port of Spark's Thrift server, of its own on this machine, with a metastore that is gone with it."""
    home = Path(pyspark.__file__).parent
    port = free_port()
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.warehouse.dir": str(tmp_path / "warehouse"),
        "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:narvaro;create=true",
        "spark.hadoop.datanucleus.schema.autoCreateAll": "true",
        "spark.hadoop.hive.metastore.schema.verification": "false",
    }
    command = [
        *(str(home / "bin" / "spark-submit"), "--master", "local[2]"),
        *("--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"),
        *(part for name, value in settings.items() for part in ("--conf", f"{name}={value}")),
        "spark-internal",
        *("--hiveconf", f"hive.server2.thrift.port={port}", "--hiveconf", "hive.server2.thrift.bind.host=127.0.0.1"),
    ]
    with (tmp_path / "server.log").open("wb") as log:
        started = subprocess.Popen(
            command, cwd=tmp_path, env={**os.environ, "SPARK_HOME": str(home)}, stdout=log, stderr=log
        )
    try:
        _wait_for(port, started, tmp_path / "server.log")
        yield port
    finally:
        started.terminate()
        started.wait(60)


def _wait_for(port: int, started: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and started.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    pytest.fail(f"The server did not start.\n{log.read_text('utf-8')[-2000:]}")


def rows_of_one_only(left: Path, left_table: str, right: Path, right_table: str) -> list[Any]:
    """Some rows that are in one of two tables and not in the other; the columns are those of the first."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{left}' as a (read_only)")
        if right.suffix == ".duckdb":
            connection.execute(f"attach '{right}' as b (read_only)")
        columns = [name for name, *_ in connection.execute(f"describe a.{left_table}").fetchall()]
        listed = ", ".join(f'"{name}"' for name in columns)
        one, other = f"select {listed} from a.{left_table}", f"select {listed} from {right_table}"
        return [
            row
            for query in (f"{one} except all {other}", f"{other} except all {one}")
            for row in connection.execute(f"select * from ({query}) order by all limit 3").fetchall()
        ]
