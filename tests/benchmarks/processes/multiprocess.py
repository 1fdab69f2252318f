"""The project's definitions with Dagster's default executor, which starts a process for each step; for comparison only.

One process at a time: each takes the lock of the warehouse, and DuckDB lets one process write. With Dagster's own
number, that of the cores, the second step would be refused.
"""

import dagster as dg

from orchestration import definitions

defs = dg.Definitions(
    assets=definitions.defs.assets,
    asset_checks=definitions.defs.asset_checks,
    jobs=definitions.defs.jobs,
    resources=definitions.defs.resources,
    executor=dg.multiprocess_executor.configured({"max_concurrent": 1}),
)
