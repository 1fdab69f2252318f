"""The rows behind the figures that pages show: looked up while pages are made, written once for all of them.

Belongs here: which figures have such rows, and the script that shows them on `trace.html`. Does not belong here: how
the rows of a figure are found (`orchestration.trace`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from orchestration.site.scripts import script
from orchestration.trace import Trace, trace_in


@dataclass
class Traces:
    """Every trace that a page has asked for."""

    connection: duckdb.DuckDBPyConnection
    _found: dict[str, tuple[str, Trace]] = field(default_factory=dict)

    def link(self, table: str, metric: str, as_of: date | None = None, **further: str) -> str | None:
        """Where the rows behind a national figure stand; None if there are none to show.

        `trace.html#kpi.presence/offices/2020-10-15`; `further` are the parts of the table's key that are neither date
        nor area, and follow the date.
        """
        key = "/".join(str(part) for part in (table, metric, as_of, *further.values()) if part is not None)
        if key not in self._found:
            self._found[key] = (metric, trace_in(self.connection, table, None, None, as_of, further, metric))
        _, trace = self._found[key]
        return f"trace.html#{key}" if trace.rows else None

    def script(self) -> str:
        """`assets/trace.js`: the figures by key, and the rows that they share."""
        rows: dict[str, int] = {}
        found = {}
        for key, (metric, trace) in sorted(self._found.items()):
            if trace.rows:
                found[key] = self._as_data(metric, trace, rows)
        return script("TRACES", {"figures": found, "rows": list(rows)})

    @staticmethod
    def _as_data(metric: str, trace: Trace, rows: dict[str, int]) -> Mapping[str, Any]:
        asked = next(figure for figure in trace.figures if figure.metric == metric)
        return {
            "table": trace.table,
            "metric": metric,
            "key": {name: str(value) for name, value in trace.key.items()},
            "value": asked.value,
            "how": asked.counted or asked.computed or asked.same_as,
            "rows": [
                [each.metric, each.subject_name, each.municipality, rows.setdefault(each.source_row_id, len(rows))]
                for each in trace.rows
            ],
        }
