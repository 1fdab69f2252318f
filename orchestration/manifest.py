"""dbt's manifest: what Dagster knows of the models before any of them runs.

Belongs here: making it, and telling whether it still fits the dbt project. Does not belong here: running models.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import paths

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

DBT_PARSED = "partial_parse.msgpack"
"""What dbt calls what it parsed, in its target folder."""
STAMP = paths.MANIFEST.with_name("manifest.sha256")
_SOURCES = ("*.sql", "*.yml", "*.csv", "*.md")


class StaleManifest(Exception):
    """The manifest is missing, or made from another state of the dbt project."""


def project_fingerprint() -> str:
    """A checksum of every file that dbt parses, by name and content."""
    digest = hashlib.sha256()
    for file in sorted(_project_files()):
        digest.update(f"{file.relative_to(paths.TRANSFORMS)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _project_files() -> Iterator[Path]:
    generated = {paths.TRANSFORMS / "target", paths.TRANSFORMS / "logs"}
    for pattern in _SOURCES:
        for file in paths.TRANSFORMS.rglob(pattern):
            if not generated.intersection(file.parents):
                yield file


def is_fresh() -> bool:
    """Whether the manifest stands, in both forms, and was made from the dbt project as it is now."""
    stands = paths.MANIFEST.exists() and paths.PARSED.exists() and STAMP.exists()
    return stands and STAMP.read_text("utf-8") == project_fingerprint()


def load_manifest() -> dict[str, object]:
    """The manifest; raises `StaleManifest` with what to do if it does not fit the dbt project."""
    if not is_fresh():
        raise StaleManifest(
            "The dbt manifest is missing or older than the dbt project in transforms/. Run `narvaro manifest`."
        )
    manifest: dict[str, object] = json.loads(paths.MANIFEST.read_text("utf-8"))
    return manifest


def ensure_manifest() -> bool:
    """Make the manifest if it is not fresh; whether it had to be made.

    Raises `StaleManifest` if it may not be written here, as by the user of a service, and `RuntimeError` if dbt cannot
    parse the project.

    dbt runs in a process of its own here: it would leave its logging behind in this one.
    """
    if is_fresh():
        return False
    target = paths.MANIFEST.parent
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise StaleManifest(
            "The dbt manifest is missing or older than the dbt project in transforms/, and this user may not write it "
            f"({target}). Run `make manifest` in the checkout, as its owner."
        )
    fingerprint = project_fingerprint()
    folder = str(paths.TRANSFORMS)
    done = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "--quiet", "parse", "--project-dir", folder, "--profiles-dir", folder],
        env={**os.environ, "NARVARO_DATA": str(paths.data_folder())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"dbt cannot parse the project in {paths.TRANSFORMS.name}/:\n{done.stdout}{done.stderr}")
    shutil.copyfile(paths.MANIFEST.with_name(DBT_PARSED), paths.PARSED)
    STAMP.write_text(fingerprint, "utf-8")
    return True


def parsed_manifest(file: Path | None = paths.PARSED) -> "Manifest | None":
    """dbt's own manifest as it left it after parsing, ready to run; None without a file: dbt then parses by itself.

    It would look into all files of the project again, and into each of them anew wherever the build file is another.
    """
    if file is None or not file.exists():
        return None
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    manifest = Manifest.from_msgpack(file.read_bytes(), decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()
    return manifest
