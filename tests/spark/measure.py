"""What Spark costs on one machine: the models with the tag `distributed`, built by DuckDB and by Spark in a session.

Prints the seconds of each: whole processes from their start, and of it the models alone. docs/scale.md has the results.

    .venv-spark/bin/python -m tests.spark.measure [ROWS OF CONTACTS]
"""

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from orchestration import engine, feed_months, landing, paths
from orchestration.resources import Warehouse
from tests.spark.deliveries import CONTACTS, deliver

SESSION = "from pyspark.sql import SparkSession; SparkSession.builder.getOrCreate().sql('select 1').collect()"


def seconds(work: Callable[[], Any]) -> float:
    """How long something takes."""
    started = time.monotonic()
    work()
    return time.monotonic() - started


def dbt(target: Path, *arguments: str) -> None:
    """A command of dbt on DuckDB, in a process of its own."""
    command = [str(Path(sys.executable).with_name("dbt")), *arguments, *engine._options(engine.DUCKDB, target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def models(target: Path) -> float:
    """The seconds that the last run of dbt took from its first model to its last, by its log."""
    return float(re.findall(r"Finished running .*? \((\d+\.\d+)s\)", (target / "dbt.log").read_text("utf-8"))[-1])


def main(rows: int) -> None:
    """Take the deliveries, build once with all that is needed, and then with each engine."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {rows:,} contacts")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update({"NARVARO_DATA": name, "NARVARO_CONTACT_KEY": "a key for contacts that are made up"})
        os.environ.pop(engine.SETTING, None)
        from orchestration.night import prepare_environment, run_night

        prepare_environment()
        deliver(folder / "landing", rows)
        print(f"taking the files {seconds(landing.take_all):8.1f} s")
        print(f"applying them    {seconds(feed_months.bring_up_to_date):8.1f} s")
        assert run_night().outcome == "released"

        target = folder / "dbt"
        whole = seconds(lambda: dbt(target, "run", "--full-refresh", "--select", f"tag:{engine.TAG}"))
        print(f"DuckDB           {whole:8.1f} s, of it models {models(target):8.1f} s")

        os.environ[engine.SETTING] = "spark_session"
        print(f"session          {seconds(lambda: subprocess.run([sys.executable, '-c', SESSION], check=True)):8.1f} s")
        manifest = json.loads(paths.MANIFEST.read_text("utf-8"))
        wanted = [f"{each['schema']}.{each['name']}" for each in engine.models(manifest).values()]
        whole = seconds(lambda: engine.build(manifest, Warehouse(), wanted))
        print(f"Spark            {whole:8.1f} s, of it models {models(paths.engine_folder() / 'dbt'):8.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CONTACTS)
