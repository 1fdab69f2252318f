"""The folder that users read: releases, the one link that is switched, and the status of the last good night.

Belongs here: the layout of `data/published` and the switch. Does not belong here: what a release holds.

    releases/<release_id>/   everything of one night, complete before it is switched in
    current -> releases/<release_id>
    narvaro.duckdb -> current/narvaro.duckdb   (and one such link for each other part of a release)
    status.json              the last night that succeeded
"""

import json
import os
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration import paths

DATABASE = "narvaro.duckdb"
DRAFT = "draft-"
PARTS = (DATABASE, "csv", "parquet", "data_docs")
"""What stands in every release and has a fixed link beside `current`."""


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
        """The release that users read now; None before the first one."""
        link = self.folder / "current"
        return link.resolve() if link.exists() else None

    @property
    def database(self) -> Path | None:
        """The DuckDB file that users read now."""
        return self.current / DATABASE if self.current else None

    @property
    def manifest(self) -> dict[str, Any] | None:
        """Facts of the current release: release_id, fingerprint, code and contract version."""
        return json.loads((self.current / "release.json").read_text("utf-8")) if self.current else None

    def new_draft(self) -> Path:
        """An empty folder for a release that is not switched in."""
        folder = self.folder / "releases" / f"{DRAFT}{uuid.uuid4()}"
        folder.mkdir(parents=True)
        return folder

    def write_manifest(self, draft: Path, facts: dict[str, Any]) -> None:
        """Let a draft say what it is."""
        (draft / "release.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")

    def named(self, draft: Path, release_id: str) -> Path:
        """The draft as a complete release, still not switched in."""
        return draft.rename(draft.with_name(release_id))

    def discard_drafts(self) -> None:
        """Remove what never became a release, of this night or of one that was broken off."""
        for draft in (self.folder / "releases").glob(f"{DRAFT}*"):
            shutil.rmtree(draft)

    def switch_to(self, release: Path) -> None:
        """Let users read this release: one rename, so that nobody ever sees half of it."""
        self.mend_links()
        self._link("current", Path("releases") / release.name)

    def mend_links(self) -> None:
        """Make the fixed links that are missing."""
        for part in PARTS:
            if not (self.folder / part).is_symlink():
                self._link(part, Path("current") / part)

    @property
    def is_whole(self) -> bool:
        """Whether the current release has all its parts."""
        return self.current is not None and all((self.current / part).exists() for part in PARTS)

    def _link(self, name: str, target: Path) -> None:
        temporary = self.folder / f".{name}.new"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(target)
        os.replace(temporary, self.folder / name)

    def write_status(self, status: dict[str, Any]) -> None:
        """Record a night that succeeded."""
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / ".status.json.new"
        temporary.write_text(json.dumps(status, ensure_ascii=False, indent=2) + "\n", "utf-8")
        os.replace(temporary, self.folder / "status.json")

    def status(self) -> dict[str, Any] | None:
        """The last night that succeeded; None if none has."""
        file = self.folder / "status.json"
        return json.loads(file.read_text("utf-8")) if file.exists() else None
