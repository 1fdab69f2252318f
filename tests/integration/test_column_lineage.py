"""Column lineage is worked out once for a state of the dbt project, and never taken from another."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from dagster import AssetKey, TableColumnDep, TableColumnLineage
from dagster_dbt.core import dbt_event_iterator

from orchestration import column_lineage
from orchestration.column_lineage import remembered_lineage

LINEAGE = TableColumnLineage({"kept": [TableColumnDep(AssetKey(["core", "dim_office"]), "plan")]})


class Builder:
    """Stands in for dagster-dbt's own function, and counts."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, **_: Any) -> dict[str, Any]:
        self.calls += 1
        return {"dagster/column_lineage": LINEAGE}


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch, own_data_folder: Path) -> Builder:
    assert own_data_folder
    builder = Builder()
    monkeypatch.setattr(column_lineage, "_build_column_lineage_metadata", builder)
    return builder


def ask(unique_id: str = "model.narvaro.presence", column: str = "kept") -> dict[str, Any]:
    """What dagster-dbt would ask for one model, as it asks for it."""
    history = SimpleNamespace(columns={column: {"data_type": "BIGINT"}}, parents={})
    module: Any = dbt_event_iterator
    with remembered_lineage():
        lineage: dict[str, Any] = module._build_column_lineage_metadata(
            event_history_metadata=history, dbt_resource_props={"unique_id": unique_id}
        )
    return lineage


def test_the_second_time_it_is_remembered_and_the_same(builder: Builder) -> None:
    assert ask() == ask() == {"dagster/column_lineage": LINEAGE}
    assert builder.calls == 1


@pytest.mark.parametrize("other", [{"unique_id": "model.narvaro.overview"}, {"column": "staffed"}])
def test_another_model_or_other_columns_are_worked_out(builder: Builder, other: dict[str, str]) -> None:
    ask()
    ask(**other)
    assert builder.calls == 2


def test_another_state_of_the_project_forgets_it(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    monkeypatch.setattr(column_lineage, "project_fingerprint", lambda: "another state")
    ask()
    assert builder.calls == 2


def test_a_file_that_cannot_be_read_is_written_anew(builder: Builder, own_data_folder: Path) -> None:
    file = own_data_folder / "build" / "column_lineage.json"
    file.parent.mkdir(parents=True)
    file.write_text("{", "utf-8")
    ask()
    ask()
    assert builder.calls == 1
    assert json.loads(file.read_text("utf-8"))["lineage"]
