"""The raw tables that deliveries, feeds and earlier releases fill: their columns, and writing them, empty at first.

Belongs here: the shape of these tables, so that dbt finds them on every night. Does not belong here: what the rows are,
and the views of contacts (`contact_months`).
"""

import glob
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from sources.sql import identifier, literal

RAW_FEED_TABLES: dict[str, str] = {
    "deliveries": """
        delivery_id VARCHAR,
        delivery_number BIGINT,
        name VARCHAR,
        sha256 VARCHAR,
        size_bytes BIGINT,
        kind VARCHAR,
        layout VARCHAR,
        document_id VARCHAR,
        received_at TIMESTAMP,
        status VARCHAR,
        message VARCHAR,
        rows_received BIGINT,
        rows_valid BIGINT,
        rows_quarantined BIGINT
    """,
    "feed_quarantine": """
        delivery_id VARCHAR,
        table_name VARCHAR,
        rule VARCHAR,
        reason VARCHAR,
        "rows" BIGINT,
        sample VARCHAR,
        received_on DATE
    """,
    "registrations": """
        delivery_id VARCHAR,
        delivery_number BIGINT,
        layout VARCHAR,
        sheet VARCHAR,
        row_number BIGINT,
        report_month DATE,
        area VARCHAR,
        county_code VARCHAR,
        municipality_code VARCHAR,
        visitor_group VARCHAR,
        registered_min BIGINT,
        registered_max BIGINT,
        is_suppressed BOOLEAN
    """,
    "released_contact_months": """
        report_month DATE
    """,
    "released_registrations": """
        cell VARCHAR,
        layout VARCHAR,
        report_month DATE,
        visitor_group VARCHAR,
        division VARCHAR,
        area VARCHAR,
        place VARCHAR,
        county_code VARCHAR,
        municipality_code VARCHAR,
        registered_min BIGINT,
        registered_max BIGINT,
        low BIGINT,
        high BIGINT,
        is_open BOOLEAN,
        is_closed BOOLEAN,
        is_small BOOLEAN,
        is_shown BOOLEAN,
        delivery_id VARCHAR
    """,
    "released_pools": """
        subject VARCHAR,
        report_month DATE,
        cell VARCHAR,
        number BIGINT,
        pool VARCHAR
    """,
}
"""Columns and types of each raw table of the feeds, as DuckDB's DDL has them between the brackets."""


def columns(table: str) -> list[str]:
    """Names of the columns of a raw table of the feeds."""
    return [line.split()[0].strip('"') for line in RAW_FEED_TABLES[table].strip().splitlines()]


def replace(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, object]]) -> None:
    """Make the table anew with these rows; a column that a row does not have is null."""
    _make(connection, table)
    names = columns(table)
    values = [[row.get(name) for name in names] for row in rows]
    if values:
        marks = ", ".join("?" for _ in names)
        connection.executemany(f"insert into raw.{identifier(table)} values ({marks})", values)


def replace_from_parquet(
    connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path], *, in_months: bool
) -> None:
    """Make the table anew with the rows of Parquet files, which may stand in folders by month."""
    _make(connection, table)
    folders = (
        "hive_partitioning = true, hive_types = {'report_month': date}" if in_months else "hive_partitioning = false"
    )
    ours = ", ".join(map(literal, columns(table)))  # a folder above them, such as `a=b`, would be a column as well
    if files:
        connection.execute(
            f"insert into raw.{identifier(table)} by name"
            f" select columns(lambda name: name in ({ours})) from read_parquet(?, {folders})",
            [[glob.escape(str(file)) for file in files]],
        )


def _make(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.execute("create schema if not exists raw")
    connection.execute(f"create or replace table raw.{identifier(table)} ({RAW_FEED_TABLES[table]})")
