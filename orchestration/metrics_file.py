"""`data/published/metrics.prom`: how the nights and the releases are, for Prometheus' textfile collector.

Belongs here: the metrics, their names and units, and the file. Does not belong here: KPIs (`metrics`), the record
that a night leaves (`monitoring`).
"""

from collections import Counter
from datetime import UTC, date, datetime, time

import duckdb
from prometheus_client import CollectorRegistry, Gauge, Info, generate_latest

from orchestration.deliveries import Deliveries, Status
from orchestration.monitoring import LatestNight, finished_at, latest_night
from orchestration.published import Published, replace_file
from orchestration.release_file import count, opened, tables_of

NAME = "metrics.prom"
SPANS = {
    "documents": "select min(as_of), max(as_of) from meta.document",
    "registrations": "select min(report_month), max(report_month) from core.fct_registration",
    "contacts": "select min(report_month), max(report_month) from core.fct_contact_month",
}
"""The first and last day that each source speaks of: documents by their date, feeds by their months."""


def write_metrics() -> None:
    """Write the file anew for the data folder as it is now: after each night, good or bad, and after a rollback.

    Raises:
        PublishedError: somebody else held the published folder for a minute.
    """
    published = Published.here()
    with published.exclusive():  # whoever publishes removes temporary files
        replace_file(published.folder / NAME, generate_latest(_measured(published)))


def _measured(published: Published) -> CollectorRegistry:
    registry = CollectorRegistry()
    if (status := published.status()) is not None:
        _gauge(
            registry,
            "last_good_night_timestamp_seconds",
            "When the last night that succeeded made its release, or found nothing new.",
        ).set(finished_at(status).timestamp())
    if (latest := latest_night(status)) is not None:
        _measure_night(registry, latest)
    _measure_published(registry, published)
    deliveries = Counter(each.status for each in Deliveries.here().all())
    gauge = _gauge(registry, "deliveries", "Files received so far, by what became of them.", "status")
    for each in Status:
        gauge.labels(each).set(deliveries[each])
    return registry


def _measure_night(registry: CollectorRegistry, night: LatestNight) -> None:
    _gauge(registry, "latest_night_success", "1 if the latest night that ended succeeded, else 0.").set(night.is_good)
    _gauge(registry, "latest_night_timestamp_seconds", "When the latest night ended.").set(
        night.finished_at.timestamp()
    )
    _gauge(registry, "latest_night_duration_seconds", "How long the latest night took.").set(
        (night.finished_at - night.started_at).total_seconds()
    )
    checks = _gauge(registry, "latest_night_checks", "Checks that the latest night evaluated, by result.", "result")
    failed = Counter(check.severity for check in night.failed_checks)
    for result, number in (("passed", night.checks_passed), ("warning", failed["warning"]), ("error", failed["error"])):
        checks.labels(result).set(number)


def _measure_published(registry: CollectorRegistry, published: Published) -> None:
    releases = published.releases()
    _gauge(registry, "releases_kept", "Releases that are kept, the current one included.").set(len(releases))
    _gauge(registry, "published_bytes", "Size of all releases that are kept.").set(sum(each.size for each in releases))
    release = published.release
    if release is None:
        return
    facts = release.facts
    told = {name: str(facts.get(name) or "") for name in ("release_id", "contract_version", "code_version")}
    Info("narvaro_release", "The release that users read now.", registry=registry).info(told)
    if "released_at" in facts:
        _gauge(registry, "release_timestamp_seconds", "When the release that users read now was made.").set(
            datetime.fromisoformat(facts["released_at"]).timestamp()
        )
    _gauge(registry, "releases_held_back", "Releases that the latest rollback left behind.").set(
        len(published.held_back())
    )
    with opened(release.database) as connection:
        _measure_tables(registry, connection)


def _measure_tables(registry: CollectorRegistry, connection: duckdb.DuckDBPyConnection) -> None:
    rows = _gauge(registry, "table_rows", "Rows of each published table.", "table")
    for table in tables_of(connection, "narvaro"):
        rows.labels(table.address).set(count(connection, table.quoted))
    refused = connection.execute("select coalesce(sum(rows), 0) from meta.quarantine").fetchone()
    assert refused is not None, "a sum always gives a row"
    _gauge(registry, "quarantined_rows", "Rows that are not published, since they broke a rule.").set(refused[0])
    oldest = _gauge(registry, "data_oldest_timestamp_seconds", "Oldest day of the published data.", "source")
    newest = _gauge(registry, "data_newest_timestamp_seconds", "Newest day of the published data.", "source")
    for source, sql in SPANS.items():
        found = connection.execute(sql).fetchone()
        if found is not None and found[0] is not None:
            oldest.labels(source).set(_midnight(found[0]))
            newest.labels(source).set(_midnight(found[1]))


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()


def _gauge(registry: CollectorRegistry, name: str, text: str, *labels: str) -> Gauge:
    return Gauge(f"narvaro_{name}", text, labels, registry=registry)
