"""What a page is, and where each stands in the navigation.

Belongs here: the shape of a page. Does not belong here: any page (`pages`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Page:
    """One page in one language."""

    path: str
    """Within the language's folder: `map.html`, `municipality/0180.html`; the same in both languages."""
    template: str
    title: str
    summary: str
    """One sentence: what the page answers."""
    section: str
    """The path of the page in the navigation that it belongs to."""
    content: Mapping[str, Any] = field(default_factory=dict)


NAVIGATION = (
    ("index.html", "Översikt", "Overview"),
    ("map.html", "Karta", "Map"),
    ("municipalities.html", "Kommuner", "Municipalities"),
    ("agreements.html", "Samarbeten", "Collaborations"),
    ("rollout.html", "Servicekontor", "Service centres"),
    ("visits.html", "Besök", "Visits"),
    ("criteria.html", "Bedömningsgrunder", "Criteria"),
    ("reconciliation.html", "Avstämning", "Reconciliation"),
)
"""Pages about the subject: path, and how the navigation names it in Swedish and English."""

REFERENCE = (
    ("conflicts.html", "Motsägelser", "Conflicts"),
    ("documents.html", "Dokument", "Documents"),
    ("definitions.html", "Definitioner", "Definitions"),
    ("dictionary.html", "Dataordlista", "Data dictionary"),
    ("quality.html", "Kvalitet", "Quality"),
    ("releases.html", "Utgåvor", "Releases"),
)
"""Pages about the data."""
