"""The workbook on weaker competitiveness: what its pivot cache holds, added up and told apart. Numbers are made up."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.problems import UnreadableFile
from sources.registration_statistics import af_competitiveness, af_timeseries
from sources.registration_statistics.af_competitiveness import read, recognises
from sources.registration_statistics.normalise import normalised
from sources.registration_statistics.printed import PRINTED
from sources.workbooks import check_workbook
from tests.feeds.workbooks import (
    COMPETITIVENESS_HEADINGS,
    DEFINITION,
    RECORDS,
    Cell,
    part_of,
    with_parts,
    write_af_competitiveness,
    write_af_timeseries,
    write_workbook,
)

NAME = "svag-konkurrensformaga-2021-02.xlsx"
SHARED = {
    "PERIOD": ["2021-01", "2021-02"],
    "KOEN": ["Kvinnor", "Män"],
    "LAN_BESKR": ["Norrbottens län", "Skåne & Blekinge <län>"],
    "KUA06": ["Ja", "Nej"],
}
NORRBOTTEN = "Norrbottens län"
WEAKER = ("Konkurrensförmåga", "UTSATTA")


def record(
    everybody: Cell,
    weaker: Cell,
    period: Cell = "2021-01",
    county: Cell = NORRBOTTEN,
    municipality: Cell = "Luleå",
    sex: str = "Kvinnor",
) -> list[Cell]:
    return [period, sex, county, municipality, "Ja", "Nej", None, everybody, weaker]


def written(folder: Path, records: Sequence[Sequence[Cell]]) -> Path:
    return write_af_competitiveness(folder / NAME, records, shared=SHARED)


def rows_of(path: Path) -> list[tuple[object, ...]]:
    printed = read(path, NAME)
    assert printed.rows.schema == pl.Schema(dict(PRINTED))
    assert printed.rows["sheet"].unique().to_list() in ([], ["pivotCacheRecords1"])
    return printed.rows.drop("sheet").rows()


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(path, NAME)
    assert refused.value.problem.file == NAME
    return str(refused.value)


def replaced(path: Path, part: str, old: str, new: str) -> Path:
    text = part_of(path, part)
    assert old in text
    return with_parts(path, {part: text.replace(old, new, 1)})


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return written(tmp_path, [record(10, 4), record(20, 6, sex="Män"), record(7, 1, municipality="Piteå")])


def test_the_workbook_passes_the_check_and_is_recognised(workbook: Path) -> None:
    check_workbook(workbook, NAME)
    assert recognises(workbook)
    assert not af_timeseries.recognises(workbook)


def test_other_files_are_not_taken_for_it(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("PERIOD;LÄN;KOMMUN", "utf-8")
    assert not recognises(tmp_path / "text")
    assert not recognises(write_workbook(tmp_path / "plain.xlsx", {"Total": [["PERIOD"]]}))
    assert not recognises(write_af_timeseries(tmp_path / "other.xlsx", {}))
    assert not recognises(write_af_competitiveness(tmp_path / "pivot.xlsx", [], ["Region", "Antal"]))


def test_records_of_a_municipality_and_month_are_added_up(workbook: Path) -> None:
    assert rows_of(workbook) == [
        (1, "2021-01", NORRBOTTEN, "Luleå", None, None, "30"),
        (1, "2021-01", NORRBOTTEN, "Luleå", *WEAKER, "10"),
        (3, "2021-01", NORRBOTTEN, "Piteå", None, None, "7"),
        (3, "2021-01", NORRBOTTEN, "Piteå", *WEAKER, "1"),
    ]


def test_both_groups_are_known(workbook: Path) -> None:
    groups = normalised(read(workbook, NAME).rows)["visitor_group"].to_list()
    assert groups == ["all", "weaker_competitiveness"] * 2


@pytest.mark.parametrize("bad", ["<5", None, 1.5, -1, "x", True, "1234567890"])
def test_a_cell_that_is_no_plain_number_is_never_added(tmp_path: Path, bad: Cell) -> None:
    printed = None if bad is None else "true" if bad is True else str(bad)
    path = written(tmp_path, [record(10, 4), record(bad, 1), record(20, bad)])
    assert rows_of(path) == [
        (1, "2021-01", NORRBOTTEN, "Luleå", None, None, "30"),
        (1, "2021-01", NORRBOTTEN, "Luleå", *WEAKER, "5"),
        (2, "2021-01", NORRBOTTEN, "Luleå", None, None, printed),
        (3, "2021-01", NORRBOTTEN, "Luleå", *WEAKER, printed),
    ]


def test_records_of_different_places_are_never_added_whatever_is_wrong_with_them(tmp_path: Path) -> None:
    path = written(tmp_path, [record(1, 1, municipality=None), record(2, 2, county="?"), record(4, 4, period=None)])
    assert [row[-1] for row in rows_of(path)] == ["1", "1", "2", "2", "4", "4"]
    assert [row[1:4] for row in rows_of(path)][::2] == [
        ("2021-01", NORRBOTTEN, None),
        ("2021-01", "?", "Luleå"),
        (None, NORRBOTTEN, "Luleå"),
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<n v="10.0"/>', "10"),
        ('<n v="1E1"/>', "10"),
        ('<n v="10"></n>', "10"),
        ("<n  u='1' v='10' />\n", "10"),
        ('<s v="10"/>', "10"),
        ('<s v="&lt;5"/>', "<5"),
        ('<s v="&#60;5" c="a"/>', "<5"),
        ('<e v="#N/A"/>', "#N/A"),
        ('<d v="2021-01-01T00:00:00"/>', "2021-01-01"),
        ('<b v="0"/>', "false"),
        ("<m/>", None),
        ('<s v=" "/>', None),
        ("<n/>", None),
    ],
)
def test_every_kind_of_cell_is_read(tmp_path: Path, cell: str, text: str | None) -> None:
    path = replaced(written(tmp_path, [record(77, 4)]), RECORDS, '<n v="77"/>', cell)
    check_workbook(path, NAME)
    assert rows_of(path)[0][-1] == text


def test_shared_values_of_every_kind_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, [record(10, 4, county="Skåne & Blekinge <län>"), record(10, 4, period="2021-02")])
    replaced(path, DEFINITION, '<s v="2021-02"/>', '<d v="2021-02-01T00:00:00"/>')
    assert [row[1:3] for row in rows_of(path)][::2] == [
        ("2021-01", "Skåne & Blekinge <län>"),
        ("2021-02", NORRBOTTEN),
    ]


def test_a_prefix_on_every_element_changes_nothing(workbook: Path) -> None:
    expected = rows_of(workbook)
    text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1p:", part_of(workbook, RECORDS)).replace("xmlns=", "xmlns:p=")
    assert rows_of(with_parts(workbook, {RECORDS: text})) == expected


def test_columns_that_the_pivot_table_computes_have_no_cell(workbook: Path) -> None:
    expected = rows_of(workbook)
    computed = '<cacheFields count="10"><cacheField name="Andel" databaseField="0"/>'
    assert rows_of(replaced(workbook, DEFINITION, '<cacheFields count="9">', computed)) == expected


def test_many_records_are_read_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(af_competitiveness, "_BLOCK", 300)
    path = written(tmp_path, [record(number, 1) for number in range(200)])
    assert rows_of(path) == [
        (1, "2021-01", NORRBOTTEN, "Luleå", None, None, str(199 * 100)),
        (1, "2021-01", NORRBOTTEN, "Luleå", *WEAKER, "200"),
    ]


def test_a_cache_without_records_gives_none(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, [])) == []


@pytest.mark.parametrize(
    ("heading", "told"),
    [("KOMUN_BESKR", "renamed: “KOMUN_BESKR”"), ("Landsdel", "missing: “municipality”")],
)
def test_a_changed_column_is_named(tmp_path: Path, heading: str, told: str) -> None:
    headings = [heading if each == "KOMMUN_BESKR" else each for each in COMPETITIVENESS_HEADINGS]
    path = write_af_competitiveness(tmp_path / NAME, [], headings)
    assert recognises(path)
    message = refusal(path)
    assert "sheet pivotCacheRecords1" in message
    assert told in message


def test_a_new_column_is_a_note(tmp_path: Path) -> None:
    path = write_af_competitiveness(tmp_path / NAME, [[*record(10, 4), "16-24"]], [*COMPETITIVENESS_HEADINGS, "Yrke"])
    printed = read(path, NAME)
    assert printed.rows["registered"].to_list() == ["10", "4"]
    assert any("“Yrke”" in note for note in printed.notes)


def test_a_pivot_table_without_its_rows_is_refused(workbook: Path) -> None:
    assert "saved without its rows" in refusal(with_parts(workbook, {RECORDS: None}))


def test_the_relations_say_which_records_belong_to_a_definition(workbook: Path) -> None:
    expected = [row[1:] for row in rows_of(workbook)]
    relations = "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels"
    replaced(workbook, relations, "pivotCacheRecords1.xml", "/xl/pivotCache/elsewhere7.xml")
    with_parts(workbook, {"xl/pivotCache/elsewhere7.xml": part_of(workbook, RECORDS), RECORDS: "<broken/>"})
    printed = read(workbook, NAME).rows
    assert printed["sheet"].unique().to_list() == ["elsewhere7"]
    assert printed.drop("sheet", "row_number").rows() == expected


@pytest.mark.parametrize("same", [True, False])
def test_a_second_cache_may_only_be_a_copy(workbook: Path, same: bool) -> None:
    expected = rows_of(workbook)
    relations = part_of(workbook, "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels")
    records = part_of(workbook, RECORDS)
    with_parts(
        workbook,
        {
            "xl/pivotCache/pivotCacheDefinition2.xml": part_of(workbook, DEFINITION),
            "xl/pivotCache/pivotCacheRecords2.xml": records if same else records.replace('v="20"', 'v="21"'),
            "xl/pivotCache/_rels/pivotCacheDefinition2.xml.rels": relations.replace("Records1", "Records2"),
        },
    )
    if same:
        assert rows_of(workbook) == expected
    else:
        assert "several pivot caches have these columns" in refusal(workbook)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('<n v="20"/>', "", "row 2: a record has more or fewer cells"),
        ('<n v="20"/>', '<n v="20"/><n v="20"/>', "row 2: a record has more or fewer cells"),
        ('<n v="1"/></r>', "</r>", "row 3: a record has more or fewer cells"),
        ("<r>", "<r/><r>", "row 1: a record has more or fewer cells"),
        ('<n v="20"/>', '<tpls v="20"/>', "which is no cell"),
        ('<x v="0"/>', '<x v="2"/>', "a record names value 2 of period, of which there are 2"),
        ('<x v="0"/>', '<x v="-1"/>', "a record names value -1 of period"),
        ("<pivotCacheRecords ", '<pivotCacheRecords count="4" ', "3 records stand where 4 are announced"),
    ],
)
def test_records_that_do_not_fit_the_columns_refuse_the_file(workbook: Path, old: str, new: str, told: str) -> None:
    message = refusal(replaced(workbook, RECORDS, old, new))
    assert "sheet pivotCacheRecords1" in message
    assert told in message


def test_a_record_without_end_is_refused(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = part_of(workbook, RECORDS).rpartition("</r>")[0]
    with_parts(workbook, {RECORDS: cut})
    assert "row 3: the last record does not end" in refusal(workbook)
    monkeypatch.setattr(af_competitiveness, "_LONGEST", 100)
    assert "no record ends within" in refusal(workbook)


def test_a_damaged_definition_is_refused(workbook: Path) -> None:
    assert not recognises(with_parts(workbook, {DEFINITION: "<pivotCacheDefinition"}))
    assert "the pivot cache is damaged" in refusal(workbook)


COUNT = st.one_of(st.integers(min_value=0, max_value=10**6), st.sampled_from(["<5", "..", None]))
PLACE = st.sampled_from(["Luleå", "Piteå", "2580 Luleå", None])
PERIOD = st.sampled_from(["2021-01", "2021-02", "2021-03", None])


@given(st.lists(st.builds(record, COUNT, COUNT, PERIOD, municipality=PLACE), max_size=30))
def test_any_records_are_read_back_as_their_sums_and_their_other_cells(
    tmp_path_factory: pytest.TempPathFactory, records: list[list[Cell]]
) -> None:
    sums: Counter[tuple[object, ...]] = Counter()
    keys, others = set(), []
    for number, cells in enumerate(records, 1):
        for count, group in ((cells[7], (None, None)), (cells[8], WEAKER)):
            key = (cells[0], cells[2], cells[3], *group)
            if isinstance(count, int):
                sums[key] += count
                keys.add(key)
            else:
                others.append((number, *key, count))
    rows = rows_of(written(tmp_path_factory.mktemp("any"), records))
    added = [row for row in rows if row[-1] is not None and str(row[-1]).isdecimal()]
    assert {row[1:-1]: int(str(row[-1])) for row in added} == {key: sums[key] for key in keys}
    assert len(added) == len(keys)
    assert sorted((row for row in rows if row not in added), key=repr) == sorted(others, key=repr)
