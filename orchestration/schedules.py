"""Jobs and the nightly schedule.

Belongs here: what runs together, and when. Does not belong here: what happens in a stage.
"""

import dagster as dg

from orchestration.validate import DATA_DOCS, SUBJECTS, asset_key

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    description="The whole night: documents to a release.",
)

revalidate = dg.define_asset_job(
    "revalidate",
    selection=dg.AssetSelection.checks_for_assets(*(asset_key(subject) for subject in SUBJECTS))
    | dg.AssetSelection.assets(DATA_DOCS),
    description="The suites on what stands in the build file; nothing is built, nothing is released.",
)

every_night = dg.ScheduleDefinition(
    name="every_night",
    job=nightly,
    cron_schedule="15 4 * * *",  # outside the hour that daylight saving skips or repeats
    execution_timezone="Europe/Stockholm",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
