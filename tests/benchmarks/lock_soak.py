"""Readers that never pause while releases are switched in, rolled back and pruned: no error, no torn read.

Nine processes read: four open, query and close the published DuckDB file again and again; four hold a connection for
many switches, query it all the time, then close it and open the file anew; one resolves `current` once and reads the
csv and Parquet files of that folder. Meanwhile releases are made and switched in by the project's own code, and one
switch of ten is a rollback. Two tables of every release carry its id, a third a checksum over both: one query over
the three tells a torn read. What was read also has to be what was published at that very moment.

It prints reads, errors, torn reads, staleness (from the switch to the end of the first read of it, in each reader that
holds nothing), and how long a switch took. It exits with 1 if anything was wrong.

    python -m tests.benchmarks.lock_soak [RELEASES] [--rows N] [--seed N]        200 unless told
"""

import argparse
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from orchestration import release_file
from orchestration.published import CHECKSUMS, DATABASE, PARTS, Published

ROWS = 800_000
"""Of each of the two tables, unless told; the file is then about as large as a real one."""
OPENERS, HOLDERS = 4, 4
LONGEST_HOLD_SECONDS = 60.0
KEPT = 3
"""Releases that are kept: fewer than are switched in while a connection is held."""
ROLLBACK_SHARE = 0.1

QUERY = """
    select
        (select release_id from meta.whole),
        (select min(release_id) = max(release_id) and min(release_id) = (select release_id from meta.whole)
         from (select release_id from core.half union all select release_id from kpi.half)),
        (select sum(content) from (select content from core.half union all select content from kpi.half))
            = (select checksum from meta.whole)
"""


@dataclass
class Log:
    """What one reader saw."""

    reads: list[tuple[float, float, float, str, bool]] = field(default_factory=list)
    """Begin and end of opening, end of the query (monotonic seconds), the release, and whether it was just opened."""
    errors: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)


def open_and_close(published: Path, log: Log, stop: Any, _: random.Random) -> None:
    """Open, query, close."""
    while not stop.is_set():
        _read_once(published, log, lambda: False)


def hold(published: Path, log: Log, stop: Any, chance: random.Random) -> None:
    """Open, query until a random time is over, close."""
    while not stop.is_set():
        until = time.monotonic() + chance.uniform(0, LONGEST_HOLD_SECONDS)
        _read_once(published, log, lambda until=until: time.monotonic() < until and not stop.is_set())


def _read_once(published: Path, log: Log, again: Any) -> None:
    try:
        began = time.monotonic()
        with duckdb.connect(str(published / DATABASE), read_only=True, config={"threads": 1}) as connection:
            opened = time.monotonic()
            first: str | None = None
            while first is None or again():
                release, is_one, agrees = connection.execute(QUERY).fetchall()[0]
                if not is_one or not agrees:
                    log.torn.append(f"two releases in one read of {release}")
                if first not in {None, release}:
                    log.torn.append(f"a connection that was opened on {first} read {release}")
                log.reads.append((began, opened, time.monotonic(), release, first is None))
                first = release
    except (duckdb.Error, OSError) as error:
        log.errors.append(f"{type(error).__name__}: {error}")


def read_files(published: Path, log: Log, stop: Any, _: random.Random) -> None:
    """Resolve `current` once, and read Parquet and csv of that folder."""
    while not stop.is_set():
        try:
            began = time.monotonic()
            folder = (published / "current").resolve()
            opened = time.monotonic()
            halves = [
                read(folder / kind / f"{table}.half.{kind}")
                for kind, read in (("parquet", pl.read_parquet), ("csv", _csv))
                for table in release_file.SCHEMAS[:2]
            ]
            (told,) = pl.read_parquet(folder / "parquet" / "meta.whole.parquet").to_dicts()
            for parts in (halves[:2], halves[2:]):
                both = pl.concat(parts)
                if both["release_id"].unique().to_list() != [told["release_id"]] or (
                    both["content"].sum() != told["checksum"]
                ):
                    log.torn.append(f"two releases in the files of {told['release_id']}")
            if told["release_id"] != folder.name:
                log.torn.append(f"the files of {folder.name} are those of {told['release_id']}")
            log.reads.append((began, opened, time.monotonic(), told["release_id"], True))
        except (pl.exceptions.PolarsError, OSError) as error:
            log.errors.append(f"{type(error).__name__}: {error}")


def _csv(file: Path) -> pl.DataFrame:
    return pl.read_csv(file, schema_overrides={"release_id": pl.String})


READERS = {
    **{f"open and close {at}": open_and_close for at in range(1, OPENERS + 1)},
    **{f"hold {at}": hold for at in range(1, HOLDERS + 1)},
    "csv and parquet": read_files,
}


def run_reader(name: str, published: Path, said: Path, stop: Any, ready: Any, seed: int) -> None:
    """One reader, in a process of its own; what it saw goes into the file `said`."""
    log = Log()
    ready.release()
    READERS[name](published, log, stop, random.Random(f"{seed} {name}"))  # noqa: S311
    said.write_text(json.dumps([log.reads, log.errors, log.torn]), "utf-8")


# The writer: releases as the project makes them.


@dataclass
class Switch:
    """One switch: when it began and ended (monotonic seconds), and to what."""

    release_id: str
    began: float
    ended: float
    is_rollback: bool


@dataclass
class Writer:
    """Makes releases and switches them in."""

    published: Published
    build: Path
    chance: random.Random
    rows: int
    switches: list[Switch] = field(default_factory=list)
    pruned: list[tuple[str, float]] = field(default_factory=list)

    def release(self, number: int) -> None:
        """Make a release, switch it in, and remove the oldest."""
        release_id = f"{number:06d}"
        self._build(release_id)
        with self.published.exclusive():
            self.published.discard_drafts()
            draft = self.published.new_draft()
            release_file.copy_published(self.build, draft / DATABASE)
            release_file.export(draft / DATABASE, draft)
            (draft / "data_docs").mkdir()
            for part in set(PARTS) - {CHECKSUMS, *(path.name for path in draft.iterdir())}:
                (draft / part).write_text(release_id, "utf-8")  # nobody reads these here
            before = self.published.release
            facts = {"release_id": release_id, "previous_release_id": before.release_id if before else None}
            sealed = self.published.seal(draft, facts)
            began = time.monotonic()
            self.published.switch_to(sealed)
            self.switches.append(Switch(release_id, began, time.monotonic(), is_rollback=False))
            for each in self.published.prune(KEPT):
                self.pruned.append((each, time.monotonic()))

    def roll_back(self) -> None:
        """Go back to a release that is kept."""
        target = self.chance.choice([each for each in self.published.releases() if each != self.published.release])
        began = time.monotonic()
        self.published.roll_back(target)
        self.switches.append(Switch(target.release_id, began, time.monotonic(), is_rollback=True))

    def _build(self, release_id: str) -> None:
        """The build file as a night leaves it: two tables of random rows, and the checksum over both."""
        with duckdb.connect(str(self.build)) as connection:
            for schema in release_file.SCHEMAS:
                connection.execute(f"create schema if not exists {schema}")
            for schema in release_file.SCHEMAS[:2]:
                connection.execute(
                    f"""create or replace table {schema}.half (
                            row_number bigint primary key, release_id varchar not null, content bigint not null
                        )"""
                )
                connection.execute(
                    f"insert into {schema}.half select range, ?, (hash(?, range) % 1000000007)::bigint from range(?)",
                    [release_id, self.chance.random(), self.rows],
                )
            connection.execute(
                """create or replace table meta.whole as
                   select min(release_id) as release_id, sum(content)::bigint as checksum
                   from (from core.half union all from kpi.half)"""
            )


# What came of it.


def misplaced(reads: Iterable[tuple[float, float, float, str, bool]], switches: list[Switch]) -> Iterator[str]:
    """Reads of a release that was not the published one at any moment at which the file was being opened."""
    for began, opened, _, release_id, is_first in reads:
        if is_first and not any(
            each.release_id == release_id
            and each.began <= opened
            and (at + 1 == len(switches) or switches[at + 1].ended >= began)
            for at, each in enumerate(switches)
        ):
            yield f"{release_id} was read when it was not published"


def staleness(reads: list[tuple[float, float, float, str, bool]], switches: list[Switch]) -> Iterator[float]:
    """Seconds from each switch to the end of the first read of it; of switches that the reader had time to see."""
    place = 0
    for at, switch in enumerate(switches):
        if reads and switch.ended < reads[0][0]:
            continue  # the reader had not begun
        until = switches[at + 1].ended if at + 1 < len(switches) else float("inf")
        while place < len(reads) and reads[place][1] < switch.began:
            place += 1
        for _, opened, ended, release_id, _ in reads[place:]:
            if opened > until:
                break
            if release_id == switch.release_id:
                yield max(ended - switch.ended, 0.0)
                break


def held_when_pruned(logs: Iterable[Log], pruned: list[tuple[str, float]]) -> int:
    """How many times a connection was open on a release that was pruned, and was read afterwards."""
    spans: dict[tuple[int, float, str], float] = {}
    for at, log in enumerate(logs):
        for began, _, ended, release_id, _ in log.reads:
            spans[at, began, release_id] = ended
    when = dict(pruned)
    return sum(began < when.get(release_id, 0) < ended for (_, began, release_id), ended in spans.items())


def spread(values: list[float]) -> str:
    """Median, 95 % and maximum, in milliseconds."""
    if len(values) < 2:
        return "none"
    middle, most = statistics.median(values), statistics.quantiles(values, n=20, method="inclusive")[-1]
    return f"median {middle * 1000:.0f} ms, 95 % {most * 1000:.0f} ms, max {max(values) * 1000:.0f} ms"


def main() -> int:
    """Start the readers, switch releases, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("releases", type=int, nargs="?", default=200)
    parser.add_argument("--rows", type=int, default=ROWS, help="of each of the two tables; fewer switch faster")
    parser.add_argument("--seed", type=int, default=20201015)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lock-soak-") as folder:
        chance = random.Random(asked.seed)  # noqa: S311
        writer = Writer(Published(Path(folder, "published")), Path(folder, "build.duckdb"), chance, asked.rows)
        writer.release(1)
        size = (writer.published.folder / DATABASE).stat().st_size
        context = multiprocessing.get_context("spawn")
        stop, ready = context.Event(), context.Semaphore(0)
        said = {name: Path(folder, f"{name}.json") for name in READERS}
        started = [
            context.Process(
                target=run_reader, args=(name, writer.published.folder, said[name], stop, ready, asked.seed)
            )
            for name in READERS
        ]
        began = time.monotonic()
        for process in started:
            process.start()
        for _ in started:
            ready.acquire()
        while len(writer.switches) < asked.releases:
            if len(writer.switches) > 2 and chance.random() < ROLLBACK_SHARE:
                writer.roll_back()
            else:
                writer.release(writer_number(writer))
        time.sleep(2)
        stop.set()
        for process in started:
            process.join(LONGEST_HOLD_SECONDS)
        seconds = time.monotonic() - began
        logs = {
            name: Log(*json.loads(file.read_text("utf-8"))) if file.exists() else Log(errors=["the reader broke off"])
            for name, file in said.items()
        }
    return report(logs, writer, seconds, size)


def writer_number(writer: Writer) -> int:
    """The next number: rollbacks take none."""
    return 1 + sum(not each.is_rollback for each in writer.switches)


def report(logs: dict[str, Log], writer: Writer, seconds: float, size: int) -> int:
    """Print what was seen; 1 if anything was wrong."""
    switches = writer.switches
    rollbacks = [each.ended - each.began for each in switches if each.is_rollback]
    print(f"{len(switches)} switches in {seconds:.0f} s, {len(rollbacks)} of them rollbacks; file {size / 1e6:.1f} MB")
    errors, torn = [], []
    for name, log in logs.items():
        wrong = [*log.torn, *misplaced(log.reads, switches)]
        late = list(staleness(log.reads, switches)) if not name.startswith("hold") else []
        opened = sum(each[-1] for each in log.reads)
        told = f"; staleness {spread(late)}" if late else ""
        print(
            f"{name:18} {len(log.reads):7} reads, {opened:6} opened, {len(log.errors)} errors, {len(wrong)} torn{told}"
        )
        errors += log.errors
        torn += wrong
    holders = [log for name, log in logs.items() if name.startswith("hold")]
    all_late = [
        each for name, log in logs.items() if not name.startswith("hold") for each in staleness(log.reads, switches)
    ]
    print(f"reads {sum(len(log.reads) for log in logs.values())}, errors {len(errors)}, torn reads {len(torn)}")
    print(f"staleness: {spread(all_late)}")
    print(f"switch: {spread([each.ended - each.began for each in switches if not each.is_rollback])}")
    print(f"rollback, with the check of all checksums: {spread(rollbacks)}")
    print(f"pruned {len(writer.pruned)} releases, {held_when_pruned(holders, writer.pruned)} times while held open")
    for each in dict.fromkeys([*errors, *torn]):
        print(f"  {each}")
    return 1 if errors or torn or not all(log.reads for log in logs.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
