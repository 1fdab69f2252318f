"""The catalogue files of a release: `datapackage.json` for tools, `dcat.jsonld` for data portals.

Belongs here: what the two files say, made from one description of the folder. Does not belong here: what the tables
are (`release_description`), what only the publishing authority knows (`catalogue.yml`), when they are written.

They describe files by size and checksum, and so come last: after them nothing they describe may change.
Data Package 2.0: https://datapackage.org; DCAT-AP-SE 3.0.1: https://docs.dataportal.se/dcat/3.0.1/sv/.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field

from orchestration.published import DATABASE, WORKBOOK
from orchestration.release_description import Column, DescribedTable, Description, Document, described
from orchestration.release_file import count
from sources.sql import identifier

AUTHORITY = Path(__file__).with_suffix(".yml")
DATA_PACKAGE, DCAT_FILE = "datapackage.json", "dcat.jsonld"

REFERENCES = {
    "municipality_code": "core.dim_municipality",
    "office_id": "core.dim_office",
    "service_centre_id": "core.dim_service_centre",
    "document_id": "meta.document",
    "source_row_id": "meta.source_row",
    "delivery_id": "meta.delivery",
    "figure_id": "meta.stated_figure",
    "release_id": "meta.release",
}
"""Columns that name a row of another table, whose primary key has the same name."""

FIELD_TYPES: Mapping[str, Mapping[str, str]] = {
    "BOOLEAN": {"type": "boolean"},
    "BIGINT": {"type": "integer"},
    "INTEGER": {"type": "integer"},
    "DOUBLE": {"type": "number"},
    "DATE": {"type": "date"},
    "TIMESTAMP": {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S"},
}
"""Data Package's names for DuckDB's types, as the csv files write them; every other type is a string."""

NAME = "narvaro"
TITLE = {
    "sv": "Arbetsförmedlingens lokala närvaro",
    "en": "Arbetsförmedlingen's local presence",
}
DESCRIPTION = {
    "sv": (
        "Var i Sverige en arbetssökande kunde möta Arbetsförmedlingen, och när: kontor som blir kvar och kontor som "
        "stänger, samarbeten i andras lokaler, service på servicekontor, besök och inskrivna. Tabellerna bygger på "
        "rader ur Arbetsförmedlingens och SKR:s dokument och på månadsfiler. Varje siffra kan följas till dokument, "
        "sida och rad, och där dokumenten bara ger en gräns står båda gränserna."
    ),
    "en": (
        "Where in Sweden a jobseeker could meet Arbetsförmedlingen, the public employment service, and when: offices "
        "that stay and offices that close, collaborations on others' premises, service at service centres, visits and "
        "registered jobseekers. The tables are made from rows of documents of Arbetsförmedlingen and SKR, and from "
        "monthly files. Each figure can be traced to document, page and line, and where documents give bounds only, "
        "both bounds stand."
    ),
}
KEYWORDS = {
    "sv": [
        "Arbetsförmedlingen",
        "lokal närvaro",
        "arbetsförmedlingskontor",
        "servicekontor",
        "arbetssökande",
        "kommuner",
    ],
    "en": [
        "public employment service",
        "local presence",
        "employment offices",
        "service centres",
        "jobseekers",
        "municipalities",
    ],
}

DCAT_AP_SE = "https://docs.dataportal.se/dcat/3.0.1/sv/"
EU = "http://publications.europa.eu/resource/authority/"
THEMES = [f"{EU}data-theme/SOCI", f"{EU}data-theme/GOVE"]
LANGUAGES = [f"{EU}language/SWE", f"{EU}language/ENG"]
SWEDEN = ["http://sws.geonames.org/2661886", f"{EU}country/SWE"]
"""The first as DCAT-AP-SE recommends, the second as DCAT-AP does."""

Iri = Annotated[str, Field(pattern=r"^https?://\S+$")]
Address = Annotated[str, Field(pattern=r"^https?://\S+/$")]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Publisher(_Said):
    """Who publishes the tables."""

    name: Annotated[str, Field(min_length=1)]
    iri: Iri | None = None
    type: Iri | None = None


class Contact(_Said):
    """Who answers questions about them."""

    name: Annotated[str, Field(min_length=1)]
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


class Licence(_Said):
    """A licence by its short name (Open Definition's, as Data Package wants it), its title and its IRI."""

    name: str
    title: str
    iri: Iri


class Authority(_Said):
    """What only the authority knows that publishes the tables; the file says what each line means."""

    publisher: Publisher
    contact: Contact | None = None
    licence: Licence
    catalogue_licence: Iri
    base_address: Address | None = None
    access_rights: Literal["PUBLIC", "RESTRICTED", "NON_PUBLIC"] | None = None

    @classmethod
    def read(cls, file: Path) -> "Authority":
        """From YAML. Raises `pydantic.ValidationError` for what the file may not say."""
        return cls.model_validate(yaml.safe_load(file.read_text("utf-8")))


@dataclass(frozen=True)
class Kind:
    """A kind of file that releases consist of."""

    fragment: str
    media_type: str
    title: Mapping[str, str]
    description: Mapping[str, str]


KINDS = {
    "duckdb": Kind(
        "duckdb",
        "application/octet-stream",
        {"sv": "DuckDB-databas", "en": "DuckDB database"},
        {
            "sv": "Alla tabeller i en fil, med nycklar och kommentarer. Öppnas skrivskyddad med DuckDB 1.1 och senare.",
            "en": "All tables in one file, with keys and comments. Opens read-only with DuckDB 1.1 and later.",
        },
    ),
    "csv": Kind(
        "csv",
        "text/csv",
        {"sv": "CSV-filer", "en": "CSV files"},
        {
            "sv": "En fil för varje tabell, UTF-8, kommatecken och rubrikrad. datapackage.json beskriver kolumnerna.",
            "en": "One file for each table, UTF-8 with commas and a header. datapackage.json describes the columns.",
        },
    ),
    "parquet": Kind(
        "parquet",
        "application/vnd.apache.parquet",
        {"sv": "Parquet-filer", "en": "Parquet files"},
        {
            "sv": "En fil för varje tabell, med typer. Kolumnerna är desamma som i CSV-filerna.",
            "en": "One file for each table, with types. The columns are those of the CSV files.",
        },
    ),
    "xlsx": Kind(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        {"sv": "Excel-arbetsbok", "en": "Excel workbook"},
        {
            "sv": "Ett blad för varje tabell, och ett som förklarar. De längsta tabellerna finns bara i andra format.",
            "en": "One sheet for each table, and one that explains. The longest tables are in other formats only.",
        },
    ),
}
"""The kinds by the ending of their files."""


@dataclass(frozen=True)
class ReleasedFile:
    """A file of the release: its path in the folder, its size in bytes, its SHA-256, and its table, if it is of one."""

    path: str
    size: int
    sha256: str
    table: DescribedTable | None = None

    @property
    def kind(self) -> Kind:
        """Its format."""
        return KINDS[self.path.rpartition(".")[2]]


@dataclass(frozen=True)
class Folder:
    """All that the two files say, but for what the authority says."""

    description: Description
    files: tuple[ReleasedFile, ...]
    references: Mapping[str, tuple[tuple[str, str], ...]]
    """By table: column and the table it refers to, for references that every row of this release keeps."""
    covers: tuple[date, date] | None
    """First and last day of the calendar; None if it is empty."""


def write_catalogue(folder: Path, authority: Path = AUTHORITY) -> None:
    """Describe a release's folder in `datapackage.json` and `dcat.jsonld`, by what its files are at this moment.

    Raises `FileNotFoundError` if a table has no csv or Parquet file, `pydantic.ValidationError` for a faulty
    authority's file. The workbook is described if it is there.
    """
    said = Authority.read(authority)
    release = read_folder(folder)
    for name, content in ((DATA_PACKAGE, data_package(release, said)), (DCAT_FILE, dcat(release, said))):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


def read_folder(folder: Path) -> Folder:
    """What stands in a release's folder; every file is read once for its checksum."""
    with described(folder / DATABASE) as (description, connection):
        days = connection.execute("select min(date), max(date) from core.dim_date").fetchone()
        references = {table.address: _references(connection, table, description) for table in description.tables}
    paths: list[tuple[str, DescribedTable | None]] = [(DATABASE, None)]
    if (folder / WORKBOOK).exists():
        paths.append((WORKBOOK, None))
    for kind in ("csv", "parquet"):
        paths += [(f"{kind}/{table.address}.{kind}", table) for table in description.tables]
    files = tuple(_released_file(folder, path, table) for path, table in paths)
    return Folder(description, files, references, days if days and all(days) else None)


def _released_file(folder: Path, path: str, table: DescribedTable | None) -> ReleasedFile:
    with (folder / path).open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return ReleasedFile(path, (folder / path).stat().st_size, digest, table)


def _references(
    connection: duckdb.DuckDBPyConnection, table: DescribedTable, description: Description
) -> tuple[tuple[str, str], ...]:
    """Which columns of a table refer to another one: by name, and without a value that the other one lacks."""
    keys = {each.address: each.table for each in description.tables}
    kept = []
    for column in table.table.columns:
        other = keys.get(REFERENCES.get(column, ""))
        if other is None or other.address == table.address or other.key != (column,):
            continue
        name = identifier(column)
        stated = f"(from {table.table.quoted} where {name} is not null)"
        if count(connection, f"{stated} as stated anti join {other.quoted} using ({name})") == 0:
            kept.append((column, other.address))
    return tuple(kept)


# Data Package


def data_package(release: Folder, said: Authority) -> dict[str, Any]:
    """The csv files as a Data Package, with schema, size and checksum.

    The other formats hold the same tables and stand in `dcat.jsonld`: as resources without a schema, tools would guess
    the types that the csv files state.
    """
    description = release.description
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "id": f"{NAME}/{description.release_id}",
        "version": description.release_id,
        "created": f"{description.released_at:%Y-%m-%dT%H:%M:%SZ}",
        "title": TITLE["en"],
        "title_sv": TITLE["sv"],
        "description": DESCRIPTION["en"],
        "description_sv": DESCRIPTION["sv"],
        "keywords": [*KEYWORDS["en"], *KEYWORDS["sv"]],
        "contract_version": description.contract_version,
        "licenses": [{"name": said.licence.name, "path": said.licence.iri, "title": said.licence.title}],
        "contributors": [{"title": said.publisher.name, "roles": ["publisher"]} | _path(said.publisher.iri)],
        "sources": [_source(document) for document in description.documents],
        "resources": [
            _resource(file, release.references[file.table.address])
            for file in release.files
            if file.table and file.kind is KINDS["csv"]
        ],
    }
    if said.base_address:
        package["homepage"] = said.base_address
    if said.contact:
        package["contributors"].append(
            {"title": said.contact.name, "email": said.contact.email, "roles": ["contactPoint"]}
        )
    return package


def _path(iri: str | None) -> dict[str, str]:
    return {"path": iri} if iri else {}


def _source(document: Document) -> dict[str, Any]:
    """A document by what identifies it; the columns are those of `meta.document`."""
    source = {
        "title": f"{document.title} ({document.publisher}, {document.published})",
        "version": str(document.published),
        "document_id": document.document_id,
        "publisher": document.publisher,
        "as_of": str(document.as_of),
        "dnr": document.dnr,
        "language": document.language,
        "hash": f"sha256:{document.sha256}",
    }
    return {name: value for name, value in source.items() if value is not None}


def _resource(file: ReleasedFile, references: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """One csv file, which is a table with a schema."""
    assert file.table is not None, "every csv is of a table"
    return {
        "name": file.table.address,
        "type": "table",
        "path": file.path,
        "description": f"{file.table.purpose} {file.table.grain}".strip(),
        "format": "csv",
        "mediatype": file.kind.media_type,
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": _schema(file.table, references),
    }


def _schema(table: DescribedTable, references: Sequence[tuple[str, str]]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.table.key:
        schema["primaryKey"] = list(table.table.key)
    if references:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": other, "fields": [column]}} for column, other in references
        ]
    return schema


def _field(column: Column) -> dict[str, Any]:
    """A column; `unit` and `description_sv` are words of our own, which the standard allows."""
    field: dict[str, Any] = {"name": column.name, **FIELD_TYPES.get(column.data_type, {"type": "string"})}
    texts = {"description": column.description, "description_sv": column.description_sv, "unit": column.unit}
    field |= {name: text for name, text in texts.items() if text}
    if not column.is_nullable:
        field["constraints"] = {"required": True}
    return field


# DCAT-AP-SE

CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{
        term: {"@id": iri, "@container": "@language"}
        for term, iri in (
            ("title", "dcterms:title"),
            ("description", "dcterms:description"),
            ("keyword", "dcat:keyword"),
            ("label", "rdfs:label"),
        )
    },
    **{
        term: {"@id": f"{prefix}:{term}", "@type": "@id"}
        for prefix, terms in (
            ("dcterms", ("accessRights", "accrualPeriodicity", "conformsTo", "language", "license", "provenance")),
            ("dcterms", ("publisher", "spatial", "temporal", "type")),
            ("dcat", ("accessURL", "contactPoint", "dataset", "distribution", "downloadURL", "mediaType", "theme")),
            ("dcat", ("themeTaxonomy",)),
            ("foaf", ("page",)),
            ("spdx", ("algorithm", "checksum")),
            ("vcard", ("hasEmail",)),
        )
        for term in terms
    },
    "byteSize": {"@id": "dcat:byteSize", "@type": "xsd:nonNegativeInteger"},
    "checksumValue": {"@id": "spdx:checksumValue", "@type": "xsd:hexBinary"},
    "startDate": {"@id": "dcat:startDate", "@type": "xsd:date"},
    "endDate": {"@id": "dcat:endDate", "@type": "xsd:date"},
    "issued": {"@id": "dcterms:issued", "@type": "xsd:dateTime"},
    "modified": {"@id": "dcterms:modified", "@type": "xsd:dateTime"},
    "format": "dcterms:format",
    "identifier": "dcterms:identifier",
    "version": "dcat:version",
    "name": "foaf:name",
    "fn": "vcard:fn",
}
"""What the words of `dcat.jsonld` mean. It stands in the file, so that nothing is fetched to read it."""


def dcat(release: Folder, said: Authority) -> dict[str, Any]:
    """The folder as a catalogue of one dataset, with one distribution per format.

    The many files of a format are one distribution with as many download addresses, as DCAT-AP-SE wants it: other
    distributions of a dataset are for the same data in other formats. Each file has its own checksum.
    """
    description = release.description
    publisher = said.publisher.iri or _here("publisher")
    times = {
        "issued": f"{description.first_released_at:%Y-%m-%dT%H:%M:%SZ}",
        "modified": f"{description.released_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    by_kind = {
        kind.fragment: [file for file in release.files if file.kind is kind]
        for kind in KINDS.values()
        if any(file.kind is kind for file in release.files)
    }
    graph: list[dict[str, Any]] = [
        {
            "@id": _here("catalog"),
            "@type": "dcat:Catalog",
            "title": {"sv": "Närvaro", "en": "Närvaro"},
            "description": {
                "sv": "Katalog över de tabeller om Arbetsförmedlingens lokala närvaro som Närvaro publicerar.",
                "en": "Catalogue of the tables on Arbetsförmedlingen's local presence that Närvaro publishes.",
            },
            "publisher": publisher,
            "license": said.catalogue_licence,
            "language": LANGUAGES,
            "conformsTo": DCAT_AP_SE,
            "themeTaxonomy": f"{EU}data-theme",
            "dataset": _here("dataset"),
            **times,
        },
        {
            "@id": _here("dataset"),
            "@type": "dcat:Dataset",
            "identifier": NAME,
            "title": TITLE,
            "description": DESCRIPTION,
            "keyword": KEYWORDS,
            "publisher": publisher,
            "theme": THEMES,
            "language": LANGUAGES,
            "spatial": SWEDEN,
            "accrualPeriodicity": f"{EU}frequency/DAILY",
            "version": description.release_id,
            "page": DATA_PACKAGE,
            "provenance": {"@id": _here("provenance")},
            "distribution": [_here(fragment) for fragment in by_kind],
            **({"temporal": {"@id": _here("period")}} if release.covers else {}),
            **({"contactPoint": _here("contact")} if said.contact else {}),
            **({"accessRights": f"{EU}access-right/{said.access_rights}"} if said.access_rights else {}),
            **times,
        },
        {
            "@id": _here("provenance"),
            "@type": "dcterms:ProvenanceStatement",
            "label": _provenance(description.documents),
        },
        {
            "@id": publisher,
            "@type": "foaf:Agent",
            "name": said.publisher.name,
            **({"type": said.publisher.type} if said.publisher.type else {}),
        },
        *({"@id": place, "@type": "dcterms:Location"} for place in SWEDEN),
        {"@id": DCAT_AP_SE, "@type": "dcterms:Standard", "title": {"sv": "DCAT-AP-SE 3.0.1", "en": "DCAT-AP-SE 3.0.1"}},
        {"@id": DATA_PACKAGE, "@type": "foaf:Document"},
        {
            "@id": said.licence.iri,
            "@type": "dcterms:LicenseDocument",
            "title": {"sv": said.licence.title, "en": said.licence.title},
        },
    ]
    if release.covers:
        start, end = release.covers
        graph.append(
            {"@id": _here("period"), "@type": "dcterms:PeriodOfTime", "startDate": str(start), "endDate": str(end)}
        )
    if said.contact:
        graph.append(
            {
                "@id": _here("contact"),
                "@type": "vcard:Organization",
                "fn": said.contact.name,
                "hasEmail": f"mailto:{said.contact.email}",
            }
        )
    for fragment, files in by_kind.items():
        graph += _distribution(fragment, files, said.licence.iri, times)
    return {"@context": ({"@base": said.base_address} if said.base_address else {}) | CONTEXT, "@graph": graph}


def _distribution(
    fragment: str, files: Sequence[ReleasedFile], licence: str, times: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One format: a distribution of one file with its checksum, or of many files, each with its own."""
    kind = files[0].kind
    distribution: dict[str, Any] = {
        "@id": _here(fragment),
        "@type": "dcat:Distribution",
        "title": kind.title,
        "description": kind.description,
        "accessURL": files[0].path if len(files) == 1 else DATA_PACKAGE,
        "downloadURL": [file.path for file in files],
        "format": kind.media_type,
        "mediaType": f"http://www.iana.org/assignments/media-types/{kind.media_type}",
        "byteSize": str(sum(file.size for file in files)),
        "language": LANGUAGES,
        "license": licence,
        **times,
    }
    if len(files) == 1:
        return [distribution | {"checksum": _checksum(files[0])}]
    return [distribution, *({"@id": file.path, "@type": "spdx:File", "checksum": _checksum(file)} for file in files)]


def _here(fragment: str) -> str:
    """The IRI of a thing that this file describes."""
    return f"{DCAT_FILE}#{fragment}"


def _checksum(file: ReleasedFile) -> dict[str, Any]:
    return {
        "@type": "spdx:Checksum",
        "algorithm": "spdx:checksumAlgorithm_sha256",
        "checksumValue": file.sha256,
    }


def _provenance(documents: Sequence[Document]) -> dict[str, str]:
    """Which documents the rows come from."""
    named = "; ".join(f"{each.title} ({each.publisher}, {each.published})" for each in documents)
    return {
        "sv": f"Framställd av rader ur dessa dokument, och av månadsfiler där sådana har levererats: {named}.",
        "en": f"Made from rows of these documents, and of monthly files where such were delivered: {named}.",
    }
