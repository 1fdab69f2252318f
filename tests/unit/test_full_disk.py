"""A full disk is told from every other error, whoever met it, and the message says where, how much, and what to do."""

import errno
import resource
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import duckdb
import polars as pl
import psutil
import pytest

from orchestration import full_disk, paths
from orchestration.registration_months import write_parquet


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NARVARO_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def write_text(file: Path) -> None:
    file.write_text("x" * 2_000_000)


def write_database(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table big as select hash(range) as content from range(1000000)")


def copy_to_csv(file: Path) -> None:
    duckdb.connect().execute(f"copy (select hash(range) from range(1000000)) to '{file}' (format csv)")


def write_rows(file: Path) -> None:
    write_parquet(pl.DataFrame({"content": range(2_000_000)}), file)


def write_sqlite(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("create table big (content text)")
        connection.execute("insert into big values (?)", ["x" * 2_000_000])


@pytest.mark.parametrize("write", [write_text, write_database, copy_to_csv, write_rows, write_sqlite])
def test_it_is_known_whatever_writes(write: object, tmp_path: Path) -> None:
    assert callable(write)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(Exception) as met:  # noqa: PT011  (each library has its own)
            write(tmp_path / "file")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert full_disk.is_cause(met.value)
    assert full_disk.words_of(met.value)


def test_it_is_known_behind_other_errors() -> None:
    error = RuntimeError("the step failed")
    error.__cause__ = OSError(errno.EDQUOT, "Disk quota exceeded")
    assert full_disk.is_cause(error)
    assert full_disk.words_of(error) == "[Errno 122] Disk quota exceeded"


@pytest.mark.parametrize(
    "error", [PermissionError(errno.EACCES, "Permission denied"), ValueError("the file is too large to be read"), None]
)
def test_other_errors_are_other_errors(error: BaseException | None) -> None:
    assert not full_disk.is_cause(error)


def release_of_two_and_build_file_of_one_and_a_half_megabytes(data: Path) -> None:
    release = data / "published" / "releases" / "first"
    release.mkdir(parents=True)
    (release / "narvaro.duckdb").write_bytes(bytes(2_000_000))
    (data / "published" / "current").symlink_to("releases/first")
    paths.build_file().parent.mkdir()
    paths.build_file().write_bytes(bytes(1_500_000))


def test_the_message_says_what_is_full_how_much_is_needed_and_what_to_do(data: Path) -> None:
    release_of_two_and_build_file_of_one_and_a_half_megabytes(data)

    told = full_disk.told("Error in model x\n  IO Error: could not write: No space left on device\n  more")

    first, second, third = told.splitlines()
    assert first.endswith(": IO Error: could not write: No space left on device")
    assert f"({data})" in second
    assert "A night needs about 3.5 MB" in second
    assert "run again" in third
    assert "What is published stays as it was" in third


def test_a_limit_on_files_is_named() -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (7_000_000, before[1]))
    try:
        assert "No file may be larger than 7.0 MB (ulimit -f)." in full_disk.told("File too large")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    ("free", "told"),
    [
        (17_500_000, ""),
        (17_499_999, "Free: 17.5 MB of 99.0 MB ({}). A night needs about 3.5 MB while it runs."),
        (0, "Free: 0.0 MB of 99.0 MB ({}). A night needs about 3.5 MB while it runs."),
    ],
)
def test_a_disk_without_room_for_five_nights_is_told_before_it_is_full(
    data: Path, monkeypatch: pytest.MonkeyPatch, free: int, told: str
) -> None:
    release_of_two_and_build_file_of_one_and_a_half_megabytes(data)
    usage = {str(data): SimpleNamespace(free=free, total=99_000_000)}
    monkeypatch.setattr(psutil, "disk_usage", lambda place: usage[place])
    assert full_disk.foretold() == told.format(data)


def test_before_the_first_night_no_disk_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "disk_usage", lambda _: SimpleNamespace(free=0, total=99_000_000))
    assert full_disk.foretold() == ""
