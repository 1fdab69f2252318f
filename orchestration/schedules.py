"""Jobs and the nightly schedule.

Belongs here: what runs together, and when. Does not belong here: what happens in a stage.
"""

import dagster as dg

from orchestration import unchanged_night
from orchestration.feeds import MONTH_ASSETS
from orchestration.validate import DATA_DOCS, SUBJECTS, asset_key

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(*MONTH_ASSETS),
    description="The whole night: dropped files and documents to a release.",
    tags={"dagster/retry_strategy": "ALL_STEPS"},  # a release wants every check of its own run
)

rebuild_months = dg.define_asset_job(
    "rebuild_months",
    selection=dg.AssetSelection.assets(*MONTH_ASSETS),
    description="Months of the feeds anew from the store. The next night publishes them.",
)

revalidate = dg.define_asset_job(
    "revalidate",
    selection=dg.AssetSelection.checks_for_assets(*(asset_key(subject) for subject in SUBJECTS))
    | dg.AssetSelection.assets(DATA_DOCS),
    description="The suites on what stands in the build file; nothing is built, nothing is released.",
)


@dg.schedule(
    job=nightly,
    cron_schedule="15 4 * * *",  # outside the hour that daylight saving skips or repeats
    execution_timezone="Europe/Stockholm",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """The night at its hour. One that finds nothing new is on record at once, and starts no run."""
    if night := unchanged_night.night_with_nothing_new():
        unchanged_night.tell_dagster(context.instance, night)
        return dg.SkipReason(f"Nothing new: {unchanged_night.told(night)}.")
    return dg.RunRequest()
