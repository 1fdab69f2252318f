"""The release as an Excel workbook: what stands in which sheet, in which form, and what Excel must not make of it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from orchestration import release_workbook
from orchestration.release_workbook import LONGEST_NAME, LONGEST_TEXT, sheet_names, write_workbook
from tests.unit.small_release import RELEASE_ID, small_database


def workbook_of(folder: Path, *statements: str) -> Any:
    """The workbook of the small release after these statements, as openpyxl reads it."""
    write_workbook(small_database(folder, *statements), folder / "narvaro.xlsx")
    return openpyxl.load_workbook(folder / "narvaro.xlsx")


def cells(sheet: Any) -> dict[str, Any]:
    """The first row below the header, by column name."""
    return {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}


def words(sheet: Any) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_readme_comes_first_then_kpi_core_and_meta(tmp_path: Path) -> None:
    assert workbook_of(tmp_path).sheetnames == [
        "README",
        "kpi.presence",
        "core.dim_date",
        "core.dim_municipality",
        "meta.document",
        "meta.release",
        "meta.table_column",
    ]


def test_the_readme_tells_the_newest_release_and_every_table_with_a_link(tmp_path: Path) -> None:
    readme = workbook_of(tmp_path)["README"]
    told = words(readme)
    assert {RELEASE_ID, "2026-11-23 21:11:07", "1.2"} <= set(told)
    assert any("jobseeker" in text for text in told)
    assert any("arbetssökande" in text for text in told)
    (row,) = [row for row in readme.iter_rows() if row[0].value == "kpi.presence"]
    assert [cell.value for cell in row[1:4]] == [
        2,
        "One row per as-of date and area.",
        "Offices at a date. The plan (plan) counts.",
    ]
    assert row[0].hyperlink.location == "'kpi.presence'!A1"


def test_headers_are_bold_frozen_filtered_and_explained(tmp_path: Path) -> None:
    for sheet in workbook_of(tmp_path).worksheets[1:]:
        assert sheet.freeze_panes == "A2", sheet.title
        assert sheet.auto_filter.ref.startswith("A1:"), sheet.title
        assert all(cell.font.bold for cell in sheet[1]), sheet.title
    offices = workbook_of(tmp_path / "again")["kpi.presence"]["C1"]
    assert offices.comment.text == "Offices that are open.\nÖppna kontor\nUnit: offices"


def test_values_keep_their_type_and_show_in_the_form_of_their_unit(tmp_path: Path) -> None:
    row = cells(workbook_of(tmp_path)["kpi.presence"])
    assert {name: cell.value for name, cell in row.items()} == {
        "as_of": datetime(2020, 10, 15),  # noqa: DTZ001  (Excel knows no zones)
        "municipality_code": "0114",
        "offices": 1234567,
        "office_share": 0.625,
        "days": 12.5,
        "year": 2020,
        "is_open": True,
        "told_at": datetime(2020, 10, 23, 8),  # noqa: DTZ001
        "note": "=1+1",
    }
    assert {name: row[name].number_format for name in ("as_of", "offices", "office_share", "days", "year")} == {
        "as_of": "yyyy-mm-dd",
        "offices": "#,##0",
        "office_share": "0.0%",
        "days": "#,##0.0",
        "year": "0",
    }


def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    sheet = workbook_of(tmp_path)["kpi.presence"]
    formula, link = (sheet.cell(row, 9) for row in (2, 3))
    assert (formula.value, formula.data_type) == ("=1+1", "s")
    assert (link.value, link.data_type, link.hyperlink) == ("https://example.org", "s", None)


def test_null_is_an_empty_cell_and_zero_is_not(tmp_path: Path) -> None:
    kiruna = [cell.value for cell in workbook_of(tmp_path)["kpi.presence"][3]]
    assert (kiruna[2], kiruna[3], kiruna[6], kiruna[7]) == (0, None, False, None)


def test_a_text_too_long_for_a_cell_says_that_it_is_cut(tmp_path: Path) -> None:
    long = f"update kpi.presence set note = repeat('ö', {LONGEST_TEXT + 1}) where municipality_code = '0114'"
    longest = f"update kpi.presence set note = repeat('ö', {LONGEST_TEXT}) where municipality_code = '2584'"
    sheet = workbook_of(tmp_path, long, longest)["kpi.presence"]
    assert len(sheet["I2"].value) == LONGEST_TEXT
    assert sheet["I2"].value.endswith("ö […] The text goes on: see csv/kpi.presence.csv.")
    assert sheet["I3"].value == "ö" * LONGEST_TEXT


def test_a_table_too_long_is_left_out_and_the_readme_says_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_workbook, "MOST_ROWS", 2)
    workbook = workbook_of(tmp_path, "insert into core.dim_date values ('2020-01-01')")
    assert "core.dim_date" not in workbook.sheetnames
    (row,) = [row for row in workbook["README"].iter_rows() if row[0].value == "core.dim_date"]
    assert row[0].hyperlink is None
    assert row[1].value == 3
    assert "csv/core.dim_date.csv or parquet/core.dim_date.parquet" in row[3].value


def test_equal_databases_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        workbook_of(tmp_path / name)
    one, other = ((tmp_path / name / "narvaro.xlsx").read_bytes() for name in ("one", "other"))
    assert one == other


def test_a_table_without_rows_and_a_number_that_is_none_stop_nothing(tmp_path: Path) -> None:
    workbook = workbook_of(tmp_path, "delete from core.dim_date", "update kpi.presence set days = 'nan'")
    assert [cell.value for row in workbook["core.dim_date"].iter_rows() for cell in row] == ["date"]
    assert workbook["kpi.presence"]["E2"].data_type in {"e", "f"}


def test_a_file_without_a_release_has_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"meta\.release"):
        workbook_of(tmp_path, "delete from meta.release")
    assert not (tmp_path / "narvaro.xlsx").exists()


def test_sheet_names_fit_excel_and_stay_apart() -> None:
    long = "kpi.a_table_with_a_name_beyond_all_measure"
    names = sheet_names(["README", "kpi.presence", long, f"{long}_too", long.upper()])
    assert names["kpi.presence"] == "kpi.presence"
    assert max(map(len, names.values())) <= LONGEST_NAME
    assert len({name.casefold() for name in [*names.values(), "README"]}) == 6
