"""The workbook and the catalogue files of a whole release: valid by others' own readers, and true of the files."""

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import fastexcel
import frictionless
import polars as pl
import pytest

from orchestration.catalogue import DATA_PACKAGE, DCAT_FILE, WORKBOOK, write_catalogue
from orchestration.published import DATABASE, Published
from orchestration.release_description import described
from orchestration.release_workbook import MOST_ROWS, write_workbook
from tests.catalogue_rules import catalogue_of, downloads, faults, wrong_files
from tests.integration.conftest import GoodNight


@dataclass(frozen=True)
class Released:
    """A release's folder, and the rows of each of its tables by address."""

    folder: Path
    rows: dict[str, int]


@pytest.fixture(scope="module")
def released(good_night: GoodNight, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """The release of the good night with its workbook and catalogue files: its own, or else written into a copy."""
    folder = Published(good_night.published).current
    assert folder is not None
    if not (folder / DATA_PACKAGE).exists():
        folder = copytree(folder, tmp_path_factory.mktemp("released") / "release")
        write_workbook(folder / DATABASE, folder / WORKBOOK)
        write_catalogue(folder)
    with described(folder / DATABASE) as (description, _):
        return Released(folder, {table.address: table.rows for table in description.tables})


def test_frictionless_finds_the_package_valid_and_reads_every_row(released: Released) -> None:
    report = frictionless.validate(str(released.folder / DATA_PACKAGE))
    assert report.valid, report.flatten(["name", "message"])[:20]
    assert {task.name: task.stats.get("rows", 0) for task in report.tasks} == released.rows


def test_every_published_column_is_described_in_both_languages(released: Released) -> None:
    package = json.loads((released.folder / DATA_PACKAGE).read_text("utf-8"))
    bare = [
        f"{resource['name']}.{field['name']} {missing}"
        for resource in package["resources"]
        for field in resource["schema"]["fields"]
        for missing in ("description", "description_sv", "unit")
        if not field.get(missing)
    ]
    assert bare == []


def test_rows_of_core_refer_to_municipalities_offices_and_documents(released: Released) -> None:
    package = json.loads((released.folder / DATA_PACKAGE).read_text("utf-8"))
    references = {
        (resource["name"], key["fields"][0]): key["reference"]["resource"]
        for resource in package["resources"]
        for key in resource["schema"].get("foreignKeys", [])
    }
    assert references["kpi.municipality_presence", "municipality_code"] == "core.dim_municipality"
    assert references["core.fct_office_closing", "office_id"] == "core.dim_office"
    assert references["core.fct_visit_rate", "source_row_id"] == "meta.source_row"
    assert references["meta.source_row", "document_id"] == "meta.document"


def test_the_catalogue_keeps_the_rules_of_dcat_ap_se(released: Released) -> None:
    assert (released.folder / DCAT_FILE).exists()
    assert faults(catalogue_of(released.folder)) == []


def test_every_download_is_there_in_size_and_checksum_and_every_table_can_be_downloaded(released: Released) -> None:
    graph = catalogue_of(released.folder)
    assert wrong_files(graph, released.folder) == []
    assert downloads(graph) == {
        "application/octet-stream": [DATABASE],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": [WORKBOOK],
        "text/csv": sorted(f"csv/{address}.csv" for address in released.rows),
        "application/vnd.apache.parquet": sorted(f"parquet/{address}.parquet" for address in released.rows),
    }


def test_the_workbook_has_every_row_of_every_table_but_the_longest(released: Released) -> None:
    reader = fastexcel.read_excel(released.folder / WORKBOOK)
    short = {address: rows for address, rows in released.rows.items() if rows <= MOST_ROWS}
    assert reader.sheet_names == ["README", *short]
    assert {address: reader.load_sheet(address).height for address in short} == short
    assert set(released.rows) - set(short) == {"meta.trace"}


def test_every_sheet_of_a_table_has_a_frozen_header_and_a_filter(released: Released) -> None:
    with zipfile.ZipFile(released.folder / WORKBOOK) as parts:
        sheets = [
            parts.read(name).decode() for name in parts.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)
        ]
    frozen = [sheet for sheet in sheets if 'ySplit="1"' in sheet and 'state="frozen"' in sheet]
    assert len(frozen) == len(sheets) - 1
    assert all("<autoFilter" in sheet for sheet in sheets)


def test_figures_of_the_workbook_are_those_of_the_release(released: Released) -> None:
    shown = pl.read_excel(released.folder / WORKBOOK, sheet_name="kpi.presence", infer_schema_length=None)
    published = pl.read_parquet(released.folder / "parquet" / "kpi.presence.parquet")
    assert shown["scope_code"].to_list() == published["scope_code"].to_list()
    for figure in ("offices", "closed_offices", "collaborations_in_use_max", "municipalities"):
        assert shown[figure].to_list() == published[figure].to_list()
