"""Dagster's history, kept for a while: old runs with their events and logs are removed, once a week.

Belongs here: which runs go, and their removal. Does not belong here: ticks of schedules and sensors, which Dagster
removes itself (`instance/dagster.yaml`), and releases (`published`).

Dagster keeps every event of every run for ever: some 1 300 a night. A run stays, however old, while it is the latest
that made an asset or a partition: without it a month that was delivered years ago would look as if it never came.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import sqlalchemy
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable

from orchestration import paths

KEEP, KEPT = "NARVARO_KEEP_RUNS_DAYS", 90
BUSY_SECONDS = 30
NO_RUN = ""
"""The run of what was reported without one."""
AT_ONCE = 500
"""Events that are looked up together."""


def kept_days() -> int:
    """How many days a run is kept: the environment's NARVARO_KEEP_RUNS_DAYS, or 90."""
    told = os.environ.get(KEEP) or str(KEPT)
    if not told.isdecimal() or int(told) < 1:
        raise dg.Failure(f"{KEEP} must be a whole number of days, at least 1: it is {told!r}.", allow_retries=False)
    return int(told)


def prune(instance: dg.DagsterInstance, now: datetime, days: int) -> list[str]:
    """Remove the runs that ended before so many days, but those that assets still refer to; gives their ids.

    SQLite's files are made compact afterwards. Interrupted, it can be done again.
    """
    ended = dg.RunsFilter(
        statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED],
        created_before=now - timedelta(days=days),
    )
    kept = {*latest_runs(instance)}
    gone = [run.run_id for run in instance.get_runs(ended) if run.run_id not in kept]
    for run_id in gone:
        instance.delete_run(run_id)
        instance.compute_log_manager.delete_logs(prefix=[run_id])
    _forget_checks(instance)
    if gone:
        _make_compact()
    return gone


def latest_runs(instance: dg.DagsterInstance) -> Iterator[str]:
    """The runs that were the last to make an asset, or one of its partitions."""
    for record in instance.get_asset_records():
        key = record.asset_entry.asset_key
        if record.asset_entry.last_run_id:
            yield record.asset_entry.last_run_id
        latest = instance.event_log_storage.get_latest_storage_id_by_partition(
            key, dg.DagsterEventType.ASSET_MATERIALIZATION
        )
        ids = sorted(latest.values())
        for at in range(0, len(ids), AT_ONCE):
            wanted = dg.AssetRecordsFilter(asset_key=key, storage_ids=ids[at : at + AT_ONCE])
            for found in instance.fetch_materializations(wanted, limit=AT_ONCE).records:
                yield found.event_log_entry.run_id


def _forget_checks(instance: dg.DagsterInstance) -> None:
    """Remove the results of asset checks of runs that are gone: `delete_run` leaves 0.8 MB a night behind."""
    checks = AssetCheckExecutionsTable
    with instance.event_log_storage.index_connection() as connection:  # type: ignore[attr-defined]
        # Looked up before the runs: one that begins meanwhile loses nothing.
        having = {run_id for (run_id,) in connection.execute(sqlalchemy.select(checks.c.run_id).distinct())}
        gone = having - {NO_RUN} - {run.run_id for run in instance.get_runs()}
        connection.execute(checks.delete().where(checks.c.run_id.in_(gone)))


def _make_compact() -> None:
    """SQLite keeps the place of removed rows; PostgreSQL sees to that itself."""
    for file in sorted(Path(paths.dagster_home(), "history").rglob("*.db")):
        if file.name in {"runs.db", "index.db"}:
            with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection:
                connection.execute("vacuum")
                connection.execute("pragma wal_checkpoint(truncate)")  # or the log stays as large as the file was


@dg.op
def prune_runs(context: dg.OpExecutionContext) -> None:
    """Remove what is older than NARVARO_KEEP_RUNS_DAYS."""
    days = kept_days()
    gone = prune(context.instance, datetime.now(UTC), days)
    context.log.info("%d runs, older than %d days, were removed with their events and logs.", len(gone), days)


@dg.job(description="Dagster's own history: runs older than NARVARO_KEEP_RUNS_DAYS (90) are removed.")
def prune_history() -> None:
    """One step."""
    prune_runs()


every_week = dg.ScheduleDefinition(
    name="every_week",
    job=prune_history,
    cron_schedule="45 5 * * 0",  # long after the night
    execution_timezone="Europe/Stockholm",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
