"""The pages of the report, one module per subject.

Belongs here: what a page shows, as queries on the published tables and the words around them. Does not belong here: how
a page looks (`orchestration/site/templates`), how a chart is drawn (`orchestration.site.charts`).

Each module has one function that gives the pages of its subject in one language.
"""

from collections.abc import Callable, Iterator, Mapping

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.pages import (
    agreements,
    conflicts,
    county,
    criteria,
    definitions,
    dictionary,
    documents,
    municipalities,
    municipality,
    overview,
    presence_map,
    quality,
    reconciliation,
    releases,
    rollout,
    trace,
    visits,
)
from orchestration.site.shared import Shared

SUBJECTS: tuple[Callable[[Shared, Language], Iterator[Page]], ...] = (
    overview.pages,
    presence_map.pages,
    municipalities.pages,
    municipality.pages,
    county.pages,
    agreements.pages,
    rollout.pages,
    visits.pages,
    criteria.pages,
    reconciliation.pages,
    conflicts.pages,
    documents.pages,
    definitions.pages,
    dictionary.pages,
    quality.pages,
    releases.pages,
    trace.pages,
)


def every_page(shared: Shared, language: Language) -> Iterator[Page]:
    """All pages in one language, in the order of the navigation."""
    for pages in SUBJECTS:
        yield from pages(shared, language)


def every_script(shared: Shared) -> Mapping[str, str]:
    """The files with data, for `assets/`, by name; to be written when all pages are."""
    return {**shared.scripts(), "map-data.js": presence_map.map_script(shared.facts)}
