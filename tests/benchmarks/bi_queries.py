"""How fast the example queries are on the published file with contacts behind it, for eight readers at once.

Made-up contacts of 60 months, all municipalities, groups and channels, go through a whole night in a data folder of
their own. Then eight processes, each with one open connection, ask every query of docs/queries and docs/bi.md again and
again, each in an order of its own; once with DuckDB's own number of threads, once with one thread for each reader. Told
are p50, p95 and the longest of each query until its rows are there, and connecting apart; and the processor's share of
it, which other work on the machine changes less. The goal: p95 under 20 ms.

    make bench ONLY=bi_queries       or    .venv/bin/python -m tests.benchmarks.bi_queries [PUBLISHED FILE]
"""

import json
import multiprocessing
import random
import re
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration import paths
from orchestration.deliveries import Kind
from orchestration.night import prepare_environment
from tests.benchmarks.measure import Benchmark, Command, Function, Size, percentile, run, runs, size
from tests.feeds.contacts import Contacts, write

READERS = 8
GOAL_MS = 20
FIRST_MONTH, MONTHS, DAYS = date(2016, 1, 1), 60, 1827
CONNECTING = "connecting"

Taken = tuple[float, float]
"""Milliseconds of the clock and of the processor."""

QUESTIONS = """
select
    (select count(*) from kpi.visits where document_id is null) as figures,
    (select count(distinct report_month) * count(distinct visitor_group) * count(distinct (scope, scope_code))
        * count(distinct channel) from kpi.visits where document_id is null) as most_figures,
    (select count(*) from core.fct_contact_month) as cells
"""
"""Rows of the largest tables: as many as months, groups, areas and channels make, however many contacts there are."""


def queries() -> dict[str, str]:
    """Every example query, and every `select` that docs/bi.md shows."""
    page = (paths.ROOT / "docs" / "bi.md").read_text("utf-8")
    shown = [each for each in re.findall(r"^```sql\n(.*?)^```", page, re.M | re.S) if each.startswith("select")]
    files = sorted((paths.ROOT / "docs" / "queries").glob("*.sql"))
    return {file.stem: file.read_text("utf-8") for file in files} | {
        f"bi.md {number}": text for number, text in enumerate(shown, start=1)
    }


def now() -> Taken:
    """The clock and the processor of this process, in milliseconds."""
    return 1000 * time.perf_counter(), 1000 * time.process_time()


def since(began: Taken) -> Taken:
    """What has passed of both."""
    clock, processor = now()
    return clock - began[0], processor - began[1]


def read(file: Path, threads: int | None, rounds: int, seed: int, together: Any, told: Any) -> None:
    """One reader: connect, wait for the others, ask everything so many times; sends what each took, by query."""
    asked = list(queries().items())
    chance = random.Random(seed)  # noqa: S311  (no secret)
    began = now()
    connection = duckdb.connect(str(file), read_only=True, config={} if threads is None else {"threads": threads})
    taken: dict[str, list[Taken]] = {CONNECTING: [since(began)]}
    together.wait()
    for _ in range(rounds):
        chance.shuffle(asked)
        for name, sql in asked:
            began = now()
            connection.execute(sql).fetchall()
            taken.setdefault(name, []).append(since(began))
    together.wait()  # nobody leaves while others still read
    told.put(taken)


def eight_readers(file: Path, threads: int | None, rounds: int, results: Path) -> Mapping[str, int]:
    """All readers at once; writes what all of them took, by query, as one line of JSON."""
    context = multiprocessing.get_context("spawn")
    together, told = context.Barrier(READERS), context.Queue()
    readers = [
        context.Process(target=read, args=(file, threads, rounds, seed, together, told)) for seed in range(READERS)
    ]
    for reader in readers:
        reader.start()
    every: dict[str, list[Taken]] = {}
    for _ in readers:
        for name, taken in told.get(timeout=600).items():
            every.setdefault(name, []).extend(taken)
    for reader in readers:
        reader.join()
    with results.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(every) + "\n")
    return {"executions": sum(map(len, every.values()))}


def published(folder: Path, contacts: int) -> Path:
    """The file that a night publishes with so many contacts behind it."""
    inbox = folder / "landing" / Kind.CONTACTS
    inbox.mkdir(parents=True)
    write(inbox / "contacts.parquet", Contacts(contacts, FIRST_MONTH, DAYS))
    environment = {"NARVARO_DATA": str(folder), "NARVARO_CONTACT_KEY": "only for benchmarks, never for contacts"}
    run(Command([sys.executable, "-m", "orchestration.cli", "run"], environment))
    return (folder / "published" / "narvaro.duckdb").resolve()


def told_of(runs_of_queries: list[dict[str, list[Taken]]]) -> dict[str, dict[str, float]]:
    """For each query p50, p95 and the longest of all executions, and the p95 of the best and the worst run."""
    found = {}
    for name in runs_of_queries[0]:
        clocks = [[clock for clock, _ in each[name]] for each in runs_of_queries]
        every = [clock for each in clocks for clock in each]
        processor = [processor for each in runs_of_queries for _, processor in each[name]]
        found[name] = {
            "executions": len(every),
            "p50": percentile(every, 0.5),
            "p95": percentile(every, 0.95),
            "longest": max(every),
            "lowest p95 of a run": min(percentile(each, 0.95) for each in clocks),
            "highest p95 of a run": max(percentile(each, 0.95) for each in clocks),
            "processor p50": percentile(processor, 0.5),
            "processor p95": percentile(processor, 0.95),
        }
    return found


def main(file: Path | None) -> None:
    """Make the file, unless one is given; measure; say which queries miss the goal."""
    prepare_environment()
    is_full = size() is Size.FULL
    contacts, rounds = (6_000_000, 40) if is_full else (600_000, 20)
    benchmark = Benchmark("bi_queries", f"The example queries, {READERS} readers at once")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if file is None:
            file = published(folder / "data", contacts)
            benchmark.facts["contacts"] = contacts
        with duckdb.connect(str(file), read_only=True) as connection:
            found = connection.execute(QUESTIONS)
            sizes = dict(zip([each[0] for each in found.description], found.fetchall()[0], strict=True))
        benchmark.facts |= {"file_mb": round(file.stat().st_size / 1e6, 1), **sizes}
        benchmark.say(", ".join(f"{what} {number:,}" for what, number in benchmark.facts.items()))
        ways: dict[str, int | None] = {"threads as DuckDB sets them": None, "one thread each": 1}
        results = {way: folder / f"{number}.jsonl" for number, way in enumerate(ways)}
        benchmark.measure(
            {way: Function(eight_readers, [file, ways[way], rounds, results[way]]) for way in ways}, runs()
        )
        benchmark.compare(*ways)
        for way, lines in results.items():
            told = told_of([json.loads(line) for line in lines.read_text("utf-8").splitlines()])
            benchmark.facts[way] = told
            head = f"{'p50':>8}{'p95':>8}{'longest':>9}   p95 of each run    processor p50, p95"
            benchmark.say(f"\n{way}, milliseconds\n{'':28}{head}")
            for query, each in told.items():
                benchmark.say(
                    f"{query:28}{each['p50']:8.1f}{each['p95']:8.1f}{each['longest']:9.1f}   "
                    f"{each['lowest p95 of a run']:6.1f} to {each['highest p95 of a run']:6.1f}   "
                    f"{each['processor p50']:7.1f} {each['processor p95']:6.1f}"
                )
            slow = [query for query, each in told.items() if query != CONNECTING and each["p95"] >= GOAL_MS]
            benchmark.say(f"p95 of {GOAL_MS} ms or more: {', '.join(slow) or 'none'}")
    benchmark.finish()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if sys.argv[1:] else None)
