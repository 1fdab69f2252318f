"""A file is read in a process of its own: whatever happens there is a message, and nothing more."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from orchestration import reading
from orchestration.full_disk import FullDisk
from orchestration.reading import BrokenReader, Read, Refused, Request, read_in_a_process
from tests.feeds import samples

ReadAs = Callable[..., Read | Refused]


@pytest.fixture
def read_as(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReadAs:
    """Reads a file by the hostile reader, with little patience and little memory."""
    monkeypatch.setattr(reading, "READER", "tests.unit.hostile_reader")
    monkeypatch.setattr(reading, "MEMORY_LIMIT", 150_000_000)

    def read(what: str, seconds: float = 30) -> Read | Refused:
        monkeypatch.setattr(reading, "SECONDS", seconds)
        file = tmp_path / "file.csv"
        file.write_text(what, "utf-8")
        found = read_in_a_process(
            Request(
                file=file,
                name="file.csv",
                out=tmp_path / "out",
                received_at=datetime(2020, 1, 1, tzinfo=UTC),
                as_document=False,
            )
        )
        assert isinstance(found, Read | Refused)
        return found

    return read


def test_what_was_read_comes_back(read_as: ReadAs) -> None:
    assert read_as("well") == Read(layout="registrations", rows_received=2, rows_valid=1, rows_quarantined=1)


def test_a_reader_knows_no_secret_that_it_does_not_need(read_as: ReadAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARVARO_ALERTS", "json://narvaro:hemligt@127.0.0.1:9/hook")
    monkeypatch.setenv("NARVARO_POSTGRESQL", "postgresql://narvaro:hemligt@127.0.0.1:9/narvaro")
    monkeypatch.setenv("NARVARO_CONTACT_KEY", "what contacts need")

    found = read_as("tell")

    assert isinstance(found, Refused)
    assert "hemligt" not in found.message
    assert "what contacts need" in found.message


def test_a_reader_that_hangs_is_stopped_and_says_so(read_as: ReadAs) -> None:
    before = set(psutil.Process().children())

    found = read_as("hang", seconds=2)

    assert found == Refused(
        message="file.csv: reading it takes more than 2 seconds; expected a file of usual size", may_be_kept=False
    )
    assert set(psutil.Process().children()) <= before


def test_a_reader_that_swells_is_stopped_and_says_so(read_as: ReadAs) -> None:
    found = read_as("swell")

    assert isinstance(found, Refused)
    assert "more than 0.15 GB of memory" in found.message


@pytest.mark.parametrize(("what", "told"), [("crash", "ValueError"), ("die", "exit code 11"), ("say nothing", "exit")])
def test_a_reader_that_crashes_is_a_refusal_without_what_stood_in_the_file(
    read_as: ReadAs, what: str, told: str
) -> None:
    found = read_as(what)

    assert isinstance(found, Refused)
    assert f"its reader crashed ({told}" in found.message
    assert "1212" not in found.message


def test_a_reader_that_cannot_start_refuses_no_file(read_as: ReadAs) -> None:
    with pytest.raises(BrokenReader, match="cannot start"):
        read_as("break")


def test_a_reader_that_cannot_write_refuses_no_file(tmp_path: Path) -> None:
    file = tmp_path / "registrations.csv"
    file.write_bytes(samples.registrations())
    asked = Request(
        file=file, name=file.name, out=tmp_path / "out", received_at=datetime(2020, 1, 1, tzinfo=UTC), as_document=False
    )
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(FullDisk, match="File too large"):
            read_in_a_process(asked)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert isinstance(read_in_a_process(asked), Read)


def test_a_reader_ends_when_the_process_that_asked_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text("hang", "utf-8")
    asking = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime; from orchestration import reading\n"
        "reading.READER = 'tests.unit.hostile_reader'\n"
        "file = Path(sys.argv[1])\n"
        "at = datetime(2020, 1, 1, tzinfo=UTC)\n"
        "asked = dict(file=file, name=file.name, out=file.parent / 'out', received_at=at, as_document=False)\n"
        "reading.read_in_a_process(reading.Request(**asked))"
    )
    parent = subprocess.Popen([sys.executable, "-c", asking, str(file)])
    while not (tmp_path / "out" / "result.started").exists():
        assert parent.poll() is None
        time.sleep(0.02)
    (reader,) = psutil.Process(parent.pid).children()

    parent.kill()
    parent.wait()

    assert psutil.wait_procs([reader], timeout=20)[1] == []
