"""What becomes of a dropped file: taken once, recorded always, moved only when it is safe."""

import errno
import os
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration import landing, paths
from orchestration.cli import app
from orchestration.deliveries import Deliveries, Delivery, Kind, Status
from orchestration.held_file import HeldFile, held
from orchestration.reading import (
    DocumentContent,
    QuarantinedRule,
    Read,
    Refused,
    Request,
    Waiting,
)
from sources.registry import Sidecar, sha256_of

GOOD = Read(layout="registrations", rows_received=3, rows_valid=3, rows_quarantined=0)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NARVARO_DATA", str(tmp_path / "data"))
    landing.make_folders()
    return tmp_path / "data"


class Reader:
    """Stands in for the process that reads: it gives what a test says, and writes rows as the real one does."""

    def __init__(self) -> None:
        self.found: Read | Refused | Waiting = GOOD
        self.asked: list[Request] = []
        self.sidecars: list[bytes | None] = []

    def __call__(self, request: Request) -> Read | Refused | Waiting:
        self.asked.append(request)
        if request.sidecar:
            self.sidecars.append(request.sidecar.read_bytes() if request.sidecar.exists() else None)
        request.out.mkdir(parents=True, exist_ok=True)
        (request.out / "rows.parquet").write_bytes(b"rows")
        (request.out / "pseudonymised.parquet").write_bytes(b"pseudonyms")
        return self.found


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    stand_in = Reader()
    monkeypatch.setattr(landing, "read_in_a_process", stand_in)
    return stand_in


def drop(name: str, content: bytes = b"content", kind: Kind = Kind.REGISTRATIONS) -> Path:
    file = paths.landing_folder() / kind / name
    file.write_bytes(content)
    return file


def take() -> list[Delivery]:
    return landing.take_all(settle_seconds=0)


def stored(sha256: str) -> Path:
    return paths.store_folder() / sha256[:2] / sha256


def nothing_is_kept() -> bool:
    """Neither a record nor a byte of any file."""
    return [each.name for each in paths.store_folder().rglob("*") if each.is_file()] == ["deliveries.lock"]


def test_an_accepted_file_is_stored_recorded_and_moved_out_of_landing(reader: Reader) -> None:
    file = drop("2020-01.csv")

    (taken,) = take()

    assert taken.status is Status.ACCEPTED
    assert (taken.name, taken.size_bytes, taken.sha256) == ("2020-01.csv", 7, sha256_of(b"content"))
    assert Deliveries.here().all() == [taken]
    assert stored(taken.sha256).read_bytes() == b"content"
    assert landing.rows_of(taken).read_bytes() == b"rows"
    assert not file.exists()


def test_the_same_bytes_again_are_recorded_as_unchanged_and_not_read(reader: Reader) -> None:
    drop("2020-01.csv")
    take()
    file = drop("another name.csv")

    (again,) = take()

    assert again.status is Status.UNCHANGED
    assert "000001-" in again.message
    assert len(reader.asked) == 1
    assert not file.exists()
    assert len(Deliveries.here().in_use()) == 1


def test_bytes_that_were_refused_are_read_again(reader: Reader) -> None:
    reader.found = Refused(message="x.csv: no header")
    drop("x.csv")
    take()
    reader.found = GOOD
    drop("x.csv")

    assert [each.status for each in take()] == [Status.ACCEPTED]


def test_a_refused_file_is_kept_in_the_store_with_its_reason(reader: Reader) -> None:
    reader.found = Refused(message="x.csv, line 1: no header; expected one")
    file = drop("x.csv")

    (taken,) = take()

    assert (taken.status, taken.message) == (Status.REFUSED, "x.csv, line 1: no header; expected one")
    assert stored(taken.sha256).exists()
    assert not file.exists()


def test_a_refused_file_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        landing,
        "read_in_a_process",
        lambda request: Refused(message="bad") if request.name.startswith("b") else GOOD,
    )
    for name in ("a.csv", "b.csv", "c.csv"):
        drop(name, name.encode())

    assert [each.status for each in take()] == [Status.ACCEPTED, Status.REFUSED, Status.ACCEPTED]


def test_a_file_with_personal_data_stays_and_nothing_of_it_is_kept(reader: Reader) -> None:
    reader.found = Refused(
        message="x.csv, line 2: a personal identity number stands here", is_personal=True, may_be_kept=False
    )
    file = drop("x.csv")

    (taken,) = take()

    assert taken.status is Status.REFUSED
    assert taken.stored_as is None
    assert not stored(taken.sha256).exists()
    assert file.exists()


def test_a_file_with_personal_data_is_recorded_once_and_not_read_again(reader: Reader) -> None:
    reader.found = Refused(message="x.csv: a personal identity number stands here", is_personal=True, may_be_kept=False)
    drop("x.csv")

    assert len(take()) == 1
    assert take() == []
    assert len(reader.asked) == 1


def test_a_personal_identity_number_in_the_name_refuses_the_file_unread(reader: Reader) -> None:
    file = drop("besök 19121212-1212.csv")

    (taken,) = take()

    assert taken.status is Status.REFUSED
    assert "1212" not in taken.model_dump_json().replace(taken.sha256, "")
    assert reader.asked == []
    assert file.exists()


def test_a_file_that_waits_is_recorded_once_and_taken_when_what_it_needs_is_there(reader: Reader) -> None:
    reader.found = Waiting(message="beslut.pdf: there is no beslut.pdf.yml beside it")
    file = drop("beslut.pdf", kind=Kind.DOCUMENTS)

    assert [each.status for each in take()] == [Status.WAITING]
    assert take() == []
    assert file.exists()

    reader.found = GOOD
    assert [each.status for each in take()] == [Status.ACCEPTED]
    assert not file.exists()


def document(title: str) -> Read:
    facts = Sidecar.model_validate(
        {
            "id": "af-decision",
            "title": title,
            "publisher": "AF",
            "published": "2021-09-01",
            "as_of": "2021-08-31",
            "language": "sv",
        }
    )
    content = DocumentContent(facts=facts, tables=("kept_offices",))
    return GOOD.model_copy(update={"layout": "document", "document": content})


def test_a_document_leaves_landing_with_its_sidecar(reader: Reader) -> None:
    reader.found = document("Beslut")
    file = drop("beslut.pdf", kind=Kind.DOCUMENTS)
    sidecar = drop("beslut.pdf.yml", b"id: af-decision", kind=Kind.DOCUMENTS)

    (taken,) = take()

    assert taken.kind is Kind.DOCUMENTS
    assert not file.exists()
    assert not sidecar.exists()


def test_the_same_document_with_other_facts_is_a_new_delivery(reader: Reader) -> None:
    reader.found = document("Beslut")
    drop("beslut.pdf", kind=Kind.DOCUMENTS)
    take()
    drop("beslut.pdf", kind=Kind.DOCUMENTS)
    assert [each.status for each in take()] == [Status.UNCHANGED]

    reader.found = document("Beslut, rättat")
    drop("beslut.pdf", kind=Kind.DOCUMENTS)
    assert [each.status for each in take()] == [Status.ACCEPTED]


def test_contacts_are_stored_under_pseudonyms_only(reader: Reader) -> None:
    reader.found = GOOD.model_copy(update={"layout": "contacts"})
    drop("contacts.csv", b"plain ids", kind=Kind.CONTACTS)

    (taken,) = take()

    assert taken.stored_as == sha256_of(b"pseudonyms")
    assert stored(taken.stored_as).exists()
    assert not stored(sha256_of(b"plain ids")).exists()


def test_contacts_under_another_key_wait_for_the_key_of_the_earlier_ones(reader: Reader) -> None:
    contacts = GOOD.model_copy(update={"layout": "contacts", "key_check": "aaaa"})
    reader.found = contacts
    drop("january.csv", b"january", kind=Kind.CONTACTS)
    assert [each.status for each in take()] == [Status.ACCEPTED]

    reader.found = contacts.model_copy(update={"key_check": "bbbb"})
    file = drop("february.csv", b"february", kind=Kind.CONTACTS)
    (waiting,) = take()
    assert waiting.status is Status.WAITING
    assert "another key" in waiting.message
    assert file.exists()

    reader.found = contacts
    assert [each.status for each in take()] == [Status.ACCEPTED]


def test_refused_contacts_stay_where_they_are_since_their_ids_are_plain(reader: Reader) -> None:
    reader.found = Refused(message="contacts.csv, line 7: no csv", may_be_kept=False)
    file = drop("contacts.csv", b"plain ids", kind=Kind.REGISTRATIONS)
    unknown = drop("unknown.csv", b"plain ids too", kind=Kind.CONTACTS)

    assert [each.status for each in take()] == [Status.REFUSED, Status.REFUSED]
    assert file.exists()
    assert unknown.exists()
    assert not stored(sha256_of(b"plain ids")).exists()
    assert not stored(sha256_of(b"plain ids too")).exists()
    assert take() == []
    assert len(reader.asked) == 4, "they are looked at again: what refuses them may have been mended"


def test_the_content_decides_the_kind_not_the_folder(reader: Reader) -> None:
    reader.found = GOOD.model_copy(update={"layout": "contacts"})
    drop("contacts.csv", kind=Kind.REGISTRATIONS)

    assert [each.kind for each in take()] == [Kind.CONTACTS]


def test_quarantined_rows_are_told_by_rule(reader: Reader) -> None:
    sample = '[{"sheet": null, "row": 3, "municipality": "9999"}, {"sheet": null, "row": 4, "municipality": "8888"}]'
    rule = QuarantinedRule(table="registrations", rule="region_is_known", reason="…", rows=2, sample=sample)
    reader.found = GOOD.model_copy(update={"rows_valid": 1, "rows_quarantined": 2, "quarantine": (rule,)})
    drop("x.csv")

    (taken,) = take()

    assert taken.message == "2 of 3 rows are in quarantine: region_is_known (2, first in row 3)"


def test_quarantined_rows_of_a_workbook_are_told_with_their_sheet_and_those_of_contacts_without_a_cell(
    reader: Reader,
) -> None:
    rules = (
        QuarantinedRule(table="registrations", rule="a", reason="…", rows=1, sample='[{"sheet": "Kön", "row": 7}]'),
        QuarantinedRule(table="contacts", rule="b", reason="…", rows=1, sample='[[9, "a cell"]]'),
        QuarantinedRule(table="kept_offices", rule="c", reason="…", rows=1),
    )
    reader.found = GOOD.model_copy(update={"rows_valid": 0, "rows_quarantined": 3, "quarantine": rules})
    drop("x.csv")

    (taken,) = take()

    told = "a (1, first in sheet Kön, row 7), b (1, first in row 9), c (1)"
    assert taken.message == f"3 of 3 rows are in quarantine: {told}"


def test_a_file_that_is_still_written_is_left_for_the_next_look(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = drop("growing.csv")
    monkeypatch.setattr("orchestration.landing.time.sleep", lambda _: file.write_bytes(b"more content"))

    assert take() == []
    assert Deliveries.here().all() == []
    assert file.exists()


@pytest.mark.parametrize("name", [".hidden.csv", "~$open.xlsx", "half.part", "half.crdownload", "half.tmp"])
def test_hidden_and_half_written_files_are_no_deliveries(reader: Reader, name: str) -> None:
    drop(name)
    assert take() == []


def test_a_link_out_of_landing_is_not_followed(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("secret")
    (paths.landing_folder() / Kind.REGISTRATIONS / "link.csv").symlink_to(tmp_path / "secret.csv")
    assert take() == []


def test_a_link_that_takes_the_place_of_a_file_is_not_followed(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("secret")
    file = drop("x.csv")
    file.unlink()
    file.symlink_to(tmp_path / "secret.csv")
    with Deliveries.here().held() as deliveries, pytest.raises(OSError, match="symbolic link"):
        landing.take(file, Kind.REGISTRATIONS, deliveries)
    assert reader.asked == []


@pytest.mark.parametrize("layout", ["registrations", "contacts"])
def test_a_link_that_takes_the_place_of_a_file_while_it_is_read_is_not_followed(
    layout: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_bytes(b"secret")
    file = drop("x.csv", kind=Kind(layout))
    found: list[bytes] = []

    def read(request: Request) -> Read:
        file.unlink()
        file.symlink_to(tmp_path / "secret.csv")
        found.append(request.file.read_bytes())
        (request.out / "pseudonymised.parquet").write_bytes(b"pseudonyms")
        return GOOD.model_copy(update={"layout": layout})

    monkeypatch.setattr(landing, "read_in_a_process", read)

    assert take() == []
    assert found == [b"content"]
    assert file.is_symlink()
    assert nothing_is_kept()
    assert take() == []


@pytest.mark.parametrize("layout", ["registrations", "contacts"])
def test_bytes_that_were_another_content_while_they_were_read_are_not_taken(
    layout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = drop("x.csv", kind=Kind(layout))

    def read(request: Request) -> Read:
        file.write_bytes(b"another")
        (request.out / "rows.parquet").write_bytes(request.file.read_bytes())
        (request.out / "pseudonymised.parquet").write_bytes(request.file.read_bytes())
        file.write_bytes(b"content")
        return GOOD.model_copy(update={"layout": layout})

    monkeypatch.setattr(landing, "read_in_a_process", read)

    assert take() == []
    assert file.exists()
    assert nothing_is_kept()


def test_a_pipe_that_takes_the_place_of_a_file_stops_nothing(reader: Reader) -> None:
    file = drop("x.csv")
    file.unlink()
    os.mkfifo(file)
    with Deliveries.here().held() as deliveries, pytest.raises(OSError, match="no regular file"):
        landing.take(file, Kind.REGISTRATIONS, deliveries)
    assert reader.asked == []


def test_the_sidecar_is_read_as_it_was_first_seen_and_no_link_is_followed(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "secret.yml").write_text("id: secret")
    drop("beslut.txt", kind=Kind.DOCUMENTS)
    sidecar = drop("beslut.txt.yml", b"id: af-decision", kind=Kind.DOCUMENTS)
    linked = drop("bilaga.txt", b"other", kind=Kind.DOCUMENTS)
    landing.sidecar_of(linked).symlink_to(tmp_path / "secret.yml")

    take()

    given = [each.sidecar for each in reader.asked]
    assert [each and (each.name, each.is_relative_to(sidecar.parent)) for each in given] == [
        ("beslut.txt.yml", False),
        ("bilaga.txt.yml", False),
    ]
    assert reader.sidecars == [b"id: af-decision", None]


def test_a_file_that_is_too_large_is_refused_unread_told_once_and_left_where_it_is(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(landing.LARGEST, Kind.REGISTRATIONS, 6)
    file = drop("x.csv")
    drop("y.csv", b"small")

    large, small = take()

    assert (large.status, small.status) == (Status.REFUSED, Status.ACCEPTED)
    assert large.message == (
        "x.csv: the file has 7 bytes; expected at most 6; deliver it in parts. It stays where it is, unread"
    )
    assert file.exists()
    assert take() == []


def test_a_crash_before_the_file_was_removed_makes_it_unchanged(reader: Reader) -> None:
    file = drop("x.csv")
    with Deliveries.here().held() as deliveries:
        landing.take(file, Kind.REGISTRATIONS, deliveries, remove=False)

    assert [each.status for each in take()] == [Status.UNCHANGED]
    assert not file.exists()


def test_a_file_that_changed_while_it_was_read_is_left_for_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(request: Request) -> Read:
        request.file.write_bytes(b"other content")
        return GOOD

    file = drop("x.csv")
    monkeypatch.setattr(landing, "read_in_a_process", read)

    assert take() == []
    assert file.exists()
    assert Deliveries.here().all() == []


def test_of_files_dropped_together_the_one_written_last_is_received_last(reader: Reader) -> None:
    corrected, original = drop("jan (1).csv", b"corrected"), drop("jan.csv", b"original")
    os.utime(original, (1, 1))
    os.utime(corrected, (2, 2))

    assert [each.name for each in take()] == ["jan.csv", "jan (1).csv"]


def test_bytes_that_were_lost_from_the_store_are_taken_anew(reader: Reader) -> None:
    drop("x.csv")
    (first,) = take()
    stored(first.sha256).unlink()
    drop("x.csv")

    (again,) = take()

    assert again.status is Status.ACCEPTED
    assert stored(first.sha256).exists()


def test_a_newer_file_under_the_same_name_is_left_for_the_next_look(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def read(request: Request) -> Read:
        request.out.mkdir(parents=True, exist_ok=True)
        (request.out / "pseudonymised.parquet").write_bytes(b"pseudonyms")
        if request.file.read_bytes() == b"old":
            (tmp_path / "newer").write_bytes(b"newer")
            (tmp_path / "newer").replace(file)
        return GOOD.model_copy(update={"layout": "contacts"})

    monkeypatch.setattr(landing, "read_in_a_process", read)
    file = drop("contacts.csv", b"old", kind=Kind.CONTACTS)

    assert take() == []
    assert file.read_bytes() == b"newer"
    assert [each.sha256 for each in take()] == [sha256_of(b"newer")]
    assert not file.exists()


def test_a_name_that_is_no_utf_8_stops_no_other_file(reader: Reader) -> None:
    inbox = paths.landing_folder() / Kind.REGISTRATIONS
    (inbox / os.fsdecode(b"bes\xf6k.csv")).write_bytes(b"one")
    drop("good.csv", b"two")

    assert {each.name: each.status for each in take()} == {"bes\ufffdk.csv": "refused", "good.csv": "accepted"}


def test_a_file_that_cannot_be_opened_waits_and_stops_no_other(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(file: Path) -> AbstractContextManager[HeldFile]:
        if file.name == "locked.csv":
            raise PermissionError(13, "Permission denied")
        return held(file)

    monkeypatch.setattr(landing, "held", opened)
    drop("locked.csv", b"one")
    drop("other.csv", b"two")

    assert {each.name: each.status for each in take()} == {"locked.csv": "waiting", "other.csv": "accepted"}
    assert take() == []


def test_a_renamed_file_is_read(reader: Reader) -> None:
    file = drop("besök 19121212-1212.csv")
    take()
    file.rename(file.with_name("besök.csv"))

    assert [each.status for each in take()] == [Status.ACCEPTED]


def test_the_sidecar_of_a_refused_document_stays_for_its_successor(reader: Reader) -> None:
    reader.found = Refused(message="beslut.pdf: damaged")
    drop("beslut.pdf", kind=Kind.DOCUMENTS)
    sidecar = drop("beslut.pdf.yml", b"id: af-decision", kind=Kind.DOCUMENTS)

    take()

    assert sidecar.exists()


def test_what_a_killed_night_left_is_removed_before_files_are_taken(reader: Reader) -> None:
    left = [
        paths.feeds_folder() / ".reading-k1ll3d" / "rows.parquet",
        paths.feeds_folder() / ".contacts_staged" / "1.delivered",
        paths.store_folder() / ".part-k1ll3d",
    ]
    for file in left:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"half of it")
    drop("2020-01.csv")

    (taken,) = take()

    assert taken.status is Status.ACCEPTED
    assert sorted(each.name for each in paths.feeds_folder().iterdir()) == [f"{taken.delivery_id}.parquet"]
    assert stored(taken.sha256).exists()
    assert not [each for each in paths.store_folder().iterdir() if each.name.startswith(".")]


def test_a_full_disk_is_no_fault_of_the_file(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    file = drop("2020-01.csv")
    with monkeypatch.context() as full:

        def put_file(*_: object) -> str:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        full.setattr("sources.registry.Store.put_file", put_file)
        with pytest.raises(OSError, match="No space left on device"):
            take()
    assert file.exists()
    assert Deliveries.here().all() == []
    assert [each.status for each in take()] == [Status.ACCEPTED]


HOSTILE = {
    "\x1b[2Jgone.csv": "\ufffd[2Jgone.csv",
    "two\nlines.csv": "two\ufffdlines.csv",
    "\u202evsc.csv": "\ufffdvsc.csv",
    "\x9b31mred.csv": "\ufffd31mred.csv",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_with_signs_that_steer_a_terminal_is_refused_unread_and_shown_without_them(
    reader: Reader, name: str
) -> None:
    drop(name)

    (taken,) = take()

    assert (taken.name, taken.status, reader.asked) == (HOSTILE[name], Status.REFUSED, [])
    assert "control character" in taken.message


def test_a_message_steers_no_terminal(reader: Reader) -> None:
    reader.found = Refused(message="x.csv: the heading “\x1b]0;title\x07Kommun\tÅr”\nand a line")
    drop("x.csv")

    assert [each.message for each in take()] == ["x.csv: the heading “\ufffd]0;title\ufffdKommun\tÅr”\nand a line"]


@pytest.mark.parametrize("name", ["[bold red]x.csv", "[link=x]y.csv", "[@click=quit]x.csv", "a\\[b].csv"])
def test_a_name_is_printed_as_it_is(reader: Reader, name: str) -> None:
    file = drop(name)
    reader.found = GOOD.model_copy(update={"notes": (f"{name}: a note",)})

    said = CliRunner().invoke(app, ["ingest", str(file)])
    assert (said.exit_code, said.output.count(name)) == (0, 2), said.output

    (taken,) = Deliveries.here().all()
    for command in (["status"], ["withdraw", str(taken.delivery_number), "--reason", "made up"]):
        said = CliRunner().invoke(app, command)
        assert (said.exit_code, name in said.output) == (0, True), said.output


@pytest.mark.parametrize("form", ["12", "000012", "000012-ed7002b4"])
def test_a_delivery_is_withdrawn_by_its_number_alone(reader: Reader, form: str) -> None:
    drop("x.csv")
    (taken,) = take()
    Deliveries.here().file.write_text(taken.model_copy(update={"delivery_number": 12}).model_dump_json() + "\n")

    said = CliRunner().invoke(app, ["withdraw", form, "--reason", "made up"])

    assert said.exit_code == 0, said.output
    assert Deliveries.here().in_use() == []
    assert [each.withdraws for each in Deliveries.here().all()] == [None, 12]
    assert CliRunner().invoke(app, ["withdraw", form, "--reason", "made up"]).exit_code == 2


@pytest.mark.parametrize("form", ["1", "2", "00012", "12-ed7002b4", ""])
def test_another_number_withdraws_nothing(reader: Reader, form: str) -> None:
    drop("x.csv")
    (taken,) = take()
    Deliveries.here().file.write_text(taken.model_copy(update={"delivery_number": 12}).model_dump_json() + "\n")

    assert CliRunner().invoke(app, ["withdraw", form, "--reason", "made up"]).exit_code == 2
    assert len(Deliveries.here().in_use()) == 1


def test_a_link_that_a_person_names_is_followed(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "january.csv").write_bytes(b"content")
    (tmp_path / "latest.csv").symlink_to(tmp_path / "january.csv")

    said = CliRunner().invoke(app, ["ingest", str(tmp_path / "latest.csv")])

    assert said.exit_code == 0, said.output
    (taken,) = Deliveries.here().all()
    assert (taken.name, taken.sha256) == ("january.csv", sha256_of(b"content"))
    assert (tmp_path / "latest.csv").is_symlink()
    assert (tmp_path / "january.csv").exists()
