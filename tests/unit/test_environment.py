"""The environment of every command that starts Dagster or dbt."""

from pathlib import Path

import pytest

from orchestration.night import prepare_environment


@pytest.mark.parametrize("name", ["what?", "n#1", "all*", "data [1]"])
def test_a_data_folder_that_the_tools_would_take_for_another_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARVARO_DATA", str(tmp_path / name))
    monkeypatch.delenv("DAGSTER_HOME", raising=False)

    with pytest.raises(SystemExit, match="NARVARO_DATA"):
        prepare_environment()

    assert not (tmp_path / name).exists()
