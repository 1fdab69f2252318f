"""Delivered documents: a sidecar says which document a file is, and its tables lie over those of the register."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from sources.personal_data import PersonalData
from sources.problems import UnreadableFile
from sources.registry import (
    SIDECAR_EXAMPLE,
    Delivered,
    DocumentFacts,
    Register,
    Sidecar,
    Store,
    load_register,
    read_sidecar,
    sha256_of,
)

TABLES = ("kept_offices", "closing_offices")
CONTENT = b"Bilaga 4\n"
REGISTER = f"""\
documents:
  - id: report
    title: Slutredovisning
    publisher: Arbetsförmedlingen
    published: 2020-10-23
    as_of: 2020-10-15
    language: sv
    sha256: {sha256_of(CONTENT)}
    files:
      - file: bilagor.txt
        first_page: 51
        tables: [kept_offices, closing_offices]
"""
SIDECAR = {
    "id": "af-decision-2022-01-31",
    "title": "Beslut om kontorsnät",
    "publisher": "Arbetsförmedlingen",
    "dnr": "Af-2022/0001 2345",
    "published": "2022-01-31",
    "as_of": "2022-01-15",
    "language": "sv",
}
NO_KEYS = "it is no list of keys, each with one value"


def sidecar(folder: Path, text: str) -> Path:
    path = folder / "beslut.pdf.yml"
    path.write_text(text, "utf-8")
    return path


def without(*keys: str, **others: str) -> str:
    """A good sidecar without some keys, and with others."""
    return "".join(f"{key}: {value}\n" for key, value in (SIDECAR | others).items() if key not in keys)


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_sidecar(path)
    return str(caught.value)


def registered(folder: Path) -> Register:
    (folder / "documents.yml").write_text(REGISTER, "utf-8")
    (folder / "bilagor.txt").write_bytes(CONTENT)
    return load_register(folder, TABLES)


def deliver(store: Store, content: bytes, *tables: str, **facts: str) -> Delivered:
    """A file of a document that was received; its name says what is in it."""
    store.put(content)
    document = DocumentFacts.model_validate(SIDECAR | facts)
    return Delivered(document, f"{content.decode()}.pdf", sha256_of(content), tables, first_page=1)


def files_with(register: Register, table: str) -> list[tuple[str, str]]:
    return [(document.id, file.file) for document, file in register.files_with(table)]


def test_a_sidecar_gives_the_facts_of_its_document(tmp_path: Path) -> None:
    found = read_sidecar(sidecar(tmp_path, without()))
    assert found == Sidecar.model_validate(SIDECAR)
    assert (found.published, found.as_of, found.first_page) == (date(2022, 1, 31), date(2022, 1, 15), None)


def test_a_sidecar_may_say_where_an_extract_begins(tmp_path: Path) -> None:
    found = read_sidecar(sidecar(tmp_path, without(first_page="51", first_line="3523")))
    assert (found.first_page, found.first_line) == (51, 3523)


def test_the_example_that_messages_show_is_a_good_sidecar(tmp_path: Path) -> None:
    assert read_sidecar(sidecar(tmp_path, SIDECAR_EXAMPLE)) == Sidecar.model_validate(SIDECAR)


def test_a_document_without_a_sidecar_is_told_what_to_put_beside_it(tmp_path: Path) -> None:
    message = refusal(tmp_path / "beslut.pdf.yml")
    assert message.startswith("beslut.pdf: there is no beslut.pdf.yml beside it")
    assert SIDECAR_EXAMPLE in message


@pytest.mark.parametrize("key", ["id", "title", "publisher", "published", "as_of", "language"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    assert f"beslut.pdf.yml: the key “{key}” is missing; expected" in refusal(sidecar(tmp_path, without(key)))


def test_every_missing_key_is_named_at_once(tmp_path: Path) -> None:
    message = refusal(sidecar(tmp_path, without("title", "language")))
    assert "the key “title” is missing; the key “language” is missing" in message


def test_the_number_of_the_case_may_be_left_out(tmp_path: Path) -> None:
    assert read_sidecar(sidecar(tmp_path, without("dnr"))).dnr is None


def test_an_unknown_key_is_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    message = refusal(sidecar(tmp_path, without("published", publised="2022-01-31")))
    assert "the key “published” is missing; the key “publised” is unknown (“published”?)" in message


@pytest.mark.parametrize("day", ["20220131", "31/1 2022", "2022-02-30", "1643587200", ""])
def test_what_is_no_day_is_shown(tmp_path: Path, day: str) -> None:
    assert "beslut.pdf.yml: “published” is " in refusal(sidecar(tmp_path, without(published=day)))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "the file has 0 bytes"),
        ("# nothing\n", NO_KEYS),
        ("beslut", NO_KEYS),
        ("- id: a\n", NO_KEYS),
        ("id: [a]\n", f"line 1: {NO_KEYS}"),
        ("a: &a b\nid: *a\nid: c\n", "the key “id” stands there twice"),
        ("id: 'a\n", "line 2: no YAML"),
        ("a: " + "[" * 20_000, "no YAML: nested too deeply"),
        ("id: !!python/object:os.system a\n", "the key “title” is missing"),
        ("a" * 70_000, "the file has 70000 bytes"),
        ("id: \x00", "control character U+0000"),
    ],
)
def test_what_is_no_sidecar_is_refused(tmp_path: Path, text: str, what: str) -> None:
    message = refusal(sidecar(tmp_path, text))
    assert message.startswith("beslut.pdf.yml")
    assert what in message


def test_a_sidecar_with_a_personal_identity_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PersonalData):
        read_sidecar(sidecar(tmp_path, without(title="Beslut om 850709-9805")))


def test_a_new_document_is_added(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    register = registered(tmp_path).with_delivered(store, [deliver(store, b"new", "kept_offices")])
    assert files_with(register, "kept_offices") == [("report", "bilagor.txt"), (SIDECAR["id"], "new.pdf")]
    assert files_with(register, "closing_offices") == [("report", "bilagor.txt")]


def test_the_content_of_a_delivered_file_is_read_from_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    register = registered(tmp_path).with_delivered(store, [deliver(store, b"new", "kept_offices")])
    assert [register.content(*each) for each in register.files_with("kept_offices")] == [CONTENT, b"new"]


def test_a_known_document_keeps_the_tables_that_the_delivered_file_does_not_hold(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    delivered = deliver(store, b"corrected", "kept_offices", id="report")
    register = registered(tmp_path).with_delivered(store, [delivered])
    assert files_with(register, "kept_offices") == [("report", "corrected.pdf")]
    assert files_with(register, "closing_offices") == [("report", "bilagor.txt")]
    assert [register.content(*each) for each in register.files_with("closing_offices")] == [CONTENT]


def test_a_known_document_keeps_its_checksum_and_takes_the_facts_of_the_delivery(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    delivered = deliver(store, b"corrected", "kept_offices", id="report")
    (document,) = registered(tmp_path).with_delivered(store, [delivered]).documents
    assert (document.sha256, document.title) == (sha256_of(CONTENT), SIDECAR["title"])


def test_a_file_whose_tables_were_all_replaced_is_still_registered(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    delivered = deliver(store, b"corrected", *TABLES, id="report")
    (document,) = registered(tmp_path).with_delivered(store, [delivered]).documents
    assert [file.file for file in document.files] == ["bilagor.txt", "corrected.pdf"]


def test_a_later_delivery_of_the_same_document_wins_table_by_table(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    both, later = deliver(store, b"both", *TABLES), deliver(store, b"later", "kept_offices")
    register = registered(tmp_path).with_delivered(store, [both, later])
    assert files_with(register, "kept_offices")[1:] == [(SIDECAR["id"], "later.pdf")]
    assert files_with(register, "closing_offices")[1:] == [(SIDECAR["id"], "both.pdf")]


def test_a_delivered_file_that_has_no_table_left_is_no_longer_registered(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    deliveries = [deliver(store, b"first", "kept_offices"), deliver(store, b"second", "kept_offices")]
    register = registered(tmp_path).with_delivered(store, deliveries)
    assert [file.file for file in register.documents[-1].files] == ["second.pdf"]


def test_nothing_delivered_changes_nothing(tmp_path: Path) -> None:
    register = registered(tmp_path)
    assert register.with_delivered(Store(tmp_path / "store"), []) == register


def test_damaged_bytes_of_a_delivered_file_are_named(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    register = registered(tmp_path).with_delivered(store, [deliver(store, b"new", "kept_offices")])
    store.path(sha256_of(b"new")).write_bytes(b"ne")
    (_, (document, file)) = register.files_with("kept_offices")
    problem = register.problem_of(document, file)
    assert problem
    assert f"new.pdf: its stored bytes have sha256 {sha256_of(b'ne')}; expected sha256 {sha256_of(b'new')}" in str(
        problem
    )


def test_a_sidecar_has_the_keys_of_an_entry_of_the_register() -> None:
    entry = yaml.safe_load(REGISTER)["documents"][0]
    assert entry.keys() - {"sha256", "files"} <= set(Sidecar.model_fields)
