"""A night talks to nobody: it runs where there is no network but loopback, and tries to reach nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration import paths
from tests.integration.conftest import GoodNight

NARVARO = Path(sys.executable).with_name("narvaro")
WATCH = Path(__file__).parent / "watch_sockets"
ALONE = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c"]
"""A command of the shell, where nothing but loopback is."""
COUNT = "awk '/^Ip:/ {print $13}' /proc/net/snmp | tail -1; awk '/^Ip6OutNoRoutes/ {print $2}' /proc/net/snmp6"
"""How often anything here, in whatever language, has tried to send to elsewhere: the system counts it."""
ELSEWHERE = "import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 53))"


def alone(command: str, tmp_path: Path, **environment: str) -> tuple[int, str, list[int], list[str]]:
    """Exit code, output, the system's two counts, and the addresses that Python asked for."""
    asked = tmp_path / "asked"
    asked.touch()
    done = subprocess.run(
        [*ALONE, f"ip link set lo up; {command}; code=$?; echo; {COUNT}; exit $code"],
        env={**os.environ, "PYTHONPATH": str(WATCH), "NARVARO_ASKED": str(asked), **environment},
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    *said, ip, ip6 = done.stdout.strip().splitlines() or ["0", "0"]
    return done.returncode, "\n".join([*said, done.stderr]), [int(ip), int(ip6)], asked.read_text("utf-8").splitlines()


@pytest.fixture(autouse=True)
def _can_be_alone() -> None:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("needs Linux with unshare and ip")
    done = subprocess.run([*ALONE, "ip link set lo up"], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no network of one's own may be made here: {done.stderr.strip()}")


def test_the_watch_notices_who_talks_to_elsewhere(tmp_path: Path) -> None:
    code, _, counts, asked = alone(f'{sys.executable} -c "{ELSEWHERE}"', tmp_path)
    assert code
    assert counts == [1, 0]
    assert asked == ["socket.connect ('192.0.2.1', 53)"]


def test_the_watch_lets_loopback_pass(tmp_path: Path) -> None:
    code, said, counts, asked = alone(f'{sys.executable} -c "{ELSEWHERE}"'.replace("192.0.2.1", "127.0.0.1"), tmp_path)
    assert (code, counts, asked) == (0, [0, 0], []), said


def test_a_whole_night_needs_no_network_and_asks_for_none(good_night: GoodNight, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for command in ("run", "status", "trace kpi.presence", "site --help"):
        code, said, counts, asked = alone(f"{NARVARO} {command}", tmp_path, NARVARO_DATA=str(data))
        assert (code, counts, asked) == (0, [0, 0], []), said
    assert (data / "published" / "narvaro.duckdb").exists()
