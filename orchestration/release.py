"""Last stage: the release, complete before it is switched in, and refused if a check says so.

Belongs here: the gate, the contents of a release, the switch. Does not belong here: how a file is copied
(`release_file`), where releases stand (`published`).
"""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import dagster as dg

from orchestration import paths, release_file
from orchestration.checks import CheckResult, results_of_run
from orchestration.ingest import OWNERS
from orchestration.published import DATABASE, Published
from orchestration.resources import Warehouse
from orchestration.transform import transform
from orchestration.validate import DATA_DOCS

CONTRACT_VERSION = "1.0"
"""Of the published tables: the first number changes when a query may break, the second when something is added."""

KEY = dg.AssetKey(["release", "current"])


@dg.asset(
    key=KEY,
    group_name="release",
    deps=[*(key for key in transform.keys if key.path[0] in release_file.SCHEMAS), DATA_DOCS],
    kinds={"duckdb", "parquet", "csv"},
    owners=OWNERS,
)
def release(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """The published DuckDB file with its exports and Data Docs. Refused if a check failed or did not run."""
    checks = results_of_run(context.instance, context.run.run_id, expected_checks())
    refuse_if_blocked(checks)
    outcome = make_release(warehouse, checks, context.run.run_id, Published.here())
    return dg.MaterializeResult(metadata=outcome)


def expected_checks() -> list[dg.AssetCheckKey]:
    """Every check of the whole asset graph, whatever the job has selected."""
    from orchestration.definitions import defs

    return sorted(defs.resolve_asset_graph().asset_check_keys, key=str)


def refuse_if_blocked(checks: list[CheckResult]) -> None:
    """Fail with the name of every check that forbids a release."""
    blocking = [str(check) for check in checks if check.blocks]
    if blocking:
        raise dg.Failure(
            f"The release is refused, what is published stays as it is. {len(blocking)} checks forbid it:\n"
            + "\n".join(blocking),
            metadata={"checks": dg.MetadataValue.json(blocking)},
            allow_retries=False,
        )


def make_release(warehouse: Warehouse, checks: list[CheckResult], run_id: str, published: Published) -> dict[str, Any]:
    """Build a release, and switch it in if its content is new; gives what was done, for the status."""
    now = datetime.now(UTC).replace(microsecond=0)
    before = published.manifest
    draft = published.new_release(f"draft-{run_id}")
    try:
        tables = release_file.copy_published(warehouse.path, draft / DATABASE)
        content = release_file.fingerprint(release_file.export(draft / DATABASE, draft))
        facts = {"fingerprint": content, "code_version": code_version(), "contract_version": CONTRACT_VERSION}
        same = before is not None and all(before.get(name) == value for name, value in facts.items())
        if same and before is not None:
            release_id = str(before["release_id"])
        else:
            release_id = f"{now:%Y%m%dT%H%M%SZ}-{content[:8]}"
            _complete(draft, release_id, now, run_id, checks, facts, tables, warehouse, published)
            target = draft.with_name(release_id)
            draft.rename(target)
            published.switch_to(target)
    finally:
        if draft.exists():
            published.discard(draft)
    outcome = {
        "outcome": "nothing_new" if same else "released",
        "release_id": release_id,
        "run_id": run_id,
        "finished_at": now.isoformat(),
        "checks_passed": sum(bool(check.passed) for check in checks),
        "checks_failed": sum(not check.passed for check in checks),
    }
    published.write_status(outcome)
    return outcome


def _complete(
    draft: Any,
    release_id: str,
    now: datetime,
    run_id: str,
    checks: list[CheckResult],
    facts: dict[str, str],
    tables: list[release_file.Table],
    warehouse: Warehouse,
    published: Published,
) -> None:
    """Add what only the release knows, verify the file, and write the exports again."""
    database = draft / DATABASE
    with release_file.opened(database, read_only=False) as connection:
        if published.database is not None:
            history = str(published.database).replace("'", "''")
            connection.execute(f"attach '{history}' as history (read_only)")
            for address in release_file.NIGHTLY_TABLES:
                connection.execute(f"insert into {address} by name select * from history.{address}")
            connection.execute("detach history")
        documents = connection.execute("select count(*) from meta.document").fetchone() or (0,)
        record = {
            "release_id": release_id,
            "released_at": now.replace(tzinfo=None),
            "run_id": run_id,
            "code_version": facts["code_version"],
            "contract_version": facts["contract_version"],
            "documents": documents[0],
            "checks_passed": sum(bool(check.passed) for check in checks),
            "checks_failed": sum(not check.passed for check in checks),
        }
        release_file.append(connection, "meta.release", [record])
        release_file.append(
            connection,
            "meta.check",
            [
                {
                    "check_name": check.name,
                    "release_id": release_id,
                    "asset": check.asset,
                    "kind": check.kind,
                    "severity": check.severity,
                    "passed": check.passed,
                    "failed_rows": check.failed_rows,
                }
                for check in checks
            ],
        )
    differences = release_file.changes(published.database, database)
    with release_file.opened(database, read_only=False) as connection:
        release_file.append(connection, "meta.change", [{"release_id": release_id, **row} for row in differences])
    if faults := release_file.verify(database, tables, warehouse.path):
        raise dg.Failure("The release is refused: its file is not what was built.\n" + "\n".join(faults))
    for kind in ("csv", "parquet"):
        shutil.rmtree(draft / kind)
    release_file.export(database, draft)
    shutil.copytree(paths.data_docs_folder(), draft / "data_docs")
    (draft / "release.json").write_text(json.dumps({"release_id": release_id, **facts}, indent=2) + "\n", "utf-8")


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
