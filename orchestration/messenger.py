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


def undelivered() -> list[str]:
    """Titles of what an address of today has not taken yet; empty if no address is named here."""
    told = _read(_file()) or {}
    here = {_checksum(each) for each in addresses()}
    return [known["title"] for known in told.values() if here & {*known["missing"]} or (here and not known["content"])]


def tell(
    now: datetime, found: Sequence[Subject], unknown: Collection[str], letters: Sequence[tuple[str, str]] = ()
) -> list[str]:
    """Send what is due, and what an address did not take before; gives the titles of what at least one address took.

    States that were told and are gone are told as over, in one message, but those whose key begins with one of
    `unknown`: nobody knows of them now. `letters`: titles and texts that are sent once, whatever was told before. One
    process at a time tells; what was sent is remembered at once.
    """
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_suffix(".lock"), timeout=BUSY_SECONDS):
        read = _read(file)
        is_first, told = read is None, read or {}
        sent = [known["title"] for key, known in list(told.items()) if "body" in known and _post_again(key, told)]
        for each in found:
            known = told.get(each.key)
            is_old = is_first and each.since is not None and now - each.since > NEWS
            to = [] if is_old else _due(each, known, now)
            missing = _send(to, each.title, each.body)
            if len(missing) < len(to):
                sent.append(each.title)
            if to or is_old:
                told[each.key] = _record(each, now, missing, len(missing) < len(addresses()), known)
                _keep(file, told)
        keys = {each.key for each in found}
        is_over = {
            key: known
            for key, known in told.items()
            if known["is_state"] and key not in keys and not key.startswith(tuple(unknown))
        }
        told = {key: known for key, known in told.items() if key not in is_over}
        over = "\n".join(f"- {known['title']}" for known in is_over.values() if known.get("was_told", True))
        for title, body in [*letters, *([(OVER, over)] if over else [])]:
            if _post(title, body, now, told):
                sent.append(title)
        _keep(file, told)
    return sent


def _post(title: str, body: str, now: datetime, told: dict[str, dict[str, Any]]) -> bool:
    """Send a letter, and note it for the addresses that did not take it; whether one did."""
    missing = _send(addresses(), title, body)
    if missing:
        told[f"letter {now.isoformat()} {title}"] = {
            "title": title,
            "body": body,
            "content": _checksum(body),
            "told_at": now.isoformat(),
            "is_state": False,
            "missing": [_checksum(each) for each in missing],
        }
    return len(missing) < len(addresses())


def _post_again(key: str, told: dict[str, dict[str, Any]]) -> bool:
    """Send a letter to the addresses that did not take it, and forget it when all did; whether one did."""
    letter = told[key]
    to = [each for each in addresses() if _checksum(each) in letter["missing"]]
    letter["missing"] = [_checksum(each) for each in _send(to, letter["title"], letter["body"])]
    if not letter["missing"]:
        del told[key]
    return len(letter["missing"]) < len(to)


def _due(subject: Subject, known: Mapping[str, Any] | None, now: datetime) -> list[str]:
    """The addresses that are to be told: all of a new or changed thing, else those that did not take it."""
    if known is None or known["content"] != _checksum(subject.content):
        return addresses()
    if subject.again is not None and now - datetime.fromisoformat(known["told_at"]) >= subject.again:
        return addresses()
    return [each for each in addresses() if _checksum(each) in known["missing"]]


def _record(
    subject: Subject, now: datetime, missing: Iterable[str], is_told: bool, before: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What is remembered of a thing. One that no address took has no content: it is new to all addresses next time."""
    return {
        "title": subject.title,
        "content": _checksum(subject.content) if is_told else "",
        "told_at": now.isoformat(),
        "is_state": subject.again is not None,
        "was_told": is_told or (before is not None and before.get("was_told", True)),
        "missing": [_checksum(each) for each in missing],
    }


def _file() -> Path:
    return paths.build_file().with_name("alerts.json")


def _read(file: Path) -> dict[str, dict[str, Any]] | None:
    """What was told; None if nothing was yet. A record that cannot be read is begun anew: silence would be worse."""
    if not file.exists():
        return None
    try:
        told: dict[str, dict[str, Any]] = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        logging.getLogger(__name__).warning("%s cannot be read and begins anew: %s", file.name, error)
        return None
    return told


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
