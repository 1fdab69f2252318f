"""Commands about releases: `narvaro releases`, `narvaro rollback`, `narvaro diff`.

Belongs here: what they print. Does not belong here: the switch (`published`), what two files differ in
(`release_changes`).
"""

import json
import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import groupby
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from expectations.stability import differences, schema_of
from orchestration.headlines import NOTHING_PUBLISHED
from orchestration.metrics_file import write_metrics
from orchestration.published import Published, PublishedError, Release
from orchestration.release_changes import ChangedRow, changed_rows, changes
from orchestration.terminal import plain

T = TypeVar("T")

ALL_ROWS = 1_000_000_000


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="For people, or for other programs.")]


def releases(form: FormatOption = Format.TABLE) -> None:
    """List the releases that are kept, the newest first; says which one is read, and which were rolled back."""
    published = Published.here()
    current, held_back = published.current, {each.release_id for each in published.held_back()}
    rows = [
        {
            **each.facts,
            "release_id": each.release_id,
            "bytes": each.size,
            "state": "current" if each.folder == current else "held back" if each.release_id in held_back else "",
        }
        for each in published.releases()
    ]
    if form is Format.JSON:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        return
    console = _console()
    if not rows:
        console.print(NOTHING_PUBLISHED)
        return
    table = _table(["Release", "", "Contract", "Code", "Checks"], ["MB"])
    for row in rows:
        passed, failed = row.get("checks_passed"), row.get("checks_failed")
        checks = "" if passed is None else f"{passed} passed" + (f", {failed} failed" if failed else "")
        table.add_row(
            row["release_id"],
            row["state"],
            row.get("contract_version", ""),
            row.get("code_version", ""),
            checks,
            f"{row['bytes'] / 1e6:.0f}",
        )
    console.print(table)
    for rollback in published.rollbacks()[-1:]:
        console.print(f"Last rollback: {rollback.at:%Y-%m-%d %H:%M} UTC, from {rollback.left} to {rollback.to}")


def rollback(
    release: Annotated[str, typer.Argument(help="The id of a release, its beginning, or `previous`.")],
) -> None:
    """Let everybody read an older release again, with its exports and Data Docs; readers notice no more than at night.

    What it leaves behind is held back: a night that makes that very content again does not publish it, a night with
    other content does. Going to a newer release lifts that for it.
    """
    published = Published.here()
    done = _or_usage_error(lambda: published.roll_back(published.find(release)))
    write_metrics()
    console = _console()
    console.print(f"[bold]Published[/]  {done.to}, in place of {done.left}")
    for held in done.held_back:
        console.print(f"[bold]Held back[/]  {held}: the same content is not published again")
    if done.held_back:
        console.print(f"To return:  narvaro rollback {done.left}")


def diff(
    before: Annotated[str, typer.Argument(help="The older release: an id, its beginning, `previous`.")] = "previous",
    after: Annotated[str, typer.Argument(help="The newer release: an id, its beginning, `current`.")] = "current",
    table: Annotated[
        list[str] | None, typer.Option(help="Show every changed row of this table: kpi.presence, core.dim_office.")
    ] = None,
    rows: Annotated[int, typer.Option(min=0, help="Changed values shown of each kpi table.")] = 10,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what differs between two releases: rows of each table, columns, and the values of the kpi tables."""
    published = Published.here()
    old, new = _or_usage_error(lambda: (published.find(before), published.find(after)))
    counted = changes(old.database, new.database)
    known = {each["table_name"] for each in counted}
    if unknown := sorted(set(table or ()) - known):
        raise typer.BadParameter(f"no release has a table {', '.join(unknown)}. Tables: {', '.join(sorted(known))}")
    counted = [each for each in counted if each["table_name"] in (table or known)]
    schemas = (
        {address: found for address, found in schema_of(each.database).items() if not table or address in table}
        for each in (old, new)
    )
    schema = [each.told for each in differences(*schemas)]
    listed = table or [each for each in sorted(known) if each.startswith("kpi.")]
    values = changed_rows(old.database, new.database, listed, ALL_ROWS if table else rows)
    if form is Format.JSON:
        answer = {
            "before": old.release_id,
            "after": new.release_id,
            "tables": counted,
            "schema": schema,
            "values": [{**vars(each), "difference": _difference(each)} for each in values],
        }
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
        return
    _print_diff(_console(), old, new, counted, values)
    for told in schema:
        _console().print(f"[bold]Schema[/]  {plain(told)}", soft_wrap=True)


def _print_diff(
    console: Console, old: Release, new: Release, counted: list[dict[str, Any]], values: Iterable[ChangedRow]
) -> None:
    console.print(f"From [bold]{old.release_id}[/] to [bold]{new.release_id}[/]")
    different = [each for each in counted if _differs(each)]
    if different:
        table = _table(["Table"], ["Rows before", "after", "added", "removed", "changed"])
        for each in different:
            figures = (each[name] for name in ("rows_before", "rows_after", "added", "removed", "changed"))
            table.add_row(each["table_name"], *("–" if figure is None else f"{figure:,}" for figure in figures))
        console.print(table)
    equal = len(counted) - len(different)
    console.print(f"{equal} {'table is' if equal == 1 else 'tables are'} equal.")
    for told in dict.fromkeys(each["summary"] for each in different if each["summary"]):
        console.print(f"[bold]Offices[/] {plain(told)}", soft_wrap=True)
    for address, changed in groupby(values, key=lambda value: value.table):
        rows = list(changed)
        console.print(f"\n[bold]{address}[/]")
        for key, of_row in groupby(rows, key=lambda value: value.row_key):
            console.print(f"  {plain(key)}", soft_wrap=True)
            console.print(_values_of(of_row))
        change = next(each for each in counted if each["table_name"] == address)
        total = change["added"] + change["removed"] + change["changed"]
        if total > len({value.row_key for value in rows}):
            console.print(f"… of {total:,} rows in all: --table {address}")


def _values_of(changed: Iterable[ChangedRow]) -> Padding:
    """A line a column, `before → after`, below the row's key: neither keys nor texts leave room for a table."""
    lines = Table.grid("", "", padding=(0, 2))
    for value in changed:
        if value.column == "*":
            lines.add_row(value.kind)
            continue
        delta = _difference(value)
        difference = "" if delta is None else f"  ({delta:+,.6g})"
        lines.add_row(value.column, f"{_cell(value.before)} → {_cell(value.after)}{difference}")
    return Padding(lines, (0, 0, 0, 4))


def _table(left: Iterable[str], right: Iterable[str]) -> Table:
    """A table without lines, its columns to the left and to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, heading in enumerate(left):
        table.add_column(heading, no_wrap=at == 0)
    for heading in right:
        table.add_column(heading, justify="right")
    return table


def _differs(change: dict[str, Any]) -> bool:
    return any(change[name] for name in ("added", "removed", "changed")) or None in (
        change["rows_before"],
        change["rows_after"],
    )


def _cell(value: str | None) -> str:
    return "null" if value is None else plain(value)


def _difference(value: ChangedRow) -> float | None:
    """After minus before, of a number that stands in both."""
    if not value.is_number or value.before is None or value.after is None:
        return None
    return float(value.after) - float(value.before)


def _or_usage_error(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except PublishedError as error:
        raise typer.BadParameter(str(error)) from error


def _console() -> Console:
    return Console(highlight=False, file=sys.stdout)
