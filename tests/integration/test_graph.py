"""The asset graph: keys, checks, jobs and schedules are golden, and any part of it runs by itself."""

import json
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import defs
from tests.integration.conftest import GoodNight

GRAPH = Path(__file__).parents[1] / "golden" / "graph.json"


def graph() -> dict[str, object]:
    """What a rename would change."""
    assets = defs.resolve_asset_graph()
    schedules = list(defs.schedules or [])
    return {
        "assets": {
            node.key.to_user_string(): {
                "group": node.group_name,
                "parents": sorted(parent.to_user_string() for parent in node.parent_keys),
            }
            for node in sorted(assets.asset_nodes, key=lambda node: node.key)
        },
        "checks": sorted(f"{key.asset_key.to_user_string()}: {key.name}" for key in assets.asset_check_keys),
        "jobs": sorted(job.name for job in defs.jobs or []),
        "schedules": {
            schedule.name: [schedule.cron_schedule, schedule.execution_timezone, schedule.default_status.value]
            for schedule in schedules
            if isinstance(schedule, dg.ScheduleDefinition)
        },
    }


def test_graph_is_golden(request: pytest.FixtureRequest) -> None:
    found = json.dumps(graph(), ensure_ascii=False, indent=1) + "\n"
    if request.config.getoption("--update-golden"):
        GRAPH.write_text(found, "utf-8")
    assert found == GRAPH.read_text("utf-8")


def test_every_asset_has_a_description_an_owner_a_group_and_a_kind() -> None:
    for node in defs.resolve_asset_graph().asset_nodes:
        assert node.description, node.key
        assert node.owners, node.key
        assert node.group_name != "default", node.key
        assert node.kinds, node.key


def test_every_step_holds_the_warehouse_so_that_no_two_runs_write_at_once() -> None:
    jobs = [defs.resolve_job_def(name) for name in ("nightly", "rebuild_months", "revalidate")]
    steps = {node.definition for job in jobs for node in job.nodes}
    holding = {
        step for step in steps if isinstance(step, dg.OpDefinition) and "warehouse" in step.required_resource_keys
    }
    assert steps == holding
    assert len(steps) > 15


def test_every_check_is_part_of_the_nightly_job() -> None:
    nightly = defs.resolve_job_def("nightly").asset_layer.asset_graph
    assert nightly.asset_check_keys == defs.resolve_asset_graph().asset_check_keys


@pytest.mark.parametrize(
    "selection",
    [
        'key:"raw/kept_offices"',
        'key:"kpi/visit_change"',
        'key:"core/dim_office"+',
        'key:"validation/data_docs"',
    ],
)
def test_any_subset_of_assets_runs(good_night: GoodNight, selection: str) -> None:
    assert good_night.night.is_good
    job = defs.resolve_implicit_global_asset_job_def()
    graph = defs.resolve_asset_graph()
    chosen = dg.AssetSelection.from_string(selection)
    keys = [key for key in chosen.resolve(graph) if key.path[0] != "release"]
    with dg.DagsterInstance.get() as instance:
        result = job.execute_in_process(asset_selection=keys, instance=instance, raise_on_error=False)
    assert result.success
    assert {event.asset_key for event in result.get_asset_materialization_events()} >= {
        key for key in keys if graph.get(key).is_materializable
    }


def test_revalidate_runs_the_suites_on_what_stands(good_night: GoodNight) -> None:
    with dg.DagsterInstance.get() as instance:
        result = defs.resolve_job_def("revalidate").execute_in_process(instance=instance, raise_on_error=False)
    assert result.success
    suites = [check for check in good_night.night.checks if check.kind == "suite"]
    assert len(suites) > 30
    evaluated = {
        (".".join(each.asset_key.path if each.asset_key else ()), each.check_name)
        for each in result.get_asset_check_evaluations()
    }
    assert {(check.asset, check.name) for check in suites} <= evaluated
    made = {event.asset_key for event in result.get_asset_materialization_events()}
    assert made == {dg.AssetKey(["validation", "data_docs"])}
