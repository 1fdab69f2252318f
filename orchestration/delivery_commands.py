"""Commands about deliveries: `narvaro ingest`, `withdraw`, `backfill`, and what `narvaro status` says of them.

Belongs here: arguments, what is printed, exit codes. Does not belong here: taking files (`landing`), making months anew
(`feed_months`), a night (`night`).
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration import landing, paths
from orchestration.deliveries import Deliveries, Delivery, Kind, Status
from orchestration.held_file import held
from orchestration.terminal import plain
from sources.personal_data import mask
from sources.text import printable

SHOWN_FILES = 8
FIRST_MONTH = date(1992, 1, 1)
MONTH = "%Y-%m"
COLOURS = {Status.ACCEPTED: "green", Status.REFUSED: "red", Status.WAITING: "yellow"}


def ingest(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Files as dropped into landing.")],
    kind: Annotated[
        Kind | None, typer.Option(help="What the files are; else a file with a sidecar (FILE.yml) is a document.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would become of each file.")] = False,
) -> None:
    """Take files as if they lay in landing. They stay where they are; `narvaro run` publishes what they change."""
    console = Console(highlight=False, file=sys.stdout)
    landing.make_folders()
    files = [each.resolve() for each in files]  # a link of one's own may be followed, one in landing may not
    with Deliveries.here().held() as deliveries:
        found = [_examined(file, kind, deliveries) if dry_run else _taken(file, kind, deliveries) for file in files]
    _print_deliveries(console, found, is_plan=dry_run)
    if dry_run:
        console.print("Nothing was changed.")
    elif any(each.status is Status.ACCEPTED for each in found):
        console.print("Run [bold]narvaro run[/] to publish what they change; else the next night does.")
    raise typer.Exit(1 if any(each.status in {Status.REFUSED, Status.WAITING} for each in found) else 0)


def _kind_of(file: Path, kind: Kind | None) -> Kind:
    """A PDF and a file with a sidecar are documents; any other file is a feed, and its content says which."""
    with file.open("rb") as content:
        is_document = content.read(5) == b"%PDF-" or landing.sidecar_of(file).exists()
    return kind or (Kind.DOCUMENTS if is_document else Kind.REGISTRATIONS)


def _taken(file: Path, kind: Kind | None, deliveries: Deliveries) -> Delivery:
    taken = landing.take(file, _kind_of(file, kind), deliveries, remove=False)
    return taken or _examined(file, kind, deliveries)


def _examined(file: Path, kind: Kind | None, deliveries: Deliveries) -> Delivery:
    with held(file) as held_file, landing.scratch_folder() as scratch:
        found = landing.examine(held_file, _kind_of(file, kind), deliveries.all(), deliveries.in_use(), scratch)
    return found.delivery


def withdraw(
    delivery_id: Annotated[
        str, typer.Argument(help="As `narvaro status` shows it: 000012-1f0a93c4, or its number alone.")
    ],
    reason: Annotated[str, typer.Option(help="Why; it stays on record.")],
) -> None:
    """Take back an accepted delivery: its rows no longer count. The next night publishes what is left."""
    with Deliveries.here().held() as deliveries:
        wanted = [
            each
            for each in deliveries.in_use()
            if delivery_id in {each.delivery_id, each.delivery_id.split("-")[0], str(each.delivery_number)}
        ]
        if not wanted:
            raise typer.BadParameter(f"no accepted delivery {delivery_id}; `narvaro status --deliveries 50` lists them")
        delivery = wanted[0]
        deliveries.add(
            Delivery(
                delivery_number=deliveries.next_number(),
                name=delivery.name,
                sha256=delivery.sha256,
                size_bytes=delivery.size_bytes,
                kind=delivery.kind,
                received_at=datetime.now(UTC).replace(microsecond=0),
                status=Status.WITHDRAWN,
                message=f"takes back {delivery.delivery_id}: {mask(reason)}",
                withdraws=delivery.delivery_number,
            )
        )
    Console(highlight=False, file=sys.stdout).print(
        f"{delivery.delivery_id} ({plain(delivery.name)}) no longer counts."
    )


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, MONTH).replace(tzinfo=UTC).date()
    except ValueError as error:
        raise typer.BadParameter(f"{text}: expected a month such as 2019-01") from error


def backfill(
    first: Annotated[str, typer.Option("--from", metavar="YYYY-MM", help="First month.")],
    last: Annotated[str, typer.Option("--to", metavar="YYYY-MM", help="Last month, included.")],
) -> None:
    """Make months of the feeds anew from the store, in one run, and publish them with a night."""
    from orchestration.backfill import run_backfill
    from orchestration.cli import run

    begins, ends = _month(first), _month(last)
    if not begins >= FIRST_MONTH or ends > datetime.now(UTC).date():
        raise typer.BadParameter(f"expected months from {FIRST_MONTH:{MONTH}} to this one")
    if begins > ends:
        raise typer.BadParameter(f"{first} is later than {last}")
    problems = run_backfill(begins, ends)
    if problems:
        console = Console(highlight=False, file=sys.stdout)
        for each in problems:
            console.print(Text(printable(f"✗ {each}")))
        raise typer.Exit(1)
    run()


def print_taken(console: Console, first: int) -> None:
    """The files that a night took: those recorded under this number and later ones."""
    taken = [each for each in Deliveries.here().all() if each.delivery_number >= first]
    if taken:
        _print_deliveries(console, taken)


def print_latest(console: Console, count: int) -> None:
    """The latest deliveries, and what lies in landing still."""
    records = Deliveries.here().all()
    if records:
        _print_deliveries(console, records[-count:])
    left = [f"{kind}/{landing.shown(file.name)}" for file, kind in landing.dropped()]
    if left:
        shown = ", ".join(left[:SHOWN_FILES]) + (" …" if len(left) > SHOWN_FILES else "")
        console.print(Text(f"In landing: {shown}"))
    elif not records:
        console.print(
            f"[bold]Landing[/]        empty: drop files into {plain(str(paths.landing_folder()))}", soft_wrap=True
        )


def _print_deliveries(console: Console, deliveries: list[Delivery], *, is_plan: bool = False) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    if not is_plan:
        table.add_column("Delivery", no_wrap=True)
    table.add_column("File", overflow="fold")
    table.add_column("Kind", no_wrap=True)
    table.add_column("Would be" if is_plan else "Status", no_wrap=True)
    table.add_column("Rows", justify="right", no_wrap=True)
    table.add_column("Bad", justify="right", no_wrap=True)
    for each in deliveries:
        cells = [
            plain(each.name),
            each.layout or each.kind,
            f"[{COLOURS.get(each.status, 'default')}]{each.status}[/]",
            "" if each.rows_received is None else str(each.rows_received),
            "" if each.rows_quarantined is None else str(each.rows_quarantined),
        ]
        table.add_row(*cells if is_plan else (each.delivery_id, *cells))
    console.print(table)
    for each in deliveries:
        if each.message and each.status is not Status.UNCHANGED:
            console.print(Text(f"{'' if is_plan else each.delivery_id + ' '}{each.message}"), soft_wrap=True)
        for broken in each.quarantine if is_plan else ():
            console.print(Text(f"  {broken.table}, {broken.rule}: {broken.reason}"), soft_wrap=True)
