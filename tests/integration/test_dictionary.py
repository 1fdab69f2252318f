"""What the project says of its columns and figures: the published dictionary, and the pages made from it."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import paths
from orchestration.manifest import ensure_manifest, load_manifest
from orchestration.metrics import load_kpi_tables
from orchestration.reference_docs import FOLDER, GLOSSARY, TERM, pages
from tests.integration.conftest import GoodNight

PROOF = "metrics_are_what_the_trace_says"
FED = {"kpi.visits"}
"""Tables that have some of their scopes from the feeds alone, of which the good night has none."""


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    ensure_manifest()
    return load_manifest()


def query(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_dictionary_and_published_columns_are_the_same_with_their_types(good_night: GoodNight) -> None:
    published = query(
        good_night.database,
        "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal order by all",
    )
    described = query(
        good_night.database,
        "select schema_name, table_name, column_name, data_type from meta.table_column order by all",
    )
    assert described == published


def test_comments_in_the_file_are_the_descriptions_of_the_dictionary(good_night: GoodNight) -> None:
    differing = query(
        good_night.database,
        """select schema_name, table_name, column_name
           from duckdb_columns() join meta.table_column using (schema_name, table_name, column_name)
           where not internal and replace(comment, chr(10), ' ') is distinct from description""",
    )
    assert differing == []


@pytest.mark.parametrize(
    ("fault", "condition"),
    [
        ("no unit", "unit = ''"),
        ("no sentence", r"not regexp_matches(description, '^[A-Z`“0-9].{9,}[.…]$')"),
        ("no Swedish words", r"not regexp_matches(description_sv, '\p{L}{3,}')"),
        ("the column's own name", "lower(rtrim(description, '.')) = replace(column_name, '_', ' ')"),
        ("the same in both languages", "lower(rtrim(description, '.')) = lower(rtrim(description_sv, '.'))"),
    ],
)
def test_no_column_is_described_by(good_night: GoodNight, fault: str, condition: str) -> None:
    found = query(
        good_night.database,
        f"select schema_name || '.' || table_name || '.' || column_name, description from meta.table_column "
        f"where {condition}",
    )
    assert found == [], fault


def test_every_kpi_table_is_defined_and_held_by_its_trace(manifest: dict[str, Any]) -> None:
    proven = {
        node["attached_node"].rpartition(".")[2]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and (node.get("test_metadata") or {}).get("name") == PROOF
    }
    unproven = [table.name for table in load_kpi_tables(manifest) if table.name not in proven]
    assert unproven == [], f"add the data test {PROOF} to these tables"


def test_every_counted_metric_has_rows_unless_its_table_knows_none(good_night: GoodNight) -> None:
    counted = query(good_night.database, "select table_name, metric from meta.metric where counted is not null")
    traced = query(good_night.database, "select distinct table_name, metric from meta.trace")
    assert set(traced) <= set(counted)
    for table_name, metric in sorted(set(counted) - set(traced)):
        known = f"select count(*) from {table_name} where coalesce({metric}, 0) <> 0"
        assert query(good_night.database, known) == [(0,)], f"{table_name}.{metric} has no rows in meta.trace"


def test_scopes_of_a_metric_are_those_that_the_table_has(good_night: GoodNight) -> None:
    told = query(good_night.database, "select distinct table_name, scopes from meta.metric order by all")
    for table_name, scopes in told:
        if table_name in FED:
            continue
        has_scope = query(
            good_night.database,
            f"select count(*) from duckdb_columns() where schema_name || '.' || table_name = '{table_name}' "
            "and column_name = 'scope'",
        )
        if has_scope == [(1,)]:
            found = {scope for (scope,) in query(good_night.database, f"select distinct scope from {table_name}")}
            assert set(scopes.split(", ")) <= found, table_name


@pytest.mark.parametrize("name", ["kpis.md", "glossary.md"])
def test_pages_made_from_the_project_are_up_to_date(manifest: dict[str, Any], name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == pages(manifest)[name], f"docs/{name} is out of date: run `make docs`"


def test_every_term_has_the_form_that_the_page_needs(manifest: dict[str, Any]) -> None:
    blocks = [doc["name"] for doc in manifest["docs"].values() if doc["original_file_path"].endswith("glossary.md")]
    assert len(TERM.findall(GLOSSARY.read_text("utf-8"))) == len(blocks) > 30
    assert all(name.startswith("term_") for name in blocks)


def test_terms_of_the_final_report_stand_in_the_glossary() -> None:
    page = (paths.ROOT / "docs" / "glossary.md").read_text("utf-8")
    for term in (
        "kvarstående kontor",
        "fast bemannat kontor",
        "kontor vi reser till",
        "kontor aktuellt för avveckling",
        "samarbetslösning med andra",
        "återupprättat kontor",
        "fast arbetsställe",
        "kundtorg",
    ):
        assert f"({term})" in page
