"""As known on one day, as of another: the documented queries, and documents that arrive late or say a thing again."""

import os
import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import yaml

from orchestration import paths
from orchestration.definitions import defs
from orchestration.release_changes import changes
from sources.registry import REGISTER_NAME, sha256_of
from tests.integration.conftest import DONE, DocumentsFolder, GoodNight, copy_of_documents, run_dbt, use_data_folder

DOCUMENTED = Path(__file__).parents[2] / "docs" / "two_times.md"
BLOCK = re.compile(
    r"^```(?P<language>sql|jinja)\n(?P<code>.*?)^```\n(?:\n(?P<table>(?:\|[^\n]*\n)+))?", re.MULTILINE | re.DOTALL
)


def documented_queries() -> Iterator[tuple[str, str, list[list[str]]]]:
    """Language and text of each query, and what stands below it; one in Jinja asks what the SQL above it asks."""
    rows: list[list[str]] = []
    for block in BLOCK.finditer(DOCUMENTED.read_text("utf-8")):
        if block["table"]:
            lines = [
                [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
                for line in block["table"].splitlines()
            ]
            rows = [lines[0], *lines[2:]]
        yield block["language"], block["code"], rows


QUERIES = list(documented_queries())


def given_by(database: Path, sql: str) -> list[list[str]]:
    """Headings and rows, as text."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(sql)
        names = [column[0] for column in found.description]
        return [names, *([("" if value is None else str(value)) for value in row] for row in found.fetchall())]


def test_every_question_is_asked_in_sql_and_with_a_macro() -> None:
    languages = [language for language, _, _ in QUERIES]
    assert (languages.count("sql"), languages.count("jinja")) == (4, 3)
    for macro in ("as_known", "is_known", "presence_as_known"):
        assert any(f"{{{{ {macro}(" in code for language, code, _ in QUERIES if language == "jinja"), macro


@pytest.mark.parametrize(("language", "code", "expected"), QUERIES)
def test_documented_query_gives_what_stands_below_it(
    good_night: GoodNight, language: str, code: str, expected: list[list[str]]
) -> None:
    if language == "jinja":
        code = run_dbt("compile", "--inline", code).results[0].node.compiled_code
    assert given_by(good_night.database, code) == expected


def registered_in(documents: DocumentsFolder) -> list[dict[str, Any]]:
    """The entries of the register."""
    entries: list[dict[str, Any]] = yaml.safe_load((documents.folder / REGISTER_NAME).read_text("utf-8"))["documents"]
    return entries


def write_register(documents: DocumentsFolder, entries: list[dict[str, Any]]) -> None:
    """Register these documents, in this order."""
    documents.edit_register(lambda _: yaml.safe_dump({"documents": entries}, allow_unicode=True))


def read(folder: Path) -> None:
    """The first stage of the nightly job, on the documents of a folder."""
    keys = dg.AssetSelection.groups("documents", "raw").resolve(defs.resolve_asset_graph())
    with dg.DagsterInstance.get() as instance:
        night = defs.resolve_job_def("nightly").execute_in_process(
            asset_selection=sorted(keys),
            run_config={
                "resources": {"documents": {"config": {"folder": str(folder)}}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            instance=instance,
        )
    assert night.success


def build(*options: str) -> list[str]:
    """The second stage, by dbt's own command, with what else it is told: every node that failed or was left out.

    A warning is no failure: what a text states may contradict a revision of the tables.
    """
    return [
        f"{each.node.name}: {each.message}" for each in run_dbt("build", *options).results if each.status not in DONE
    ]


def arrive_in_disorder(documents: DocumentsFolder, entries: list[dict[str, Any]], seed: int) -> None:
    """Register and read some of the documents one night, all of them the next, in an order of chance; then build."""
    chance = random.Random(seed)  # noqa: S311  (a sample of orders, no secret)
    chance.shuffle(entries)
    for document in entries:
        chance.shuffle(document["files"])
    for arrived in (chance.randrange(1, len(entries)), len(entries)):
        write_register(documents, entries[:arrived])
        read(documents.folder)
    assert build("--exclude", "resource_type:test", "resource_type:unit_test") == []


def differences(database: Path) -> list[dict[str, Any]]:
    """Tables of the build file that do not have the same rows as those of another file."""
    compared = changes(database, paths.build_file())
    assert {"core.dim_office", "kpi.presence_gap", "meta.source_row"} <= {table["table_name"] for table in compared}
    return [table for table in compared if table["added"] or table["removed"] or table["changed"]]


@pytest.mark.parametrize("seed", [7, 9])
def test_documents_that_arrive_late_and_in_any_order_give_the_same_tables(
    good_night: GoodNight, own_data_folder: Path, documents: DocumentsFolder, seed: int
) -> None:
    arrive_in_disorder(documents, registered_in(documents), seed)
    assert differences(good_night.database) == []


REPORT, REVISION = "af-final-report-2020-10-23", "af-revision-2020-11-20"


def with_revision(documents: DocumentsFolder) -> list[dict[str, Any]]:
    """The register with a revision of the final report, as of the same day, published four weeks later.

    It closes Boden later, finds its collaboration in use, and knows of no earlier office in Hässleholm.
    """
    registered = registered_in(documents)
    (report,) = (document for document in registered if document["id"] == REPORT)
    files = []
    for table, old, new in (
        (
            "closing_offices",
            "2019-12-01 Nej Samarbetslösning Nej (ÖK om avtal finns)",
            "2019-12-15 Nej Samarbetslösning Ja (avtal kommun finns)",
        ),
        ("service_centre_rollout", "Hässleholm Avvecklat", "Hässleholm Inget kontor sedan tidigare"),
    ):
        (file,) = (each for each in report["files"] if table in each["tables"])
        before = (documents.folder / file["file"]).read_text("utf-8")
        after = before.replace(old, new, 1).encode()
        assert after != before.encode()
        (documents.folder / f"{table}.txt").write_bytes(after)
        files.append(file | {"file": f"{table}.txt", "sha256": sha256_of(after)})
    revision = report | {"id": REVISION, "published": date(2020, 11, 20), "files": files}
    return [*registered, revision]


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build file of a night with the revision, checked by every data test."""
    folder = tmp_path_factory.mktemp("revised")
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        use_data_folder(patch, folder / "data")
        documents = copy_of_documents(folder / "documents")
        write_register(documents, with_revision(documents))
        read(documents.folder)
        assert build("--exclude", "resource_type:unit_test") == []
        file = paths.build_file()
    os.environ.clear()
    os.environ.update(before)
    return file


@pytest.mark.parametrize(
    ("table", "thing", "said", "first", "second"),
    [
        ("fct_office_closing", "office_id = 'af-boden'", "closes_on", "2019-12-01", "2019-12-15"),
        ("fct_collaboration_state", "office_id = 'af-boden'", "agreement", "agreed", "in_use"),
        ("fct_service_launch", "service_centre_id = 'ssc-hässleholm'", "office_status", "closed", "none_before"),
    ],
)
def test_what_a_revision_replaces_stays_known_until_its_publication(
    revised: Path, table: str, thing: str, said: str, first: str, second: str
) -> None:
    sql = f"select document_id, {said}, known_from, known_to from core.{table} where {thing} order by known_from"
    assert given_by(revised, sql)[1:] == [
        [REPORT, first, "2020-10-23", "2020-11-20"],
        [REVISION, second, "2020-11-20", ""],
    ]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select count(*), count(distinct office_id) from core.fct_office_plan", ["249", "238"]),
        ("select closes_on from core.dim_office where office_id = 'af-boden'", ["2019-12-15"]),
        (
            "select planned, in_use from kpi.agreement_completion where scope = 'national' and basis = 'rows'",
            ["102", "30"],
        ),
        ("select max(cumulative_existing) from kpi.service_centre_rollout", ["117"]),
        ("select gap_days_max from kpi.presence_gap where office_id = 'af-boden' and as_of = '2021-03-15'", ["305"]),
    ],
)
def test_tables_follow_the_revision_and_count_nothing_twice(revised: Path, sql: str, expected: list[str]) -> None:
    assert given_by(revised, sql)[1:] == [expected]


def test_presence_as_known_follows_the_revision_from_its_publication_on(revised: Path, good_night: GoodNight) -> None:
    days = "(select unnest([date '2020-11-19', date '2020-11-20']) as known_on, date '2019-12-10' as as_of)"
    asked = f"select known_on, is_open from {{{{ presence_as_known(\"{days}\") }}}} where office_id = 'af-boden'"
    sql = run_dbt("compile", "--inline", f"{asked} order by known_on").results[0].node.compiled_code
    assert given_by(revised, sql)[1:] == [["2020-11-19", "False"], ["2020-11-20", "True"]]


def test_a_revision_that_arrives_in_any_order_gives_the_same_tables(
    revised: Path, own_data_folder: Path, documents: DocumentsFolder
) -> None:
    arrive_in_disorder(documents, with_revision(documents), seed=9)
    assert differences(revised) == []
