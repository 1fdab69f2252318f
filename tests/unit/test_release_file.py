"""What of the build file is published."""

from pathlib import Path

import duckdb

from orchestration.release_file import copy_published


def test_a_table_whose_model_is_gone_is_published_no_more(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "build.duckdb")) as build:
        for schema in ("core", "kpi", "meta"):
            build.execute(f"create schema {schema}")
        for table in ("presence", "left_by_another_branch"):
            build.execute(f"create table kpi.{table} as select 1 as offices")
            build.execute(f"comment on table kpi.{table} is 'Of offices.'")
            build.execute(f"comment on column kpi.{table}.offices is 'How many.'")
        build.execute(
            """create table meta.table_column as
               from (values ('kpi', 'presence'), ('meta', 'table_column')) as described (schema_name, table_name)"""
        )

    copied = copy_published(tmp_path / "build.duckdb", tmp_path / "release.duckdb")

    with duckdb.connect(str(tmp_path / "release.duckdb"), read_only=True) as release:
        there = release.execute("select schema_name || '.' || table_name from duckdb_tables() order by all").fetchall()
        comments = release.execute("select comment from duckdb_columns() where comment is not null").fetchall()
    assert [name for (name,) in there] == [table.address for table in copied] == ["kpi.presence", "meta.table_column"]
    assert comments == [("How many.",)]
