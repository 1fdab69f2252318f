"""What the result of a night depends on, told without building anything: two nights with equal inputs end alike.

Belongs here: checksums of the code, the libraries, the documents, the deliveries and the settings. Does not belong
here: what follows when they are those of the night before (`unchanged_night`).
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from sysconfig import get_path

from orchestration import disclosure_memory, freshness, paths
from orchestration.deliveries import Deliveries
from sources.registry import Store

CODE = ("sources", "expectations", "orchestration", "transforms")
MADE = {"__pycache__", "target", "logs"}
"""Folders of the checkout that a run writes itself."""
NO_INPUT = {
    "NARVARO_DATA",
    "NARVARO_CONTACT_KEY",
    "NARVARO_ALERTS",
    "NARVARO_KEEP_RUNS_DAYS",
    "NARVARO_POSTGRESQL",
    "NARVARO_WAIT_MINUTES",
}
"""Variables of ours that change no result: where things stand, how long, whom to tell, and secrets."""


def inputs(documents: Path | None = None) -> dict[str, str]:
    """A checksum of each thing that a night's result depends on, by its name; `documents` is a folder of one's own.

    Small files count by their content, stored deliveries by size and time of change: their names are their checksums.
    Takes some tenths of a second.
    """
    return {
        "code": _checksum([code_version(), *_contents(paths.ROOT, _code())]),
        "libraries": _checksum([sys.version, *sorted(each.name for each in Path(get_path("purelib")).glob("*-info"))]),
        "documents": _checksum(_contents(documents, _files(documents)) if documents else ["those of the project"]),
        "deliveries": _checksum([*_contents(paths.store_folder(), [paths.deliveries_file()]), *_stored()]),
        "settings": _checksum(f"{name}={value}" for name, value in sorted(_settings())),
    }


def remembered() -> str:
    """A checksum of inputs of the next night that each night, or the day, may change.

    They are what releases remember for later ones, and which feeds are late today.
    """
    folder = disclosure_memory.folder()
    return _checksum([*_contents(folder, _files(folder)), *map(str, freshness.late(freshness.today()))])


def code_version() -> str:
    """The project's version, and the commit where git can tell it."""
    version = metadata.version("narvaro")
    try:
        found = subprocess.run(
            # On a server the checkout is root's, and git asks whether that is trusted.
            ["git", "-c", f"safe.directory={paths.ROOT}", "describe", "--always", "--dirty"],
            cwd=paths.ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return version
    return f"{version}+{found.stdout.strip()}"


def _code() -> Iterator[Path]:
    for package in CODE:
        folder = paths.ROOT / package
        yield from (file for file in _files(folder) if not MADE.intersection(file.relative_to(folder).parts))


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in sorted(folder.rglob("*")) if each.is_file())


def _contents(folder: Path, files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "missing"
        yield f"{file.relative_to(folder)} {content}"


def _stored() -> Iterator[str]:
    """The stored bytes of each delivery in use; one that is gone is told by the night that misses it."""
    store = Store(paths.store_folder())
    for each in Deliveries.here().in_use():
        file = store.path(each.stored_as or each.sha256)
        found = file.stat() if file.exists() else None
        yield f"{file.name} {found and (found.st_size, found.st_mtime_ns)}"


def _settings() -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in os.environ.items() if name.startswith("NARVARO_") and name not in NO_INPUT)


def _checksum(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
