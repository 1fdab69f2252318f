"""Service centres: when each takes over the customer square, how many by when, and what documents moved.

Belongs here: what stands on `rollout.html`. Does not belong here: which launches count as decided or as bringing
drop-in visits back (the warehouse).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from orchestration.site import charts
from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared
from orchestration.site.warehouse import Facts, Row


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`rollout.html`."""
    facts, t = shared.facts, language.t
    rollout = shared.rollout
    yield Page(
        path="rollout.html",
        template="rollout.html.jinja",
        title=t("Servicekontor", "Service centres"),
        summary=t(
            "När börjar servicekontoren ge Arbetsförmedlingens service, hur många är klara, och var kan man åter komma "
            "utan att boka?",
            "When do service centres begin to offer AF's services, how many are done, and where can people drop in?",
        ),
        section="rollout.html",
        content={
            "rollout": rollout,
            "reached": shared.reached_rollout,
            "targets": _targets(facts),
            "moved": facts.rows("select * from kpi.launch_slippage order by locality"),
            "launches": _launches(facts),
            "announced": _announced(facts),
            "months": _months(rollout, language),
            "months_rows": [
                [
                    language.month(row["launch_month"]),
                    *(
                        language.number(row[name])
                        for name in (
                            "launches",
                            "launches_decided",
                            "launches_direction",
                            "launches_new_centres",
                            "launches_restoring_drop_in",
                        )
                    ),
                ]
                for row in rollout
            ],
            "growth": _growth(rollout, language) if rollout else None,
            "growth_rows": [
                [
                    language.month(row["launch_month"]),
                    language.number(row["cumulative_existing"]),
                    language.number(row["existing_total"]),
                    language.share(row["completion_share"]),
                    language.number(row["cumulative_existing_restoring_drop_in"]),
                ]
                for row in rollout
            ],
        },
    )


def _targets(facts: Facts) -> list[dict[str, Any]]:
    """What each document says of a target, and how exact the document before it was."""
    return facts.rows(
        """select said.*, before.tolerance as previous_tolerance
           from kpi.rollout_slippage as said
           left join kpi.rollout_slippage as before
               on said.previous_document_id = before.document_id and said.measure = before.measure
                  and said.target_on = before.target_on
           order by said.target_on, said.measure, said.published, said.document_id"""
    )


def _launches(facts: Facts) -> list[dict[str, Any]]:
    """Every service centre in the rollout, with the launch as known now."""
    return facts.rows(
        """select centre.locality, centre.municipality_code, centre.is_new, launch.launch_month,
                  launch.is_latest_month, launch.commitment, launch.commitment_sv, launch.office_status,
                  launch.office_status_sv, launch.other_place, launch.restores_drop_in, launch.withdrawn_on,
                  launch.source_row_id
           from core.dim_service_centre as centre
           join core.fct_service_launch as launch using (service_centre_id)
           where launch.known_to is null
           order by launch.launch_month, centre.locality"""
    )


def _announced(facts: Facts) -> list[dict[str, Any]]:
    """The service centres that are to come, without a launch of their own."""
    return facts.rows(
        """select locality, municipality_code, source_row_id from core.dim_service_centre
           where service_centre_id not in (select service_centre_id from core.fct_service_launch)
           order by locality"""
    )


def _months(rollout: Sequence[Row], language: Language) -> charts.Spec:
    """Launches month by month, decided or by direction."""
    t = language.t
    words = t("%s: %s beslutade, %s enligt inriktningsbeslut", "%s: %s decided, %s by direction decision")
    return charts.months(
        [
            {
                **row,
                "tip": words
                % (language.month(row["launch_month"]), row["launches_decided"], row["launches_direction"]),
            }
            for row in rollout
        ],
        "launch_month",
        {
            "launches_decided": (t("Beslutad planering", "Decided plan"), charts.colour("staffed_office")),
            "launches_direction": (
                t("Inriktningsbeslut (senast i månaden)", "Direction decision (by the month)"),
                charts.colour("travel_to_office"),
            ),
        },
        t("Införanden", "Launches"),
    )


def _growth(rollout: Sequence[Row], language: Language) -> charts.Spec:
    """Launches up to each month, beside all service centres that exist."""
    t = language.t
    words = t("%s: %s av %s (%s); %s ger spontana besök på nytt", "%s: %s of %s (%s); %s bring drop-in visits back")
    total = rollout[-1]["existing_total"]
    return charts.steps(
        [
            {
                **row,
                "tip": words
                % (
                    language.month(row["launch_month"]),
                    row["cumulative_existing"],
                    row["existing_total"],
                    language.share(row["completion_share"]),
                    row["cumulative_existing_restoring_drop_in"],
                ),
            }
            for row in rollout
        ],
        "launch_month",
        {
            "cumulative_existing": (
                t("Med Arbetsförmedlingens service", "With AF's services"),
                charts.colour("staffed_office"),
            ),
            "cumulative_existing_restoring_drop_in": (
                t("varav ger spontana besök på nytt", "of which bring drop-in visits back"),
                charts.colour("collaboration_in_use"),
            ),
        },
        {"value": total, "name": t("%s befintliga servicekontor", "%s existing service centres") % total},
        t("Servicekontor", "Service centres"),
    )
