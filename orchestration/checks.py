"""Checks of a run: which should have run, how they ended, and which of them forbid a release.

Belongs here: reading Dagster's record of one run. Does not belong here: any check itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from expectations.suites import declared
from orchestration.ingest import CHECKS as TABLE_CHECKS


@dataclass(frozen=True)
class CheckResult:
    """One check of one run. `passed` is None if the check did not run."""

    name: str
    asset: str
    """The table's address: `kpi.presence`."""
    kind: str
    """`reading`, `contract`, `dbt` or `suite`."""
    severity: str
    """`error` or `warning`."""
    passed: bool | None
    failed_rows: int = 0
    description: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it forbids a release: it did not run, or it failed as an error."""
        return self.passed is None or (not self.passed and self.severity == "error")

    def __str__(self) -> str:
        """`kpi.presence: name (error): what was found`."""
        verdict = "did not run" if self.passed is None else "passed" if self.passed else f"failed ({self.severity})"
        return f"{self.asset}: {self.name} {verdict}" + (f": {self.description}" if self.description else "")


_SUITE_CHECKS = {(each.subject, each.name) for each in declared()}


def kind_of(asset: str, name: str) -> str:
    """Which validator a check belongs to."""
    if (asset, name) in _SUITE_CHECKS:
        return "suite"
    if name == "rows_keep_the_contract":
        return "contract"
    return "reading" if asset.startswith("raw.") and name in {*TABLE_CHECKS, "register_is_sound"} else "dbt"


def results_of_run(
    instance: dg.DagsterInstance, run_id: str, expected: Iterable[dg.AssetCheckKey] = ()
) -> list[CheckResult]:
    """Every check that this very run evaluated, and those of `expected` that it did not, by asset and name."""
    found: dict[tuple[str, str], CheckResult] = {}
    for evaluation in _evaluations(instance, run_id):
        asset, name = ".".join(evaluation.asset_key.path), evaluation.check_name
        found[asset, name] = CheckResult(
            name=name,
            asset=asset,
            kind=kind_of(asset, name),
            severity="warning" if evaluation.severity == dg.AssetCheckSeverity.WARN else "error",
            passed=evaluation.passed,
            failed_rows=0 if evaluation.passed else _failed_rows(evaluation),
            description="" if evaluation.passed else evaluation.description or "",
        )
    for key in expected:
        asset = ".".join(key.asset_key.path)
        found.setdefault((asset, key.name), CheckResult(key.name, asset, kind_of(asset, key.name), "error", None))
    return [found[place] for place in sorted(found)]


def _evaluations(instance: dg.DagsterInstance, run_id: str) -> Sequence[dg.AssetCheckEvaluation]:
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    return [entry.get_dagster_event().asset_check_evaluation_data for entry in entries]


def _failed_rows(evaluation: dg.AssetCheckEvaluation) -> int:
    """The count that the check gives, ours or dagster-dbt's; 1 if it gives none."""
    for name in ("failed_rows", "dagster_dbt/failed_row_count"):
        value: Any = evaluation.metadata.get(name)
        if value is not None and value.value:
            return int(value.value)
    return 1
