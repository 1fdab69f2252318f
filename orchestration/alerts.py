"""What people are told of: what failed, what is late, what was set aside; each thing once a night at most.

Belongs here: what is worth a message, and its words. Does not belong here: sending, and when something is told again
(`messenger`), the verdict on the nights (`monitoring`), which feeds are late (`freshness`), how much room is left
(`full_disk`).

Addresses are the environment's NARVARO_ALERTS, in apprise's notation, parted by blanks or line ends:

    mailto://user:password@mail.example?to=desk@authority.example   e-mail     workflows://…, msteams://…   Teams
    slack://token_a/token_b/token_c/#channel                        Slack      jsons://host/path            webhook

A state (a night that failed, a check that does not pass, a feed that is late) is told when it begins or changes, once a
day while a night is bad or the disk fills up, once a week while anything else lasts, and when it is over. An event
(rows set aside, a file refused) is told once. What an address did not take is told to it again by the next night.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from orchestration import freshness, full_disk, landing, messenger, monitoring
from orchestration.deliveries import Deliveries, Delivery, Status
from orchestration.messenger import Subject
from orchestration.monitoring import FailedRun, LatestNight
from orchestration.published import Published

DAY = timedelta(days=1)
SHOWN = 20
"""Most lines of one kind in a message."""
NIGHT, AGE, CHECK = "night", "age", "check "
"""Keys of subjects, or their beginnings."""


NUMBERS = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4,12}){0,4}\b|\d[\d.,:]*")
"""What two nights that fail alike need not have in common: rows, free room, processes, runs."""
TOLD_APART = {freshness.CHECK, "dropped_files_are_accepted"}
"""Checks whose subjects, a late feed or a file, have a message of their own."""


def tell(
    now: datetime,
    max_age: timedelta | None = None,
    latest: LatestNight | None = None,
    failed_run: FailedRun | None = None,
) -> list[str]:
    """Send what is to be told after a night (the latest, if it could not be put on record), or at any time.

    `max_age`: how old the last good night may be, if that is asked. `failed_run`: one that was no night. Gives the
    titles of what was sent. Raises nothing: a night is not worse for what could not be told of it, and its log says
    what was not.
    """
    if not messenger.addresses():
        return []
    try:
        status = Published.here().status()
        latest = latest or monitoring.latest_night(status)
        found, is_whole = _subjects(now, status, latest, max_age)
        unknown = {AGE} if max_age is None and not (latest and latest.is_good) else set()
        unknown |= {CHECK} if latest is None or not latest.is_good else set()  # a bad night evaluated but some
        letters = [_letter_of(failed_run)] if failed_run else []
        return messenger.tell(now, found, unknown if is_whole else {""}, letters)
    except Exception as error:
        _log().error("Alerts could not be told: %s.", type(error).__name__)
        return []


def _subjects(
    now: datetime, status: Mapping[str, Any] | None, latest: LatestNight | None, max_age: timedelta | None
) -> tuple[list[Subject], bool]:
    """All that is worth a message as things stand now, and whether all could be found out: one fault hides no other."""
    sources: list[Callable[[], Iterable[Subject]]] = [
        _disk_fills_up,  # first: where nothing can be written, what was told cannot be kept, and that ends it
        lambda: _bad_night(latest),
        lambda: _no_good_night(status, now, max_age),
        lambda: _warnings(latest),
        lambda: _late_feeds(now),
        _refused_files,
        _waiting_files,
        _quarantine,
    ]
    found, is_whole = [], True
    for source in sources:
        try:
            found += list(source())
        except Exception as error:
            is_whole = False
            _log().error("A part of the alerts could not be told: %s.", type(error).__name__)
    return found, is_whole


def _letter_of(run: FailedRun) -> tuple[str, str]:
    """Title and text."""
    return f"A run failed: {run.job}", (
        f"The run {run.run_id} of {run.job}, which nobody started by hand, failed.\n\n{_list(run.errors)}\n\n"
        "What to do: what this says; see the run in Dagster."
    )


def _disk_fills_up() -> Iterator[Subject]:
    if told := full_disk.foretold():
        what_to_do = "What to do: make room before nights fail, as “The disk fills up” in docs/runbook.md says."
        yield Subject("disk", "The disk fills up", f"{told}\n\n{what_to_do}", "", DAY)


def _bad_night(night: LatestNight | None) -> Iterator[Subject]:
    if night is None or night.is_good:
        return
    words = "was refused" if night.outcome == "refused" else "failed"
    found = [f"{check} ({_rows(check.failed_rows)})" for check in night.failed_checks if check.blocks]
    found += night.errors
    yield Subject(
        NIGHT,
        f"The night {words}",
        f"The night that ended {night.finished_at:%Y-%m-%d %H:%M} UTC {words} (run {night.run_id}).\n"
        f"What is published stays as it was.\n\n{_list(found)}\n\n"
        "What to do: see `narvaro status` and docs/runbook.md. The next night tries again by itself;\n"
        "to try now: `narvaro run`.",
        NUMBERS.sub("", "\n".join(found)),
        DAY,
    )


def _warnings(night: LatestNight | None) -> Iterator[Subject]:
    for check in night.failed_checks if night else ():
        if not check.blocks and check.name not in TOLD_APART:
            yield Subject(
                f"{CHECK}{check.asset} {check.name}",
                f"A check does not pass: {check.name}",
                f"{check.asset}: {check.name}, {_rows(check.failed_rows)}.\n{check.description}\n\n"
                "It is a warning: the release is made all the same.\n"
                "What to do: see the rows in the check's page in Dagster; correct them at their source.",
                f"{check.failed_rows} {check.description}",
            )


def _no_good_night(status: Mapping[str, Any] | None, now: datetime, max_age: timedelta | None) -> Iterator[Subject]:
    if max_age is None or (status is not None and now - monitoring.finished_at(status) <= max_age):
        return
    last = "No night was good yet" if status is None else f"The last good night ended {status['finished_at']}"
    yield Subject(
        AGE,
        "No good night for too long",
        f"{last}; it may be {monitoring.in_words(max_age)} old at most.\n\n"
        "What to do: see whether the daemon runs (`systemctl status narvaro-daemon`), and what it says\n"
        "(`journalctl -u narvaro-daemon`). `narvaro run` makes one night up for all that were missed.",
        "late",
        DAY,
    )


def _late_feeds(now: datetime) -> Iterator[Subject]:
    for late in freshness.late(freshness.today(now)):
        yield Subject(f"late {late.feed}", f"A feed is late: {late.feed}", str(late), str(late.expected))


def _refused_files() -> Iterator[Subject]:
    return (_refused_file(each) for each in Deliveries.here().all() if each.status is Status.REFUSED)


def _refused_file(delivery: Delivery) -> Subject:
    return Subject(
        f"file {delivery.delivery_id}",
        f"A file was refused: {delivery.name}",
        f"{delivery.name} ({delivery.kind}, received {delivery.received_at:%Y-%m-%d %H:%M} UTC) was refused;\n"
        f"everything else goes on.\n\n{delivery.message}\n\n"
        f"What to do: have it corrected, and drop it into landing/{delivery.kind} again.",
        delivery.delivery_id,
        None,
        delivery.received_at,
    )


def _waiting_files() -> Iterator[Subject]:
    """Each file in landing that waits, by what the latest look at it found."""
    latest = {(each.kind, each.name): each for each in Deliveries.here().all()}
    for kind, name in {(kind, landing.shown(file.name)): None for file, kind in landing.dropped()}:
        delivery = latest.get((kind, name))
        if delivery is not None and delivery.status is Status.WAITING:
            yield Subject(
                f"waits {kind} {name}",
                f"A file waits: {name}",
                f"{name} ({kind}) lies in landing until what it needs is there; everything else goes on.\n\n"
                f"{delivery.message}\n\nWhat to do: what this says; the next night takes it.",
                delivery.message,
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
            "What to do: see published/csv/meta.quarantine.csv, with document, page and line, or the delivery, whose\n"
            "first bad row `narvaro status` tells; have them corrected at their source.",
            f"{first_seen} {rows}",
            None,
            datetime.combine(first_seen, time(), UTC),
        )


def _rows(number: int | None) -> str:
    if number is None:  # few rows of persons: no number is told of them
        return "some rows"
    return f"{number} row" if number == 1 else f"{number} rows"


def _list(lines: Iterable[str]) -> str:
    found = list(lines)
    more = [f"… and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return "\n".join(f"- {line}" for line in [*found[:SHOWN], *more])


def _log() -> logging.Logger:
    return logging.getLogger(__name__)
