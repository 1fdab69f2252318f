"""Another engine in DuckDB's place, for the models that grow with contacts and registrations: docs/scale.md.

Belongs here: the one setting, NARVARO_ENGINE, and handing tables to the engine and back. Does not belong here: SQL of
models and connections (`transforms`), what a release takes.

    build/narvaro.duckdb ──► build/engine/given/<schema>.<table>/ ──► engine ──► build/engine/made/<model>/

The engine builds the models with dbt's tag `distributed`. All else that they read is handed to it as Parquet: raw
tables, and what DuckDB makes of documents, which it builds first. What the engine made DuckDB takes as the tables of
these models (macro `duckdb__create_table_as`); all that follows, tests too, is the same as without an engine.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from orchestration import paths
from orchestration.manifest import parsed_manifest
from orchestration.reading import end_with_parent
from orchestration.resources import Warehouse
from sources.sql import identifier, literal

SETTING = "NARVARO_ENGINE"
DUCKDB = "duckdb"
TAG = "distributed"

SHOWN_LINES = 20


def chosen() -> str:
    """The engine of the setting: an output of transforms/profiles.yml, `duckdb` by default."""
    name = os.environ.get(SETTING) or DUCKDB
    outputs = yaml.safe_load((paths.TRANSFORMS / "profiles.yml").read_text("utf-8"))["narvaro"]["outputs"]
    if name not in outputs:
        raise dg.Failure(f"{SETTING} must be one of {', '.join(outputs)}: it is {name!r}.", allow_retries=False)
    if name != DUCKDB and importlib.util.find_spec(f"dbt.adapters.{outputs[name]['type']}") is None:
        raise dg.Failure(
            f"{SETTING} is {name}, and dbt has no adapter for it in this environment. `make .venv-spark` makes one "
            "that has; run .venv-spark/bin/narvaro.",
            allow_retries=False,
        )
    return name


def build(manifest: Mapping[str, Any], warehouse: Warehouse, wanted: Collection[str]) -> list[str]:
    """Let the engine of the setting build its models; what `dbt build` on DuckDB needs to take the tables from it.

    Nothing happens if DuckDB is the engine, or if none of the tables that are wanted (`kpi.visits`) is the engine's.
    """
    name = chosen()
    if name == DUCKDB or not {f"{node['schema']}.{node['name']}" for node in models(manifest).values()} & {*wanted}:
        return []
    shutil.rmtree(paths.engine_folder(), ignore_errors=True)
    paths.engine_folder().mkdir(parents=True)
    given = inputs(manifest)
    _build_inputs(given)
    _run(name, list(hand_over(warehouse, given.values())))
    return ["--full-refresh"]  # months that stand are replaced by what the engine made, not added to


def models(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The nodes of the models that an engine builds, by id."""
    return {key: node for key, node in manifest["nodes"].items() if TAG in node["tags"]}


def inputs(manifest: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Schema and name of every relation that these models read and do not make, by the relation's id."""
    made = models(manifest)
    read = {parent for node in made.values() for parent in node["depends_on"]["nodes"]} - made.keys()
    found = {key: manifest["nodes"].get(key) or manifest["sources"][key] for key in sorted(read)}
    return {key: (node["schema"], node["name"]) for key, node in found.items()}


def _build_inputs(given: Mapping[str, tuple[str, str]]) -> None:
    """Build those of the relations on DuckDB that are not raw, with all that they are made of."""
    _run(DUCKDB, [f"+{name}" for key, (_, name) in given.items() if not key.startswith("source.")])


def hand_over(warehouse: Warehouse, given: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Write the relations for the engine; each as the macro `take_over` wants it."""
    with warehouse.get_connection() as connection:
        for schema, name in given:
            folder = paths.engine_folder() / "given" / f"{schema}.{name}"
            folder.mkdir(parents=True)
            file = literal(folder / "rows.parquet")
            connection.execute(f"copy (from {identifier(schema, name)}) to {file} (format parquet)")
            yield {"schema": schema, "name": name, "path": str(folder)}


def _options(target: str, folder: Path) -> list[str]:
    """What every command of dbt needs here."""
    project = str(paths.TRANSFORMS)
    folders = ["--target-path", str(folder), "--log-path", str(folder), "--project-dir", project]
    return ["--quiet", *folders, "--profiles-dir", project, "--target", target]


def _run(target: str, given: Sequence[Any]) -> None:
    """Let `main` do its work in a process of its own, whose memory is gone with it; fail with what it said last."""
    environment = {**os.environ, "NARVARO_DATA": str(paths.data_folder()), "PYTHONPATH": str(paths.ROOT)}
    command = [sys.executable, "-m", "orchestration.engine", target, json.dumps(given)]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as output,
        # Nothing is written to its input, which closes when this process ends, however it ends.
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=output, stderr=output) as process,
    ):
        try:
            process.wait()
        finally:
            process.kill()
        output.seek(0)
        said = [line.rstrip() for line in output if line.strip()][-SHOWN_LINES:]
    if process.returncode:
        raise dg.Failure(f"The engine {chosen()} could not build its tables.\n" + "\n".join(said), allow_retries=False)


def main(target: str, given: Sequence[Any]) -> None:
    """In a process of its own: build the models that are given on DuckDB, or else let an engine build.

    An engine is given the tables, builds, and hands back what it made in one session, which is gone with the process.
    """
    from dbt.cli.main import dbtRunner

    folder = paths.engine_folder()
    if target == DUCKDB:
        kinds = ["--resource-type", "seed", "--resource-type", "model"]
        _invoke(
            dbtRunner(parsed_manifest()), "build", *kinds, "--select", *given, *_options(target, folder / "dbt_duckdb")
        )
        return
    options = _options(target, folder / "dbt")
    runner = dbtRunner(_invoke(dbtRunner(), "parse", *options))
    _invoke(runner, "run-operation", "take_over", "--args", json.dumps({"tables": given}), *options)
    _invoke(runner, "run", "--full-refresh", "--select", f"tag:{TAG}", *options)
    _invoke(runner, "run-operation", "hand_back", "--args", json.dumps({"folder": str(folder / "made")}), *options)


def _invoke(runner: Any, *command: str) -> Any:
    """What a command of dbt gives; the end of this process, if it fails."""
    done = runner.invoke([*command])
    if not done.success:
        sys.exit(str(done.exception or f"dbt {command[0]} failed"))
    return done.result


if __name__ == "__main__":
    end_with_parent()
    main(sys.argv[1], json.loads(sys.argv[2]))
