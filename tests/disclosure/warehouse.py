"""The project's own protection, release after release: counts put into a build file, built by dbt, remembered.

Belongs here: what tests and benchmarks share of that. Does not belong here: counts to try it on (`synthetic`), attacks.
"""

from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy
from typing import Any

import duckdb
import polars as pl

from orchestration import disclosure_memory, paths
from orchestration.contact_months import COLUMNS
from tests.integration.conftest import DONE, run_dbt

CONTACTS = ("int_contact_cell", "int_contact_pool", "int_contact_area", "fct_contact_month", "visits")
REGISTRATIONS = (
    "int_registration",
    "int_registration_area",
    "int_registration_cell",
    "int_registration_pool",
    "int_registration_total",
    "fct_registration",
    "fct_registration_total",
    "visits",
)


@dataclass
class Releases:
    """The build file of the data folder, built and remembered again and again, with a copy of each build."""

    files: list[Path] = field(default_factory=list)

    @classmethod
    def after(cls, build: Path) -> "Releases":
        """Begin with a copy of a night's build file. Contacts are put into it as they are counted, not as files."""
        paths.build_file().parent.mkdir(parents=True)
        copy(build, paths.build_file())
        made = cls()
        for table, columns in COLUMNS.items():
            listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            made.execute(f"drop view raw.{table}; create table raw.{table} ({listed})")
        return made

    def execute(self, sql: str) -> None:
        with duckdb.connect(str(paths.build_file())) as connection:
            connection.execute(sql)

    def deliver_contacts(self, cells: pl.DataFrame) -> None:
        """Contacts as they are once the last row of each is known: cells of named groups, and of all together."""
        with duckdb.connect(str(paths.build_file())) as connection:
            connection.register("cells", cells)
            connection.execute(
                """
                delete from raw.deliveries;
                insert into raw.deliveries (delivery_id, delivery_number, name, kind, received_at, status)
                values ('d1', 1, 'contacts.parquet', 'contacts', '2026-01-01', 'accepted');
                delete from intermediate.int_contact_month;
                insert into intermediate.int_contact_month by name
                select report_month, municipality_code, visitor_group, channel, contacts
                from cells where visitor_group <> 'no_group' and contacts > 0
                union all
                select report_month, municipality_code, 'all', channel, sum(contacts)
                from cells group by all having sum(contacts) > 0
                """
            )

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(paths.build_file()), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def release(self, *models: str) -> Path:
        """Build these models, and remember them as a release does."""
        with duckdb.connect(str(paths.build_file())) as connection:
            disclosure_memory.write_raw_tables(connection)
        results = run_dbt("run", "--select", *models)
        assert [f"{each.node.name}: {each.message}" for each in results if each.status not in DONE] == []
        disclosure_memory.remember(paths.build_file())
        self.files.append(paths.data_folder() / f"release_{len(self.files)}.duckdb")
        copy(paths.build_file(), self.files[-1])
        return self.files[-1]
