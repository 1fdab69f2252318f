"""Programs that are no libraries: the DuckDB command line, and LibreOffice on the workbook.

Runs in the project's own environment; the third argument names the program's file, the fourth says which it is.
"""

import csv
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from tests.benchmarks.clients.probes.protocol import RELEASE, Answer, after, answer, before, published, queries

PROGRAM = sys.argv[3]
RELEASE_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


def said(*arguments: str) -> str:
    """What the program prints."""
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=True).stdout


def command_line() -> None:
    """The DuckDB command line: a process per query, and one session that stays open."""
    link = str(published() / "narvaro.duckdb")
    answers = {}
    for name in queries():
        rows = json.loads(said("-readonly", "-json", "-f", str(Path(sys.argv[2], f"{name}.sql")), link) or "[]")
        answers[name] = answer(rows[0] if rows else [], (list(row.values()) for row in rows))
    session = subprocess.Popen(
        [PROGRAM, "-readonly", "-batch", "-csv", "-noheader", link],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    asked, told = session.stdin, session.stdout
    assert asked
    assert told
    ask(asked, told)
    before(said("--version").split()[0].removeprefix("v"), answers)
    after(
        {
            "held": lambda: ask(asked, told),
            "another process": lambda: said("-readonly", "-csv", "-noheader", link, RELEASE).strip(),
            "reopened": lambda: ask(asked, told, f".open --readonly {link}\n"),
        }
    )
    asked.close()
    session.wait()


def ask(asked: IO[str], told: IO[str], first: str = "") -> str:
    """The release that a session reads, after a command of its own."""
    asked.write(f"{first}{RELEASE};\n")
    asked.flush()
    return told.readline().strip()


def libreoffice() -> None:
    """LibreOffice: every sheet of the workbook as csv, cells as they are and not as they are shown."""
    version = said("--version").split()[1]
    sheets = converted()
    answers: dict[str, Answer] = {}
    for name, rows in sheets.items():
        if name.startswith("kpi."):
            answers[name] = answer(rows[0], ([cell or None for cell in row] for row in rows[1:]))
    before(version, answers)
    after({"reopened": lambda: release(converted())})


def converted() -> dict[str, list[list[str]]]:
    """The sheets of the workbook by name, in the workbook's order."""
    with tempfile.TemporaryDirectory() as folder:
        said(
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            # comma, quotes, UTF-8, from the first row; not as shown; every sheet into a file of its own
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1",
            "--outdir",
            folder,
            str(published() / "narvaro.xlsx"),
        )
        files = sorted(Path(folder).glob("*.csv"), key=lambda file: file.stat().st_mtime_ns)
        return {file.stem.partition("-")[2]: list(csv.reader(file.open(encoding="utf-8"))) for file in files}


def release(sheets: dict[str, list[list[str]]]) -> Any:
    """The release that the workbook says it is: the latest id on a sheet that is no table."""
    words = (cell for name, rows in sheets.items() if "." not in name for row in rows for cell in row)
    return max(found for word in words for found in RELEASE_ID.findall(word))


{"command_line": command_line, "libreoffice": libreoffice}[sys.argv[4]]()
