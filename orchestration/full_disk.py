"""A disk that is full, or soon will be: telling it from every other error, and saying so in words that help.

Belongs here: by what a full disk is known, how much room a night needs, and the message. Does not belong here: catching
errors (`night`, `cli`, `landing`, `read_delivery`), telling people (`alerts`). Nothing needs mending afterwards: a
night that failed changes nothing that is published.
"""

import errno
import os
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from orchestration import paths

CODES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
WORDS = (
    *(os.strerror(code) for code in sorted(CODES)),
    "database or disk is full",  # SQLite, in which Dagster keeps its runs
    "disk I/O error",  # SQLite again: it says no more when it cannot write
    "not enough space on the disk",
)
"""What libraries write into their messages, whatever kind of error they raise."""

EXIT_CODE = 74
"""Of a process that could not write (EX_IOERR of sysexits.h)."""


NIGHTS_AHEAD = 5
"""A disk with no room for so many nights will soon be full."""


class FullDisk(OSError):
    """Nothing more could be written; `str` says what to do."""


def is_said(text: str) -> bool:
    """Whether a message says that nothing more could be written."""
    return any(words.lower() in text.lower() for words in WORDS)


def is_cause(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, is that of a full disk."""
    while error is not None:
        if isinstance(error, FullDisk) or getattr(error, "errno", None) in CODES or is_said(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def words_of(error: BaseException | None) -> str:
    """The line that says it, of the error that `is_cause` found."""
    while error is not None:
        if line := next((line.strip() for line in str(error).splitlines() if is_said(line)), None):
            return line
        if isinstance(error, FullDisk) or getattr(error, "errno", None) in CODES:
            return str(error)
        error = error.__cause__ or error.__context__
    return ""


def told(message: str) -> str:
    """What is full, how much is free and needed, and what to do, with the first line of what was said of it."""
    said = next((line.strip() for line in message.splitlines() if is_said(line)), message.strip())
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    limit = "" if largest == resource.RLIM_INFINITY else f" No file may be larger than {_size(largest)} (ulimit -f)."
    needed = _needed()
    needs = f" A night needs about {_size(needed)} in the data folder while it runs." if needed else ""
    return (
        f"The disk is full, or a limit on files is reached: {said}\n"
        f"Free: {'; '.join(_free())}.{limit}{needs}\n"
        "Make room there and run again. What is published stays as it was, and no received file is lost."
    )


def foretold() -> str:
    """How much is free and needed, if the disk of the data folder has no room for some nights more; else nothing."""
    needed, place = _needed(), _existing(paths.data_folder())
    disk = psutil.disk_usage(str(place))
    if disk.free >= NIGHTS_AHEAD * needed:
        return ""
    return (
        f"Free: {_size(disk.free)} of {_size(disk.total)} ({place}). A night needs about {_size(needed)} while it runs."
    )


def _free() -> Iterator[str]:
    """Of every disk that a night writes to, the one with the least space first."""
    places = {
        "the data folder": paths.data_folder(),
        "the checkout": paths.TRANSFORMS,
        "temporary files": Path(tempfile.gettempdir()),
    }
    disks: dict[int, tuple[str, Path]] = {}
    for name, place in places.items():
        found = _existing(place)
        disks.setdefault(found.stat().st_dev, (name, found))
    usage = [(psutil.disk_usage(str(place)), name, place) for name, place in disks.values()]
    for disk, name, place in sorted(usage, key=lambda each: each[0].free):
        yield f"{_size(disk.free)} of {_size(disk.total)} for {name} ({place})"


def _existing(place: Path) -> Path:
    return next(each for each in (place, *place.parents) if each.exists())


def _needed() -> int:
    """Bytes that a night writes anew: a release as large as the current one, and the build file; 0 before the first."""
    current = paths.published_folder() / "current"
    release = sum(file.stat().st_size for file in current.rglob("*") if file.is_file())
    build = paths.build_file().stat().st_size if paths.build_file().exists() else 0
    return release + build


def _size(number: int) -> str:
    """`41.3 MB`, in millions of bytes as disks are sold."""
    return f"{number / 1e6:,.1f} MB"
