"""dbt as a Dagster resource that runs dbt-core's `dbtRunner` in this very process: no second start of Python and dbt.

Belongs here: `InProcessDbt`, a drop-in for `DbtCliResource` with the same Dagster events, and all private names that it
needs. Does not belong here: any asset. There is no official switch for this, so it holds for the versions that it was
tried with (dagster 1.13.27, dagster-dbt 0.29.27, dbt-core 1.11.16, dbt-duckdb 1.11.1); the integration test compares it
with the stock resource, and `stock=True` or `NARVARO_DBT=stock` goes back to that.
"""

import contextlib
import dataclasses
import importlib.metadata
import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from unittest import mock

from dagster import AssetExecutionContext, OpExecutionContext, get_dagster_logger
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster._core.utils import exhaust_iterator_and_yield_results_with_exception
from dagster._utils.interrupts import raise_interrupts_as
from dagster_dbt import DbtCliInvocation, DbtCliResource, DbtProject
from dagster_dbt.core import dbt_cli_invocation
from dagster_dbt.core.dbt_event_iterator import (
    DbtDagsterEventType,
    DbtEventIterator,
    _fetch_column_metadata,
    _get_dbt_resource_props_from_event,
)
from packaging.version import Version
from pydantic import Field

from orchestration import paths
from orchestration.column_lineage import remembered_lineage
from orchestration.manifest import parsed_manifest

KEPT_TARGET_FOLDERS = 3  # dagster-dbt makes one of about 3 MB for each invocation, and keeps them all

_one_at_a_time = threading.Lock()


def _close_database() -> None:
    """Let go of the DuckDB file, which dbt-duckdb otherwise holds open, and so locked, until the process ends."""
    from dbt.adapters.factory import cleanup_connections

    cleanup_connections()
    if duckdb_connections := sys.modules.get("dbt.adapters.duckdb.connections"):
        manager = duckdb_connections.DuckDBConnectionManager
        with manager._LOCK:
            if manager._ENV is not None:
                manager._ENV.close()
                manager._ENV = None


class _Output(io.BytesIO):
    """What dbt wrote, line by line; after the last line of an interrupted run comes the interrupt."""

    interrupted = False

    def __next__(self) -> bytes:
        if line := self.readline():
            return line
        if self.interrupted:
            self.interrupted = False
            raise DagsterExecutionInterruptedError
        raise StopIteration


class _Process:
    """A dbt invocation with the part of `subprocess.Popen`'s interface that dagster-dbt uses.

    Unlike a subprocess it starts when its output is first asked for, and gives the output when dbt is done. It runs in
    the thread that asks: in the main thread an interrupt reaches dbt, which cancels its queries.
    """

    def __init__(
        self, args: Sequence[str], env: Mapping[str, str], cwd: Path, parsed: Path | None = None, **_: Any
    ) -> None:
        self.args = list(args)
        self.returncode: int | None = None
        self._env = env
        self._cwd = cwd
        self._parsed = parsed

    @cached_property
    def stdout(self) -> _Output:
        """The lines that the console of `dbt --log-format json` would show. Runs dbt when first asked."""
        from dbt.cli.main import dbtRunner, dbtRunnerResult
        from dbt_common.events.functions import capture_stdout_logs, stop_capture_stdout_logs

        if not _one_at_a_time.acquire(blocking=False):
            raise RuntimeError("dbt already runs in this process; it can run only once at a time")
        console = io.StringIO()
        try:
            capture_stdout_logs(console)
            with (
                mock.patch.dict(os.environ, self._env),
                contextlib.chdir(self._cwd),
                raise_interrupts_as(KeyboardInterrupt),
            ):
                result = dbtRunner(parsed_manifest(self._parsed)).invoke(self.args[1:])
        except KeyboardInterrupt as interrupt:  # outside of dbt's own handling of it
            result = dbtRunnerResult(success=False, exception=interrupt)
        finally:
            stop_capture_stdout_logs()
            _close_database()
            _one_at_a_time.release()
        self.returncode = 0 if result.success else 1 if result.exception is None else 2
        if result.exception is not None and "MainEncounteredError" not in console.getvalue():
            console.write(f"Error: {result.exception}\n")
        output = _Output(console.getvalue().encode())
        output.interrupted = isinstance(result.exception, KeyboardInterrupt)
        return output

    def wait(self, timeout: float | None = None) -> int:
        """Run dbt, if it has not run yet, and return its exit code."""
        _ = self.stdout
        return self.returncode or 0

    def send_signal(self, _signal: int) -> None:
        """Nothing to do: dbt stood in this process when the signal came, and has stopped."""


def _in_process(parsed: Path | None) -> types.SimpleNamespace:
    """What takes the place of the module `subprocess` in dagster-dbt's invocation module."""
    return types.SimpleNamespace(Popen=partial(_Process, parsed=parsed), PIPE=subprocess.PIPE, STDOUT=subprocess.STDOUT)


class _Events(DbtEventIterator[DbtDagsterEventType]):
    """dagster-dbt's iterator; it opens the database for metadata only when dbt is done, and closes it afterwards."""

    def fetch_column_metadata(self, with_column_lineage: bool = True) -> "_Events":
        """As dagster-dbt does, but lineage only where it can be followed: all parents are relations, and there are any.

        Through an ephemeral model it would fail with a warning; for a table that stands on the graph alone (a list of
        some hundred rows of literals) it would take seconds to find nothing.
        """

        def fetch(invocation: DbtCliInvocation, event: DbtDagsterEventType) -> dict[str, Any] | None:
            model = _get_dbt_resource_props_from_event(invocation, event)
            nodes, sources = invocation.manifest["nodes"], invocation.manifest["sources"]
            parents = [nodes.get(parent) or sources[parent] for parent in model["depends_on"].get("nodes", ())]
            has_lineage = bool(parents) and all(parent["relation_name"] for parent in parents)
            return _fetch_column_metadata(invocation, event, with_column_lineage and has_lineage)

        events = self._attach_metadata(fetch)

        def remembering() -> Iterator[DbtDagsterEventType]:
            with remembered_lineage():
                yield from events

        return _Events(remembering(), self._dbt_cli_invocation)

    def _attach_metadata(self, fn: Callable[..., dict[str, Any] | None]) -> "_Events":
        """Each event with what the function says of its relation, in this thread: dagster-dbt's pool only waits."""
        invocation = self._dbt_cli_invocation

        def attached() -> Iterator[DbtDagsterEventType]:
            invocation.make_adapter()  # type: ignore[attr-defined]
            try:
                # The stock way's process holds the database until its last event.
                for event in exhaust_iterator_and_yield_results_with_exception(self):
                    # A test has no relation to look at.
                    is_test = _get_dbt_resource_props_from_event(invocation, event)["resource_type"] == "test"
                    found = None if is_test else fn(invocation, event)
                    yield event if found is None else event.with_metadata({**event.metadata, **found})
            finally:
                _close_database()

        return _Events(attached(), invocation)


def with_metadata_of_tables(
    events: DbtEventIterator[DbtDagsterEventType], describe: Callable[[str, Callable[[str], Any]], Mapping[str, Any]]
) -> DbtEventIterator[DbtDagsterEventType]:
    """Attach to the event of each table what a function says of it, from its address and the rows of its queries.

    As with dagster-dbt's own metadata, a failure is a warning: it is about the picture of a table, not the table.
    """

    def fetch(invocation: DbtCliInvocation, event: DbtDagsterEventType) -> dict[str, Any] | None:
        model = _get_dbt_resource_props_from_event(invocation, event)
        adapter = invocation.adapter
        if adapter is None:
            return None

        def rows(sql: str) -> Any:
            with contextlib.chdir(invocation.project_dir), adapter.connection_named(f"metadata_{model['unique_id']}"):
                as_json = f"select cast(to_json(coalesce(list(each), [])) as varchar) from ({sql}) as each"  # noqa: S608  (ours)
                _, answer = adapter.execute(as_json, fetch=True)
            return json.loads(answer[0][0])

        try:
            return dict(describe(f"{model['schema']}.{model['alias']}", rows))
        except Exception:
            get_dagster_logger().warning(f"No metadata of {model['name']}.", exc_info=True)
            return None

    return events._attach_metadata(fetch)


@dataclasses.dataclass
class _Invocation(DbtCliInvocation):
    """dagster-dbt's invocation, with an adapter that is made after dbt: dbt leaves an older one unusable."""

    adapter_maker: Callable[[], Any] | None = dataclasses.field(default=None, kw_only=True, repr=False)

    def stream(self) -> DbtEventIterator[Any]:
        return _Events(self._stream_asset_events(), self)

    def make_adapter(self) -> None:
        """Make the adapter, once; as in dagster-dbt, metadata that cannot be fetched is a warning, not a failure."""
        if self.adapter is None and self.adapter_maker is not None:
            self.process.wait()
            try:
                with contextlib.chdir(self.project_dir):
                    self.adapter = self.adapter_maker()
            except Exception:
                get_dagster_logger().warning("No dbt adapter: metadata will not be fetched.", exc_info=True)


class InProcessDbt(DbtCliResource):
    """`DbtCliResource` whose dbt runs in this process: for the in-process executor, one invocation at a time."""

    stock: bool = Field(default=False, description="Run dbt in a subprocess, as dagster-dbt does by itself.")
    parsed: str = Field(
        default="",
        description="Path of what dbt parsed, if it surely fits project and target: dbt then parses nothing. Empty: it "
        "looks for itself.",
    )

    def __init__(self, project_dir: str | Path | DbtProject, **kwargs: Any) -> None:
        kwargs.setdefault("dbt_executable", shutil.which("dbt", path=sysconfig.get_path("scripts")) or "dbt")
        super().__init__(project_dir, **kwargs)

    def cli(self, args: Sequence[str], **kwargs: Any) -> DbtCliInvocation:
        """Prepare a dbt command; parameters and use as `DbtCliResource.cli`."""
        self._purge_target_folders()
        if self._is_stock:
            invocation, adapter_maker = super().cli(args, **kwargs), None
        else:
            adapter_maker = partial(super()._initialize_dbt_core_adapter, args)
            with mock.patch.object(
                dbt_cli_invocation, "subprocess", _in_process(Path(self.parsed) if self.parsed else None)
            ):
                invocation = super().cli(args, **kwargs)
        parts = {part.name: getattr(invocation, part.name) for part in dataclasses.fields(invocation) if part.init}
        return _Invocation(**parts, adapter_maker=adapter_maker)

    @property
    def _is_stock(self) -> bool:
        return self.stock or os.environ.get("NARVARO_DBT") == "stock"

    @cached_property
    def _cli_version(self) -> Version:
        return super()._cli_version if self._is_stock else Version(importlib.metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        return super()._initialize_dbt_core_adapter(args) if self._is_stock else None

    def _get_unique_target_path(self, *, context: OpExecutionContext | AssetExecutionContext | None) -> Path:
        return paths.dbt_invocations_folder() / super()._get_unique_target_path(context=context).name

    def _purge_target_folders(self) -> None:
        """Remove what earlier invocations left, except for the latest, which hold the logs that errors point at."""
        folders = paths.dbt_invocations_folder().glob("*")
        for folder in sorted(folders, key=lambda folder: folder.stat().st_mtime, reverse=True)[KEPT_TARGET_FOLDERS:]:
            shutil.rmtree(folder, ignore_errors=True)
