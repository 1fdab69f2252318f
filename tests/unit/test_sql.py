"""What is quoted stays what it is, and a data folder or a column may have any name that a system allows."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration import disclosure_memory, feed_months, landing, paths
from orchestration.deliveries import Kind, Status
from orchestration.feed_months import bring_up_to_date
from orchestration.release_changes import changes, record_changes
from orchestration.release_file import append_from, copy_published, export, tables_of
from orchestration.trace import NoSuchFigure, read_trace
from sources.sql import file_literal, identifier, identifiers, literal
from tests.feeds import plain, samples

ODD = """it's a "data"; drop -- [1] {x} a=b 100% *"""
HOSTILE = """x" y' ; drop table core.t; -- [1]*"""
COLUMNS = (HOSTILE, "select", "a\nb", "ö")

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)


@given(text)
def test_a_text_is_the_same_in_sql(said: str) -> None:
    with duckdb.connect() as connection:
        assert connection.execute(f"select {literal(said)}").fetchall() == [(said,)]


@given(text)
def test_a_name_is_the_same_in_sql(name: str) -> None:
    with duckdb.connect() as connection:
        assert connection.execute(f"select 1 as {identifier(name)}").description[0][0] == name


def test_an_address_and_a_list_are_quoted_part_by_part() -> None:
    assert identifier("kpi", 'pre"sence') == '"kpi"."pre""sence"'
    assert identifiers(["a", 'b"']) == '"a", "b"""'


def test_a_file_is_no_pattern(tmp_path: Path) -> None:
    for name in ("a1.parquet", "a[1].parquet"):
        pl.DataFrame({"name": [name]}).write_parquet(tmp_path / name)
    with duckdb.connect() as connection:
        found = connection.execute(f"from read_parquet({file_literal(tmp_path / 'a[1].parquet')})").fetchall()
    assert found == [("a[1].parquet",)]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NARVARO_DATA", str(tmp_path / ODD))
    monkeypatch.setenv("NARVARO_CONTACT_KEY", "a key of made-up contacts")
    landing.make_folders()
    return tmp_path / ODD


def drop(kind: Kind, name: str) -> Path:
    return paths.landing_folder() / kind / name


CONTACT = {
    "contact_id": "7001",
    "occurred_at": "2020-01-31 09:15:00",
    "municipality_code": "0180",
    "office": "Af Globen",
    "group": "all",
    "channel": "visit_booked",
}


def test_feeds_come_through_a_folder_and_columns_of_any_name(data: Path) -> None:
    drop(Kind.REGISTRATIONS, f"{HOSTILE}.csv".replace("/", "")).write_bytes(samples.registrations())
    plain.write_workbook(drop(Kind.REGISTRATIONS, "it's.xlsx"))
    plain.write_parquet(drop(Kind.REGISTRATIONS, "it's.parquet"))
    further = {"it's": "o'hara", '"quoted"': '"; --', HOSTILE: "x"}
    contacts = pl.DataFrame([CONTACT | further])
    contacts.write_parquet(drop(Kind.CONTACTS, "[a]*.parquet"))
    contacts.with_columns(contact_id=pl.lit("7002")).write_csv(drop(Kind.CONTACTS, 'it\'s; "so".csv'))

    taken = landing.take_all(settle_seconds=0)

    assert {each.name: (each.status, each.message) for each in taken if each.status is not Status.ACCEPTED} == {}
    assert len(taken) == 5
    for again in (False, True):
        if again:  # what can be made anew is: months, and rows, from the store
            for each in taken:
                landing.rows_of(each).unlink(missing_ok=True)
            assert feed_months.rebuild(Kind.REGISTRATIONS, feed_months._months(Kind.REGISTRATIONS)).problems == []
        else:
            assert bring_up_to_date().problems == []
        paths.build_file().parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(paths.build_file())) as connection:
            rows = feed_months.write_raw_tables(connection)
            assert rows["registrations"] > 500
            assert connection.execute("select sum(rows_received) from raw.contacts").fetchall() == [(2,)]
        sha256 = taken[-1].stored_as or ""
        stored = pl.read_parquet(paths.store_folder() / sha256[:2] / sha256, glob=False)
        assert {*further} <= {*stored.columns}


def build(file: Path, *values: int) -> Path:
    """A file with a table and columns of any name, some of them in its key."""
    table = identifier("core", f"dim {HOSTILE}")
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema core; create schema kpi; create schema meta")
        connection.execute(
            f"create table {table} ({', '.join(f'{identifier(each)} bigint' for each in COLUMNS)},"
            f" primary key ({identifiers(COLUMNS[:2])}))"
        )
        connection.execute(f"comment on table {table} is {literal(HOSTILE)}")
        connection.execute(f"comment on column {table}.{identifier(HOSTILE)} is {literal(HOSTILE)}")
        connection.execute(
            "create table meta.change (release_id varchar, table_name varchar, rows_before bigint, rows_after bigint,"
            " added bigint, removed bigint, changed bigint, summary varchar);"
            "create table meta.changed_row (release_id varchar, table_name varchar, row_key varchar, kind varchar,"
            " column_name varchar, value_before varchar, value_after varchar);"
            "create table meta.table_column as select schema_name, table_name from duckdb_tables()"
        )
        connection.execute(f"insert into {table} values (1, 2, 3, ?), (2, 3, 4, ?)", list(values))
    return file


def test_a_release_comes_through_a_folder_tables_and_columns_of_any_name(data: Path) -> None:
    folder = data / "releases"
    folder.mkdir()
    before, after = folder / "before.duckdb", folder / "after.duckdb"
    copy_published(build(folder / "first.duckdb", 4, 5), before)
    copy_published(build(folder / "second.duckdb", 4, 6), after)

    (of_rows,) = [each for each in changes(before, after) if each["table_name"].startswith("core")]
    assert (of_rows["added"], of_rows["removed"], of_rows["changed"]) == (0, 0, 1)
    record_changes(before, after, "today's")
    with duckdb.connect(str(after)) as connection:
        append_from(connection, before, ["meta.change"])
        told = connection.execute("select row_key, column_name, value_before, value_after from meta.changed_row")
        assert told.fetchall() == [("2 / 3", "ö", "5", "6")]
        table = next(each for each in tables_of(connection, "after") if each.schema == "core")
        assert table.columns == COLUMNS
        assert connection.execute("select comment from duckdb_tables() where schema_name = 'core'").fetchall() == [
            (HOSTILE,)
        ]
    assert set(export(after, folder)) == {f"core.dim {HOSTILE}", "meta.change", "meta.changed_row", "meta.table_column"}


def test_what_is_remembered_stands_in_a_folder_of_any_name(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths.build_file().parent.mkdir(parents=True, exist_ok=True)
    queries = {"released_contact_months": "select date '2020-01-01' as report_month"}
    monkeypatch.setattr(disclosure_memory, "REMEMBERED", queries)
    with duckdb.connect(str(paths.build_file())):
        pass
    disclosure_memory.remember(paths.build_file())
    with duckdb.connect(str(paths.build_file())) as connection:
        disclosure_memory.write_raw_tables(connection)
        assert connection.execute("select count(*) from raw.released_contact_months").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "asked",
    [
        {"table": "meta.metric; drop table meta.metric"},
        {"table": 'kpi."presence"'},
        {"scope": "county' or true --"},
        {"code": "25' or true --"},
        {"further_key": {'a" = 1 or "a': "1"}},
        {"further_key": {"part": "' or true --"}},
        {"metric": "offices; drop table meta.metric"},
    ],
)
def test_a_trace_asks_for_nothing_but_what_is_there(tmp_path: Path, asked: dict[str, Any]) -> None:
    file = tmp_path / "it's.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            """create schema core; create schema kpi; create schema meta;
            create table meta.metric (table_name varchar, metric varchar, unit varchar, scopes varchar,
                counted varchar, computed varchar, numerator varchar, denominator varchar, same_as varchar,
                same_as_at varchar, untraced varchar);
            insert into meta.metric (table_name, metric) values ('kpi.presence', 'offices');
            create table core.dim_municipality_scope (scope varchar, scope_code varchar, scope_name varchar);
            insert into core.dim_municipality_scope values ('county', '25', 'Norrbottens län');
            create table kpi.presence (scope varchar, scope_code varchar, as_of date, part varchar, offices bigint,
                primary key (scope, scope_code, as_of, part));
            insert into kpi.presence values ('county', '25', '2020-01-01', 'all', 1);"""
        )
    with pytest.raises(NoSuchFigure):
        read_trace(file, **{"table": "kpi.presence", "scope": "county", "code": "25", **asked})
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute("select count(*) from meta.metric").fetchall() == [(1,)]
