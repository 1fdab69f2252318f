"""The same tables from DuckDB and from Spark, row for row, and releases that readers cannot tell apart."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copy, copytree
from typing import Any

import dagster as dg
import duckdb
import pytest

from expectations.stability import schema_of
from orchestration import engine, paths
from orchestration.night import run_night
from orchestration.published import Published
from orchestration.release_file import NIGHTLY_TABLES
from orchestration.resources import Warehouse
from orchestration.transform import MANIFEST
from tests.spark.conftest import EngineNight, rows_of_one_only, state
from tests.spark.deliveries import CONTACTS

MADE = sorted(
    f"{node['schema']}.{node['name']}"
    for node in engine.models(MANIFEST).values()
    if node["config"]["materialized"] != "view"
)
"""The tables that an engine builds."""


def number(file: Path, expression: str, table: str) -> int:
    with duckdb.connect(str(file), read_only=True) as connection:
        return int(connection.execute(f"select {expression} from {table}").fetchall()[0][0])


def test_both_nights_are_released(on_duckdb: EngineNight, on_spark: EngineNight) -> None:
    assert on_duckdb.night.outcome == "released", on_duckdb.told()
    assert on_spark.night.outcome == "released", on_spark.told()
    counted = number(on_spark.build, "sum(contacts) filter (visitor_group = 'all')", "intermediate.int_contact_month")
    assert 0.9 * CONTACTS < counted < CONTACTS, "repeated rows and unknown channels do not count"


@pytest.mark.parametrize("table", MADE)
def test_spark_makes_the_same_rows(on_duckdb: EngineNight, on_spark: EngineNight, table: str) -> None:
    assert number(on_duckdb.build, "count(*)", table) > 0, "a comparison of nothing says nothing"
    assert rows_of_one_only(on_duckdb.build, table, on_spark.build, f"b.{table}") == []


def test_tables_come_from_spark_and_not_from_duckdb_again(on_spark: EngineNight) -> None:
    made = {folder.name for folder in (on_spark.data / "build" / "engine" / "made").iterdir()}
    assert made == {table.split(".")[1] for table in MADE}


def test_readers_see_no_difference(on_duckdb: EngineNight, on_spark: EngineNight) -> None:
    schema = schema_of(on_duckdb.published)
    assert schema_of(on_spark.published) == schema
    for table in sorted(schema.keys() - set(NIGHTLY_TABLES)):
        assert rows_of_one_only(on_duckdb.published, table, on_spark.published, f"b.{table}") == [], table
    facts = [json.loads((each.data / "published/current/release.json").read_text()) for each in (on_duckdb, on_spark)]
    assert facts[0]["fingerprint"] == facts[1]["fingerprint"]


def test_every_check_runs_on_tables_of_spark_too(on_duckdb: EngineNight, on_spark: EngineNight) -> None:
    def results(night: EngineNight) -> set[tuple[Any, ...]]:
        return {(check.asset, check.name, check.passed, check.failed_rows) for check in night.night.checks}

    assert results(on_spark) == results(on_duckdb)


def test_the_night_after_a_return_to_duckdb_has_nothing_new(on_spark: EngineNight, tmp_path: Path) -> None:
    copytree(on_spark.data, tmp_path / "data", symlinks=True)
    with state(tmp_path / "data", "duckdb"):
        night = run_night()
        assert night.outcome == "nothing_new", night.errors
        assert len(Published.here().releases()) == 1


@pytest.fixture
def build_of_duckdb(on_duckdb: EngineNight, tmp_path: Path) -> Callable[[], Path]:
    """Makes a data folder that has what the night had when it came to dbt."""

    def make() -> Path:
        build = tmp_path / "data" / "build"
        build.mkdir(parents=True)
        copy(on_duckdb.build, build)
        copytree(on_duckdb.data / "build" / "feeds", build / "feeds")
        return tmp_path / "data"

    return make


def test_a_cluster_makes_the_same_rows(
    on_duckdb: EngineNight, build_of_duckdb: Callable[[], Path], server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARVARO_SPARK_HOST", "127.0.0.1")
    monkeypatch.setenv("NARVARO_SPARK_PORT", str(server))
    with state(build_of_duckdb(), "spark_thrift"):
        assert engine.build(MANIFEST, Warehouse(), MADE) == ["--full-refresh"]
        for table in MADE:
            files = paths.engine_folder() / "made" / table.split(".")[1]
            rows = f"read_parquet('{files}/*.parquet')"
            assert rows_of_one_only(on_duckdb.build, table, files, rows) == [], table


def test_an_engine_that_cannot_be_reached_is_named(
    build_of_duckdb: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARVARO_SPARK_HOST", "127.0.0.1")
    monkeypatch.setenv("NARVARO_SPARK_PORT", "1")
    with state(build_of_duckdb(), "spark_thrift"), pytest.raises(dg.Failure) as failure:
        engine.build(MANIFEST, Warehouse(), MADE)
    assert "The engine spark_thrift could not build its tables" in str(failure.value.description)
    assert "Could not connect to any of [('127.0.0.1', 1)]" in str(failure.value.description)
