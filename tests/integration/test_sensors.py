"""The sensor starts a night for files that lie complete in landing, and once for the same ones."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from orchestration import landing
from orchestration.sensors import dropped_files

Look = Callable[[], bool]


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.landing.time.sleep", lambda _: None)


def drop(data: Path, name: str, content: str = "content") -> Path:
    landing.make_folders()
    file = data / "landing" / "registrations" / name
    file.write_text(content)
    return file


@pytest.fixture
def look() -> Look:
    """The sensor's next look, which knows of those before it."""
    context = dg.build_sensor_context()

    def evaluate() -> bool:
        nonlocal context
        found = dropped_files(context)
        context = dg.build_sensor_context(cursor=context.cursor)
        return isinstance(found, dg.RunRequest)

    return evaluate


def test_an_empty_landing_starts_nothing(own_data_folder: Path, look: Look) -> None:
    assert not look()


def test_a_complete_file_starts_a_night(own_data_folder: Path, look: Look) -> None:
    drop(own_data_folder, "2020-01.csv")
    assert look()


def test_a_file_that_stays_starts_one_night_only(own_data_folder: Path, look: Look) -> None:
    drop(own_data_folder, "2020-01.csv")
    taken = drop(own_data_folder, "2020-02.csv")
    assert look()
    taken.unlink()
    assert not look()


def test_a_file_that_changed_or_joined_starts_another_night(own_data_folder: Path, look: Look) -> None:
    drop(own_data_folder, "2020-01.csv")
    assert look()
    drop(own_data_folder, "2020-01.csv", "more content")
    assert look()
    drop(own_data_folder, "2020-02.csv")
    assert look()


def test_the_same_file_again_starts_another_night(own_data_folder: Path, look: Look) -> None:
    drop(own_data_folder, "2020-01.csv").unlink()
    drop(own_data_folder, "2020-01.csv")
    assert look()
    drop(own_data_folder, "2020-01.csv").unlink()
    assert not look()
    drop(own_data_folder, "2020-01.csv")
    assert look()


def test_a_file_that_is_still_written_starts_nothing(
    own_data_folder: Path, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = drop(own_data_folder, "growing.csv")
    monkeypatch.setattr("orchestration.landing.time.sleep", lambda _: file.write_text("more and more"))
    assert not look()
