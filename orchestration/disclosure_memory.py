"""What releases have made known of small counts: remembered, so that no later release tells more by a difference.

Belongs here: the files of that memory, their raw tables, and writing them before a release is switched in. Does not
belong here: which counts are withheld, and how they add up (`transforms`, intermediate/disclosure).

The memory holds counts that must not be published. It stands in the store, since nothing else can make it anew:

    store/disclosure/released_contact_months.parquet   months of contacts that a release has held
    store/disclosure/released_registrations.parquet    numbers of places as the last release that held them had them
    store/disclosure/released_pools.parquet            withheld cells whose sum a release has made known
"""

from pathlib import Path

import duckdb

from orchestration import feed_tables, paths
from orchestration.published import replace_file
from sources.sql import literal

REMEMBERED = {
    "released_contact_months": """
        select report_month from staging.stg_released_contact_months
        union
        select report_month from intermediate.int_contact_cell
    """,
    "released_registrations": """
        select * exclude (is_held, is_hidden), true as is_shown
        from intermediate.int_registration_cell where not is_hidden
        union all by name
        select released.* replace (false as is_shown) from staging.stg_released_registrations as released
        anti join (from intermediate.int_registration_cell where not is_hidden) as cells using (report_month, cell)
    """,
    "released_pools": """
        select 'contacts' as subject, * from intermediate.int_contact_pool
        union all by name
        select 'registered' as subject, * from intermediate.int_registration_pool
    """,
}
"""What to remember of a build, in the order of writing: without its pools no sum of a month is told, which is safe."""


def folder() -> Path:
    """Where the memory stands."""
    return paths.store_folder() / "disclosure"


def remember(build: Path) -> None:
    """Write what a release of this build makes known, before its readers have it; safe to repeat for one build."""
    folder().mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(build), read_only=True) as connection:
        for table, query in REMEMBERED.items():
            part = folder() / f".{table}.part"
            connection.execute(f"copy ({query} order by all) to {literal(part)} (format parquet, compression zstd)")
            replace_file(folder() / f"{table}.parquet", part.read_bytes())
            part.unlink()


def write_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the raw tables of the memory anew, empty before the first release."""
    for table in REMEMBERED:
        file = folder() / f"{table}.parquet"
        feed_tables.replace_from_parquet(connection, table, [file] if file.exists() else [], in_months=False)
