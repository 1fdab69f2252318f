"""A hundred nights in one warm process, each with a small change: what grows, and does a night become slower?

Each night finds a file of registered jobseekers with one number changed, and publishes a new release. After each night:
its seconds by the clock and of the processor, the process's memory and open files, and the size of each part of the
data folder. Releases are kept as usual (30), so
that the published folder grows until then; Dagster's history is pruned after each ten nights, as the weekly job does,
of all nights before the last twenty. Resumable: with the same folder it goes on where it stopped. In the end it draws
the curves: `growth.svg` in the folder.

    .venv/bin/python -m tests.benchmarks.growth [NIGHTS] [FOLDER]
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean, median
from typing import Any

import altair as alt
import psutil
from rich.console import Console
from rich.table import Table

PARTS = ("store", "build", "published", "dagster/history", "dagster/storage")
KEPT_NIGHTS, PRUNED_AFTER = 20, 10


def size(folder: Path) -> float:
    """MB of all files, links apart."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files) / 1e6


def processor_seconds() -> float:
    """Of this process and of all that it started and waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def drop(landing: Path, number: int) -> None:
    """A file of a month and ten municipalities, of which one number is another each night."""
    codes = ("0114", "0115", "0117", "0120", "0123", "0125", "0126", "0127", "0128", "0136")
    rows = (f"2020-01;{code};all;{1000 + (number if code == '0114' else 0)}" for code in codes)
    landing.mkdir(parents=True, exist_ok=True)
    (landing / f"registrations-{number}.csv").write_text(
        "\n".join(["month;municipality_code;group;registered", *rows, ""]), "utf-8"
    )


def one_night(data: Path, number: int) -> dict[str, Any]:
    """A night with a change, and what there is afterwards."""
    import dagster as dg

    from orchestration import history, paths
    from orchestration.night import run_night

    drop(paths.landing_folder() / "registrations", number)
    started, processor = time.monotonic(), processor_seconds()
    night = run_night()
    seconds, processor = time.monotonic() - started, processor_seconds() - processor
    if number % PRUNED_AFTER == 0:
        with dg.DagsterInstance.get() as instance:
            begun = sorted(each.create_timestamp.astimezone(UTC) for each in instance.get_run_records())
            if len(begun) > KEPT_NIGHTS:
                history.prune(instance, begun[-KEPT_NIGHTS] + timedelta(days=1), 1)
    return {
        "night": number,
        "outcome": night.outcome,
        "seconds": seconds,
        "processor": processor,
        "memory": psutil.Process().memory_info().rss / 1e6,
        "open_files": psutil.Process().num_fds(),
        "at": datetime.now(UTC).isoformat(),
        **{part: size(data / part) for part in PARTS},
    }


def show(console: Console, records: Sequence[Mapping[str, Any]]) -> None:
    """Ten nights a row: medians of seconds, means of the rest."""
    titles = ("seconds", "of processor", "memory MB", "open files", *(f"{part} MB" for part in PARTS))
    table = Table("nights", "released", *titles)
    for at in range(0, len(records), 10):
        part = records[at : at + 10]
        released = sum(each["outcome"] == "released" for each in part)
        seconds = [f"{median(each[name] for each in part):.1f}" for name in ("seconds", "processor")]
        means = [f"{mean(each[name] for each in part):.1f}" for name in ("memory", "open_files", *PARTS)]
        table.add_row(f"{part[0]['night']}–{part[-1]['night']}", str(released), *seconds, *means)
    console.print(table)


CURVES = {
    "processor": "Seconds of the processor",
    "memory": "Memory of the process, MB",
    "published": "Published, MB",
    "dagster/history": "Dagster's records, MB",
}


def draw(records: Sequence[Mapping[str, Any]], file: Path) -> None:
    """One curve below the other, from nothing upwards, night by night."""
    nights = alt.Data(values=[{"night": each["night"], **{name: each[name] for name in CURVES}} for each in records])
    parts = [
        alt.Chart(nights, width=640, height=110)
        .mark_line(color="#1F3A5F")
        .encode(alt.X("night:Q", title="Night"), alt.Y(f"{name}:Q", title=None, scale=alt.Scale(zero=True)))
        .properties(title=alt.Title(title, anchor="start", fontSize=12))
        for name, title in CURVES.items()
    ]
    alt.vconcat(*parts).configure_view(stroke=None).configure_axis(grid=False).save(file)


def main(nights: int, folder: Path) -> None:
    """Run what is missing of so many nights."""
    os.environ["NARVARO_DATA"] = os.environ["DAGSTER_HOME"] = str(folder / "data")
    from orchestration.manifest import ensure_manifest
    from orchestration.night import prepare_environment

    prepare_environment()
    ensure_manifest()
    kept = folder / "growth.jsonl"
    records = [json.loads(line) for line in kept.read_text("utf-8").splitlines()] if kept.exists() else []
    console = Console(width=140)
    while len(records) < nights:
        records.append(one_night(folder / "data", len(records) + 1))
        with kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps(records[-1]) + "\n")
    show(console, records)
    draw(records, folder / "growth.svg")


if __name__ == "__main__":
    asked = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        main(int(asked[0]) if asked else 100, Path(asked[1] if len(asked) > 1 else scratch).resolve())
