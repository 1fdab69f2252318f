"""A backfill: one run that makes a range of months of the feeds anew, as the UI's backfill does.

Belongs here: starting that run in this process. Does not belong here: what it does (`feeds`), what is printed.
"""

import contextlib
import io
import uuid
from datetime import date

from orchestration.night import open_instance, prepare_environment, step_errors


def run_backfill(first: date, last: date) -> list[str]:
    """Run the job `rebuild_months` for the months from first to last; what went wrong, if anything."""
    prepare_environment()
    from orchestration.dead_runs import process_tag
    from orchestration.definitions import defs
    from orchestration.sensors import PUBLISHES_ITSELF

    run_id = str(uuid.uuid4())
    tags = {
        **process_tag(run_id),
        PUBLISHES_ITSELF: "true",
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": last.isoformat(),
    }
    with open_instance() as instance, contextlib.redirect_stdout(io.StringIO()):
        result = defs.resolve_job_def("rebuild_months").execute_in_process(
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            instance=instance,
            run_id=run_id,
            tags=tags,
            raise_on_error=False,
        )
        return [] if result.success else step_errors(instance, run_id, [])
