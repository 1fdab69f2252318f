"""A night that finds nothing new: on record at once, with every table as it was; any change makes it a whole night."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from filelock import FileLock
from typer.testing import CliRunner

from orchestration import inputs, paths
from orchestration.cli import app
from orchestration.deliveries import Kind
from orchestration.monitoring import LatestNight
from orchestration.published import ASSET, Published
from orchestration.schedules import every_night
from orchestration.unchanged_night import night_with_nothing_new
from tests.integration.conftest import GoodNight


def everything(folder: Path) -> dict[str, str]:
    """The content of every file, by its path."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_a_night_with_nothing_new_says_so_and_changes_nothing_but_the_record(later_night: GoodNight) -> None:
    before, build = everything(later_night.published), paths.build_file().read_bytes()

    done = CliRunner().invoke(app, ["run"])

    assert done.exit_code == 0, done.output
    assert "Nothing new" in done.output
    assert later_night.night.release["release_id"] in done.output
    assert paths.build_file().read_bytes() == build
    after = everything(later_night.published)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed == {"status.json", "metrics.prom"}
    status, latest = Published.here().status(), LatestNight.here()
    assert status
    assert latest
    assert (status["outcome"], latest.outcome) == ("nothing_new", "nothing_new")
    assert status["run_id"] == latest.run_id != later_night.night.run_id
    assert datetime.fromisoformat(status["finished_at"]) > datetime.now(UTC).replace(microsecond=0) - _A_MINUTE
    with dg.DagsterInstance.get() as instance:
        (seen,) = instance.fetch_observations(dg.AssetKey(ASSET), limit=5).records
    assert seen.asset_observation
    assert seen.asset_observation.metadata["run_id"].value == latest.run_id


_A_MINUTE = datetime(2021, 1, 1, 0, 1) - datetime(2021, 1, 1)  # noqa: DTZ001


def test_the_schedule_starts_no_run_if_nothing_is_new(later_night: GoodNight) -> None:
    with dg.DagsterInstance.get() as instance, dg.build_schedule_context(instance=instance) as context:
        tick = every_night(context)

    assert isinstance(tick, dg.SkipReason)
    assert later_night.night.release["release_id"] in str(tick.skip_message)


def test_the_schedule_starts_a_run_if_a_file_was_dropped(later_night: GoodNight) -> None:
    _drop(later_night)

    with dg.DagsterInstance.get() as instance, dg.build_schedule_context(instance=instance) as context:
        assert isinstance(every_night(context), dg.RunRequest)


def _drop(night: GoodNight) -> None:
    (paths.landing_folder() / Kind.REGISTRATIONS).mkdir(parents=True, exist_ok=True)
    (paths.landing_folder() / Kind.REGISTRATIONS / "registrations.csv").write_text("anything", "utf-8")


def _bad_night(night: GoodNight) -> None:
    latest = LatestNight.here()
    assert latest
    latest.model_copy(update={"outcome": "failed"}).write()


def _damaged_release(night: GoodNight) -> None:
    database = night.database.resolve()
    database.chmod(0o644)
    database.write_bytes(database.read_bytes() + b"x")


def _another_release(night: GoodNight) -> None:
    published = Published.here()
    published.write_status({**(published.status() or {}), "release_id": "20200101T000000Z-00000000"})


def _new_delivery(night: GoodNight) -> None:
    file = paths.deliveries_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n", "utf-8")


def _other_memory(night: GoodNight) -> None:
    shutil.rmtree(paths.store_folder() / "disclosure")


def _no_build_file(night: GoodNight) -> None:
    paths.build_file().unlink()


def _broken_note(night: GoodNight) -> None:
    paths.build_file().with_name("night_inputs.json").write_text("{", "utf-8")


CHANGES: list[Callable[[GoodNight], None]] = [
    *(_drop, _bad_night, _damaged_release, _another_release),
    *(_new_delivery, _other_memory, _no_build_file, _broken_note),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_not_as_it_was_asks_for_a_whole_night(
    later_night: GoodNight, change: Callable[[GoodNight], None]
) -> None:
    assert night_with_nothing_new() is not None
    change(later_night)

    assert night_with_nothing_new() is None


def test_whatever_goes_wrong_asks_for_a_whole_night(
    later_night: GoodNight, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("orchestration.metrics_file.write_metrics", lambda: 1 / 0)

    assert night_with_nothing_new() is None
    assert "The night is a whole one: ZeroDivisionError: division by zero" in caplog.text


def test_a_changed_setting_asks_for_a_whole_night(later_night: GoodNight, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARVARO_KEEP_RELEASES", "3")

    assert night_with_nothing_new() is None


def test_documents_of_ones_own_ask_for_a_whole_night(later_night: GoodNight, tmp_path: Path) -> None:
    assert night_with_nothing_new(tmp_path) is None


def test_a_night_waits_for_nobody_and_leaves_the_word_to_the_whole_night(later_night: GoodNight) -> None:
    with FileLock(paths.lock_file(paths.build_file())):
        assert night_with_nothing_new() is None


def test_a_whole_night_that_is_killed_leaves_nothing_to_go_by(later_night: GoodNight) -> None:
    from orchestration.unchanged_night import begin_whole_night

    begin_whole_night(None)

    assert night_with_nothing_new() is None


def test_any_file_of_the_code_is_an_input_wherever_the_checkout_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "target"
    packages = ("sources", "expectations", "orchestration", "transforms")
    for package in packages:
        (checkout / package).mkdir(parents=True)
        (checkout / package / "part.sql").write_text("select 1", "utf-8")
    monkeypatch.setattr(paths, "ROOT", checkout)
    before = inputs.inputs()
    assert inputs.inputs() == before

    for package in packages:
        (checkout / package / "part.sql").write_text("select 2", "utf-8")
        after = inputs.inputs()
        assert {name for name in after if after[name] != before[name]} == {"code"}, package
        before = after


def test_what_a_run_writes_into_the_checkout_is_no_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    before = inputs.inputs()
    for folder in ("transforms/target", "transforms/logs", "sources/__pycache__"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "made").write_text("made", "utf-8")

    assert inputs.inputs() == before


def test_another_version_of_a_library_is_an_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "get_path", lambda _: str(tmp_path))
    (tmp_path / "duckdb-2.0.0.dist-info").mkdir()
    before = inputs.inputs()
    (tmp_path / "duckdb-2.0.0.dist-info").rename(tmp_path / "duckdb-2.0.1.dist-info")
    after = inputs.inputs()

    assert {name for name in after if after[name] != before[name]} == {"libraries"}
