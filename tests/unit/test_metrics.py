"""A definition that cannot be used is told with its file, its column and what is wrong."""

from copy import deepcopy
from typing import Any

import pytest

from orchestration.metrics import FaultyMetrics, load_kpi_tables

KPI = {
    "answers": "How many?",
    "owner": "team:narvaro",
    "scopes": ["national", "county"],
    "rows": "The office's row in the appendix.",
    "example": {"as_of": "2020-10-15", "scope": "county"},
}
COUNTED = {"counted": "count(distinct subject)"}


def column(name: str, data_type: str = "bigint", unit: str = "offices", **meta: Any) -> dict[str, Any]:
    return {
        "name": name,
        "data_type": data_type,
        "description": f"What {name} means.",
        "constraints": [],
        "config": {"meta": {"unit": unit, "sv": name, "definition_sv": f"Vad {name} betyder.", **meta}},
    }


def node(name: str, *columns: dict[str, Any], kpi: dict[str, Any] | None = None) -> dict[str, Any]:
    keys = [column("as_of", "date", "date"), column("scope", "varchar", "code")]
    return {
        "resource_type": "model",
        "schema": "kpi",
        "name": name,
        "description": "Offices. One row per as-of date and area.",
        "patch_path": f"narvaro://models/kpi/{name}.yml",
        "original_file_path": f"models/kpi/{name}.sql",
        "constraints": [{"type": "primary_key", "columns": ["as_of", "scope"]}],
        "columns": {each["name"]: each for each in [*keys, *columns]},
        "config": {"meta": {"kpi": deepcopy(KPI) if kpi is None else kpi}},
    }


def manifest(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"nodes": {f"model.narvaro.{each['name']}": each for each in nodes}}


def faults(*nodes: dict[str, Any]) -> str:
    with pytest.raises(FaultyMetrics) as error:
        load_kpi_tables(manifest(*nodes))
    return str(error.value)


def test_a_table_is_read_with_its_key_and_its_metrics() -> None:
    share = column("share", "double", "share", metric={"numerator": "kept", "denominator": "offices"})
    (table,) = load_kpi_tables(manifest(node("plan", column("kept", metric=COUNTED), share)))
    assert (table.address, table.key, table.date_column, table.further_key) == (
        "kpi.plan",
        ("as_of", "scope"),
        "as_of",
        [],
    )
    assert list(table.metrics) == ["kept", "share"]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ([column("kept")], "column kept: a number without config.meta.metric: say how it is made"),
        (
            [column("kept", metric=COUNTED, definition_sv=None)],
            "column kept: config.meta.definition_sv is missing: say in Swedish what the figure is",
        ),
        ([column("kept", metric={"countd": "x"})], "column kept: metric.countd: unknown key"),
        ([column("kept", metric={})], "column kept: metric: exactly one of counted, computed, numerator and"),
        (
            [column("kept", metric={**COUNTED, "computed": "a - b"})],
            "column kept: metric: exactly one of counted, computed, numerator and",
        ),
        (
            [column("kept_share", "double", "share", metric=COUNTED)],
            "column kept_share: a share without numerator and denominator",
        ),
        (
            [column("kept_share", "double", "share", metric={"numerator": "kept"})],
            "column kept_share: metric: numerator and denominator belong together",
        ),
        (
            [column("kept", metric={"numerator": "a", "denominator": "b"})],
            "column kept: a numerator and a denominator make a share or percent, and the unit is offices",
        ),
        (
            [column("kept", metric={"same_as": "presence.offices", "at": "as_of"})],
            "column kept: same_as: there is no metric presence.offices",
        ),
        (
            [column("kept", metric=COUNTED), column("again", metric={"same_as": "plan.kept", "at": "known_at"})],
            "column again: at: kpi.plan has no column known_at",
        ),
        (
            [column("kept", metric={**COUNTED, "scopes": ["municipality"]})],
            "column kept: scope municipality is none of the table's",
        ),
        (
            [column("kept", metric={**COUNTED, "scopes": ["country"]})],
            "column kept: metric.scopes.0: Input should be 'national'",
        ),
    ],
)
def test_a_faulty_metric_is_told_with_its_column(columns: list[dict[str, Any]], told: str) -> None:
    assert f"transforms/models/kpi/plan.yml, {told}" in faults(node("plan", *columns))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"answers": None}, ": kpi.answers: Input should be a valid string"),
        ({"answers": "No question."}, ": kpi.answers: String should match pattern"),
        ({"owner": "somebody"}, ": kpi.owner: String should match pattern"),
        ({"colour": "red"}, ": kpi.colour: unknown key"),
        ({"rows": None}, ", column kept: neither the metric nor the table says which rows are counted (rows)"),
        ({"example": {"as_of": "2020-10-15"}}, ", example: it names as_of, and the key is as_of, scope"),
        (
            {"breaks": [{"since": "2020-10-15", "text": "Something changed.", "metrics": ["keptt"]}]},
            ", break of 2020-10-15: kpi.plan has no metric keptt",
        ),
        ({"breaks": [{"since": "in October", "text": "Something changed."}]}, ": kpi.breaks.0.since: Input should be"),
    ],
)
def test_a_faulty_table_is_told_with_its_file(change: dict[str, Any], told: str) -> None:
    faulty = node("plan", column("kept", metric=COUNTED), kpi={**KPI, **change})
    assert f"transforms/models/kpi/plan.yml{told}" in faults(faulty)


def test_a_table_without_a_definition_is_told() -> None:
    bare = node("plan", column("kept", metric=COUNTED))
    bare["config"]["meta"] = {}
    assert faults(bare).startswith("transforms/models/kpi/plan.yml: config.meta.kpi is missing")


def test_all_faults_are_told_at_once() -> None:
    told = faults(node("plan", column("kept"), column("closing")), node("presence", column("offices")))
    assert told.count("without config.meta.metric") == 3
