"""Contracts: what a row of a raw table must be. One pandera model per raw table, one module per kind of document.

Belongs here: shape, vocabulary and sense of one row. Does not belong here: what is done with a row that breaks a rule
(`expectations.quarantine`), and anything that looks at several tables.
"""

import pandera.polars as pa

from expectations.contracts.base import Rule, rules_of
from expectations.contracts.decision_appendices import ClosingOffices, KeptOffices, NetworkTotals, RestaffedOffices
from expectations.contracts.principles import Criteria, Principles
from expectations.contracts.registration_statistics import ClosedDespiteNeed, Competitiveness, VisitRates
from expectations.contracts.registrations import Registrations
from expectations.contracts.service_centre_schedules import ServiceCentreNotes, ServiceCentreRollout
from expectations.contracts.stated_figures import StatedFigures, StatedPlaces

CONTRACTS: dict[str, type[pa.DataFrameModel]] = {
    "kept_offices": KeptOffices,
    "closing_offices": ClosingOffices,
    "service_centre_rollout": ServiceCentreRollout,
    "service_centre_notes": ServiceCentreNotes,
    "network_totals": NetworkTotals,
    "restaffed_offices": RestaffedOffices,
    "closed_despite_need": ClosedDespiteNeed,
    "competitiveness": Competitiveness,
    "visit_rates": VisitRates,
    "criteria": Criteria,
    "principles": Principles,
    "stated_figures": StatedFigures,
    "stated_places": StatedPlaces,
}

FEED_CONTRACTS: dict[str, type[pa.DataFrameModel]] = {"registrations": Registrations}
"""Of tables that feeds fill, with rows by the million: no row has an id of its own (`expectations.feed_quarantine`)."""

__all__ = ["CONTRACTS", "FEED_CONTRACTS", "Rule", "rules_of"]
