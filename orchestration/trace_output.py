"""How the rows behind a figure are shown: to people at 100 columns, to programs as CSV or JSON.

Belongs here: layout. Does not belong here: finding the rows (`orchestration.trace`).
"""

import csv
import io
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from orchestration.terminal import plain
from orchestration.trace import Figure, SourceRow, Trace

WIDTH = 100
"""Columns where the output is no terminal; a terminal's own width counts otherwise."""
LONGEST_FORMULA = 60
"""Characters; a longer one stands in docs/kpis.md and `meta.metric`."""
OWN_UNIT = "see unit"
"""The unit of a column that holds several measures: each row says its own."""
AREA = {"scope", "scope_code", "municipality_code"}

Subject = tuple[str, str | None]
"""What is counted, and by which metric if that takes a value from it."""


def console() -> Console:
    """Standard output as it is now."""
    wide = Console(highlight=False, file=sys.stdout)
    return wide if wide.is_terminal else Console(highlight=False, file=sys.stdout, width=WIDTH)


def print_tables(console: Console, trace: Trace) -> None:
    """The figures with their formulas, then the rows behind them, grouped by the metrics that count them."""
    key = [f"{name} {value}" for name, value in trace.key.items() if name not in AREA]
    console.print(f"[bold]{trace.table}[/]  {plain(' · '.join([trace.place, *key]))}\n")
    _print_figures(console, trace)
    for metrics, rows in _groups(trace.rows):
        console.print()
        subjects = len({row.subject for row in rows})
        console.print(f"[bold]{subjects}[/] counted by [bold]{plain(', '.join(metrics))}[/]")
        _print_rows(console, rows)
    if not trace.rows:
        console.print("\nNo row of a document stands behind it.")


def _print_figures(console: Console, trace: Trace) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Metric", no_wrap=True)
    table.add_column("Figure", justify="right")
    table.add_column("Unit", no_wrap=True)
    table.add_column("How it is made")
    for figure in trace.figures:
        unit = trace.row["unit"] if figure.unit == OWN_UNIT else figure.unit
        table.add_row(figure.metric, _shown(figure.value), unit, plain(_how(figure, trace)))
    console.print(table)


def _how(figure: Figure, trace: Trace) -> str:
    """The formula, and the same with the numbers of the row where it is computed from them."""
    if figure.counted:
        return figure.counted if any(row.metric == figure.metric for row in trace.rows) else "no rows"
    if figure.computed:
        words = figure.computed
        if figure.numerator:
            parts = [f"({part})" if " " in part else part for part in (figure.numerator, str(figure.denominator))]
            words = " / ".join(parts)
        if len(words) > LONGEST_FORMULA:
            return f"from {', '.join(figure.made_from(trace.row))}"
        return f"{words} = {re.sub(r'[a-z_]+', lambda name: _number(name.group(), trace.row), words)}"
    if figure.same_as:
        return f"{figure.same_as.removeprefix('kpi.')}, {_shown(trace.row[str(figure.same_as_at)])}"
    return figure.untraced or ""


def _number(name: str, row: Mapping[str, Any]) -> str:
    """The number in place of a column's name; other words of the formula as they are."""
    return _shown(row[name]) if name in row else name


def _groups(rows: Sequence[SourceRow]) -> list[tuple[tuple[str, ...], list[SourceRow]]]:
    """Rows by the set of metrics that count their subject. A metric that takes a value from its rows stands alone."""
    metrics: dict[Subject, dict[str, None]] = {}
    found: dict[Subject, dict[str, SourceRow]] = {}
    for row in rows:
        subject = row.subject, None if row.row_value is None else row.metric
        metrics.setdefault(subject, {})[row.metric] = None
        found.setdefault(subject, {}).setdefault(row.source_row_id, row)
    groups: dict[tuple[str, ...], list[SourceRow]] = {}
    for subject, its_rows in found.items():
        groups.setdefault(tuple(metrics[subject]), []).extend(its_rows.values())
    return list(groups.items())


def _print_rows(console: Console, rows: Sequence[SourceRow]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(max_width=24)
    has_values = any(row.row_value is not None for row in rows)
    if has_values:
        table.add_column(justify="right")
    table.add_column(max_width=30)
    table.add_column(ratio=1, style="italic")
    before = ""
    for row in rows:
        name = plain(row.subject_name)
        if row.municipality and row.municipality not in row.subject_name:
            name += f"\n[dim]{plain(row.municipality)}[/]"
        cells = ["" if row.subject == before else name, *([_shown(row.row_value)] if has_values else [])]
        table.add_row(*cells, f"{row.document_id}\n[dim]{_place(row)}[/]", plain(" ".join(row.raw_text.split())))
        before = row.subject
    console.print(Padding(table, (0, 0, 0, 2)))


def _place(row: SourceRow) -> str:
    lines = f"line {row.line_from}" if row.line_from == row.line_to else f"lines {row.line_from}–{row.line_to}"
    return lines if row.page is None else f"page {row.page}, {lines}"


def _shown(value: Any) -> str:
    if value is None:
        return "unknown"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def as_csv(trace: Trace) -> str:
    """One line per metric and source row, with a heading."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(SourceRow)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in trace.rows)
    return text.getvalue()


def as_json(trace: Trace) -> str:
    """The row, the figures with their definitions, and the source rows."""
    return json.dumps(trace.as_data(), ensure_ascii=False, indent=2, default=str) + "\n"
