"""The Python driver `duckdb`: queries through a connection that is opened read-only."""

from typing import Any

import duckdb

from tests.benchmarks.clients.probes.protocol import RELEASE, after, answer, before, published, queries

LINK = published() / "narvaro.duckdb"


def opened(resolve: bool = False) -> Any:
    """A read-only connection by the link, or by the file that it leads to."""
    return duckdb.connect(str(LINK.resolve() if resolve else LINK), read_only=True)


def release(connection: Any, close: bool = True) -> Any:
    """The release that a connection reads."""
    found = connection.execute(RELEASE).fetchone()[0]
    if close:
        connection.close()
    return found


def run() -> None:
    """Answer, wait for the switch, look again."""
    held = opened()
    answers = {}
    for name, sql in queries().items():
        result = held.execute(sql)
        answers[name] = answer([column[0] for column in result.description], result.fetchall())
    before(duckdb.__version__, answers)
    after(
        {
            "held": lambda: release(held, close=False),
            "by the link beside it": lambda: release(opened()),
            "by the resolved path beside it": lambda: release(opened(resolve=True)),
            "reopened": lambda: (held.close(), release(opened()))[1],
        }
    )


run()
