"""Last stage: the release, complete before it is switched in, and refused if a check says so.

Belongs here: the gate, the contents of a release, the switch. Does not belong here: how a file is copied
(`release_file`), where releases stand (`published`).
"""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from expectations.stability import contract_faults, schema_of
from orchestration import disclosure_memory, paths, release_changes, release_file, unchanged_night
from orchestration.assets import OWNERS
from orchestration.catalogue import write_catalogue
from orchestration.checks import CheckResult, results_of_run
from orchestration.inputs import code_version
from orchestration.published import ASSET, DATABASE, SITE, WORKBOOK, Published, Release
from orchestration.release_workbook import write_workbook
from orchestration.resources import Warehouse
from orchestration.site.build import SiteFacts, write_site
from orchestration.site.dbt_docs import write_dbt_docs
from orchestration.transform import MANIFEST, transform
from orchestration.validate import DATA_DOCS

CONTRACT_VERSION = "2.2"
"""Of the published tables: the first number changes when a query may break, the second when something is added."""
FORGET_OPEN_COUNTS = """
    delete from meta.changed_row as changes
    using meta.release as releases, meta.release as open_ones
    where changes.release_id = releases.release_id
        and open_ones.release_id in (releases.release_id, releases.previous_release_id)
        and cast(split_part(open_ones.contract_version, '.', 1) as integer) < 2
        and changes.table_name in ('core.fct_contact_month', 'core.fct_registration', 'core.fct_registration_total')
"""
"""Releases of contract 1 withheld no small counts: what they list of changes is not carried on."""
KEEP, KEPT = "NARVARO_KEEP_RELEASES", 30

KEY = dg.AssetKey(ASSET)
SITE_KEY = dg.AssetKey(["release", "site"])


def release_asset(every_check: Callable[[], Iterable[dg.AssetCheckKey]]) -> dg.AssetsDefinition:
    """The assets `release/site` and `release/current`, which one step makes: the switch is the last thing that happens.

    `every_check` gives the checks of the whole graph, whatever a job has selected.
    """
    published = [*(key for key in transform.keys if key.path[0] in release_file.SCHEMAS), DATA_DOCS]

    @dg.multi_asset(
        name="__".join(KEY.path),
        specs=[
            dg.AssetSpec(
                SITE_KEY,
                description="The report for people, with Data Docs and dbt's documentation: one folder that opens from "
                "disk. Made with each release; a night with nothing new makes none.",
                deps=published,
                group_name="release",
                kinds={"html"},
                owners=OWNERS,
                skippable=True,
            ),
            dg.AssetSpec(
                KEY,
                description="The published DuckDB file with its exports, Data Docs and report. Refused if a check "
                "failed or did not run.",
                deps=[*published, SITE_KEY],
                group_name="release",
                kinds={"duckdb", "parquet", "csv", "excel"},
                owners=OWNERS,
            ),
        ],
    )
    def release(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
        checks = results_of_run(context.instance, context.run.run_id, every_check())
        refuse_if_blocked(checks)
        outcome = make_release(warehouse, checks, context.run.run_id, Published.here())
        unchanged_night.end_whole_night()
        if outcome["outcome"] == "released":
            yield dg.MaterializeResult(asset_key=SITE_KEY, metadata=_of_site(Published.here().find("current")))
        yield dg.MaterializeResult(asset_key=KEY, metadata=outcome)

    return release


def _of_site(release: Release) -> dict[str, Any]:
    """What Dagster shows of a release's report."""
    folder = release.folder / SITE
    return {
        "page": dg.MetadataValue.path(str(folder / "index.html")),
        "data_docs": dg.MetadataValue.path(str(folder / "data_docs" / "index.html")),
        "dbt_docs": dg.MetadataValue.path(str(folder / "dbt_docs" / "index.html")),
        **release.facts["site"],
    }


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
class Record:
    """What a release says of itself."""

    release_id: str
    previous_release_id: str | None
    """The release that readers had before, which `meta.change` compares it with."""
    released_at: datetime
    run_id: str
    fingerprint: str
    code_version: str
    checks: Sequence[CheckResult]

    @property
    def content(self) -> dict[str, str]:
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

    @property
    def facts(self) -> dict[str, Any]:
        """`release.json`."""
        return {
            "release_id": self.release_id,
            "previous_release_id": self.previous_release_id,
            "released_at": self.released_at.isoformat(),
            "run_id": self.run_id,
            **self.content,
            **self.check_counts,
        }

    def equals(self, release: Release | None) -> bool:
        """Whether a release, whole or not, says that it has this content."""
        return release is not None and self.content.items() <= release.facts.items()


def kept_releases() -> int:
    """How many releases are kept: the environment's NARVARO_KEEP_RELEASES, or 30."""
    told = os.environ.get(KEEP) or str(KEPT)
    if not told.isdecimal() or int(told) < 1:
        raise dg.Failure(f"{KEEP} must be a whole number, at least 1: it is {told!r}.", allow_retries=False)
    return int(told)


def make_release(
    warehouse: Warehouse, checks: Sequence[CheckResult], run_id: str, published: Published
) -> dict[str, Any]:
    """Build a release, and switch it in if its content is new; gives what was done, for the status.

    `released`, or `nothing_new`: the content is the current release's, or that of one that was rolled back since.
    """
    keep = kept_releases()
    with published.exclusive():
        published.discard_drafts()
        published.prune(keep)  # also before: told to keep fewer, a night makes room on a full disk by itself
        current, before = published.release, published.newest_whole()
        draft = published.new_draft()
        try:
            tables = release_file.copy_published(warehouse.path, draft / DATABASE)
            content = release_file.fingerprint(release_file.export(draft / DATABASE, draft))
            release_id, now = _new_id(published, content)
            previous = before.release_id if before else None
            record = Record(release_id, previous, now, run_id, content, code_version(), checks)
            held_back = next((each for each in published.held_back() if record.equals(each)), None)
            is_new = held_back is None and (before != current or not record.equals(before))
            if is_new:
                site = _complete(draft, record, before, tables, warehouse.path)
                disclosure_memory.remember(warehouse.path)
                current = published.seal(draft, {**record.facts, "site": asdict(site)})
                published.switch_to(current)
        finally:
            published.discard_drafts()
        published.mend_links()
        published.prune(keep)
        assert current is not None, "what is not new stands already"
        status = {
            "outcome": "released" if is_new else "nothing_new",
            "release_id": current.release_id,
            "held_back": held_back.release_id if held_back else None,
            "run_id": run_id,
            "finished_at": now.isoformat(),
            **record.check_counts,
        }
        published.write_status(status)
    return status


def _new_id(published: Published, content: str) -> tuple[str, datetime]:
    """An id that no release has, and its time: now, or a second later for each that has it."""
    now = datetime.now(UTC).replace(microsecond=0)
    taken = {each.release_id for each in published.releases()}
    while (release_id := f"{now:%Y%m%dT%H%M%SZ}-{content[:8]}") in taken:
        now += timedelta(seconds=1)
    return release_id, now


def _complete(
    draft: Path, record: Record, before: Release | None, tables: list[release_file.Table], build: Path
) -> SiteFacts:
    """Put into the draft all that a release holds beside its tables, and verify it."""
    _add_records(draft / DATABASE, record, before.database if before else None)
    if faults := release_file.verify(draft / DATABASE, tables, build):
        raise dg.Failure("The release is refused: its file is not what was built.\n" + "\n".join(faults))
    if before is not None:
        stated = str(before.facts["contract_version"])
        if faults := contract_faults(schema_of(before.database), schema_of(draft / DATABASE), stated, CONTRACT_VERSION):
            raise dg.Failure("The release is refused: its tables break their contract.\n" + "\n".join(faults))
    release_file.export(draft / DATABASE, draft, release_file.NIGHTLY_TABLES)
    write_workbook(draft / DATABASE, draft / WORKBOOK)
    write_catalogue(draft)
    return _write_site(draft)


def _write_site(draft: Path) -> SiteFacts:
    """The report, whole in its folder, so that it can be copied to a web server; Data Docs keep their old address."""
    began = time.monotonic()
    site = draft / SITE
    report = write_site(draft / DATABASE, site)
    shutil.copytree(paths.data_docs_folder(), site / "data_docs")
    write_dbt_docs(draft / DATABASE, site / "dbt_docs", MANIFEST)
    (draft / "data_docs").symlink_to(Path(SITE) / "data_docs")
    size = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    return replace(report, size_bytes=size, seconds=round(time.monotonic() - began, 2))


def _add_records(database: Path, release: Record, before: Path | None) -> None:
    """Fill the tables that only a release can fill, on top of what the release before holds in them."""
    with release_file.opened(database, read_only=False) as connection:
        if before is not None:
            release_file.append_from(connection, before, release_file.NIGHTLY_TABLES)
        documents = release_file.count(connection, "meta.document")
        record = {
            "release_id": release.release_id,
            "previous_release_id": release.previous_release_id,
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
    release_changes.record_changes(before, database, release.release_id)
    with release_file.opened(database, read_only=False) as connection:
        connection.execute(FORGET_OPEN_COUNTS)
