"""pandas: queries through DuckDB as frames, tables from the csv files of one release."""

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tests.benchmarks.clients.probes.protocol import RELEASE, after, answer, before, published, queries

LINK = published() / "narvaro.duckdb"
CURRENT = published() / "current"
CODES = {"municipality_code": "string", "scope_code": "string", "version": "string"}
"""Columns whose texts look like numbers: a csv file cannot say that `0114` is a text."""


def frame(result: Any) -> dict[str, Any]:
    """A frame as an answer."""
    return answer(result.columns, result.astype(object).itertuples(index=False, name=None))


def read(table: str, folder: Path) -> Any:
    """A table from its csv file, whole numbers kept whole where some are missing."""
    return pd.read_csv(
        folder / "csv" / f"{table}.csv",
        dtype=CODES,
        dtype_backend="numpy_nullable",
        keep_default_na=False,
        na_values=[""],
    )


def release(folder: Path) -> Any:
    """The release that the csv files of a folder are of."""
    return read("meta.release", folder)["release_id"].max()


def queried(held: Any) -> Any:
    """The release that a connection reads that is opened after the old one has been closed."""
    held.close()
    with duckdb.connect(str(LINK), read_only=True) as connection:
        return connection.sql(RELEASE).df().iat[0, 0]


def run() -> None:
    """Answer, wait for the switch, look again."""
    held = duckdb.connect(str(LINK), read_only=True)
    answers = {name: frame(held.sql(sql).df()) for name, sql in queries().items()}
    here = CURRENT.resolve()
    for file in sorted((here / "csv").glob("kpi.*.csv")):
        answers[file.stem] = frame(read(file.stem, here))
    before(f"{pd.__version__}, duckdb {duckdb.__version__}", answers)
    after(
        {
            "held": lambda: release(here),
            "reopened": lambda: release(CURRENT.resolve()),
            "queries reopened": lambda: queried(held),
        }
    )


run()
