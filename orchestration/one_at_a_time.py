"""One run at a time has the build file, from its first step to its last; all others wait in line, for a bounded time.

Belongs here: the lock, waiting for it, waiting for a person who has the build file open, and the name of whoever is in
the way. Does not belong here: what a run does with the file (`resources`), runs that are dead (`dead_runs`).

Dagster's own queue starts one run at a time, but knows nothing of runs that are started elsewhere (`narvaro run`), nor
of a person with a SQL client. Runs hold a lock of the operating system, which ends with their process. DuckDB lets one
process write or many read: a person who only reads the build file stops a run as well.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb
import psutil
import yaml
from filelock import FileLock, Timeout
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from orchestration import paths
from orchestration.dead_runs import HAS_BUILD_FILE, process_lives, process_of

LONGEST, MINUTES = "NARVARO_WAIT_MINUTES", 60
AT_ONCE_SECONDS = 1
"""How long a lock is waited for before a word is said of it: long enough for those who only look whether it is free."""
LOOK_SECONDS = 1
LATEST = 100
"""Runs among which the holder is looked for."""
RUNTIME_SECONDS: int = yaml.safe_load((Path(__file__).parent / "instance" / "dagster.yaml").read_text("utf-8"))[
    "run_monitoring"
]["max_runtime_seconds"]
"""How long a run may take when it waits for nothing."""
WAITING = "Waiting"
"""How every message begins that says what a run waits for."""
_NO_DATABASE = "not a valid DuckDB database file"
_HOLDER = re.compile(r"Conflicting lock is held in (?:(?P<program>.+?) \(PID (?P<pid>\d+)\)|PID (?P<hidden>\d+))")


class BuildFileIsOpen(Exception):
    """Somebody else has the build file open; `str` says who."""


def longest_wait() -> float:
    """Seconds that a run waits: the environment's NARVARO_WAIT_MINUTES, or an hour. 0: it does not."""
    told = os.environ.get(LONGEST) or str(MINUTES)
    try:
        seconds = 60 * float(told)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < float("inf"):
        raise dg.Failure(f"{LONGEST} must be a number of minutes, 0 or more: it is {told!r}.", allow_retries=False)
    return seconds


@contextmanager
def lock(
    build: Path, instance: dg.DagsterInstance | None, run: dg.DagsterRun | None, say: Callable[[str], object]
) -> Iterator[None]:
    """Be the one run that has the build file; `say` is told, once, if another one has to be waited for.

    Raises `dagster.Failure`, which names the other one, if it still has the file after the longest wait.
    """
    longest, lock = longest_wait(), FileLock(paths.lock_file(build))
    try:
        try:
            lock.acquire(timeout=min(AT_ONCE_SECONDS, longest))
        except Timeout:
            if not longest:
                raise
            say(f"{WAITING} for {_others(instance, run)}, which has {build.name}; for at most {_minutes(longest)}.")
            lock.acquire(timeout=longest, poll_interval=LOOK_SECONDS)
    except Timeout as error:
        raise dg.Failure(
            f"Another run has {build.name}, one at a time: {_others(instance, run)}. "
            f"It was waited for {_minutes(longest)} ({LONGEST}). Let it end, or stop it, and start this one again.",
            allow_retries=False,
        ) from error
    try:
        if instance is not None and run is not None:
            instance.add_run_tags(run.run_id, {HAS_BUILD_FILE: run.run_id})
        yield
    finally:
        lock.release()


def _others(instance: dg.DagsterInstance | None, run: dg.DagsterRun | None) -> str:
    """Who has the lock, by what Dagster knows: `run 8fa34282 (nightly, by the schedule every_night, process 4711)`."""
    latest = instance.get_runs(limit=LATEST) if instance is not None else []
    # Whatever their state: one that Dagster has given up may still be there.
    having = [each for each in latest if each.tags.get(HAS_BUILD_FILE) == each.run_id and process_lives(each)]
    others = [each for each in having if not each.is_success and (run is None or each.run_id != run.run_id)]
    # The lock is also held for a moment by whoever finds that a night has nothing new.
    return " or ".join(map(_told, others)) or "a process that is no run of this Dagster instance"


def _told(run: dg.DagsterRun) -> str:
    starters = {"schedule": "dagster/schedule_name", "sensor": "dagster/sensor_name", "backfill": "dagster/backfill"}
    by = next((f", by the {kind} {run.tags[tag]}" for kind, tag in starters.items() if tag in run.tags), "")
    return f"run {run.run_id[:8]} ({run.job_name}{by}, process {process_of(run)})"


def runtime_tag() -> dict[str, str]:
    """The tag that gives a run as long as Dagster allows, besides what it waits: for another run, and for a person."""
    return {"dagster/max_runtime": str(int(RUNTIME_SECONDS + 2 * longest_wait()))}


def wait_until_closed(build: Path, say: Callable[[str], object]) -> None:
    """Return as soon as nobody has the build file open; `say` is told, once, if somebody has.

    Raises `dagster.Failure`, which names the program, its process and its user, if it is open after the longest wait;
    and if the file is damaged.
    """
    longest = longest_wait()

    def waiting(state: RetryCallState) -> None:
        if state.attempt_number == 1 and state.outcome:
            say(f"{WAITING} for at most {_minutes(longest)}: {state.outcome.exception()}")

    attempts = Retrying(
        retry=retry_if_exception_type(BuildFileIsOpen),
        stop=stop_after_delay(longest),
        wait=wait_fixed(LOOK_SECONDS),
        before_sleep=waiting,
        reraise=True,
    )
    try:
        attempts(_open, build)
    except BuildFileIsOpen as error:
        raise dg.Failure(
            f"{error} It was waited for {_minutes(longest)} ({LONGEST}). Close it there and start the run again; "
            "whoever only reads should open the published file, which no run has to wait for.",
            allow_retries=False,
        ) from error


@contextmanager
def failures_are_final(instance: dg.DagsterInstance | None, run: dg.DagsterRun | None) -> Iterator[None]:
    """A failure that says what to do stays one when the run is started once more: Dagster is not to do that.

    Its own `allow_retries` speaks of steps alone, not of what a run needs before its first one.
    """
    try:
        yield
    except dg.Failure:
        if instance is not None and run is not None:
            instance.add_run_tags(run.run_id, {"dagster/max_retries": "0"})
        raise


def _open(build: Path) -> None:
    try:
        duckdb.connect(str(build)).close()
    except duckdb.IOException as error:
        found = _HOLDER.search(str(error))
        if found is None and _NO_DATABASE in str(error):
            raise dg.Failure(
                f"{build.name} is damaged: {error}\nMove {build} away and start the run again: it is made anew from "
                "documents and store. What is published stays as it was.",
                allow_retries=False,
            ) from error
        if found is None:
            raise
        pid = int(found["pid"] or found["hidden"])
        program = f": {found['program']}" if found["program"] else ""
        # 0: it is in another container
        who = f"process {pid}{_user_of(pid)}{program}" if pid else "by a process that this one cannot see"
        raise BuildFileIsOpen(f"{build.name} is open elsewhere ({who}), and a run needs it for itself.") from error


def _user_of(pid: int) -> str:
    """` of user anna`; nothing if the system does not say."""
    try:
        return f" of user {psutil.Process(pid).username()}"
    except psutil.Error:
        return ""


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g} minutes"
