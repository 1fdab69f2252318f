"""Criteria: by which rules a place gets its form of presence, where they are met, and what nobody can judge.

Belongs here: what stands on `criteria.html`, the principles and the cooperation among it. Does not belong here: how a
criterion is judged (the warehouse).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orchestration.site import charts
from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared
from orchestration.site.warehouse import Facts, Row

VERDICTS: Mapping[str, str] = {"met": "good", "not_met": "bad", "not_computable": "none"}
"""The colour of each verdict, in the order in which they are shown."""


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`criteria.html`."""
    facts, t = shared.facts, language.t
    criteria = _criteria(facts)
    # Where a document lists failures only, a share of them says nothing.
    judged = [row for row in criteria if row["is_measurable"] and (row["met"] or row["not_computable"])]
    yield Page(
        path="criteria.html",
        template="criteria.html.jinja",
        title=t("Bedömningsgrunder", "Criteria"),
        summary=t(
            "Efter vilka regler väljs formen för lokal närvaro, var följs de inte, och vad kan ingen bedöma?",
            "By which rules is the form of local presence chosen, where are they not met, and what can nobody judge?",
        ),
        section="criteria.html",
        content={
            "criteria": criteria,
            "stated": _stated(facts),
            "judged": _judged(shared, judged, language),
            "judged_rows": [
                [
                    f"{language.label(row, 'criterion')} ({shared.document_name(row['document_id'], language)})",
                    *(language.number(row[verdict]) for verdict in VERDICTS),
                ]
                for row in judged
            ],
            "verdicts": _verdicts(language),
            "closed": _not_met(facts, "office_id is not null"),
            "unstaffed": _unstaffed(facts),
            "reasons": _reasons(facts),
            "principles": facts.rows("select * from kpi.principles order by principle_sv, version_number desc"),
            "cooperation": _cooperation(facts),
        },
    )


def _criteria(facts: Facts) -> list[dict[str, Any]]:
    """Each criterion as each document words it, with how many of its assessments came out how."""
    return facts.rows(
        """select criterion, criterion_sv, document_id, kind, kind_sv, is_measurable, threshold, threshold_basis,
                  threshold_basis_sv, summary, summary_sv, min(source_row_id) as source_row_id,
                  count(distinct source_row_id) as source_rows, bool_and(office_id is not null) as is_of_offices,
                  count(*) filter (verdict = 'met') as met,
                  count(*) filter (verdict = 'not_met') as not_met,
                  count(*) filter (verdict = 'not_computable') as not_computable
           from kpi.criteria
           group by all
           order by is_measurable desc, kind, criterion_sv, document_id"""
    )


def _stated(facts: Facts) -> Mapping[str, Row] | None:
    """The offices that the measurable criteria call for, as stated: all, those that exist, those that are closed."""
    figures = {
        "should": "offices_that_should_be_staffed",
        "exist": "offices_that_should_be_staffed_and_exist",
        "closed": "offices_closed_despite_need",
    }
    rows = facts.rows(
        """select * from meta.stated_figure where measure in (select unnest(?))
           qualify row_number() over (partition by measure order by as_of desc, document_id, line_from) = 1""",
        list(figures.values()),
    )
    by_measure = {row["measure"]: row for row in rows}
    if len(by_measure) < len(figures) or len({row["document_id"] for row in rows}) > 1:
        return None
    return {name: by_measure[measure] for name, measure in figures.items()}


def _not_met(facts: Facts, which: str) -> list[dict[str, Any]]:
    """Assessments that say no."""
    return facts.rows(
        f"""select criteria.*, place.county, place.county_code, place.fa_region, office.office, office.closes_on,
                   office.presence_form, office.presence_form_sv
            from kpi.criteria as criteria
            join core.dim_municipality as place using (municipality_code)
            left join core.dim_office as office using (office_id)
            where criteria.verdict = 'not_met' and criteria.{which}
            order by place.county_code, place.municipality, office.office"""  # noqa: S608  (`which` stands below)
    )


def _unstaffed(facts: Facts) -> list[dict[str, Any]]:
    """FA-regions without a staffed office, with their municipalities."""
    regions: dict[str, dict[str, Any]] = {}
    for row in _not_met(facts, "office_id is null"):
        key = f"{row['fa_region']} {row['criterion']} {row['document_id']}"
        region = regions.setdefault(key, {**row, "municipalities": []})
        region["municipalities"].append(row["municipality_code"])
    return sorted(regions.values(), key=lambda region: str(region["fa_region"]))


def _reasons(facts: Facts) -> list[dict[str, Any]]:
    """Why assessments cannot be made: each reason once for a criterion and document, with how many it concerns.

    What is told of a single municipality besides stands in `kpi.criteria`.
    """
    return facts.rows(
        """select criterion, criterion_sv, document_id, kind, kind_sv, summary, summary_sv,
                  mode(evidence) as evidence, mode(evidence_sv) as evidence_sv, count(*) as assessments,
                  count(municipality_code) as municipalities, min(source_row_id) as source_row_id
           from kpi.criteria
           where verdict = 'not_computable'
           group by all
           order by municipalities desc, kind, criterion_sv, document_id"""
    )


def _cooperation(facts: Facts) -> list[dict[str, Any]]:
    """The units that were interviewed, with the municipalities that they serve."""
    units: dict[str, dict[str, Any]] = {}
    for row in facts.rows("select * from kpi.cooperation order by unit, municipality"):
        unit = units.setdefault(row["unit"], {"unit": row["unit"], "as_of": row["as_of"], "municipalities": []})
        unit["municipalities"].append(row)
    return list(units.values())


def _verdicts(language: Language) -> Mapping[str, str]:
    """What each verdict is called, whether the release has one such or not."""
    t = language.t
    return {
        "met": t("Uppfyllt", "Met"),
        "not_met": t("Inte uppfyllt", "Not met"),
        "not_computable": t("Kan inte beräknas", "Not computable"),
    }


def _judged(shared: Shared, judged: Sequence[Row], language: Language) -> charts.Spec:
    """Of each measurable criterion, how many assessments came out how."""
    t = language.t
    names = _verdicts(language)
    rows = []
    for row in judged:
        counts = ", ".join(f"{name.lower()} {row[verdict]}" for verdict, name in names.items() if row[verdict])
        document = shared.facts.documents[row["document_id"]]["published"].year
        label = f"{language.label(row, 'criterion')}, {document}"
        rows.append(
            {
                "label": label,
                "tip": f"{label}: {counts}",
                **{verdict: row[verdict] for verdict in VERDICTS},
            }
        )
    return charts.parts(
        rows,
        {verdict: (names[verdict], charts.colour(colour)) for verdict, colour in VERDICTS.items()},
        t("Andel av bedömningarna", "Share of the assessments"),
        share=True,
    )
