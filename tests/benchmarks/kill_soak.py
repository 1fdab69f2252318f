"""Kills nights with SIGKILL at random moments of every stage, and looks at what is left: nothing may be lost or torn.

Each round drops a new file (two of three times), starts `narvaro run`, kills it (the process alone, or with all that it
started), and checks at once that what is published is one whole release. Then one further night, without any help: it
has to succeed, leave no unfinished run, no lock, no temporary file, and have everything in its tables that was ever
dropped, each file accepted once. A reader opens and queries the published file all the time.

Everything stands in FOLDER, one line of JSON for each kill in `kills.jsonl`; started again it goes on from there.
Several may run at the same time, each in a folder of its own. It exits with 1 if a promise was broken. All rows are
made up.

    python -m tests.benchmarks.kill_soak [FOLDER] [--kills 60] [--per-stage 5] [--seed N]
    python -m tests.benchmarks.kill_soak FOLDER … --summary       of one folder or of several together
"""

import argparse
import functools
import hashlib
import json
import multiprocessing
import os
import queue
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psutil
from filelock import FileLock, Timeout

from sources.geography import municipalities
from tests.feeds import plain

CHECKOUT = Path(__file__).resolve().parents[2]

STAGES = (
    "starting",
    "reading files",
    "building tables",
    "checking plausibility",
    "data docs",
    "copying",
    "exporting",
    "sealing",
    "switching",
)
"""In their order. The last four are the release: the DuckDB file, other files, checksums, the switch and pruning."""
ENDING = "ending"
"""After the release; a kill may fall into it, none is aimed at it."""

STEPS = {"transform": "building tables", "suites": "checking plausibility", "validation__data_docs": "data docs"}
RELEASE_STEP = "release__current"
MARKS = "NARVARO_MARKS"
"""The file descriptor to which a night writes the name of each stage that it enters."""

NIGHT_SECONDS = 900
SETTLE_SECONDS = 20
KEPT_RELEASES = 5
"""So that nights prune."""
FIRST_YEAR, YEARS, ROWS_DROPPED = 2011, 9, 3
SHOWN_OUTPUT = 2000


# The night that is killed: the command itself, which also says where it is.


def night_with_marks() -> None:
    """Run `narvaro run` in this process, and write each stage to the pipe."""
    from orchestration import cli, progress, published, release_file

    pipe = int(os.environ[MARKS])

    def mark(stage: str) -> None:
        os.write(pipe, f"{stage}\n".encode())

    class Marking(progress.NightProgress):
        def on_event(self, entry: Any) -> None:
            event = entry.dagster_event
            step = event.step_key if event else None
            if event and step and event.event_type_value == "STEP_START":
                mark("copying" if step == RELEASE_STEP else STEPS.get(step, "reading files"))
            elif event and step == RELEASE_STEP and event.event_type_value == "STEP_SUCCESS":
                mark(ENDING)
            super().on_event(entry)

    def marked(owner: Any, name: str, stage: str) -> None:
        function = getattr(owner, name)

        @functools.wraps(function)
        def marking(*args: Any, **kwargs: Any) -> Any:
            mark(stage)
            return function(*args, **kwargs)

        setattr(owner, name, marking)

    progress.NightProgress = Marking  # type: ignore[misc]
    marked(release_file, "export", "exporting")
    marked(published.Published, "seal", "sealing")
    marked(published.Published, "switch_to", "switching")
    cli.app(["run", "--again"])


@dataclass
class Night:
    """A night in a process group of its own, followed by its marks."""

    folder: Path
    marks: list[tuple[str, float]] = field(default_factory=list)
    """Stage and second after the start, in the order in which stages began."""

    def __post_init__(self) -> None:
        reading, writing = os.pipe()
        scratch = self.folder / "tmp"
        scratch.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            MARKS: str(writing),
            "NARVARO_DATA": str(self.folder / "data"),
            "NARVARO_KEEP_RELEASES": str(KEPT_RELEASES),
            "TMPDIR": str(scratch),
            "COLUMNS": "200",
        }
        self._said = tempfile.TemporaryFile()  # noqa: SIM115
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.kill_soak", "--night"],
            cwd=CHECKOUT,
            env=environment,
            pass_fds=(writing,),
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.close(writing)
        self._changed = threading.Condition()
        self._enter(STAGES[0])
        threading.Thread(target=self._follow, args=(reading,), daemon=True).start()

    def _follow(self, reading: int) -> None:
        with os.fdopen(reading) as lines:
            for line in lines:
                self._enter(line.strip())

    def _enter(self, stage: str) -> None:
        with self._changed:
            if not self.marks or (self.stage != stage and stage not in dict(self.marks)):
                self.marks.append((stage, time.monotonic() - self.began))
            self._changed.notify_all()

    @property
    def stage(self) -> str:
        """The stage that it is in."""
        return self.marks[-1][0]

    def wait_for(self, stage: str) -> None:
        """Wait until it is in the stage, or past it, or has ended."""
        wanted = {*STAGES[STAGES.index(stage) :], ENDING}
        with self._changed:
            while not wanted.intersection(dict(self.marks)) and self.process.poll() is None:
                self._changed.wait(timeout=0.5)

    def kill(self, *, alone: bool) -> str | None:
        """Kill it, alone or with all that it started; the stage that it was in, None if it had ended by itself."""
        if self.process.poll() is not None:
            return None
        stage = self.stage
        (os.kill if alone else os.killpg)(self.process.pid, signal.SIGKILL)
        return stage if self.process.wait() == -signal.SIGKILL else None

    def finish(self) -> int | None:
        """Wait for its end; the exit code, None if it took too long and was killed."""
        try:
            return self.process.wait(timeout=NIGHT_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:  # also when this script is interrupted
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    @property
    def output(self) -> str:
        """The end of what it printed."""
        self._said.seek(0)
        return self._said.read().decode("utf-8", "replace")[-SHOWN_OUTPUT:]

    @property
    def durations(self) -> dict[str, float]:
        """Seconds of each stage, of a night that came to its end."""
        ends = [at for _, at in self.marks[1:]]
        return {stage: end - at for (stage, at), end in zip(self.marks, ends, strict=False)}

    def left_running(self) -> list[str]:
        """What still runs of all that it started, after some time to end."""
        until = time.monotonic() + SETTLE_SECONDS
        while (found := list(_of_session(self.process.pid))) and time.monotonic() < until:
            time.sleep(0.2)
        return [f"still runs: {each}" for each in found]


def _of_session(session: int) -> Iterator[str]:
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                yield " ".join(process.cmdline())[:200]
        except (psutil.NoSuchProcess, ProcessLookupError):
            continue


# What must hold.


def faults_of_published(published: Path) -> list[str]:
    """What is wrong with what users read: it has to be exactly one whole release."""
    folder = (published / "current").resolve()
    try:
        with duckdb.connect(str(published / "narvaro.duckdb"), read_only=True) as connection:
            return [*_faults_of_file(connection, folder), *_faults_of_folder(folder)]
    except (duckdb.Error, OSError, ValueError) as error:
        return [f"what is published cannot be read: {error}"]


def _faults_of_file(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[str]:
    recorded = connection.execute("select max(release_id) from meta.release").fetchall()[0][0]
    facts = json.loads((folder / "release.json").read_text("utf-8"))
    if {recorded, facts["release_id"]} != {folder.name}:
        yield f"meta.release says {recorded}, release.json {facts['release_id']}, the folder is {folder.name}"
    wanted = dict(
        connection.execute("select table_name, rows_after from meta.change where release_id = ?", [recorded]).fetchall()
    )
    found = {
        f"{schema}.{table}": connection.execute(f'select count(*) from "{schema}"."{table}"').fetchall()[0][0]
        for schema, table in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    }
    for table, rows in found.items():
        parquet = folder / "parquet" / f"{table}.parquet"
        exported = connection.execute(f"select count(*) from read_parquet('{parquet}')").fetchall()[0][0]
        if {rows, exported, wanted.get(table, rows)} != {rows}:
            yield f"{table}: {rows} rows in the file, {exported} as Parquet, {wanted.get(table)} as recorded"
        if not (folder / "csv" / f"{table}.csv").stat().st_size:
            yield f"{table}: its csv is empty"
    if missing := set(wanted) - set(found):
        yield f"tables are missing: {', '.join(sorted(missing))}"


def _faults_of_folder(folder: Path) -> Iterator[str]:
    """Whether the checksums hold, and every file has one."""
    sums = folder / "SHA256SUMS"
    if not sums.exists():
        yield f"{folder.name} has no checksums"
        return
    recorded = {name: checksum for checksum, name in (line.split(maxsplit=1) for line in _lines(sums))}
    found = {str(file.relative_to(folder)): file for file in folder.rglob("*") if file.is_file() and file != sums}
    if set(recorded) != set(found):
        yield f"{folder.name}: other files than its checksums list: {sorted(set(recorded) ^ set(found))[:5]}"
    for name in sorted(set(recorded) & set(found)):
        if hashlib.sha256(found[name].read_bytes()).hexdigest() != recorded[name]:
            yield f"{folder.name}: {name} is not what its checksum says"


def left_behind(data: Path) -> list[str]:
    """What a killed night left and a good one should have put away: runs, locks, temporary files, drafts."""
    return [*_unfinished_runs(data), *_held_locks(data), *_temporary_files(data), *_broken_releases(data)]


def _unfinished_runs(data: Path) -> Iterator[str]:
    file = data / "dagster" / "history" / "runs.db"
    if file.exists():
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as runs:
            for run_id, state in runs.execute("select run_id, status from runs"):
                if state not in {"SUCCESS", "FAILURE", "CANCELED"}:
                    yield f"run {run_id} is {state}"


def _held_locks(data: Path) -> Iterator[str]:
    for lock in sorted(data.rglob("*.lock")):
        try:
            with FileLock(lock, timeout=0):
                pass
        except Timeout:
            yield f"{lock.relative_to(data)} is held"


def _temporary_files(data: Path) -> Iterator[str]:
    for path in sorted(data.rglob("*")):
        name = path.name
        is_ours = name.startswith((".", "draft-", "tmp")) or name.endswith((".part", ".new", ".wal", ".tmp"))
        if is_ours and not name.endswith(".lock") and "dagster" not in path.relative_to(data).parts:
            yield f"{path.relative_to(data)} is left"


def _broken_releases(data: Path) -> Iterator[str]:
    """Releases that are not whole, or that were never published: none stands between the others."""
    published = data / "published"
    folders = {folder.name: folder for folder in sorted((published / "releases").glob("[0-9]*"))}
    for folder in folders.values():
        yield from _faults_of_folder(folder)
    name: str | None = (published / "current").resolve().name
    while name in folders:
        name = json.loads((folders.pop(name) / "release.json").read_text("utf-8"))["previous_release_id"]
    yield from (f"{each} was never switched in" for each in folders)


def faults_of_dropped(data: Path, dropped: list[dict[str, Any]]) -> list[str]:
    """What is wrong with dropped files: each is to be accepted once, stored, out of landing, and published."""
    lines = _lines(data / "store" / "deliveries.jsonl")
    recorded = [each for each in map(json.loads, lines) if each["status"] == "accepted"]
    accepted = Counter(each["sha256"] for each in recorded)
    checksums = {each["delivery_number"]: each["sha256"] for each in recorded}
    faults = [f"{file} still lies in landing" for file in (data / "landing" / "registrations").iterdir()]
    with duckdb.connect(str(data / "published" / "narvaro.duckdb"), read_only=True) as connection:
        published = Counter(
            checksums.get(number)
            for (number,) in connection.execute(
                "select delivery_number from meta.delivery where status = 'accepted'"
            ).fetchall()
        )
        rows = {
            (str(month), code): registered
            for month, code, registered in connection.execute(
                "select report_month, municipality_code, registered from core.fct_registration"
                " where visitor_group = 'all'"
            ).fetchall()
        }
    for each in dropped:
        name, sha256 = each["name"], each["sha256"]
        if (accepted[sha256], published[sha256]) != (1, 1):
            faults.append(f"{name}: accepted {accepted[sha256]} times, published {published[sha256]} times")
        if not (data / "store" / sha256[:2] / sha256).exists():
            faults.append(f"{name}: its bytes are not in the store")
        for month, code, registered in each["rows"]:
            if rows.get((f"{month}-01", code)) != registered:
                faults.append(f"{name}: {month}, {code} is {rows.get((f'{month}-01', code))}, not {registered}")
    if extra := sum(accepted.values()) - len(dropped):
        faults.append(f"{extra} accepted deliveries too many")
    return faults


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines() if file.exists() else []


def read_without_pause(published: Path, stop: Any, reads: Any, faults: Any) -> None:
    """Open, query and close the published file until told to stop; what is wrong goes into the queue `faults`."""
    parent = os.getppid()
    while not stop.is_set() and os.getppid() == parent:
        try:
            with duckdb.connect(str(published / "narvaro.duckdb"), read_only=True) as connection:
                found, wanted = connection.execute(
                    """select
                        (select count(*) from kpi.presence),
                        (select rows_after from meta.change
                         where table_name = 'kpi.presence' and release_id = (select max(release_id) from meta.release))
                    """
                ).fetchall()[0]
            if found != wanted:
                faults.put(f"a reader saw {found} rows of kpi.presence, {wanted} are recorded")
        except (duckdb.Error, OSError) as error:
            faults.put(f"a reader failed: {error}")
        reads.value += 1
        stop.wait(0.5)


# The rounds.


class Soak:
    """The rounds in one folder."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.published = self.data / "published"
        self.chance = chance
        self.dropped = [json.loads(line) for line in _lines(folder / "dropped.jsonl")]
        self.durations: dict[str, float] = {}

    def _record(self, name: str, record: dict[str, Any]) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def drop(self) -> None:
        """Drop a file of months and municipalities that no other file has."""
        number = len(self.dropped)
        places = [place.municipality_code for place in municipalities()]
        rows = []
        for at in range(number * ROWS_DROPPED, (number + 1) * ROWS_DROPPED):
            month = date(FIRST_YEAR + at // 12 % YEARS, at % 12 + 1, 1)
            rows.append((f"{month:%Y-%m}", places[at // (12 * YEARS)], 1000 + at))
        content = plain.as_text([(month, code, "all", str(registered)) for month, code, registered in rows]).encode()
        name = f"dropped-{number:04d}.csv"
        record = {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "rows": rows}
        inbox = self.data / "landing" / "registrations"
        inbox.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(content)
        self.dropped.append(record)
        self._record("dropped.jsonl", record)

    def good_night(self) -> dict[str, Any]:
        """A night that nobody disturbs; what is wrong with it, and with what it leaves."""
        night = Night(self.folder)
        code = night.finish()
        faults = [] if code == 0 else [f"the night ended with {code}: {night.output}"]
        seconds = night.durations
        self.durations |= {
            stage: seconds[stage] if stage not in self.durations else (self.durations[stage] + seconds[stage]) / 2
            for stage in STAGES
            if stage in seconds
        }
        left = [*left_behind(self.data), *night.left_running()] if code == 0 else []
        left += [f"tmp/{each.name} is left" for each in (self.folder / "tmp").iterdir()]
        faults += faults_of_published(self.published)
        if code == 0:
            faults += faults_of_dropped(self.data, self.dropped)
        return {"seconds": round(time.monotonic() - night.began, 1), "faults": faults, "left": left}

    def round(self, target: str) -> dict[str, Any] | None:
        """One kill and the night after it; None if the night was over before it was killed."""
        has_new = target in {"sealing", "switching"} or self.chance.random() < 2 / 3
        if has_new:
            self.drop()
        before = (self.published / "current").resolve().name
        alone = self.chance.random() < 0.5
        night = Night(self.folder)
        night.wait_for(target)
        time.sleep(self.chance.uniform(0, self.durations.get(target, 1.0)))
        stage = night.kill(alone=alone)
        if stage is None:
            return None
        after = (self.published / "current").resolve().name
        record = {
            "stage": stage,
            "at": round(time.monotonic() - night.began, 2),
            "alone": alone,
            "has_new": has_new,
            "switched": after != before,
            "faults": [*faults_of_published(self.published), *night.left_running()],
        }
        return {**record, "next": self.good_night()}

    def run(self, kills: int, per_stage: int) -> None:
        """Rounds until there are as many kills as wanted, in all and in each stage."""
        context = multiprocessing.get_context("spawn")
        stop, reads, faults = context.Event(), context.Value("q", 0), context.Queue()
        if not self.dropped:
            self.drop()
        first = self.good_night()  # also after this script was broken off
        print(
            f"first night {first['seconds']} s; stages "
            + json.dumps({k: round(v, 2) for k, v in self.durations.items()})
        )
        for fault in (*first["faults"], *first["left"]):
            print(f"  before the first kill: {fault}", flush=True)
        reader = context.Process(target=read_without_pause, args=(self.published, stop, reads, faults), daemon=True)
        reader.start()
        try:
            while target := self._next_target(kills, per_stage):
                seen = reads.value
                record = self.round(target)
                if record is None:
                    continue
                record |= {"reads": reads.value - seen, "reader_faults": list(_all_of(faults))}
                self._record("kills.jsonl", record)
                _print_round(record, len(_lines(self.folder / "kills.jsonl")))
        finally:
            stop.set()
            reader.join(10)

    def _next_target(self, kills: int, per_stage: int) -> str | None:
        """A stage that has too few kills; any stage, while there are too few in all; None when all is done."""
        done = Counter(json.loads(line)["stage"] for line in _lines(self.folder / "kills.jsonl"))
        wanting = [stage for stage in STAGES if done[stage] < per_stage]
        if wanting:
            return self.chance.choice(wanting)
        return self.chance.choice(STAGES) if done.total() < kills else None


def _all_of(faults: Any) -> Iterator[str]:
    while True:
        try:
            yield faults.get_nowait()
        except queue.Empty:
            return


def _faults(record: dict[str, Any]) -> list[str]:
    return [*record["faults"], *record["reader_faults"], *record["next"]["faults"], *record["next"]["left"]]


def _print_round(record: dict[str, Any], number: int) -> None:
    what = f"{record['stage']:22} after {record['at']:6.2f} s, next night {record['next']['seconds']} s"
    print(f"{number:3} {what}{'' if _faults(record) else ', all whole'}", flush=True)
    for fault in _faults(record):
        print(f"    {fault}", flush=True)


def summarise(folders: list[Path]) -> int:
    """Print what came of all kills by stage; how many promises were broken."""
    records = [json.loads(line) for folder in folders for line in _lines(folder / "kills.jsonl")]
    print(f"{'stage':22} {'kills':>5} {'whole':>6} {'recovered':>10} {'left behind':>12}")
    for stage in (*STAGES, ENDING, "all"):
        of_stage = [each for each in records if stage in {each["stage"], "all"}]
        whole = sum(not each["faults"] and not each["reader_faults"] for each in of_stage)
        recovered = sum(not each["next"]["faults"] for each in of_stage)
        left = sum(bool(each["next"]["left"]) for each in of_stage)
        print(f"{stage:22} {len(of_stage):5} {whole:6} {recovered:10} {left:12}")
    alone, new, switched, reads = (
        sum(each[name] for each in records) for name in ("alone", "has_new", "switched", "reads")
    )
    print(f"{alone} of the process alone, the others with all that it had started")
    print(f"{new} nights had a new file; {switched} were killed after the switch; {reads} reads meanwhile")
    if records:
        print(f"next night: median {statistics.median(each['next']['seconds'] for each in records):.0f} s")
    faults = [fault for each in records for fault in _faults(each)]
    print(f"broken promises: {len(faults)}")
    for fault in dict.fromkeys(faults):
        print(f"  {fault}")
    return len(faults)


def main() -> int:
    """Run the rounds, and say what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="*")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--per-stage", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))  # noqa: S311
    parser.add_argument("--summary", action="store_true")
    parser.add_argument("--night", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.night:
        night_with_marks()
        return 0
    if not asked.summary:
        if len(asked.folder) > 1:
            parser.error("one folder, or several with --summary")
        if not asked.folder:
            asked.folder = [Path(tempfile.mkdtemp(prefix="kill-soak-"))]
        folder = asked.folder[0].resolve()
        folder.mkdir(parents=True, exist_ok=True)
        print(f"seed {asked.seed}, in {folder}", flush=True)
        Soak(folder, random.Random(asked.seed)).run(asked.kills, asked.per_stage)  # noqa: S311
    return 1 if summarise(asked.folder) else 0


if __name__ == "__main__":
    sys.exit(main())
