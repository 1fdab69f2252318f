"""The dbt manifest where it cannot be made: people are told what to do, without a traceback."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from orchestration import manifest, paths
from orchestration.cli import app


@pytest.fixture(autouse=True)
def stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manifest that does not fit the dbt project, and a data folder of its own."""
    monkeypatch.setenv("NARVARO_DATA", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setattr(manifest, "STAMP", tmp_path / "manifest.sha256")


@pytest.mark.parametrize("command", ["run", "webserver", "daemon", "manifest"])
def test_a_stale_manifest_that_may_not_be_written_is_told_with_who_can_make_it(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As the user of a service, in a checkout that belongs to root.
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    told = CliRunner().invoke(app, [command])
    assert told.exit_code == 1
    assert isinstance(told.exception, SystemExit)
    lines = " ".join(told.output.split())
    assert "The dbt manifest is missing or older than the dbt project" in lines
    assert str(paths.MANIFEST.parent) in told.output
    assert "Run `make manifest` in the checkout, as its owner." in lines


def test_a_project_that_dbt_cannot_parse_is_told_in_the_words_of_dbt(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(command: Any, **_: Any) -> Any:
        return subprocess.CompletedProcess(command, 2, "Compilation Error in model [x]", "")

    monkeypatch.setattr(subprocess, "run", parse)
    told = CliRunner().invoke(app, ["manifest"])
    assert told.exit_code == 1
    assert isinstance(told.exception, SystemExit)
    assert "dbt cannot parse the project in transforms/:\nCompilation Error in model [x]" in told.output
