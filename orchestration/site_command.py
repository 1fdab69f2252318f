"""The command `narvaro site`: the report of what is published, made anew and served on this machine.

Belongs here: where it is written and how it is served. Does not belong here: the report (`orchestration.site`).
A release carries its own report, which opens from disk; this is for trying a page, or a browser that opens no files.
"""

import shutil
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestration import paths
from orchestration.headlines import NOTHING_PUBLISHED
from orchestration.published import Published

HOST = "127.0.0.1"


def site(
    port: Annotated[int, typer.Option(help="Port, on this machine only; 0 takes a free one.")] = 8000,
    serve: Annotated[bool, typer.Option(help="Serve it until interrupted; else only write it.")] = True,
) -> None:
    """Write the report of what is published anew, as this checkout makes it, and serve it on this machine."""
    console = Console(highlight=False, file=sys.stdout)
    release = Published.here().release
    if release is None:
        console.print(NOTHING_PUBLISHED)
        raise typer.Exit(1)
    from orchestration.site.build import write_site

    folder = paths.site_folder()
    shutil.rmtree(folder, ignore_errors=True)
    written = write_site(release.database, folder)
    for part in ("data_docs", "dbt_docs"):
        if (found := release.folder / "site" / part).exists():
            shutil.copytree(found, folder / part, copy_function=shutil.copyfile)
    console.print(
        f"{written.pages} pages, {written.size_bytes / 1e6:.1f} MB in {written.seconds:.1f} s: {folder / 'index.html'}",
        soft_wrap=True,
    )
    if serve:
        _serve(console, folder, port)


def _serve(console: Console, folder: Path, port: int) -> None:
    """Serve a folder on loopback until interrupted."""
    try:
        server = ThreadingHTTPServer((HOST, port), partial(_Quiet, directory=str(folder)))
    except OSError as error:
        raise typer.BadParameter(f"port {port} is in use; --port 0 takes a free one ({error})") from error
    with server:
        console.print(f"http://{HOST}:{server.server_port}/ (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            console.print("Ended.")


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line for each; what a browser keeps of them is asked for again."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
