"""Dagster's event log in SQLite, with connections that stay open: a night writes 1 300 events, each of them twice.

Belongs here: how the connections of that log are kept. Does not belong here: the log itself, which is Dagster's
(1.13.27: `_connect` is the one private name), and what is written to it. `dagster.yaml` names this class; files and
tables are those of Dagster's own class, so either can take over from the other.

Dagster opens a connection for each event, has SQLite wait for the disk at each commit, and closes it again: a fifth of
a night, measured. Here the connections of the index and of the latest runs stay open, and the disk is waited for when
SQLite moves its journal into the file: a loss of power may cost the last events of a run, never the file.
"""

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

BUSY_SECONDS = 30
"""How long one process waits for another that writes."""
KEPT_OPEN = 4
"""Most files that are open at once: the index and the runs that were used last."""


class EventLog(SqliteEventLogStorage):
    """Dagster's `SqliteEventLogStorage`, at its usual place in DAGSTER_HOME."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Keep the files in this folder."""
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> Any:
        """No configuration: where the files stand follows from DAGSTER_HOME."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "EventLog":
        """The log of the instance in DAGSTER_HOME."""
        return cls(str(Path(os.environ["DAGSTER_HOME"], "history", "runs")), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _engine(self, shard: str) -> Engine:
        """The engine of a file, with its one connection; that of the file that was used longest ago is closed."""
        if shard not in self._engines:
            settings = {"timeout": BUSY_SECONDS, "check_same_thread": False}
            engine = create_engine(self.conn_string_for_shard(shard), poolclass=StaticPool, connect_args=settings)
            event.listen(engine, "connect", _wait_for_the_disk_less_often)
            self._engines[shard] = engine
        self._engines.move_to_end(shard)
        while len(self._engines) > KEPT_OPEN:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]

    def delete_events(self, run_id: str) -> None:
        """Remove the events of a run, and its file: Dagster's own class leaves that behind, empty."""
        super().delete_events(run_id)
        with self._db_lock:
            if engine := self._engines.pop(run_id, None):
                engine.dispose()
            self._initialized_dbs.discard(run_id)
            for file in Path(self.path_for_shard(run_id)).parent.glob(f"{run_id}.db*"):
                file.unlink(missing_ok=True)

    def dispose(self) -> None:
        """Close all files."""
        with self._db_lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
        super().dispose()


def _wait_for_the_disk_less_often(connection: Any, _record: Any) -> None:
    connection.execute("pragma synchronous = normal")
