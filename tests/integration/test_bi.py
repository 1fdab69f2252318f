"""What BI users are given: example queries with their results, the page that lists them, and the exposures."""

import csv
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import paths
from orchestration.manifest import ensure_manifest, load_manifest
from tests.integration.conftest import GoodNight

QUERIES = {file.stem: file.read_text("utf-8") for file in sorted((paths.ROOT / "docs" / "queries").glob("*.sql"))}
GOLDEN = Path(__file__).parents[1] / "golden" / "queries"
PAGE = (paths.ROOT / "docs" / "bi.md").read_text("utf-8")
LISTED = re.compile(
    r"^\| \[(?P<name>\w+)\]\(queries/(?P=name)\.sql\) \| (?P<question>[^|]+) \| (?P<columns>[^|]+) \|$", re.M
)
FENCED = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    ensure_manifest()
    return load_manifest()


def test_every_kpi_table_has_one_example_query(good_night: GoodNight) -> None:
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'kpi'").fetchall()
    assert set(QUERIES) == {name for (name,) in tables}
    assert len(QUERIES) >= 19


@pytest.mark.parametrize("name", QUERIES)
def test_example_query_asks_its_question_in_both_languages_of_its_own_table(name: str) -> None:
    english, swedish, *sql = QUERIES[name].splitlines()
    for question in (english, swedish):
        assert re.fullmatch(r"-- [A-ZÅÄÖ][^?]+\?", question)
    assert english != swedish
    assert re.search(rf"\bfrom kpi\.{name}\b", "\n".join(sql))
    # Tools wrap a query into another one, and read braces, percent signs and colons as their own.
    assert not re.search(r"[;{}%:]", "\n".join(sql))


@pytest.mark.parametrize("name", QUERIES)
def test_example_query_gives_its_golden_rows(good_night: GoodNight, name: str, request: pytest.FixtureRequest) -> None:
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        found = connection.execute(QUERIES[name])
        header = [column[0] for column in found.description]
        rows = [["" if value is None else str(value) for value in row] for row in found.fetchall()]
    assert rows
    golden = GOLDEN / f"{name}.csv"
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(exist_ok=True)
        with golden.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    with golden.open(encoding="utf-8", newline="") as file:
        assert [header, *rows] == list(csv.reader(file))


def test_no_golden_result_is_left_of_a_query_that_is_gone() -> None:
    assert {file.stem for file in GOLDEN.glob("*.csv")} == set(QUERIES)


def test_the_page_lists_every_example_query_with_its_question_and_columns(good_night: GoodNight) -> None:
    listed = {each["name"]: (each["question"], each["columns"]) for each in LISTED.finditer(PAGE)}
    assert set(listed) == set(QUERIES)
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        for name, sql in QUERIES.items():
            columns = ", ".join(f"`{column[0]}`" for column in connection.execute(sql).description)
            assert listed[name] == (sql.splitlines()[0].removeprefix("-- "), columns)


def test_python_of_the_page_is_python_and_opens_nothing_for_writing() -> None:
    blocks = FENCED.findall(PAGE)
    assert len(blocks) >= 6
    for block in blocks:
        compile(block, "docs/bi.md", "exec")
        opened = re.findall(r"(?:duckdb\.connect|create_engine)\((?:[^()]|\([^()]*\))*\)", block)
        assert all("read_only" in call for call in opened), block


def test_the_recipe_of_the_page_follows_the_link(tmp_path: Path) -> None:
    """The class `Current` of the page, as it stands there, on two files and a link that is switched."""
    source = next(block for block in FENCED.findall(PAGE) if "class Current" in block)
    names: dict[str, Any] = {}
    exec(compile(source, "docs/bi.md", "exec"), names)  # noqa: S102  (our own page)
    for release in ("first", "second"):
        folder = tmp_path / "releases" / release
        folder.mkdir(parents=True)
        with duckdb.connect(str(folder / "narvaro.duckdb")) as connection:
            connection.execute(f"create table release as select '{release}' as release_id")
    link = tmp_path / "current"
    link.symlink_to("releases/first")
    (tmp_path / "narvaro.duckdb").symlink_to("current/narvaro.duckdb")
    current = names["Current"](tmp_path / "narvaro.duckdb")
    held = current.connection
    assert held.execute("from release").fetchone() == ("first",)
    assert current.connection is held
    (tmp_path / "next").symlink_to("releases/second")
    (tmp_path / "next").replace(link)
    assert current.connection.execute("from release").fetchone() == ("second",)


def test_every_kpi_model_has_an_exposure_and_exposures_read_only_what_is_published(manifest: dict[str, Any]) -> None:
    exposed = {node for exposure in manifest["exposures"].values() for node in exposure["depends_on"]["nodes"]}
    models = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    kpis = {name for name, node in models.items() if node["schema"] == "kpi"}
    assert kpis <= exposed
    assert {models[name]["schema"] for name in exposed} <= {"core", "kpi", "meta"}


def test_every_exposure_says_what_it_is_and_names_nobody(manifest: dict[str, Any]) -> None:
    assert len(manifest["exposures"]) >= 7
    for exposure in manifest["exposures"].values():
        assert exposure["label"], exposure["name"]
        assert exposure["description"].rstrip().endswith("."), exposure["name"]
        assert exposure["owner"]["name"] == "team:narvaro", exposure["name"]
        assert not exposure["owner"].get("email"), exposure["name"]


def test_every_client_of_the_page_has_an_exposure(manifest: dict[str, Any]) -> None:
    told = " ".join(f"{each['label']} {each['description']}" for each in manifest["exposures"].values())
    for client in ("duckdb", "polars", "pandas", "ibis", "SQLAlchemy", "command line", "Node", "Superset", "Metabase"):
        assert client in told, client
    for client in ("Power BI", "ODBC", "DBeaver", "Evidence", "Excel"):
        assert client in told, client
        assert client in PAGE, client
