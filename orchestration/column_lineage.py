"""Column lineage, remembered: it follows from the dbt project and its columns, and takes as long as the tables.

Belongs here: keeping what dagster-dbt worked out, until the project changes. Does not belong here: working it out.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from dagster._serdes import deserialize_value, serialize_value
from dagster_dbt.core import dbt_event_iterator
from dagster_dbt.core.dbt_cli_event import _build_column_lineage_metadata

from orchestration import paths
from orchestration.manifest import project_fingerprint

Build = Callable[..., dict[str, Any]]


@contextlib.contextmanager
def remembered_lineage() -> Iterator[None]:
    """While it holds, dagster-dbt works out no lineage that it worked out before from the same project and columns.

    What it works out anew is kept in the build folder, with what else still holds; a file that cannot be read is
    written anew.
    """
    file = paths.data_folder() / "build" / "column_lineage.json"
    project = project_fingerprint()
    kept: dict[str, str] = {}
    with contextlib.suppress(OSError, ValueError, KeyError):
        known = json.loads(file.read_text("utf-8"))
        kept = known["lineage"] if known["project"] == project else {}
    before = len(kept)
    with mock.patch.object(
        dbt_event_iterator,
        "_build_column_lineage_metadata",
        _remembering(_build_column_lineage_metadata, kept),
    ):
        yield
    if len(kept) > before:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"project": project, "lineage": kept}), "utf-8")


def _remembering(build: Build, kept: dict[str, str]) -> Build:
    """The same function, which looks for its result in `kept` first and leaves it there."""

    def remembering(**given: Any) -> dict[str, Any]:
        history = given["event_history_metadata"]
        columns = hashlib.sha256(repr((history.columns, sorted(history.parents.items()))).encode()).hexdigest()
        key = f"{given['dbt_resource_props']['unique_id']} {columns}"
        if key not in kept:
            kept[key] = serialize_value(build(**given))
        lineage = deserialize_value(kept[key])
        assert isinstance(lineage, dict)
        return lineage

    return remembering
