"""The record of deliveries: numbered, only added to, whole after a crash, and aware of what was taken back."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.deliveries import Deliveries, Delivery, Kind, Status

CHECKOUT = Path(__file__).resolve().parents[2]


def delivery(number: int, **facts: object) -> Delivery:
    said: dict[str, object] = {
        "delivery_number": number,
        "name": f"file-{number}.csv",
        "sha256": f"{number:064x}",
        "size_bytes": 10,
        "kind": Kind.REGISTRATIONS,
        "received_at": datetime(2026, 11, 1, tzinfo=UTC),
        "status": Status.ACCEPTED,
    }
    return Delivery.model_validate(said | facts)


@pytest.fixture
def deliveries(tmp_path: Path) -> Deliveries:
    return Deliveries(tmp_path / "store" / "deliveries.jsonl")


def test_records_come_back_as_they_were_added(deliveries: Deliveries) -> None:
    added = [deliveries.add(delivery(1, message="å, ä, ö\nand a second line")), deliveries.add(delivery(2))]

    assert deliveries.all() == added
    assert deliveries.next_number() == 3


def test_nothing_is_recorded_before_the_first_delivery(deliveries: Deliveries) -> None:
    assert deliveries.all() == []
    assert deliveries.next_number() == 1


def test_a_record_of_a_later_version_is_read_by_this_one(deliveries: Deliveries) -> None:
    added = deliveries.add(delivery(1))
    line = deliveries.file.read_text("utf-8")
    deliveries.file.write_text(line.replace("{", '{"known_later": 1, ', 1), "utf-8")

    assert deliveries.all() == [added]


def test_a_record_that_was_cut_off_is_written_over(deliveries: Deliveries) -> None:
    deliveries.add(delivery(1))
    with deliveries.file.open("a") as file:
        file.write('{"delivery_number": 2, "na')

    assert [each.delivery_number for each in deliveries.all()] == [1]
    deliveries.add(delivery(2))
    assert [each.delivery_number for each in deliveries.all()] == [1, 2]


def test_only_accepted_deliveries_that_nobody_took_back_are_in_use(deliveries: Deliveries) -> None:
    deliveries.add(delivery(1))
    deliveries.add(delivery(2, status=Status.REFUSED))
    deliveries.add(delivery(3, kind=Kind.CONTACTS))
    deliveries.add(delivery(4))
    deliveries.add(delivery(5, status=Status.WITHDRAWN, withdraws=1))

    assert [each.delivery_number for each in deliveries.in_use()] == [3, 4]
    assert [each.delivery_number for each in deliveries.in_use(Kind.REGISTRATIONS)] == [4]


@pytest.mark.parametrize(("what", "codes"), [("delivery_status", list(Status)), ("delivery_kind", list(Kind))])
def test_every_status_and_kind_has_a_swedish_label(what: str, codes: list[str]) -> None:
    with (CHECKOUT / "transforms" / "seeds" / "labels.csv").open(encoding="utf-8", newline="") as file:
        labels = {row["code"] for row in csv.DictReader(file) if row["what"] == what}
    assert labels == set(codes)


def test_the_id_names_number_and_content() -> None:
    assert delivery(12, sha256="1f0a93c4" + "0" * 56).delivery_id == "000012-1f0a93c4"
