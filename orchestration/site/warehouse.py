"""What a page asks of the release's DuckDB file.

Belongs here: rows as mappings, and the few of them that every page needs (release, documents, places). Does not belong
here: any formula; a query chooses, joins and orders what is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

Row = Mapping[str, Any]
REQUIRED = (
    "core.dim_municipality",
    "kpi.municipality_presence",
    "kpi.overview",
    "kpi.presence",
    "meta.document",
    "meta.metric",
    "meta.release",
    "meta.source_row",
    "meta.table_column",
)
"""Tables that have rows in every release, whatever its documents say; pages cope with any other table being empty."""


@dataclass
class Facts:
    """The published tables of one release, read-only."""

    database: Path
    _asked: dict[tuple[str, str], list[Row]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            LookupError: it lacks what no report can do without.
        """
        self.connection = duckdb.connect(str(self.database), read_only=True)
        for table in REQUIRED:
            if not self.connection.execute(f"from {table} limit 1").fetchone():
                self.connection.close()
                raise LookupError(f"{table} has no rows, and the report cannot do without them")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.connection.close()

    def rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        """The rows of a query, each by its columns' names; asked once for both languages."""
        question = (sql, repr(parameters))
        if question not in self._asked:
            found = self.connection.execute(sql, list(parameters))
            names = [each[0] for each in found.description or []]
            self._asked[question] = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        return [dict(row) for row in self._asked[question]]

    def row(self, sql: str, *parameters: Any) -> dict[str, Any]:
        """The one row of a query.

        Raises:
            LookupError: it gives none, or more.
        """
        found = self.rows(sql, *parameters)
        if len(found) != 1:
            raise LookupError(f"{len(found)} rows instead of one: {sql} {parameters}")
        return found[0]

    @cached_property
    def release(self) -> Row:
        """The release itself: the newest row of `meta.release`."""
        return self.row("select * from meta.release order by released_at desc, release_id desc limit 1")

    @cached_property
    def documents(self) -> Mapping[str, Row]:
        """`meta.document` by id, the oldest first."""
        return {
            row["document_id"]: row for row in self.rows("select * from meta.document order by published, document_id")
        }

    @cached_property
    def municipalities(self) -> Mapping[str, Row]:
        """`core.dim_municipality` by code."""
        found = self.rows("select * from core.dim_municipality order by municipality_code")
        return {row["municipality_code"]: row for row in found}

    @cached_property
    def source_rows(self) -> Mapping[str, Row]:
        """`meta.source_row` by id, in the order of the documents, pages and lines."""
        found = self.rows(
            """select s.source_row_id, s.document_id, s.table_name, s.page, s.line_from, s.line_to, s.raw_text
               from meta.source_row as s join meta.document as d using (document_id)
               order by d.published, s.document_id, s.line_from, s.source_row_id"""
        )
        return {row["source_row_id"]: row for row in found}

    @cached_property
    def counted_on(self) -> date:
        """The latest day of which rows say what works and what does not.

        If no rows say so of any day, it is the latest one that a document is about, or else the last of the series.
        """
        found: date = self.row(
            """select max_by(as_of, (as_of in (select as_of from kpi.agreement_completion where basis = 'rows'),
                                     as_of in (select as_of from meta.document), as_of)) as as_of
               from kpi.overview"""
        )["as_of"]
        return found
