"""Tables are read from every registered file that holds them; a bad file harms only itself."""

from pathlib import Path

import polars as pl
import pytest

from sources.pages import Line
from sources.registry import SHIPPED_REGISTER, Store, load_register, sha256_of
from sources.tables import DOCUMENT_TABLES, PROVENANCE, FileReading, read_table, refusals_frame, rows_frame

HEADING = "Län Region Kommun Arbetsförmedlingskontor Form av kontor"
KIRUNA = "Norrbottens län Nord Kiruna Af Kiruna Fast bemannat kontor"
KALIX = "Norrbottens län Nord Kalix Af Kalix Fast bemannat kontor"
NO_FORM = "Norrbottens län Nord Pajala Af Pajala"
GOLDEN = Path(__file__).parents[1] / "golden" / "source_rows_by_table.csv"
"""How many rows each document gives for each table, as the night publishes them."""


def readings(folder: Path, *files: bytes, registered: bytes | None = None) -> list[FileReading]:
    """The kept offices of as many documents as files, published year by year; `registered`: in place of the last."""
    entries = []
    for number, content in enumerate(files):
        (folder / f"{number}.txt").write_bytes(content)
        stated = registered if registered is not None and number == len(files) - 1 else content
        entries.append(
            f"  - {{id: d{number}, title: T, publisher: P, published: 20{20 - number}-01-01, as_of: 2020-01-01,"
            f" language: sv, sha256: '{sha256_of(stated)}', files: [{{file: {number}.txt, first_page: 7,"
            f" first_line: 100, tables: [kept_offices]}}]}}\n"
        )
    (folder / "documents.yml").write_text("documents:\n" + "".join(entries), "utf-8")
    register = load_register(folder, list(DOCUMENT_TABLES))
    assert register.problems == ()
    return read_table(register, Store(folder / "store"), "kept_offices")


def appendix(*lines: str) -> bytes:
    return "\n".join((HEADING, *lines, "")).encode()


@pytest.fixture(scope="module")
def shipped_frames(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    register = load_register(SHIPPED_REGISTER, list(DOCUMENT_TABLES))
    store = Store(tmp_path_factory.mktemp("store"))
    return {name: rows_frame(name, read_table(register, store, name)) for name in DOCUMENT_TABLES}


def test_every_shipped_row_is_read(shipped_frames: dict[str, pl.DataFrame]) -> None:
    read = {
        (document, name): len(rows)
        for name, frame in shipped_frames.items()
        for (document,), rows in frame.group_by("document_id")
    }
    assert read == {(document, name): rows for document, name, rows, *_ in pl.read_csv(GOLDEN).iter_rows()}


@pytest.mark.parametrize("name", list(DOCUMENT_TABLES))
def test_a_frame_has_the_publishers_columns_as_text_and_then_the_provenance(
    shipped_frames: dict[str, pl.DataFrame], name: str
) -> None:
    cells = dict.fromkeys(DOCUMENT_TABLES[name].columns, pl.String)
    assert shipped_frames[name].schema == pl.Schema({**cells, **PROVENANCE})


def test_ids_are_unique_over_all_shipped_tables(shipped_frames: dict[str, pl.DataFrame]) -> None:
    ids = [row_id for frame in shipped_frames.values() for row_id in frame["source_row_id"]]
    assert len(set(ids)) == len(ids) == pl.read_csv(GOLDEN)["source_rows"].sum()


def test_an_id_names_document_table_and_first_line(shipped_frames: dict[str, pl.DataFrame]) -> None:
    assert shipped_frames["closing_offices"]["source_row_id"][0] == "af-final-report-2020-10-23:closing_offices:3899"


def test_rows_that_begin_on_the_same_line_are_numbered(shipped_frames: dict[str, pl.DataFrame]) -> None:
    assert [each.rpartition(":")[2] for each in shipped_frames["competitiveness"]["source_row_id"][:3]] == [
        "325.1",
        "325.2",
        "326.1",
    ]


def test_raw_text_is_the_very_lines(tmp_path: Path) -> None:
    frame = rows_frame("kept_offices", readings(tmp_path, appendix(f"{KIRUNA[:37]}  ", "", KIRUNA[38:])))
    assert frame.select(*PROVENANCE).row(0) == (
        "d0:kept_offices:101",
        "d0",
        7,
        101,
        103,
        f"{KIRUNA[:37]}  \n{KIRUNA[38:]}",
        None,
    )


def test_a_row_over_two_pages_has_the_page_on_which_it_begins(tmp_path: Path) -> None:
    frame = rows_frame("kept_offices", readings(tmp_path, appendix(KIRUNA[:37], f" {KIRUNA[38:]}", KALIX)))
    assert frame["page"].to_list() == [7, 8]


def test_refused_rows_keep_rule_reason_value_and_place(tmp_path: Path) -> None:
    frame = refusals_frame("kept_offices", readings(tmp_path, appendix(KIRUNA, NO_FORM, KALIX)))
    assert frame.row(0, named=True) == {
        "rule": "unreadable_row",
        "reason": "cell “Form av kontor” is missing or unknown: "
        "expected “Fast bemannat kontor” or “Kontor vi reser till”",
        "value": NO_FORM,
        "source_row_id": "d0:kept_offices:refused:102",
        "document_id": "d0",
        "page": 7,
        "line_from": 102,
        "line_to": 102,
        "raw_text": NO_FORM,
        "bounding_box": None,
    }


def test_the_oldest_document_comes_first(tmp_path: Path) -> None:
    found = readings(tmp_path, appendix(KIRUNA), appendix(KALIX))
    assert [each.document.id for each in found] == ["d1", "d0"]
    assert rows_frame("kept_offices", found)["Kommun"].to_list() == ["Kalix", "Kiruna"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "1.txt: the file is empty"),
        ("Län\nMalmö".encode("latin-1"), "1.txt, line 1, column 2: byte 0xE4 is not UTF-8"),
        (b"no table\n", "1.txt: the table's column headings are not in the file"),
    ],
)
def test_a_file_that_cannot_be_read_harms_only_itself(tmp_path: Path, content: bytes, message: str) -> None:
    bad, good = readings(tmp_path, appendix(KIRUNA), content)
    assert str(bad.problem).startswith(message)
    assert bad.reading is None
    assert good.problem is None
    assert rows_frame("kept_offices", [bad, good])["Kommun"].to_list() == ["Kiruna"]


def test_a_file_that_is_not_the_registered_one_is_neither_read_nor_stored(tmp_path: Path) -> None:
    bad, good = readings(tmp_path, appendix(KIRUNA), appendix(KALIX), registered=b"another")
    assert bad.problem is not None
    assert (bad.reading, bad.sha256, bad.received_on) == (None, None, None)
    assert [path.name for path in (tmp_path / "store").rglob("*") if path.is_file()] == [good.sha256]


def test_a_table_that_no_file_holds_is_an_empty_frame(tmp_path: Path) -> None:
    assert rows_frame("kept_offices", []).height == refusals_frame("kept_offices", []).height == 0
    assert list(rows_frame("kept_offices", []).schema) == [*DOCUMENT_TABLES["kept_offices"].columns, *PROVENANCE]


def test_lines_of_a_document_are_ordered_by_number() -> None:
    assert sorted([Line(10, "a"), Line(9, "b")])[0].number == 9
