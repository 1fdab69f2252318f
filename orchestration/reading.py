"""Reading one received file in a process of its own, with limits of time and memory.

Belongs here: what a reading gives, starting the process, stopping it when it takes too much. Does not belong here: how
a file is read (`sources`), what happens to it afterwards (`landing`).

A file from outside can make any parser hang, swell or crash. In a process of its own it harms nothing but itself.
"""

import contextlib
import errno
import fcntl
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Literal

import psutil
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from orchestration import full_disk, paths
from sources.registry import Sidecar
from sources.text import printable

MEMORY_LIMIT = 1_750_000_000
"""Bytes that a reader may hold. A workbook of 60 MB needs less than 1 GiB; contacts are read out of core."""

SECONDS = 50
SECONDS_PER_MB = 3.0
"""Time that a reader may take: a minute for a workbook that takes a third of it, more for large extracts."""

POLL_SECONDS = 0.05

OTHERS_SECRETS = {"NARVARO_ALERTS", "NARVARO_POSTGRESQL"}
"""Variables of the environment that no reader is told."""

READER = "orchestration.read_delivery"
"""The module that the process runs."""

ROWS = "rows.parquet"
"""The valid rows of a registrations file, in the folder `out` of a request."""
PSEUDONYMISED = "pseudonymised.parquet"
"""What is stored in place of a contacts file."""


Told = Annotated[str, AfterValidator(printable)]
"""What is told to people, and may repeat a heading or a cell of the file."""


class QuarantinedRule(BaseModel):
    """Rows of one file that break one rule."""

    model_config = ConfigDict(frozen=True)

    table: str
    rule: str
    reason: Told
    rows: int
    sample: str | None = None
    """A few of the cells, as a JSON list."""


class DocumentContent(BaseModel):
    """What a delivered document is, as the person who dropped it says, and the tables that were found in it."""

    model_config = ConfigDict(frozen=True)

    facts: Sidecar
    tables: tuple[str, ...]


class Refused(BaseModel):
    """The file cannot be taken."""

    outcome: Literal["refused"] = "refused"
    message: Told
    is_personal: bool = False
    """It holds a personal identity number: it is not even read again."""
    may_be_kept: bool = True
    """Whether the store may have it; not if it holds what must not be stored as it is."""


class Waiting(BaseModel):
    """The file is sound, but something beside it is missing."""

    outcome: Literal["waiting"] = "waiting"
    message: Told


class Read(BaseModel):
    """The file was read. `received == valid + quarantined`."""

    outcome: Literal["read"] = "read"
    layout: str
    rows_received: int
    rows_valid: int
    rows_quarantined: int
    quarantine: tuple[QuarantinedRule, ...] = ()
    notes: tuple[Told, ...] = ()
    document: DocumentContent | None = None
    key_check: str | None = None
    """Of contacts: what tells the key of their pseudonyms from another."""


class Request(BaseModel):
    """What is to be read. `name`: for messages; `out`: a folder for rows that are made of it; `received_at`: in UTC."""

    file: Path
    descriptor: int | None = None
    """What `file` is a path of, if it is held open."""
    sidecar: Path | None = None
    """Of a document: the facts that were delivered with it, if this file is there."""
    name: str
    out: Path
    received_at: datetime
    as_document: bool
    """Whether it is a document; else a feed, recognised by its content."""


class _Result(BaseModel):
    found: Annotated[Read | Refused | Waiting, Field(discriminator="outcome")]


class BrokenReader(Exception):
    """The process ended before it looked at the file: the fault is ours, and says nothing about the file."""


def started(result: Path) -> Path:
    """The file that the process makes when it begins with the file that it was asked for."""
    return result.with_suffix(".started")


def end_with_parent() -> None:
    """Let the system end this process when the one that started it, which holds the other end of its input, is gone.

    By a signal of the pipe (SIGIO, which ends a process), since a parser that hangs would never look. Linux sends it;
    elsewhere a reader whose parent was killed reads on to its end.
    """
    fcntl.fcntl(sys.stdin, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(sys.stdin, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        os.read(sys.stdin.fileno(), 1)  # the end of the pipe: it is gone already
        sys.exit("the process that asked for this is gone")


def read_in_a_process(request: Request) -> Read | Refused | Waiting:
    """Read the file; a reader that crashes, hangs or swells is a refusal that says so, and nobody knows what it holds.

    Raises `BrokenReader` if the reader cannot even start, and `FullDisk` if it could not write what it read.
    """
    request = request.model_copy(update={"file": request.file.absolute(), "out": request.out.absolute()})
    size = request.file.stat().st_size
    seconds = SECONDS + SECONDS_PER_MB * size / 1_000_000
    result = request.out / "result.json"
    request.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", READER, request.model_dump_json(), str(result)],
            cwd=paths.ROOT,
            pass_fds=[] if request.descriptor is None else [request.descriptor],
            # what a parser puts aside goes with the rest, and what it need not know it does not
            env={name: os.environ[name] for name in os.environ.keys() - OTHERS_SECRETS} | {"TMPDIR": str(request.out)},
            stdin=subprocess.PIPE,  # never written to: it closes when this process ends, however it ends
            stdout=said,
            stderr=said,
        )
        with process.stdin or contextlib.nullcontext():
            stopped = _wait(process, seconds)
        if stopped:
            return Refused(message=f"{request.name}: {stopped}", may_be_kept=False)
        if process.returncode == full_disk.EXIT_CODE:
            raise full_disk.FullDisk(_said(said) or os.strerror(errno.ENOSPC))
        if process.returncode and not started(result).exists():
            raise BrokenReader(f"the reader of dropped files cannot start:\n{_said(said)}")
        if process.returncode or not result.exists():
            crashed = f"{request.name}: its reader crashed ({_last_line(said, process.returncode)})"
            return Refused(message=crashed, may_be_kept=False)
    return _Result.model_validate_json(f'{{"found": {result.read_text("utf-8")}}}').found


def _wait(process: "subprocess.Popen[bytes]", seconds: float) -> str | None:
    """Wait for the end; why it was stopped, if it was."""
    watched = psutil.Process(process.pid)
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        try:
            held = watched.memory_info().rss
        except psutil.NoSuchProcess:
            held = 0
        if held > MEMORY_LIMIT:
            _kill(process)
            return f"reading it takes more than {MEMORY_LIMIT / 1e9:.2f} GB of memory; expected a file of usual size"
        if time.monotonic() > deadline:
            _kill(process)
            return f"reading it takes more than {seconds:.0f} seconds; expected a file of usual size"
        time.sleep(POLL_SECONDS)
    return None


def _kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def _last_line(said: IO[bytes], code: int | None) -> str:
    """The kind of the error that ended the process: its text could repeat what stands in the file."""
    lines = _said(said).splitlines()
    kind = lines[-1].split(":", 1)[0][:100] if lines else ""
    return kind if kind.isidentifier() or kind.replace(".", "").isidentifier() else f"exit code {code}"


def _said(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode("utf-8", "replace").strip()
