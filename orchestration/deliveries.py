"""The record of deliveries: every file that was received, what became of it, and why.

Belongs here: the form of a record, and the file that keeps them, one line of JSON each, only ever added to. Does not
belong here: taking files (`landing`), reading them (`reading`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from filelock import FileLock
from pydantic import BaseModel, ConfigDict

from orchestration import paths
from orchestration.reading import DocumentContent, QuarantinedRule, Told


class Kind(StrEnum):
    """What a file brings; also the name of its folder in landing."""

    DOCUMENTS = "documents"
    REGISTRATIONS = "registrations"
    CONTACTS = "contacts"


class Status(StrEnum):
    """What became of a file."""

    ACCEPTED = "accepted"
    UNCHANGED = "unchanged"
    """The same bytes were accepted before: nothing is done."""
    REFUSED = "refused"
    WAITING = "waiting"
    """Left in landing until something that it needs is there."""
    WITHDRAWN = "withdrawn"
    """Accepted once, and taken back by a person: its rows no longer count."""


class Delivery(BaseModel):
    """One file that was received. Grain of the record: one file at one time."""

    model_config = ConfigDict(frozen=True, extra="ignore")  # read also by the version before, after a way back

    delivery_number: int
    """Order of receipt, from 1: of two deliveries that say the same thing the greater one counts."""
    name: str
    sha256: str
    """Of the file as received."""
    size_bytes: int
    kind: Kind
    received_at: datetime
    status: Status
    message: Told = ""
    layout: str | None = None
    rows_received: int | None = None
    rows_valid: int | None = None
    rows_quarantined: int | None = None
    quarantine: tuple[QuarantinedRule, ...] = ()
    stored_as: str | None = None
    """Checksum of what the store keeps: the file itself, or its pseudonymised copy; None if nothing is kept."""
    is_personal: bool = False
    """Whether it was refused for a personal identity number: the same bytes are not read again."""
    document: DocumentContent | None = None
    """Of a document: its facts and the tables that it holds."""
    key_check: str | None = None
    """Of contacts: what tells the key of their pseudonyms from another."""
    withdraws: int | None = None
    """Number of the delivery that this record takes back."""

    @property
    def delivery_id(self) -> str:
        """`000012-1f0a93c4`: the number, and the first digits of the checksum."""
        return f"{self.delivery_number:06d}-{self.sha256[:8]}"


class Deliveries:
    """All records, oldest first, in one file of the store."""

    def __init__(self, file: Path) -> None:
        """Read and add to this file."""
        self.file = file

    @classmethod
    def here(cls) -> Self:
        """Those of the data folder."""
        return cls(paths.deliveries_file())

    @contextmanager
    def held(self) -> Iterator[Self]:
        """Let nobody else receive files meanwhile; waits until it is free."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.file.with_suffix(".lock")):
            yield self

    def all(self) -> list[Delivery]:
        """Every record."""
        if not self.file.exists():
            return []
        # a line that was cut off while it was written names no file that had left landing
        lines = self.file.read_text("utf-8").split("\n")[:-1]
        return [Delivery.model_validate_json(line) for line in lines if line]

    def in_use(self, kind: Kind | None = None) -> list[Delivery]:
        """The accepted ones that nobody took back."""
        records = self.all()
        withdrawn = {each.withdraws for each in records if each.status is Status.WITHDRAWN}
        return [
            each
            for each in records
            if each.status is Status.ACCEPTED
            and each.delivery_number not in withdrawn
            and (kind is None or each.kind is kind)
        ]

    def next_number(self) -> int:
        """The number of the next record."""
        return max((each.delivery_number for each in self.all()), default=0) + 1

    def add(self, delivery: Delivery) -> Delivery:
        """Add a record."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        whole = self.file.read_bytes() if self.file.exists() else b""
        with self.file.open("ab") as records:
            if whole and not whole.endswith(b"\n"):
                records.truncate(whole.rfind(b"\n") + 1)
            records.write(delivery.model_dump_json().encode() + b"\n")
            records.flush()
        return delivery
