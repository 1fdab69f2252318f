"""The rows behind a figure, whichever page shows it.

Belongs here: the frame of `trace.html`. Does not belong here: its content, which `assets/trace-page.js` takes from
`assets/trace.js` (`orchestration.site.traces`).
"""

from collections.abc import Iterator

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared


def pages(_shared: Shared, language: Language) -> Iterator[Page]:
    """`trace.html`."""
    t = language.t
    yield Page(
        path="trace.html",
        template="trace.html.jinja",
        title=t("Raderna bakom ett tal", "The rows behind a figure"),
        summary=t(
            "Vilka rader i vilka dokument räknas i ett tal, med sida, rad och ordalydelse?",
            "Which rows of which documents count in a figure, with page, line and wording?",
        ),
        section="definitions.html",
    )
