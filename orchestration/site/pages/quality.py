"""What was checked, what was refused, and what is withheld.

Belongs here: `quality.html`. Does not belong here: the checks themselves (`transforms`, `expectations`), and what the
documents say differently (`conflicts`).
"""

from collections.abc import Iterator

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared
from orchestration.site.words import CHECK_KINDS, RAW_TABLES, SEVERITIES, TABLES, named

SHOWN = 100
"""How many of the latest files and of the refused rows stand on the page; the rest stands in the table."""

PURPOSES = {
    "contract": ("Har källan samma kolumner och värden som förut?", "Has the source the columns and values it had?"),
    "dbt": (
        "Håller tabellernas egna regler: nycklar, summor, spårbarhet?",
        "Do the tables' own rules hold: keys, sums, traces?",
    ),
    "reading": ("Är varje rad läst, och godkänd eller underkänd?", "Is every row read, and passed or refused?"),
    "suite": ("Är innehållet rimligt mot det som är känt?", "Is the content plausible against what is known?"),
}
"""What each kind of check asks, in Swedish and English."""


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`quality.html`."""
    t, facts = language.t, shared.facts
    release_id = facts.release["release_id"]
    kinds = facts.rows(
        """select kind, count(*) as checks, count(*) filter (passed) as passed,
                  count(*) filter (not passed) as failed, count(*) filter (severity = 'error') as stopping
           from meta.check where release_id = ? group by kind order by checks desc, kind""",
        release_id,
    )
    checks = facts.rows(
        """select * from meta.check where release_id = ?
           order by passed, severity, asset, check_name""",
        release_id,
    )
    quarantine = facts.rows("select * from meta.quarantine order by first_seen desc, table_name, source_row_id, rule")
    deliveries = facts.rows("select * from meta.delivery order by delivery_number desc")
    yield Page(
        path="quality.html",
        template="quality.html.jinja",
        title=t("Kvalitet", "Quality"),
        summary=t(
            "Vad har kontrollerats i den här utgåvan, och vad höll inte?",
            "What was checked in this release, and what did not hold?",
        ),
        section="quality.html",
        content={
            "kinds": [
                each
                | {
                    "name": named(CHECK_KINDS, each["kind"], language),
                    "purpose": t(*PURPOSES.get(each["kind"], ("", ""))),
                }
                for each in kinds
            ],
            "checks": [
                each
                | {
                    "kind_name": named(CHECK_KINDS, each["kind"], language),
                    "severity_name": named(SEVERITIES, each["severity"], language),
                }
                for each in checks
            ],
            "quarantine": [
                each | {"table": named(RAW_TABLES, each["table_name"], language)} for each in quarantine[:SHOWN]
            ],
            "quarantined": len(quarantine),
            "deliveries": deliveries[:SHOWN],
            "delivered": len(deliveries),
            "disclosure": [
                each | {"table": named(TABLES, each["table_name"], language)}
                for each in facts.rows("select * from meta.disclosure order by table_name, column_name, scope")
            ],
        },
    )
