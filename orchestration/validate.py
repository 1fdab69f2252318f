"""Third stage: whether the numbers that are to be published are plausible.

Belongs here: the suites as asset checks, and their Data Docs. Does not belong here: any expectation (`expectations`).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import dagster as dg
import duckdb
import pandas as pd

from expectations.data_docs import render
from expectations.outcome import Outcome
from expectations.suites import declared
from expectations.suites.run import run_suites
from orchestration import paths
from orchestration.assets import OWNERS
from orchestration.resources import Warehouse
from sources.sql import identifier

SUBJECTS = sorted({each.subject for each in declared()})
"""Addresses of the tables that have a suite."""


def asset_key(address: str) -> dg.AssetKey:
    """`kpi.presence` → `kpi/presence`: the asset key is the table's address."""
    return dg.AssetKey(address.split("."))


def address_of(key: dg.AssetKey) -> str:
    """`kpi/presence` → `kpi.presence`."""
    return ".".join(key.path)


@dg.multi_asset_check(
    name="suites",
    specs=[
        dg.AssetCheckSpec(each.name, asset=asset_key(each.subject), description=each.reason, blocking=True)
        for each in declared()
    ],
    can_subset=True,
)
def suites(context: dg.AssetCheckExecutionContext, warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
    """Great Expectations on the published KPI tables. A crashed expectation is an error of its own."""
    selected = {(address_of(key.asset_key), key.name) for key in context.selected_asset_check_keys}
    subjects = {subject for subject, _ in selected}
    with warehouse.get_connection() as connection:
        outcomes = run_suites(lambda address: _read(connection, address), subjects)
    write_outcomes(outcomes)
    yield from (_result(each) for each in outcomes if (each.subject, each.name) in selected)


def _read(connection: duckdb.DuckDBPyConnection, address: str) -> pd.DataFrame:
    return connection.execute(f"from {identifier(*address.split('.'))}").df()


def _result(outcome: Outcome) -> dg.AssetCheckResult:
    failed = f"expected {outcome.expected}; observed {outcome.observed}"
    return dg.AssetCheckResult(
        passed=outcome.passed,
        check_name=outcome.name,
        asset_key=asset_key(outcome.subject),
        severity=dg.AssetCheckSeverity.ERROR
        if outcome.crashed or outcome.severity == "error"
        else dg.AssetCheckSeverity.WARN,
        description=None if outcome.passed else f"the check crashed: {outcome.observed}" if outcome.crashed else failed,
        metadata={
            "expected": outcome.expected,
            "observed": outcome.observed,
            "failed_rows": outcome.failed_rows,
            "sample": dg.MetadataValue.json([dict(row) for row in outcome.sample]),
        },
    )


def write_outcomes(outcomes: Iterable[Outcome]) -> None:
    """Keep the results beside the build file, one file per table, for the Data Docs."""
    folder = paths.validation_folder()
    folder.mkdir(parents=True, exist_ok=True)
    by_subject: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_subject.setdefault(outcome.subject, []).append(outcome)
    for subject, found in by_subject.items():
        text = json.dumps([asdict(outcome) for outcome in found], ensure_ascii=False, indent=1)
        (folder / f"{subject}.json").write_text(text, "utf-8")


def read_outcomes() -> list[Outcome]:
    """The results that were kept last, of every table that has a suite."""
    outcomes = []
    for file in (paths.validation_folder() / f"{subject}.json" for subject in SUBJECTS):
        for kept in json.loads(file.read_text("utf-8")) if file.exists() else []:
            sample = tuple(tuple((name, value) for name, value in row) for row in kept.pop("sample"))
            outcomes.append(Outcome(**kept, sample=sample))
    return outcomes


DATA_DOCS = dg.AssetKey(["validation", "data_docs"])


@dg.asset(
    key=DATA_DOCS,
    group_name="validation",
    deps=[asset_key(subject) for subject in SUBJECTS],
    kinds={"html"},
    owners=OWNERS,
)
def data_docs(warehouse: Warehouse) -> dg.MaterializeResult:
    """Data Docs of the latest validation: every expectation with its reason and result, whole offline.

    The warehouse is held, not read: the pages stand beside it, where another run may write them.
    """
    outcomes = read_outcomes()
    folder = paths.data_docs_folder()
    render(outcomes, folder)
    return dg.MaterializeResult(
        metadata={"page": dg.MetadataValue.path(str(folder / "index.html")), "expectations": len(outcomes)}
    )
