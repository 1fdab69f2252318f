"""Plain tables of registrations are the same rows from csv, xlsx and parquet; what is wrong is refused by name."""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.feed_quarantine import split_feed
from sources.geography import municipalities
from sources.personal_data import PersonalData
from sources.problems import UnreadableFile
from sources.registration_statistics.normalise import normalised
from sources.registration_statistics.printed import PRINTED, Printed
from sources.registration_statistics.registrations import LONGEST_LINE, read, recognises
from tests.feeds.plain import HEADINGS, ROWS, as_text, write_parquet, write_text, write_workbook

NAME = "export"
NUMBER = "19121212-1212"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a [stored] file*"


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(path, NAME)
    return str(refused.value)


def cells(printed: Printed) -> list[tuple[str, ...]]:
    return printed.rows.select("period", "municipality", "category", "registered").rows()


WRITERS: dict[str, Callable[[Path], Path]] = {
    "csv with commas": write_text,
    "csv with semicolons": lambda path: write_text(path, as_text(delimiter=";")),
    "csv with tabs": lambda path: write_text(path, as_text(delimiter="\t")),
    "csv with a byte order mark": lambda path: write_text(path, encoding="utf-8-sig"),
    "csv with CRLF": lambda path: write_text(path, as_text(newline="\r\n")),
    "csv with blank lines": lambda path: write_text(path, "\n\n" + as_text().replace("\n", "\n\n,,,\n")),
    "xlsx": write_workbook,
    "xlsx with lines above": lambda path: write_workbook(path, lines_above=4),
    "parquet": write_parquet,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_the_rows_are_the_same_from_every_kind_of_file(path: Path, writer: str) -> None:
    WRITERS[writer](path)
    assert recognises(path)
    printed = read(path, NAME)
    assert (printed.layout, printed.notes) == ("registrations", ())
    assert dict(printed.rows.schema) == dict(PRINTED)
    assert cells(printed) == [*ROWS]
    assert printed.rows["dimension"].unique().to_list() == ["group"]
    split = split_feed(normalised(printed.rows))
    assert split.valid.select("area", "municipality_code", "visitor_group", "registered_max").rows() == [
        ("municipality", "2580", "all", 1234),
        ("municipality", "2580", "women", 4),
        ("municipality", "0114", "all", 1234),
        ("rest", None, "all", 7),
    ]


@pytest.mark.parametrize(
    ("writer", "numbers"),
    [
        (write_text, [2, 3, 4, 5]),
        (lambda path: write_workbook(path, lines_above=4), [6, 7, 8, 9]),
        (write_parquet, [1, 2, 3, 4]),
    ],
    ids=["csv", "xlsx", "parquet"],
)
def test_the_row_number_is_where_a_person_finds_the_row(
    path: Path, writer: Callable[[Path], Path], numbers: list[int]
) -> None:
    assert read(writer(path), NAME).rows["row_number"].to_list() == numbers


@pytest.mark.parametrize(
    "headings",
    [
        ("Månad", "Kommun", "Grupp", "Inskrivna"),
        ("PERIOD", "KOMMUN_BESKR", "group", "ARBETSLÖSA"),
        ("report_month", "kommunkod", "visitor_group", "antal"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_headings_may_be_english_or_swedish(path: Path, headings: tuple[str, ...], form: str) -> None:
    text = as_text(headings=headings)
    write_text(path, unicodedata.normalize("NFD", text) if form == "NFD" else text)
    assert recognises(path)
    assert cells(read(path, NAME)) == [*ROWS]


def test_columns_may_stand_in_any_order(path: Path) -> None:
    write_text(path, as_text([row[::-1] for row in ROWS], HEADINGS[::-1]))
    assert cells(read(path, NAME)) == [*ROWS]


def test_code_and_name_stand_together_and_must_fit(path: Path) -> None:
    headings = ("month", "kommunkod", "kommun", "länskod", "län", "registered")
    rows = [
        ("2020-01", "2580", "Luleå", "25", "Norrbottens län", "1"),
        ("2020-01", "2580", "Kiruna", "25", "", "2"),
        ("2020-01", "", "", "25", "Norrbottens län", "3"),
        ("2020-01", "2080", "Falun", "25", "", "4"),
    ]
    frame = normalised(read(write_text(path, as_text(rows, headings)), NAME).rows)
    assert frame.select("county", "municipality").row(0) == ("25 Norrbottens län", "2580 Luleå")
    split = split_feed(frame)
    assert split.valid["registered"].to_list() == ["1", "3"]
    assert split.refused["rule"].to_list() == ["region_is_known", "municipality_lies_in_county"]


def test_without_a_group_it_is_all_registered(path: Path) -> None:
    rows = [("2020-01", "2580", "7")]
    printed = read(write_text(path, as_text(rows, ("month", "municipality_code", "registered"))), NAME)
    assert printed.rows.select("dimension", "category").row(0) == (None, None)
    assert normalised(printed.rows)["visitor_group"].to_list() == ["all"]


def test_a_blank_group_is_not_taken_for_all(path: Path) -> None:
    printed = read(write_text(path, as_text([("2020-01", "2580", "", "7")])), NAME)
    assert split_feed(normalised(printed.rows)).refused["rule"].to_list() == ["group_is_known"]


def test_a_column_of_a_division_is_its_dimension(path: Path) -> None:
    printed = read(write_text(path, as_text(ROWS[1:2], ("month", "kommun", "KOEN", "antal"))), NAME)
    assert printed.rows.select("dimension", "category").row(0) == ("KOEN", "women")
    assert normalised(printed.rows)["visitor_group"].to_list() == ["women"]


def test_two_divisions_are_refused_by_name(path: Path) -> None:
    write_text(path, "month,kommun,Kön,Ålder,antal\n2020-01,2580,Kvinnor,16-24,7\n")
    assert "line 1: several columns divide the registered: “Kön”, “Ålder”; expected at most one" in refusal(path)


def test_a_new_column_is_a_note(path: Path) -> None:
    write_text(path, "month,kommun,shoe size,antal\n2020-01,2580,38,7\n")
    (note,) = read(path, NAME).notes
    assert note.startswith("new: “shoe size” (nearest known: ")


@pytest.mark.parametrize("write", [write_text, write_workbook, write_parquet])
def test_a_renamed_column_is_refused_with_the_nearest_known_name(path: Path, write: Callable[..., Path]) -> None:
    headings = ("month", "municipality_code", "group", "regstered")
    write(path, as_text(headings=headings)) if write is write_text else write(path, headings=headings)
    assert recognises(path)
    assert "renamed: “regstered” (nearest known: “registered”)" in refusal(path)


def test_a_retyped_parquet_column_is_refused_by_name(path: Path) -> None:
    rows = [("2020.01", "2580", "all", "7")]
    write_parquet(path, rows, month=pl.Float64())
    assert recognises(path)
    assert refusal(path).startswith(
        f"{NAME}: the columns have changed: retyped: “month” is DOUBLE (known as VARCHAR or DATE or TIMESTAMP"
    )


def test_dates_and_whole_numbers_of_parquet_are_read_without_loss(path: Path) -> None:
    frame = pl.DataFrame(
        {
            "month": [date(2020, 1, 1), date(2020, 2, 29)],
            "municipality_code": [114, 2580],
            "registered": pl.Series([7, None], dtype=pl.Int32),
        }
    )
    frame.write_parquet(path)
    split = split_feed(normalised(read(path, NAME).rows))
    assert split.valid.select("report_month", "municipality_code", "registered_min").rows() == [
        (date(2020, 1, 1), "0114", 7)
    ]
    assert split.refused["rule"].to_list() == ["row_is_whole"]
    frame.with_columns(pl.lit(datetime(2020, 1, 31)).alias("month")).write_parquet(path)  # noqa: DTZ001
    assert normalised(read(path, NAME).rows)["report_month"].unique().to_list() == [date(2020, 1, 1)]


@pytest.mark.parametrize("line", ["2020-01,2580,all", "2020-01,2580,all,1,234", "x"])
def test_a_line_of_another_length_is_one_row_for_quarantine(path: Path, line: str) -> None:
    write_text(path, as_text() + line + "\n")
    printed = read(path, NAME)
    assert printed.rows.row(-1) == (None, 6, line, None, None, "group", None, None)
    split = split_feed(normalised(printed.rows))
    assert (split.valid.height, split.rows_quarantined) == (4, 1)


def test_a_text_in_latin_1_is_refused_with_byte_line_and_what_to_do(path: Path) -> None:
    text = as_text([*ROWS, *[("2020-02", "Luleå", "all", "7")] * 20_000], ("Månad", "Kommun", "Grupp", "Antal"))
    write_text(path, text, "latin-1")
    assert recognises(path)
    assert refusal(path) == (
        f"{NAME}, line 1, column 2: byte 0xE5 is not UTF-8; expected UTF-8 text; "
        "save the file as UTF-8 (it may be Latin-1 or Windows-1252)"
    )
    path.write_bytes(text.encode().replace("Luleå".encode(), "Luleå".encode("latin-1"), 10_000))
    assert refusal(path).startswith(f"{NAME}, line 6, column 13: byte 0xE5")
    path.write_bytes(text.encode()[::-1].replace("Luleå".encode()[::-1], "Luleå".encode("latin-1")[::-1], 1)[::-1])
    assert refusal(path).startswith(f"{NAME}, line 20005, column 13: byte 0xE5")


def test_a_text_in_utf_16_is_recognised_and_refused(path: Path) -> None:
    write_text(path, encoding="utf-16")
    assert recognises(path)
    assert "byte 0xFF is not UTF-8" in refusal(path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (as_text([]).encode(), "no row stands below the headings"),
        (as_text().encode() + b"2020-01,\x00,all,7\n", "line 6, column 9: control character U+0000"),
        (as_text().encode() + b'2020-01,"2580,all,7\n', "line 6: the line cannot be cut into cells"),
        (as_text().encode() + b"x" * LONGEST_LINE + b"\n", f"line 6: the line has {LONGEST_LINE} bytes or more"),
        (b"PAR1 and nothing else", "the file cannot be read"),
        (b"PK\x03\x04 and nothing else", "the workbook cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_reason(path: Path, content: bytes, what: str) -> None:
    path.write_bytes(content)
    message = refusal(path)
    assert message.startswith(NAME)
    assert what in message
    assert str(path) not in message


def test_a_parquet_file_of_more_rows_than_there_can_be_is_refused_unread(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.registration_statistics.registrations.MOST_ROWS", len(ROWS) - 1)
    assert "the file has 4 rows; expected at most 3" in refusal(write_parquet(path))


def test_a_truncated_parquet_file_is_refused(path: Path) -> None:
    content = write_parquet(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert not recognises(path)
    assert "the file cannot be read" in refusal(path)


def test_a_parquet_file_with_a_name_that_is_not_utf_8_is_refused(path: Path) -> None:
    content = write_parquet(path).read_bytes()
    path.write_bytes(content.replace(b"group", b"gr\xe5up"))
    assert not recognises(path)
    assert "the file cannot be read" in refusal(path)


@pytest.mark.parametrize("write", [write_text, write_workbook, write_parquet])
@pytest.mark.parametrize("at", range(4))
def test_a_personal_identity_number_refuses_the_file_wherever_it_stands(
    path: Path, write: Callable[..., Path], at: int
) -> None:
    rows = [*ROWS, tuple(f"{cell} {NUMBER}" if column == at else cell for column, cell in enumerate(ROWS[0]))]
    write(path, as_text(rows)) if write is write_text else (
        write_workbook(path, {"a": rows}) if write is write_workbook else write_parquet(path, rows)
    )
    with pytest.raises(PersonalData, match=rf"{NAME}, .*(row|line) [56].*, column {HEADINGS[at]}: ") as refused:
        read(path, NAME)
    assert "1212" not in str(refused.value)


def test_a_personal_identity_number_in_a_column_or_sheet_that_is_not_read_refuses_the_file_too(path: Path) -> None:
    write_text(path, f"month,kommun,antal,note\n2020-01,2580,7,{NUMBER}\n")
    with pytest.raises(PersonalData, match="line 2, column note: "):
        read(path, NAME)
    write_text(path, f"month,kommun,antal,{NUMBER}\n2020-01,2580,7,\n")
    with pytest.raises(PersonalData, match=r"line 1, column \*{6}-\*{4}: "):
        read(path, NAME)
    pl.DataFrame({"month": ["2020-01"], "kommun": ["2580"], "antal": [7], "id": [191212121212]}).write_parquet(path)
    with pytest.raises(PersonalData, match="row 1, column id: "):
        read(path, NAME)


def test_every_sheet_with_the_columns_is_read_and_the_others_are_notes(path: Path) -> None:
    write_workbook(path, {"2020-01": ROWS, "2020-02": ROWS[:1]})
    printed = read(path, NAME)
    assert printed.rows["sheet"].to_list() == [*["2020-01"] * 4, "2020-02"]


@pytest.mark.parametrize(
    "text",
    ["", "contact_id,occurred_at,municipality_code,office,group,channel\n", "a,b,c\n", ";Titel\n;Totalt\nRiket;7\n"],
)
def test_other_tables_are_not_recognised(path: Path, text: str) -> None:
    assert not recognises(write_text(path, text))


places = st.sampled_from(municipalities())
groups = st.sampled_from(["all", "Kvinnor", "utrikes födda", "16-24", 'a "quoted", group', "line\nbreak"])
numbers = st.one_of(st.integers(0, 10**6).map(str), st.sampled_from(["<5", "1 234", ""]))
table = st.lists(
    st.tuples(st.sampled_from(["2020-01", "202002"]), places.map(lambda each: each.municipality), groups, numbers),
    min_size=1,
)


@given(table, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_as_text_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], delimiter: str, newline: str
) -> None:
    path = tmp_path_factory.mktemp("x") / "x"
    write_text(path, as_text(rows, delimiter=delimiter, newline=newline))
    assert cells(read(path, NAME)) == [tuple(cell or None for cell in row) for row in rows]


@settings(max_examples=25)
@given(table)
def test_what_is_written_as_parquet_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    path = write_parquet(tmp_path_factory.mktemp("x") / "x", rows)
    assert cells(read(path, NAME)) == [tuple(cell or None for cell in row) for row in rows]


@given(st.binary())
def test_whatever_the_bytes_are_the_answer_is_rows_or_a_message(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("x") / "x"
    path.write_bytes(content)
    assert recognises(path) in {True, False}
    with pytest.raises(UnreadableFile):
        read(path, NAME)
