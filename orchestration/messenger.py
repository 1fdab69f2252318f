"""Sending messages to people through apprise, and remembering which address was told of what.

Belongs here: addresses, delivery, the record of what was told, when something is told again. Does not belong here: what
is worth a message, and its words (`alerts`).

Addresses and the answers of servers are never logged: they may hold secrets.
"""

import hashlib
import json
import logging
import os
import platform
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock

from orchestration import paths
from orchestration.published import replace_file

ADDRESSES = "NARVARO_ALERTS"
TITLE = "Närvaro"
OVER = "All is well again"
NEWS = timedelta(days=7)
"""When the record begins, events of these days are told; older ones are noted in silence."""
BUSY_SECONDS = 60


@dataclass(frozen=True)
class Subject:
    """A thing to be told. `content` tells whether it changed; `key` is what it is known by from night to night."""

    key: str
    title: str
    body: str
    content: str
    again: timedelta | None = timedelta(days=7)
    """After which time a state is told again while it lasts; None: an event, which is told once and is never over."""
    since: datetime | None = None
    """When an event happened."""


def addresses() -> list[str]:
    """Where messages go, as the environment's NARVARO_ALERTS says."""
    return (os.environ.get(ADDRESSES) or "").split()


def tell(now: datetime, found: Sequence[Subject], unknown: Collection[str]) -> list[str]:
    """Send what is due, and what an address did not take before; gives the titles of what at least one address took.

    States that were told and are gone are told as over, in one message, but those whose key begins with one of
    `unknown`: nobody knows of them now. One process at a time tells; what was sent is remembered at once.
    """
    file = paths.build_file().with_name("alerts.json")
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_suffix(".lock"), timeout=BUSY_SECONDS):
        is_first = not file.exists()
        told: dict[str, dict[str, Any]] = {} if is_first else json.loads(file.read_text("utf-8"))
        sent = []
        for each in found:
            is_old = is_first and each.since is not None and now - each.since > NEWS
            to = [] if is_old else _due(each, told.get(each.key), now)
            missing = _send(to, each.title, each.body)
            if to and len(missing) == len(to) and each.key not in told:
                continue
            if len(missing) < len(to):
                sent.append(each.title)
            if to or is_old:
                told[each.key] = _record(each, now, missing)
                _keep(file, told)
        keys = {each.key for each in found}
        is_over = {
            key: known
            for key, known in told.items()
            if known["is_state"] and key not in keys and not key.startswith(tuple(unknown))
        }
        if is_over:
            titles = "\n".join(f"- {known['title']}" for known in is_over.values())
            if len(_send(addresses(), OVER, titles)) < len(addresses()):
                sent.append(OVER)
                told = {key: known for key, known in told.items() if key not in is_over}
        _keep(file, told)
    return sent


def _due(subject: Subject, known: Mapping[str, Any] | None, now: datetime) -> list[str]:
    """The addresses that are to be told: all of a new or changed thing, else those that did not take it."""
    if known is None or known["content"] != _checksum(subject.content):
        return addresses()
    if subject.again is not None and now - datetime.fromisoformat(known["told_at"]) >= subject.again:
        return addresses()
    return [each for each in addresses() if _checksum(each) in known["missing"]]


def _record(subject: Subject, now: datetime, missing: Iterable[str]) -> dict[str, Any]:
    return {
        "title": subject.title,
        "content": _checksum(subject.content),
        "told_at": now.isoformat(),
        "is_state": subject.again is not None,
        "missing": [_checksum(each) for each in missing],
    }


def _keep(file: Path, told: Mapping[str, Any]) -> None:
    replace_file(file, json.dumps(told, ensure_ascii=False, indent=1).encode())


def _send(to: Sequence[str], title: str, body: str) -> list[str]:
    """The addresses that did not take the message; each is tried, whatever became of the others."""
    if not to:
        return []
    import apprise

    logging.getLogger("apprise").disabled = True  # it names addresses, and what servers answer
    missing = []
    for address in to:
        service = apprise.Apprise()
        if not service.add(address) or not service.notify(
            title=f"{TITLE}: {title}", body=f"{body}\n\n{platform.node()}", body_format=apprise.NotifyFormat.TEXT
        ):
            missing.append(address)
            number = addresses().index(address) + 1
            kind = address.partition("://")[0] if "://" in address else "unknown"
            logging.getLogger(__name__).error(
                "An alert could not be delivered: address %d of %s (%s).", number, ADDRESSES, kind
            )
    return missing


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
