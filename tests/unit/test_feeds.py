"""A file is recognised by its content, whatever its name; one without a layout is refused with what was found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.feed_quarantine import split_feed
from sources.feeds import LAYOUTS, read, recognise
from sources.personal_data import PersonalData
from sources.problems import UnreadableFile
from sources.registration_statistics.normalise import normalised
from tests.feeds import mstatkommun, plain
from tests.feeds.workbooks import Cell, write_af_competitiveness, write_af_timeseries

NUMBER = "19121212-1212"
LULEA = ("2021-01", "Norrbottens län", "Luleå")
TIMESERIES: dict[str, list[list[Cell]]] = {
    "Total": [[*LULEA, 1234, 700, 400, "<5"], ["2021-01", "Norrbottens län", None, "<5", 0, 0, 0]],
    "Kön": [[*LULEA, "Kvinnor", 600, 1, 1, 1], [*LULEA, "Män", 634, 1, 1, 1]],
    "Ålder": [[*LULEA, "16-24", 100, 1, 1, 1]],
    "Utbildningsnivå": [[*LULEA, "Gymnasial", 200, 1, 1, 1]],
    "Födelseland": [[*LULEA, "Europa", 300, 1, 1, 1], [*LULEA, "Övriga länder", 300, 1, 1, 1]],
}
COMPETITIVENESS: list[list[Cell]] = [
    ["2021-01", sex, "Norrbottens län", "Luleå", *["Ja"] * 3, everyone, weaker]
    for sex, everyone, weaker in (("Kvinna", 100, "<5"), ("Man", 100, "<5"), ("Man", "<5", 7))
]
CONTACTS = "contact_id,occurred_at,municipality_code,office,group,channel\n1,2020-01-01,2580,Luleå,all,phone\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stored"


FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "Manadsstatistik.xls": (mstatkommun.write, "mstatkommun"),
    "Manadsstatistik.csv": (mstatkommun.write, "mstatkommun"),
    "a.csv": (plain.write_text, "registrations"),
    "b.txt": (lambda path: plain.write_text(path, plain.as_text(delimiter=";"), "utf-8-sig"), "registrations"),
    "c.xlsx": (plain.write_workbook, "registrations"),
    "d.parquet": (plain.write_parquet, "registrations"),
    "web-inskrivna-2021-01.xlsx": (lambda path: write_af_timeseries(path, TIMESERIES), "af_timeseries"),
    "web-svag-2021-01.xlsx": (lambda path: write_af_competitiveness(path, COMPETITIVENESS), "af_competitiveness"),
    "contacts.csv": (lambda path: plain.write_text(path, CONTACTS), "contacts"),
    "without_ending": (lambda path: plain.write_text(path, CONTACTS), "contacts"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_layout_is_known_by_content(path: Path, name: str) -> None:
    write, layout = FILES[name]
    assert recognise(write(path), name) == layout


@pytest.mark.parametrize("name", [name for name, (_, layout) in FILES.items() if layout != "contacts"])
def test_the_reader_of_the_layout_reads_it(path: Path, name: str) -> None:
    write, layout = FILES[name]
    printed = read(write(path), name, layout)
    split = split_feed(normalised(printed.rows))
    assert (printed.layout, split.rows_quarantined) == (layout, 0)
    assert split.valid.height == printed.rows.height > 0


def refusal(path: Path, name: str = "x.csv") -> str:
    with pytest.raises(UnreadableFile) as refused:
        recognise(path, name)
    return str(refused.value)


def test_an_unknown_text_is_refused_with_the_headings_found_and_those_expected(path: Path) -> None:
    message = refusal(plain.write_text(path, "\nshoe;size;Månad\n1;2;3\n"))
    assert message.startswith("x.csv: the layout is not known: found “shoe”, “size”, “Månad”; expected ")
    for _, how in LAYOUTS.values():
        assert how in message


def test_an_unknown_workbook_is_refused_with_its_sheets_and_their_headings(path: Path) -> None:
    plain.write_workbook(path, {"Blad1": [("1", "2")], "Blad2": []}, headings=("shoe", "size"))
    message = refusal(path, "x.xlsx")
    assert "the layout is not known: sheet “Blad1” has “shoe”, “size”; sheet “Blad2” has “shoe”, “size”; " in message


def test_an_unknown_parquet_file_is_refused_with_its_columns(path: Path) -> None:
    plain.write_parquet(path, [("1", "2")], ("shoe", "size"))
    assert "the layout is not known: found “shoe”, “size”; " in refusal(path, "x.parquet")


def test_a_file_of_many_headings_is_told_in_a_few(path: Path) -> None:
    message = refusal(plain.write_text(path, ",".join(f"heading {'x' * 500} {at}" for at in range(100))))
    assert "“heading xxx" in message
    assert "88 more" in message
    assert len(message) < 2000


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    message = refusal(path)
    assert message.startswith("x.csv: the file is empty" if not content else "x.csv: the layout is not known")


def test_a_web_page_that_is_named_a_workbook_is_called_a_web_page(path: Path) -> None:
    plain.write_text(path, "<html><body><table></table></body></html>")
    assert refusal(path, "x.xlsx").startswith("x.xlsx: the file is a web page (HTML) with another name")


def test_a_truncated_workbook_is_refused(path: Path) -> None:
    content = plain.write_workbook(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert refusal(path, "x.xlsx").startswith("x.xlsx: the workbook is truncated or damaged")


def test_bytes_without_sense_are_refused(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 10)
    assert refusal(path).startswith("x.csv: the layout is not known: ")


@pytest.mark.parametrize("text", [f"shoe,size\n1,{NUMBER}\n", f"shoe,{NUMBER}\n"])
def test_an_unknown_text_with_a_personal_identity_number_is_personal_data(path: Path, text: str) -> None:
    with pytest.raises(PersonalData) as refused:
        recognise(plain.write_text(path, text), "x.csv")
    assert "1212" not in str(refused.value)


def test_an_unknown_workbook_with_a_personal_identity_number_is_personal_data(path: Path) -> None:
    plain.write_workbook(path, {"Blad1": [("1", NUMBER)]}, headings=("shoe", "size"))
    with pytest.raises(PersonalData):
        recognise(path, "x.xlsx")


@pytest.mark.parametrize(
    ("layout", "text", "encoding"),
    [
        ("registrations", f"Månad,Kommun,Antal\n2020-01,Luleå,{NUMBER}\n", "latin-1"),
        ("registrations", f"Månad,Kommun,Antall\n2020-01,Luleå,{NUMBER}\n", "utf-8"),
        ("mstatkommun", mstatkommun.text().replace("Kiruna;1234", f"{NUMBER};1"), "latin-1"),
    ],
)
def test_a_file_refused_for_something_else_with_a_personal_identity_number_is_personal_data(
    path: Path, layout: str, text: str, encoding: str
) -> None:
    plain.write_text(path, text, encoding)
    assert recognise(path, "x.csv") == layout
    with pytest.raises(PersonalData) as refused:
        read(path, "x.csv", layout)
    assert "1212" not in str(refused.value)


def test_a_file_refused_for_something_else_without_one_keeps_its_reason(path: Path) -> None:
    plain.write_text(path, "Månad,Kommun,Antal\n2020-01,Luleå,7\n", "latin-1")
    with pytest.raises(UnreadableFile, match="byte 0xE5 is not UTF-8"):
        read(path, "x.csv", "registrations")


def test_a_personal_identity_number_in_the_name_of_a_file_is_never_repeated(path: Path) -> None:
    plain.write_text(path, "Månad,Kommun,Antall\n2020-01,Luleå,7\n")
    with pytest.raises(UnreadableFile, match=r"^lista \*{6}-\*{4}\.csv, line 1: the columns have changed"):
        read(path, f"lista {NUMBER}.csv", "registrations")
    assert refusal(plain.write_text(path, "shoe\n"), f"{NUMBER}.csv").startswith("******-****.csv: ")
