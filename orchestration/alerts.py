"""Messages to people, through apprise: what failed, what is late, what was set aside; each once a night at most.

Belongs here: what is worth a message, its words, what was told before, and sending. Does not belong here: the verdict
on the nights (`monitoring`), which feeds are late (`freshness`), metrics for other systems (`metrics_file`).

Addresses are the environment's NARVARO_ALERTS, in apprise's notation, parted by blanks or line ends:

    mailto://user:password@mail.example?to=desk@authority.example   e-mail     workflows://…, msteams://…   Teams
    slack://token_a/token_b/token_c/#channel                        Slack      jsons://host/path            webhook

A state (a night that failed, a check that does not pass, a feed that is late) is told when it begins or changes, once a
day while a night is bad, once a week while anything else lasts, and when it is over. An event (rows set aside, a file
refused) is told once. What could not be delivered is told again by the next night.
"""

import hashlib
import json
import logging
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from orchestration import freshness, monitoring, paths
from orchestration.deliveries import Deliveries, Delivery, Status
from orchestration.monitoring import FailedCheck, LatestNight
from orchestration.published import Published, replace_file

ADDRESSES = "NARVARO_ALERTS"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
SHOWN = 20
"""Most lines of one kind in a message."""
TITLE = "Närvaro"


@dataclass(frozen=True)
class Subject:
    """A thing to be told. `content` tells whether it changed; an event (`again` is None) is told once, and not over."""

    key: str
    title: str
    body: str
    content: str
    again: timedelta | None = WEEK


def tell(now: datetime, max_age: timedelta | None = None) -> list[str]:
    """Send what is to be told after a night, or at any time with the age that the last good night may have.

    Gives the titles of what was sent. Raises nothing: a night is not worse for what could not be told of it, and its
    log says what was not. Addresses and answers of servers are never logged: they may hold secrets.
    """
    if not addresses():
        return []
    try:
        return _tell(now, list(subjects(now, max_age)))
    except Exception as error:
        _log().error("Alerts could not be told: %s.", type(error).__name__)
        return []


def addresses() -> list[str]:
    """Where messages go, as the environment's NARVARO_ALERTS says."""
    return (os.environ.get(ADDRESSES) or "").split()


def subjects(now: datetime, max_age: timedelta | None = None) -> Iterator[Subject]:
    """All that is worth a message as things stand now."""
    status = Published.here().status()
    latest = monitoring.latest_night(status)
    if latest is not None:
        yield from _bad_night(latest)
        warnings = (check for check in latest.failed_checks if not check.blocks and check.name != freshness.CHECK)
        yield from map(_warning, warnings)
    if max_age is not None and (status is None or now - monitoring.finished_at(status) > max_age):
        yield _no_good_night(status, max_age)
    for late in freshness.late(freshness.today(now)):
        yield Subject(f"late {late.feed}", f"A feed is late: {late.feed}", str(late), str(late.expected))
    yield from (_refused_file(each) for each in Deliveries.here().all() if each.status is Status.REFUSED)
    yield from _quarantine()


def _bad_night(night: LatestNight) -> Iterator[Subject]:
    if night.is_good:
        return
    words = "was refused" if night.outcome == "refused" else "failed"
    found = [f"{check} ({_rows(check.failed_rows)})" for check in night.failed_checks if check.blocks]
    found += night.errors
    yield Subject(
        "night",
        f"The night {words}",
        f"The night that ended {night.finished_at:%Y-%m-%d %H:%M} UTC {words} (run {night.run_id}).\n"
        f"What is published stays as it was.\n\n{_list(found)}\n\n"
        "What to do: see `narvaro status` and docs/runbook.md. The next night tries again by itself;\n"
        "to try now: `narvaro run`.",
        "\n".join(found),
        DAY,
    )


def _warning(check: FailedCheck) -> Subject:
    return Subject(
        f"check {check.asset} {check.name}",
        f"A check does not pass: {check.name}",
        f"{check.asset}: {check.name}, {_rows(check.failed_rows)}.\n{check.description}\n\n"
        "It is a warning: the release is made all the same.\n"
        "What to do: see the rows in the check's page in Dagster; correct them at their source.",
        f"{check.failed_rows} {check.description}",
    )


def _no_good_night(status: Mapping[str, Any] | None, max_age: timedelta) -> Subject:
    last = "No night was good yet" if status is None else f"The last good night ended {status['finished_at']}"
    return Subject(
        "age",
        "No good night for too long",
        f"{last}; it may be {monitoring.in_words(max_age)} old at most.\n\n"
        "What to do: see whether the daemon runs (`systemctl status narvaro-daemon`), and what it says\n"
        "(`journalctl -u narvaro-daemon`). `narvaro run` makes one night up for all that were missed.",
        "late",
        DAY,
    )


def _refused_file(delivery: Delivery) -> Subject:
    return Subject(
        f"file {delivery.delivery_id}",
        f"A file was refused: {delivery.name}",
        f"{delivery.name} ({delivery.kind}, received {delivery.received_at:%Y-%m-%d %H:%M} UTC) was refused;\n"
        f"everything else goes on.\n\n{delivery.message}\n\n"
        f"What to do: have it corrected, and drop it into landing/{delivery.kind} again.",
        delivery.delivery_id,
        None,
    )


def _quarantine() -> Iterator[Subject]:
    """Of each table and rule, the rows that the release sets aside."""
    from orchestration.release_file import opened

    release = Published.here().release
    if release is None:
        return
    with opened(release.database) as connection:
        found = connection.execute(
            "select table_name, rule, case when count(rows) = count(*) then cast(sum(rows) as bigint) end,"
            " max_by(reason, first_seen), max(first_seen)"
            " from meta.quarantine group by table_name, rule order by table_name, rule"
        ).fetchall()
    for table, rule, rows, reason, first_seen in found:
        yield Subject(
            f"quarantine {table} {rule}",
            f"Rows are set aside: {table}",
            f"{table}: {_rows(rows)} not published, by the rule {rule}.\n{reason}\n\n"
            "What to do: they stand in meta.quarantine, with document, page and line; correct them at their source.",
            f"{first_seen} {rows}",
            None,
        )


def _tell(now: datetime, found: list[Subject]) -> list[str]:
    """Send what is due, and remember it; what is over is told as well, in one message."""
    file = paths.build_file().with_name("alerts.json")
    told = json.loads(file.read_text("utf-8")) if file.exists() else {}
    keys = {each.key for each in found}
    if "night" in keys:  # a bad night ends no wait for a good one, whether that was asked for or not
        keys.add("age")
    over = {key: known for key, known in told.items() if key not in keys and known["is_state"]}
    sent = []
    for each in found:
        if _is_due(each, told.get(each.key), now) and _send(each.title, each.body):
            sent.append(each.title)
            told[each.key] = {
                "title": each.title,
                "content": _checksum(each.content),
                "told_at": now.isoformat(),
                "is_state": each.again is not None,
            }
    if over and _send("All is well again", _list(known["title"] for known in over.values())):
        sent.append("All is well again")
        told = {key: known for key, known in told.items() if key not in over}
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, json.dumps(told, ensure_ascii=False, indent=1).encode())
    return sent


def _is_due(subject: Subject, known: Mapping[str, Any] | None, now: datetime) -> bool:
    if known is None or known["content"] != _checksum(subject.content):
        return True
    return subject.again is not None and now - datetime.fromisoformat(known["told_at"]) >= subject.again


def _send(title: str, body: str) -> bool:
    """Whether every address took the message; each is tried, whatever became of the others."""
    import apprise

    logging.getLogger("apprise").disabled = True  # it names addresses, and what servers answer
    ok = True
    for number, address in enumerate(addresses(), start=1):
        service = apprise.Apprise()
        told = service.add(address) and service.notify(
            title=f"{TITLE}: {title}", body=f"{body}\n\n{platform.node()}", body_format=apprise.NotifyFormat.TEXT
        )
        if not told:
            ok = False
            kind = address.partition("://")[0] if "://" in address else "unknown"
            _log().error("An alert could not be delivered: address %d of %s (%s).", number, ADDRESSES, kind)
    return ok


def _rows(number: int | None) -> str:
    if number is None:  # few rows of persons: no number is told of them
        return "some rows"
    return f"{number} row" if number == 1 else f"{number} rows"


def _list(lines: Iterable[str]) -> str:
    found = list(lines)
    more = [f"… and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return "\n".join(f"- {line}" for line in [*found[:SHOWN], *more])


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _log() -> logging.Logger:
    return logging.getLogger(__name__)
