"""The catalogue files of a release: a Data Package and a DCAT catalogue that say the same of the same files."""

import json
from pathlib import Path
from typing import Any

import frictionless
import pytest
import yaml
from pydantic import ValidationError
from rdflib import DCAT, DCTERMS, FOAF, RDF, Literal, URIRef

from orchestration.catalogue import AUTHORITY, write_catalogue
from tests.catalogue_rules import SERVED_AT, VCARD, catalogue_of, downloads, faults, wrong_files
from tests.unit.small_release import RELEASE_ID, small_release

DATASET = URIRef(f"{SERVED_AT}dcat.jsonld#dataset")


def package_of(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return content


def written(folder: Path, *statements: str, **said: Any) -> Path:
    """The small release with its catalogue files; what is said replaces lines of the authority's file."""
    small_release(folder, *statements)
    if said:
        file = folder.with_name("catalogue.yml")
        file.write_text(yaml.safe_dump(yaml.safe_load(AUTHORITY.read_text("utf-8")) | said), "utf-8")
        write_catalogue(folder, file)
    else:
        write_catalogue(folder)
    return folder


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return written(tmp_path / "release")


def resource(folder: Path, name: str) -> dict[str, Any]:
    (found,) = [each for each in package_of(folder)["resources"] if each["name"] == name]
    assert isinstance(found, dict)
    return found


def test_the_package_is_valid_with_the_data_read(release: Path) -> None:
    report = frictionless.validate(str(release / "datapackage.json"))
    assert report.valid, report.flatten(["name", "message"])
    assert len(report.tasks) == 6
    assert sum(task.stats["rows"] for task in report.tasks) == 15


def test_a_file_that_changes_after_its_description_is_found(release: Path) -> None:
    csv = release / "csv" / "core.dim_municipality.csv"
    csv.write_text(csv.read_text("utf-8").replace("Kiruna", "Kirvna"), "utf-8")
    assert not frictionless.validate(str(release / "datapackage.json")).valid
    assert wrong_files(catalogue_of(release), release) == [
        f"{SERVED_AT}csv/core.dim_municipality.csv has another checksum"
    ]


def test_a_table_has_its_types_texts_units_and_key(release: Path) -> None:
    schema = resource(release, "kpi.presence")["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    assert {name: field["type"] for name, field in fields.items()} == {
        "as_of": "date",
        "municipality_code": "string",
        "offices": "integer",
        "office_share": "number",
        "days": "number",
        "year": "integer",
        "is_open": "boolean",
        "told_at": "datetime",
        "note": "string",
    }
    assert fields["offices"] == {
        "name": "offices",
        "type": "integer",
        "description": "Offices that are open.",
        "description_sv": "Öppna kontor",
        "unit": "offices",
        "constraints": {"required": True},
    }
    assert schema["primaryKey"] == ["as_of", "municipality_code"]
    assert schema["missingValues"] == [""]


def test_a_reference_is_named_while_every_row_keeps_it(tmp_path: Path) -> None:
    keeps = written(tmp_path / "keeps")
    assert resource(keeps, "kpi.presence")["schema"]["foreignKeys"] == [
        {
            "fields": ["municipality_code"],
            "reference": {"resource": "core.dim_municipality", "fields": ["municipality_code"]},
        }
    ]
    assert "foreignKeys" not in resource(keeps, "core.dim_municipality")["schema"]
    breaks = written(tmp_path / "breaks", "delete from core.dim_municipality where municipality = 'Kiruna'")
    assert "foreignKeys" not in resource(breaks, "kpi.presence")["schema"]


def test_the_package_names_its_release_licence_publisher_and_documents(release: Path) -> None:
    package = package_of(release)
    assert (package["version"], package["created"]) == (RELEASE_ID, "2026-11-23T21:11:07Z")
    assert package["licenses"][0]["name"] == "MIT"
    assert package["contributors"] == [{"title": "Närvaro", "roles": ["publisher"]}]
    assert [(source["document_id"], source["publisher"], source.get("dnr")) for source in package["sources"]] == [
        ("skr-news", "SKR", None),
        ("af-report", "Arbetsförmedlingen", "Af-2020/0000 3708"),
    ]


def test_the_catalogue_keeps_the_rules_of_dcat_ap_se_in_both_languages(release: Path) -> None:
    assert faults(catalogue_of(release)) == []


def test_the_rules_find_what_is_missing(release: Path) -> None:
    graph = catalogue_of(release)
    graph.remove((DATASET, DCTERMS.publisher, None))
    graph.remove((DATASET, DCTERMS.title, Literal("Arbetsförmedlingens lokala närvaro", lang="sv")))
    assert faults(graph) == [
        f"{DATASET} lacks {DCTERMS.publisher}",
        f"{DCTERMS.title} of {DATASET} is told in ['en']",
    ]


def test_every_download_is_a_file_of_that_size_and_checksum(release: Path) -> None:
    graph = catalogue_of(release)
    assert wrong_files(graph, release) == []
    assert {kind: len(paths) for kind, paths in downloads(graph).items()} == {
        "application/octet-stream": 1,
        "text/csv": 6,
        "application/vnd.apache.parquet": 6,
    }


def test_the_workbook_is_described_where_there_is_one(tmp_path: Path) -> None:
    folder = small_release(tmp_path / "release")
    (folder / "narvaro.xlsx").write_bytes(b"a workbook")
    write_catalogue(folder)
    graph = catalogue_of(folder)
    workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert downloads(graph)[workbook] == ["narvaro.xlsx"]
    assert wrong_files(graph, folder) == []


def test_the_dataset_tells_its_times_and_what_it_covers(release: Path) -> None:
    graph = catalogue_of(release)
    issued, modified = (graph.value(DATASET, each) for each in (DCTERMS.issued, DCTERMS.modified))
    assert (str(issued)[:10], str(modified)[:10]) == ("2026-11-22", "2026-11-23")
    period = graph.value(DATASET, DCTERMS.temporal)
    assert [str(graph.value(period, each)) for each in (DCAT.startDate, DCAT.endDate)] == ["2018-12-31", "2022-01-01"]


def test_nothing_is_fetched_to_read_the_catalogue(release: Path) -> None:
    content = json.loads((release / "dcat.jsonld").read_text("utf-8"))
    assert isinstance(content["@context"], dict)
    assert "@import" not in content["@context"]


def test_what_the_authority_does_not_say_is_not_made_up(release: Path) -> None:
    graph = catalogue_of(release)
    assert graph.value(DATASET, DCAT.contactPoint) is None
    assert graph.value(DATASET, DCTERMS.accessRights) is None
    publisher = graph.value(DATASET, DCTERMS.publisher)
    assert [str(name) for name in graph.objects(publisher, FOAF.name)] == ["Närvaro"]
    assert "@base" not in json.loads((release / "dcat.jsonld").read_text("utf-8"))["@context"]


def test_what_the_authority_says_stands_in_both_files(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "release",
        publisher={"name": "Myndigheten", "iri": "http://dataportal.se/organisation/SE0000000000"},
        contact={"name": "Datafrågor", "email": "data@authority.example"},
        base_address="https://other.example/narvaro/",
        access_rights="PUBLIC",
    )
    graph = catalogue_of(folder)
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert dataset == URIRef("https://other.example/narvaro/dcat.jsonld#dataset")
    assert str(graph.value(dataset, DCTERMS.publisher)) == "http://dataportal.se/organisation/SE0000000000"
    assert str(graph.value(graph.value(dataset, DCAT.contactPoint), VCARD.hasEmail)) == "mailto:data@authority.example"
    assert str(graph.value(dataset, DCTERMS.accessRights)).endswith("access-right/PUBLIC")
    assert faults(graph) == []
    package = package_of(folder)
    assert package["homepage"] == "https://other.example/narvaro/"
    assert [each["title"] for each in package["contributors"]] == ["Myndigheten", "Datafrågor"]
    assert frictionless.validate(str(folder / "datapackage.json")).valid


@pytest.mark.parametrize(
    "said",
    [
        {"contact": {"name": "Datafrågor", "email": "nobody"}},
        {"base_address": "https://other.example/without-slash"},
        {"access_rights": "SECRET"},
        {"publisher": {"name": ""}},
        {"licens": "MIT"},
    ],
)
def test_a_faulty_line_of_the_authority_is_refused(tmp_path: Path, said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        written(tmp_path / "release", **said)


def test_a_table_without_its_file_is_no_release(tmp_path: Path) -> None:
    folder = small_release(tmp_path / "release")
    (folder / "parquet" / "kpi.presence.parquet").unlink()
    with pytest.raises(FileNotFoundError, match=r"kpi\.presence\.parquet"):
        write_catalogue(folder)
    assert not (folder / "datapackage.json").exists()


def test_equal_folders_have_equal_catalogues(release: Path) -> None:
    names = ("datapackage.json", "dcat.jsonld")
    before = [(release / name).read_bytes() for name in names]
    write_catalogue(release)
    assert [(release / name).read_bytes() for name in names] == before


def test_every_word_of_the_catalogue_has_a_meaning(release: Path) -> None:
    content = json.loads((release / "dcat.jsonld").read_text("utf-8"))
    used = {word for node in content["@graph"] for word in node if not word.startswith("@")}
    assert used - set(content["@context"]) == set(), "RDF drops a word without a meaning, in silence"
