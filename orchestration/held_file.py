"""A dropped file that is held open, so that its bytes cannot be exchanged for others while it is taken.

Belongs here: opening a file that somebody else may change, link or remove at any moment, and noticing that he did. Does
not belong here: what is read in it (`reading`), what becomes of it (`landing`).
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sources.registry import BLOCK

Look = tuple[int, int, int, int]


def look(file: Path) -> Look | None:
    """Size, times of change and identity of a file, or of the link in its place; None if it is gone."""
    try:
        return _look(file.lstat())
    except OSError:
        return None


def _look(found: os.stat_result) -> Look:
    # whoever writes a file can set back its time of change, but not that of its inode
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


@dataclass(frozen=True)
class HeldFile:
    """An open file: whatever takes its place under its name, `path` are the bytes that were found first."""

    file: Path
    """Where it lies."""
    descriptor: int
    seen: Look
    """As it was when it was opened."""

    @property
    def path(self) -> Path:
        """The file for whoever has the descriptor: this process, and one that it is passed to."""
        return Path(f"/dev/fd/{self.descriptor}")

    @property
    def size(self) -> int:
        """Bytes, when it was opened."""
        return self.seen[0]

    def checksum(self) -> str:
        """Of so many bytes as the file had when it was opened, however it grows."""
        digest, left = hashlib.sha256(), self.size
        with self.path.open("rb") as content:
            while block := content.read(min(BLOCK, left)):
                digest.update(block)
                left -= len(block)
        return digest.hexdigest()

    def has_changed(self) -> bool:
        """Whether anybody wrote to it since it was opened, even if it says the same again by now."""
        return _look(os.fstat(self.descriptor)) != self.seen


@contextmanager
def held(file: Path) -> Iterator[HeldFile]:
    """Hold a file open; raises `OSError` if it cannot be opened, or is no regular file, as a link or a pipe."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "no regular file", str(file))
        yield HeldFile(file, descriptor, _look(found))
    finally:
        os.close(descriptor)
