"""First stage, feeds: what lies in landing is taken, and the months that it changes are brought up to date.

Belongs here: the assets of deliveries and feeds, with their months as partitions. Does not belong here: how a file is
taken (`landing`), how months are made (`feed_months`).

    landing ─► raw/deliveries ─► feeds/registrations, feeds/contacts (by month) ─► raw/registrations, raw/contacts

A night applies the deliveries that are not applied yet, and reports each month that they changed as a partition. A
backfill makes a range of months anew from the store, in one run, with the same result.
"""

import warnings
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import dagster as dg

from orchestration import feed_months, freshness, landing, unchanged_night
from orchestration.assets import OWNERS, check_result
from orchestration.deliveries import Deliveries, Delivery, Kind, Status
from orchestration.resources import Documents, Warehouse

MONTHS = dg.MonthlyPartitionsDefinition(start_date="1992-01-01", end_offset=1)
"""From the first month of AF's statistics up to and including this one."""

DELIVERIES = dg.AssetKey(["raw", "deliveries"])

TABLES = {
    "feed_quarantine": "Rules that rows of feeds break, with a sample. One row per delivery, table and broken rule.",
    "registrations": "Registered jobseekers as the feeds state them. One row per valid row of a delivery and month.",
    "contacts": "What each delivery counts of contacts. One row per delivery, month, municipality, group and channel.",
    "contact_months": "Months that have contacts, each with the fingerprint of its files. One row per month.",
    "released_contact_months": "Months of contacts that a release has held. One row per month.",
    "released_registrations": "Numbers of places as the last release counted them. One row per month and cell.",
    "released_pools": "Withheld cells whose sum a release has made known. One row per subject, month and cell.",
}
"""Raw tables that are made of the months of the feeds."""


@dg.asset(
    key=DELIVERIES,
    group_name="deliveries",
    kinds={"python", "duckdb"},
    owners=OWNERS,
    check_specs=[
        dg.AssetCheckSpec(
            "dropped_files_are_accepted",
            asset=DELIVERIES,
            description="Every file that lay in landing was accepted. A warning: a bad file harms nothing but itself.",
        ),
        dg.AssetCheckSpec(
            "deliveries_lose_no_row",
            asset=DELIVERIES,
            description="Of every accepted delivery, each row received is valid or in quarantine.",
            blocking=True,
        ),
    ],
)
def taken_deliveries(
    context: dg.AssetExecutionContext, warehouse: Warehouse, documents: Documents
) -> dg.MaterializeResult:
    """The files that lay in landing, taken into the store. One row per file received, whatever became of it."""
    taken = landing.take_all(on_delivery=lambda each: context.log.info(told(each)))
    unchanged_night.begin_whole_night(Path(documents.folder) if documents.folder else None)
    records = Deliveries.here().all()
    harmed = [told(each) for each in taken if each.status in {Status.REFUSED, Status.WAITING}]
    lost = [
        told(each)
        for each in records
        if each.status is Status.ACCEPTED
        and each.rows_received != (each.rows_valid or 0) + (each.rows_quarantined or 0)
    ]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(records),
            "landing": dg.MetadataValue.path(str(landing.folder())),
            "taken": dg.MetadataValue.table(list(map(_record, taken)), _RECORD) if taken else "nothing lay in landing",
        },
        check_results=[
            check_result("dropped_files_are_accepted", harmed, dg.AssetCheckSeverity.WARN),
            check_result("deliveries_lose_no_row", lost),
        ],
    )


def told(delivery: Delivery) -> str:
    """`000003-1f0a93c4 name.xlsx, registrations: accepted, 312 rows, 0 in quarantine; message`."""
    rows = (
        f", {delivery.rows_received} rows, {delivery.rows_quarantined} in quarantine" if delivery.rows_received else ""
    )
    message = f"; {delivery.message}" if delivery.message else ""
    return f"{delivery.delivery_id} {delivery.name}, {delivery.kind}: {delivery.status}{rows}{message}"


_SHOWN = ("name", "kind", "layout", "status", "rows_received", "rows_quarantined", "message")
_RECORD = dg.TableSchema([dg.TableColumn(name) for name in _SHOWN])


def _record(delivery: Delivery) -> dg.TableRecord:
    cells = delivery.model_dump(mode="json", include=set(_SHOWN))
    return dg.TableRecord({name: "" if cells[name] is None else cells[name] for name in _SHOWN})


def _months_asset(kind: Kind) -> dg.AssetsDefinition:
    """The months of a feed. A night brings them up to date by itself; this makes chosen ones anew."""

    @dg.asset(
        key=["feeds", kind.value],
        group_name="deliveries",
        deps=[DELIVERIES],
        partitions_def=MONTHS,
        backfill_policy=dg.BackfillPolicy.single_run(),
        description=f"The months of {kind}, as all deliveries state them. One partition per month.",
        kinds={"parquet"},
        owners=OWNERS,
    )
    def months(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
        wanted = [date.fromisoformat(key) for key in context.partition_keys]
        brought = feed_months.rebuild(kind, wanted)
        if brought.problems:
            raise dg.Failure("\n".join(brought.problems), allow_retries=False)
        return dg.MaterializeResult(metadata={"months_with_rows": len(brought.changed[kind])})

    return months


@dg.multi_asset(
    name="raw__feeds",
    specs=[
        dg.AssetSpec(
            ["raw", table],
            deps=[DELIVERIES, *(dg.AssetKey(["feeds", kind.value]) for kind in feed_months.FEEDS)],
            group_name="raw",
            description=description,
            kinds={"duckdb"},
            owners=OWNERS,
        )
        for table, description in TABLES.items()
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "accepted_deliveries_are_applied",
            asset=dg.AssetKey(["raw", "registrations"]),
            description="Every accepted delivery of a feed can be read, and stands in its months.",
            blocking=True,
        ),
        *(
            dg.AssetCheckSpec(
                freshness.CHECK,
                asset=dg.AssetKey(["raw", feed.value]),
                description="The month that is expected by now is here (orchestration/freshness.yml). A warning.",
            )
            for feed in feed_months.FEEDS
        ),
    ],
)
def feed_rows(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
    """The rows of the feeds, as dbt reads them."""
    brought = feed_months.bring_up_to_date()
    for event in _partitions(brought.changed.items()):
        context.log_event(event)
    with warehouse.get_connection() as connection:
        rows = feed_months.write_raw_tables(connection)
    late = freshness.late(freshness.today())
    for table in TABLES:
        key, results = dg.AssetKey(["raw", table]), []
        if table == "registrations":
            results.append(check_result("accepted_deliveries_are_applied", brought.problems, asset=key))
        if table in feed_months.FEEDS:
            told_late = [str(each) for each in late if each.feed == table]
            results.append(check_result(freshness.CHECK, told_late, dg.AssetCheckSeverity.WARN, key))
        yield dg.MaterializeResult(asset_key=key, metadata={"dagster/row_count": rows[table]}, check_results=results)


def _partitions(changed: Iterable[tuple[Kind, list[date]]]) -> Iterator[dg.AssetMaterialization]:
    for kind, months in changed:
        for month in months:
            yield dg.AssetMaterialization(asset_key=["feeds", kind.value], partition=month.isoformat())


with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.BetaWarning)  # one run for many partitions is what Dagster calls beta
    MONTH_ASSETS = [_months_asset(kind) for kind in feed_months.FEEDS]
ASSETS = [taken_deliveries, *MONTH_ASSETS, feed_rows]
