"""Contracts for what AF says it judges by: the principles of Bilaga 1 and the criteria of Bilaga 2 and the analysis.

Belongs here: what a carried-over principle or criterion must be. Does not belong here: whether a criterion is met.
"""

from datetime import date

import pandera.polars as pa
import polars as pl

from expectations.contracts.base import RawTable, date_within, is_name, matches, one_of, rule, text

VERSIONS = ("2019", "2020")
KINDS = ("general", "local_condition")
YES_NO = ("yes", "no")
THRESHOLD_BASES = ("registered", "mean_registered_of_recent_years")


class Principles(RawTable):
    """Bilaga 1. Grain: one version of one principle."""

    principle: str
    version: str
    decided_on: str = pa.Field(nullable=True)
    summary: str
    summary_sv: str

    principle_is_a_name = rule(
        "principle_is_a_name",
        "principle",
        expected="words of lower-case letters, joined by _",
        holds=is_name("principle"),
    )
    version_known = rule(
        "version_known", "version", expected=f"one of {', '.join(VERSIONS)}", holds=one_of("version", VERSIONS)
    )
    duplicate_version = rule(
        "duplicate_version",
        "principle",
        "version",
        expected="a version of a principle that no earlier row has",
        holds=pl.struct("principle", "version").is_first_distinct(),
    )
    decided_on_is_a_day = rule(
        "decided_on_is_a_day",
        "decided_on",
        expected="a day of 2019 or 2020, or nothing where no day is printed",
        holds=date_within(text("decided_on"), date(2019, 1, 1), date(2020, 12, 31)),
    )


class Criteria(RawTable):
    """Bilaga 2, and section 3.1 of the analysis. Grain: one criterion of one document."""

    criterion: str
    kind: str
    is_measurable: str
    threshold: str = pa.Field(nullable=True)
    threshold_basis: str = pa.Field(nullable=True)
    summary: str
    summary_sv: str

    criterion_is_a_name = rule(
        "criterion_is_a_name",
        "criterion",
        expected="words of lower-case letters, joined by _",
        holds=is_name("criterion"),
    )
    duplicate_criterion = rule(
        "duplicate_criterion",
        "criterion",
        "document_id",
        expected="a criterion that no earlier row of the document has",
        holds=pl.struct("criterion", "document_id").is_first_distinct(),
    )
    kind_known = rule("kind_known", "kind", expected=f"one of {', '.join(KINDS)}", holds=one_of("kind", KINDS))
    measurable_is_yes_or_no = rule(
        "measurable_is_yes_or_no", "is_measurable", expected="yes or no", holds=one_of("is_measurable", YES_NO)
    )
    threshold_is_a_number = rule(
        "threshold_is_a_number",
        "threshold",
        expected="registered jobseekers, digits",
        holds=matches("threshold", r"\d+"),
    )
    threshold_has_a_basis = rule(
        "threshold_has_a_basis",
        "criterion",
        expected=f"with a threshold: {' or '.join(THRESHOLD_BASES)}; without: nothing",
        holds=pl.col("threshold").is_null() == pl.col("threshold_basis").is_null(),
    )
    threshold_basis_known = rule(
        "threshold_basis_known",
        "threshold_basis",
        expected=f"one of {', '.join(THRESHOLD_BASES)}",
        holds=one_of("threshold_basis", THRESHOLD_BASES),
    )
