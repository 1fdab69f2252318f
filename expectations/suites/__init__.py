"""Suites: are the published numbers plausible? One suite per published table, one module each.

Belongs here: claims that a person would check by eye, each with its reason. Does not belong here: types, keys and
identities that dbt constrains, and the shape of incoming rows (`expectations.contracts`).
"""

from expectations.suites import (
    agreement_completion,
    agreement_pace,
    channels,
    cooperation,
    criteria,
    municipality_presence,
    office_plan,
    overview,
    presence,
    presence_gap,
    presence_gap_by_scope,
    reconciliation,
    resources,
    rollout_slippage,
    service_centre_rollout,
    visit_change,
    visit_need,
    visits,
)
from expectations.suites.declaration import Declared, Expectation, Suite

SUITES: dict[str, Suite] = {
    suite.subject: suite
    for suite in (
        presence.SUITE,
        municipality_presence.SUITE,
        presence_gap.SUITE,
        presence_gap_by_scope.SUITE,
        office_plan.SUITE,
        agreement_completion.SUITE,
        agreement_pace.SUITE,
        service_centre_rollout.SUITE,
        rollout_slippage.SUITE,
        visits.SUITE,
        visit_change.SUITE,
        visit_need.SUITE,
        criteria.SUITE,
        channels.SUITE,
        resources.SUITE,
        cooperation.SUITE,
        overview.SUITE,
        reconciliation.SUITE,
    )
}
"""By the published table's address."""


def declared() -> list[Declared]:
    """Every check of every suite, in order, without importing Great Expectations."""
    return [
        Declared(each.name, suite.subject, each.severity, each.expected, reason_of(each))
        for suite in SUITES.values()
        for each in suite.expectations
    ]


def reason_of(expectation: Expectation) -> str:
    """Why the claim is made, and what was seen when its threshold was chosen."""
    return f"{expectation.reason} Seen in 2026-11: {expectation.seen}."


__all__ = ["SUITES", "Declared", "Expectation", "Suite", "declared", "reason_of"]
