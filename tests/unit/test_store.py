"""The store keeps received bytes under their checksum and never writes the same ones again."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sources.problems import UnreadableFile
from sources.registry import Store, sha256_of

CONTENT = b"Bilaga 4\n"
DAY = datetime(2020, 10, 23, 12, tzinfo=UTC)


def files_in(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def test_bytes_are_kept_under_their_checksum(tmp_path: Path) -> None:
    Store(tmp_path / "store").put(CONTENT)
    name = sha256_of(CONTENT)
    assert files_in(tmp_path / "store") == [Path(name[:2]) / name]
    assert (tmp_path / "store" / name[:2] / name).read_bytes() == CONTENT


def test_new_bytes_are_received_today(tmp_path: Path) -> None:
    before = datetime.now(UTC).date()
    assert before <= Store(tmp_path).put(CONTENT) <= datetime.now(UTC).date()


def test_bytes_received_again_keep_the_day_of_their_first_receipt(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(CONTENT)
    (path,) = files_in(tmp_path)
    os.utime(tmp_path / path, (DAY.timestamp(), DAY.timestamp()))
    assert store.put(CONTENT) == date(2020, 10, 23)


def test_bytes_received_again_are_not_written_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(CONTENT)
    (path,) = files_in(tmp_path)
    os.utime(tmp_path / path, (DAY.timestamp(), DAY.timestamp()))
    before = (tmp_path / path).stat()
    store.put(CONTENT)
    after = (tmp_path / path).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_new_bytes_leave_the_old_ones_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(CONTENT)
    (first,) = files_in(tmp_path)
    before = (tmp_path / first).stat()
    store.put(b"changed")
    assert len(files_in(tmp_path)) == 2
    assert (tmp_path / first).read_bytes() == CONTENT
    assert (tmp_path / first).stat().st_mtime_ns == before.st_mtime_ns


def test_no_half_written_file_is_left_behind(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for content in (b"a", b"b", b"a", b""):
        store.put(content)
    assert [path.name for path in files_in(tmp_path)] == sorted(sha256_of(each) for each in (b"a", b"b", b""))


def test_a_file_is_kept_under_its_checksum_and_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "landed").write_bytes(CONTENT)
    store = Store(tmp_path / "store")
    assert store.put_file(tmp_path / "landed") == sha256_of(CONTENT)
    assert store.get(sha256_of(CONTENT)) == (tmp_path / "landed").read_bytes() == CONTENT


def test_a_file_received_again_keeps_the_day_of_its_first_receipt(tmp_path: Path) -> None:
    (tmp_path / "landed").write_bytes(CONTENT)
    store = Store(tmp_path / "store")
    path = store.path(store.put_file(tmp_path / "landed"))
    os.utime(path, (DAY.timestamp(), DAY.timestamp()))
    store.put_file(tmp_path / "landed")
    assert store.put(CONTENT) == date(2020, 10, 23)
    assert files_in(store.folder) == [path.relative_to(store.folder)]


def test_a_file_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with pytest.raises(FileNotFoundError):
        store.put_file(tmp_path / "gone")
    assert files_in(store.folder) == []


def test_bytes_that_were_never_received_are_no_bytes(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="its stored bytes are missing"):
        Store(tmp_path).get(sha256_of(CONTENT))
