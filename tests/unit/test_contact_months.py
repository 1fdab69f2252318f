"""Contacts by month: the last row about a contact counts, in its own month, whatever was delivered in which order."""

import csv
import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration import contact_months
from orchestration.contact_months import COLUMNS, add, create_views, fingerprint, months, rebuild
from sources.registration_statistics import contacts
from tests.feeds.contacts import Contacts, write

RECEIVED_AT = datetime(2021, 1, 5, 3, 15, tzinfo=UTC)
JANUARY, FEBRUARY, MARCH = date(2020, 1, 1), date(2020, 2, 1), date(2020, 3, 1)

Row = tuple[str, date, str]
"""Contact, day, channel."""


def reading_of(folder: Path, name: str, rows: Iterable[Row]) -> contacts.Reading:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(contacts.COLUMNS)
        writer.writerows((contact, day, "2580", "Af Luleå", "all", channel) for contact, day, channel in rows)
    contacts.pseudonymise(folder / f"{name}.csv", name, b"k" * 16, folder / name)
    return contacts.Reading(folder / name, RECEIVED_AT)


def deliver(folder: Path, number: int, *rows: Row) -> list[date]:
    """Take the delivery in, and add it to those that were taken in before; the months of it."""
    received = folder / "received"
    reading_of(received, str(number), rows)
    readings = {
        int(file.name): contacts.Reading(file, RECEIVED_AT) for file in received.iterdir() if file.name.isdecimal()
    }
    return add(folder / "feeds", readings, [number])


def counted(folder: Path) -> dict[date, dict[str, int]]:
    """What counts: contacts by month and channel."""
    with duckdb.connect() as connection:
        create_views(connection, folder)
        found = connection.execute(
            """
            select report_month, channel, sum(rows_received) - sum(rows_replaced) as contacts
            from raw.contacts group by all having contacts <> 0 order by all
            """
        ).fetchall()
    return {
        month: {channel: int(contacts) for _, channel, contacts in rows}
        for month, rows in itertools.groupby(found, key=lambda row: row[0])
    }


def naively(deliveries: Mapping[int, Sequence[Row]]) -> dict[date, dict[str, int]]:
    """The same, from the claim: the last row of each contact, in the month of that row."""
    last = {row[0]: row for number in sorted(deliveries) for row in deliveries[number] if row[2] != "fax"}
    by_month: dict[date, Counter[str]] = {}
    for _, day, channel in last.values():
        by_month.setdefault(day.replace(day=1), Counter())[channel] += 1
    return {month: dict(sorted(channels.items())) for month, channels in sorted(by_month.items())}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


ROWS = st.lists(
    st.tuples(
        st.sampled_from("ABCDE"),
        st.builds(lambda month, day: date(2020, month, day), st.integers(1, 3), st.integers(1, 28)),
        st.sampled_from(["phone", "chat", "visit_booked", "fax"]),
    ),
    max_size=8,
)


@settings(max_examples=30)
@given(deliveries=st.lists(ROWS, min_size=1, max_size=4), data=st.data())
def test_the_last_row_of_each_contact_counts_in_its_own_month(
    tmp_path_factory: pytest.TempPathFactory, deliveries: list[list[Row]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("contacts")
    numbered = dict(enumerate(deliveries, start=1))
    readings = {number: reading_of(folder / "received", str(number), rows) for number, rows in numbered.items()}
    given: dict[int, contacts.Reading] = {}
    for number in data.draw(st.permutations(sorted(numbered)), label="order of addition"):
        given[number] = readings[number]
        before = changed_by_month(folder / "feeds")
        added = add(folder / "feeds", given, [number])
        after = changed_by_month(folder / "feeds")
        assert {month for month in before | after if before.get(month) != after.get(month)} <= set(added)
        assert counted(folder / "feeds") == naively({each: numbered[each] for each in given})
    add(folder / "at once", readings, readings)
    assert files(folder / "at once") == files(folder / "feeds")


def changed_by_month(folder: Path) -> dict[date, str]:
    return {month: fingerprint(folder, month) for month in months(folder)}


@settings(max_examples=10)
@given(deliveries=st.lists(ROWS, min_size=1, max_size=4), some=st.sets(st.sampled_from([JANUARY, FEBRUARY, MARCH])))
def test_months_made_anew_are_what_adding_gave(
    tmp_path_factory: pytest.TempPathFactory, deliveries: list[list[Row]], some: Collection[date]
) -> None:
    folder = tmp_path_factory.mktemp("contacts")
    readings = {
        number: reading_of(folder / "received", str(number), rows) for number, rows in enumerate(deliveries, start=1)
    }
    add(folder / "feeds", readings, readings)
    before = files(folder / "feeds")
    for month in some:
        for file in (folder / "feeds").glob(f"*/report_month={month}/*"):
            file.write_bytes(b"damaged")
    rebuild(folder / "feeds", some, readings)
    assert files(folder / "feeds") == before


# ---- one claim each


def test_a_correction_counts_instead_of_the_earlier_row(tmp_path: Path) -> None:
    deliver(tmp_path, 1, ("A", JANUARY, "phone"), ("B", JANUARY, "phone"))
    added = deliver(tmp_path, 2, ("A", JANUARY, "chat"))
    assert counted(tmp_path / "feeds") == {JANUARY: {"chat": 1, "phone": 1}}
    assert added == [JANUARY]


def test_a_row_that_is_repeated_within_a_delivery_is_kept_once(tmp_path: Path) -> None:
    added = deliver(tmp_path, 1, ("A", JANUARY, "phone"), ("A", FEBRUARY, "chat"), ("A", FEBRUARY, "phone"))
    assert added == [JANUARY, FEBRUARY]
    assert counted(tmp_path / "feeds") == {FEBRUARY: {"phone": 1}}


def test_a_late_row_lands_in_its_own_month_and_changes_no_other(tmp_path: Path) -> None:
    deliver(tmp_path, 1, ("A", JANUARY, "phone"))
    deliver(tmp_path, 2, ("B", FEBRUARY, "phone"))
    before = changed_by_month(tmp_path / "feeds")
    added = deliver(tmp_path, 3, ("C", JANUARY, "chat"))
    after = changed_by_month(tmp_path / "feeds")
    assert added == [JANUARY]
    assert before[FEBRUARY] == after[FEBRUARY]
    assert before[JANUARY] != after[JANUARY]


def test_a_contact_that_moves_to_another_month_leaves_the_first(tmp_path: Path) -> None:
    deliver(tmp_path, 1, ("A", JANUARY, "phone"))
    added = deliver(tmp_path, 2, ("A", FEBRUARY, "phone"))
    assert added == [JANUARY, FEBRUARY]
    assert counted(tmp_path / "feeds") == {FEBRUARY: {"phone": 1}}


def test_a_contact_that_moves_back_counts_again(tmp_path: Path) -> None:
    for number, month in enumerate((JANUARY, FEBRUARY, JANUARY), start=1):
        deliver(tmp_path, number, ("A", month, "phone"))
    assert counted(tmp_path / "feeds") == {JANUARY: {"phone": 1}}


def test_a_contact_that_is_missing_from_a_redelivered_month_stays(tmp_path: Path) -> None:
    deliver(tmp_path, 1, ("A", JANUARY, "phone"), ("B", JANUARY, "chat"))
    deliver(tmp_path, 2, ("A", JANUARY, "phone"))
    assert counted(tmp_path / "feeds") == {JANUARY: {"chat": 1, "phone": 1}}


def test_a_correction_that_is_refused_changes_nothing(tmp_path: Path) -> None:
    deliver(tmp_path, 1, ("A", JANUARY, "phone"))
    before = changed_by_month(tmp_path / "feeds")
    added = deliver(tmp_path, 2, ("A", JANUARY, "fax"))
    assert added == []
    assert changed_by_month(tmp_path / "feeds") == before


def test_a_delivery_that_is_added_again_changes_nothing(tmp_path: Path) -> None:
    deliver(tmp_path, 1, ("A", JANUARY, "phone"))
    first = deliver(tmp_path, 2, ("A", FEBRUARY, "phone"), ("B", MARCH, "chat"))
    before = files(tmp_path / "feeds")
    assert deliver(tmp_path, 2, ("A", FEBRUARY, "phone"), ("B", MARCH, "chat")) == first
    assert files(tmp_path / "feeds") == before


def test_what_an_interrupted_addition_left_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(tmp_path, 1, ("A", JANUARY, "phone"))
    rows = (("A", FEBRUARY, "phone"), ("B", MARCH, "chat"))

    replaced = Path.replace
    renamed: list[Path] = []

    def interrupted(path: Path, target: Path) -> Path:
        if renamed:
            raise KeyboardInterrupt
        renamed.append(path)
        return replaced(path, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    monkeypatch.setattr(contact_months.shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        deliver(tmp_path, 2, *rows)
    monkeypatch.undo()
    assert (tmp_path / "feeds" / ".contacts_staged").exists()
    deliver(tmp_path, 2, *rows)
    assert counted(tmp_path / "feeds") == {FEBRUARY: {"phone": 1}, MARCH: {"chat": 1}}
    assert not (tmp_path / "feeds" / ".contacts_staged").exists()


def test_a_month_that_a_delivery_no_longer_has_loses_its_file(tmp_path: Path) -> None:
    deliver(tmp_path, 1, ("A", JANUARY, "phone"), ("B", MARCH, "phone"))
    assert deliver(tmp_path, 1, ("A", JANUARY, "phone")) == [JANUARY, MARCH]
    assert months(tmp_path / "feeds") == [JANUARY]


def test_a_delivery_that_is_not_given_leaves_the_months_made_anew(tmp_path: Path) -> None:
    deliver(tmp_path, 1, ("A", JANUARY, "phone"))
    deliver(tmp_path, 2, ("A", JANUARY, "chat"))
    rebuild(tmp_path / "feeds", [JANUARY], {1: contacts.Reading(tmp_path / "received" / "1", RECEIVED_AT)})
    assert counted(tmp_path / "feeds") == {JANUARY: {"phone": 1}}


def test_no_file_is_an_empty_table_of_the_same_types(tmp_path: Path) -> None:
    described = []
    for folder in (tmp_path / "none", tmp_path / "feeds"):
        with duckdb.connect() as connection:
            create_views(connection, folder)
            described.append([connection.execute(f"describe raw.{table}").fetchall() for table in COLUMNS])
            rows = [connection.execute(f"select count(*) from raw.{table}").fetchall() for table in COLUMNS]
            assert rows == [[(3 if (folder / "contacts").exists() else 0,)]]
        if not (folder / "contacts").exists():
            deliver(tmp_path, 1, ("A", JANUARY, "phone"))
            deliver(tmp_path, 2, ("A", FEBRUARY, "phone"))
    assert described[0] == described[1]


def test_views_follow_the_files_when_they_are_made_anew(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        create_views(connection, tmp_path / "feeds")
        deliver(tmp_path, 1, ("A", JANUARY, "phone"))
        create_views(connection, tmp_path / "feeds")
        found = connection.execute("select report_month, fingerprint from raw.contact_months").fetchall()
        assert connection.execute("select count(*) from raw.contacts").fetchall() == [(1,)]
    assert found == [(JANUARY, fingerprint(tmp_path / "feeds", JANUARY))]


def test_a_list_of_months_reads_the_files_of_those_months_only(tmp_path: Path) -> None:
    deliver(tmp_path, 1, ("A", JANUARY, "phone"), ("B", FEBRUARY, "chat"), ("C", MARCH, "chat"))
    (tmp_path / "feeds" / "contacts" / f"report_month={MARCH}" / "1.parquet").write_bytes(b"damaged")
    with duckdb.connect() as connection:
        create_views(connection, tmp_path / "feeds")
        wanted = f"report_month in (date '{JANUARY}', date '{FEBRUARY}')"
        assert connection.execute(f"select count(channel) from raw.contacts where {wanted}").fetchall() == [(2,)]


def test_a_folder_named_like_a_pattern_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "k[1]'s *"
    deliver(folder, 1, ("A", JANUARY, "phone"))
    deliver(folder, 2, ("A", FEBRUARY, "phone"))
    assert counted(folder / "feeds") == {FEBRUARY: {"phone": 1}}


def test_many_rows_in_no_order_give_the_same_files_each_time(tmp_path: Path) -> None:
    write(tmp_path / "made.parquet", Contacts(300_000, JANUARY, 366, repeat_every=7))
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (from '{tmp_path}/made.parquet' order by hash(contact_id)) to '{tmp_path}/shuffled.parquet'"
        )
    contacts.pseudonymise(tmp_path / "shuffled.parquet", "shuffled", b"k" * 16, tmp_path / "stored")
    readings = {1: contacts.Reading(tmp_path / "stored", RECEIVED_AT)}
    assert add(tmp_path / "one", readings, [1]) == add(tmp_path / "two", readings, [1])
    assert files(tmp_path / "one") == files(tmp_path / "two")
    with duckdb.connect() as connection:
        ids = connection.execute(f"select count(distinct contact_id) from read_parquet('{tmp_path}/stored')").fetchall()
    assert [(sum(sum(each.values()) for each in counted(tmp_path / "one").values()),)] == ids
