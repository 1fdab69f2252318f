"""The commands that stay: each starts on a data folder of its own, listens on loopback alone, and ends when told."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import dagster as dg
import psutil
import pytest

from orchestration.manifest import ensure_manifest
from orchestration.night import NO_TELEMETRY, prepare_environment
from tests.integration.conftest import free_port

NARVARO = Path(sys.executable).with_name("narvaro")
PATIENCE = 300
"""Seconds that a service may take to start or to end on a busy machine; mostly it takes ten or twenty."""


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("NARVARO_DATA", "DAGSTER_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "data"))
    prepare_environment()
    ensure_manifest()
    return tmp_path / "data"


@contextmanager
def started(*command: str) -> Iterator[psutil.Popen]:
    """The service; it and all that it started are gone afterwards."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DAGSTER_HOME", *NO_TELEMETRY}}
    with psutil.Popen(
        [NARVARO, *command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as service:
        try:
            yield service
        finally:
            with suppress(psutil.NoSuchProcess):
                for each in (*service.children(recursive=True), service):
                    each.kill()


def wait_for(service: psutil.Popen, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert service.poll() is None, f"it ended with {service.returncode}"
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.2)


def ends_when_told(service: psutil.Popen) -> int:
    """The exit code; nothing that the service started lives on."""
    family = service.children(recursive=True)
    service.send_signal(signal.SIGINT)
    code = service.wait(PATIENCE)
    assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []
    return int(code)


def listens_on(service: psutil.Popen) -> set[str]:
    """The addresses that the service and its children listen on."""
    found = [each for process in (service, *service.children(recursive=True)) for each in process.net_connections()]
    return {each.laddr.ip for each in found if each.status == psutil.CONN_LISTEN}


def ask(url: str, query: str | None = None) -> dict[str, object]:
    data = None if query is None else json.dumps({"query": query}).encode()
    with urlopen(Request(url, data, {"Content-Type": "application/json"}), timeout=PATIENCE) as answer:  # noqa: S310
        return dict(json.load(answer))


def test_the_web_server_answers_under_its_prefix_to_this_machine_alone() -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        with suppress(OSError):
            return "dagster_webserver_version" in ask(f"{address}/dagster/server_info")
        return False

    with started("webserver", "--port", str(port), "--prefix", "/dagster", "--read-only") as service:
        wait_for(service, answers)
        assert listens_on(service) == {"127.0.0.1"}
        with pytest.raises(HTTPError, match="404"):
            ask(f"{address}/server_info")
        told = ask(f"{address}/dagster/graphql", "{ repositoriesOrError { __typename } permissions { value } }")
        assert told["data"]["repositoriesOrError"]["__typename"] == "RepositoryConnection"  # type: ignore[index]
        assert not any(each["value"] for each in told["data"]["permissions"])  # type: ignore[index]
        assert ends_when_told(service) == 0


def test_the_daemon_beats_listens_to_nobody_and_ends() -> None:
    def beats() -> bool:
        with dg.DagsterInstance.get() as instance:
            return {"SCHEDULER", "SENSOR"} <= {*instance.get_daemon_heartbeats()}

    with started("daemon") as service:
        wait_for(service, beats)
        assert listens_on(service) == set()
        assert ends_when_told(service) == 0
        with dg.DagsterInstance.get() as instance:
            assert instance.get_runs() == []
