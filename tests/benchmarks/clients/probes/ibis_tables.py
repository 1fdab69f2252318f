"""ibis: queries as SQL, and tables by their names."""

from typing import Any

import duckdb
import ibis

from tests.benchmarks.clients.probes.protocol import RELEASE, after, answer, before, published, queries

LINK = published() / "narvaro.duckdb"


def opened() -> Any:
    """A read-only backend by the link."""
    return ibis.duckdb.connect(str(LINK), read_only=True)


def rows(expression: Any) -> dict[str, Any]:
    """An expression as an answer."""
    table = expression.to_pyarrow()
    return answer(table.column_names, (list(row.values()) for row in table.to_pylist()))


def release(backend: Any, close: bool = True) -> Any:
    """The release that a backend reads."""
    found = backend.raw_sql(RELEASE).fetchone()[0]
    if close:
        backend.disconnect()
    return found


def run() -> None:
    """Answer, wait for the switch, look again."""
    held = opened()
    answers = {name: rows(held.sql(sql)) for name, sql in queries().items()}
    answers |= {f"kpi.{name}": rows(held.table(name, database="kpi")) for name in held.list_tables(database="kpi")}
    before(f"{ibis.__version__}, duckdb {duckdb.__version__}", answers)
    after(
        {
            "held": lambda: release(held, close=False),
            "beside it": lambda: release(opened()),
            "reopened": lambda: (held.disconnect(), release(opened()))[1],
        }
    )


run()
