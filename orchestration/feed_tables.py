"""The raw tables that the monthly feeds fill: their columns, and empty ones where no feed has arrived yet.

Belongs here: the shape of these tables, so that dbt finds them on every night. Does not belong here: reading a feed,
writing its rows.
"""

import duckdb

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
    "contacts": """
        report_month DATE,
        contact_id UUID,
        occurred_at TIMESTAMP,
        municipality_code VARCHAR,
        office VARCHAR,
        visitor_group VARCHAR,
        channel VARCHAR,
        delivery_number BIGINT,
        row_number BIGINT
    """,
    "contacts_superseded": """
        report_month DATE,
        contact_id UUID,
        delivery_number BIGINT
    """,
    "contact_months": """
        report_month DATE,
        fingerprint VARCHAR
    """,
}
"""Columns and types of each raw table of the feeds, as DuckDB's DDL has them between the brackets."""


def ensure(connection: duckdb.DuckDBPyConnection) -> None:
    """Create each raw table of the feeds that the build file lacks; what stands there stays as it is."""
    connection.execute("create schema if not exists raw")
    standing = {
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'raw'"
        ).fetchall()
    }
    for table, columns in RAW_FEED_TABLES.items():
        if table not in standing:
            connection.execute(f"create table raw.{table} ({columns})")
