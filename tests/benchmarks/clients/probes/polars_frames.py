"""polars: queries through DuckDB as frames, tables from the Parquet files of one release."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from tests.benchmarks.clients.probes.protocol import RELEASE, after, answer, before, published, queries

LINK = published() / "narvaro.duckdb"
CURRENT = published() / "current"


def frame(result: Any) -> dict[str, Any]:
    """A frame as an answer."""
    return answer(result.columns, result.rows())


def release(folder: Path) -> Any:
    """The release that the Parquet files of a folder are of."""
    return pl.scan_parquet(folder / "parquet" / "meta.release.parquet").collect()["release_id"].max()


def queried(held: Any) -> Any:
    """The release that a connection reads that is opened after the old one has been closed."""
    held.close()
    with duckdb.connect(str(LINK), read_only=True) as connection:
        return connection.sql(RELEASE).pl().item()


def run() -> None:
    """Answer, wait for the switch, look again."""
    held = duckdb.connect(str(LINK), read_only=True)
    answers = {name: frame(held.sql(sql).pl()) for name, sql in queries().items()}
    here = CURRENT.resolve()
    for file in sorted((here / "parquet").glob("kpi.*.parquet")):
        answers[file.stem] = frame(pl.read_parquet(file))
    before(f"{pl.__version__}, duckdb {duckdb.__version__}", answers)
    after(
        {
            "held": lambda: release(here),
            "reopened": lambda: release(CURRENT.resolve()),
            "queries reopened": lambda: queried(held),
        }
    )


run()
