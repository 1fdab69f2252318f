"""The report of a release: whole on its own, small, in two languages, and every link of it leads somewhere."""

import json
import re
from collections.abc import Iterator
from functools import cache
from os.path import normpath
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urldefrag, urlsplit

import duckdb
import pytest
from lxml import html
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.site.language import KINDS, english_labels
from orchestration.site.words import FIGURES, TABLES
from tests.integration.conftest import GoodNight

LARGEST = 5_000_000
OTHERS = {"data_docs", "dbt_docs"}
ADDRESSES = {"href", "src", "action", "poster", "data", "xlink:href"}

TEXTS = {
    "agrees_if",
    "definition",
    "description",
    "evidence",
    "explanation",
    "label",
    "metric",
    "previous_summary",
    "summary",
}
"""Columns that hold words in English beside those in Swedish, not codes."""


@pytest.fixture(scope="module")
def site(good_night: GoodNight) -> Path:
    return (good_night.published / "site").resolve()


@cache
def parsed(file: Path) -> html.HtmlElement:
    return html.parse(str(file), parser=html.HTMLParser(encoding="utf-8")).getroot()


def pages_of(site: Path) -> list[Path]:
    """The report's own pages."""
    found = [page for page in sorted(site.rglob("*.html")) if page.relative_to(site).parts[0] not in OTHERS]
    assert len(found) > 600
    return found


def links_of(page: Path) -> Iterator[str]:
    for element in parsed(page).iter():
        if isinstance(element.tag, str):
            yield from (value for name, value in element.attrib.items() if name in ADDRESSES)


@cache
def ids_of(page: Path) -> frozenset[str]:
    return frozenset(parsed(page).xpath("//@id"))


def figures_of(site: Path) -> set[str]:
    """The keys of the figures that `trace.html` can show."""
    text = (site / "assets" / "trace.js").read_text("utf-8")
    return set(json.loads(text.strip().removeprefix("(window.NARVARO ??= {}).TRACES = ").removesuffix(";"))["figures"])


def fault_of(link: str, page: Path, site: Path) -> str | None:
    """What is wrong with a link of a page, if something is."""
    if urlsplit(link).scheme in {"data", "mailto"}:
        return None
    if urlsplit(link).scheme or link.startswith("//"):
        return "leaves the disk"
    path, fragment = urldefrag(link)
    target = (page.parent / unquote(path)).resolve() if path else page
    if not target.is_file():
        return "leads to no file"
    return fault_of_fragment(unquote(fragment), target, site) if fragment and target.suffix == ".html" else None


def fault_of_fragment(fragment: str, target: Path, site: Path) -> str | None:
    """What is wrong with the part of a link after `#`: a place in the page, a figure, or what a table is to show."""
    if fragment in ids_of(target):
        return None
    if target.name == "trace.html":
        return None if fragment in figures_of(site) else "leads to no figure"
    if target.name == "map.html":
        return None if fragment.startswith("on=") else "leads to no day"
    if "=" not in fragment:
        return "leads to no place"
    asked = [pair for pair in parse_qsl(fragment) if pair[0] not in {"q", "sort"}]
    unknown = [f"{name}={value}" for name, value in asked if not has_row(target, name, value)]
    return f"asks for rows that are not there: {', '.join(unknown)}" if unknown else None


@cache
def has_row(page: Path, name: str, value: str) -> bool:
    """Whether a table of the page has a column of that key with that value."""
    for table in parsed(page).iter("table"):
        heads = table.xpath("./thead/tr[last()]/*")
        for at, head in enumerate(heads, start=1):
            if head.get("data-key") == name and "data-choose" in head.attrib:
                cells = table.xpath(f"./tbody/tr/*[{at}]")
                return any((cell.get("data-v") or cell.text_content().strip()) == value for cell in cells)
    return False


def test_every_link_of_the_report_leads_somewhere_on_the_disk(site: Path) -> None:
    faults = {
        f"{page.relative_to(site)}: {link} {fault}"
        for page in pages_of(site)
        for link in set(links_of(page))
        if (fault := fault_of(link, page, site))
    }
    assert sorted(faults)[:20] == []


def test_the_report_that_is_made_anew_stands_beside_the_files_that_it_links_to(good_night: GoodNight) -> None:
    done = CliRunner().invoke(app, ["site", "--no-serve"])
    assert done.exit_code == 0, done.output
    site = good_night.data / "build" / "report" / "site"
    pages = [site / name for name in ("dictionary.html", "definitions.html", "en/dictionary.html")]
    targets = {Path(normpath(page.parent / urldefrag(link)[0])) for page in pages for link in links_of(page)}
    outside = {target for target in targets if not target.is_relative_to(site)}
    assert {target.name for target in outside} > {"narvaro.duckdb", "narvaro.xlsx", "kpi.visits.csv"}
    assert {target for target in outside if not target.is_file()} == set()


def test_style_sheets_and_scripts_ask_for_nothing(site: Path) -> None:
    for file in (site / "assets").iterdir():
        text = file.read_text("utf-8")
        assert not re.search(r"@import|url\(\s*[\"']?(\w+:|//)|\bimport\(", text), file.name
        assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|sendBeacon|https?://(?!www\.w3\.org/))", text), (
            file.name
        )


def test_the_report_is_small(site: Path) -> None:
    files = [file for file in site.rglob("*") if file.is_file() and file.relative_to(site).parts[0] not in OTHERS]
    assert sum(file.stat().st_size for file in files) < LARGEST


def test_both_languages_have_the_same_pages(site: Path) -> None:
    pages = [page.relative_to(site) for page in pages_of(site)]
    english = {page.relative_to("en") for page in pages if page.parts[0] == "en"}
    assert english == {page for page in pages if page.parts[0] != "en"}
    for page in pages:
        assert parsed(site / page).get("lang") == ("en" if page.parts[0] == "en" else "sv"), page


def test_every_published_code_has_an_english_label(good_night: GoodNight) -> None:
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        columns = connection.execute(
            """select c.schema_name || '.' || c.table_name, c.column_name
               from meta.table_column as c join meta.table_column as swedish
                   on c.schema_name = swedish.schema_name and c.table_name = swedish.table_name
                      and swedish.column_name = c.column_name || '_sv'"""
        ).fetchall()
        codes = {
            (column, code)
            for table, column in columns
            if column not in TEXTS
            for (code,) in connection.execute(f"select distinct {column} from {table}").fetchall()
            if code is not None
        }
    labels = english_labels()
    assert len(codes) > 150
    assert {
        (column, code)
        for column, code in codes
        if not any((kind, code) in labels for kind in KINDS.get(column, (column,)))
    } == set()


def test_every_figure_and_table_has_a_name_in_both_languages(good_night: GoodNight) -> None:
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        figures = {metric for (metric,) in connection.execute("select metric from meta.metric").fetchall()}
        tables = connection.execute("select schema_name || '.' || table_name from meta.table_column").fetchall()
    assert figures == set(FIGURES)
    assert {table for (table,) in tables} == set(TABLES)


def test_a_gap_whose_end_is_unknown_says_to_which_day_it_is_counted(site: Path) -> None:
    lines = {
        folder: parsed(site / folder / "municipality" / "0763.html").xpath("string(//*[@class='timeline'])")
        for folder in ("", "en")
    }
    assert "kanske glapp, 288 dagar räknat till 15 mars 2021" in lines[""]
    assert "maybe a gap, 288 days counted to 15 March 2021" in lines["en"]


def test_a_criterion_of_which_only_failures_are_known_is_told_in_words_and_has_no_bar(site: Path) -> None:
    page = parsed(site / "en" / "criteria.html")
    bars = json.loads(page.xpath("string(//*[@id='judged']//script)"))
    assert "Staffed office in every FA-region" in json.dumps(bars)
    assert "The measurable criteria together" not in json.dumps(bars)
    assert "call for 109 staffed offices, of which 82 exist and 27 are closed" in page.text_content()


def test_each_municipality_and_county_and_document_has_a_page(site: Path, good_night: GoodNight) -> None:
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        wanted = connection.execute(
            """select 'municipality/' || municipality_code || '.html' from core.dim_municipality
               union select 'county/' || county_code || '.html' from core.dim_municipality
               union select 'document/' || document_id || '.html' from meta.document"""
        ).fetchall()
    assert {page for (page,) in wanted if not (site / page).is_file()} == set()


def test_every_page_has_one_heading_a_title_and_a_summary(site: Path) -> None:
    for page in pages_of(site):
        root = parsed(page)
        assert len(root.xpath("//h1")) == 1, page
        assert root.xpath("string(//title)").strip().endswith("– Närvaro"), page
        assert root.xpath("string(//main//*[@class='summary'])").strip(), page
