"""A night with nothing to do: everything that its result depends on is as the last whole night found it.

Belongs here: remembering what a whole night started from, and putting on record a night that has nothing new. Does not
belong here: what the inputs are (`inputs`), the whole night (`night`). It needs no Dagster: that alone takes seconds.

    build/night_inputs.json         what the last whole night started from; there only if that night was good
    build/night_inputs_begun.json   the same of a whole night that has not ended well, or not yet

A night is whole unless everything is known to be as it was: after a bad or a killed night, a rollback, any change of a
file of the project, any file in landing. The UI and `narvaro run --again` always run the whole night.
"""

import json
import logging
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from orchestration import alerts, landing, metrics_file, paths
from orchestration.inputs import inputs, remembered
from orchestration.monitoring import LatestNight
from orchestration.published import ASSET, Published, replace_file

LOCK_SECONDS = 1


def begin_whole_night(documents: Path | None) -> None:
    """Note what a night starts from, once it has taken what lay in landing; what was known of the last one goes."""
    _known().unlink(missing_ok=True)
    _begun().parent.mkdir(parents=True, exist_ok=True)
    replace_file(_begun(), json.dumps({"inputs": inputs(documents)}).encode())


def end_whole_night() -> None:
    """Remember what the night started from, now that it ended well, and what its release remembers."""
    with suppress(FileNotFoundError):  # a run of chosen assets may have begun elsewhere
        begun = json.loads(_begun().read_text("utf-8"))
        replace_file(_known(), json.dumps({**begun, "remembered": remembered()}).encode())
        _begun().unlink()


def night_with_nothing_new(documents: Path | None = None) -> LatestNight | None:
    """Put a night on record that found nothing new and the current release whole; None if it has to be a whole night.

    Changes no table. It holds the lock of the build file meanwhile, as every night does: None too if another one does.
    """
    started = datetime.now(UTC)
    lock = FileLock(paths.lock_file(paths.build_file()), timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return None
    try:
        return _recorded(documents, started)
    except Exception as error:  # what cannot be read is not known to be as it was, and the whole night says why
        logging.getLogger(__name__).warning("The night is a whole one: %s: %s", type(error).__name__, error)
    finally:
        lock.release()
    return None


def told(night: LatestNight) -> str:
    """What such a night found: that nothing is new, in words."""
    release = (Published.here().status() or {})["release_id"]
    return f"documents, deliveries, code and settings are as they were, and release {release} is whole"


def tell_dagster(instance: Any, night: LatestNight) -> None:
    """Show the night in Dagster, as an observation of the release: there is no run of it."""
    import dagster as dg

    facts = {"outcome": night.outcome, "run_id": night.run_id, "finished_at": night.finished_at.isoformat()}
    instance.report_runless_asset_event(
        dg.AssetObservation(dg.AssetKey(ASSET), description=told(night), metadata=facts)
    )


def _recorded(documents: Path | None, started: datetime) -> LatestNight | None:
    published, before = Published.here(), LatestNight.here()
    if before is None or not before.is_good or not _is_known(documents):
        return None
    with published.exclusive():
        status = published.status()
        if status is None or not _is_published(published, status):
            return None
        published.mend_links()
        finished = datetime.now(UTC)
        night = before.model_copy(
            update={
                "run_id": str(uuid.uuid4()),
                "outcome": "nothing_new",
                "started_at": started,
                "finished_at": finished,
            }
        )
        at = finished.replace(microsecond=0).isoformat()
        published.write_status({**status, "outcome": night.outcome, "run_id": night.run_id, "finished_at": at})
    night.write()
    metrics_file.write_metrics()
    alerts.tell(finished)
    return night


def _is_known(documents: Path | None) -> bool:
    """Whether nothing lies in landing, and all inputs are those of the last whole night."""
    if any(landing.dropped()) or not _known().exists() or not paths.build_file().exists():
        return False
    known = json.loads(_known().read_text("utf-8"))
    return bool(known["remembered"] == remembered() and known["inputs"] == inputs(documents))


def _is_published(published: Published, status: dict[str, Any]) -> bool:
    """Whether readers have the release of the last good night, and all its files are as they were sealed."""
    release = published.release
    return release is not None and release.release_id == status["release_id"] and not release.faults()


def _known() -> Path:
    return paths.build_file().with_name("night_inputs.json")


def _begun() -> Path:
    return paths.build_file().with_name("night_inputs_begun.json")
