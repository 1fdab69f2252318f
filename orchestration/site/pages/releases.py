"""This release, what it changed, and those before it.

Belongs here: `releases.html`. Does not belong here: comparing two releases (`orchestration.release_changes`).
"""

from collections.abc import Iterator

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared
from orchestration.site.words import CHANGES, TABLES, named

SHOWN = 100
"""How many changed values and how many releases stand on the page, the rest in the table; releases come every night."""


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`releases.html`."""
    t, facts = language.t, shared.facts
    release_id = facts.release["release_id"]
    changes = facts.rows(
        """select * from meta.change where release_id = ? and (added > 0 or removed > 0 or changed > 0)
           order by table_name""",
        release_id,
    )
    changed_rows = facts.rows(
        "select * from meta.changed_row where release_id = ? order by table_name, row_key, column_name", release_id
    )
    history = facts.rows(
        """select r.*, coalesce(sum(c.added), 0)::bigint as added, coalesce(sum(c.removed), 0)::bigint as removed,
                  coalesce(sum(c.changed), 0)::bigint as changed
           from meta.release as r left join meta.change as c using (release_id)
           group by all order by released_at desc, release_id desc"""
    )
    yield Page(
        path="releases.html",
        template="releases.html.jinja",
        title=t("Utgåvor", "Releases"),
        summary=t(
            "Vad är nytt sedan förra utgåvan, och vilka har funnits?",
            "What is new since the release before, and which have there been?",
        ),
        section="releases.html",
        content={
            "changes": [each | {"name": named(TABLES, each["table_name"], language)} for each in changes],
            "changed_rows": [
                each
                | {
                    "name": named(TABLES, each["table_name"], language),
                    "kind_name": named(CHANGES, each["kind"], language),
                }
                for each in changed_rows[:SHOWN]
            ],
            "changed_count": len(changed_rows),
            "history": history[:SHOWN],
            "release_count": len(history),
        },
    )
