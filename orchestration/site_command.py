"""The command `narvaro site`: the report of what is published, made anew and served on this machine.

Belongs here: where it is written and how it is served. Does not belong here: the report (`orchestration.site`).
A release carries its own report, which opens from disk; this is for trying a page, or a browser that opens no files.
Pages link to the files of the release beside them, so the folder that is served is laid out as a release is.
"""

import io
import shutil
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console

from orchestration import paths
from orchestration.headlines import NOTHING_PUBLISHED
from orchestration.published import DATABASE, WORKBOOK, Published

HOST = "127.0.0.1"
BESIDE = ("csv", "parquet", DATABASE, WORKBOOK)
"""What pages link to outside the report."""


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
    shutil.rmtree(folder.parent, ignore_errors=True)
    written = write_site(release.database, folder)
    for name in BESIDE:
        (folder.parent / name).symlink_to(release.folder / name)
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
    """Serve the report of a folder, with what stands beside it, on loopback until interrupted."""
    try:
        server = ThreadingHTTPServer((HOST, port), partial(_Quiet, directory=str(folder.parent)))
    except OSError as error:
        raise typer.BadParameter(f"port {port} is in use; --port 0 takes a free one ({error})") from error
    with server:
        console.print(f"http://{HOST}:{server.server_port}/{folder.name}/ (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            console.print("Ended.")


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line for each; what a browser keeps of them is asked for again.

    The top leads to the report.
    """

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        if self.path != "/":
            return super().send_head()
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", f"/{paths.site_folder().name}/")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
