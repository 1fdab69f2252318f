"""What the command line says of figures and failures after a night, and again in `narvaro status`.

Belongs here: printing what both of them print. Does not belong here: commands, anything that needs Dagster.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.published import Published
from orchestration.terminal import plain

SHOWN_ERRORS = 20
NOTHING_PUBLISHED = "Nothing is published yet. Run [bold]narvaro run[/] (or [bold]make run[/])."


def _headlines(database: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            """select as_of, offices, staffed, travel_to, closed_offices, collaborations_in_use_min,
                      collaborations_in_use_max, service_centres, municipalities_with_office
               from kpi.overview
               where as_of in ((select min(as_of) from kpi.overview), (select max(as_of) from kpi.overview),
                               (select max(as_of) from kpi.agreement_completion where basis = 'rows'))
               order by as_of"""
        ).fetchall()


def print_kpis(console: Console, published: Published) -> None:
    """The headlines of `kpi.overview`: at the start, on the day of the latest rows, and at the end of the plan.

    Of a published file that cannot be read, what to do.
    """
    if published.database is None:
        return
    try:
        rows = _headlines(published.database)
    except duckdb.Error as error:
        console.print(f"[red]✗[/] The published file cannot be read: {plain(str(error))}", soft_wrap=True)
        console.print("  [bold]narvaro run[/] makes the release anew.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("National")
    for row in rows:
        table.add_column(str(row[0]), justify="right")
    labels = (
        "Offices",
        "… staffed",
        "… travel-to",
        "Closed",
        "Collaborations in use",
        "",
        "Service centres with AF",
        "Municipalities with office",
    )
    for at, label in enumerate(labels, start=1):
        if label == "Collaborations in use":
            table.add_row(label, *(str(row[5]) if row[5] == row[6] else f"{row[5]}–{row[6]}" for row in rows))
        elif label:
            table.add_row(label, *("–" if row[at] is None else str(row[at]) for row in rows))
    console.print(table)


def print_failures(console: Console, failed: Sequence[Any], errors: Sequence[str]) -> None:
    """The checks that did not pass (CheckResult or FailedCheck), and what else went wrong; the first of each."""
    for check in failed[:SHOWN_ERRORS]:
        mark = "[red]✗[/]" if check.blocks else "[yellow]![/]"
        console.print(f"{mark} {plain(str(check))}", soft_wrap=True)
    if len(failed) > SHOWN_ERRORS:
        console.print(f"… and {len(failed) - SHOWN_ERRORS} more: see the run in the UI (narvaro dev).")
    for error in errors[:SHOWN_ERRORS]:
        console.print(f"[red]✗[/] {plain(error)}", soft_wrap=True)
