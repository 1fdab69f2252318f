"""The rows behind the figures that pages show: looked up while pages are made, written once for all of them.

Belongs here: which figures have such rows, and the script that shows them on `trace.html`. Does not belong here: how
the rows of a figure are found (`orchestration.trace`), and what `trace.html` looks like (`assets/trace-page.js`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from orchestration.site.language import LANGUAGES, Language, written_out
from orchestration.site.scripts import script
from orchestration.site.words import TABLES, figure_name, made, named, quantity, unit
from orchestration.trace import Figure, SourceRow, Trace, trace_in


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

    def script(self, documents: Mapping[str, Sequence[str]], anchors: Mapping[str, str]) -> str:
        """`assets/trace.js`: the figures by key, and the rows that they share.

        `documents` gives for each its page and its names in both languages, `anchors` the place of a row in that page.
        """
        return script("TRACES", _Script(self.connection, documents, anchors).data(self._found))


class _Script:
    """What the script holds. A text in both languages is a list of two; what figures share stands once, by number."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        documents: Mapping[str, Sequence[str]],
        anchors: Mapping[str, str],
    ) -> None:
        self._documents = documents
        self._document_numbers = {document_id: number for number, document_id in enumerate(documents)}
        self._anchors = anchors
        self._columns = {
            f"{table}.{column}": description
            for table, column, description in connection.execute(
                "select schema_name || '.' || table_name, column_name, description_sv from meta.table_column"
            ).fetchall()
        }
        self._metrics: dict[str, list[str]] = {}
        self._counted: dict[tuple[Any, ...], int] = {}
        self._rows: dict[tuple[Any, ...], int] = {}

    def data(self, found: Mapping[str, tuple[str, Trace]]) -> Mapping[str, Any]:
        """Everything: `counted` are subject, municipality, row and number, `rows` a place with its text."""
        figures = {key: self._figure(metric, trace) for key, (metric, trace) in sorted(found.items()) if trace.rows}
        return {
            "figures": figures,
            "metrics": self._metrics,
            "counted": list(self._counted),
            "rows": list(self._rows),
            "documents": list(self._documents.values()),
        }

    def _figure(self, metric: str, trace: Trace) -> Mapping[str, Any]:
        asked = next(figure for figure in trace.figures if figure.metric == metric)
        for figure in trace.figures:
            name = f"{trace.table}.{figure.metric}"
            self._metrics[name] = [figure_name(figure.metric, self._columns[name], language) for language in LANGUAGES]
        rows: dict[str, list[int]] = {}
        for each in trace.rows:
            rows.setdefault(each.metric, []).append(self._number(each))
        return {
            "table": trace.table,
            "title": [named(TABLES, trace.table, language) for language in LANGUAGES],
            "metric": metric,
            "value": [_value(asked, trace.row, language) for language in LANGUAGES],
            "key": [self._part(trace, name) for name in trace.key if name not in {"scope", "scope_code"}],
            "how": [made(vars(asked), language) for language in LANGUAGES],
            "formula": asked.counted or asked.computed,
            "rows": rows,
        }

    def _part(self, trace: Trace, name: str) -> Sequence[str]:
        """A part of the figure's key in both languages, and what it is there."""
        value = trace.row[name]
        if name == "document_id":
            return ["Dokument", "Document", *self._documents[value][1:]]
        labels = (self._columns[f"{trace.table}.{name}"].removesuffix(" (kod)"), written_out(name))
        return [*labels, *(_said(value, name, trace.row, language) for language in LANGUAGES)]

    def _number(self, row: SourceRow) -> int:
        place = (
            self._document_numbers[row.document_id],
            row.page,
            row.line_from,
            row.line_to,
            self._anchors[row.source_row_id],
            row.raw_text.strip(),
        )
        number = self._rows.setdefault(place, len(self._rows))
        counted = (row.subject_name, row.municipality, number, row.row_value)
        return self._counted.setdefault(counted, len(self._counted))


def _said(value: Any, name: str, row: Mapping[str, Any], language: Language) -> str:
    """A part of a key in words; an id as it is."""
    if isinstance(value, date):
        return language.month(value) if name.endswith("month") else language.day(value)
    return language.label(row, name) if f"{name}_sv" in row else str(value)


def _value(figure: Figure, row: Mapping[str, Any], language: Language) -> str:
    """A figure with its unit, in words."""
    value = figure.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        of = str(row["unit"]) if figure.unit == "see unit" else figure.unit
        return quantity(value, value, of, language)
    if isinstance(value, str):
        return language.label(row, figure.metric) if f"{figure.metric}_sv" in row else value
    return unit(figure.unit, language) if value is None else str(value)
