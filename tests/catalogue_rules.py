"""What DCAT-AP-SE 3.0.1 demands of a catalogue, and whether the files that one names are there."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SERVED_AT = "https://authority.example/data/"

MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, DCAT.dataset),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher),
    DCAT.Distribution: (DCAT.accessURL, DCTERMS.format),
    FOAF.Agent: (FOAF.name,),
    VCARD.Organization: (VCARD.fn, VCARD.hasEmail),
    SPDX.Checksum: (SPDX.algorithm, SPDX.checksumValue),
}
RECOMMENDED = {
    DCAT.Catalog: (DCTERMS.issued, DCTERMS.modified, DCTERMS.language, DCAT.themeTaxonomy),
    DCAT.Dataset: (DCAT.keyword, DCAT.theme, DCTERMS.temporal, DCTERMS.spatial, DCTERMS.issued, DCTERMS.modified),
    DCAT.Distribution: (DCTERMS.description, DCTERMS.license),
}
AT_MOST_ONE = {
    DCAT.Catalog: (DCTERMS.publisher, DCTERMS.license, DCTERMS.issued, DCTERMS.modified),
    DCAT.Dataset: (DCTERMS.publisher, DCTERMS.issued, DCTERMS.modified, DCTERMS.accessRights, DCAT.version),
    DCAT.Distribution: (DCAT.accessURL, DCTERMS.format, DCTERMS.license, DCAT.byteSize, SPDX.checksum),
}
IN_BOTH_LANGUAGES = (DCTERMS.title, DCTERMS.description, DCAT.keyword)
NAMED = (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, FOAF.Agent, VCARD.Organization)
"""What portals harvest by its IRI: none of these may be a blank node."""


def catalogue_of(folder: Path) -> Graph:
    """The catalogue as whoever fetches it from `SERVED_AT` reads it."""
    return Graph().parse(folder / "dcat.jsonld", format="json-ld", publicID=f"{SERVED_AT}dcat.jsonld")


def faults(graph: Graph) -> list[str]:
    """What is missing or too much, one line each."""
    return [*_absent(graph), *_too_many(graph), *_in_one_language(graph), *_unnamed(graph)]


def _absent(graph: Graph) -> Iterator[str]:
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, FOAF.Agent):
        if not list(graph.subjects(RDF.type, kind)):
            yield f"no {kind}"
    for rules in (MANDATORY, RECOMMENDED):
        for kind, properties in rules.items():
            for thing in graph.subjects(RDF.type, kind):
                yield from (f"{thing} lacks {each}" for each in properties if graph.value(thing, each) is None)


def _too_many(graph: Graph) -> Iterator[str]:
    for kind, properties in AT_MOST_ONE.items():
        for thing in graph.subjects(RDF.type, kind):
            yield from (f"{thing} has several {each}" for each in properties if len([*graph.objects(thing, each)]) > 1)


def _in_one_language(graph: Graph) -> Iterator[str]:
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution):
        for thing in graph.subjects(RDF.type, kind):
            for each in IN_BOTH_LANGUAGES:
                told = {text.language for text in graph.objects(thing, each) if isinstance(text, Literal)}
                if told and told != {"sv", "en"}:
                    yield f"{each} of {thing} is told in {sorted(map(str, told))}"


def _unnamed(graph: Graph) -> Iterator[str]:
    for kind in NAMED:
        for thing in graph.subjects(RDF.type, kind):
            if not isinstance(thing, URIRef) or not thing.startswith("http"):
                yield f"a {kind} has no address: {thing}"


def downloads(graph: Graph) -> dict[str, list[str]]:
    """The paths that can be downloaded, by the format of their distribution."""
    return {
        str(graph.value(each, DCTERMS.format)): sorted(_path(url) for url in graph.objects(each, DCAT.downloadURL))
        for each in graph.subjects(RDF.type, DCAT.Distribution)
    }


def wrong_files(graph: Graph, folder: Path) -> list[str]:
    """Download addresses behind which there is no file of the stated size and checksum."""
    wrong = []
    for distribution in graph.subjects(RDF.type, DCAT.Distribution):
        urls = list(graph.objects(distribution, DCAT.downloadURL))
        for url in urls:
            file = folder / _path(url)
            bearer = distribution if len(urls) == 1 else url
            if not file.is_file():
                wrong.append(f"{url} is no file")
            elif _checksum(graph, bearer) != hashlib.sha256(file.read_bytes()).hexdigest():
                wrong.append(f"{url} has another checksum")
        size = sum((folder / _path(url)).stat().st_size for url in urls if (folder / _path(url)).is_file())
        if graph.value(distribution, DCAT.byteSize) != Literal(size, datatype=XSD.nonNegativeInteger):
            wrong.append(f"{distribution} has another size")
    return wrong


def _path(url: Node) -> str:
    assert str(url).startswith(SERVED_AT), f"{url} is not in the folder"
    return unquote(str(url).removeprefix(SERVED_AT))


def _checksum(graph: Graph, bearer: Node) -> str | None:
    checksum = graph.value(bearer, SPDX.checksum)
    if checksum is None or graph.value(checksum, SPDX.algorithm) != SPDX.checksumAlgorithm_sha256:
        return None
    value = graph.value(checksum, SPDX.checksumValue)
    return str(value) if value is not None else None
