"""From a figure to the rows of documents behind it: the command, the SQL of the documentation, and the table."""

import csv
import io
import json
import re
import shlex
from pathlib import Path
from shutil import copyfile
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner, Result

from orchestration import paths
from orchestration.cli import app
from orchestration.manifest import load_manifest
from orchestration.metrics import KpiTable, load_kpi_tables
from orchestration.reference_docs import command, condition
from tests.integration.conftest import GoodNight

FENCED_SQL = re.compile(r"```sql\n(.*?)```", re.DOTALL)
WIDTH = 100


def narvaro(words: str) -> Result:
    return CliRunner().invoke(app, shlex.split(words.removeprefix("narvaro ")))


def traced(words: str) -> dict[str, Any]:
    told = narvaro(f"trace {words} --format json")
    assert told.exit_code == 0, told.output
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def refused(words: str) -> str:
    """What the command says to wrong usage, on one line."""
    told = narvaro(f"trace {words}")
    assert told.exit_code == 2
    return re.sub(r"[\s│]+", " ", told.output)


def query(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def tables(good_night: GoodNight) -> list[KpiTable]:
    assert good_night.night.is_good
    return load_kpi_tables(load_manifest())


def test_offices_of_a_county_are_told_with_document_page_line_and_text(good_night: GoodNight) -> None:
    told = narvaro("trace kpi.presence --scope county --code 25 --as-of 2020-10-31")
    assert told.exit_code == 0, told.output
    assert re.search(r"^kpi\.presence +Norrbottens län \(county 25\) · as_of 2020-10-31$", told.output, re.MULTILINE)
    assert re.search(r"^offices +11 +offices +count\(distinct subject\)", told.output, re.MULTILINE)
    assert re.search(
        r"^  Af Kiruna +af-final-report-2020-10-23 +Norrbottens län Nord Kiruna Af Kiruna.*\n +page 51, line 3534 ",
        told.output,
        re.MULTILINE,
    )
    assert max(map(len, told.output.splitlines())) <= WIDTH


def test_every_figure_is_counted_from_the_rows_that_the_command_gives(good_night: GoodNight) -> None:
    found = traced("presence --scope county --code 25 --as-of 2020-10-31")
    for figure in found["figures"]:
        if figure["counted"] == "count(distinct subject)" and figure["value"] is not None:
            subjects = {row["subject"] for row in found["trace"] if row["metric"] == figure["metric"]}
            assert len(subjects) == figure["value"], figure["metric"]
    assert {row["document_id"] for row in found["trace"]} >= {"af-final-report-2020-10-23", "af-news-2020-06-15"}


def test_one_metric_is_traced_with_those_that_it_is_computed_from(good_night: GoodNight) -> None:
    only = traced("presence --scope county --code 25 --as-of 2020-10-31 --metric staffed")
    assert {row["metric"] for row in only["trace"]} == {"staffed"}
    share = traced("agreement_completion --as-of 2020-10-15 --key basis=rows --metric completion_share")
    assert [figure["metric"] for figure in share["figures"]] == ["planned", "in_use", "completion_share"]
    told = narvaro("trace agreement_completion --as-of 2020-10-15 --key basis=rows --metric completion_share").output
    assert re.search(r"completion_share +0\.284314 +share +in_use / planned = 29 / 102", told)


def test_a_figure_taken_over_from_another_table_leads_to_the_rows_there(good_night: GoodNight) -> None:
    repeated = traced("overview --as-of 2020-10-15 --metric plan_kept")
    origin = traced("office_plan --as-of 2020-06-15 --metric kept")
    assert repeated["figures"][0]["same_as"] == "kpi.office_plan.kept"
    rows = [{**row, "metric": "plan_kept"} for row in origin["trace"]]
    assert repeated["trace"] == rows
    assert len({row["subject"] for row in rows}) == 112


def test_a_figure_without_rows_says_so(good_night: GoodNight) -> None:
    told = narvaro("trace overview --as-of 2020-10-15 --metric municipalities_never_with_office").output
    assert "No row of a document stands behind it." in told
    assert "no row of Bilaga 4 or 5" in re.sub(r"\s+", " ", told)


def test_csv_and_json_hold_the_same_rows(good_night: GoodNight) -> None:
    words = "trace presence --scope municipality --code Kiruna --as-of 2020-10-31 --format"
    by_csv = list(csv.DictReader(io.StringIO(narvaro(f"{words} csv").stdout)))
    by_json = json.loads(narvaro(f"{words} json").stdout)["trace"]
    assert by_csv == [{name: "" if each is None else str(each) for name, each in row.items()} for row in by_json]
    assert by_csv


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("kpi.presense", r"There is no table kpi\.presense\. Did you mean kpi\.presence"),
        ("presence --scope conty --code 25", r"kpi\.presence has no scope conty\. Did you mean county\?"),
        ("presence --scope county", r"Say which county with --code: 01 Stockholms län, 03 Uppsala län"),
        ("presence --scope county --code Norbotten", r"no county Norbotten\. Did you mean 25 Norrbottens län"),
        ("presence --as-of 2020-10-30", r"no as_of 2020-10-30\. The nearest: 2020-10-15, 2020-10-31\."),
        ("presence --metric staf", r"no metric staf\. Did you mean staffed\?"),
        ("presence --key basis=rows", r"kpi\.presence has no further key basis\. It has none\."),
        ("visit_change", r"several such rows\. Add --key visitor_group=…: all, disability"),
        ("visit_change --key visitor_group=youth", r"no visitor_group youth here\. Did you mean youth_guarantee"),
        ("visit_change --as-of 2020-01-01", r"The key of kpi\.visit_change holds no date: leave out --as-of\."),
        ("agreement_completion --scope municipality --code 0114", r"no row for Upplands Väsby \(municipality 0114\)"),
    ],
)
def test_what_was_mistyped_is_told_with_what_there_is(good_night: GoodNight, words: str, told: str) -> None:
    assert re.search(told, refused(words))


def test_before_the_first_release_the_command_says_what_to_run(own_data_folder: Path) -> None:
    told = narvaro("trace kpi.presence")
    assert told.exit_code == 1
    assert "Nothing is published yet. Run narvaro run (or make run)." in told.output


def test_command_and_sql_of_every_table_give_the_same_rows(good_night: GoodNight, tables: list[KpiTable]) -> None:
    (select,) = FENCED_SQL.findall((paths.ROOT / "docs" / "kpis.md").read_text("utf-8"))[:1]
    for table in tables:
        found = json.loads(narvaro(f"{command(table)} --format json").stdout)
        given = {figure["metric"] for figure in found["figures"]}  # in this scope
        repeated = {figure["metric"] for figure in found["figures"] if figure["same_as"]}
        names = ("metric", "subject_name", "row_value", "document_id", "page", "line_from", "raw_text")
        by_command = [tuple(row[name] for name in names) for row in found["trace"] if row["metric"] not in repeated]
        rows = query(good_night.database, f"{select.partition('where ')[0]} where {condition(table)}")
        by_sql = [row for row in rows if row[0] in given]
        assert sorted(map(str, by_command)) == sorted(map(str, by_sql)), table.address
        assert found["trace"], table.address


def test_figures_recomputed_by_hand_are_the_published_ones(good_night: GoodNight) -> None:
    statements = FENCED_SQL.findall((paths.ROOT / "docs" / "recomputed.md").read_text("utf-8"))
    assert len(statements) == 3
    for statement in statements:
        ((figure, by_hand),) = query(good_night.database, statement)
        assert list(map(float, figure)) == list(map(float, by_hand)), statement


@pytest.mark.parametrize("page", ["README.md", "docs/kpis.md", "docs/recomputed.md"])
def test_sql_that_the_pages_show_runs_and_finds_rows(good_night: GoodNight, page: str) -> None:
    statements = [each for each in FENCED_SQL.findall((paths.ROOT / page).read_text("utf-8")) if "select" in each]
    assert statements
    for statement in statements:
        assert query(good_night.database, statement), statement


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        ("delete from meta.trace where {presence} and subject = 'af-kiruna'", "staffed"),
        ("update meta.trace set as_of = '2020-10-14' where {presence} and metric = 'agreed'", "agreed"),
        (
            "insert into meta.trace select * replace ('made_up' as metric) from meta.trace where {presence} limit 1",
            "made_up",
        ),
    ],
)
def test_a_trace_that_does_not_give_the_figure_fails(
    good_night: GoodNight, tmp_path: Path, spoil: str, found: str
) -> None:
    compiled = paths.dbt_invocations_folder().rglob("compiled/**/presence_is_what_its_trace_says.sql")
    test = max(compiled, key=lambda file: file.stat().st_mtime).read_text("utf-8")
    copyfile(good_night.data / "build" / "narvaro.duckdb", tmp_path / "narvaro.duckdb")
    with duckdb.connect(str(tmp_path / "narvaro.duckdb")) as connection:
        assert connection.execute(test).fetchall() == []
        connection.execute(spoil.format(presence="table_name = 'kpi.presence'"))
        assert found in {row[0] for row in connection.execute(test).fetchall()}
