"""Months of registrations: only what a delivery says anew is kept, and making a month anew gives the same."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from orchestration import registration_months
from orchestration.registration_months import add

JANUARY, FEBRUARY = date(2020, 1, 1), date(2020, 2, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "feeds"


def rows(tmp_path: Path, *said: tuple[date, str, int], layout: str = "registrations", first_row: int = 2) -> Path:
    """A file of rows as a reading leaves it."""
    file = tmp_path / f"rows-{len(list(tmp_path.glob('rows-*')))}.parquet"
    pl.DataFrame(
        [
            {
                "layout": layout,
                "sheet": None,
                "row_number": first_row + at,
                "report_month": month,
                "municipality_code": code,
                "registered_min": number,
            }
            for at, (month, code, number) in enumerate(said)
        ],
        schema_overrides={"sheet": pl.String},
    ).write_parquet(file)
    return file


def stands(folder: Path) -> list[tuple[str, int, int]]:
    """File, delivery and number of every row that is kept."""
    return [
        (f"{file.parent.name[13:]}/{file.name}", row["delivery_number"], row["registered_min"])
        for file in registration_months.files(folder)
        for row in pl.read_parquet(file, hive_partitioning=False).iter_rows(named=True)
    ]


def test_each_month_of_a_delivery_gets_a_file(folder: Path, tmp_path: Path) -> None:
    changed = add(folder, rows(tmp_path, (JANUARY, "2580", 10), (FEBRUARY, "2580", 11)), 1, "000001-ab")

    assert changed == [JANUARY, FEBRUARY]
    assert stands(folder) == [
        ("2020-01-01/000001-registrations.parquet", 1, 10),
        ("2020-02-01/000001-registrations.parquet", 1, 11),
    ]


def test_a_month_that_is_said_again_alike_is_no_change_wherever_its_rows_stand(folder: Path, tmp_path: Path) -> None:
    add(folder, rows(tmp_path, (JANUARY, "2580", 10), (JANUARY, "2505", 1)), 1, "000001-ab")

    again = rows(tmp_path, (JANUARY, "2505", 1), (JANUARY, "2580", 10), (FEBRUARY, "2580", 9), first_row=500)

    assert add(folder, again, 2, "000002-cd") == [FEBRUARY]


def test_a_correction_is_kept_beside_what_it_corrects(folder: Path, tmp_path: Path) -> None:
    add(folder, rows(tmp_path, (JANUARY, "2580", 10)), 1, "000001-ab")

    assert add(folder, rows(tmp_path, (JANUARY, "2580", 12)), 2, "000002-cd") == [JANUARY]
    assert [number for _, _, number in stands(folder)] == [10, 12]


def test_a_correction_that_is_taken_back_by_a_third_file_is_a_change(folder: Path, tmp_path: Path) -> None:
    for number, registered in enumerate((10, 12, 10), start=1):
        assert add(folder, rows(tmp_path, (JANUARY, "2580", registered)), number, f"00000{number}-ab") == [JANUARY]


def test_layouts_are_compared_with_their_own_only(folder: Path, tmp_path: Path) -> None:
    add(folder, rows(tmp_path, (JANUARY, "2580", 10)), 1, "000001-ab")

    assert add(folder, rows(tmp_path, (JANUARY, "2580", 10), layout="mstatkommun"), 2, "000002-cd") == [JANUARY]


def test_adding_a_delivery_twice_changes_nothing(folder: Path, tmp_path: Path) -> None:
    first, second = rows(tmp_path, (JANUARY, "2580", 10)), rows(tmp_path, (JANUARY, "2580", 12))
    add(folder, first, 1, "000001-ab")
    add(folder, second, 2, "000002-cd")
    before = stands(folder)

    add(folder, second, 2, "000002-cd")

    assert stands(folder) == before


def test_months_made_anew_are_as_they_were(folder: Path, tmp_path: Path) -> None:
    deliveries = [
        rows(tmp_path, (JANUARY, "2580", 10), (FEBRUARY, "2580", 11)),
        rows(tmp_path, (JANUARY, "2580", 10), (FEBRUARY, "2580", 12)),
    ]
    for number, each in enumerate(deliveries, start=1):
        add(folder, each, number, f"00000{number}-ab")
    before = stands(folder)

    registration_months.remove(folder, [FEBRUARY])
    assert len(stands(folder)) == 1
    for number, each in enumerate(deliveries, start=1):
        add(folder, each, number, f"00000{number}-ab", only=[FEBRUARY])

    assert stands(folder) == before
