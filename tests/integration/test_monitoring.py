"""What a night leaves for whoever watches, whoever started it and however it ended."""

from pathlib import Path

import dagster as dg
import pytest
from filelock import FileLock
from typer.testing import CliRunner

from orchestration import paths
from orchestration.cli import app
from orchestration.definitions import defs
from orchestration.monitoring import LatestNight
from orchestration.night import run_night
from tests.integration.conftest import DocumentsFolder, GoodNight

QUIET = {"console": {"config": {"log_level": "CRITICAL"}}}


def metrics(night: GoodNight) -> list[str]:
    return (night.published / "metrics.prom").read_text("utf-8").splitlines()


def on_record() -> LatestNight:
    found = LatestNight.here()
    assert found is not None
    return found


@pytest.fixture
def broken_register(tmp_path: Path) -> Path:
    """A folder of documents that no night can read."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "documents.yml").write_text("documents: [", "utf-8")
    return folder


def test_a_good_night_is_on_record_once_its_release_is_read(good_night: GoodNight) -> None:
    latest, status = on_record(), CliRunner().invoke(app, ["status", "--max-age", "26h"])
    assert latest.is_good
    assert (latest.failed_checks, latest.errors) == ((), ())
    assert latest.started_at < latest.finished_at
    assert latest.checks_passed == len(good_night.night.checks)
    current = (good_night.published / "current").resolve().name
    assert (status.exit_code, status.output.startswith("OK: ")) == (0, True), status.output
    assert any(line.startswith("narvaro_release_info{") and current in line for line in metrics(good_night))
    assert "narvaro_latest_night_success 1.0" in metrics(good_night)
    assert f'narvaro_latest_night_checks{{result="passed"}} {latest.checks_passed}.0' in metrics(good_night)


def test_a_failed_step_is_on_record_whoever_started_the_job(later_night: GoodNight, broken_register: Path) -> None:
    released = [line for line in metrics(later_night) if line.startswith(("narvaro_release", "narvaro_table"))]
    with dg.DagsterInstance.get() as instance:
        run = defs.resolve_job_def("nightly").execute_in_process(
            run_config={"resources": {"documents": {"config": {"folder": str(broken_register)}}}, "loggers": QUIET},
            instance=instance,
            raise_on_error=False,
        )
    assert not run.success
    latest = on_record()
    assert (latest.run_id, latest.outcome) == (run.run_id, "failed")
    assert "documents.yml, line" in latest.errors[0]
    assert "narvaro_latest_night_success 0.0" in metrics(later_night)
    assert released == [line for line in metrics(later_night) if line.startswith(("narvaro_release", "narvaro_table"))]
    told = CliRunner().invoke(app, ["status", "--max-age", "26h"])
    assert told.exit_code == 1
    assert told.output.startswith("NOT OK: the latest night failed; ")


def test_a_check_of_dbt_that_fails_is_on_record_with_its_rows(
    later_night: GoodNight, documents: DocumentsFolder
) -> None:
    documents.replace("service_centre_schedules/rollout.txt", "Hässleholm Avvecklat", "Hässlehult Avvecklat")
    assert run_night(documents.folder).outcome == "refused"
    (check,) = on_record().failed_checks
    assert check.description.startswith("place Hässlehult, document_id")
    assert "place Hässlehult, document_id" in CliRunner().invoke(app, ["status"]).output


def test_a_first_night_that_fails_leaves_metrics_and_publishes_nothing(
    own_data_folder: Path, broken_register: Path
) -> None:
    assert run_night(broken_register).outcome == "failed"
    assert on_record().outcome == "failed"
    published = paths.published_folder()
    assert "narvaro_latest_night_success 0.0" in (published / "metrics.prom").read_text("utf-8").splitlines()
    assert not (published / "current").exists()
    assert CliRunner().invoke(app, ["status"]).exit_code == 1


def test_a_run_that_finds_another_one_at_work_is_no_night(
    later_night: GoodNight, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARVARO_WAIT_MINUTES", "0")
    before = on_record()
    with FileLock(later_night.data / "build" / "narvaro.lock"):
        assert run_night().outcome == "failed"
    assert on_record() == before


def test_a_run_of_some_assets_is_no_night(later_night: GoodNight) -> None:
    before = on_record()
    with dg.DagsterInstance.get() as instance:
        run = defs.resolve_job_def("nightly").execute_in_process(
            asset_selection=[dg.AssetKey(["raw", "kept_offices"])], run_config={"loggers": QUIET}, instance=instance
        )
    assert run.success
    assert on_record() == before


def test_a_night_is_as_good_as_it_was_when_nothing_can_be_told_of_it(
    later_night: GoodNight, broken_register: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def disk_is_full() -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("orchestration.metrics_file.write_metrics", disk_is_full)
    night = run_night(broken_register)
    assert night.outcome == "failed"
    assert "documents.yml, line" in night.errors[0]
    assert "No space left on device" in caplog.text
