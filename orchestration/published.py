"""The folder that users read: releases, the one link that is switched, and the status of the last good night.

Belongs here: the layout of `data/published`, sealing a release, the switch, which releases are kept. Does not belong
here: what a release holds.

    releases/<release_id>/   everything of one night, complete before it is switched in, never changed afterwards
    current -> releases/<release_id>
    narvaro.duckdb -> current/narvaro.duckdb   (and one such link for each other part of a release)
    rollbacks.jsonl          each rollback: when, from which release to which, and what is held back since
    status.json              the last night that succeeded
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from orchestration import paths

DATABASE = "narvaro.duckdb"
WORKBOOK = "narvaro.xlsx"
CHECKSUMS = "SHA256SUMS"
FACTS = "release.json"
DRAFT = "draft-"
PARTS = (DATABASE, "csv", "parquet", WORKBOOK, "datapackage.json", "dcat.jsonld", "data_docs", CHECKSUMS)
"""What stands in every release and has a fixed link beside `current`."""
SITE = "site"
"""The report. A release without one is whole, since not every release was made with it; the fixed link is then dead."""
ASSET = ("release", "current")
"""The key of the release as an asset of Dagster."""
LOCK_SECONDS = 60
"""How long a switch waits for another one."""


class PublishedError(Exception):
    """What was asked of the published folder cannot be done; the message says why, and what to do."""


@dataclass(frozen=True)
class Release:
    """The folder of one release."""

    folder: Path

    @property
    def release_id(self) -> str:
        """`20261123T165931Z-314e28f1`."""
        return self.folder.name

    @property
    def database(self) -> Path:
        """Its DuckDB file."""
        return self.folder / DATABASE

    @property
    def facts(self) -> dict[str, Any]:
        """What it says of itself: `release.json`; nothing if that is missing."""
        file = self.folder / FACTS
        return json.loads(file.read_text("utf-8")) if file.exists() else {}

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.stat().st_size for file in _files(self.folder))

    def faults(self) -> list[str]:
        """What is wrong with its files: a part that is missing, a checksum that does not hold, a file too many."""
        missing = [f"{part} is missing" for part in (*PARTS, FACTS) if not (self.folder / part).exists()]
        if missing:
            return missing
        recorded = _read_checksums(self.folder / CHECKSUMS)
        found = _checksums(self.folder)
        return [
            f"{name} is missing"
            if name not in found
            else f"{name} is not in {CHECKSUMS}"
            if name not in recorded
            else f"{name} was changed"
            for name in sorted({*recorded, *found})
            if found.get(name) != recorded.get(name)
        ]


@dataclass(frozen=True)
class Rollback:
    """A return to an older release, or again to a newer one."""

    at: datetime
    left: str
    """The release that readers had before."""
    to: str
    held_back: Sequence[str]
    """The releases after it: a night that makes the content of one of these again does not publish it."""


@dataclass(frozen=True)
class Published:
    """The folder of published releases."""

    folder: Path

    @classmethod
    def here(cls) -> "Published":
        """The one in the data folder."""
        return cls(paths.published_folder())

    @property
    def current(self) -> Path | None:
        """The folder of the release that users read now; None before the first one."""
        link = self.folder / "current"
        return link.resolve() if link.exists() else None

    @property
    def release(self) -> Release | None:
        """The release that users read now; None before the first one."""
        return Release(self.current) if self.current else None

    @property
    def database(self) -> Path | None:
        """The DuckDB file that users read now."""
        return self.current / DATABASE if self.current else None

    def releases(self) -> list[Release]:
        """Every release that is kept, the newest first."""
        folders = (self.folder / "releases").glob("*")
        return sorted(
            (Release(each) for each in folders if each.is_dir() and not each.name.startswith(DRAFT)),
            key=lambda release: release.release_id,
            reverse=True,
        )

    def newest_whole(self) -> Release | None:
        """The current release, or if its files are damaged, the newest one that is whole; None if there is none."""
        now = [self.release] if self.release else []
        return next((each for each in (*now, *self.releases()) if not each.faults()), None)

    def find(self, name: str) -> Release:
        """The release of this id, or the only one whose id begins so; `current`, and `previous` to that.

        Raises:
            PublishedError: there is none, or more than one.
        """
        now = self.release
        if now is None:
            raise PublishedError("Nothing is published yet.")
        if name == "current":
            return now
        if name == "previous":
            name = str(now.facts.get("previous_release_id") or "")
            if not name:
                raise PublishedError(f"{now.release_id} is the first release.")
        found = [each for each in self.releases() if each.release_id.startswith(name)]
        if len(found) != 1:
            told = "No release that is kept" if not found else f"More than one release ({len(found)})"
            raise PublishedError(f"{told} has an id that begins with {name}. See: narvaro releases")
        return found[0]

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the right to change this folder, for seconds; readers are not concerned.

        Raises:
            PublishedError: another process held it for a minute.
        """
        (self.folder / "releases").mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "releases" / ".lock", timeout=LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout as error:
            raise PublishedError("A release is being published just now. Try again when that has ended.") from error
        try:
            yield
        finally:
            lock.release()

    def new_draft(self) -> Path:
        """An empty folder for a release that is not switched in."""
        folder = self.folder / "releases" / f"{DRAFT}{uuid.uuid4()}"
        folder.mkdir(parents=True)
        return folder

    def seal(self, draft: Path, facts: Mapping[str, Any]) -> Release:
        """The draft as a complete release: with its facts and checksums, read-only, on disk; not switched in yet."""
        (draft / FACTS).write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
        lines = [f"{checksum}  {name}\n" for name, checksum in sorted(_checksums(draft).items())]
        (draft / CHECKSUMS).write_text("".join(lines), "utf-8")
        for file in _files(draft):
            file.chmod(0o444)
            _to_disk(file)
        for folder in (draft, *(path for path in draft.rglob("*") if path.is_dir())):
            _to_disk(folder)
        release = draft.rename(draft.with_name(str(facts["release_id"])))
        _to_disk(release.parent)
        return Release(release)

    def switch_to(self, release: Release) -> None:
        """Let users read this release: one rename, so that nobody ever sees half of it."""
        self.mend_links()
        self._link("current", Path("releases") / release.release_id)

    def roll_back(self, release: Release) -> Rollback:
        """Let users read an older release again (or a newer one that was rolled back before).

        Raises:
            PublishedError: its files are not whole, or it is the current one.
        """
        with self.exclusive():
            now = self.release
            if now is None or now.release_id == release.release_id:
                raise PublishedError(f"{release.release_id} is what is published now.")
            if faults := release.faults():
                raise PublishedError(f"{release.release_id} is not whole, nothing is changed: {'; '.join(faults)}")
            after = [each.release_id for each in self.releases() if each.release_id > release.release_id]
            rollback = Rollback(datetime.now(UTC).replace(microsecond=0), now.release_id, release.release_id, after)
            records = [
                {"at": each.at.isoformat(), "from": each.left, "to": each.to, "held_back": each.held_back}
                for each in (*self.rollbacks(), rollback)
            ]
            lines = "".join(json.dumps(record) + "\n" for record in records)
            replace_file(self.folder / "rollbacks.jsonl", lines.encode())
            self.switch_to(release)
        return rollback

    def rollbacks(self) -> list[Rollback]:
        """Every rollback, the newest last."""
        file = self.folder / "rollbacks.jsonl"
        records = [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
        return [
            Rollback(datetime.fromisoformat(each["at"]), each["from"], each["to"], each["held_back"])
            for each in records
        ]

    def held_back(self) -> list[Release]:
        """The releases that the latest rollback left behind, as far as they are kept."""
        last = self.rollbacks()[-1:]
        return [each for each in self.releases() for rollback in last if each.release_id in rollback.held_back]

    def prune(self, keep: int) -> list[str]:
        """Remove all but the newest releases; whoever has a file of one open reads on.

        Never the current one, nor the one that readers had before it: they may have looked up its folder a moment ago,
        and open its files now. The oldest goes first: whatever stops this, no release is missing between others.
        """
        current = self.release
        in_use = {current.release_id, current.facts["previous_release_id"]} if current else set()
        removed = [each for each in reversed(self.releases()[keep:]) if each.release_id not in in_use]
        for release in removed:
            shutil.rmtree(release.folder.rename(release.folder.with_name(f"{DRAFT}{release.release_id}")))
        return [each.release_id for each in removed]

    def discard_drafts(self) -> None:
        """Remove what is no release, left by this night or by one that was broken off. The caller has `exclusive`."""
        for release in self._never_switched_in():
            release.folder.rename(release.folder.with_name(f"{DRAFT}{release.release_id}"))
        for draft in (self.folder / "releases").glob(f"{DRAFT}*"):
            shutil.rmtree(draft)
        for temporary in self.folder.glob(".*.new"):
            temporary.unlink()

    def _never_switched_in(self) -> list[Release]:
        """Releases that were sealed by a night that was killed before it switched them in.

        They are newer than the current one, nothing was made on top of them, and nobody went back from them.
        """
        releases = {each.release_id: each for each in self.releases()}
        used = {name for each in self.rollbacks() for name in (each.left, each.to, *each.held_back)}
        now = each = self.release
        while each is not None and each.release_id not in used:
            used.add(each.release_id)
            each = releases.get(str(each.facts.get("previous_release_id")))
        return [each for name, each in releases.items() if name not in used and (now is None or name > now.release_id)]

    def mend_links(self) -> None:
        """Make the fixed links that are missing."""
        for part in (*PARTS, SITE):
            if not (self.folder / part).is_symlink():
                self._link(part, Path("current") / part)

    def _link(self, name: str, target: Path) -> None:
        temporary = self.folder / f".{name}.new"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(target)
        os.replace(temporary, self.folder / name)
        _to_disk(self.folder)

    def write_status(self, status: dict[str, Any]) -> None:
        """Record a night that succeeded."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(status, ensure_ascii=False, indent=2) + "\n"
        replace_file(self.folder / "status.json", text.encode())

    def status(self) -> dict[str, Any] | None:
        """The last night that succeeded; None if none has."""
        file = self.folder / "status.json"
        return json.loads(file.read_text("utf-8")) if file.exists() else None


def replace_file(file: Path, content: bytes) -> None:
    """Write a file in one step: whoever reads it finds the old content or the new, even after a loss of power."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}.new")  # several processes may write it at once
    temporary.write_bytes(content)
    _to_disk(temporary)
    os.replace(temporary, file)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _checksums(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file but the list itself, by its path within the folder."""
    checksums = {}
    for path in _files(folder):
        if path.name != CHECKSUMS:
            with path.open("rb") as file:
                checksums[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return checksums


def _read_checksums(file: Path) -> dict[str, str]:
    """`SHA256SUMS`, as `sha256sum --check` reads it: checksum, two spaces, path."""
    pairs = (line.split("  ", 1) for line in file.read_text("utf-8").splitlines())
    return {name: checksum for checksum, name in pairs}


def _to_disk(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
