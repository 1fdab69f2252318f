"""The sensors: a night starts by day when a complete file lies in landing; no run that died or failed is left unheard.

Belongs here: when something is looked at, and what it starts. Does not belong here: taking files (`landing`), which run
is dead (`dead_runs`), what people are told (`monitoring`, `alerts`).
"""

import hashlib
import json

import dagster as dg

from orchestration import landing, monitoring
from orchestration.dead_runs import end_dead_runs, told
from orchestration.resources import Warehouse
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


@dg.run_failure_sensor(minimum_interval_seconds=EVERY_SECONDS, default_status=dg.DefaultSensorStatus.RUNNING)
def failed_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason:
    """Starts nothing: people hear of a failed run that nobody started by hand and that could not tell them itself."""
    return dg.SkipReason(monitoring.tell_of_unattended(context.instance, context.dagster_run))


@dg.sensor(minimum_interval_seconds=2 * EVERY_SECONDS, default_status=dg.DefaultSensorStatus.RUNNING)
def dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Starts nothing: it reports runs whose process was killed, so that the place for a run is free again."""
    ended = end_dead_runs(context.instance, Warehouse().lock_file)
    return dg.SkipReason(told(ended) if ended else "Every run that is not finished has its process.")
