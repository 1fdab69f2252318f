"""Spoils valid files of every kind and drops them: no crash, no hang, no swelling, no row lost, nothing published.

State stands in a temporary folder. It prints what it dropped, what became of it, the slowest and the largest reading,
and every broken promise; it exits with 1 if there is one. All rows are made up.

    .venv/bin/python -m tests.benchmarks.fuzz [MINUTES] [SEED]      10 minutes unless told
"""

import os
import random
import resource
import shutil
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rich.console import Console

from tests.feeds import contacts, mstatkommun, plain, samples, workbooks

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS_ALLOWED = 60
MEMORY_ALLOWED = 2_000_000_000
BOMB_BYTES = 10_000_000_000

Mutation = Callable[[bytes, random.Random], bytes]


def truncate(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def flip_bytes(content: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(content)
    for _ in range(chance.randint(1, 50)):
        spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


def drop_a_piece(content: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(content))
    return content[:begin] + content[begin + chance.randint(1, 2000) :]


def repeat_a_piece(content: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(content))
    piece = content[begin : begin + chance.randint(1, 2000)]
    return content[:begin] + piece * chance.randint(2, 50) + content[begin:]


def swap_columns(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    for delimiter in (b";", b",", b"\t"):
        width = lines[min(3, len(lines) - 1)].count(delimiter) + 1
        if width > 1:
            one, other = chance.sample(range(width), 2)
            return b"\n".join(_swapped(line, delimiter, one, other) for line in lines)
    return flip_bytes(content, chance)


def _swapped(line: bytes, delimiter: bytes, one: int, other: int) -> bytes:
    cells = line.split(delimiter)
    if max(one, other) < len(cells):
        cells[one], cells[other] = cells[other], cells[one]
    return delimiter.join(cells)


def duplicate_rows(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    return b"\n".join(line for each in lines for line in [each] * chance.choice([1, 1, 1, 2, 5]))


def change_encoding(content: bytes, chance: random.Random) -> bytes:
    return content.decode("utf-8", "replace").encode(
        chance.choice(["latin-1", "utf-16", "utf-32", "cp1252"]), "replace"
    )


def huge_cell(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + chance.choice([b"x", b"9", b'"', b"<5", "å".encode()]) * 5_000_000 + content[at:]


def zero_bytes(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + b"\0" * chance.randint(1, 10_000) + content[at:]


def nothing_left(content: bytes, chance: random.Random) -> bytes:
    return chance.choice([b"", b" ", b"\r\n", b"\xef\xbb\xbf", b"PK\x03\x04", b"%PDF-1.7\n", b"PAR1"])


def another_form(content: bytes, chance: random.Random) -> bytes:
    return chance.choice([b"<html><table><tr><td>PERIOD</td></tr></table></html>", chance.randbytes(100_000)])


def personal_number(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    lines.insert(chance.randrange(len(lines) + 1), b"19121212-1212")
    return b"\n".join(lines)


MUTATIONS: tuple[Mutation, ...] = (
    truncate,
    flip_bytes,
    drop_a_piece,
    repeat_a_piece,
    swap_columns,
    duplicate_rows,
    change_encoding,
    huge_cell,
    zero_bytes,
    nothing_left,
    another_form,
    personal_number,
)


def in_a_part(mutation: Mutation) -> Mutation:
    """The same, within a part of a workbook: the archive stays sound."""

    def spoil(content: bytes, chance: random.Random) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            path.write_bytes(content)
            with zipfile.ZipFile(path) as archive:
                parts = {name: archive.read(name) for name in archive.namelist()}
            name = chance.choice(sorted(name for name, part in parts.items() if part))
            parts[name] = mutation(parts[name], chance)
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for each, part in parts.items():
                    archive.writestr(each, part)
            return path.read_bytes()

    spoil.__name__ = f"{mutation.__name__} in a part"
    return spoil


def deep_xml(content: bytes, chance: random.Random) -> bytes:
    depth = chance.choice([1_000, 100_000, 2_000_000])
    return b"<a>" * depth + b"</a>" * depth


def entities(content: bytes, chance: random.Random) -> bytes:
    laughs = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    return f'<!DOCTYPE w [<!ENTITY l0 "lol">{laughs}]><worksheet>&l9;</worksheet>'.encode()


def blank_rows(content: bytes, chance: random.Random) -> bytes:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (at, at) for at in range(100_000, 1_048_576))
    return content.replace(b"</sheetData>", rows + b"</sheetData>")


WORKBOOK_MUTATIONS = tuple(map(in_a_part, (*MUTATIONS, deep_xml, entities, blank_rows)))


def bomb(content: bytes, chance: random.Random) -> bytes:
    """A workbook of 10 GB of nothing; made once."""
    path = Path(tempfile.gettempdir()) / "narvaro-bomb.xlsx"
    if not path.exists():
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", "<workbook/>")
            with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
                for _block in range(BOMB_BYTES // 100_000_000):
                    part.write(bytes(100_000_000))
    return path.read_bytes()


@dataclass
class Account:
    """What came of everything that was dropped."""

    outcomes: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")


def valid_files(folder: Path) -> dict[str, tuple[str, Path]]:
    """A sound file of every kind: its folder in landing, and where it stands."""
    folder.mkdir()
    shipped = CHECKOUT / "sources"
    made = {
        "af_timeseries.xlsx": workbooks.write_af_timeseries(folder / "af_timeseries.xlsx", samples.timeseries()),
        "af_competitiveness.xlsx": workbooks.write_af_competitiveness(
            folder / "af_competitiveness.xlsx", samples.competitiveness()
        ),
        "mstatkommun.csv": mstatkommun.write(folder / "mstatkommun.csv"),
        "registrations.csv": plain.write_text(folder / "registrations.csv"),
        "registrations.xlsx": plain.write_workbook(folder / "registrations.xlsx"),
        "registrations.parquet": plain.write_parquet(folder / "registrations.parquet"),
    }
    files = {name: ("registrations", path) for name, path in made.items()}
    for name in ("contacts.csv", "contacts.parquet"):
        contacts.write(folder / name, contacts.Contacts(5_000, date(2020, 1, 1), 60))
        files[name] = ("contacts", folder / name)
    documents = {
        "appendices.pdf": CHECKOUT / "tests" / "fixtures" / "appendices.pdf",
        "kept.txt": shipped / "decision_appendices" / "kept_offices.txt",
        "rollout.txt": shipped / "service_centre_schedules" / "rollout.txt",
        "figures.csv": shipped / "stated_figures" / "af-news-2020-06-15.csv",
    }
    return files | {name: ("documents", path) for name, path in documents.items()}


SIDECAR = """
id: made-up-document-{number}
title: Made up
publisher: Nobody
published: 2021-09-01
as_of: 2021-09-01
language: sv
"""


def drop_one(files: dict[str, tuple[str, Path]], number: int, chance: random.Random, account: Account) -> None:
    """Spoil one file, drop it, take it, and hold every promise against what came of it."""
    from orchestration import feed_months, landing, paths
    from orchestration.deliveries import Status

    name = chance.choice(sorted(files))
    kind, source = files[name]
    mutation = chance.choice((*MUTATIONS, *((*WORKBOOK_MUTATIONS, bomb) if source.suffix == ".xlsx" else ())))
    what = f"{number} {name}: {mutation.__name__}"
    file = paths.landing_folder() / kind / f"{number}-{name}"
    file.write_bytes(mutation(source.read_bytes(), chance))
    if kind == "documents":
        landing.sidecar_of(file).write_text(SIDECAR.format(number=number), "utf-8")
    before = _months()
    began = time.monotonic()
    try:
        taken = landing.take_all(settle_seconds=0)
    except Exception as error:
        account.broken.append(f"{what}: {type(error).__name__}: {error}"[:500])
        file.unlink(missing_ok=True)
        return
    seconds = time.monotonic() - began
    account.slowest = max(account.slowest, (seconds, what))
    for left in (file, landing.sidecar_of(file)):
        left.unlink(missing_ok=True)  # a file with personal data stays until a person removes it
    if len(taken) != 1:
        account.broken.append(f"{what}: {len(taken)} records")
        return
    (delivery,) = taken
    account.outcomes[delivery.status] += 1
    account.by_kind[name, delivery.status] += 1
    if delivery.status is Status.ACCEPTED:
        if delivery.rows_received != (delivery.rows_valid or 0) + (delivery.rows_quarantined or 0):
            account.broken.append(f"{what}: {delivery.rows_received} rows received, others accounted for")
        brought = feed_months.bring_up_to_date()
        account.broken += [f"{what}: {problem}" for problem in brought.problems]
    else:
        if not delivery.message:
            account.broken.append(f"{what}: {delivery.status} without a message")
        if "crashed" in delivery.message:
            account.broken.append(f"{what}: {delivery.message}")
        if _months() != before:
            account.broken.append(f"{what}: {delivery.status}, but the months changed")
    if "19121212" in delivery.model_dump_json():
        account.broken.append(f"{what}: the record repeats the personal identity number")
    if seconds > SECONDS_ALLOWED:
        account.broken.append(f"{what}: {seconds:.0f} s")


def _months() -> list[tuple[str, int]]:
    from orchestration import paths

    return sorted((str(file), file.stat().st_mtime_ns) for file in paths.feeds_folder().rglob("report_month=*/*"))


def withdraw_everything() -> None:
    """Take back what was accepted: with it, a mutation that happens to be sound counts for nothing."""
    from datetime import UTC, datetime

    from orchestration.deliveries import Deliveries, Delivery, Status

    with Deliveries.here().held() as deliveries:
        for each in deliveries.in_use():
            facts = {name: getattr(each, name) for name in ("name", "sha256", "size_bytes", "kind")}
            deliveries.add(
                Delivery(
                    **facts,
                    delivery_number=deliveries.next_number(),
                    received_at=datetime.now(UTC),
                    status=Status.WITHDRAWN,
                    withdraws=each.delivery_number,
                )
            )


def fingerprint() -> str:
    """What is published, but for the list of deliveries itself."""
    from orchestration.published import Published

    folder = Published.here().current
    assert folder is not None, "the first night was released"
    tables = sorted(each for each in (folder / "csv").iterdir() if each.name.startswith(("core.", "kpi.")))
    return str([(each.name, each.read_bytes()) for each in tables])


def main(minutes: float = 10, seed: int = 20201015) -> int:
    """Drop spoiled files for so many minutes, between two nights that must publish the same."""
    console = Console(highlight=False, width=150)
    data = Path(tempfile.mkdtemp(prefix="narvaro-fuzz-"))
    os.environ.update(NARVARO_DATA=str(data / "data"), NARVARO_CONTACT_KEY="a key for made-up contacts")
    from orchestration.manifest import ensure_manifest
    from orchestration.night import prepare_environment, run_night

    prepare_environment()
    ensure_manifest()
    account, chance = Account(), random.Random(seed)  # noqa: S311  (the same files again, not secrets)
    first = run_night()
    published = fingerprint()
    files = valid_files(data / "valid")
    began, number = time.monotonic(), 0
    while time.monotonic() - began < 60 * minutes:
        number += 1
        drop_one(files, number, chance, account)
    withdraw_everything()
    last = run_night()
    if not (first.is_good and last.is_good and fingerprint() == published):
        account.broken.append(f"what is published changed, or the night was {last.outcome}: {last.errors}")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    if memory > MEMORY_ALLOWED:
        account.broken.append(f"a reading held {memory / 1e9:.2f} GB")
    console.print(f"{number} files in {minutes:g} minutes, seed {seed}: {dict(account.outcomes)}")
    for (name, status), count in sorted(account.by_kind.items()):
        console.print(f"  {name:26} {status:10} {count:5}")
    console.print(f"slowest: {account.slowest[0]:.1f} s ({account.slowest[1]}); largest reading {memory / 1e9:.2f} GB")
    for each in account.broken:
        console.print(f"BROKEN {each}", soft_wrap=True)
    console.print(f"{len(account.broken)} promises broken")
    shutil.rmtree(data)
    return 1 if account.broken else 0


if __name__ == "__main__":
    sys.exit(main(*(kind(given) for kind, given in zip((float, int), sys.argv[1:], strict=False))))
