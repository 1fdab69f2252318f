"""What two published files differ in: counts, rows, and what became of offices, on small files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import release_changes, release_file
from orchestration.release_changes import changed_rows, changes, record_changes

META = """
    create table meta.change (release_id varchar, table_name varchar, rows_before bigint, rows_after bigint,
        added bigint, removed bigint, changed bigint, summary varchar, primary key (release_id, table_name));
    create table meta.changed_row (release_id varchar, table_name varchar, row_key varchar, kind varchar,
        column_name varchar, value_before varchar, value_after varchar,
        primary key (release_id, table_name, row_key, column_name));
"""
REGISTRATIONS = """
    create table core.fct_registration (municipality_code varchar, report_month date, registered bigint,
        is_suppressed boolean, primary key (municipality_code, report_month));
    insert into core.fct_registration values
        ('0114', '2021-02-01', 1200, false), ('0114', '2021-03-01', 1180, false), ('2584', '2021-03-01', null, true);
"""
OFFICES = """
    create table core.dim_office (office_id varchar primary key, office varchar, plan varchar, form varchar,
        municipality_code varchar, closes_on date);
    insert into core.dim_office values
        ('af-boden', 'Af Boden', 'closing', null, '2582', '2019-12-01'),
        ('af-kalix', 'Af Kalix', 'kept', 'staffed', '2514', null),
        ('af-pajala', 'Af Pajala', 'kept', 'staffed', '2521', null),
        ('af-lund', 'Af Lund', 'closing', null, '1281', '2020-12-01'),
        ('af-älvsbyn', 'Af Älvsbyn', 'kept', 'travel_to', '2560', null);
"""

Files = Callable[..., tuple[Path, Path]]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Two files that are equal but for what is done to the second one."""

    def made(content: str, *afterwards: str) -> tuple[Path, Path]:
        paths = (tmp_path / "before.duckdb", tmp_path / "after.duckdb")
        for path, statements in zip(paths, ((), afterwards), strict=True):
            with duckdb.connect(str(path)) as connection:
                connection.execute("create schema core; create schema kpi; create schema meta;" + META + content)
                for statement in statements:
                    connection.execute(statement)
        return paths

    return made


def rows_of(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def listed_rows(before: Path | None, after: Path) -> list[tuple[Any, ...]]:
    record_changes(before, after, "today")
    return rows_of(after, "select * exclude (release_id) from meta.changed_row order by all")


def test_one_changed_number_is_one_changed_row_and_nothing_else(files: Files) -> None:
    redelivered = "update core.fct_registration set registered = 1181 where registered = 1180"
    before, after = files(REGISTRATIONS, redelivered)
    assert listed_rows(before, after) == [
        ("core.fct_registration", "0114 / 2021-03-01", "changed", "registered", "1180", "1181")
    ]
    assert rows_of(after, "select * exclude (summary) from meta.change") == [
        ("today", "core.fct_registration", 3, 3, 0, 0, 1)
    ]


def test_every_changed_column_is_a_row_and_a_null_is_a_value(files: Files) -> None:
    told = "update core.fct_registration set registered = 3, is_suppressed = false where is_suppressed"
    assert listed_rows(*files(REGISTRATIONS, told)) == [
        ("core.fct_registration", "2584 / 2021-03-01", "changed", "is_suppressed", "true", "false"),
        ("core.fct_registration", "2584 / 2021-03-01", "changed", "registered", None, "3"),
    ]


def test_added_and_removed_rows_are_whole(files: Files) -> None:
    before, after = files(
        REGISTRATIONS,
        "delete from core.fct_registration where report_month = '2021-02-01'",
        "insert into core.fct_registration values ('0115', '2021-02-01', 9, false)",
    )
    assert listed_rows(before, after) == [
        ("core.fct_registration", "0114 / 2021-02-01", "removed", "*", None, None),
        ("core.fct_registration", "0115 / 2021-02-01", "added", "*", None, None),
    ]


def test_equal_files_differ_in_nothing_and_the_first_release_lists_no_rows(files: Files) -> None:
    before, after = files(REGISTRATIONS)
    assert listed_rows(before, after) == []
    assert changes(before, after)[0]["changed"] == 0
    first = changes(None, after)
    assert [(each["rows_before"], each["added"], each["summary"]) for each in first] == [(None, 3, None)]
    with duckdb.connect(str(after)) as connection:
        connection.execute("delete from meta.change")
    assert listed_rows(None, after) == []


def test_rows_of_kpi_tables_and_of_new_tables_are_counted_and_not_listed(files: Files) -> None:
    kpi = "create table kpi.presence as select 1 as as_of"
    before, after = files(
        kpi, "insert into kpi.presence values (2)", "create table core.dim_new as select 1 as id union all select 2"
    )
    assert listed_rows(before, after) == []
    assert rows_of(after, "select table_name, added from meta.change order by all") == [
        ("core.dim_new", 2),
        ("kpi.presence", 1),
    ]


def test_a_table_without_a_key_or_with_another_one_loses_no_night(files: Files) -> None:
    content = "create table core.keyless as select 1 as a, 'x' as b; create table core.rekeyed (a int primary key);"
    before, after = files(
        content,
        "insert into core.keyless values (1, 'y'), (1, 'y')",
        "drop table core.rekeyed",
        "create table core.rekeyed (a int, b int, primary key (a, b))",
        "insert into core.rekeyed values (1, 1), (1, 2)",
    )
    assert listed_rows(before, after) == [("core.keyless", "1 / y", "added", "*", None, None)]


def test_listed_rows_are_the_first_by_key_and_the_counts_are_exact(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_changes, "CHANGED_ROWS", 10)
    content = "create table core.many (id varchar primary key, a int, b int);"
    content += "insert into core.many select 'k' || lpad(i::varchar, 4, '0'), i, i from range(1000) t(i)"
    before, after = files(content, "update core.many set a = -1 - a, b = -1 - b")
    listed = listed_rows(before, after)
    assert [(row[1], row[3]) for row in listed] == [(f"k{at:04}", name) for at in range(5) for name in "ab"]
    assert rows_of(after, "select changed from meta.change") == [(1000,)]


def test_a_million_rows_are_compared(files: Files) -> None:
    content = "create table core.many (id int primary key, a int, b varchar);"
    content += "insert into core.many select i, i, 'text' from range(1000000) t(i)"
    before, after = files(content, "update core.many set a = a + 1 where id % 2 = 0")
    assert len(listed_rows(before, after)) == release_changes.CHANGED_ROWS
    assert rows_of(after, "select added, removed, changed from meta.change") == [(0, 0, 500000)]


def test_a_table_that_is_gone_or_new_says_so_by_a_null_and_loses_or_gains_all_its_rows(files: Files) -> None:
    content = "create table kpi.gone as select 1 as a union all select 2;"
    before, after = files(content, "drop table kpi.gone", "create table kpi.come as select 1 as a")
    record_changes(before, after, "today")
    assert rows_of(
        after, "select table_name, rows_before, rows_after, added, removed from meta.change order by all"
    ) == [
        ("kpi.come", None, 1, 1, 0),
        ("kpi.gone", 2, None, 0, 2),
    ]


def test_columns_that_come_go_or_change_their_type_are_not_compared(files: Files) -> None:
    content = "create table kpi.visits (id int primary key, visits varchar, rate double, note varchar);"
    content += "insert into kpi.visits values (1, '11', 0.5, 'a'), (2, '12', 0.5, 'b');"
    before, after = files(
        content,
        "drop table kpi.visits",
        "create table kpi.visits (id int primary key, visits bigint, rate double, visits_sv varchar)",
        "insert into kpi.visits values (1, 11, 0.5, 'x'), (2, 99, 0.25, 'y')",
    )
    (row,) = changed_rows(before, after, ["kpi.visits"], most=10)
    assert (row.row_key, row.kind, row.column, row.before, row.after, row.is_number) == (
        *("2", "changed", "rate", "0.5", "0.25"),
        True,
    )


def test_changes_of_offices_are_told_in_words(files: Files) -> None:
    before, after = files(
        OFFICES,
        "update core.dim_office set plan = 'kept', form = 'travel_to', closes_on = null where office_id = 'af-boden'",
        "update core.dim_office set plan = 'closing', closes_on = '2021-11-01' where office_id = 'af-kalix'",
        "update core.dim_office set plan = null where office_id = 'af-pajala'",
        "update core.dim_office set closes_on = '2021-12-01' where office_id = 'af-lund'",
        "update core.dim_office set municipality_code = '2581', form = 'staffed' where office_id = 'af-älvsbyn'",
        "insert into core.dim_office values ('af-järna', 'Af Järna', 'kept', 'staffed', '0181', null)",
    )
    ((_, told),) = [(each["table_name"], each["summary"]) for each in changes(before, after)]
    assert told == (
        "1 added: Af Järna; 1 removed: Af Pajala; 1 reinstated: Af Boden; 1 to close: Af Kalix; 1 moved: Af Älvsbyn; "
        "1 with another form: Af Älvsbyn; 1 with another day of closing: Af Lund"
    )


def test_many_changed_offices_are_counted_and_the_first_ones_named(files: Files) -> None:
    values = ", ".join(f"('{each}', 'Af {each}', 'kept', 'staffed', '0180', null)" for each in "abcdefghijkl")
    before, after = files(OFFICES, f"insert into core.dim_office values {values}")
    named = ", ".join(f"Af {each}" for each in "abcdefghij")
    assert changes(before, after)[0]["summary"] == f"12 added: {named} …"
    assert changes(after, after)[0]["summary"] is None


def test_history_of_a_release_that_knew_fewer_tables_is_taken_over_as_far_as_it_goes(files: Files) -> None:
    before, after = files(REGISTRATIONS)
    record_changes(None, before, "yesterday")
    with duckdb.connect(str(before)) as connection:
        connection.execute("drop table meta.changed_row")
    with duckdb.connect(str(after)) as connection:
        release_file.append_from(connection, before, ("meta.change", "meta.changed_row"))
    assert rows_of(after, "select release_id from meta.change") == [("yesterday",)]
