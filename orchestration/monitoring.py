"""How the latest night ended, on record for whoever watches from outside Dagster, and whether that is well.

Belongs here: the record that every night leaves when it ends, and the verdict on it. Does not belong here: the metrics
file (`metrics_file`), what is printed (`status_command`). Reading a record needs no Dagster.

A night that was killed leaves no record itself, nor does a run that found another one at work. If nobody started it by
hand, the sensor `failed_runs` puts it on record; else the age of the last good night tells of it.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from orchestration import paths
from orchestration.published import Published, replace_file

JOB = "nightly"
GOOD = ("released", "nothing_new")
STARTERS = {"dagster/schedule_name", "dagster/sensor_name"}
"""Tags of a run that nobody started by hand."""
WILL_RETRY = "dagster/will_retry"
NAMED_CHECKS = 5
"""Most failed checks that the verdict names."""


class FailedCheck(BaseModel):
    """A check that did not pass in the latest night."""

    model_config = ConfigDict(frozen=True)

    asset: str
    name: str
    severity: Literal["error", "warning"]
    failed_rows: int = 0
    """Rows that break it, where the check counts rows."""
    description: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it forbade a release."""
        return self.severity == "error"

    @property
    def named(self) -> str:
        """`kpi.presence: name (warning)`."""
        return f"{self.asset}: {self.name} ({self.severity})"

    def __str__(self) -> str:
        """`kpi.presence: name failed (warning): what was found`."""
        told = f": {self.description}" if self.description else ""
        return f"{self.asset}: {self.name} failed ({self.severity}){told}"


class LatestNight(BaseModel):
    """The latest night that ended, good or bad."""

    model_config = ConfigDict(frozen=True)

    run_id: str
    outcome: Literal["released", "nothing_new", "refused", "failed"]
    started_at: datetime
    finished_at: datetime
    checks_passed: int
    failed_checks: tuple[FailedCheck, ...] = ()
    errors: tuple[str, ...] = ()
    """What went wrong, one message per step that failed."""

    @property
    def is_good(self) -> bool:
        """Whether it succeeded."""
        return self.outcome in GOOD

    @classmethod
    def here(cls) -> Self | None:
        """The one on record in the data folder; None if no night has ended yet."""
        file = paths.latest_night_file()
        return cls.model_validate_json(file.read_bytes()) if file.exists() else None

    def write(self) -> None:
        """Put it on record in the data folder, in place of the one before."""
        file = paths.latest_night_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, self.model_dump_json(indent=2).encode() + b"\n")


def watch(context: Any) -> None:
    """Let the run of this context (of a resource) leave a record and metrics when it ends, if it is a whole night.

    The listener hears the end of the run itself: whoever started it, whatever failed, a step or a resource.
    """
    run = context.run
    if run is not None and run.job_name == JOB and not run.asset_selection:
        context.instance.add_event_listener(run.run_id, lambda entry: _on_event(context.instance, entry))


def _on_event(instance: Any, entry: Any) -> None:
    import dagster as dg

    ends = {dg.DagsterEventType.RUN_SUCCESS, dg.DagsterEventType.RUN_FAILURE, dg.DagsterEventType.RUN_CANCELED}
    if entry.dagster_event is None or entry.dagster_event.event_type not in ends:
        return
    from orchestration import alerts, metrics_file

    # A night is not worse for what could not be told of it, and one way of telling is not for another.
    night = None
    with _told_in_the_log("The end of the night could not be put on record."):
        ended = datetime.fromtimestamp(entry.timestamp, UTC)
        night = _night_that_ended(instance, entry.run_id, ended, entry.dagster_event.event_type)
        night.write()
    with _told_in_the_log("The metrics of the night could not be written."):
        metrics_file.write_metrics()
    alerts.tell(datetime.now(UTC), latest=night)


class FailedRun(NamedTuple):
    """A run of another job than the night, which nobody started by hand."""

    job: str
    run_id: str
    errors: list[str]


def tell_of_unattended(instance: Any, run: Any) -> str:
    """Let people hear of a failed run that nobody started by hand and that could not tell; says what was done.

    A night goes on record, unless it is there or a later one is: it was killed, or ended before it had the build file.
    One that Dagster starts once more is left to that.
    """
    import dagster as dg

    from orchestration import alerts
    from orchestration.night import step_errors

    if STARTERS.isdisjoint(run.tags):
        return "A person started it."
    if run.tags.get(WILL_RETRY) == "true":
        return "It is started once more."
    now = datetime.now(UTC)
    if run.job_name != JOB or run.asset_selection:
        alerts.tell(now, failed_run=FailedRun(run.job_name, run.run_id, step_errors(instance, run.run_id, [])))
        return "It was told."
    record, latest = instance.get_run_record_by_id(run.run_id), LatestNight.here()
    ended = datetime.fromtimestamp(record.end_time or now.timestamp(), UTC)
    if latest is not None and (latest.run_id == run.run_id or latest.finished_at >= ended):
        return "It is on record, or a later night is."
    night = _night_that_ended(instance, run.run_id, ended, dg.DagsterEventType.RUN_FAILURE)
    night.write()
    alerts.tell(now, latest=night)
    return "It was put on record and told."


@contextmanager
def _told_in_the_log(what: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        logging.getLogger(__name__).exception(what)


def _night_that_ended(instance: Any, run_id: str, ended: datetime, end: Any) -> LatestNight:
    """What Dagster's record says of the run that ended so."""
    import dagster as dg

    from orchestration.checks import results_of_run
    from orchestration.night import refused_or_failed, step_errors, with_failing_rows

    run = instance.get_run_record_by_id(run_id)
    checks = [with_failing_rows(check) for check in results_of_run(instance, run_id)]
    errors = step_errors(instance, run_id, checks)
    if end == dg.DagsterEventType.RUN_SUCCESS:
        outcome = (Published.here().status() or {})["outcome"]
    else:
        outcome = refused_or_failed(checks, errors)
        errors = errors or (["The run was cancelled."] if end == dg.DagsterEventType.RUN_CANCELED else [])
    return LatestNight(
        run_id=run_id,
        outcome=outcome,
        started_at=datetime.fromtimestamp(run.start_time or run.create_timestamp.timestamp(), UTC),
        finished_at=ended,
        checks_passed=sum(bool(check.passed) for check in checks),
        failed_checks=tuple(
            FailedCheck.model_validate(each, from_attributes=True) for each in checks if not each.passed
        ),
        errors=tuple(errors),
    )


def latest_night(status: Mapping[str, Any] | None) -> LatestNight | None:
    """The night on record, unless a good one came after it that was killed before it could leave its own record."""
    latest = LatestNight.here()
    is_overtaken = latest is not None and status is not None and latest.finished_at < finished_at(status)
    return None if is_overtaken else latest


def faults(
    status: Mapping[str, Any] | None, latest: LatestNight | None, now: datetime, max_age: timedelta
) -> list[str]:
    """What is not well: no good night, or none within this age; the latest night was bad; a check failed in it.

    `status` is that of `Published.status()`, `latest` that of `latest_night`. Empty: all is well.
    """
    found = []
    if status is None:
        found.append("no night was good yet")
    elif (age := now - finished_at(status)) > max_age:
        found.append(f"the last good night was {in_words(age)} ago, more than {in_words(max_age)}")
    if latest is None:
        if status is not None and status["checks_failed"]:  # it left no record of them; what is released has no errors
            found.append(f"failed checks: {status['checks_failed']} (warning)")
        return found
    if not latest.is_good:
        found.append("the latest night was refused" if latest.outcome == "refused" else "the latest night failed")
    if latest.failed_checks:
        named = ", ".join(check.named for check in latest.failed_checks[:NAMED_CHECKS])
        more = len(latest.failed_checks) - NAMED_CHECKS
        found.append(f"failed checks: {named}" + (f" and {more} more" if more > 0 else ""))
    elif latest.errors:
        found.append(latest.errors[0].splitlines()[0])
    return found


def finished_at(status: Mapping[str, Any]) -> datetime:
    """When the last good night made its release, or found nothing new."""
    return datetime.fromisoformat(status["finished_at"])


def in_words(span: timedelta) -> str:
    """`2 d 3 h`, `3 h 12 min`, `0 min`: days and hours, or hours and minutes."""
    minutes = max(0, int(span.total_seconds()) // 60)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "d"), (hours, "h"), *([] if days else [(minutes, "min")])]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"
