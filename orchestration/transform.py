"""Second stage: the dbt project, `raw` to `core`, `kpi` and `meta`.

Belongs here: how Dagster shows and runs dbt. Does not belong here: any SQL, any formula (`transforms`).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets

from orchestration import engine, paths
from orchestration.assets import OWNERS
from orchestration.dbt_in_process import InProcessDbt, with_metadata_of_tables
from orchestration.kpi_course import course_of
from orchestration.manifest import load_manifest
from orchestration.resources import Warehouse

GROUPS = {"intermediate": "core", "seeds": "staging"}
"""Folders of the dbt project that are no stage of their own."""
MANIFEST = load_manifest()
"""The models as Dagster knows them as long as this process lives."""


class Translator(DagsterDbtTranslator):
    """The asset key is the table's address (dagster-dbt's default); the group is the folder, the owner is ours."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer: the folder below `models`, or where seeds and intermediate models belong."""
        if dbt_resource_props["resource_type"] == "source":
            return "raw"
        folder = "seeds" if dbt_resource_props["resource_type"] == "seed" else dbt_resource_props["fqn"][1]
        return GROUPS.get(folder, folder)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str] | None:
        """Everything is owned by one team."""
        return OWNERS

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The model's own description; its SQL stands in the metadata, not in the prose."""
        return str(dbt_resource_props.get("description") or "")


def dbt_resource() -> InProcessDbt:
    """dbt on the project in `transforms`, in this process. Its manifest fits, or this module could not be imported."""
    return InProcessDbt(
        project_dir=DbtProject(paths.TRANSFORMS), profiles_dir=str(paths.TRANSFORMS), parsed=str(paths.PARSED)
    )


@dbt_assets(
    manifest=MANIFEST,
    name="transform",
    exclude="resource_type:unit_test",
    dagster_dbt_translator=Translator(),
)
def transform(context: dg.AssetExecutionContext, dbt: InProcessDbt, warehouse: Warehouse) -> Iterator[Any]:
    """Seeds, models and data tests, in one invocation of dbt. Unit tests run in `make test`."""
    os.environ["NARVARO_DATA"] = str(paths.data_folder())
    engine_options = engine.build(MANIFEST, warehouse, {".".join(key.path) for key in context.selected_asset_keys})
    events = dbt.cli(["build", *engine_options], context=context).stream().fetch_row_counts().fetch_column_metadata()
    yield from with_metadata_of_tables(events, course_of)
