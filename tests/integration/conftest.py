"""What integration tests share: folders of documents to spoil, and one good night in a folder of its own."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from sources.registry import REGISTER_NAME, SHIPPED_REGISTER, sha256_of

if TYPE_CHECKING:
    from orchestration.night import Night

Change = Callable[[str], str]


@dataclass(frozen=True)
class DocumentsFolder:
    """A copy of the project's documents with a register of its own, to be changed."""

    folder: Path

    def rewrite(self, file: str, change: Callable[[bytes], bytes], *, register: bool = True) -> None:
        """Change the bytes of a file, and register its new checksum unless told otherwise."""
        path = self.folder / file
        before = path.read_bytes()
        after = change(before)
        assert after != before, "the change must change something"
        path.write_bytes(after)
        if register:
            self.edit_register(lambda text: text.replace(sha256_of(before), sha256_of(after)))

    def replace(self, file: str, old: str, new: str) -> None:
        """Change the first occurrence of a text in a file."""
        self.rewrite(file, lambda content: content.replace(old.encode(), new.encode(), 1))

    def edit_register(self, change: Change) -> None:
        """Change the text of the register."""
        path = self.folder / REGISTER_NAME
        path.write_text(change(path.read_text("utf-8")), "utf-8")


def copy_of_documents(folder: Path) -> DocumentsFolder:
    """A fresh copy of the shipped documents: only the registered files and the register."""
    copytree(
        SHIPPED_REGISTER, folder, ignore=lambda _, names: [name for name in names if name.endswith((".py", ".pyc"))]
    )
    assert yaml.safe_load((folder / REGISTER_NAME).read_text("utf-8"))
    return DocumentsFolder(folder)


@pytest.fixture
def documents(tmp_path: Path) -> DocumentsFolder:
    """The shipped documents, to be changed by one test."""
    return copy_of_documents(tmp_path / "documents")


@dataclass(frozen=True)
class GoodNight:
    """A night on the project's own documents that was released, and the folder that holds its state."""

    data: Path
    night: "Night"

    @property
    def published(self) -> Path:
        """What users read."""
        return self.data / "published"

    @property
    def database(self) -> Path:
        """The published file."""
        return self.published / "narvaro.duckdb"


def use_data_folder(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let everything that follows keep its state in this folder."""
    from orchestration.manifest import ensure_manifest
    from orchestration.night import prepare_environment

    for name in ("NARVARO_DATA", "DAGSTER_HOME"):
        patch.setenv(name, str(folder))
    prepare_environment()
    ensure_manifest()


def run_dbt(*arguments: str) -> Any:
    """The result of a command of dbt on the build file of the data folder; what it writes stays in that folder."""
    from dbt.cli.main import dbtRunner

    from orchestration import paths
    from orchestration.dbt_in_process import _close_database
    from orchestration.manifest import ensure_manifest, parsed_manifest

    ensure_manifest()
    target, project = paths.dbt_invocations_folder() / "by_hand", str(paths.TRANSFORMS)
    folders = ("--target-path", str(target), "--log-path", str(target), "--project-dir", project)
    done = dbtRunner(parsed_manifest()).invoke(["--quiet", *arguments, *folders, "--profiles-dir", project])
    _close_database()
    assert done.exception is None, done.exception
    return done.result


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


DONE = {"success", "pass", "warn", "no-op"}
"""How a node of dbt ends that did what it had to; an exposure has nothing to do."""


@pytest.fixture(scope="session")
def good_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoodNight]:
    """One whole night on the shipped documents. Tests may run further nights in it, but none that spoils it."""
    from orchestration.night import run_night

    data = tmp_path_factory.mktemp("good_night") / "data"
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        use_data_folder(patch, data)
        patch.setattr("orchestration.release.code_version", lambda: "0.0.0+tests")
        yield GoodNight(data, run_night())
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def later_night(good_night: GoodNight, tmp_path: Path) -> Iterator[GoodNight]:
    """The state after the good night, in a folder of its own that the next night may spoil."""
    data = tmp_path / "data"
    copytree(good_night.data, data, symlinks=True)
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        use_data_folder(patch, data)
        yield GoodNight(data, good_night.night)
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def own_data_folder(tmp_path: Path) -> Iterator[Path]:
    """An empty data folder for one test, whatever other nights there are."""
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        use_data_folder(patch, tmp_path / "data")
        yield tmp_path / "data"
    os.environ.clear()
    os.environ.update(before)
