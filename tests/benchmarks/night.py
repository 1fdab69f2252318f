"""How long a night takes as a user starts it, where its time goes, and what other ways to run the same work take.

Whole processes, in turn: `narvaro run` with one changed file (so that it releases), with nothing new, the whole night
all the same (`--again`), `narvaro status`; then a bare `dbt build` of the same project on a copy of the same build
file, the changed night on Dagster's default multiprocess executor, and with dbt as dagster-dbt starts it by itself
(NARVARO_DBT=stock). Each rival has a data folder of its own, copied from one that has a release. Stages are read from
Dagster's event log.

    make bench ONLY=night            or    .venv/bin/python -m tests.benchmarks.night
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

from orchestration import paths
from orchestration.deliveries import Kind
from orchestration.manifest import DBT_PARSED
from orchestration.night import prepare_environment
from orchestration.published import Published
from tests.benchmarks.measure import Benchmark, Command, Function, Run, Work, run, runs
from tests.feeds.samples import registrations

RELEASED, NOTHING_NEW, STATUS = "narvaro run, one changed file", "narvaro run, nothing new", "narvaro status"
AGAIN = "narvaro run --again, nothing new"
DBT, MULTIPROCESS, STOCK = "dbt build alone", "the job on the multiprocess executor", "narvaro run, dbt by dagster-dbt"
VALIDATE = "validate"
STAGES = ("start", "read", "transform", "suites", "report", "release", "end")

_changes = count(2000)


@dataclass(frozen=True)
class Rival:
    """A data folder of its own, and the environment that points there."""

    data: Path

    @property
    def environment(self) -> Mapping[str, str]:
        return {"NARVARO_DATA": str(self.data), "DAGSTER_HOME": str(self.data / "dagster"), "COLUMNS": "200"}

    def change_a_file(self) -> None:
        """Drop registrations that differ from those before in one number."""
        inbox = self.data / "landing" / Kind.REGISTRATIONS
        inbox.mkdir(parents=True, exist_ok=True)
        number = str(next(_changes))
        (inbox / f"registrations-{number}.csv").write_bytes(registrations({("2020-01", "0180"): number}))


@dataclass(frozen=True)
class DbtAlone(Rival):
    """dbt on a copy of a build file. It keeps what it has parsed from one run to the next, as a night does."""

    source: Rival = field(kw_only=True)

    @property
    def command(self) -> list[str | Path]:
        target = self.data / "target"
        build: list[str | Path] = [
            sys.executable,
            "-m",
            "dbt.cli.main",
            "--no-use-colors",
            "build",
            "--exclude-resource-type",
            "unit_test",
        ]
        folders: list[str | Path] = [
            "--project-dir",
            paths.TRANSFORMS,
            "--profiles-dir",
            paths.TRANSFORMS,
            "--target-path",
            target,
        ]
        return [*build, *folders, "--log-path", self.data / "logs"]

    def copy_build_file(self) -> None:
        """As the rival's last night left it."""
        build = self.data / "build"
        shutil.rmtree(build, ignore_errors=True)
        shutil.copytree(self.source.data / "build", build)
        (self.data / "target").mkdir(exist_ok=True)
        if not (self.data / "target" / DBT_PARSED).exists():
            shutil.copy(paths.PARSED, self.data / "target" / DBT_PARSED)


def narvaro(rival: Rival, *arguments: str, change: bool = False, **environment: str) -> Command:
    """A command of the project in the rival's folder."""
    command = [sys.executable, "-m", "orchestration.cli", *arguments]
    return Command(command, {**rival.environment, **environment}, before=rival.change_a_file if change else None)


def multiprocess(rival: Rival) -> Command:
    """The same job by Dagster's own command."""
    command = [sys.executable, "-m", "dagster", "job", "execute", "-m", "tests.benchmarks.processes.multiprocess"]
    return Command([*command, "-j", "nightly"], rival.environment, before=rival.change_a_file)


def validate_documents() -> Mapping[str, Any]:
    """Read every table of the documents and part its rows by the contract; the seconds of the latter."""
    from orchestration.ingest import read_table
    from orchestration.resources import Documents
    from orchestration.table_night import read_night
    from sources.tables import DOCUMENT_TABLES

    documents, seconds, rows = Documents(), [], 0
    register, store = documents.register(), documents.store
    for table in DOCUMENT_TABLES:
        readings = read_table(register, store, table)
        began = time.monotonic()
        rows += read_night(table, readings).received
        seconds.append(time.monotonic() - began)
    return {"tables": len(seconds), "rows": rows, "validate_seconds": round(sum(seconds), 3)}


def stages(rival: Rival, nights: Sequence[Run]) -> list[dict[str, float]]:
    """Seconds of each stage of the rival's nights, by what Dagster recorded of them."""
    import dagster as dg

    report = {
        str(facts["run_id"]): float(facts["site"]["seconds"])
        for each in Published(rival.data / "published").releases()
        if (facts := each.facts)
    }
    found = []
    home = {"DAGSTER_HOME": str(rival.data / "dagster")}
    with mock.patch.dict(os.environ, home), dg.DagsterInstance.get() as instance:
        records = instance.get_run_records()
        for night in nights:
            (run_id,) = (
                each.dagster_run.run_id
                for each in records
                if night.began_at <= each.create_timestamp.timestamp() <= night.began_at + night.seconds
            )
            steps = sorted(instance.get_run_step_stats(run_id), key=lambda step: step.start_time or 0)
            taken = dict.fromkeys(STAGES, 0.0)
            last = night.began_at
            taken["start"] = (steps[0].start_time or last) - last
            for step in steps:
                if step.start_time is not None and step.end_time is not None:
                    taken[stage_of(step.step_key)] += step.end_time - step.start_time
                    last = step.end_time
            taken["report"] = report.get(run_id, 0.0)
            taken["release"] -= taken["report"]
            taken["end"] = night.began_at + night.seconds - last
            found.append(taken)
    return found


def stage_of(step: str) -> str:
    """`raw__kept_offices` → `read`."""
    if step.startswith("raw__"):
        return "read"
    if step in {"suites", "validation__data_docs"}:
        return "suites"
    return step if step == "transform" else "release"


def main() -> None:
    """Measure, and print seconds, ratios and stages."""
    prepare_environment()
    benchmark = Benchmark("night", "A night, start to end")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = Rival(folder / "ours")
        work: dict[str, Work] = {
            RELEASED: narvaro(ours, "run", change=True),
            NOTHING_NEW: narvaro(ours, "run"),
            AGAIN: narvaro(ours, "run", "--again"),
            STATUS: narvaro(ours, "status"),
        }
        first = run(work[RELEASED])
        benchmark.say(f"the first night of the folder, with its release: {first.seconds:.1f} s")
        others = [Rival(folder / "multiprocess"), Rival(folder / "stock")]
        for other in others:
            shutil.copytree(ours.data, other.data, symlinks=True)
        dbt = DbtAlone(folder / "dbt", source=ours)
        work |= {
            DBT: Command(dbt.command, dbt.environment, before=dbt.copy_build_file),
            MULTIPROCESS: multiprocess(others[0]),
            STOCK: narvaro(others[1], "run", change=True, NARVARO_DBT="stock"),
            VALIDATE: Function(validate_documents, environment=ours.environment),
        }
        series = benchmark.measure(work, runs(quick=1))
        for of, to in (
            (RELEASED, DBT),
            (MULTIPROCESS, RELEASED),
            (STOCK, RELEASED),
            (NOTHING_NEW, RELEASED),
            (AGAIN, RELEASED),
        ):
            benchmark.compare(of, to)
        told: dict[str, dict[str, float]] = {}
        for what, rival in ((RELEASED, ours), (AGAIN, ours), (MULTIPROCESS, others[0])):
            every = stages(rival, series[what].runs)
            told[what] = {stage: statistics.median(each[stage] for each in every) for stage in STAGES}
        benchmark.facts["stages"] = told
        for what, seconds in told.items():
            benchmark.say(f"{what}: " + ", ".join(f"{stage} {taken:.1f}" for stage, taken in seconds.items()))
        validated = statistics.median(each.facts["validate_seconds"] for each in series[VALIDATE].runs)
        benchmark.say(f"of “read”, validation of the documents' rows: {validated:.2f} s")
    benchmark.finish()


if __name__ == "__main__":
    main()
