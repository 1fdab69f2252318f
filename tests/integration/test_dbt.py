"""The dbt project: its unit tests, and the rules that its layers keep."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import paths
from orchestration.manifest import ensure_manifest, is_fresh, load_manifest
from tests.integration.conftest import GoodNight, run_dbt


@pytest.fixture(scope="module")
def models() -> dict[str, dict[str, Any]]:
    ensure_manifest()
    manifest: dict[str, Any] = json.loads(paths.MANIFEST.read_text("utf-8"))
    return {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def layer(node_id: str, models: dict[str, dict[str, Any]]) -> str:
    """The layer of a parent: its schema, or `source` or `seed`."""
    return models[node_id]["schema"] if node_id in models else node_id.split(".", maxsplit=1)[0]


def test_every_formula_passes_its_unit_tests(good_night: GoodNight) -> None:
    assert good_night.night.is_good
    results = run_dbt("test", "--select", "test_type:unit")
    assert [f"{each.node.name}: {each.message}" for each in results if each.status != "pass"] == []
    assert len(results) >= 30


@pytest.mark.parametrize(
    ("of", "stands_on"),
    [
        ("staging", {"source", "seed"}),
        ("intermediate", {"staging", "intermediate", "core", "seed"}),
        ("core", {"staging", "intermediate", "core", "seed"}),
        ("kpi", {"staging", "intermediate", "core", "kpi", "seed"}),
        ("reconciliation", {"staging", "intermediate", "core", "kpi", "reconciliation"}),
        ("meta", {"staging", "intermediate", "core", "kpi", "reconciliation", "meta", "seed"}),
    ],
)
def test_each_layer_stands_on_the_layers_below(models: dict[str, dict[str, Any]], of: str, stands_on: set[str]) -> None:
    for node in models.values():
        if node["schema"] == of:
            parents = {layer(parent, models) for parent in node["depends_on"]["nodes"]}
            assert parents <= stands_on, node["name"]


def test_published_models_see_no_count_of_feeds_before_small_ones_are_withheld(
    models: dict[str, dict[str, Any]],
) -> None:
    open_counts = {
        *("stg_contacts", "int_contact_month", "int_contact_cell", "int_contact_pool"),
        *("stg_registrations", "int_registration", "int_registration_area", "int_registration_pool"),
        *("stg_released_pools", "stg_released_registrations"),
    }
    assert open_counts <= {node["name"] for node in models.values()}
    for node in models.values():
        if node["schema"] in {"core", "kpi", "reconciliation", "meta"} and node["name"] != "dim_date":  # months alone
            parents = {parent.rsplit(".", 1)[-1] for parent in node["depends_on"]["nodes"]}
            assert not parents & open_counts, node["name"]


def test_every_kpi_has_a_unit_test(models: dict[str, dict[str, Any]]) -> None:
    manifest = json.loads(paths.MANIFEST.read_text("utf-8"))
    tested = {test["model"] for test in manifest["unit_tests"].values()}
    assert {node["name"] for node in models.values() if node["schema"] == "kpi"} <= tested


def test_published_models_have_contracts_grains_and_described_columns(models: dict[str, dict[str, Any]]) -> None:
    for node in models.values():
        if node["schema"] in {"core", "kpi", "meta"}:
            assert node["config"]["contract"]["enforced"], node["name"]
            assert node["description"].rstrip().split(". ")[-1].startswith("One row"), node["name"]
            for column in node["columns"].values():
                assert column["description"], f"{node['name']}.{column['name']}"
                assert {"unit", "sv"} <= set(column["config"]["meta"]), f"{node['name']}.{column['name']}"


def test_names_follow_their_layer(models: dict[str, dict[str, Any]]) -> None:
    prefixes = {
        "staging": ("stg_",),
        "intermediate": ("int_",),
        "core": ("dim_", "fct_"),
        "kpi": ("",),
        "reconciliation": ("computed_",),
        "meta": ("",),
    }
    for node in models.values():
        assert node["name"].startswith(prefixes[node["schema"]]), node["name"]
        assert Path(node["original_file_path"]).parts[1] == node["schema"]


def test_every_table_but_the_contacts_is_made_anew_each_night(models: dict[str, dict[str, Any]]) -> None:
    """So that no table can depend on the night before, or on the order in which documents arrived.

    Contacts are too many: their months are kept as long as their files stay, and no table is published from less.
    """
    kept = {name for name, node in models.items() if node["config"]["materialized"] == "incremental"}
    assert kept == {"model.narvaro.int_contact_month"}
    others = {node["config"]["materialized"] for name, node in models.items() if name not in kept}
    assert others <= {"table", "view", "ephemeral"}


def test_a_seed_that_got_another_column_is_made_anew(later_night: GoodNight) -> None:
    with duckdb.connect(str(later_night.data / "build" / "narvaro.duckdb")) as connection:
        connection.execute("create or replace table seeds.known_differences as select 1 as another_column")
    assert [str(each.status) for each in run_dbt("seed", "--select", "known_differences")] == ["success"]


def test_a_manifest_without_what_dbt_parsed_is_not_fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert is_fresh()
    monkeypatch.setattr(paths, "PARSED", tmp_path / "parsed.msgpack")
    assert not is_fresh()


def test_stale_manifest_is_told_and_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration import manifest

    assert is_fresh()
    monkeypatch.setattr(manifest, "project_fingerprint", lambda: "another state")
    assert not is_fresh()
    with pytest.raises(manifest.StaleManifest, match="narvaro manifest"):
        load_manifest()
