"""Writes the report: every page in both languages, with its assets, into one folder that opens from disk.

Belongs here: rendering, and the files that pages share. Does not belong here: what a page shows (`pages`). Nothing in
the folder asks for anything outside it, so no network is needed and none is used.
"""

import base64
import gzip
import shutil
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import minify_html
import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.site.language import LANGUAGES, Language
from orchestration.site.page import Page
from orchestration.site.pages import every_page, every_script
from orchestration.site.scripts import as_json, script
from orchestration.site.shared import Shared
from orchestration.site.warehouse import Facts

HERE = Path(__file__).parent
VEGA = "vega.js"
SMALL = {"keep_html_and_head_opening_tags": True}
"""How pages are made small; without these tags a page would lack its language in some tools' eyes."""
VEGA_SNIPPET = "window.vegaEmbed = vegaEmbed;"


@dataclass(frozen=True)
class SiteFacts:
    """What was written: pages in both languages, bytes of all files, and how long it took."""

    pages: int
    size_bytes: int
    seconds: float


def write_site(database: Path, folder: Path) -> SiteFacts:
    """Write the report of the release whose file this is into an empty or missing folder.

    Raises:
        FileExistsError: the folder holds something, which would stay among the pages.
        LookupError: the file lacks a row that a page cannot do without.
    """
    began = time.monotonic()
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: what it holds would stay among the pages of the report")
    environment = _environment()
    pages = 0
    with Facts(database) as facts:
        shutil.copytree(HERE / "assets", folder / "assets", dirs_exist_ok=True)
        (folder / "assets" / VEGA).write_text(packed_vega(), "utf-8", newline="\n")
        shared = Shared(facts)
        for language in LANGUAGES:
            for page in every_page(shared, language):
                target = folder / language.folder / page.path
                target.parent.mkdir(parents=True, exist_ok=True)
                text = minify_html.minify(render(environment, shared, language, page), **SMALL)
                target.write_text(text, "utf-8", newline="\n")
                pages += 1
        for name, text in every_script(shared).items():
            file = folder / "assets" / name
            # Data of an asset's name stand before it in its file: one file less that every page has to name.
            file.write_text(text + (file.read_text("utf-8") if file.exists() else ""), "utf-8", newline="\n")
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return SiteFacts(pages, size, round(time.monotonic() - began, 2))


def render(environment: Environment, shared: Shared, language: Language, page: Page) -> str:
    """One page as HTML."""
    above = "../" * (len(PurePosixPath(page.path).parts) - 1)
    context = {
        "page": page,
        "lang": language,
        "t": language.t,
        "root": above,
        "assets": above + ("../" if language.folder else ""),
        "release": shared.facts.release,
        "documents": shared.facts.documents,
        "source_rows": shared.facts.source_rows,
        "shared": shared,
    }
    return environment.get_template(page.template).render(context, **page.content)


@cache
def packed_vega() -> str:
    """Vega, Vega-Lite and vega-embed as one script, compressed to a third; making it takes a second."""
    packed = gzip.compress(vl_convert.javascript_bundle(VEGA_SNIPPET).encode(), mtime=0)
    return script("VEGA", base64.b64encode(packed).decode())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["as_json"] = as_json
    return environment
