"""Runs whose process is gone: killed, or ended by the machine, without a word to Dagster.

Belongs here: which process a run has, and the report of those that have none any more. Does not belong here: when this
is looked at (`resources`, `sensors`, `cli`).

Dagster starts runs as plain processes and does not watch them: one that was killed would count as running, and hold the
one place that there is for a run, until the longest time that a run may take is over.
"""

import platform
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import psutil
from filelock import FileLock, Timeout

PROCESS = "narvaro/process"
"""Tag of a run: the machine, the id of its process, how long after the machine's start that began, and the run itself.

Dagster gives a run that is started once more all tags of the one before it: a tag that names another run says nothing.
"""
HAS_BUILD_FILE = "narvaro/has_build_file"
"""Tag of a run that has the lock of the build file, or had it: its own id, for the same reason."""

UNKNOWN_AFTER = timedelta(minutes=10)
"""A run whose process nobody knows is dead when it began so long ago and nobody holds the warehouse."""

SAME_START_SECONDS = 0.05
NOTHING_IS_LOST = "What is published stays as it was, and what was received is kept: the next night goes on with it."


def process_tag(run_id: str) -> dict[str, str]:
    """The tag that says that a run is in this process."""
    process = psutil.Process()
    return {PROCESS: f"{platform.node()} {process.pid} {_started_after_boot(process):.2f} {run_id}"}


def _process(run: dg.DagsterRun) -> tuple[str, int, float] | None:
    """What the tag says: machine, id, start; None if the run has none of its own."""
    where = run.tags.get(PROCESS, "").split()
    return (where[0], int(where[1]), float(where[2])) if len(where) == 4 and where[3] == run.run_id else None


def process_of(run: dg.DagsterRun) -> int | None:
    """The id of the process that a run says it is in; None if it does not say, or is on another machine."""
    found = _process(run)
    return found[1] if found and found[0] == platform.node() else None


def process_lives(run: dg.DagsterRun) -> bool:
    """Whether the process that a run says it is in, on this machine, is there."""
    found = _process(run)
    return found is not None and found[0] == platform.node() and _lives(*found[1:])


def _started_after_boot(process: psutil.Process) -> float:
    """Seconds; the time of day would change with the clock."""
    return process.create_time() - psutil.boot_time()


def end_dead_runs(instance: dg.DagsterInstance, lock: Path, holder: str | None = None) -> list[str]:
    """Report each unfinished run whose process is gone as failed; gives their ids. Queued runs have no process yet.

    `lock`: the file that is locked while a run has the warehouse; `holder`: the run that has it, if the caller knows.
    A run that Dagster is still starting has no tag, and is left to Dagster's own time limit.
    """
    unfinished = instance.get_run_records(
        dg.RunsFilter(
            statuses=[
                dg.DagsterRunStatus.NOT_STARTED,
                dg.DagsterRunStatus.STARTING,
                dg.DagsterRunStatus.STARTED,
                dg.DagsterRunStatus.CANCELING,
            ]
        )
    )
    ended = []
    for record in unfinished:
        run = record.dagster_run
        if run.run_id == holder:
            continue
        found = _process(run)
        if found and found[0] == platform.node():
            is_dead = not process_lives(run)
            who = f"Its process ({found[1]})"
        else:
            is_started = run.status in {dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING}
            is_old = datetime.now(UTC) - record.create_timestamp.astimezone(UTC) > UNKNOWN_AFTER
            # One on another machine that never had the build file may wait for it.
            may_wait = found is not None and run.tags.get(HAS_BUILD_FILE) != run.run_id
            is_dead = is_started and is_old and not may_wait and (holder is not None or _is_free(lock))
            who = f"Its process ({found[1]} on {found[0]})" if found else "Its process"
        if is_dead:
            instance.report_run_failed(
                run,
                f"{who} ended without a word: it was killed, or the machine stopped. {NOTHING_IS_LOST}",
            )
            ended.append(run.run_id)
    return ended


def _lives(pid: int, started_after_boot: float) -> bool:
    try:
        process = psutil.Process(pid)
        is_same = abs(_started_after_boot(process) - started_after_boot) < SAME_START_SECONDS
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_free(lock: Path) -> bool:
    """Whether nobody holds the lock; holds it for that moment."""
    if not lock.exists():
        return True
    try:
        with FileLock(lock, timeout=0):
            return True
    except Timeout:
        return False


def told(ended: Iterable[str]) -> str:
    """`Reported as failed, since their process is gone: run 8fa34282.` for a log."""
    return f"Reported as failed, since their process is gone: run {', '.join(each[:8] for each in ended)}."
