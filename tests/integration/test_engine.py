"""The setting that names an engine, and which models an engine builds."""

import importlib.util
from collections.abc import Iterable, Mapping

import dagster as dg
import pytest

from orchestration import engine
from orchestration.transform import MANIFEST

GROWING = ("contacts", "contact_months", "registrations")
PUBLISHED = ("fct_contact_month", "fct_registration", "fct_registration_total", "visits")


def reach(starts: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        if (each := waiting.pop()) not in found:
            found.add(each)
            waiting.extend(edges.get(each, ()))
    return found


def test_an_engine_builds_every_model_between_what_grows_and_what_is_published_of_it() -> None:
    parents, children = MANIFEST["parent_map"], MANIFEST["child_map"]
    assert isinstance(parents, dict)
    assert isinstance(children, dict)
    below = reach((f"source.narvaro.raw.{table}" for table in GROWING), children)
    above = reach((f"model.narvaro.{model}" for model in PUBLISHED), parents)
    assert engine.models(MANIFEST).keys() == {each for each in below & above if each.startswith("model.")}


def test_duckdb_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(engine.SETTING, raising=False)
    assert engine.chosen() == "duckdb"


def test_an_engine_that_nobody_knows_is_refused_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(engine.SETTING, "sparc")
    with pytest.raises(dg.Failure) as failure:
        engine.chosen()
    assert failure.value.description == (
        "NARVARO_ENGINE must be one of duckdb, spark_session, spark_thrift: it is 'sparc'."
    )


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is not None, reason="this environment has Spark")
def test_an_engine_without_its_adapter_says_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(engine.SETTING, "spark_session")
    with pytest.raises(dg.Failure) as failure:
        engine.chosen()
    assert "make .venv-spark" in str(failure.value.description)
