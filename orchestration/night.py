"""One night, run in this process: the same job that the UI and the schedule run.

Belongs here: the environment of a run, starting it, and what came of it. Does not belong here: what is printed (`cli`).
"""

import contextlib
import dataclasses
import io
import os
import re
import sys
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from filelock import FileLock

from orchestration import full_disk, paths
from orchestration.published import replace_file

if TYPE_CHECKING:
    import dagster as dg

NO_TELEMETRY = {
    "DO_NOT_TRACK": "1",
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
}

SHOWN_ROWS = 5
OPENING_SECONDS = 60
POSTGRESQL = "NARVARO_POSTGRESQL"
"""The environment's address of a PostgreSQL database for Dagster's records, `postgresql://user:password@host/name`."""


UNUSABLE = "?#*[]"
"""In paths DuckDB, dbt and Dagster take these for parts of URLs and patterns, and read other files or none."""

_ENDED_PROCESS = re.compile(r"Run execution process for \S+ (?P<how>.+?)\.(?: |$)")
"""What Dagster notes of a process that it had started: `was terminated by signal 9 (SIGKILL)`."""
_ADDRESS = re.compile(
    r"postgresql(\+psycopg2)?://([^:@/\s]*(:[^@\s]*)?@)?(\[[\da-fA-F:.]+\]|[^\s@:/?#\[\]]*)(:\d+)?/[^\s@]*"
)


def prepare_environment() -> None:
    """Telemetry off, all state in the data folder, Dagster's instance settings in place.

    Ends the process, and says why, if the folder's path holds what the tools cannot take, or the database's address is
    none: libraries would tell a part of the password for the host.
    """
    os.environ.update(NO_TELEMETRY)
    data = str(paths.data_folder())
    if found := [sign for sign in UNUSABLE if sign in data]:
        sys.exit(f"NARVARO_DATA: the path of the data folder, {data}, holds {' '.join(found)}; expected one without.")
    if (address := os.environ.get(POSTGRESQL)) and not _ADDRESS.fullmatch(address):
        sys.exit(
            f"{POSTGRESQL} is no address; expected postgresql://user:password@host:port/name, with %40 for an @ in the "
            "password, %20 for a blank"
        )
    os.environ["NARVARO_DATA"] = data
    home = paths.dagster_home()
    home.mkdir(parents=True, exist_ok=True)
    os.environ["DAGSTER_HOME"] = str(home)
    parts = ("dagster.yaml", "postgresql.yaml" if os.environ.get(POSTGRESQL) else "sqlite.yaml")
    told = "\n".join((Path(__file__).parent / "instance" / part).read_text("utf-8") for part in parts)
    settings = home / "dagster.yaml"
    if not settings.exists() or settings.read_text("utf-8") != told:
        replace_file(settings, told.encode())


class UnreachableRecords(Exception):
    """The database server of Dagster's records does not let us in; `str` says what to do."""


def open_instance() -> "dg.DagsterInstance":
    """Dagster's records, by one process at a time: two that make them at the same moment spoil them for good.

    A server starts daemon and user interface together, and in an empty folder both would make the tables. Raises
    `UnreachableRecords`.
    """
    import dagster as dg

    with FileLock(paths.dagster_home() / ".opening.lock", timeout=OPENING_SECONDS):
        if not os.environ.get(POSTGRESQL):
            return dg.DagsterInstance.get()
        from dagster_postgres.utils import DagsterPostgresException

        try:
            return dg.DagsterInstance.get()
        except DagsterPostgresException as error:
            said = str(getattr(error.__cause__, "orig", "")).strip().partition("\n")[0]
            raise UnreachableRecords(
                f"Dagster's records cannot be reached: {said}\n"
                f"See to the PostgreSQL server, or to its address in {POSTGRESQL}, and start again."
            ) from error


@dataclasses.dataclass(frozen=True)
class Night:
    """What came of a night. `released` and `nothing_new` are good nights; `refused` and `failed` changed nothing."""

    run_id: str
    outcome: str
    release: Mapping[str, Any]
    """The facts of `status.json`, if the night was good."""
    checks: list[Any]
    """CheckResult of every check that ran."""
    errors: list[str]
    """What went wrong, one message per step that failed."""

    @property
    def is_good(self) -> bool:
        """Whether the night succeeded."""
        return self.outcome in {"released", "nothing_new"}


def run_night(documents: Path | None = None, on_event: Callable[[Any], None] | None = None) -> Night:
    """Run the job `nightly` on the project's documents, or on those of a folder; `on_event` sees each event."""
    from orchestration.checks import results_of_run
    from orchestration.dead_runs import process_tag
    from orchestration.definitions import defs

    resources = {"documents": {"config": {"folder": str(documents.resolve())}}} if documents else {}
    quiet = {"console": {"config": {"log_level": "CRITICAL"}}}
    run_id = str(uuid.uuid4())
    with open_instance() as instance:
        if on_event:
            instance.add_event_listener(run_id, on_event)
        try:
            with contextlib.redirect_stdout(io.StringIO()):  # dagster-dbt prints every line of dbt
                result = defs.resolve_job_def("nightly").execute_in_process(
                    run_config={"resources": resources, "loggers": quiet},
                    instance=instance,
                    raise_on_error=False,
                    run_id=run_id,
                    tags=process_tag(run_id),
                )
            checks = [with_failing_rows(check) for check in results_of_run(instance, run_id)]
            errors = step_errors(instance, run_id, checks)
            released = _release_facts(result)
        except Exception as error:  # Dagster itself could not keep what happened
            if not full_disk.is_cause(error):
                raise
            return Night(run_id, "failed", {}, [], [full_disk.told(full_disk.words_of(error))])
    outcome = str(released["outcome"]) if released else refused_or_failed(checks, errors)
    return Night(run_id, outcome, released, checks, errors)


def refused_or_failed(checks: Iterable[Any], errors: Iterable[str]) -> Literal["refused", "failed"]:
    """How a bad night is called: `refused` if a check forbade its release, not if it only found the disk full."""
    is_full = any(full_disk.is_said(each) for each in errors)
    return "refused" if any(check.blocks for check in checks) and not is_full else "failed"


def _release_facts(result: Any) -> dict[str, Any]:
    """The facts that the release gave; none if it was not made."""
    from orchestration.release import KEY

    if not result.success:
        return {}
    materialized = [event.materialization for event in result.get_asset_materialization_events()]
    return next(
        (
            {name: value.value for name, value in each.metadata.items()}
            for each in materialized
            if each.asset_key == KEY
        ),
        {},
    )


def with_failing_rows(check: Any) -> Any:
    """A failed dbt test with the first rows that it returns: its SQL names document, page and line."""
    import duckdb

    if check.kind != "dbt" or check.passed or check.description:
        return check
    compiled = paths.dbt_invocations_folder().rglob(f"compiled/**/{check.name}.sql")
    latest = max(compiled, key=lambda file: file.stat().st_mtime, default=None)
    if latest is None:
        return check
    try:
        with duckdb.connect(str(paths.build_file()), read_only=True) as connection:
            found = connection.sql(latest.read_text("utf-8")).order("all").limit(SHOWN_ROWS)  # the same each night
            rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    except duckdb.Error:  # the rows only illustrate; that the check failed is known
        return check
    told = "; ".join(", ".join(f"{name} {value}" for name, value in row.items()) for row in rows)
    return dataclasses.replace(check, description=told)


def step_errors(instance: Any, run_id: str, checks: Iterable[Any]) -> list[str]:
    """The message of each step that failed in a run, or that of the run itself, without Dagster's own wrapping.

    An error that only says that a check failed is left out: the check itself says more.
    """
    import dagster as dg

    is_told = any(check.blocks for check in checks)
    for kind in (dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE):
        entries = instance.all_logs(run_id, of_type=kind)
        if entries:
            messages = dict.fromkeys(map(_message, entries))
            if ended := _end_of_process(instance, run_id, messages):
                return [ended]
            if full := next(filter(full_disk.is_said, messages), None):
                return [full_disk.told(full)]
            return [message for message in messages if not (is_told and _only_says_that_a_check_failed(message))]
    return []


def _end_of_process(instance: Any, run_id: str, messages: Iterable[str]) -> str:
    """How the process of a run ended that Dagster had started, and saw ending; empty if it saw no such thing."""
    import dagster as dg

    from orchestration.dead_runs import NOTHING_IS_LOST

    if not any("marked as failed from outside" in message for message in messages):
        return ""
    events = instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
    ends = (_ENDED_PROCESS.search(str(entry.get_dagster_event().message)) for entry in events)
    how = next((f"it {end['how']}" for end in ends if end), "it was killed, or the machine stopped")
    return f"Its process ended without a word: {how}. {NOTHING_IS_LOST}"


def _only_says_that_a_check_failed(message: str) -> bool:
    return "DagsterAssetCheckFailedError" in message or ("dbt CLI process" in message and " Error in " not in message)


def _message(entry: Any) -> str:
    """What an event of failure says: the description that we gave, or the innermost error."""
    data = entry.get_dagster_event().event_specific_data
    failure = getattr(data, "user_failure_data", None)
    if failure and failure.description:
        return str(failure.description)
    error = getattr(data, "error", None)
    while error and error.cause and error.cls_name != "Failure":
        error = error.cause
    if error and error.cls_name == "DagsterExecutionInterruptedError":
        return "The run was interrupted."
    return (
        error.message.strip().removeprefix("dagster._core.definitions.events.Failure: ")
        if error
        else entry.user_message or str(entry.get_dagster_event().message)
    )
