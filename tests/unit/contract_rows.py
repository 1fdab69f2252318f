"""One valid row of each raw table, as the documents print it."""

from collections.abc import Mapping

import polars as pl

FINAL_REPORT = "af-final-report-2020-10-23"
NEWS = "af-news-2020-06-15"
ANALYSIS = "af-analysis-2021-05-20"


def _provenance(document_id: str, table: str, page: int | None, line: int) -> dict[str, object]:
    return {
        "source_row_id": f"{document_id}:{table}:{line}",
        "document_id": document_id,
        "page": page,
        "line_from": line,
        "line_to": line,
        "raw_text": "the printed line",
        "bounding_box": None if page is None else "56.7 120.3 538.6 142.1",
    }


VALID: dict[str, dict[str, object]] = {
    "kept_offices": {
        "Län": "Norrbottens län",
        "Region": "Nord",
        "Kommun": "Kiruna",
        "Arbetsförmedlingskontor": "Af Kiruna",
        "Form av kontor": "Fast bemannat kontor",
        **_provenance(FINAL_REPORT, "kept_offices", 51, 3534),
    },
    "closing_offices": {
        "Län": "Norrbotten",
        "Region": "Nord",
        "Kommun": "Boden",
        "Arbetsförmedlingskontor": "Af Boden",
        "Tidpunkt avveckling": "2019-12-01",
        "Servicekontor på orten": "Nej",
        "Form av ändamålsenlig lokal närvaro": "Samarbetslösning",
        "Samarbetslösning klar och ändamålsenlig": "Nej (ÖK om avtal finns)",
        **_provenance(FINAL_REPORT, "closing_offices", 57, 3901),
    },
    "service_centre_rollout": {
        "Tabell": "1",
        "Införande": "i april 2020",
        "Ort": "Hässleholm",
        "Status arbetsförmedlingskontor": "Avvecklat",
        **_provenance(FINAL_REPORT, "service_centre_rollout", 46, 3232),
    },
    "service_centre_notes": {
        "Tabell": "11",
        "Införande": "senast i november 2021 i enlighet med inriktningsbeslut",
        "Ort": "Göteborg",
        "Notering": "Notera att ett ytterligare servicekontor etableras i Gbg 2021",
        **_provenance(FINAL_REPORT, "service_centre_notes", 50, 3456),
    },
    "network_totals": {
        "Arbetsförmedlingens kontorsnät": "Kvarstående kontor totalt",
        "Enligt ingången av 2019": "238",
        "Enligt tidigare beslutad plan (hösten 2019)": "106",
        "Enligt beslutade justeringar i plan (2020)": "112",
        **_provenance(FINAL_REPORT, "network_totals", 25, 1526),
    },
    "restaffed_offices": {
        "Ort": "Pajala",
        "Förändring": "från kontor vi reser till till fast bemannat kontor",
        **_provenance(NEWS, "restaffed_offices", None, 16),
    },
    "closed_despite_need": {
        "FA-region": "Växjö",
        "Kontor": "Af Alvesta",
        "SSC finns på orten (ja/nej)": "Nej",
        "Datum för avveckling": "2020-10-31*",
        "Status lokal närvaro": "Samarbetslösning finns (i egen lokal).",
        **_provenance(ANALYSIS, "closed_despite_need", None, 262),
    },
    "competitiveness": {
        "Kommuner med": "lägst andel utsatta",
        "Kommun": "Vellinge",
        "Andel utsatta": "48,8%",
        "AF kontor i kommunen": "Nej, kontor fanns ej 2019.",
        **_provenance(ANALYSIS, "competitiveness", None, 325),
    },
    "visit_rates": {
        "Grupp": "Samtliga",
        "Januari 2019": "24",
        "Januari 2020": "11",
        "Förändring": "-54%",
        **_provenance(ANALYSIS, "visit_rates", None, 429),
    },
    "criteria": {
        "criterion": "staffed_office_above_threshold",
        "kind": "general",
        "is_measurable": "yes",
        "threshold": "4000",
        "threshold_basis": "registered",
        "summary": "What it asks for",
        "summary_sv": "Vad det kräver",
        **_provenance(FINAL_REPORT, "criteria", 45, 3157),
    },
    "principles": {
        "principle": "cooperate_for_meetings",
        "version": "2020",
        "decided_on": "2020-02-19",
        "summary": "What it asks for",
        "summary_sv": "Vad den kräver",
        **_provenance(FINAL_REPORT, "principles", 42, 2843),
    },
    "stated_figures": {
        "as_of": "2020-12-31",
        "topic": "network",
        "measure": "kept_plan_2020",
        "counts": "offices",
        "printed": "112 kontor",
        "value": "112",
        "lower": None,
        "upper": None,
        "unit": "count",
        "tolerance": "exact",
        "computed_by": "plan",
        "reason": None,
        "label": "Offices at the end of 2020",
        "label_sv": "Kontor vid utgången av 2020",
        **_provenance(FINAL_REPORT, "stated_figures", 7, 203),
    },
    "stated_places": {
        "as_of": "2020-10-15",
        "place_list": "reinstated",
        "subject": None,
        "place": "Hagfors",
        "place_kind": "locality",
        **_provenance(FINAL_REPORT, "stated_places", 24, 1450),
    },
}
NUMBERS = ("page", "line_from", "line_to")


def frame_of(table: str, cells: Mapping[str, object] | None = None) -> pl.DataFrame:
    """The valid row of the table, with these cells instead of its own."""
    row = VALID[table] | dict(cells or {})
    schema = {name: pl.Int64 if name in NUMBERS else pl.String for name in row}
    return pl.DataFrame([row], schema=schema)
