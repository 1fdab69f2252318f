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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration import paths

DATABASE = "narvaro.duckdb"
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

    def new_release(self, release_id: str) -> Path:
        """An empty folder for a release, not switched in."""
        folder = self.folder / "releases" / release_id
        folder.mkdir(parents=True)
        return folder

    def discard(self, release: Path) -> None:
        """Remove a release that is not switched in."""
        shutil.rmtree(release)

    def switch_to(self, release: Path) -> None:
        """Let users read this release: one rename, so that nobody ever sees half of it."""
        self._link("current", Path("releases") / release.name)
        for part in PARTS:
            if not (self.folder / part).is_symlink():
                self._link(part, Path("current") / part)

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
