"""Every kind of bad file, dropped into landing: refused with its name, place and fault, and harmless to others."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import feed_months, landing, paths
from orchestration.deliveries import Delivery, Status
from tests.feeds import plain, samples, workbooks

TOTAL = "xl/worksheets/sheet2.xml"
"""The part of the sheet Total, behind Info."""


def workbook(folder: Path) -> Path:
    return workbooks.write_af_timeseries(folder / "tid.xlsx", samples.timeseries())


def in_total(folder: Path, change: Callable[[str], str]) -> Path:
    file = workbook(folder)
    return workbooks.with_parts(file, {TOTAL: change(workbooks.part_of(file, TOTAL))})


def empty(folder: Path) -> Path:
    (folder / "tid.xlsx").touch()
    return folder / "tid.xlsx"


def truncated(folder: Path) -> Path:
    file = workbook(folder)
    file.write_bytes(file.read_bytes()[:4000])
    return file


def bomb(folder: Path) -> Path:
    file = workbook(folder)
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet9.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(25):
            part.write(bytes(100_000_000))
    return file


def formula(folder: Path) -> Path:
    return in_total(folder, lambda sheet: sheet.replace("<v>500</v>", "<f>250*2</f><v>500</v>"))


def macros(folder: Path) -> Path:
    return workbooks.with_parts(workbook(folder), {"xl/vbaProject.bin": b"macro"})


def links(folder: Path) -> Path:
    return workbooks.with_parts(workbook(folder), {"xl/externalLinks/externalLink1.xml": "<externalLink/>"})


def personal_number(folder: Path) -> Path:
    return in_total(folder, lambda sheet: sheet.replace("<v>500</v>", "<v>191212121212</v>"))


def html(folder: Path) -> Path:
    (folder / "tid.xlsx").write_text("<!DOCTYPE html><table><tr><td>PERIOD</td></tr></table>")
    return folder / "tid.xlsx"


def renamed_column(folder: Path) -> Path:
    file = folder / "inskrivna.csv"
    return plain.write_text(file, plain.as_text(headings=("month", "municipality_code", "group", "registred")))


def latin_1(folder: Path) -> Path:
    file = folder / "inskrivna.csv"
    return plain.write_text(file, "month,municipality,group,registered\n2020-01,Åre,all,5\n", encoding="latin-1")


def unknown_layout(folder: Path) -> Path:
    return plain.write_text(folder / "recept.csv", "mjöl,smör\n2 dl,100 g\n")


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "empty": (empty, "empty"),
    "truncated zip": (truncated, "truncated or damaged"),
    "zip bomb": (bomb, "unpack"),
    "formula": (formula, "sheet Total"),
    "macros": (macros, "macro"),
    "links to other files": (links, "externalLink1.xml"),
    "personal identity number": (personal_number, "personal identity number"),
    "web page": (html, "HTML"),
    "renamed column": (renamed_column, "“registred” (nearest known: “registered”)"),
    "wrong encoding": (latin_1, "line 2"),
    "unknown layout": (unknown_layout, "“mjöl”, “smör”"),
}


def drop(data: Path, file: Path) -> None:
    landing.make_folders()
    file.rename(data / "landing" / "registrations" / file.name)


def take() -> list[Delivery]:
    return landing.take_all(settle_seconds=0)


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_and_the_good_one_beside_it_is_taken(
    case: str, own_data_folder: Path, tmp_path: Path
) -> None:
    make, fault = BAD[case]
    drop(own_data_folder, make(tmp_path))
    drop(own_data_folder, plain.write_text(tmp_path / "zz-good.csv"))

    bad, good = take()

    assert good.status is Status.ACCEPTED, good.message
    assert bad.status is Status.REFUSED
    assert bad.message.startswith(bad.name)
    assert fault in bad.message
    assert "1212121212" not in bad.message
    is_kept = bad.stored_as is not None
    assert is_kept is (case != "personal identity number")
    assert (own_data_folder / "landing" / "registrations" / bad.name).exists() is not is_kept
    assert feed_months.bring_up_to_date().problems == []
    assert {file.name.split("-")[0] for file in paths.feeds_folder().glob("registrations/*/*")} == {"000002"}


def test_a_million_blank_formatted_rows_are_no_rows(own_data_folder: Path, tmp_path: Path) -> None:
    rows = "".join(f'<row r="{at}"><c r="A{at}" s="1"/></row>' for at in range(100, 1_000_100))
    drop(own_data_folder, in_total(tmp_path, lambda sheet: sheet.replace("</sheetData>", f"{rows}</sheetData>")))

    (taken,) = take()

    assert taken.status is Status.ACCEPTED, taken.message
    assert taken.rows_received == 90


def test_a_bad_cell_quarantines_its_row_and_the_others_load(own_data_folder: Path, tmp_path: Path) -> None:
    drop(own_data_folder, in_total(tmp_path, lambda sheet: sheet.replace("<v>501</v>", "<v>-1</v>")))

    (taken,) = take()

    assert (taken.rows_received, taken.rows_valid, taken.rows_quarantined) == (90, 89, 1)
    assert [each.rule for each in taken.quarantine] == ["registered_is_a_number_or_below_5"]
