"""The months follow the record of deliveries: what fails is not forgotten, what was interrupted is made good."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from orchestration import feed_months, landing, paths, registration_months
from orchestration.deliveries import Deliveries, Delivery, Kind, Status
from sources.registry import Store

JANUARY = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARVARO_DATA", str(tmp_path / "data"))


def accept(number: int, registered: int) -> Delivery:
    """A delivery of one number, as landing leaves it."""
    paths.feeds_folder().mkdir(parents=True, exist_ok=True)
    source = paths.feeds_folder() / "source"
    source.write_text(str(registered))
    sha256 = Store(paths.store_folder()).put_file(source)
    delivery = Delivery(
        delivery_number=number,
        name=f"{number}.csv",
        sha256=sha256,
        size_bytes=1,
        kind=Kind.REGISTRATIONS,
        received_at=datetime(2026, 11, 1, tzinfo=UTC),
        status=Status.ACCEPTED,
        stored_as=sha256,
    )
    rows = {
        "layout": "registrations",
        "sheet": "",
        "row_number": 1,
        "report_month": JANUARY,
        "registered_min": registered,
    }
    pl.DataFrame([rows]).write_parquet(landing.rows_of(delivery))
    return Deliveries.here().add(delivery)


def numbers() -> list[int]:
    """What stands in the months, in the order of the deliveries."""
    files = registration_months.files(paths.feeds_folder())
    return [pl.read_parquet(file, hive_partitioning=False)["registered_min"][0] for file in files]


def test_a_delivery_that_cannot_be_applied_is_told_every_night_and_holds_later_ones_back() -> None:
    first = accept(1, 10)
    accept(2, 11)
    stored = Store(paths.store_folder()).path(first.sha256)
    content = stored.read_bytes()
    stored.unlink()

    for _ in range(2):
        (problem,) = feed_months.bring_up_to_date().problems
        assert "000001-" in problem
        assert numbers() == []

    stored.write_bytes(content)
    assert feed_months.bring_up_to_date().problems == []
    assert numbers() == [10, 11]


def test_a_backfill_that_was_interrupted_is_made_good_by_the_next_night(monkeypatch: pytest.MonkeyPatch) -> None:
    accept(1, 10)
    accept(2, 11)
    feed_months.bring_up_to_date()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(registration_months, "add", interrupted)
        with pytest.raises(KeyboardInterrupt):
            feed_months.rebuild(Kind.REGISTRATIONS, [JANUARY])
    assert numbers() == []

    feed_months.bring_up_to_date()
    assert numbers() == [10, 11]


def test_a_month_made_anew_is_as_it_was() -> None:
    accept(1, 10)
    accept(2, 11)
    feed_months.bring_up_to_date()

    assert feed_months.rebuild(Kind.REGISTRATIONS, [JANUARY, date(2021, 1, 1)]).changed[Kind.REGISTRATIONS] == [JANUARY]
    assert numbers() == [10, 11]


def test_a_delivery_that_was_taken_back_leaves_its_months() -> None:
    accept(1, 10)
    second = accept(2, 11)
    feed_months.bring_up_to_date()
    facts = second.model_dump(exclude={"delivery_number", "status", "withdraws"})
    Deliveries.here().add(Delivery(**facts, delivery_number=3, status=Status.WITHDRAWN, withdraws=2))

    assert feed_months.bring_up_to_date().changed[Kind.REGISTRATIONS] == [JANUARY]
    assert numbers() == [10]


@pytest.mark.parametrize("layout", [None, feed_months.LAYOUT - 1])
def test_months_in_another_layout_are_removed_and_made_anew(layout: int | None) -> None:
    accept(1, 10)
    feed_months.bring_up_to_date()
    (record,) = paths.feeds_folder().glob(feed_months.APPLIED)
    applied = {name: value for name, value in json.loads(record.read_text()).items() if name != "layout"}
    record.write_text(json.dumps(applied if layout is None else {"layout": layout, **applied}))
    old = paths.feeds_folder() / "contacts_superseded" / f"report_month={JANUARY}" / "1.parquet"
    old.parent.mkdir(parents=True)
    old.write_text("of a layout that is no more")
    (file,) = registration_months.files(paths.feeds_folder())
    file.write_text("of a layout that is no more")

    assert feed_months.bring_up_to_date().changed[Kind.REGISTRATIONS] == [JANUARY]

    assert numbers() == [10]
    assert not old.exists()
