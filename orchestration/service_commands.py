"""The commands that stay, `narvaro dev`, `webserver` and `daemon`; and `narvaro migrate`, for an upgrade between two.

Belongs here: starting Dagster's own programs with this project's settings. Does not belong here: units, users and the
proxy of a server (`deploy/`).

Dagster's web server asks nobody who he is. It listens on loopback unless told; a proxy that asks stands before it
(docs/deploy.md).
"""

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestration import paths
from orchestration.night import open_instance, prepare_environment
from orchestration.terminal import plain

LOOPBACK = "127.0.0.1"
WORKSPACE = ["--workspace", "workspace.yaml"]


def dev(port: Annotated[int, typer.Option(help="Port of the UI, on this machine only.")] = 3000) -> None:
    """Start the Dagster UI and its daemon together, with all state in the data folder."""
    _become("dagster", "dev", *WORKSPACE, "--host", LOOPBACK, "--port", str(port))


def webserver(
    port: Annotated[int, typer.Option(help="Port of the UI.")] = 3000,
    host: Annotated[
        str, typer.Option(help="Address to listen on. Whoever reaches it may start and stop runs: leave it as it is.")
    ] = LOOPBACK,
    prefix: Annotated[str, typer.Option(help="Path under which a proxy serves it: /dagster.")] = "",
    read_only: Annotated[bool, typer.Option(help="Show everything, let nothing be started or changed.")] = False,
) -> None:
    """Start the Dagster UI alone: for a server, where `narvaro daemon` runs beside it."""
    options = ["--path-prefix", prefix] if prefix else []
    options += ["--read-only"] if read_only else []
    _become("dagster-webserver", *WORKSPACE, "--host", host, "--port", str(port), *options)


def daemon() -> None:
    """Start Dagster's daemon alone: it runs the nights at their hour, and watches landing. One for each data folder."""
    _become("dagster-daemon", "run", *WORKSPACE, "--log-level", "warning")  # it says every look at landing otherwise


def migrate() -> None:
    """Bring Dagster's records to the schema of this version, after an upgrade. Stop the daemon and the UI before."""
    prepare_environment()
    with open_instance() as instance:
        instance.upgrade(_say)
        instance.reindex(_say)
    _say("Dagster's records have the schema of this version.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _become(program: str, *arguments: str) -> None:
    """Make this process that program, in the project's own environment: signals reach it directly."""
    console = Console(highlight=False, file=sys.stdout)
    prepare_environment()
    ensure_manifest(console)
    _end_dead_runs(console)
    os.chdir(paths.ROOT)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it; Dagster must not
    os.execv(Path(sys.executable).with_name(program), [program, *arguments])  # noqa: S606


def ensure_manifest(console: Console) -> None:
    """Make dbt's manifest if it does not fit the dbt project. Exits with 1, and says why, if it cannot be made."""
    from orchestration import manifest

    if manifest.is_fresh():
        return
    try:
        with console.status("Reading the dbt project …"):
            manifest.ensure_manifest()
    except (manifest.StaleManifest, RuntimeError) as error:
        console.print(f"[red]✗[/] {plain(str(error))}", soft_wrap=True)
        raise typer.Exit(1) from error


def _end_dead_runs(console: Console) -> None:
    """A run that was killed would keep every other one waiting."""
    from orchestration.dead_runs import end_dead_runs, told
    from orchestration.resources import Warehouse

    with open_instance() as instance:
        if ended := end_dead_runs(instance, Warehouse().lock_file):
            console.print(told(ended))
