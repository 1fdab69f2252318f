"""What the stages use: the warehouse (the build file) and the documents.

Belongs here: resources that can be configured in a run. Does not belong here: any stage, any rule, how a run waits for
the build file (`one_at_a_time`).
"""

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
from dagster_duckdb import DuckDBResource
from pydantic import Field

from orchestration import monitoring, one_at_a_time, paths
from orchestration.dead_runs import PROCESS, end_dead_runs, process_tag, told
from orchestration.deliveries import Deliveries, Kind
from sources.problems import RegisterError
from sources.registry import SHIPPED_REGISTER, Delivered, Register, Store, load_register
from sources.sql import identifier
from sources.tables import DOCUMENT_TABLES


class Warehouse(DuckDBResource):
    """The private build file. One run at a time holds it, from its first step to its last."""

    database: str = Field(
        default="", description="Path of the build file; empty: build/narvaro.duckdb in the data folder."
    )

    @property
    def path(self) -> Path:
        """The build file."""
        return Path(self.database) if self.database else paths.build_file()

    @property
    def lock_file(self) -> Path:
        """The file that is locked while a run has the warehouse."""
        return paths.lock_file(self.path)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Hold the build file for the length of the run; waits for another run and for a person who has it open.

        Whoever holds it is the only one: what runs that were killed left behind is put in order first.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with one_at_a_time.failures_are_final(context.instance, context.run):
            yield from self._held(context)

    def _held(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        log = context.log or dg.get_dagster_logger()
        if context.run is not None and context.instance is not None:
            here = process_tag(context.run.run_id)
            run = context.instance.get_run_by_id(context.run.run_id)
            # `dagster job execute` makes all resources again, when its run is over, to show outputs.
            if run is not None and run.is_finished and run.tags.get(PROCESS) == here[PROCESS]:
                yield self
                return
            context.instance.add_run_tags(context.run.run_id, {**here, **one_at_a_time.runtime_tag()})
        with one_at_a_time.lock(self.path, context.instance, context.run, log.warning):
            self._end_dead_runs(context, log)
            monitoring.watch(context)
            one_at_a_time.wait_until_closed(self.path, log.warning)
            shutil.rmtree(self.path.with_name(f"{self.path.name}.tmp"), ignore_errors=True)  # what DuckDB spilled
            yield self

    def _end_dead_runs(self, context: dg.InitResourceContext, log: Any) -> None:
        if context.run is None or context.instance is None:
            return
        if ended := end_dead_runs(context.instance, self.lock_file, holder=context.run.run_id):
            log.warning(told(ended))

    @contextmanager
    def get_connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that is closed whatever happens: dbt cannot open the file while one of ours is open."""
        with DuckDBResource(
            database=str(self.path), connection_config=self.connection_config
        ).get_connection() as connection:
            try:
                yield connection
            finally:
                connection.close()

    def replace(self, table: str, rows: pl.DataFrame, **records: pl.DataFrame) -> None:
        """Replace `raw.<table>`, and in each table of `records` the rows of that table_name, in one transaction."""
        with self.get_connection() as connection:
            connection.execute("create schema if not exists raw")
            connection.begin()
            connection.register("incoming", rows)
            connection.execute(f"create or replace table raw.{identifier(table)} as select * from incoming")
            for name, frame in records.items():
                records_table = f"raw.{identifier(name)}"
                connection.register("incoming", frame)
                connection.execute(f"create table if not exists {records_table} as select * from incoming limit 0")
                connection.execute(f"delete from {records_table} where table_name = ?", [table])
                connection.execute(f"insert into {records_table} by name select * from incoming")
            connection.commit()

    def keep_records_of(self, tables: Collection[str], *records: str) -> None:
        """Leave in each table of records the rows of these tables alone: others are read no more, or not here."""
        with self.get_connection() as connection:
            there = connection.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
            for name in records:
                if (name,) in there:
                    connection.execute(f"delete from raw.{name} where table_name not in ?", [list(tables)])


def delivered_documents() -> list[Delivered]:
    """The documents that were dropped and accepted, in the order of their receipt."""
    return [
        Delivered(
            facts=each.document.facts,
            file_name=each.name,
            sha256=each.sha256,
            tables=each.document.tables,
            first_page=each.document.facts.first_page,
            first_line=each.document.facts.first_line,
        )
        for each in Deliveries.here().in_use(Kind.DOCUMENTS)
        if each.document
    ]


class Documents(dg.ConfigurableResource):
    """The folder of documents that a run reads, with its register."""

    folder: str = Field(default="", description="A folder with a documents.yml; empty: the documents of the project.")

    def register(self, tables: Sequence[str] = tuple(DOCUMENT_TABLES)) -> Register:
        """The register; fails with what is wrong if it cannot be read at all.

        That of the project has the delivered documents laid over it; a folder of one's own stands for itself.
        """
        try:
            if self.folder:
                return load_register(Path(self.folder), tables)
            return load_register(SHIPPED_REGISTER, tables).with_delivered(self.store, delivered_documents())
        except RegisterError as error:
            raise dg.Failure(str(error), allow_retries=False) from error

    @property
    def store(self) -> Store:
        """Where received bytes are kept."""
        return Store(paths.store_folder())
