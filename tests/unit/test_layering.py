"""The arrows between the rooms point one way: orchestration → sources, expectations, transforms; never back."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from jinja2 import Template

CHECKOUT = Path(__file__).resolve().parents[2]
TRANSFORMS = CHECKOUT / "transforms"

# A package and its integrations: dagster, dagster_dbt, dagster_duckdb …
DAGSTER = re.compile(r"dagster(_\w+)?(\.|$)")
DBT = re.compile(r"dbt(_\w+)?(\.|$)")
EXPECTATIONS = re.compile(r"expectations(\.|$)")
ORCHESTRATION = re.compile(r"orchestration(\.|$)")
TESTS = re.compile(r"tests(\.|$)")
# How Swedish writes names and numbers is no source: a rule about a printed cell needs it as much as a reader does.
SOURCES_BUT_NAMES_AND_TEXT = re.compile(
    r"sources(?!\.(geography|text|printed_numbers|vocabulary|personal_data|sql)(\.|$))(\.|$)"
)

# `from core.dim_office`, `join raw."kept_offices"`: a table by its address instead of by ref() or source().
SCHEMAS = "raw|seeds|staging|intermediate|core|kpi|meta|main"
TABLE_BY_ADDRESS = re.compile(rf"\b(?:from|join)\s+\"?(?:{SCHEMAS})\"?\s*\.", re.IGNORECASE)
SQL_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/|\{#.*?#\}", re.DOTALL)


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports, wherever the statement stands in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:  # a relative import stays in its own package
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def forbidden_imports(room: str, *forbidden: re.Pattern[str]) -> list[str]:
    """`file:line imports name`, for every import of the room that one of the patterns matches."""
    files = sorted((CHECKOUT / room).rglob("*.py"))
    assert files, f"{room}/ holds no Python at all"
    return [
        f"{path.relative_to(CHECKOUT)}:{line} imports {name}"
        for path in files
        for line, name in imported(path)
        if any(pattern.match(name) for pattern in forbidden)
    ]


def transforms_files(*patterns: str) -> list[Path]:
    """The dbt project's own files, without what dbt writes."""
    written = {TRANSFORMS / "target", TRANSFORMS / "logs", TRANSFORMS / "dbt_packages"}
    return sorted(
        path
        for pattern in patterns
        for path in TRANSFORMS.rglob(pattern)
        if path.is_file() and written.isdisjoint(path.parents)
    )


def test_sources_know_neither_tools_nor_warehouse() -> None:
    assert forbidden_imports("sources", DAGSTER, DBT) == []


def test_sources_know_none_of_their_callers() -> None:
    assert forbidden_imports("sources", EXPECTATIONS, ORCHESTRATION, TESTS) == []


def test_expectations_know_neither_dagster_nor_dbt() -> None:
    assert forbidden_imports("expectations", DAGSTER, DBT) == []


def test_expectations_know_none_of_their_callers() -> None:
    assert forbidden_imports("expectations", ORCHESTRATION, TESTS) == []


def test_expectations_know_of_the_sources_only_names_and_text() -> None:
    assert forbidden_imports("expectations", SOURCES_BUT_NAMES_AND_TEXT) == []


def test_orchestration_does_not_know_its_tests() -> None:
    assert forbidden_imports("orchestration", TESTS) == []


def test_transforms_declare_raw_as_their_only_source() -> None:
    # In an engine that others use too the schema has a prefix, as every schema has.
    declared = [
        (source["name"], Template(source.get("schema", source["name"])).render(target={"type": "duckdb"}))
        for path in transforms_files("*.yml", "*.yaml")
        for source in (yaml.safe_load(path.read_text("utf-8")) or {}).get("sources") or ()
    ]
    assert set(declared) == {("raw", "raw")}


def test_transforms_read_their_source_in_staging_only() -> None:
    readers = [path for path in transforms_files("models/**/*.sql") if "source(" in path.read_text("utf-8")]
    staging = TRANSFORMS / "models" / "staging"
    assert readers
    assert [str(path.relative_to(TRANSFORMS)) for path in readers if staging not in path.parents] == []


def test_transforms_name_no_table_by_its_address() -> None:
    by_address = [
        f"{path.relative_to(CHECKOUT)}: {found.group()}"
        for path in transforms_files("models/**/*.sql", "macros/**/*.sql", "tests/**/*.sql")
        for found in TABLE_BY_ADDRESS.finditer(SQL_COMMENT.sub("", path.read_text("utf-8")))
    ]
    assert by_address == []


def test_transforms_hold_no_python() -> None:
    assert transforms_files("*.py") == []


def test_the_patterns_tell_allowed_from_forbidden() -> None:
    assert all(map(DAGSTER.match, ["dagster", "dagster.Config", "dagster_dbt.asset_decorator"]))
    assert all(map(SOURCES_BUT_NAMES_AND_TEXT.match, ["sources", "sources.tables.read", "sources.textual"]))
    assert not any(
        map(SOURCES_BUT_NAMES_AND_TEXT.match, ["sources.text", "sources.printed_numbers.x", "sources.geography.x"])
    )
    assert TABLE_BY_ADDRESS.search("select * from core.dim_office")
    assert not TABLE_BY_ADDRESS.search("select office is distinct from printed.office from offices")
