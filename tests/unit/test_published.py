"""The folder of releases: what sealing, switching, rolling back and pruning leave behind, on small made-up releases."""

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from orchestration import published as module
from orchestration.published import CHECKSUMS, PARTS, SITE, Published, PublishedError, Release

Make = Callable[..., Release]

FIRST, SECOND, THIRD = (f"2026112{day}T041500Z-0000000{day}" for day in (1, 2, 3))


@pytest.fixture
def published(tmp_path: Path) -> Published:
    return Published(tmp_path / "published")


@pytest.fixture
def make(published: Published) -> Make:
    """Seals a release of a few small files, and switches it in; without a report, Data Docs stand by themselves."""

    def made(release_id: str, previous: str | None = None, *, has_site: bool = True) -> Release:
        draft = published.new_draft()
        (draft / "narvaro.duckdb").write_text(release_id, "utf-8")
        data_docs = "site/data_docs" if has_site else "data_docs"
        for folder in ("csv", "parquet", data_docs):
            (draft / folder).mkdir(parents=True)
            name = Path(folder).name
            (draft / folder / f"{name}.txt").write_text(f"{name} of {release_id}", "utf-8")
        if has_site:
            (draft / SITE / "index.html").write_text(f"report of {release_id}", "utf-8")
            (draft / "data_docs").symlink_to(data_docs)
        for part in PARTS:
            if not (draft / part).exists() and part != CHECKSUMS:
                (draft / part).write_text(f"{part} of {release_id}", "utf-8")
        facts = {"release_id": release_id, "previous_release_id": previous, "fingerprint": release_id[-8:]}
        release = published.seal(draft, facts)
        published.switch_to(release)
        return release

    return made


def read(published: Published) -> tuple[str, str]:
    """What a reader finds under the fixed paths: the database and the Data Docs."""
    return (
        (published.folder / "narvaro.duckdb").read_text("utf-8"),
        (published.folder / "data_docs" / "data_docs.txt").read_text("utf-8"),
    )


def leftovers(published: Published) -> list[str]:
    """Names in the published folder that are neither a release nor a part of its layout."""
    layout = {"current", "releases", "status.json", "rollbacks.jsonl", *PARTS, SITE}
    found = [each.name for each in published.folder.iterdir() if each.name not in layout]
    releases = {each.release_id for each in published.releases()}
    return found + [
        each.name for each in (published.folder / "releases").iterdir() if each.name not in {*releases, ".lock"}
    ]


def test_a_sealed_release_is_read_only_and_its_checksums_hold_for_sha256sum(make: Make) -> None:
    release = make(FIRST)
    files = [path for path in release.folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o444}
    told = subprocess.run(
        ["sha256sum", "--check", CHECKSUMS], cwd=release.folder, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert len(told.stdout.splitlines()) == len(files) - 1
    assert release.faults() == []


def test_everything_is_on_the_disk_before_the_switch(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    descriptors: dict[int, str] = {}
    opened, synced, replaced = os.open, os.fsync, os.replace

    def record_open(path: Path | str, *arguments: int) -> int:
        descriptor = opened(path, *arguments)
        descriptors[descriptor] = Path(path).name
        return descriptor

    def record_sync(descriptor: int) -> None:
        done.append(descriptors.get(descriptor, "?"))
        synced(descriptor)

    def record_replace(source: Path, target: Path) -> None:
        done.append(f"switch {Path(target).name}")
        replaced(source, target)

    monkeypatch.setattr(module.os, "open", record_open)
    monkeypatch.setattr(module.os, "fsync", record_sync)
    monkeypatch.setattr(module.os, "replace", record_replace)
    make(FIRST)
    before = done[: done.index("switch current")]
    assert {
        "narvaro.duckdb",
        "csv.txt",
        "csv",
        "data_docs.txt",
        "index.html",
        "site",
        "release.json",
        CHECKSUMS,
        "releases",
    } <= set(before)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "csv" / "csv.txt").unlink(), "csv/csv.txt is missing"),
        (lambda folder: (folder / "narvaro.duckdb").unlink(), "narvaro.duckdb is missing"),
        (lambda folder: (folder / CHECKSUMS).unlink(), f"{CHECKSUMS} is missing"),
        (lambda folder: (folder / "csv" / "more.txt").write_text("more"), f"csv/more.txt is not in {CHECKSUMS}"),
        (lambda folder: (folder / "narvaro.duckdb").write_text("other"), "narvaro.duckdb was changed"),
        (lambda folder: (folder / "site" / "index.html").unlink(), "site/index.html is missing"),
        (lambda folder: (folder / "data_docs").unlink(), "data_docs is missing"),
    ],
)
def test_every_fault_of_a_release_is_named(make: Make, spoil: Callable[[Path], object], told: str) -> None:
    release = make(FIRST)
    (release.folder / "narvaro.duckdb").chmod(0o644)
    spoil(release.folder)
    assert release.faults() == [told]


def test_links_stay_fixed_and_one_rename_switches(published: Published, make: Make) -> None:
    for release_id in (FIRST, SECOND):
        make(release_id)
        assert read(published) == (release_id, f"data_docs of {release_id}")
        assert (published.folder / "current").readlink() == Path("releases") / release_id
        linked = (*PARTS, SITE)
        assert {str((published.folder / part).readlink()) for part in linked} == {f"current/{part}" for part in linked}
    assert leftovers(published) == []


def test_a_rollback_takes_the_exports_and_data_docs_with_it(published: Published, make: Make) -> None:
    make(FIRST)
    make(SECOND)
    done = published.roll_back(published.find("2026112" + "1"))
    assert read(published) == (FIRST, f"data_docs of {FIRST}")
    assert (done.left, done.to, done.held_back) == (SECOND, FIRST, [SECOND])
    assert [each.release_id for each in published.held_back()] == [SECOND]
    assert published.rollbacks() == [done]
    assert leftovers(published) == []


def test_a_release_from_before_the_report_is_whole_and_can_be_gone_back_to(published: Published, make: Make) -> None:
    first = make(FIRST, has_site=False)
    (published.folder / SITE).unlink()
    second = make(SECOND)
    report = published.folder / SITE / "index.html"
    assert first.faults() == second.faults() == []
    assert read(published) == (SECOND, f"data_docs of {SECOND}")
    assert report.read_text("utf-8") == f"report of {SECOND}"
    published.roll_back(first)
    assert read(published) == (FIRST, f"data_docs of {FIRST}")
    assert not report.exists()
    published.roll_back(second)
    assert report.read_text("utf-8") == f"report of {SECOND}"


def test_the_report_of_a_release_can_be_copied_alone(make: Make, tmp_path: Path) -> None:
    site = make(FIRST).folder / SITE
    shutil.copytree(site, tmp_path / "server", symlinks=True)
    assert [path for path in (tmp_path / "server").rglob("*") if path.is_symlink()] == []
    assert (tmp_path / "server" / "data_docs" / "data_docs.txt").exists()


def test_a_reader_that_has_a_file_open_reads_on_through_switch_rollback_and_pruning(
    published: Published, make: Make
) -> None:
    make(FIRST)
    with (published.folder / "narvaro.duckdb").open(encoding="utf-8") as held:
        make(SECOND)
        make(THIRD)
        published.roll_back(published.find(SECOND))
        assert FIRST in published.prune(1)
        assert held.read() == FIRST


def test_going_forward_again_lifts_what_was_held_back(published: Published, make: Make) -> None:
    for release_id in (FIRST, SECOND, THIRD):
        make(release_id)
    published.roll_back(published.find(FIRST))
    assert [each.release_id for each in published.held_back()] == [THIRD, SECOND]
    published.roll_back(published.find(SECOND))
    assert [each.release_id for each in published.held_back()] == [THIRD]
    published.roll_back(published.find(THIRD))
    assert published.held_back() == []


def test_a_spoiled_release_is_not_rolled_back_to(published: Published, make: Make) -> None:
    first = make(FIRST)
    make(SECOND)
    (first.folder / "csv" / "csv.txt").unlink()
    with pytest.raises(PublishedError, match=r"is not whole, nothing is changed: csv/csv\.txt is missing"):
        published.roll_back(first)
    assert read(published)[0] == SECOND
    assert published.rollbacks() == []


def test_the_current_release_is_not_rolled_back_to(published: Published, make: Make) -> None:
    release = make(FIRST)
    with pytest.raises(PublishedError, match="is what is published now"):
        published.roll_back(release)


def test_a_rollback_waits_for_a_release_that_is_being_published(
    published: Published, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make(FIRST)
    make(SECOND)
    monkeypatch.setattr(module, "LOCK_SECONDS", 0)
    with FileLock(published.folder / "releases" / ".lock"), pytest.raises(PublishedError, match="being published"):
        published.roll_back(first)
    assert read(published)[0] == SECOND
    published.roll_back(first)
    assert read(published)[0] == FIRST


def test_pruning_keeps_the_release_that_readers_had_a_moment_ago_however_old(published: Published, make: Make) -> None:
    for release_id in (FIRST, SECOND):
        make(release_id)
    published.roll_back(published.find(FIRST))
    folder = published.current
    make(THIRD, previous=FIRST)
    assert published.prune(1) == [SECOND]
    assert folder is not None
    assert (folder / "narvaro.duckdb").read_text("utf-8") == FIRST


def test_pruning_keeps_the_newest_and_the_current_one(published: Published, make: Make) -> None:
    for release_id in (FIRST, SECOND, THIRD):
        make(release_id)
    published.roll_back(published.find(FIRST))
    assert published.prune(1) == [SECOND]
    assert [each.release_id for each in published.releases()] == [THIRD, FIRST]
    assert read(published)[0] == FIRST
    assert leftovers(published) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [("current", SECOND), ("previous", FIRST), (FIRST, FIRST), ("20261121", FIRST)],
)
def test_releases_are_found_by_name_id_and_beginning(published: Published, make: Make, name: str, found: str) -> None:
    make(FIRST)
    make(SECOND, previous=FIRST)
    assert published.find(name).release_id == found


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("2026112", r"More than one release \(2\)"),
        ("1999", "No release that is kept has an id that begins with 1999"),
        ("", r"More than one release \(2\)"),
    ],
)
def test_a_name_of_no_or_several_releases_is_refused(published: Published, make: Make, name: str, told: str) -> None:
    make(FIRST)
    make(SECOND)
    with pytest.raises(PublishedError, match=told):
        published.find(name)


def test_the_first_release_has_none_before_it_and_before_it_there_is_nothing(published: Published, make: Make) -> None:
    with pytest.raises(PublishedError, match="Nothing is published yet"):
        published.find("current")
    make(FIRST)
    with pytest.raises(PublishedError, match=f"{FIRST} is the first release"):
        published.find("previous")


def test_what_a_broken_off_night_left_is_discarded_and_no_release_is(published: Published, make: Make) -> None:
    make(FIRST)
    (published.new_draft() / "half.parquet").write_text("half")
    (published.folder / ".current.new").symlink_to("releases/nowhere")
    (published.folder / ".status.json.new").write_text("{")
    assert leftovers(published) != []
    published.discard_drafts()
    assert leftovers(published) == []
    assert read(published)[0] == FIRST


def test_the_facts_of_a_release_stand_in_it(make: Make) -> None:
    release = make(SECOND, previous=FIRST)
    assert release.facts == json.loads((release.folder / "release.json").read_text("utf-8"))
    assert release.facts["previous_release_id"] == FIRST
    assert release.size == sum(path.stat().st_size for path in release.folder.rglob("*") if path.is_file())


def test_a_release_that_was_sealed_and_never_switched_in_is_discarded(
    published: Published, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make(FIRST), make(SECOND, previous=FIRST)
    with monkeypatch.context() as killed:
        killed.setattr(Published, "switch_to", lambda *_: None)
        make(THIRD, previous=SECOND)
    published.discard_drafts()
    assert published.releases() == [second, first]
    assert leftovers(published) == []


def test_a_release_that_was_rolled_back_is_kept(published: Published, make: Make) -> None:
    first, second = make(FIRST), make(SECOND, previous=FIRST)
    published.roll_back(first)
    published.discard_drafts()
    assert published.releases() == [second, first]


def test_a_clock_that_was_set_back_costs_no_release(published: Published, make: Make) -> None:
    later, earlier = make(SECOND), make(FIRST, previous=SECOND)
    published.discard_drafts()
    assert published.releases() == [later, earlier]
