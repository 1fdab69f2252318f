"""The command line of `narvaro`.

Belongs here: commands, what they print, exit codes. Does not belong here: what a night does (`orchestration.night`),
how a figure is traced and laid out (`orchestration.trace`, `orchestration.trace_output`), commands about deliveries,
releases, the report, the status and services (`delivery_commands`, `release_commands`, `site_command`,
`status_command`, `service_commands`).

Exit codes: 0 released or nothing new (quarantined rows included), 1 refused or failed, 2 wrong usage.
"""

import contextlib
import sys
import time
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from orchestration import (
    delivery_commands,
    full_disk,
    paths,
    release_commands,
    service_commands,
    site_command,
    status_command,
)
from orchestration.deliveries import Deliveries
from orchestration.headlines import NOTHING_PUBLISHED, print_failures, print_kpis
from orchestration.monitoring import LatestNight
from orchestration.night import Night, UnreachableRecords, open_instance, prepare_environment, run_night
from orchestration.published import Published
from orchestration.service_commands import ensure_manifest
from orchestration.terminal import plain
from orchestration.unchanged_night import night_with_nothing_new, tell_dagster, told

OUTCOMES = {
    "released": "[bold green]Released[/]",
    "nothing_new": "[bold green]Nothing new[/], the release stays",
    "refused": "[bold red]Refused[/], what is published stays as it was",
    "failed": "[bold red]Failed[/], what is published stays as it was",
}


class Commands(TyperGroup):
    """All commands: of a full disk, or a database that is away, each says what to do, with exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            is_away = isinstance(error, UnreachableRecords)
            if not is_away and not full_disk.is_cause(error):
                raise
            console = _console()
            console.print("[bold red]Failed[/], what is published stays as it was")
            print_failures(console, [], [str(error) if is_away else full_disk.told(full_disk.words_of(error))])
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=Commands,
    help="Närvaro: where a jobseeker can meet Arbetsförmedlingen, since when, and how we know.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _console() -> Console:
    """Bound to standard output as it is now: a night redirects it, since dagster-dbt prints every line of dbt."""
    return Console(highlight=False, file=sys.stdout)


@app.command()
def run(
    documents: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="Read this folder, with its own documents.yml, instead of the project's."
        ),
    ] = None,
    again: Annotated[bool, typer.Option(help="Run the whole night, also if nothing is new.")] = False,
) -> None:
    """Run one night: read the documents, build the tables, check them, publish a release.

    If nothing is new since the last one, check what is published and put that on record.
    """
    console = _console()
    started = time.monotonic()
    prepare_environment()
    if not again and (unchanged := night_with_nothing_new(documents.resolve() if documents else None)):
        _print_unchanged(console, unchanged, started)
        raise typer.Exit(0)
    ensure_manifest(console)
    first_delivery = Deliveries.here().next_number()
    from orchestration.progress import NightProgress

    with NightProgress(console) as progress:
        night = run_night(documents, progress.on_event)
    _print_summary(console, night, time.monotonic() - started, progress.seconds)
    delivery_commands.print_taken(console, first_delivery)
    raise typer.Exit(0 if night.is_good else 1)


app.command()(delivery_commands.ingest)
app.command()(delivery_commands.withdraw)
app.command()(delivery_commands.backfill)
app.command()(release_commands.releases)
app.command()(release_commands.rollback)
app.command()(release_commands.diff)
app.command()(status_command.status)
app.command()(status_command.watch)
app.command()(service_commands.dev)
app.command()(service_commands.webserver)
app.command()(service_commands.daemon)
app.command()(service_commands.migrate)
app.command()(site_command.site)


class TraceFormat(StrEnum):
    """How the rows behind a figure are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@app.command()
def trace(
    table: Annotated[str, typer.Argument(help="A kpi table: kpi.presence, or presence.")],
    scope: Annotated[
        str | None,
        typer.Option(help="national, af_region, county, fa_region or municipality; else the nation."),
    ] = None,
    code: Annotated[str | None, typer.Option(help="Code or name of the area: 25, or Norrbottens län.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The date in the table's key, whatever its name; else the last one."),
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A further part of the key: visitor_group=all.")
    ] = None,
    metric: Annotated[str | None, typer.Option(help="Only this metric, with those it is computed from.")] = None,
    form: Annotated[
        TraceFormat, typer.Option("--format", help="For people, or for other programs.")
    ] = TraceFormat.TABLE,
) -> None:
    """Show the rows of documents behind one row of a kpi table: document, page, lines, and the text itself."""
    from orchestration import trace_output
    from orchestration.trace import NoSuchFigure, read_trace

    published = Published.here()
    if published.database is None:
        _console().print(NOTHING_PUBLISHED)
        raise typer.Exit(1)
    pairs = dict(each.partition("=")[::2] for each in key or [])
    try:
        traced = read_trace(published.database, table, scope, code, as_of.date() if as_of else None, pairs, metric)
    except NoSuchFigure as error:
        raise typer.BadParameter(str(error)) from error
    if form is TraceFormat.TABLE:
        trace_output.print_tables(trace_output.console(), traced)
    else:
        sys.stdout.write(trace_output.as_csv(traced) if form is TraceFormat.CSV else trace_output.as_json(traced))


@app.command()
def manifest() -> None:
    """Make dbt's manifest if it does not fit the dbt project; Dagster reads it when it starts."""
    console = _console()
    prepare_environment()
    ensure_manifest(console)


def _print_unchanged(console: Console, night: LatestNight, started: float) -> None:
    """Put a night that has nothing new on record in Dagster too, and say what it found."""
    with open_instance() as instance:
        tell_dagster(instance, night)
    console.print()
    console.print(OUTCOMES[night.outcome])
    console.print(f"[bold]Time[/]         {time.monotonic() - started:.1f} s")
    console.print(f"[bold]Found[/]        {plain(told(night))}", soft_wrap=True)
    console.print("              The whole night all the same: narvaro run --again")
    print_kpis(console, Published.here())
    print_failures(console, night.failed_checks, night.errors)


def _print_summary(console: Console, night: Night, seconds: float, stages: dict[str, float]) -> None:
    """What the night read, checked and published."""
    console.print()
    console.print(OUTCOMES[night.outcome])
    parts = {"Starting": seconds - sum(stages.values()), **stages}
    spent = ", ".join(f"{stage[0].lower()}{stage[1:]} {part:.0f}" for stage, part in parts.items())
    console.print(f"[bold]Time[/]         {seconds:.0f} s: {spent}", soft_wrap=True)
    if night.checks:
        _print_readings(console)
    failed = [check for check in night.checks if not check.passed]
    console.print(f"[bold]Checks[/]       {len(night.checks) - len(failed)} passed, {len(failed)} failed")
    if night.is_good:
        console.print(f"[bold]Release[/]      {night.release['release_id']}")
        if held_back := night.release.get("held_back"):
            console.print(
                f"[bold]Held back[/]    this night made {held_back} again, which was rolled back; "
                f"to publish it: narvaro rollback {held_back}",
                soft_wrap=True,
            )
        console.print(f"[bold]File[/]         {plain(str(Published.here().folder / 'narvaro.duckdb'))}")
        print_kpis(console, Published.here())
    print_failures(console, failed, night.errors)


def _print_readings(console: Console) -> None:
    """Documents, rows and quarantined rows of the build file; nothing if the next run has it by now."""
    import duckdb

    if not paths.build_file().exists():
        return
    with contextlib.suppress(duckdb.Error), duckdb.connect(str(paths.build_file()), read_only=True) as connection:
        row = connection.execute(
            """select (select count(*) from raw.documents), count(distinct table_name),
                      coalesce(sum(rows_received), 0), coalesce(sum(rows_quarantined), 0) from raw.readings"""
        ).fetchone()
        if row:
            console.print(f"[bold]Documents[/]    {row[0]}, with {row[1]} tables")
            console.print(f"[bold]Rows[/]         {row[2]} read, {row[3]} quarantined")


if __name__ == "__main__":
    app()
