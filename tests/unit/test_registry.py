"""The register of documents: what is wrong with an entry is named with its line, and the other documents stay."""

from pathlib import Path

import pytest

from sources.problems import RegisterError, UnreadableFile
from sources.registry import Register, load_register, sha256_of

TABLES = ("kept_offices", "closing_offices")
CONTENT = b"Bilaga 4\n"
GOOD = f"""\
documents:
  - id: report
    title: Slutredovisning
    publisher: Arbetsförmedlingen
    dnr: Af-2020/0000 3708
    published: 2020-10-23
    as_of: 2020-10-15
    language: sv
    sha256: {sha256_of(CONTENT)}
    files:
      - file: bilaga_4.txt
        first_page: 51
        first_line: 3523
        tables: [kept_offices]
"""


def entry(**fields: str) -> str:
    """One more entry of the register, on lines 15 and following, with these fields instead of good ones."""
    good = {
        "id": "letter",
        "title": "Brev",
        "publisher": "Arbetsförmedlingen",
        "published": "2019-02-28",
        "as_of": "2019-02-28",
        "language": "sv",
        "sha256": "a" * 64,
    }
    lines = [f"{name}: {value}" for name, value in (good | fields).items() if value != "-"]
    return "  - " + "\n    ".join(lines) + "\n"


def register(folder: Path, text: str) -> Register:
    (folder / "documents.yml").write_text(text, "utf-8")
    return load_register(folder, TABLES)


def ids(found: Register) -> list[str]:
    return [document.id for document in found.documents]


def messages(found: Register) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_a_good_register_has_no_problems(tmp_path: Path) -> None:
    found = register(tmp_path, GOOD + entry())
    assert (ids(found), messages(found)) == (["report", "letter"], [])


def test_files_with_a_table_come_in_the_order_of_publication(tmp_path: Path) -> None:
    later = entry(files="[{file: a.txt, tables: [kept_offices]}]")
    found = register(tmp_path, GOOD + later)
    assert [(document.id, file.file) for document, file in found.files_with("kept_offices")] == [
        ("letter", "a.txt"),
        ("report", "bilaga_4.txt"),
    ]
    assert list(found.files_with("closing_offices")) == []


def test_files_of_a_document_come_as_printed_however_they_are_listed(tmp_path: Path) -> None:
    listed = [("c.txt", 300), ("b.txt", 20), ("a.txt", 300)]
    files = ", ".join(f"{{file: {name}, first_line: {line}, tables: [kept_offices]}}" for name, line in listed)
    found = register(tmp_path, "documents:\n" + entry(files=f"[{files}]"))
    assert [file.file for _, file in found.files_with("kept_offices")] == ["b.txt", "a.txt", "c.txt"]


def test_a_file_is_the_registered_one(tmp_path: Path) -> None:
    (tmp_path / "bilaga_4.txt").write_bytes(CONTENT)
    found = register(tmp_path, GOOD)
    ((document, file),) = found.files_with("kept_offices")
    assert found.content(document, file) == CONTENT


def test_a_file_has_its_own_checksum_if_one_is_registered(tmp_path: Path) -> None:
    (tmp_path / "bilaga_4.txt").write_bytes(b"extract")
    found = register(tmp_path, GOOD + f"        sha256: {sha256_of(b'extract')}\n")
    ((document, file),) = found.files_with("kept_offices")
    assert found.content(document, file) == b"extract"


def test_another_file_under_the_registered_name_is_refused_with_both_checksums(tmp_path: Path) -> None:
    (tmp_path / "bilaga_4.txt").write_bytes(b"changed")
    found = register(tmp_path, GOOD)
    ((document, file),) = found.files_with("kept_offices")
    with pytest.raises(UnreadableFile) as caught:
        found.content(document, file)
    assert str(caught.value) == (
        f"bilaga_4.txt: the file of document report has sha256 {sha256_of(b'changed')}; expected sha256 "
        f"{sha256_of(CONTENT)}, as documents.yml says; bring back the registered file, or register the new one"
    )


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "bilaga_4.txt").write_bytes(b"")
    found = register(tmp_path, GOOD)
    ((document, file),) = found.files_with("kept_offices")
    with pytest.raises(UnreadableFile, match=r"\(the file is empty\); expected sha256"):
        found.content(document, file)


def test_a_missing_file_is_named_with_its_document_and_folder(tmp_path: Path) -> None:
    found = register(tmp_path, GOOD)
    ((document, file),) = found.files_with("kept_offices")
    with pytest.raises(UnreadableFile) as caught:
        found.content(document, file)
    assert str(caught.value) == (
        "bilaga_4.txt: the file of document report is missing or cannot be opened (No such file or directory); "
        f"expected a file in {tmp_path}; put the file there, or take it out of documents.yml"
    )


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "bilaga_4.txt").mkdir()
    found = register(tmp_path, GOOD)
    ((document, file),) = found.files_with("kept_offices")
    with pytest.raises(UnreadableFile, match=r"^bilaga_4\.txt: .*cannot be opened \(Is a directory\)"):
        found.content(document, file)


def test_an_unknown_table_is_named_with_its_line(tmp_path: Path) -> None:
    found = register(tmp_path, GOOD + entry(files="[{file: a.txt, tables: [kept_offices,\n      kept_ofices]}]"))
    (message,) = messages(found)
    assert message == (
        "documents.yml, line 23: unknown table “kept_ofices”; expected one of kept_offices, closing_offices; "
        "correct the entry"
    )


def test_an_unknown_table_is_left_out_and_the_known_ones_are_kept(tmp_path: Path) -> None:
    found = register(tmp_path, GOOD + entry(files="[{file: a.txt, tables: [kept_ofices, closing_offices]}]"))
    assert ids(found) == ["report", "letter"]
    assert [(document.id, file.tables) for document, file in found.files_with("closing_offices")] == [
        ("letter", ("closing_offices",))
    ]


@pytest.mark.parametrize("field", ["id", "title", "publisher", "published", "as_of", "language", "sha256"])
def test_a_missing_field_is_named_with_the_line_of_its_entry(tmp_path: Path, field: str) -> None:
    found = register(tmp_path, GOOD + entry(**{field: "-"}))
    (message,) = messages(found)
    told = f"documents.yml, line 15: a document has no “{field}”; expected Field required; correct the entry"
    assert message == told
    assert ids(found) == ["report"]


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("id", "Brev 1", 15),
        ("published", "i februari", 18),
        ("sha256", "abc", 21),
        ("files", "bilaga.txt", 22),
        ("publicerad", "i februari", 22),
    ],
)
def test_a_field_of_the_wrong_form_is_named_with_its_line(tmp_path: Path, field: str, value: str, line: int) -> None:
    found = register(tmp_path, GOOD + entry(**{field: value}))
    (message,) = messages(found)
    assert message.startswith(f"documents.yml, line {line}: “{field}” of a document is '{value}'; expected ")
    assert "Value error" not in message
    assert ids(found) == ["report"]


def test_a_day_that_is_in_no_calendar_is_named_with_its_line(tmp_path: Path) -> None:
    found = register(tmp_path, GOOD + entry(published="2019-13-01"))
    (message,) = messages(found)
    assert message.startswith("documents.yml, line 18: ")
    assert ids(found) == ["report"]


def test_a_value_that_yaml_cannot_make_is_named_with_its_line(tmp_path: Path) -> None:
    found = register(tmp_path, GOOD + entry(title="!unknown Brev"))
    (message,) = messages(found)
    assert message.startswith("documents.yml, line 16: ")
    assert ids(found) == ["report"]


def test_every_fault_of_an_entry_is_named(tmp_path: Path) -> None:
    found = register(tmp_path, GOOD + entry(title="-", sha256="abc"))
    assert len(messages(found)) == 2


def test_an_id_that_is_registered_twice_keeps_the_first(tmp_path: Path) -> None:
    found = register(tmp_path, GOOD + entry(id="report") + entry())
    assert messages(found) == [
        "documents.yml, line 15: document report is registered twice; expected one entry for each id; correct the entry"
    ]
    assert [(document.id, document.title) for document in found.documents] == [
        ("report", "Slutredovisning"),
        ("letter", "Brev"),
    ]


@pytest.mark.parametrize(
    ("text", "line"), [("documents: [", 1), ("documents:\n  - id: a\n   title: b\n", 3), ("a: 'b", 1), ("\t", 1)]
)
def test_a_register_that_is_no_yaml_is_named_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(RegisterError) as caught:
        register(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'documents.yml'}, line {line}: no YAML: ")


def test_a_register_with_a_control_character_is_no_yaml(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"documents\.yml.*: no YAML"):
        register(tmp_path, GOOD.replace("Slut", "\x00Slut"))


@pytest.mark.parametrize("text", ["", "# nothing\n", "document: []\n", "documents:\n", "documents: {}\n", "- id: a\n"])
def test_a_register_without_a_list_of_documents_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(RegisterError, match=r"line 1: no documents are listed; expected a list under “documents:”"):
        register(tmp_path, text)


def test_a_missing_register_is_named_with_its_folder(tmp_path: Path) -> None:
    with pytest.raises(RegisterError) as caught:
        load_register(tmp_path, TABLES)
    assert str(caught.value) == (
        f"{tmp_path / 'documents.yml'}: there is no register of documents; expected a file documents.yml in the folder"
    )


def test_a_register_in_latin_1_is_named(tmp_path: Path) -> None:
    (tmp_path / "documents.yml").write_bytes(GOOD.encode("latin-1"))
    with pytest.raises(RegisterError, match="the register is not UTF-8; expected UTF-8 text"):
        load_register(tmp_path, TABLES)


def test_an_entry_that_is_no_mapping_harms_only_itself(tmp_path: Path) -> None:
    found = register(tmp_path, GOOD + "  - letter\n" + entry())
    assert len(messages(found)) == 1
    assert messages(found)[0].startswith("documents.yml, line 15: ")
    assert ids(found) == ["report", "letter"]
