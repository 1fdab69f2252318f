"""How benchmarks measure: work in processes of its own, rivals in turn, what it took by the operating system.

Belongs here: running work a number of times, what the numbers of several runs come to, the machine, the table and the
JSON that every benchmark ends with. Does not belong here: any work, and data to do it on.

    benchmark = Benchmark("validation", "Validation of contacts")
    benchmark.measure({"one SQL pass": Function(by_sql, (file,)), "pandera": Function(by_pandera, (file,))})
    benchmark.compare("pandera", "one SQL pass")
    benchmark.finish()                                      prints, writes data/benchmarks/validation.json

Rivals take turns (A B A B …), so that a machine that slows down slows all of them; ratios are of runs in the same turn.
Seconds are the clock's, of a command from its start to its end, of a function without the start of its process.
Processor seconds are user and system, of all processes that were waited for. Peak memory is `ru_maxrss` of the process;
where processes ran at the same time, it is the greatest sum of their PSS (shared pages divided among those that share
them), looked at 5 times a second: a shorter peak may be missed, a closer look would slow the work. The table says
which.
"""

import json
import math
import os
import pickle
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from orchestration import paths

PACKAGES = ("duckdb", "polars", "pandera", "dbt-core", "dbt-duckdb", "dagster", "great-expectations")
LAUNCH = Path(__file__).parent / "processes" / "launch.py"
CALL = "tests.benchmarks.processes.call"
LOOKS_PER_SECOND = 5


class Size(StrEnum):
    """How much a benchmark does: enough to see that it works, or what figures are quoted from."""

    QUICK = "quick"
    FULL = "full"


def size() -> Size:
    """What the environment's SIZE asks for; quick unless told."""
    asked = os.environ.get("SIZE") or Size.QUICK
    try:
        return Size(asked)
    except ValueError:
        raise SystemExit(f"SIZE is {asked!r}; expected one of: {', '.join(Size)}") from None


def runs(quick: int = 2) -> int:
    """How often each work is done: five times for figures, `quick` times to see that all works."""
    return 5 if size() is Size.FULL else quick


@dataclass(frozen=True)
class Command:
    """Work that is a command. `folder` is where it starts, the checkout unless told; `environment` is added to ours."""

    arguments: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = paths.ROOT
    before: Callable[[], object] | None = None
    """Done before each run, in this process, outside the clock."""


@dataclass(frozen=True)
class Function:
    """Work that is a function of a module, called in a process of its own with arguments that can be pickled.

    What it returns, a mapping of names to values, is kept with the run.
    """

    function: Callable[..., Mapping[str, Any] | None]
    arguments: Sequence[Any] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], object] | None = None


Work = Command | Function


@dataclass(frozen=True)
class Run:
    """What one run took. `facts` are what a function returned."""

    seconds: float
    processor_seconds: float
    peak_mib: float
    peak_by: str
    """`ru_maxrss`, or `PSS` where processes ran at the same time."""
    facts: Mapping[str, Any]
    began_at: float = 0.0
    """Seconds since 1970, as the clock on the wall had it."""
    output: str = ""
    """What a command wrote to its standard output."""


@dataclass(frozen=True)
class Spread:
    """What several numbers come to."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> "Spread":
        """Of at least one number."""
        return cls(statistics.median(numbers), min(numbers), max(numbers))


@dataclass(frozen=True)
class Series:
    """All runs of one work."""

    what: str
    runs: tuple[Run, ...]

    def spread(self, quantity: str) -> Spread:
        """Of `seconds`, `processor_seconds` or `peak_mib`."""
        return Spread.of([getattr(run, quantity) for run in self.runs])

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the last run returned."""
        return self.runs[-1].facts

    @property
    def peak_by(self) -> str:
        """How peak memory was measured, of all runs."""
        return " and ".join(sorted({run.peak_by for run in self.runs}))


@dataclass(frozen=True)
class Ratio:
    """How often more one work takes than another, run by run in the same turns."""

    of: str
    to: str
    seconds: Spread
    processor_seconds: Spread
    peak_mib: Spread


def ratio(of: Series, to: Series) -> Ratio:
    """The ratios of the runs that stood in the same turn; both must have as many runs."""

    def spread(quantity: str) -> Spread:
        pairs = zip(of.runs, to.runs, strict=True)
        return Spread.of([getattr(one, quantity) / (getattr(other, quantity) or math.nan) for one, other in pairs])

    return Ratio(of.what, to.what, spread("seconds"), spread("processor_seconds"), spread("peak_mib"))


def percentile(numbers: Sequence[float], share: float) -> float:
    """The smallest of the numbers that at least this share of them (0 to 1) does not exceed: one that was measured."""
    ordered = sorted(numbers)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


# ---- running ---------------------------------------------------------------------------------------------------------


def run(work: Work) -> Run:
    """Do the work once; ends the benchmark with the work's own words if it fails."""
    if work.before is not None:
        work.before()
    with tempfile.TemporaryDirectory() as name:
        told, called, written = (Path(name, each) for each in ("told.json", "called", "written"))
        folder = paths.ROOT
        if isinstance(work, Command):
            command, folder = [str(each) for each in work.arguments], work.folder
        else:
            called.write_bytes(pickle.dumps((*_address(work.function), tuple(work.arguments))))
            command = [sys.executable, "-m", CALL, str(called)]
        environment = {**os.environ, "PYTHONPATH": str(paths.ROOT), **work.environment}
        began_at = time.time()
        with written.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", LAUNCH, told, *command],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment,
            )
            with _watched(process.pid) as seen:
                process.wait()
        output_text = written.read_text("utf-8", "replace")
        taken = json.loads(told.read_text("utf-8")) if told.exists() else {"code": process.returncode}
        if taken["code"]:
            raise SystemExit(f"{' '.join(command)}\nended with {taken['code']}:\n{output_text[-4000:]}")
        seconds, processor, facts = taken["seconds"], taken["processor_seconds"], {}
        if isinstance(work, Function):
            seconds, processor, returned = pickle.loads(called.read_bytes())  # noqa: S301  (our own process wrote it)
            facts = dict(returned or {})
    peak, peak_by = max((taken["peak_mib"], "ru_maxrss"), (seen.peak_mib, "PSS"))
    output_text = output_text if isinstance(work, Command) else ""
    return Run(seconds, processor, peak, peak_by, facts, began_at, output_text)


def _address(function: Callable[..., Any]) -> tuple[str, str]:
    """Module and name by which another process finds the function."""
    module = function.__module__
    if module == "__main__":
        found = sys.modules["__main__"].__spec__
        assert found is not None, "benchmarks are run as modules: python -m tests.benchmarks.NAME"
        module = found.name
    return module, function.__qualname__


@dataclass
class _Seen:
    """The greatest sum of PSS of processes that ran at the same time; 0 while there was never more than one."""

    peak_mib: float = 0.0


@contextmanager
def _watched(launcher: int) -> Iterator[_Seen]:
    """Look at all processes below the launcher until the block ends."""
    seen, ended = _Seen(), threading.Event()

    def look() -> None:
        top = psutil.Process(launcher)
        while not ended.wait(1 / LOOKS_PER_SECOND):
            try:
                below = top.children(recursive=True)
            except psutil.Error:
                continue
            # Of a single process ru_maxrss is exact, and adding up the pages of a large one would slow it down.
            if len(below) > 1:
                seen.peak_mib = max(seen.peak_mib, sum(map(_pss_mib, below)))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        ended.set()
        watcher.join()


def _pss_mib(process: psutil.Process) -> float:
    """The process's share of memory; 0 if it has just ended."""
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024


# ---- what a benchmark ends with --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Machine:
    """Where it was measured."""

    architecture: str
    processor: str
    cores: int
    memory_gib: float
    system: str

    @classmethod
    def here(cls) -> "Machine":
        """This one."""
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        memory = psutil.virtual_memory().total / 2**30
        return cls(
            platform.machine(), names[0] if names else "unknown", os.cpu_count() or 1, memory, platform.platform()
        )


def versions() -> dict[str, str]:
    """Of Python, and of the packages that figures depend on; those that are not installed are left out."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def commit() -> str:
    """The commit of the checkout, with `+` if files differ from it; empty where there is no git."""
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+"],
            cwd=paths.ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return told.stdout.strip()


class Benchmark:
    """One benchmark: its series, ratios and further facts, printed at the end and kept as JSON."""

    def __init__(self, name: str, title: str) -> None:
        """`name` is that of the JSON file; prints where and with what it is measured."""
        from rich.console import Console

        self.name, self.title, self.began = name, title, datetime.now(UTC)
        self.machine, self.versions, self.commit = Machine.here(), versions(), commit()
        self.series: dict[str, Series] = {}
        self.ratios: list[Ratio] = []
        self.facts: dict[str, Any] = {}
        self._console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
        self.say(f"[bold]{title}[/], size {size()}, {self.began:%Y-%m-%d}, commit {self.commit or 'unknown'}")
        where = self.machine
        self.say(f"{where.architecture}, {where.processor}, {where.cores} cores, {where.memory_gib:.1f} GiB")
        self.say(", ".join(f"{package} {number}" for package, number in self.versions.items()))

    def say(self, text: str) -> None:
        """Print a line."""
        self._console.print(text, soft_wrap=True)

    def measure(self, rivals: Mapping[str, Work], times: int | None = None) -> dict[str, Series]:
        """Do all of them in turn, so many times (as the size says unless told); the series by name.

        The JSON is written after each turn: what was measured before a later work fails is not lost.
        """
        found: dict[str, list[Run]] = {what: [] for what in rivals}
        for _ in range(times or runs()):
            for what, work in rivals.items():
                found[what].append(run(work))
            self.series |= {what: Series(what, tuple(each)) for what, each in found.items()}
            self._write()
        return {what: self.series[what] for what in rivals}

    def compare(self, of: str, to: str) -> Ratio:
        """Keep how often more one measured work takes than another."""
        self.ratios.append(ratio(self.series[of], self.series[to]))
        return self.ratios[-1]

    def finish(self) -> Path:
        """Print the tables, write the JSON and return its path."""
        if self.series:
            self._console.print(self._table())
        for each in self.ratios:
            low, high = each.seconds.low, each.seconds.high
            self.say(
                f"{each.of} / {each.to}: {each.seconds.median:.2f} × the time ({low:.2f} to {high:.2f}), "
                f"{each.processor_seconds.median:.2f} × the processor, {each.peak_mib.median:.2f} × the memory"
            )
        file = self._write()
        self.say(f"written: {file}")
        return file

    def _write(self) -> Path:
        file = paths.data_folder() / "benchmarks" / f"{self.name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(self.as_json(), ensure_ascii=False, indent=1, default=str) + "\n", "utf-8")
        return file

    def as_json(self) -> dict[str, Any]:
        """All that was measured, run by run, without what commands printed."""
        return {
            "benchmark": self.name,
            "title": self.title,
            "size": str(size()),
            "measured_at": self.began.isoformat(timespec="seconds"),
            "commit": self.commit,
            "machine": asdict(self.machine),
            "versions": self.versions,
            "series": [self._series_as_json(each) for each in self.series.values()],
            "ratios": [asdict(each) for each in self.ratios],
            "facts": self.facts,
        }

    @staticmethod
    def _series_as_json(series: Series) -> dict[str, Any]:
        quantities = ("seconds", "processor_seconds", "peak_mib")
        every = [{name: value for name, value in asdict(each).items() if name != "output"} for each in series.runs]
        return {"what": series.what, **{each: asdict(series.spread(each)) for each in quantities}, "runs": every}

    def _table(self) -> Any:
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE, pad_edge=False)
        table.add_column("what")
        for heading in ("runs", "seconds (median)", "lowest", "highest", "processor s", "peak MiB"):
            table.add_column(heading, justify="right")
        table.add_column("memory by")
        table.add_column("found")
        for each in self.series.values():
            seconds = each.spread("seconds")
            told = ", ".join(f"{name} {value}" for name, value in each.facts.items()) if len(each.facts) <= 3 else ""
            table.add_row(
                each.what,
                str(len(each.runs)),
                *(f"{number:.2f}" for number in (seconds.median, seconds.low, seconds.high)),
                f"{each.spread('processor_seconds').median:.2f}",
                f"{each.spread('peak_mib').median:.0f}",
                each.peak_by,
                told,
            )
        return table
