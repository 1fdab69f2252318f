"""Contacts are taken in under pseudonyms, row by row as received, and a file that cannot be taken says why."""

import csv
import hashlib
import hmac
import io
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.contracts.contacts import JUDGED, RULES, SAMPLE_CHARACTERS, SAMPLE_ROWS, ContactSplit, split
from sources.personal_data import PersonalData, mask
from sources.problems import UnreadableFile
from sources.registration_statistics import contacts
from tests.feeds.contacts import Contacts, write

KEY = b"sixteen characters and more"
RECEIVED_AT = datetime(2021, 1, 5, 3, 15, tzinfo=UTC)
GOOD = ("K1", "2020-05-04 09:15:00", "2580", "Af Luleå", "disability", "phone")
# Made up; the last digit is right, the day exists.
PERSONAL_NUMBER = "811228-9874"

Row = Sequence[str | None]


def text_of(rows: Iterable[Row], header: Sequence[str] = contacts.COLUMNS, delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def take_in(folder: Path, content: bytes | Path, key: bytes = KEY) -> contacts.Reading:
    received = content if isinstance(content, Path) else folder / "received.csv"
    if isinstance(content, bytes):
        received.write_bytes(content)
    contacts.pseudonymise(received, "kontakter.csv", key, folder / "stored")
    return contacts.Reading(folder / "stored", RECEIVED_AT)


def stored_rows(reading: contacts.Reading) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"from read_parquet('{reading.path}')").fetchall()


def understood(reading: contacts.Reading, columns: str = "*") -> list[tuple[object, ...]]:
    with contacts.opened(reading) as connection:
        return connection.execute(f"select {columns} from contact order by row_number").fetchall()


def checked(folder: Path, rows: Iterable[Row]) -> ContactSplit:
    with contacts.opened(take_in(folder, text_of(rows))) as connection:
        parts = split(connection, mask)
        valid = connection.execute(f"select count(*) from {JUDGED} where is_valid").fetchall()
    assert valid == [(parts.valid,)]
    assert parts.received == parts.valid + parts.quarantined
    return parts


def refusal(folder: Path, content: bytes, suffix: str = ".csv") -> str:
    """The message of a file that is refused, of which nothing is left behind."""
    received = folder / f"received{suffix}"
    received.write_bytes(content)
    with pytest.raises(UnreadableFile) as error:
        contacts.pseudonymise(received, "kontakter", KEY, folder / "stored")
    assert [path.name for path in folder.iterdir()] == [received.name]
    return str(error.value)


# ---- pseudonyms


@pytest.mark.parametrize("key", [KEY, b"k" * 16, b"k" * 64, b"k" * 65, "nyckel på svenska åäö".encode()])
def test_a_pseudonym_is_the_first_half_of_hmac_sha256(tmp_path: Path, key: bytes) -> None:
    ids = ["1", "K-2020-000001", "åäö", PERSONAL_NUMBER, "x" * 200, "a,b", 'a"b']
    reading = take_in(tmp_path, text_of([(each, *GOOD[1:]) for each in ids]), key)
    expected = [uuid.UUID(bytes=hmac.new(key, each.encode(), hashlib.sha256).digest()[:16]) for each in ids]
    assert [row[0] for row in stored_rows(reading)] == expected


def test_blanks_around_an_id_do_not_matter(tmp_path: Path) -> None:
    rows = stored_rows(take_in(tmp_path, text_of([GOOD, (" K1\u00a0", *GOOD[1:]), ("k1", *GOOD[1:])])))
    assert rows[0][0] == rows[1][0] != rows[2][0]


def test_a_blank_id_has_no_pseudonym(tmp_path: Path) -> None:
    assert [row[0] for row in stored_rows(take_in(tmp_path, text_of([("", *GOOD[1:]), ("  ", *GOOD[1:])])))] == [
        None
    ] * 2


def test_nothing_that_is_stored_holds_an_id_as_received(tmp_path: Path) -> None:
    reading = take_in(tmp_path, text_of([(f"PLAIN-{at}", *GOOD[1:]) for at in range(50)]))
    (tmp_path / "received.csv").unlink()
    assert [path.name for path in tmp_path.iterdir()] == ["stored"]
    assert "PLAIN" not in repr(stored_rows(reading))
    assert b"PLAIN" not in reading.path.read_bytes()


def test_no_message_of_the_engine_shows_the_key(tmp_path: Path) -> None:
    (tmp_path / "received.csv").write_bytes(text_of([GOOD]))
    source = contacts._Source("no_such_table", dict.fromkeys(contacts.COLUMNS, "c0"), is_text=True, notes=())
    with contacts.engine() as connection, pytest.raises(duckdb.Error) as error:
        contacts._copy_with_pseudonyms(connection, source, KEY, tmp_path / "target")
    assert KEY.decode() not in str(error.value)


@pytest.mark.parametrize("key", ["", "k" * 15])
def test_a_key_that_is_missing_or_short_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(contacts.NoContactKey, match="at least 16 characters") as error:
        contacts.contact_key({contacts.KEY_VARIABLE: key})
    assert "kkk" not in str(error.value)


def test_the_key_comes_from_the_environment() -> None:
    assert contacts.contact_key({"NARVARO_CONTACT_KEY": "k" * 16}) == b"k" * 16


# ---- shapes


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_csv_reads_alike_whatever_its_delimiter_and_line_ends(
    tmp_path: Path, delimiter: str, ends: str, mark: bytes
) -> None:
    rows = [GOOD, ("K2", "2020-05-05", "Kiruna", f"Af {delimiter} “Norra”", "Samtliga", "Telefon")]
    content = mark + text_of(rows, delimiter=delimiter).replace(b"\n", ends.encode())
    assert [row[1:] for row in stored_rows(take_in(tmp_path, content))] == [row[1:] for row in rows]


def test_headings_are_known_by_all_their_names(tmp_path: Path) -> None:
    header = ("KANAL", "Kontakt-id", "TIDPUNKT", "KOMMUN", "Kontor", "Grupp")
    reading = take_in(tmp_path, text_of([(GOOD[5], *GOOD[:5])], header))
    assert understood(reading, "municipality_code, office, visitor_group, channel") == [
        ("2580", "Af Luleå", "disability", "phone")
    ]


def test_every_column_is_kept_as_received(tmp_path: Path) -> None:
    (tmp_path / "received.csv").write_bytes(text_of([(*GOOD, " 007 ", "x")], (*contacts.COLUMNS, "Handläggare", "")))
    taken = contacts.pseudonymise(tmp_path / "received.csv", "kontakter.csv", KEY, tmp_path / "stored")
    with duckdb.connect() as connection:
        found = connection.execute(f"from read_parquet('{tmp_path}/stored')")
        names = [column[0] for column in found.description or ()]
        assert found.fetchall()[0][1:] == (*GOOD[1:], " 007 ", "x")
    assert names == [*contacts.COLUMNS, "Handläggare", "column_8"]
    assert taken.rows == 1
    assert any("Handläggare" in note for note in taken.notes)


def test_rows_are_numbered_as_received_however_many_read_at_once(tmp_path: Path) -> None:
    rows = 400_000
    with duckdb.connect() as connection:
        connection.execute(
            f"""copy (select 'K' || range as contact_id, '2020-05-04' as occurred_at, '2580' as municipality_code,
            'Af ' || range as office, 'all' as "group", 'phone' as channel from range(1, {rows + 1}))
            to '{tmp_path}/received.csv'"""
        )
    with contacts.opened(take_in(tmp_path, tmp_path / "received.csv")) as connection:
        found = connection.execute("select count(*), count(*) filter (office = 'Af ' || row_number) from contact")
        assert found.fetchall() == [(rows, rows)]


def test_parquet_of_any_types_reads_as_its_text_would(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'America/New_York'")
        connection.execute(
            f"""copy (select 17::bigint as contact_id, timestamptz '2020-07-01 10:00:00+00' as occurred_at,
            114::smallint as municipality_code, 'Af Sollentuna' as office, 'all' as "group", 'chat' as channel)
            to '{tmp_path}/received.parquet'"""
        )
    reading = take_in(tmp_path, tmp_path / "received.parquet")
    pseudonym = uuid.UUID(bytes=hmac.new(KEY, b"17", hashlib.sha256).digest()[:16])
    assert understood(reading, "* exclude (delivery, received_on)") == [
        (1, pseudonym, datetime(2020, 7, 1, 12), "0114", "Af Sollentuna", "all", "chat")  # noqa: DTZ001
    ]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_made_contacts_are_taken_in_whole(tmp_path: Path, suffix: str) -> None:
    received = tmp_path / f"received{suffix}"
    write(received, Contacts(5_000, date(2020, 1, 1), 60, repeat_every=10, unknown_every=100))
    assert contacts.recognises(received)
    with contacts.opened(take_in(tmp_path, received)) as connection:
        parts = split(connection, mask)
    assert (parts.received, parts.quarantined) == (5_000, 50)


def test_a_file_of_no_rows_is_taken_in(tmp_path: Path) -> None:
    assert checked(tmp_path, []) == ContactSplit(0, 0, ())


def test_a_name_like_a_pattern_is_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "k[1]=*?'x"
    folder.mkdir()
    (folder / "a[1]*.csv").write_bytes(text_of([GOOD]))
    reading = take_in(folder, folder / "a[1]*.csv")
    assert len(understood(reading)) == 1


# ---- recognising


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 500,
        b"PAR1",
        b"PK\x03\x04" + b"\x00" * 100,
        b"<html><table><tr><td>contact_id</td></tr></table></html>",
        b"period,municipality_code,group,registered\n2020-01,2580,all,3\n",
        b"text without any heading, group\n",
    ],
)
def test_other_files_are_not_recognised(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert not contacts.recognises(tmp_path / "x")


@pytest.mark.parametrize(
    "content",
    [
        text_of([GOOD]),
        text_of([], contacts.COLUMNS[1:]),
        text_of([GOOD]).decode().encode("utf-16"),
        ("Kontakt-id;Tidpunkt;Kommun;Kontor;Grupp;Kanal för kontakt på ort\n").encode("latin-1"),
    ],
)
def test_contacts_are_recognised_even_where_they_will_be_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert contacts.recognises(tmp_path / "x")


# ---- times


TIMES = {
    "2020-01-31": datetime(2020, 1, 31),  # noqa: DTZ001
    "2020-01-31 09:15": datetime(2020, 1, 31, 9, 15),  # noqa: DTZ001
    "2020-01-31T09:15:30": datetime(2020, 1, 31, 9, 15, 30),  # noqa: DTZ001
    " 2020-01-31 09:15:30.25 ": datetime(2020, 1, 31, 9, 15, 30, 250_000),  # noqa: DTZ001
    "2020-01-31 09:15:30,123456": datetime(2020, 1, 31, 9, 15, 30, 123_456),  # noqa: DTZ001
    "2020-01-31T09:15:30Z": datetime(2020, 1, 31, 10, 15, 30),  # noqa: DTZ001
    "2020-07-31T09:15:30Z": datetime(2020, 7, 31, 11, 15, 30),  # noqa: DTZ001
    "2020-07-31 09:15:30+02": datetime(2020, 7, 31, 9, 15, 30),  # noqa: DTZ001
    "2020-07-31 09:15:30.191212 +0200": datetime(2020, 7, 31, 9, 15, 30, 191_212),  # noqa: DTZ001
    "2020-07-31T09:15-05:00": datetime(2020, 7, 31, 16, 15),  # noqa: DTZ001
    # The month is that of the Swedish clock.
    "2020-12-31T23:30:00Z": datetime(2021, 1, 1, 0, 30),  # noqa: DTZ001
    "": None,
    "igår": None,
    "2020-02-30": None,
    "2020-13-01": None,
    "31/01/2020": None,
    "2020-1-31": None,
    "20200131": None,
    "2020-01-31 24:00:00": None,
    "2020-01-31 09:60": None,
    "2020-01-31 9:15": None,
    "2020-01-31+02:00": None,
    "2020-01-31 09:15:30 CET": None,
    "2020-01-31 (BC)": None,
    "infinity": None,
    "epoch": None,
    "43861": None,
}


def test_times_are_what_iso_8601_says_and_nothing_else(tmp_path: Path) -> None:
    reading = take_in(tmp_path, text_of([(GOOD[0], text, *GOOD[2:]) for text in TIMES]))
    assert dict(zip(TIMES, (moment for (moment,) in understood(reading, "moment")), strict=True)) == TIMES


MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters))),
)


@settings(max_examples=10)
@given(moments=st.lists(MOMENTS, min_size=1, max_size=200), mark=st.sampled_from("T "))
def test_a_time_with_a_zone_is_the_swedish_clock_at_that_moment(
    tmp_path_factory: pytest.TempPathFactory, moments: list[datetime], mark: str
) -> None:
    folder = tmp_path_factory.mktemp("times")
    reading = take_in(folder, text_of([(GOOD[0], each.isoformat(mark), *GOOD[2:]) for each in moments]))
    swedish = [each.astimezone(ZoneInfo("Europe/Stockholm")).replace(tzinfo=None) for each in moments]
    assert [moment for (moment,) in understood(reading, "moment")] == swedish


# ---- the contract


BROKEN = {
    "contact_id_filled": {"contact_id": " "},
    "occurred_at_is_a_time": {"occurred_at": "i maj"},
    "occurred_at_in_window": {"occurred_at": "2021-01-07 00:00"},
    "municipality_is_known": {"municipality_code": "Oslo"},
    "office_is_a_name": {"office": "Af " + "å" * 198},
    "group_is_known": {"group": "alla möjliga"},
    "channel_is_known": {"channel": "fax"},
}


def broken(*rules: str) -> list[str]:
    cells = dict(zip(contacts.COLUMNS, GOOD, strict=True))
    for rule in rules:
        cells |= BROKEN[rule]
    return list(cells.values())


def test_every_rule_has_a_row_that_breaks_it_alone() -> None:
    assert list(BROKEN) == [rule.name for rule in RULES]


@pytest.mark.parametrize("rule", BROKEN)
def test_a_row_that_breaks_a_rule_is_refused_by_that_rule_alone(tmp_path: Path, rule: str) -> None:
    parts = checked(tmp_path, [GOOD, broken(rule), GOOD])
    (refused,) = parts.refused
    (cell,) = BROKEN[rule].values()
    assert (parts.received, parts.valid, refused.rule, refused.rows) == (3, 2, rule, 1)
    assert refused.sample == ((2, cell.strip()[:SAMPLE_CHARACTERS] or None),)
    assert "row 2; expected" in refused.reason


@pytest.mark.parametrize("column", [each for each in contacts.COLUMNS if each != "office"])
def test_a_blank_cell_is_refused_and_breaks_one_rule(tmp_path: Path, column: str) -> None:
    cells = dict(zip(contacts.COLUMNS, GOOD, strict=True)) | {column: ""}
    assert len(checked(tmp_path, [list(cells.values())]).refused) == 1


def test_a_contact_need_not_have_an_office(tmp_path: Path) -> None:
    assert checked(tmp_path, [(*GOOD[:3], "", *GOOD[4:])]).quarantined == 0


def test_a_row_that_breaks_several_rules_is_quarantined_once(tmp_path: Path) -> None:
    parts = checked(tmp_path, [GOOD, broken("channel_is_known", "municipality_is_known"), broken("channel_is_known")])
    assert parts.quarantined == 2
    assert {each.rule: each.rows for each in parts.refused} == {"municipality_is_known": 1, "channel_is_known": 2}


def test_of_many_refused_rows_the_first_few_are_shown(tmp_path: Path) -> None:
    (refused,) = checked(tmp_path, [(*GOOD[:5], f"{at:05} " + "x" * 500) for at in range(1, 1001)]).refused
    assert refused.rows == 1000
    assert [row for row, _ in refused.sample] == list(range(1, SAMPLE_ROWS + 1))
    assert all(len(cell or "") == SAMPLE_CHARACTERS for _, cell in refused.sample)


@pytest.mark.parametrize(("day", "is_valid"), [("1999-12-31", False), ("2000-01-01", True), ("2021-01-06", True)])
def test_times_lie_within_the_window(tmp_path: Path, day: str, is_valid: bool) -> None:
    assert checked(tmp_path, [(GOOD[0], day, *GOOD[2:])]).valid == is_valid


# ---- files that are refused


def test_a_missing_column_is_named_before_any_row_is_read(tmp_path: Path) -> None:
    told = refusal(tmp_path, text_of([("broken",)], contacts.COLUMNS[:5]))
    assert "missing: “channel”" in told


def test_a_renamed_column_is_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    assert "renamed: “chanel”" in refusal(tmp_path, text_of([GOOD], (*contacts.COLUMNS[:5], "chanel")))


def test_a_column_of_another_type_is_named(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"""copy (select 'K' as contact_id, 1.5::double as occurred_at, '2580' as municipality_code, '' as office,
            'all' as "group", {{'a': 1}} as channel) to '{tmp_path}/made'"""
            " (format parquet)"
        )
    content = (tmp_path / "made").read_bytes()
    (tmp_path / "made").unlink()
    told = refusal(tmp_path, content, ".parquet")
    assert "retyped: “occurred_at” is DOUBLE" in told
    assert "“channel” is STRUCT" in told


LINES = text_of([GOOD] * 9).splitlines(keepends=True)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"HEMLIG,2020-05-04,2580\n", "line 5: the line has 3 cells; expected 6"),
        (b"HEMLIG,2020-05-04,2580,a,all,phone,more\n", "line 5: the line has 7 cells; expected 6"),
        (b'HEMLIG,2020-05-04,2580,"a,all,phone\n', "line 5: a quotation mark is not closed"),
        ("HEMLIG,2020-05-04,Luleå,a,all,phone\n".encode("latin-1"), "line 5: the text is not UTF-8"),
        ("HEML\u00c5G,2020-05-04,2580,a,all,phone\n".encode("latin-1"), "line 5: the text is not UTF-8"),
        (b"HEMLIG,2020-05-04,2580,a,all,phone\r\n", "line 5: lines end in different ways"),
        (b"HEMLIG,2020-05-04,2580," + b"a" * 2_500_000 + b",all,phone\n", "line 5: the line is longer"),
    ],
)
def test_a_broken_line_refuses_the_file_and_is_named_but_not_shown(tmp_path: Path, line: bytes, expected: str) -> None:
    told = refusal(tmp_path, b"".join([*LINES[:4], line, *LINES[4:]]))
    assert expected in told
    assert "HEML" not in told


def test_a_cell_too_long_for_a_cell_refuses_the_file_and_is_not_shown(tmp_path: Path) -> None:
    told = refusal(tmp_path, text_of([GOOD, GOOD, ("HEMLIG" * 6000, *GOOD[1:])]))
    assert "row 3, column contact_id: a cell of 36000 characters" in told
    assert "HEML" not in told


@pytest.mark.parametrize(
    ("fault", "expected"), [(duckdb.IOException, duckdb.IOException), (duckdb.OutOfMemoryException, UnreadableFile)]
)
def test_only_faults_of_the_file_are_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception], expected: type[Exception]
) -> None:
    def failing(*_: object) -> None:
        raise fault("Out of Memory Error, or a disk that cannot be written")

    (tmp_path / "received.csv").write_bytes(text_of([GOOD]))
    monkeypatch.setattr(contacts, "_copy_with_pseudonyms", failing)
    with pytest.raises(expected):
        contacts.pseudonymise(tmp_path / "received.csv", "kontakter", KEY, tmp_path / "stored")


def test_a_csv_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    assert "line 10: the line has" in refusal(tmp_path, b"".join(LINES)[:-20])


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_heading_in_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    content = text_of([GOOD], (*contacts.COLUMNS, "Ålder")).decode().encode(encoding)
    assert "line 1: the text is not UTF-8" in refusal(tmp_path, content)


def test_a_damaged_parquet_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "whole.parquet", Contacts(20_000, date(2020, 1, 1), 30))
    whole = (tmp_path / "whole.parquet").read_bytes()
    (tmp_path / "whole.parquet").unlink()
    middle = len(whole) // 2
    for damaged in (whole[:-100], whole[:middle], b"PAR1", whole[:2000] + b"\xff" * 2000 + whole[4000:]):
        assert "damaged" in refusal(tmp_path, damaged, ".parquet")


def test_text_in_parquet_that_is_not_utf8_is_refused_without_showing_it(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"""copy (select 'K' as contact_id, '2020-05-04' as occurred_at, '2580' as municipality_code,
            'HEMLIG\\xC5'::blob as office, 'all' as "group", 'phone' as channel)
            to '{tmp_path}/made' (format parquet)"""
        )
    content = (tmp_path / "made").read_bytes()
    (tmp_path / "made").unlink()
    told = refusal(tmp_path, content, ".parquet")
    assert "not UTF-8" in told
    assert "HEML" not in told


# ---- personal identity numbers


@pytest.mark.parametrize("column", [each for each in contacts.COLUMNS if each != "contact_id"])
@pytest.mark.parametrize("number", [PERSONAL_NUMBER, "198112289874", "8112289874", "811288-9871"])
def test_a_personal_number_outside_the_id_refuses_the_file(tmp_path: Path, column: str, number: str) -> None:
    cells = dict(zip(contacts.COLUMNS, GOOD, strict=True))
    rows = [list(cells.values())] * 3 + [list((cells | {column: f"x {number}"}).values())]
    (tmp_path / "received.csv").write_bytes(text_of(rows))
    with pytest.raises(PersonalData) as error:
        contacts.pseudonymise(tmp_path / "received.csv", "kontakter", KEY, tmp_path / "stored")
    assert f"row 4, column {column}" in str(error.value)
    assert number[-4:] not in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == ["received.csv"]


def test_a_personal_number_in_a_column_that_is_not_ours_refuses_the_file(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"""copy (select 'K' as contact_id, '2020-05-04' as occurred_at, '2580' as municipality_code, 'a' as office,
            'all' as "group", 'phone' as channel, 198112289874::bigint as extra) to '{tmp_path}/received.parquet'"""
        )
    with pytest.raises(PersonalData, match="row 1, column extra"):
        contacts.pseudonymise(tmp_path / "received.parquet", "kontakter", KEY, tmp_path / "stored")


def test_a_personal_number_as_heading_refuses_the_file(tmp_path: Path) -> None:
    (tmp_path / "received.csv").write_bytes(text_of([(*GOOD, "x")], (*contacts.COLUMNS, PERSONAL_NUMBER)))
    with pytest.raises(PersonalData) as error:
        contacts.pseudonymise(tmp_path / "received.csv", "kontakter", KEY, tmp_path / "stored")
    assert PERSONAL_NUMBER not in str(error.value)


def test_a_personal_number_may_be_the_id_of_a_contact(tmp_path: Path) -> None:
    assert checked(tmp_path, [(PERSONAL_NUMBER, *GOOD[1:])]).valid == 1


def test_a_time_with_fraction_and_zone_is_no_personal_number(tmp_path: Path) -> None:
    # The fraction and the zone together are digits that a person could have.
    rows = [
        (GOOD[0], f"2020-07-31 09:15:30.8112{day}+{zone:02}00", *GOOD[2:])
        for day in range(10, 29)
        for zone in range(15)
    ]
    assert checked(tmp_path, rows).quarantined == 0


def test_a_key_is_told_from_another_without_telling_it() -> None:
    assert contacts.key_check(b"one key of sixteen") == contacts.key_check(b"one key of sixteen")
    assert contacts.key_check(b"one key of sixteen") != contacts.key_check(b"two keys of sixteen")
    assert "key" not in contacts.key_check(b"one key of sixteen")
