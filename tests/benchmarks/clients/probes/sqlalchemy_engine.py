"""SQLAlchemy with duckdb-engine: queries, reflection of tables and columns, and what pools see of a switch."""

import os
import time
from typing import Any

import duckdb
import duckdb_engine
import sqlalchemy
from sqlalchemy import event, exc, pool, text

from tests.benchmarks.clients.probes.protocol import RELEASE, after, answer, before, published, queries

LINK = str(published() / "narvaro.duckdb")
RECYCLE = 1
"""Seconds after which the pool with `pool_recycle` renews a connection."""


def engine_of(**settings: Any) -> Any:
    """An engine that opens the link read-only."""
    return sqlalchemy.create_engine(f"duckdb:///{LINK}", connect_args={"read_only": True}, **settings)


def following_engine() -> Any:
    """The recipe of docs/bi.md: a pool whose connections are renewed once they are another release's."""
    engine = engine_of()

    @event.listens_for(engine, "do_connect")
    def open_current(_dialect: Any, record: Any, _arguments: Any, settings: dict[str, Any]) -> None:
        settings["database"] = record.info["file"] = os.path.realpath(LINK)

    @event.listens_for(engine, "checkout")
    def follow(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["file"] != os.path.realpath(LINK):
            raise exc.DisconnectionError("another release has been switched in")

    return engine


def release(engine: Any) -> Any:
    """The release that the next connection of an engine reads."""
    with engine.connect() as connection:
        return connection.execute(text(RELEASE)).scalar()


def fill(engine: Any) -> None:
    """Leave two connections in the pool, as a dashboard with two charts does."""
    first, second = engine.connect(), engine.connect()
    for connection in (first, second):
        connection.execute(text(RELEASE)).scalar()
        connection.close()


def reflected(engine: Any) -> dict[str, dict[str, Any]]:
    """Every kpi table, read by the columns that reflection finds."""
    inspector = sqlalchemy.inspect(engine)
    answers = {}
    with engine.connect() as connection:
        for name in inspector.get_table_names(schema="kpi"):
            columns = [column["name"] for column in inspector.get_columns(name, schema="kpi")]
            listed = ", ".join(f'"{column}"' for column in columns)
            rows = connection.execute(text(f"select {listed} from kpi.{name}")).fetchall()
            answers[f"kpi.{name}"] = answer(columns, rows)
    return answers


def reflects_keys() -> str:
    """Whether a table can be reflected whole, keys included."""
    engine = engine_of()
    try:
        sqlalchemy.Table("presence", sqlalchemy.MetaData(), schema="kpi", autoload_with=engine)
    except exc.DBAPIError as error:
        return f"no, {str(error.orig).splitlines()[0].partition('!')[0]}"
    finally:
        engine.dispose()
    return "yes"


def run() -> None:
    """Answer, wait for the switch, look again: the plain pools one after the other, each alone in the process."""
    engine = engine_of()
    answers = {}
    with engine.connect() as connection:
        for name, sql in queries().items():
            result = connection.execute(text(sql))
            answers[name] = answer(result.keys(), result.fetchall())
    answers |= reflected(engine)
    engine.dispose()
    plain, recycling = engine_of(), engine_of(pool_recycle=RECYCLE)
    following, without = following_engine(), engine_of(poolclass=pool.NullPool)
    for each in (plain, recycling, following):
        fill(each)
    fill(without)
    held = following.connect()
    held.execute(text(RELEASE)).scalar()
    before(f"{sqlalchemy.__version__}, duckdb-engine {duckdb_engine.__version__}, duckdb {duckdb.__version__}", answers)
    time.sleep(RECYCLE + 0.1)
    after(
        {
            "held": lambda: held.execute(text(RELEASE)).scalar(),
            "plain pool": lambda: release(plain),
            "pool_recycle": lambda: release(recycling),
            "NullPool while others hold": lambda: release(without),
            "reopened": lambda: release(following),
            "dispose of all": lambda: (held.close(), plain.dispose(), recycling.dispose(), release(plain))[3],
            "Table(autoload_with=engine)": reflects_keys,
            "NullPool alone": lambda: (plain.dispose(), following.dispose(), release(without))[2],
        }
    )


run()
