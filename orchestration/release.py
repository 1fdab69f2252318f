"""Last stage: the release, complete before it is switched in, and refused if a check says so.

Belongs here: the gate, the contents of a release, the switch. Does not belong here: how a file is copied
(`release_file`), where releases stand (`published`).
"""

import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration import paths, release_file
from orchestration.assets import OWNERS
from orchestration.checks import CheckResult, results_of_run
from orchestration.published import DATABASE, Published
from orchestration.resources import Warehouse
from orchestration.transform import transform
from orchestration.validate import DATA_DOCS

CONTRACT_VERSION = "1.1"
"""Of the published tables: the first number changes when a query may break, the second when something is added."""

KEY = dg.AssetKey(["release", "current"])


def release_asset(every_check: Callable[[], Iterable[dg.AssetCheckKey]]) -> dg.AssetsDefinition:
    """The asset `release/current`. `every_check` gives the checks of the whole graph, whatever a job has selected."""

    @dg.asset(
        key=KEY,
        group_name="release",
        deps=[*(key for key in transform.keys if key.path[0] in release_file.SCHEMAS), DATA_DOCS],
        kinds={"duckdb", "parquet", "csv"},
        owners=OWNERS,
    )
    def release(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
        """The published DuckDB file with its exports and Data Docs. Refused if a check failed or did not run."""
        checks = results_of_run(context.instance, context.run.run_id, every_check())
        refuse_if_blocked(checks)
        outcome = make_release(warehouse, checks, context.run.run_id, Published.here())
        return dg.MaterializeResult(metadata=outcome)

    return release


def refuse_if_blocked(checks: Iterable[CheckResult]) -> None:
    """Fail with the name of every check that forbids a release."""
    blocking = [str(check) for check in checks if check.blocks]
    if blocking:
        raise dg.Failure(
            f"The release is refused, what is published stays as it is. {len(blocking)} checks forbid it:\n"
            + "\n".join(blocking),
            metadata={"checks": dg.MetadataValue.json(blocking)},
            allow_retries=False,
        )


@dataclass(frozen=True)
class Release:
    """What a release says of itself."""

    release_id: str
    released_at: datetime
    run_id: str
    fingerprint: str
    code_version: str
    checks: Sequence[CheckResult]

    @property
    def facts(self) -> dict[str, str]:
        """What makes two releases equal: the content, and what it was made by."""
        return {
            "fingerprint": self.fingerprint,
            "code_version": self.code_version,
            "contract_version": CONTRACT_VERSION,
        }

    @property
    def check_counts(self) -> dict[str, int]:
        """How many checks passed and failed."""
        passed = sum(bool(check.passed) for check in self.checks)
        return {"checks_passed": passed, "checks_failed": len(self.checks) - passed}


def make_release(
    warehouse: Warehouse, checks: Sequence[CheckResult], run_id: str, published: Published
) -> dict[str, Any]:
    """Build a release, and switch it in if its content is new; gives what was done, for the status."""
    now = datetime.now(UTC).replace(microsecond=0)
    before = published.manifest or {}
    draft = published.new_draft()
    try:
        tables = release_file.copy_published(warehouse.path, draft / DATABASE)
        content = release_file.fingerprint(release_file.export(draft / DATABASE, draft))
        release_id = f"{now:%Y%m%dT%H%M%SZ}-{content[:8]}"
        release = Release(release_id, now, run_id, content, code_version(), checks)
        is_new = not published.is_whole or any(before.get(name) != value for name, value in release.facts.items())
        if is_new:
            _add_records(draft / DATABASE, release, published.database)
            if faults := release_file.verify(draft / DATABASE, tables, warehouse.path):
                raise dg.Failure("The release is refused: its file is not what was built.\n" + "\n".join(faults))
            release_file.export(draft / DATABASE, draft, release_file.NIGHTLY_TABLES)
            shutil.copytree(paths.data_docs_folder(), draft / "data_docs")
            published.write_manifest(draft, {"release_id": release_id, **release.facts})
            published.switch_to(published.named(draft, release_id))
        published.mend_links()
    finally:
        published.discard_drafts()
    status = {
        "outcome": "released" if is_new else "nothing_new",
        "release_id": release_id if is_new else before["release_id"],
        "run_id": run_id,
        "finished_at": now.isoformat(),
        **release.check_counts,
    }
    published.write_status(status)
    return status


def _add_records(database: Path, release: Release, before: Path | None) -> None:
    """Fill the tables that only a release can fill, on top of what the release before holds in them."""
    with release_file.opened(database, read_only=False) as connection:
        if before is not None:
            release_file.append_from(connection, before, release_file.NIGHTLY_TABLES)
        documents = release_file.count(connection, "meta.document")
        record = {
            "release_id": release.release_id,
            "released_at": release.released_at.replace(tzinfo=None),
            "run_id": release.run_id,
            "code_version": release.code_version,
            "contract_version": CONTRACT_VERSION,
            "documents": documents,
            **release.check_counts,
        }
        checks = [
            {
                "release_id": release.release_id,
                "check_name": check.name,
                "asset": check.asset,
                "kind": check.kind,
                "severity": check.severity,
                "passed": check.passed,
                "failed_rows": check.failed_rows,
            }
            for check in release.checks
        ]
        release_file.append(connection, "meta.release", [record])
        release_file.append(connection, "meta.check", checks)
    release_file.record_changes(before, database, release.release_id)


def code_version() -> str:
    """The project's version, and the commit where git can tell it."""
    version = metadata.version("narvaro")
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            cwd=paths.ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return version
    return f"{version}+{found.stdout.strip()}"
