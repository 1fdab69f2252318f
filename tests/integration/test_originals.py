"""The shipped extracts are the originals: read whole, the documents give the very same rows."""

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal

from sources.pages import read_lines
from sources.registry import SHIPPED_REGISTER, Document, DocumentFile, Register, Store, load_register, sha256_of
from sources.tables import DOCUMENT_TABLES, FileReading, read_table, refusals_frame, rows_frame

FILES = {
    "af-letter-2019-02-28": "af_brev_forandring_2019-02-28.txt",
    "af-news-2020-06-15": "af_nyhet_lokal_narvaro_2020-06-15.txt",
    "skr-news-2020-06-16": "skr_nyhet_lokal_narvaro_2020-06-16.txt",
    "af-final-report-2020-10-23": "af_slutredovisning_lokal_narvaro_2020-10-23.txt",
    "af-analysis-2021-05-20": "af_perspektiv_lokal_narvaro_2021-05-20.txt",
}
# The report's text begins on page 5.
FIRST_PAGES = {"af-final-report-2020-10-23": 5}
# The news names the five offices in a sentence: their table is a transcription, not an extract.
TRANSCRIBED = "restaffed_offices"

SHIPPED = load_register(SHIPPED_REGISTER, list(DOCUMENT_TABLES))
EXTRACTS = [
    (document, file) for document in SHIPPED.documents for file in document.files if TRANSCRIBED not in file.tables
]


@pytest.fixture(scope="module")
def whole_documents(originals: Path, tmp_path_factory: pytest.TempPathFactory) -> Register:
    """A folder of documents with a register of its own, in which the originals stand for their extracts."""
    folder = tmp_path_factory.mktemp("documents")
    entries = []
    for document in SHIPPED.documents:
        entry = document.model_dump(exclude={"files"}) | {"files": []}
        shutil.copyfile(originals / FILES[document.id], folder / FILES[document.id])
        tables = [table for file in document.files for table in file.tables]
        for file in document.files:
            if TRANSCRIBED in file.tables:
                (folder / file.file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(SHIPPED_REGISTER / file.file, folder / file.file)
                entry["files"].append(file.model_dump(mode="json"))
                tables.remove(TRANSCRIBED)
        if tables:
            whole = {"file": FILES[document.id], "tables": tables, "first_line": 1}
            entry["files"].append(whole | {"first_page": FIRST_PAGES.get(document.id)})
        entries.append(entry)
    (folder / "documents.yml").write_text(yaml.safe_dump({"documents": entries}, allow_unicode=True), "utf-8")
    register = load_register(folder, list(DOCUMENT_TABLES))
    assert register.problems == ()
    return register


@pytest.fixture(scope="module")
def readings(whole_documents: Register, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[FileReading]]:
    """Every table as read from the whole documents."""
    store = Store(tmp_path_factory.mktemp("store"))
    return {table: read_table(whole_documents, store, table) for table in DOCUMENT_TABLES}


@pytest.fixture(scope="module")
def shipped_rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The rows of every table as read from the shipped extracts."""
    store = Store(tmp_path_factory.mktemp("store"))
    return {table: rows_frame(table, read_table(SHIPPED, store, table)) for table in DOCUMENT_TABLES}


@pytest.mark.parametrize("table", list(DOCUMENT_TABLES))
def test_a_whole_document_gives_the_rows_of_the_extract(
    readings: dict[str, list[FileReading]], shipped_rows: dict[str, pl.DataFrame], table: str
) -> None:
    rows = rows_frame(table, readings[table])
    assert rows.height > 0
    assert_frame_equal(rows, shipped_rows[table])


@pytest.mark.parametrize("table", list(DOCUMENT_TABLES))
def test_nothing_of_a_whole_document_is_refused_or_unaccounted(
    readings: dict[str, list[FileReading]], table: str
) -> None:
    assert refusals_frame(table, readings[table]).height == 0
    assert [each.reading.unaccounted() for each in readings[table] if each.reading] == [[]]


def test_every_registered_document_has_an_original() -> None:
    assert [document.id for document in SHIPPED.documents] == list(FILES)


@pytest.mark.parametrize("document", SHIPPED.documents, ids=[each.id for each in SHIPPED.documents])
def test_the_register_has_the_checksum_of_the_original(originals: Path, document: Document) -> None:
    assert document.sha256 == sha256_of((originals / FILES[document.id]).read_bytes())


@pytest.mark.parametrize(("document", "file"), EXTRACTS, ids=[file.file for _, file in EXTRACTS])
def test_an_extract_has_the_lines_of_the_original_at_their_place(
    originals: Path, document: Document, file: DocumentFile
) -> None:
    whole = read_lines((originals / FILES[document.id]).read_bytes(), "whole", FIRST_PAGES.get(document.id))
    extract = read_lines(SHIPPED.content(document, file), file.file, file.first_page, file.first_line)
    at = file.first_line - 1
    differing = [
        (line, original)
        for line, original in zip(extract, whole[at : at + len(extract)], strict=True)
        # A line of prose that was left out is empty; it keeps its number and its page.
        if line not in (original, replace(original, text=""))
    ]
    assert differing == []


def test_the_transcribed_offices_are_named_on_their_line_of_the_news(
    originals: Path, shipped_rows: dict[str, pl.DataFrame]
) -> None:
    news = read_lines((originals / FILES["af-news-2020-06-15"]).read_bytes(), "news")
    rows = shipped_rows[TRANSCRIBED]
    assert rows.height == 5
    for place, number in rows.select("Ort", "line_from").iter_rows():
        assert place in news[number - 1].text
