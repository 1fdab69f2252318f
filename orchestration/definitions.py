"""The way in: everything that Dagster knows of this project. Nothing else belongs here."""

import dagster as dg

from orchestration import ingest, release, schedules, transform, validate
from orchestration.resources import Documents, Warehouse

defs = dg.Definitions(
    assets=[*ingest.ASSETS, transform.transform, validate.data_docs, release.release],
    asset_checks=[validate.suites],
    jobs=[schedules.nightly, schedules.revalidate],
    schedules=[schedules.every_night],
    resources={"documents": Documents(), "warehouse": Warehouse(), "dbt": transform.dbt_resource()},
    executor=dg.in_process_executor,
)
