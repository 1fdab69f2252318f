"""A process that makes releases of what was built, each in a child that is killed, or meets a full disk, at one moment.

Belongs here: the moments, and how each is met for certain. Does not belong here: what must hold then (`test_kills`).

Reads the name of a moment from standard input, and writes what became of the child to standard output. One process for
all moments: starting Dagster takes longer than a release. The argument is the folder of a release that was made, whose
workbook and report all others have.
"""

import itertools
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from orchestration import full_disk, published, release, release_file
from orchestration.published import Published
from orchestration.resources import Warehouse
from tests.integration.quick_release import exports_of

LARGEST_FILE = 1_000_000

_remove, _replace = shutil.rmtree, os.replace


def die(*_: object, **__: object) -> None:
    """End this very process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner: Any, name: str) -> Callable[[], None]:
    """Die when a function is called."""
    return lambda: setattr(owner, name, die)


def after(owner: Any, name: str) -> Callable[[], None]:
    """Die when a function has done its work."""

    def prepare() -> None:
        function = getattr(owner, name)
        setattr(owner, name, lambda *args, **kwargs: die(function(*args, **kwargs)))

    return prepare


def before_renaming_to(name: str) -> Callable[[], None]:
    """Die when the new file lies beside the one that it is to replace."""

    def replace(old: Path, new: Path) -> None:
        if new.name == name:
            die()
        _replace(old, new)

    return lambda: setattr(os, "replace", replace)


def while_pruning(time: int) -> Callable[[], None]:
    """Die when one file of an old release is gone, and the others are not: the first or the second time in a night."""

    def remove(folder: Path) -> None:
        next(file for file in folder.rglob("*") if file.is_file()).unlink()
        die()

    def prepare() -> None:
        times = itertools.count(1)

        def prune(self: Published, keep: int) -> list[str]:
            if next(times) < time:
                return _prune(self, keep)
            shutil.rmtree = remove  # type: ignore[assignment]
            return _prune(self, 1)

        _prune = Published.prune
        Published.prune = prune  # type: ignore[method-assign]

    return prepare


def on_a_full_disk() -> None:
    """Meet a full disk when the DuckDB file grows."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))


MOMENTS = {
    "the database is copied": after(release_file, "copy_published"),
    "the tables are exported": after(release_file, "export"),
    "checksums are written": after(published, "_checksums"),
    "it is sealed": after(Published, "seal"),
    "the link is made": before_renaming_to("current"),
    "an old release is half removed, to make room": while_pruning(1),
    "it is switched in": after(Published, "switch_to"),
    "an old release is half removed": while_pruning(2),
    "the status is written": before_renaming_to("status.json"),
}


def make(content: str) -> None:
    """A release that differs from every other one by the version of the code."""
    release.code_version = lambda: content
    release.make_release(Warehouse(), [], "a run", Published.here())


def in_a_child(moment: str, content: str) -> str:
    """Make a release in a child process; how it ended."""
    if child := os.fork():
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return {0: "released", full_disk.EXIT_CODE: "full disk"}.get(code, f"ended with {code}")
    try:
        {**MOMENTS, "the disk is full": on_a_full_disk, "nothing happens": lambda: None}[moment]()
        make(content)
    except Exception as error:
        os._exit(full_disk.EXIT_CODE if full_disk.is_cause(error) else 1)
    os._exit(0)


if __name__ == "__main__":
    for name, function in exports_of(Path(sys.argv[1])).items():
        setattr(release, name, function)
    for number, line in enumerate(sys.stdin):
        print(in_a_child(line.strip(), f"release {number}"), flush=True)
