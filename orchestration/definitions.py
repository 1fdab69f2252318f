"""The way in: everything that Dagster knows of this project. Nothing else belongs here."""

from collections.abc import Iterable

import dagster as dg

from orchestration import feeds, history, ingest, release, schedules, sensors, transform, validate
from orchestration.resources import Documents, Warehouse


def every_check() -> Iterable[dg.AssetCheckKey]:
    """The checks of the whole asset graph: a release wants the result of each."""
    return defs.resolve_asset_graph().asset_check_keys


defs = dg.Definitions(
    assets=[*feeds.ASSETS, *ingest.ASSETS, transform.transform, validate.data_docs, release.release_asset(every_check)],
    asset_checks=[validate.suites],
    jobs=[schedules.nightly, schedules.revalidate, schedules.rebuild_months, history.prune_history],
    schedules=[schedules.every_night, history.every_week],
    sensors=[sensors.dropped_files, sensors.rebuilt_months, sensors.dead_runs, sensors.failed_runs],
    resources={"documents": Documents(), "warehouse": Warehouse(), "dbt": transform.dbt_resource()},
    executor=dg.in_process_executor,
)
