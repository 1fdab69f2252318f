"""What is shipped is what the originals say: they give the rows of the extracts, and hold what was transcribed."""

import re
import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal

from sources.decision_appendices import network_totals
from sources.pages import Line, read_lines
from sources.printed_numbers import printed_numbers
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
# Transcriptions were carried over from sentences, by hand: their rows stand in the originals, but no reader finds them.
TRANSCRIPTION = ".csv"

SHIPPED = load_register(SHIPPED_REGISTER, list(DOCUMENT_TABLES))
EXTRACTS = [
    (document, file)
    for document in SHIPPED.documents
    for file in document.files
    if not file.file.endswith(TRANSCRIPTION)
]
EXTRACTED = sorted({table for _, file in EXTRACTS for table in file.tables})
TRANSCRIBED = sorted(set(DOCUMENT_TABLES) - set(EXTRACTED))
PLACE = ("document_id", "line_from", "page")
SHOWN = {"stated_figures": "printed", "stated_places": "place", "restaffed_offices": "Ort"}
"""The cell of a transcription that holds the document's own words."""


def stands_in(shown: str, text: str, columns: Collection[float] = ()) -> bool:
    """Whether the words stand in the text whole: `6` does not stand in `126`, nor `500` in `4 500`.

    In a row of a table, `238 106` is not one number but the two of its columns.
    """
    whole = rf"(?<!\w){re.escape(shown)}(?!\w)"
    return bool(re.search(whole, text)) and set(printed_numbers(shown)) <= {*printed_numbers(text), *columns}


@pytest.fixture(scope="module")
def whole_documents(originals: Path, tmp_path_factory: pytest.TempPathFactory) -> Register:
    """A folder of documents with a register of its own, in which the originals stand for their extracts."""
    folder = tmp_path_factory.mktemp("documents")
    entries = []
    for document in SHIPPED.documents:
        entry = document.model_dump(exclude={"files"}) | {"files": []}
        shutil.copyfile(originals / FILES[document.id], folder / FILES[document.id])
        tables = [table for of, file in EXTRACTS if of.id == document.id for table in file.tables]
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
    return {table: read_table(whole_documents, store, table) for table in EXTRACTED}


@pytest.fixture(scope="module")
def shipped_rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The rows of every table as read from the shipped extracts."""
    store = Store(tmp_path_factory.mktemp("store"))
    return {table: rows_frame(table, read_table(SHIPPED, store, table)) for table in DOCUMENT_TABLES}


@pytest.mark.parametrize("table", EXTRACTED)
def test_a_whole_document_gives_the_rows_of_the_extract(
    readings: dict[str, list[FileReading]], shipped_rows: dict[str, pl.DataFrame], table: str
) -> None:
    rows = rows_frame(table, readings[table])
    assert rows.height > 0
    assert_frame_equal(rows, shipped_rows[table])


@pytest.mark.parametrize("table", EXTRACTED)
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


@pytest.fixture(scope="module")
def printed_lines(originals: Path) -> dict[tuple[str, int], Line]:
    """Every line of the originals, by document and number."""
    return {
        (document_id, line.number): line
        for document_id, name in FILES.items()
        for line in read_lines((originals / name).read_bytes(), name, FIRST_PAGES.get(document_id))
    }


@pytest.mark.parametrize("table", TRANSCRIBED)
def test_a_transcribed_row_stands_on_a_printed_line_of_the_page_that_it_names(
    printed_lines: dict[tuple[str, int], Line], shipped_rows: dict[str, pl.DataFrame], table: str
) -> None:
    rows = shipped_rows[table]
    assert rows.height > 0
    elsewhere = []
    for row_id, document_id, number, page in rows.select("source_row_id", *PLACE).iter_rows():
        line = printed_lines.get((document_id, number))
        if line is None or line.is_blank or line.is_page_header or line.page != page:
            elsewhere.append((row_id, page, line))
    assert elsewhere == []


@pytest.mark.parametrize(("table", "cell"), SHOWN.items())
def test_a_carried_over_number_or_place_stands_on_its_line(
    printed_lines: dict[tuple[str, int], Line], shipped_rows: dict[str, pl.DataFrame], table: str, cell: str
) -> None:
    columns = {
        (row["document_id"], row["line_to"]): [
            float(row[name]) for name in network_totals.COLUMNS if row[name].isdigit()
        ]
        for row in shipped_rows["network_totals"].iter_rows(named=True)
    }
    missing = [
        (row_id, shown)
        for row_id, document_id, number, shown in shipped_rows[table]
        .select("source_row_id", "document_id", "line_from", cell)
        .iter_rows()
        if not stands_in(shown, printed_lines[document_id, number].text, columns.get((document_id, number), ()))
    ]
    assert missing == []


@pytest.mark.parametrize("table", ["criteria", "principles"])
def test_a_criterion_or_principle_begins_at_a_bullet(
    printed_lines: dict[tuple[str, int], Line], shipped_rows: dict[str, pl.DataFrame], table: str
) -> None:
    places = shipped_rows[table].select("document_id", "line_from").iter_rows()
    texts = [printed_lines[place].text.strip() for place in places]
    assert [text for text in texts if not text.startswith(("¶", "●", "-"))] == []


@pytest.mark.parametrize(
    ("shown", "text", "found"),
    [
        ("6", "På 6 orter", True),
        ("6", "På 126 orter", False),
        ("6", "På 6,5 orter", False),
        ("500", "4 500 medarbetare", False),
        ("4 500", "4 500 medarbetare", True),
        ("54", "-54%", True),
        ("112", "sedan 2019 112 kontor", True),
        ("20 – 25", "cirka 20 – 25 procent", True),
        ("tre", "I tretton kommuner", False),
        ("Sex", "På sex orter", False),
        ("Lund", "Stockholm, Göteborg och Lund.", True),
        ("Lund", "Lunda", False),
    ],
)
def test_a_part_of_a_number_or_word_does_not_stand_in_a_line(shown: str, text: str, found: bool) -> None:
    assert stands_in(shown, text) == found


def test_the_columns_of_a_table_are_numbers_of_their_own() -> None:
    assert not stands_in("106", "totalt 238 106 112")
    assert stands_in("106", "totalt 238 106 112", [238, 106, 112])
    assert not stands_in("107", "totalt 238 106 112", [238, 106, 112, 107])
