"""The sensor that starts a night by day: as soon as a complete file lies in landing.

Belongs here: when dropped files start a run. Does not belong here: taking them (`landing`).
"""

import hashlib
import json

import dagster as dg

from orchestration import landing
from orchestration.schedules import nightly, rebuild_months

EVERY_SECONDS = 15
PUBLISHES_ITSELF = "narvaro/publishes_itself"
"""Tag of a run whose starter runs the night that follows."""


@dg.sensor(job=nightly, minimum_interval_seconds=EVERY_SECONDS, default_status=dg.DefaultSensorStatus.RUNNING)
def dropped_files(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Starts the night when files lie in landing that nobody is writing any more; once for the same files.

    The cursor holds the looks at what has been asked for: a file that has to stay in landing starts no second night
    until it, or what lies beside it, changes.
    """
    landing.make_folders()
    # hashed: a name may hold what must not be stored
    looks = {
        hashlib.sha256(f"{file!a} {landing.look(file)} {landing.look(landing.sidecar_of(file))}".encode()).hexdigest()
        for file, _ in landing.complete(landing.dropped())
    }
    new = looks - set(json.loads(context.cursor or "[]"))
    context.update_cursor(json.dumps(sorted(looks)))
    if not new:
        return dg.SkipReason("No new complete file lies in landing.")
    return dg.RunRequest(run_key=hashlib.sha256("\n".join(sorted(looks)).encode()).hexdigest())


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[rebuild_months],
    request_job=nightly,
    minimum_interval_seconds=EVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def rebuilt_months(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
    """Starts the night when months were made anew, so that a backfill is published without another command."""
    if PUBLISHES_ITSELF in context.dagster_run.tags:
        return dg.SkipReason("Whoever started the backfill runs the night itself.")
    return dg.RunRequest(run_key=context.dagster_run.run_id)
