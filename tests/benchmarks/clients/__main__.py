"""Which clients really read what is published: each is installed, asked the example queries, and meets a new release.

Every client is installed from the package registries into an environment of its own, which is removed afterwards. It
opens a copy of the published folder read-only, runs every query of docs/queries (or reads every kpi table), and its
rows are compared with those of the project's own driver. Then another release is switched in: what a held connection
sees, and whether the client sees the new release once it is reopened as docs/bi.md says. Needs a network.

    .venv/bin/python -m tests.benchmarks.clients [--only NAME] [DATABASE]     DATABASE: data/published/narvaro.duckdb
"""

import argparse
import json
import math
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
from rich import box
from rich.console import Console
from rich.table import Table

from orchestration import paths, release_file
from orchestration.published import DATABASE, WORKBOOK, Published, Release
from orchestration.release_workbook import write_workbook

HERE = Path(__file__).parent
QUERIES = paths.ROOT / "docs" / "queries"
NEXT_RELEASE = "20991231T235959Z-00000000"
PROGRAMS = ("command_line", "libreoffice")
"""Functions of the probe `programs`: clients that are no libraries."""
INSTALLING, RUNNING = 300, 120
"""Seconds that a client may take; then it is ended and counts as failed."""


@dataclass(frozen=True)
class Client:
    """A client: its name, the probe that speaks for it, and what must be installed for it."""

    name: str
    probe: str
    """A module of `probes`, a file of it for Node, or one of `PROGRAMS`."""
    python: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()
    needs_workbook: bool = False


CLIENTS = (
    *(Client("Python duckdb", "duckdb_driver", (f"duckdb=={each}",)) for each in ("1.1.3", "1.4.5", "1.5.6", "2.0.0")),
    Client("polars", "polars_frames", ("polars==1.0.0", "duckdb==1.1.3", "pyarrow<20")),
    Client("polars", "polars_frames", ("polars==2.1.0", "duckdb==2.0.0", "pyarrow")),
    Client("pandas", "pandas_frames", ("pandas==2.0.3", "numpy<2", "duckdb==1.1.3")),
    Client("pandas", "pandas_frames", ("pandas==3.1.1", "duckdb==2.0.0")),
    Client("ibis", "ibis_tables", ("ibis-framework[duckdb]==9.5.0", "duckdb==1.1.3")),
    Client("ibis", "ibis_tables", ("ibis-framework[duckdb]==12.0.0", "duckdb==1.5.6")),
    Client("SQLAlchemy", "sqlalchemy_engine", ("sqlalchemy==1.4.54", "duckdb-engine==0.13.6", "duckdb==1.1.3")),
    Client("SQLAlchemy", "sqlalchemy_engine", ("sqlalchemy==2.0.44", "duckdb-engine==0.17.0", "duckdb==1.4.5")),
    Client("SQLAlchemy", "sqlalchemy_engine", ("sqlalchemy==2.0.58", "duckdb-engine==0.17.0", "duckdb==2.0.0")),
    Client("DuckDB CLI", "command_line", ("duckdb-cli==1.4.4.post2",)),
    Client("DuckDB CLI", "command_line", ("duckdb-cli==1.5.6",)),
    Client("Node", "node_api.mjs", npm=("@duckdb/node-api@1.1.3-alpha.11",)),
    Client("Node", "node_api.mjs", npm=("@duckdb/node-api@1.5.6-r.1",)),
    Client("Evidence", "evidence.cjs", npm=("@evidence-dev/duckdb@2.0.1",)),
    Client("openpyxl", "openpyxl_workbook", ("openpyxl==3.1.5",), needs_workbook=True),
    Client("LibreOffice", "libreoffice", needs_workbook=True),
)


class Skipped(Exception):
    """A client that cannot be tried here, and what is missing."""


class Failed(Exception):
    """A client that could not be installed, or did not do its part in time."""


@dataclass(frozen=True)
class Result:
    """What one client did."""

    version: str
    answers: Mapping[str, Any]
    seen: Mapping[str, str]


@dataclass(frozen=True)
class Folders:
    """The copy of the published folder that the clients read, with the two releases to switch between."""

    published: Published
    first: Release
    second: Release


@contextmanager
def one_temporary_folder() -> Iterator[None]:
    """Everything temporary in one folder, also what installers leave behind when they are ended."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        before, tempfile.tempdir = tempfile.tempdir, folder
        os.environ["TMPDIR"] = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


@contextmanager
def two_releases(source: Path) -> Iterator[Folders]:
    """A copy of a published folder with its current release, and one that says it is another and has equal data."""
    with tempfile.TemporaryDirectory() as temporary:
        published = Published(Path(temporary, "published"))
        releases = published.folder / "releases"
        current = (source / "current").resolve()
        first, second = releases / current.name, releases / NEXT_RELEASE
        for release in (first, second):
            shutil.copytree(current, release, ignore=shutil.ignore_patterns("data_docs", "site"))
        for path in (second, *second.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        with release_file.opened(second / DATABASE, read_only=False) as connection:
            connection.execute(
                "insert into meta.release select * replace (? as release_id) from meta.release"
                " where release_id = (select max(release_id) from meta.release)",
                [NEXT_RELEASE],
            )
        release_file.export(second / DATABASE, second, ["meta.release"])
        write_workbook(second / DATABASE, second / WORKBOOK)
        published.switch_to(Release(first))
        yield Folders(published, Release(first), Release(second))


def tried(client: Client, folders: Folders) -> Result:
    """Install a client, let it answer, switch the release, let it look again. Raises `Skipped` or `Failed`."""
    folders.published.switch_to(folders.first)
    if client.needs_workbook and not (folders.first.folder / WORKBOOK).exists():
        raise Skipped(f"the release has no {WORKBOOK}")
    with tempfile.TemporaryDirectory() as temporary:
        command = [*installed(client, Path(temporary)), str(folders.published.folder), str(QUERIES)]
        if client.probe in PROGRAMS:
            command += [program(client, Path(temporary)), client.probe]
        return told(command, folders)


def program(client: Client, environment: Path) -> str:
    """The file of a program: one that a package brought into its environment, or that the machine has."""
    if client.probe == "command_line":
        return str(environment / "bin" / "duckdb")
    found = shutil.which("soffice")
    if not found:
        raise Skipped("LibreOffice is not here (its program soffice)")
    return found


def installed(client: Client, folder: Path) -> list[str]:
    """Install what a client needs into a folder; gives the command that starts its probe."""
    if client.npm:
        node = shutil.which("node")
        if not node or not shutil.which("npm"):
            raise Skipped("node and npm are not here")
        install(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(folder), *client.npm])
        return [node, str(shutil.copy(HERE / "probes" / client.probe, folder))]
    python = sys.executable
    if client.python:
        venv.create(folder, with_pip=False)
        install([python, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet", *client.python])
    if client.probe in PROGRAMS:
        return [python, "-m", "tests.benchmarks.clients.probes.programs"]
    return [str(folder / "bin" / "python"), "-W", "ignore", "-m", f"tests.benchmarks.clients.probes.{client.probe}"]


def install(command: list[str]) -> None:
    """Run an installer; raises `Failed` with its last words."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALLING, check=False, env=environment()
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"not installed within {INSTALLING} s") from error
    if done.returncode:
        raise Failed(f"cannot be installed: {last_line(done.stderr)}")


def environment() -> dict[str, str]:
    """The environment of a client: nothing of the project's own."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NARVARO", "VIRTUAL_ENV"))
    }
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def told(command: list[str], folders: Folders) -> Result:
    """Start a probe, switch the release once it has answered, and give what it says."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as complaints:
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env=environment(),
            cwd=paths.ROOT,
        ) as process:
            limit = threading.Timer(RUNNING, process.kill)
            limit.start()
            try:
                assert process.stdin
                assert process.stdout
                first = process.stdout.readline()
                folders.published.switch_to(folders.second)
                second = process.communicate("switched\n")[0] if first else ""
            except OSError:
                second = ""
            finally:
                limit.cancel()
                process.kill()
        complaints.seek(0)
        if not first.startswith("{") or not second.startswith("{"):
            raise Failed(last_line(complaints.read()) or f"said nothing within {RUNNING} s")
    answered = json.loads(first)
    return Result(answered["version"], answered["answers"], json.loads(second.splitlines()[0]))


def last_line(text: str) -> str:
    """The last line that says something."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def expected(database: Path) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """Columns and rows by the project's own driver: of each example query, and of each kpi table by its address."""
    asked = {file.stem: file.read_text("utf-8") for file in sorted(QUERIES.glob("*.sql"))}
    with release_file.opened(database) as connection:
        for table in release_file.tables_of(connection, database.stem):
            if table.schema == "kpi":
                asked[table.address] = f"select * from {table.quoted}"
        answers = {}
        for name, sql in asked.items():
            found = connection.execute(sql)
            answers[name] = ([column[0] for column in found.description], found.fetchall())
    return answers


def differences(name: str, right: tuple[list[str], list[tuple[Any, ...]]], answer: Mapping[str, Any]) -> str | None:
    """What an answer has otherwise than it should; a table has no order of rows, a query has."""
    columns, rows = right
    if answer["columns"] != columns:
        return f"{name}: columns {answer['columns']}"
    wanted = [[text_of(value) for value in row] for row in rows]
    types = kinds(rows)
    found = [[text_of(likened(kind, value)) for kind, value in zip(types, row, strict=True)] for row in answer["rows"]]
    if "." in name:
        wanted, found = sorted(wanted), sorted(found)
    if wanted == found:
        return None
    if len(wanted) != len(found):
        return f"{name}: {len(found)} rows instead of {len(wanted)}"
    pair = next(
        (right, other)
        for row, seen in zip(wanted, found, strict=True)
        for right, other in zip(row, seen, strict=True)
        if right != other
    )
    return f"{name}: {pair[1]} instead of {pair[0]}"


def kinds(rows: list[tuple[Any, ...]]) -> list[type]:
    """The type of each column: of its first value."""
    return [next((type(value) for value in column if value is not None), str) for column in zip(*rows, strict=True)]


def likened(kind: type, value: Any) -> Any:
    """A client's value as the type of its column: many give numbers, dates and truths as text, or dates with a time."""
    if value is None:
        return None
    if kind is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower(), value)
    if kind in {int, float}:
        return number(value)
    if kind is date:
        return re.sub(r"[T ]00:00:00(\.0+)?Z?$", "", str(value))
    return value


def number(value: Any) -> Any:
    """A number, a percentage as its share, or what stands in its place."""
    try:
        return float(value.removesuffix("%")) / 100 if str(value).endswith("%") else float(value)
    except (TypeError, ValueError):
        return value


def text_of(value: Any) -> str:
    """A value as text to compare: numbers to twelve digits, nothing as the empty text."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value)
    return f"{float(value):.12g}" if isinstance(value, int | float) else str(value)


def row_of(client: Client, folders: Folders, right: Mapping[str, Any]) -> tuple[bool, list[str]]:
    """Try a client: whether it did all it should, and its row of the table."""
    wanted = ", ".join(each.replace("==", " ") for each in (*client.python, *client.npm))
    try:
        result = tried(client, folders)
    except Skipped as reason:
        return True, [client.name, wanted, "–", "–", "–", f"skipped: {reason}"]
    except Failed as reason:
        return False, [client.name, wanted, "–", "–", "–", f"failed: {reason}"]
    faults = [fault for name, answer in result.answers.items() if (fault := differences(name, right[name], answer))]
    counts = [counted(result, right, faults, are_tables) for are_tables in (False, True)]
    ids = {folders.first.release_id: "old", NEXT_RELEASE: "new"}
    seen = {case: ids.get(release, release) for case, release in result.seen.items()}
    reopened, held = seen.pop("reopened"), seen.pop("held", "old")
    is_right = not faults and (held, reopened) == ("old", "new") and all(has for _, has in counts)
    words = [*faults[:2], *(f"{case}: {release}" for case, release in seen.items())]
    return is_right, [
        client.name,
        result.version,
        *(count for count, _ in counts),
        {"new": "yes", "old": "no"}.get(reopened, reopened),
        "; ".join(words),
    ]


def counted(result: Result, right: Mapping[str, Any], faults: list[str], are_tables: bool) -> tuple[str, bool]:
    """How many of all queries (or tables) have the right answer, and whether it is all or the client asks none."""
    answered = {name for name in result.answers if ("." in name) is are_tables}
    total = sum(("." in name) is are_tables for name in right)
    equal = len(answered) - sum(fault.partition(":")[0] in answered for fault in faults)
    return (f"{equal}/{total}", equal == total) if answered else ("–", True)


def main() -> int:
    """Try the clients and print the table; the exit code says whether all did what they should."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that environments are removed then too
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.clients")
    parser.add_argument("--only", metavar="NAME", help="clients whose name holds this")
    parser.add_argument("database", nargs="?", type=Path, default=Published.here().folder / DATABASE)
    arguments = parser.parse_args()
    if not arguments.database.exists():
        sys.exit(f"{arguments.database} is not there: `make run` publishes it")
    chosen = [client for client in CLIENTS if (arguments.only or "").lower() in client.name.lower()]
    if not chosen:
        sys.exit(f"no client is named {arguments.only}: {', '.join(dict.fromkeys(client.name for client in CLIENTS))}")
    table = Table(
        "client", "version", "queries equal", "tables equal", "sees the new release", "seen otherwise", box=box.MARKDOWN
    )
    all_right = True
    with one_temporary_folder(), two_releases(arguments.database.parent) as folders:
        right = expected(folders.first.database)
        for client in chosen:
            is_right, row = row_of(client, folders, right)
            all_right &= is_right
            table.add_row(*row)
            print(f"{'' if is_right else 'NOT '}right: {', '.join(row[:2])}", file=sys.stderr, flush=True)
    Console(width=None if sys.stdout.isatty() else 1000).print(table)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}, compared with duckdb {duckdb.__version__}")
    return 0 if all_right else 1


if __name__ == "__main__":
    sys.exit(main())
