"""A night keeps to itself: it needs no network but loopback, asks for none, and writes no secret anywhere."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration import paths

NARVARO = Path(sys.executable).with_name("narvaro")
WATCH = Path(__file__).parent / "watch_sockets"
ALONE = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c"]
"""A command of the shell, where nothing but loopback is."""
COUNT = "awk '/^Ip:/ {print $13}' /proc/net/snmp | tail -1; awk '/^Ip6OutNoRoutes/ {print $2}' /proc/net/snmp6"
"""How often anything here, in whatever language, has tried to send to elsewhere: the system counts it."""
ELSEWHERE = "import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 53))"

KEY, PASSWORD, TOKEN = "nyckel-för-besök-0123456789", "lösen-till-databasen", "adress-till-teamet"
CONTACTS = """contact_id;occurred_at;municipality_code;office;group;channel
7001;2020-01-31 09:15:00;0180;Af Globen;all;visit_booked
7002;2020-01-31 10:15:00;9999;Af Globen;all;visit_booked
"""


@dataclass(frozen=True)
class Done:
    """What came of a command that was alone."""

    code: int
    said: str
    counts: list[int]
    """How often it tried to send elsewhere by IPv4 and by IPv6, as the system counts."""
    asked: list[str]
    """The addresses that Python was asked for."""


@pytest.fixture(scope="module")
def can_be_alone() -> None:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("needs Linux with unshare and ip")
    done = subprocess.run([*ALONE, "ip link set lo up"], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no network of one's own may be made here: {done.stderr.strip()}")


def alone(command: str, tmp_path: Path, **environment: str) -> Done:
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
    told = "\n".join([*said, done.stderr])
    return Done(done.returncode, told, [int(ip), int(ip6)], asked.read_text("utf-8").splitlines())


def test_the_watch_notices_who_talks_to_elsewhere(can_be_alone: None, tmp_path: Path) -> None:
    done = alone(f'{sys.executable} -c "{ELSEWHERE}"', tmp_path)
    assert done.code
    assert done.counts == [1, 0]
    assert done.asked == ["socket.connect ('192.0.2.1', 53)"]


def test_the_watch_lets_loopback_pass(can_be_alone: None, tmp_path: Path) -> None:
    done = alone(f'{sys.executable} -c "{ELSEWHERE}"'.replace("192.0.2.1", "127.0.0.1"), tmp_path)
    assert (done.code, done.counts, done.asked) == (0, [0, 0], []), done.said


@pytest.fixture(scope="module")
def nights(can_be_alone: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Done]]:
    """The data folder of good and bad nights that were alone, with secrets in the environment, and what all came to."""
    folder = tmp_path_factory.mktemp("alone")
    data = folder / "data"
    landing = data / "landing" / "contacts"
    landing.mkdir(parents=True)
    (landing / "besök.csv").write_text(CONTACTS, "utf-8")
    (landing / "trasig.csv").write_text(CONTACTS.replace(";Af Globen", ""), "utf-8")
    (folder / "documents.yml").write_text("documents: [", "utf-8")
    environment = {
        "NARVARO_DATA": str(data),
        "NARVARO_CONTACT_KEY": KEY,
        "NARVARO_ALERTS": f"json://narvaro:{TOKEN}@127.0.0.1:9/hook nonsense://{TOKEN}",
    }
    done = [alone(f"{NARVARO} {each}", folder, **environment) for each in ("run", f"run --documents {folder}")]
    environment["NARVARO_POSTGRESQL"] = f"postgresql://narvaro:{PASSWORD}@127.0.0.1:9/narvaro"
    commands = ("run --again", "status", "watch", "trace kpi.presence")
    return data, [*done, *(alone(f"{NARVARO} {each}", folder, **environment) for each in commands)]


def test_a_whole_night_needs_no_network_and_nothing_asks_for_any(nights: tuple[Path, list[Done]]) -> None:
    data, done = nights
    assert (done[0].code, (data / "published" / "narvaro.duckdb").exists()) == (0, True), done[0].said
    assert [each.code for each in done[1:3]] == [1, 1]
    assert "✗ Dagster's records cannot be reached: connection to server" in done[2].said
    assert "Traceback" not in done[2].said
    assert [(each.counts, each.asked) for each in done] == [([0, 0], [])] * len(done)


def test_no_secret_is_in_anything_that_good_and_bad_nights_write_or_say(nights: tuple[Path, list[Done]]) -> None:
    data, done = nights
    said = "\n".join(each.said for each in done)
    assert "An alert could not be delivered: address 1 of NARVARO_ALERTS (json)." in done[0].said
    secrets = [each.encode(encoding) for each in (KEY, PASSWORD, TOKEN) for encoding in ("utf-8", "latin-1")]
    written = {file: file.read_bytes() for file in data.rglob("*") if file.is_file()}
    assert len(written) > 1000
    assert [str(file) for file, content in written.items() if any(secret in content for secret in secrets)] == []
    assert [secret for secret in secrets[::2] if secret.decode() in said] == []
