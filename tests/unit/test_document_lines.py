"""The same rows come from text, PDF, workbook and csv; what is none of them is refused with a message.

The PDFs are typeset from the shipped rows (`tests/fixtures/typeset.py`); workbooks and csv files are made here.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.document_lines import MAX_CHARACTERS, MAX_LINES, lines_of
from sources.pages import SHEET_LINES, Line, read_lines
from sources.pdf_lines import MAX_PAGES
from sources.personal_data import PersonalData
from sources.problems import SourceError, TableDamaged, TableNotFound, UnreadableFile
from sources.registry import (
    SHIPPED_REGISTER,
    Delivered,
    DocumentFacts,
    Register,
    Store,
    load_register,
    sha256_of,
)
from sources.tables import DOCUMENT_TABLES, read_table, rows_frame, tables_in
from sources.text import fold
from sources.wrapped_tables import Row, TableReading
from tests.fixtures.typeset import CELL_HEADINGS, LONG_CELL, PAGE_BREAKS, cells_of, launches_of, rows_of, schedules

FIXTURES = Path(__file__).parents[1] / "fixtures"
PDF_OF = {
    "kept_offices": "appendices",
    "closing_offices": "appendices",
    "network_totals": "appendices",
    "service_centre_rollout": "rollout",
    "service_centre_notes": "rollout",
    "closed_despite_need": "analysis",
    "competitiveness": "analysis",
    "visit_rates": "analysis",
}
CAPTIONS = {
    "kept_offices": "Bilaga 4 – Sammanställning 112 orter med kvarstående kontor",
    "closing_offices": "Bilaga 5 – Sammanställning 126 orter som avvecklas",
    "closed_despite_need": "Tabell 1: Arbetsförmedlingens lokala närvaro på de orter där 27 kontor avvecklats",
    "competitiveness": "Tabell 2: Kommuner med lägst och högst andel",
    "visit_rates": "Tabell 3: Registrerade besök på kontor",
}
NUMBER = "850709-9805"  # a number that the tax agency gives as an example


def pdf(name: str) -> bytes:
    return (FIXTURES / f"{name}.pdf").read_bytes()


@cache
def lines_of_pdf(name: str) -> tuple[Line, ...]:
    return tuple(lines_of(pdf(name), f"{name}.pdf"))


def printed(table: str) -> list[list[str]]:
    """The rows of a file that holds the table alone, with its headings, captions and announcements."""
    if table in {"service_centre_rollout", "service_centre_notes"}:
        rows = [["Bilaga 3 – Provets införande av servicekontor"]]
        for number, month, pairs in schedules():
            places = f"på {launches_of(number)} orter" if launches_of(number) > 1 else "vid kontoret"
            rows.append([f"Införande {places} {month} framgår av tabell {number} nedan."])
            rows += [[*CELL_HEADINGS["service_centre_rollout"]], *pairs, [f"Tabell {number} Införande {month}"]]
        return rows
    above = [[CAPTIONS[table]], []] if table in CAPTIONS else []
    below = [["Tabell 1 Förändringar i Arbetsförmedlingens kontorsnät"]] if table == "network_totals" else []
    return [*above, [*CELL_HEADINGS[table]], *cells_of(table), *below]


def workbook(**sheets: Sequence[Sequence[str]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return content.getvalue()


def csv_file(rows: Sequence[Sequence[str]], delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def in_form(table: str, form: str) -> Sequence[Line]:
    """The lines of the table's file in one of the forms."""
    if form == "pdf":
        return lines_of_pdf(PDF_OF[table])
    if form == "xlsx":
        return lines_of(workbook(Blad1=printed(table)), "tabell.xlsx")
    return lines_of(csv_file(printed(table), form), "tabell.csv")


def reading(table: str, lines: Sequence[Line]) -> TableReading:
    return DOCUMENT_TABLES[table].read(lines, "file")


def cells(rows: Sequence[Row]) -> list[dict[str, str | None]]:
    return [row.cells for row in rows]


def refusal(content: bytes, file: str = "beslut.pdf") -> str:
    with pytest.raises(UnreadableFile) as caught:
        lines_of(content, file)
    return str(caught.value)


def a_pdf(*pages: bytes, trailer: bytes = b"", font: bytes = b"/Type1 /BaseFont /Helvetica") -> bytes:
    """A PDF of pages with these contents, as plain as can be."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype %s >>" % font,
    ]
    for at, page in enumerate(pages):
        resources = b"/MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >>"
        objects.append(b"<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R >>" % (resources, 5 + 2 * at))
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page))
    content, places = b"%PDF-1.4\n", []
    for at, each in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (at, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    return content + end % (size, table, size, trailer, len(content))


def a_line(text: bytes) -> bytes:
    return b"BT /F 10 Tf 100 500 Td %s Tj ET" % text


@pytest.mark.parametrize("form", ["pdf", "xlsx", ";", ","])
@pytest.mark.parametrize("table", PDF_OF)
def test_the_same_rows_come_from_every_form(table: str, form: str) -> None:
    found = reading(table, in_form(table, form))
    assert cells(found.rows) == cells(rows_of(table))
    assert found.refusals == ()


@pytest.mark.parametrize("form", ["pdf", "xlsx", ";", ","])
@pytest.mark.parametrize("table", PDF_OF)
def test_every_line_is_accounted_for_and_every_stated_number_is_right(table: str, form: str) -> None:
    found = reading(table, in_form(table, form))
    assert found.unaccounted() == []
    assert [stated.stated for stated in found.stated] == [stated.received for stated in found.stated]


@pytest.mark.parametrize("name", ["appendices", "rollout", "analysis"])
def test_the_tables_of_a_pdf_are_recognised(name: str) -> None:
    assert tables_in(lines_of_pdf(name), "file") == tuple(
        table for table in DOCUMENT_TABLES if PDF_OF.get(table) == name
    )


@pytest.mark.parametrize("form", ["xlsx", ";", ","])
@pytest.mark.parametrize("table", PDF_OF)
def test_the_table_of_a_file_is_recognised(table: str, form: str) -> None:
    both = {"service_centre_rollout", "service_centre_notes"}
    assert set(tables_in(in_form(table, form), "file")) == (both if table in both else {table})


def test_every_shipped_file_is_read_as_the_text_that_it_is_and_its_tables_are_recognised() -> None:
    register = load_register(SHIPPED_REGISTER, list(DOCUMENT_TABLES))
    for document in register.documents:
        for file in document.files:
            content = register.content(document, file)
            place = (file.file, file.first_page, file.first_line)
            assert lines_of(content, *place) == read_lines(content, *place)
            assert set(tables_in(read_lines(content, *place), file.file)) == set(file.tables)


# PDF: rows, pages and boxes


def test_a_row_is_one_line_whatever_its_wrapping() -> None:
    row = next(
        row for row in reading("closing_offices", lines_of_pdf("appendices")).rows if row.cells["Kommun"] == "Malå"
    )
    (line,) = row.lines
    assert line.text.split("\t")[-2:] == ["Samarbetslösning", "Ja (i egen lokal)"]


def test_a_row_over_a_page_break_is_one_row_where_it_begins() -> None:
    found = reading("closing_offices", lines_of_pdf("appendices"))
    row = next(row for row in found.rows if row.cells["Arbetsförmedlingskontor"] == "Af Hede")
    assert [(line.page, line.text.split("\t")[5]) for line in row.lines] == [
        (7, "Nej, inte på orten men i kommunen, i Sveg")
    ]


def lines_between(lines: Sequence[Line], above: str, below: str | None) -> list[list[str]]:
    """Cells of the rows between two lines of prose, without headings."""
    texts = [line.text for line in lines if not line.is_page_header]
    end = texts.index(below) if below else len(texts)
    rows = [text.split("\t") for text in texts[texts.index(above) : end] if "\t" in text]
    return rows[1:]


@pytest.mark.parametrize(("name", "following"), [*pairwise([*PAGE_BREAKS, "two rows"])])
def test_a_row_that_a_page_break_cuts_is_one_row_even_if_a_rule_is_printed_there(name: str, following: str) -> None:
    rows = lines_between(lines_of_pdf("page_breaks"), name, following)
    assert (len(rows), rows[2]) == (5, PAGE_BREAKS[name][2])


def test_rows_on_both_sides_of_a_page_break_are_two_rows() -> None:
    rows = lines_between(lines_of_pdf("page_breaks"), "two rows", "three pages")
    assert [row[2] for row in rows] == ["Kiruna"] * 3 + ["Eslöv"] * 3


def test_a_row_may_go_over_several_pages() -> None:
    rows = lines_between(lines_of_pdf("page_breaks"), "three pages", None)
    assert [row[4] for row in rows] == [LONG_CELL, "Kontor vi reser till"]
    assert {line.page for line in lines_of_pdf("page_breaks") if line.page and line.page > 10} == {11, 12, 13}


def test_headings_on_later_pages_headers_and_page_numbers_are_page_headers() -> None:
    headers = [line.text for line in lines_of_pdf("appendices") if line.is_page_header]
    assert headers.count("Ett beslut för prov Dnr PROV-2022/0001") == 14
    assert [text for text in headers if text.startswith("Sida")] == [f"Sida {page} (14)" for page in range(1, 15)]
    heading = "\t".join(CELL_HEADINGS["kept_offices"])
    assert headers.count(heading) == 4
    assert [line.text for line in lines_of_pdf("appendices")].count(heading) == 5


def test_prose_is_one_line_a_paragraph() -> None:
    prose = [line.text for line in lines_of_pdf("appendices") if line.is_prose and line.page == 1]
    assert (
        "Här står en mening för provets skull, så lång att den går över mer än en rad på sidan och delas där som ett"
        in (prose[2])
    )
    assert prose[2].endswith("delar den.")


@pytest.mark.parametrize(("name", "marks"), [("appendices", ""), ("rollout", ""), ("analysis", "121" + "38" * 2)])
def test_no_letter_of_a_pdf_is_lost_but_footnote_marks(name: str, marks: str) -> None:
    with pdfplumber.open(FIXTURES / f"{name}.pdf") as document:
        on_pages = Counter(fold("".join(char["text"] for page in document.pages for char in page.chars)))
    assert on_pages - Counter(fold("".join(line.text for line in lines_of_pdf(name)))) == Counter(marks)


def test_a_footnote_mark_is_no_part_of_a_heading() -> None:
    (heading,) = {line.text for line in lines_of_pdf("analysis") if line.text.startswith("FA-region")}
    assert heading.endswith("\tStatus lokal närvaro")


def test_pages_are_counted_from_the_first_page_of_the_original() -> None:
    pages = [line.page for line in lines_of(pdf("analysis"), "analysis.pdf", first_page=51)]
    assert sorted({page or 0 for page in pages}) == [51, 52, 53, 54]


def test_lines_are_numbered_one_by_one_from_the_first_line() -> None:
    numbers = [line.number for line in lines_of(pdf("analysis"), "analysis.pdf", first_line=100)]
    assert numbers == list(range(100, 100 + len(numbers)))


@pytest.mark.parametrize("name", ["appendices", "rollout", "analysis"])
def test_the_box_of_a_row_lies_on_its_page_and_around_its_words(name: str) -> None:
    whole = cut = 0
    with pdfplumber.open(FIXTURES / f"{name}.pdf") as document:
        for line in (line for line in lines_of_pdf(name) if "\t" in line.text):
            page = document.pages[(line.page or 0) - 1]
            x0, top, x1, bottom = line.bounding_box or (0, 0, 0, 0)
            assert 0 <= x0 < x1 <= page.width
            assert 0 <= top < bottom <= page.height
            found = sorted(fold(page.crop((x0, top, x1, bottom)).extract_text()))
            expected = sorted(fold(line.text))
            marks = len(found) - len(expected) if line.text.endswith("Status lokal närvaro") else 0
            if found == expected or marks == 2:
                whole += 1
            else:  # the rest of the row stands on the next page
                cut += 1
                assert set(found) <= set(expected)
    assert cut <= len(document.pages)
    assert whole > 20 * cut


def test_the_box_of_a_row_is_written_left_top_right_bottom(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(pdf("analysis"))
    facts = {
        "id": "d",
        "title": "T",
        "publisher": "P",
        "published": "2022-01-31",
        "as_of": "2022-01-31",
        "language": "sv",
    }
    delivered = Delivered(
        DocumentFacts.model_validate(facts), "analysis.pdf", sha256_of(pdf("analysis")), ("visit_rates",), first_page=7
    )
    register = Register(tmp_path, ()).with_delivered(store, [delivered])
    frame = rows_frame("visit_rates", read_table(register, store, "visit_rates"))
    assert frame["page"].to_list() == [9] * 7
    boxes = [[float(edge) for edge in box.split(" ")] for box in frame["bounding_box"]]
    assert all(re.fullmatch(r"\d+\.\d( \d+\.\d){3}", box) for box in frame["bounding_box"])
    assert [box[1] for box in boxes[1:]] == [box[3] for box in boxes[:-1]]


# PDF: what cannot be taken


def test_an_encrypted_pdf_is_refused() -> None:
    encryption = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >> /ID [(a) (a)]" % (
        b"o" * 32,
        b"u" * 32,
    )
    assert refusal(a_pdf(a_line(b"(Af Kiruna)"), trailer=encryption)) == (
        "beslut.pdf: the PDF is encrypted; expected a PDF that opens without a password; save it without the password"
    )


def test_a_scanned_pdf_is_refused_for_having_no_text() -> None:
    assert "beslut.pdf: the PDF has no text: its pages are pictures, as a scanner makes them" in refusal(
        a_pdf(b"", b"")
    )


def test_a_pdf_whose_letters_nobody_knows_is_refused() -> None:
    descendant = b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << >> >>]"
    font = b"/Type0 /BaseFont /A /Encoding /Identity-H " + descendant
    message = refusal(a_pdf(a_line(b"<00010002000300040005>"), font=font))
    assert "the fonts of the PDF do not say which letters they print" in message


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    message = refusal(a_pdf(*[a_line(b"(Af Kiruna)")] * (MAX_PAGES + 1)))
    assert f"the PDF has {MAX_PAGES + 1} pages; expected at most {MAX_PAGES}" in message


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_truncated_pdf_is_refused(share: float) -> None:
    content = pdf("analysis")
    assert refusal(content[: int(len(content) * share)]).startswith("beslut.pdf: the PDF is damaged")


def test_a_plain_pdf_without_a_table_is_read_and_holds_none() -> None:
    lines = lines_of(a_pdf(a_line(b"(Af Kiruna)")), "beslut.pdf")
    assert [line.text for line in lines] == ["Af Kiruna"]
    with pytest.raises(TableNotFound, match="no known table stands in the file"):
        tables_in(lines, "beslut.pdf")


@settings(max_examples=12, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.integers(0, 23_000), st.binary(min_size=1, max_size=40)), min_size=1, max_size=5))
def test_a_damaged_pdf_gives_lines_or_a_message(damages: list[tuple[int, bytes]]) -> None:
    content = pdf("analysis")
    for at, damage in damages:
        content = content[:at] + damage + content[at + len(damage) :]
    with suppress(SourceError):
        tables_in(lines_of(content, "beslut.pdf"), "beslut.pdf")


# Workbooks


def test_a_line_of_a_workbook_is_a_row_of_its_sheet() -> None:
    lines = lines_of(workbook(Plan=[["Bilaga 4 – Kontor"], [], ["Län", "Region"], ["a", "", "b"]]), "plan.xlsx")
    assert [(line.number, line.text) for line in lines if not line.is_blank] == [
        (1, "Bilaga 4 – Kontor"),
        (3, "Län\tRegion\t"),
        (4, "a\t\tb"),
    ]
    assert lines[-1].place("plan.xlsx") == "plan.xlsx, sheet Plan, row 4"


def test_rows_of_every_sheet_have_a_number_of_their_own() -> None:
    lines = lines_of(workbook(Plan=[["a", "b"]], Annat=[["c", "d"], ["e", "f"]]), "plan.xlsx")
    assert [line.number for line in lines] == [1, SHEET_LINES + 1, SHEET_LINES + 2]
    assert lines[-1].place("plan.xlsx") == "plan.xlsx, sheet Annat, row 2"


def test_tables_may_stand_on_sheets_of_their_own() -> None:
    tables = ["kept_offices", "closing_offices", "closed_despite_need"]
    lines = lines_of(workbook(**{table: printed(table) for table in tables}), "plan.xlsx")
    assert tables_in(lines, "plan.xlsx") == tuple(tables)
    for table in tables:
        assert cells(reading(table, lines).rows) == cells(rows_of(table))


def test_a_transcription_may_be_a_workbook() -> None:
    rows = [["Ort", "Förändring", "page", "line"], ["Arvidsjaur", "från „a, b“ till c", "", "16"]]
    lines = lines_of(workbook(Blad1=rows), "restaffed.xlsx")
    assert tables_in(lines, "restaffed.xlsx") == ("restaffed_offices",)
    assert reading("restaffed_offices", lines).rows[0].cells == {
        "Ort": "Arvidsjaur",
        "Förändring": "från „a, b“ till c",
    }


def test_a_cell_with_line_breaks_is_unwrapped() -> None:
    lines = lines_of(workbook(Blad1=[["Samarbets-\nlösning", "Ja (i egen\nlokal)"]]), "plan.xlsx")
    assert lines[0].text == "Samarbetslösning\tJa (i egen lokal)"


def test_an_empty_workbook_is_refused() -> None:
    assert refusal(workbook(Blad1=[]), "plan.xlsx") == (
        "plan.xlsx: no sheet of the workbook has a row; expected a sheet with a table"
    )


def test_a_truncated_workbook_is_refused() -> None:
    assert refusal(workbook(Blad1=printed("visit_rates"))[:2000], "plan.xlsx").startswith("plan.xlsx")


def test_a_workbook_of_a_zip_version_to_come_is_refused() -> None:
    content = workbook(Blad1=printed("visit_rates"))
    at = content.index(b"PK\1\2") + 6
    assert "zip file version 9.9" in refusal(content[:at] + bytes([99]) + content[at + 1 :], "plan.xlsx")


def test_a_workbook_with_a_part_whose_name_is_no_text_is_refused() -> None:
    content = workbook(Blad1=printed("visit_rates"))
    at = content.index(b"PK\1\2")
    spoiled = content[: at + 9] + b"\x08" + content[at + 10 : at + 46] + b"\xff" + content[at + 47 :]
    assert refusal(spoiled, "plan.xlsx").startswith("plan.xlsx: the workbook is truncated or damaged ('utf-8' codec")


def test_a_word_document_is_told_to_become_a_pdf() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "a Word document (docx)" in refusal(content.getvalue(), "beslut.docx")


def test_an_old_workbook_is_told_to_become_a_new_one() -> None:
    assert "the file is of an old Office version (xls, doc)" in refusal(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99, "a.xls"
    )


@pytest.mark.parametrize(
    "content", [b"a\n" * (MAX_LINES + 1), b"a" * (MAX_CHARACTERS + 1), b"a" * (2 * MAX_CHARACTERS + 1)]
)
def test_a_text_that_is_longer_than_any_document_is_refused(content: bytes) -> None:
    assert "deliver only the lines that hold the tables" in refusal(content, "plan.txt")


@pytest.mark.parametrize("start", ["<html>", "\ufeff \n<!DOCTYPE html>", "<TABLE>"])
def test_a_web_page_under_another_name_is_called_one(start: str) -> None:
    assert "the file is a web page (HTML), whatever its name" in refusal(f"{start}<p>Bilaga 4".encode(), "a.xls")


# Csv and text


def test_a_line_of_a_csv_file_is_the_line_on_which_its_record_begins() -> None:
    heading = ";".join(CELL_HEADINGS["visit_rates"])
    content = (
        f'\ufeffTabell 3: Registrerade besök på kontor\r\n\r\n{heading}\r\n"Samt-\r\nliga";24;11;-54%\r\nB;1;1;1\r\n'
    )
    lines = lines_of(content.encode(), "besok.csv", first_line=10)
    assert [(line.number, line.text) for line in lines] == [
        (10, "Tabell 3: Registrerade besök på kontor"),
        (11, ""),
        (12, "\tJanuari 2019\tJanuari 2020\tFörändring"),
        (13, "Samtliga\t24\t11\t-54%"),
        (15, "B\t1\t1\t1"),
    ]


def test_an_open_quotation_mark_is_named_with_the_line_of_its_record() -> None:
    heading = ";".join(CELL_HEADINGS["kept_offices"])
    message = refusal(f'{heading}\n"Skåne län;Syd;Lund;Af Lund;Fast bemannat kontor\n'.encode(), "plan.csv")
    assert message.startswith("plan.csv, line 2: the record that begins here is no csv")


def test_a_row_with_too_few_cells_is_refused_alone() -> None:
    rows = printed("visit_rates")
    found = reading("visit_rates", lines_of(csv_file([*rows[:4], ["Samtliga", "24"], *rows[4:]], ";"), "besok.csv"))
    assert (len(found.rows), [refused.reason for refused in found.refusals]) == (7, ["2 cells: expected 4"])


def test_headings_that_are_nearly_known_are_named_with_the_known_ones() -> None:
    content = "Län;Region;Kommuner;Arbetsförmedlingskontor;Form\nSkåne län;Syd;Lund;Af Lund;Fast bemannat kontor\n"
    lines = lines_of(content.encode(), "plan.csv")
    with pytest.raises(TableNotFound) as caught:
        tables_in(lines, "plan.csv")
    assert str(caught.value) == (
        "plan.csv: no known table: nearest to its headings is “Län;Region;Kommuner;Arbetsförmedlingskontor;Form” "
        "(plan.csv, line 1); expected “Län Region Kommun Arbetsförmedlingskontor Form av kontor”; name the columns so"
    )


def test_headings_without_a_row_are_no_table() -> None:
    with pytest.raises(TableNotFound, match="there is no row below the headings of kept_offices"):
        tables_in(read_lines(" ".join(CELL_HEADINGS["kept_offices"]).encode(), "plan.txt"), "plan.txt")


def test_a_damaged_table_is_not_taken_for_none() -> None:
    text = "Bilaga 4 – Kontor\n\nSkåne län Syd Lund Af Lund Fast bemannat kontor\n" + " ".join(
        CELL_HEADINGS["kept_offices"]
    )
    with pytest.raises(TableDamaged, match="a row stands above the first column headings"):
        tables_in(read_lines(text.encode(), "plan.txt"), "plan.txt")


# Personal identity numbers


@pytest.fixture(params=["txt", "csv", "xlsx", "pdf"])
def with_number(request: pytest.FixtureRequest) -> bytes:
    rows = [[*CELL_HEADINGS["kept_offices"]], ["Skåne län", "Syd", "Lund", f"Af Lund {NUMBER}", "Fast bemannat kontor"]]
    return {
        "txt": "\n".join(" ".join(row) for row in rows).encode(),
        "csv": csv_file(rows, ";"),
        "xlsx": workbook(Blad1=rows),
        "pdf": a_pdf(a_line(b"(Af Lund %s)" % NUMBER.encode())),
    }[request.param]


def test_a_personal_identity_number_refuses_the_document_and_is_not_repeated(with_number: bytes) -> None:
    with pytest.raises(PersonalData) as caught:
        lines_of(with_number, "plan")
    assert str(caught.value).startswith("plan")
    assert NUMBER not in str(caught.value)
    assert NUMBER[:6] not in str(caught.value)


def test_a_personal_identity_number_in_a_file_that_is_refused_anyway_is_found_first() -> None:
    with pytest.raises(PersonalData):
        lines_of(f"<html>{NUMBER}".encode("latin-1") + b"\xe5", "plan.html")
