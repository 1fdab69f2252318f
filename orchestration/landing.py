"""Taking the files that users drop: each is looked at twice, read, stored, recorded, and moved out of landing.

Belongs here: what happens to a file, in which order, whatever is wrong with it. Does not belong here: reading it
(`reading`), the record itself (`deliveries`), what its rows become (`feeds`).

The order makes a crash at any point harmless: the bytes are stored before they are recorded, and recorded before they
leave landing. A file that was recorded but not removed is received again as unchanged.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration import full_disk, paths
from orchestration.deliveries import Deliveries, Delivery, Kind, Status
from orchestration.held_file import HeldFile, held, look
from orchestration.reading import PSEUDONYMISED, ROWS, Read, Request, Waiting, read_in_a_process
from sources.personal_data import mask
from sources.registry import SIDECAR_SIZE, SIDECAR_SUFFIX, Store
from sources.text import printable

SETTLE_SECONDS = 1.0
"""A file is complete when two looks this far apart agree."""
SCRATCH = ".reading-"
"""How the names of folders begin in which a file is being read."""

LARGEST = {Kind.DOCUMENTS: 200_000_000, Kind.REGISTRATIONS: 20_000_000_000, Kind.CONTACTS: 20_000_000_000}
"""Bytes of a file that is read at all: several times what ever comes. Which feed it is, only its content says."""


def folder() -> Path:
    """Where users drop files: one folder for each kind."""
    return paths.landing_folder()


def make_folders() -> None:
    """Make the folders that files are dropped into."""
    for kind in Kind:
        (folder() / kind).mkdir(parents=True, exist_ok=True)


def dropped() -> Iterator[tuple[Path, Kind]]:
    """The files that lie in landing, by kind and in the order in which they were written.

    Hidden files and sidecars are no deliveries of their own.
    """
    for kind in Kind:
        inbox = folder() / kind
        files = (file for file in (inbox.iterdir() if inbox.is_dir() else ()) if not _is_beside(file, kind))
        for file in sorted(files, key=_dropped_when):
            if file.is_file() and not file.is_symlink():
                yield file, kind


def _dropped_when(file: Path) -> tuple[int, str]:
    """Of files dropped together the one that was written last counts: a browser names it `jan (1).csv`."""
    seen = look(file)
    return (seen[1] if seen else 0, file.name)


def shown(name: str) -> str:
    """A file's name as it may be recorded and shown: without a personal identity number, and in one printable line."""
    return printable(mask(os.fsencode(name).decode("utf-8", "replace"))).replace("\n", "\ufffd")


def _is_beside(file: Path, kind: Kind) -> bool:
    """A hidden or temporary file, or the sidecar of a document."""
    is_sidecar = kind is Kind.DOCUMENTS and file.name.endswith(SIDECAR_SUFFIX)
    return file.name.startswith((".", "~$")) or file.name.endswith((".part", ".crdownload", ".tmp")) or is_sidecar


def complete(files: Iterable[tuple[Path, Kind]], settle_seconds: float = SETTLE_SECONDS) -> list[tuple[Path, Kind]]:
    """The files that nobody is writing any more: two looks agree."""
    first = [(file, kind, look(file)) for file, kind in files]
    if first:
        time.sleep(settle_seconds)
    return [(file, kind) for file, kind, seen in first if seen is not None and look(file) == seen]


@dataclass(frozen=True)
class Examined:
    """What would become of a file: the record, still without its number, and what goes where."""

    delivery: Delivery
    keep: Path | None = None
    """What the store is to keep."""
    leaves: bool = False
    """Whether the file leaves the place where it lies."""


def examine(
    held_file: HeldFile, kind: Kind, records: Sequence[Delivery], in_use: Sequence[Delivery], out: Path
) -> Examined:
    """Read a file and say what becomes of it. Nothing is changed; rows go to the folder `out`."""
    file, size = held_file.file, held_file.size
    draft = Delivery(
        delivery_number=0,
        name=shown(file.name),
        sha256=held_file.checksum() if size <= LARGEST[kind] else "",
        size_bytes=size,
        kind=kind,
        received_at=datetime.now(UTC).replace(microsecond=0),
        status=Status.REFUSED,
    )
    if left_unread := _left_unread(draft, file.name, records):
        return Examined(draft.model_copy(update=left_unread))
    # bytes that were lost from the store are taken anew
    store = Store(paths.store_folder())
    same_bytes = [each for each in in_use if each.sha256 == draft.sha256 and store.path(each.stored_as or "").exists()]
    if same_bytes and same_bytes[0].kind is not Kind.DOCUMENTS:
        return _unchanged(draft, same_bytes[0])
    is_document = kind is Kind.DOCUMENTS
    found = read_in_a_process(
        Request(
            file=held_file.path,
            descriptor=held_file.descriptor,
            sidecar=_copy_of_sidecar(file, out) if is_document else None,
            name=draft.name,
            out=out,
            received_at=draft.received_at,
            as_document=is_document,
        )
    )
    if isinstance(found, Read) and found.key_check and _has_other_key(found.key_check, in_use):
        found = Waiting(message=f"{draft.name}: {OTHER_KEY}")
    if isinstance(found, Read):
        # the same bytes with other facts beside them say something new
        is_known = bool(same_bytes) and same_bytes[-1].document == found.document
        return _unchanged(draft, same_bytes[-1]) if is_known else _accepted(draft, found, held_file, out)
    if isinstance(found, Waiting):
        return Examined(draft.model_copy(update={"status": Status.WAITING, "message": found.message}))
    refused = draft.model_copy(update={"message": found.message, "is_personal": found.is_personal})
    # ids of contacts are plain in a file that could not be read
    is_kept = found.may_be_kept and kind is not Kind.CONTACTS
    return Examined(refused, keep=held_file.path, leaves=True) if is_kept else Examined(refused)


def _left_unread(draft: Delivery, name: str, records: Sequence[Delivery]) -> dict[str, object] | None:
    """What the record says of a file that stays where it lies and is not read; None if it may be."""
    if draft.name != name:
        return {"message": f"{draft.name}: {BAD_NAME}"}
    largest = LARGEST[draft.kind]
    if draft.size_bytes > largest:
        told = f"the file has {draft.size_bytes:,} bytes; expected at most {largest:,}; {TOO_LARGE}"
        return {"message": f"{draft.name}: {told}"}
    told_before = [each.message for each in records if each.sha256 == draft.sha256 and each.is_personal]
    return {"message": told_before[0], "is_personal": True} if told_before else None


OTHER_KEY = (
    "NARVARO_CONTACT_KEY is another key than the one that earlier contacts were taken in with; expected the same key "
    "for good, else no contact is known again; set the earlier key"
)


def _has_other_key(key_check: str, in_use: Sequence[Delivery]) -> bool:
    """Whether contacts that count were taken in under another key."""
    return any(each.key_check not in {None, key_check} for each in in_use)


BAD_NAME = (
    "the file's name holds a personal identity number or a control character, or is no UTF-8; expected a name without "
    "them; rename the file. It stays where it is, unread"
)

TOO_LARGE = "deliver it in parts. It stays where it is, unread"


def _unchanged(draft: Delivery, earlier: Delivery) -> Examined:
    told = f"the same bytes as delivery {earlier.delivery_id} ({earlier.name}): nothing is done"
    return Examined(draft.model_copy(update={"status": Status.UNCHANGED, "message": told}), leaves=True)


def _accepted(draft: Delivery, found: Read, held_file: HeldFile, out: Path) -> Examined:
    is_contacts = found.layout == Kind.CONTACTS
    kind = Kind.DOCUMENTS if found.document else Kind.CONTACTS if is_contacts else Kind.REGISTRATIONS
    delivery = draft.model_copy(
        update={
            "status": Status.ACCEPTED,
            "kind": kind,
            "message": "; ".join([*_quarantine_told(found), *found.notes]),
            "layout": found.layout,
            "document": found.document,
            "key_check": found.key_check,
            "quarantine": found.quarantine,
            "rows_received": found.rows_received,
            "rows_valid": found.rows_valid,
            "rows_quarantined": found.rows_quarantined,
        }
    )
    return Examined(delivery, keep=out / PSEUDONYMISED if is_contacts else held_file.path, leaves=True)


def _quarantine_told(found: Read) -> Iterator[str]:
    if found.rows_quarantined:
        rules = ", ".join(f"{each.rule} ({each.rows}{_first_in(each.sample)})" for each in found.quarantine)
        yield f"{found.rows_quarantined} of {found.rows_received} rows are in quarantine: {rules}"


def _copy_of_sidecar(file: Path, out: Path) -> Path:
    """Where what lies beside a document is copied to, under its own name; nothing is, if it is missing or a link."""
    beside = sidecar_of(file)
    copy = out / beside.name
    try:
        with held(beside) as held_file, held_file.path.open("rb") as lines:
            content = lines.read(SIDECAR_SIZE + 1)
    except OSError:
        return copy
    copy.write_bytes(content)
    return copy


def _first_in(sample: str | None) -> str:
    """`, first in sheet Kön, row 7`: the place of the first row of a sample, and never a cell; nothing without one."""
    first = next(iter(json.loads(sample or "[]")), None)
    if first is None:
        return ""
    sheet, row = (first["sheet"], first["row"]) if isinstance(first, dict) else (None, first[0])
    return f", first in sheet {sheet}, row {row}" if sheet else f", first in row {row}"


def take_all(
    settle_seconds: float = SETTLE_SECONDS, on_delivery: Callable[[Delivery], None] = lambda _: None
) -> list[Delivery]:
    """Take every complete file that lies in landing; what came of each, in the order of receipt.

    The caller holds the warehouse: what killed processes left behind is removed first.

    A file that has to stay is recorded once, not every night. `on_delivery` sees each record when it is made.
    """
    make_folders()
    taken = []
    with Deliveries.here().held() as deliveries:
        remove_leftovers()
        for file, kind in complete(dropped(), settle_seconds):
            if delivery := _taken_or_told(file, kind, deliveries):
                on_delivery(delivery)
                taken.append(delivery)
    return taken


def take(file: Path, kind: Kind, deliveries: Deliveries, *, remove: bool = True) -> Delivery | None:
    """Take one file; None if it stays where it lies for a reason that is on record. The caller holds `deliveries`."""
    records = deliveries.all()
    with held(file) as held_file, scratch_folder() as scratch:
        seen = held_file.seen
        examined = examine(held_file, kind, records, deliveries.in_use(), scratch)
        if not examined.leaves and any(_says_the_same(examined.delivery, each) for each in records):
            return None
        if held_file.has_changed():
            return None  # while it was read: the next look takes it as it is then
        stored_as = None
        if keep := examined.keep:
            expected = examined.delivery.sha256 if keep == held_file.path else None
            stored_as = Store(paths.store_folder()).put_file(keep, expected)
            if expected not in {None, stored_as}:
                return None
        delivery = examined.delivery.model_copy(
            update={"delivery_number": deliveries.next_number(), "stored_as": stored_as}
        )
        deliveries.add(delivery)
        rows = scratch / ROWS
        if rows.exists():
            rows.rename(rows_of(delivery))
    if remove and examined.leaves and look(file) == seen:  # else a newer file stands there by now
        file.unlink(missing_ok=True)
        if kind is Kind.DOCUMENTS and delivery.status is not Status.REFUSED:
            sidecar_of(file).unlink(missing_ok=True)
    return delivery


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for what is made while a file is read; it goes afterwards, or with the next night."""
    paths.feeds_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=paths.feeds_folder(), prefix=SCRATCH) as scratch:
        yield Path(scratch)


def remove_leftovers() -> None:
    """Remove what is left of files that were being read, stored or sorted by month when somebody was killed.

    The caller holds the warehouse and the record of deliveries: nobody else reads or stores a file.
    """
    from orchestration.contact_months import STAGED  # it loads pandas, which the command line does without

    for folder in (*paths.feeds_folder().glob(f"{SCRATCH}*"), paths.feeds_folder() / STAGED):
        shutil.rmtree(folder, ignore_errors=True)
    Store(paths.store_folder()).remove_parts()


def sidecar_of(file: Path) -> Path:
    """Where the file stands that says what a document is."""
    return file.with_name(file.name + SIDECAR_SUFFIX)


def _taken_or_told(file: Path, kind: Kind, deliveries: Deliveries) -> Delivery | None:
    """Take a file; one that the system does not let us open or store waits, and stops no other.

    A full disk is not the file's fault: it stops the night.
    """
    try:
        return take(file, kind, deliveries)
    except OSError as error:
        if full_disk.is_cause(error):
            raise
        name = shown(file.name)
        waiting = Delivery(
            delivery_number=deliveries.next_number(),
            name=name,
            sha256="",
            size_bytes=0,
            kind=kind,
            received_at=datetime.now(UTC).replace(microsecond=0),
            status=Status.WAITING,
            message=f"{name}: it cannot be opened or stored ({error.strerror}); expected a file that may be read",
        )
        is_told = any(_says_the_same(waiting, each) for each in deliveries.all())
        return deliveries.add(waiting) if look(file) and not is_told else None


def _says_the_same(new: Delivery, old: Delivery) -> bool:
    return (new.sha256, new.name, new.status, new.message) == (old.sha256, old.name, old.status, old.message)


def rows_of(delivery: Delivery) -> Path:
    """Where the valid rows of a delivery of registrations are kept, as long as the build folder stands."""
    return paths.feeds_folder() / f"{delivery.delivery_id}.parquet"
