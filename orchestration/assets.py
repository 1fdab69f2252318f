"""What all assets share: the owner, and the form of a check's result. Does not belong here: any asset."""

from collections.abc import Sequence

import dagster as dg

OWNERS = ["team:narvaro"]
SAMPLE_SIZE = 10


def check_result(
    name: str,
    faults: Sequence[str],
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
    asset: dg.AssetKey | None = None,
) -> dg.AssetCheckResult:
    """A check that passes if there are no faults, and shows the first of them if there are.

    `asset` is needed where several assets of one step have a check of this name.
    """
    return dg.AssetCheckResult(
        asset_key=asset,
        passed=not faults,
        check_name=name,
        severity=severity,
        description="; ".join(faults[:SAMPLE_SIZE]) or None,
        metadata={"failed_rows": len(faults), "faults": dg.MetadataValue.json(list(faults[:SAMPLE_SIZE]))},
    )
