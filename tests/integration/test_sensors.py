"""The sensor starts a night for files that lie complete in landing, and once for the same ones."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration import landing
from orchestration.sensors import dropped_files


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.landing.time.sleep", lambda _: None)


def drop(data: Path, name: str, content: str = "content") -> Path:
    landing.make_folders()
    file = data / "landing" / "registrations" / name
    file.write_text(content)
    return file


def look() -> dg.RunRequest | dg.SkipReason:
    found = dropped_files(dg.build_sensor_context())
    assert isinstance(found, dg.RunRequest | dg.SkipReason)
    return found


def run_key() -> str:
    found = look()
    assert isinstance(found, dg.RunRequest)
    assert found.run_key
    return found.run_key


def test_an_empty_landing_starts_nothing(own_data_folder: Path) -> None:
    assert isinstance(look(), dg.SkipReason)


def test_a_complete_file_starts_a_night(own_data_folder: Path) -> None:
    drop(own_data_folder, "2020-01.csv")
    assert run_key()


def test_a_file_that_stays_starts_one_night_only(own_data_folder: Path) -> None:
    drop(own_data_folder, "2020-01.csv")
    assert run_key() == run_key()


def test_a_file_that_changed_or_joined_starts_another_night(own_data_folder: Path) -> None:
    drop(own_data_folder, "2020-01.csv")
    keys = {run_key()}
    drop(own_data_folder, "2020-01.csv", "more content")
    keys.add(run_key())
    drop(own_data_folder, "2020-02.csv")
    keys.add(run_key())
    assert len(keys) == 3


def test_a_file_that_is_still_written_starts_nothing(own_data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = drop(own_data_folder, "growing.csv")
    monkeypatch.setattr("orchestration.landing.time.sleep", lambda _: file.write_text("more and more"))
    assert isinstance(look(), dg.SkipReason)
