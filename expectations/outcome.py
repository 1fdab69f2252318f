"""One result type for every validator, so that contracts and suites are read, shown and gated alike.

Belongs here: the result and what a crash is. Does not belong here: any validator, any rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["contract", "suite"]
Severity = Literal["error", "warning"]
Status = Literal["passed", "failed", "crashed"]
Sample = tuple[tuple[tuple[str, str], ...], ...]
"""Failing rows, each a tuple of (column, value as text)."""


class CrashedCheck(Exception):
    """A check that crashed is not a check that failed: it says nothing about the data and must be mended."""


@dataclass(frozen=True)
class Outcome:
    """What one check said of one table. Grain: one check of one run."""

    name: str
    """The claim, snake_case: `offices_never_grow`."""
    subject: str
    """The table's address: `raw.kept_offices`, `kpi.presence`."""
    kind: Kind
    severity: Severity
    passed: bool
    expected: str
    observed: str
    reason: str
    failed_rows: int = 0
    sample: Sample = ()
    """The first few failing rows, never all."""
    crashed: bool = False
    """The check itself broke; `passed` is then False and `observed` holds the error."""

    def __post_init__(self) -> None:
        """Refuse a result that contradicts itself."""
        if self.passed and (self.crashed or self.failed_rows):
            raise ValueError(f"{self.subject}: {self.name} cannot pass and fail at once")

    @property
    def status(self) -> Status:
        """`passed`, `failed` or `crashed`."""
        if self.crashed:
            return "crashed"
        return "passed" if self.passed else "failed"

    @property
    def blocks(self) -> bool:
        """True if this result must stop the release: it crashed, or it failed with severity `error`."""
        return self.crashed or (not self.passed and self.severity == "error")


def raise_crashed(outcomes: Iterable[Outcome]) -> None:
    """Raise one CrashedCheck that names every crashed check; do nothing if none crashed."""
    crashed = [f"{each.subject}: {each.name}: {each.observed}" for each in outcomes if each.crashed]
    if crashed:
        raise CrashedCheck("\n".join(crashed))
