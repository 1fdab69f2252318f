"""The environment of every command that starts Dagster or dbt."""

from pathlib import Path

import pytest

from orchestration import paths
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


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NARVARO_DATA", "DAGSTER_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://narvaro:hem@ligt@db.example/narvaro",
        "postgresql://narvaro:hem ligt@db.example/narvaro",
        "postgresql://narvaro@db.example:hemligt/narvaro",
        "postgres:/narvaro:hemligt@db.example/narvaro",
        "mysql://narvaro:hemligt@db.example/narvaro",
        "hemligt",
    ],
)
def test_an_address_of_which_a_library_would_repeat_the_password_is_refused_without_it(
    data: None, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARVARO_POSTGRESQL", address)

    with pytest.raises(SystemExit) as told:
        prepare_environment()

    assert "NARVARO_POSTGRESQL" in str(told.value)
    assert "ligt" not in str(told.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://narvaro:hem%40ligt@db.example:5432/narvaro",
        "postgresql+psycopg2://narvaro:a:b/c?d#e@[::1]:5432/narvaro?sslmode=require",
        "postgresql://narvaro@/narvaro?host=/run/postgresql",
        "postgresql:///narvaro",
    ],
)
def test_any_other_address_is_taken(data: None, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARVARO_POSTGRESQL", address)

    prepare_environment()

    settings = (paths.dagster_home() / "dagster.yaml").read_text("utf-8")
    assert "NARVARO_POSTGRESQL" in settings
    assert "narvaro@" not in settings
