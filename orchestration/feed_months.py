"""The months of the feeds, kept up to date with the record of deliveries.

Belongs here: which deliveries are applied to the months already, applying the others, making months anew, and the raw
tables that dbt reads. Does not belong here: the layout of a feed's months (`registration_months`, `contact_months`),
and Dagster (`feeds`).

Everything here can be thrown away: it is made from the store and the record of deliveries.
"""

import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from orchestration import contact_months, disclosure_memory, feed_tables, paths, registration_months
from orchestration.deliveries import Deliveries, Delivery, Kind
from orchestration.landing import rows_of, scratch_folder
from orchestration.reading import ROWS, Read, Request, read_in_a_process
from orchestration.release_file import count
from sources.registration_statistics.contacts import Reading
from sources.registry import Store
from sources.sql import identifier

FEEDS = (Kind.REGISTRATIONS, Kind.CONTACTS)
APPLIED = "applied.json"
LAYOUT = 2
"""Another number for another layout of the months' files: they are made anew then."""


@dataclass
class Brought:
    """What bringing the months up to date did."""

    changed: dict[Kind, list[date]] = field(default_factory=lambda: {kind: [] for kind in FEEDS})
    """Months whose files are others than before."""
    problems: list[str] = field(default_factory=list)
    """Accepted deliveries that can no longer be read."""


def bring_up_to_date() -> Brought:
    """Apply every delivery in use that is not applied yet. One that was withdrawn makes all months of its feed anew."""
    brought = Brought()
    applied = _applied()
    for kind in FEEDS:
        in_use = Deliveries.here().in_use(kind)
        ids = [each.delivery_id for each in in_use]
        if not set(applied[kind]) <= set(ids) or ids[: len(applied[kind])] != applied[kind]:
            brought.changed[kind] += _months(kind)
            _clear(kind)
            applied[kind] = []
        apply = _apply_contacts if kind is Kind.CONTACTS else _apply_registrations
        for done, months in apply(in_use, len(applied[kind]), brought.problems):
            brought.changed[kind] += months
            applied[kind] = ids[:done]
            _write_applied(applied)
        brought.changed[kind] = sorted(set(brought.changed[kind]))
    _write_applied(applied)
    return brought


def rebuild(kind: Kind, months: Collection[date]) -> Brought:
    """Make these months of a feed anew from the store, whatever stands there."""
    brought = bring_up_to_date()
    in_use = Deliveries.here().in_use(kind)
    brought.problems += [_gone(each) for each in in_use if not _stored(each).exists()]
    if brought.problems:
        return brought
    wanted = sorted(set(months))
    applied = _applied()
    _write_applied({**applied, kind: []})  # whatever interrupts this, the next night makes all months anew
    if kind is Kind.CONTACTS:
        contact_months.rebuild(paths.feeds_folder(), wanted, _readings(in_use))
    else:
        registration_months.remove(paths.feeds_folder(), wanted)
        for delivery in in_use:
            _add_registrations(delivery, wanted, brought.problems)
    if not brought.problems:
        _write_applied(applied)
    brought.changed[kind] = sorted({*brought.changed[kind], *wanted} & set(_months(kind)))
    return brought


def _apply_registrations(
    in_use: Sequence[Delivery], done: int, problems: list[str]
) -> Iterator[tuple[int, list[date]]]:
    """Apply those that follow on the first `done` ones, one by one: how many are, and the months of the last one.

    Later deliveries correct earlier ones: none is applied before those that came first.
    """
    for at, delivery in enumerate(in_use[done:], start=done + 1):
        months = _add_registrations(delivery, None, problems)
        if problems:
            return
        yield at, months


def _apply_contacts(in_use: Sequence[Delivery], done: int, problems: list[str]) -> Iterator[tuple[int, list[date]]]:
    """The same, all at once: each looks into those before it for its own contacts."""
    if len(in_use) == done:
        return
    gone = [each for each in in_use if not _stored(each).exists()]
    problems += map(_gone, gone)
    there = in_use[: in_use.index(gone[0])] if gone else in_use
    if new := [each.delivery_number for each in there[done:]]:
        yield len(there), contact_months.add(paths.feeds_folder(), _readings(there), new)


def _add_registrations(delivery: Delivery, only: Collection[date] | None, problems: list[str]) -> list[date]:
    if not _stored(delivery).exists():
        problems.append(_gone(delivery))
        return []
    rows = rows_of(delivery)
    if not rows.exists() and (problem := _read_again(delivery, rows)):
        problems.append(problem)
        return []
    return registration_months.add(paths.feeds_folder(), rows, delivery.delivery_number, delivery.delivery_id, only)


def _gone(delivery: Delivery) -> str:
    return (
        f"delivery {delivery.delivery_id} ({delivery.name}): its bytes are no longer in the store; "
        "deliver the file again, or withdraw the delivery"
    )


def _stored(delivery: Delivery) -> Path:
    return Store(paths.store_folder()).path(delivery.stored_as or delivery.sha256)


def _readings(contacts: Iterable[Delivery]) -> dict[int, Reading]:
    return {each.delivery_number: Reading(_stored(each), each.received_at) for each in contacts}


def _read_again(delivery: Delivery, rows: Path) -> str | None:
    """Read a delivery of registrations from the store, as it was read when it came; what is wrong, if anything."""
    file = _stored(delivery)
    with scratch_folder() as scratch:
        request = Request(
            file=file, name=delivery.name, out=scratch, received_at=delivery.received_at, as_document=False
        )
        found = read_in_a_process(request)
        if not isinstance(found, Read):
            return f"delivery {delivery.delivery_id}: {found.message}"
        (scratch / ROWS).replace(rows)
    return None


def _months(kind: Kind) -> list[date]:
    """The months of a feed that have files."""
    folders = (paths.feeds_folder() / kind).glob("report_month=*")
    return sorted(date.fromisoformat(each.name.removeprefix("report_month=")) for each in folders)


def _clear(kind: Kind) -> None:
    for folder in paths.feeds_folder().glob(f"{kind}*"):
        shutil.rmtree(folder)


def _applied() -> dict[Kind, list[str]]:
    """The deliveries that stand in the months; none of months in another layout, which are removed."""
    file = paths.feeds_folder() / APPLIED
    kept = json.loads(file.read_text("utf-8")) if file.exists() else {"layout": LAYOUT}
    if kept.get("layout") != LAYOUT:
        for kind in FEEDS:
            _clear(kind)
        kept = {}
    return {kind: kept.get(kind, []) for kind in FEEDS}


def _write_applied(applied: dict[Kind, list[str]]) -> None:
    file = paths.feeds_folder() / APPLIED
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps({"layout": LAYOUT, **applied}, indent=1), "utf-8")
    part.replace(file)


def write_raw_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Make the raw tables of the feeds anew from the record of deliveries and the months; how many rows each has."""
    feed_tables.replace(connection, "deliveries", map(_delivery_row, Deliveries.here().all()))
    feed_tables.replace(connection, "feed_quarantine", _quarantine_rows(Deliveries.here().in_use()))
    files = registration_months.files(paths.feeds_folder())
    feed_tables.replace_from_parquet(connection, "registrations", files, in_months=True)
    contact_months.create_views(connection, paths.feeds_folder())
    disclosure_memory.write_raw_tables(connection)
    counts = {}
    for table in (*feed_tables.RAW_FEED_TABLES, *contact_months.COLUMNS, "contact_months"):
        counts[table] = count(connection, identifier("raw", table))
    return counts


def _delivery_row(each: Delivery) -> dict[str, object]:
    return {
        **each.model_dump(include=set(feed_tables.columns("deliveries"))),
        "delivery_id": each.delivery_id,
        "document_id": each.document.facts.id if each.document else None,
        "received_at": each.received_at.replace(tzinfo=None),
        "message": each.message or None,
    }


def _quarantine_rows(deliveries: Sequence[Delivery]) -> Iterable[dict[str, object]]:
    """Rules that rows of feeds break; the rows of documents stand in raw.quarantine one by one."""
    for each in deliveries:
        for rule in each.quarantine if each.kind in FEEDS else ():
            yield {
                "delivery_id": each.delivery_id,
                "table_name": rule.table,
                **rule.model_dump(include={"rule", "reason", "rows", "sample"}),
                "received_on": each.received_at.date(),
            }
