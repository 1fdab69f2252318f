"""Contracts: what each rule refuses, and that it refuses nothing else."""

from collections.abc import Mapping

import polars as pl
import pytest

from expectations.contracts import CONTRACTS, rules_of
from expectations.quarantine import split
from tests.unit.contract_rows import VALID, frame_of

COLUMN_RULES: dict[str, dict[str, dict[str, object]]] = {
    "kept_offices": {
        "county_known": {"Län": "Bohuslän"},
        "region_known": {"Region": "Nordväst"},
        "municipality_known": {"Kommun": "Ankeborg"},
        "municipality_in_its_county": {"Kommun": "Umeå"},
        "county_in_its_region": {"Region": "Syd"},
        "office_named_af": {"Arbetsförmedlingskontor": "Kiruna"},
        "form_known": {"Form av kontor": "Kontor på hjul"},
        "decision_date_in_window": {"Form av kontor": "Fast bemannat kontor. Beslut 200230."},
        "cell_filled": {"Form av kontor": " "},
        "source_row_id_names_document_and_line": {"line_from": 3533},
        "lines_in_order": {"line_to": 3500},
        "page_counted_from_one": {"page": 0},
    },
    "closing_offices": {
        "closing_date_in_window": {"Tidpunkt avveckling": "2019-02-29"},
        "service_centre_answered": {"Servicekontor på orten": "Kanske"},
        "presence_form_known": {"Form av ändamålsenlig lokal närvaro": "Digital närvaro"},
        "readiness_has_comment": {"Samarbetslösning klar och ändamålsenlig": "Nej"},
        "readiness_comment_known": {"Samarbetslösning klar och ändamålsenlig": "Nej (väntar på svar)"},
        "dash_goes_with_nearby_office": {"Samarbetslösning klar och ändamålsenlig": "-"},
        "service_centre_premises_need_a_service_centre": {
            "Samarbetslösning klar och ändamålsenlig": "Ja (i SSC:s lokal)"
        },
    },
    "service_centre_rollout": {
        "table_known": {"Tabell": "13"},
        "launch_month_known": {"Införande": "under april 2020"},
        "launch_month_fits_table": {"Införande": "i juni 2020"},
        "place_is_a_name": {"Ort": "23 orter"},
        "office_status_known": {"Status arbetsförmedlingskontor": "Okänt"},
        "announced_closing_in_window": {"Status arbetsförmedlingskontor": "Avvecklas 31/9 2020"},
    },
    "service_centre_notes": {
        "note_known": {"Notering": "Se nedan"},
        "note_fits_launch_year": {"Notering": "Notera att ett ytterligare servicekontor etableras i Gbg 2022"},
    },
    "network_totals": {
        "line_known": {"Arbetsförmedlingens kontorsnät": "Kontor på hjul"},
        "start_of_2019_counted": {"Enligt ingången av 2019": "-"},
        "plan_2019_counted": {"Enligt tidigare beslutad plan (hösten 2019)": "hundra"},
        "plan_2020_counted": {"Enligt beslutade justeringar i plan (2020)": "112 kontor"},
    },
    "restaffed_offices": {
        "place_is_a_name": {"Ort": "pajala"},
        "change_known": {"Förändring": "från fast bemannat till kontor vi reser till"},
    },
    "closed_despite_need": {
        "fa_region_known": {"FA-region": "Småland"},
        "office_named_af": {"Kontor": "Alvesta"},
        "service_centre_answered": {"SSC finns på orten (ja/nej)": "Delvis"},
        "closing_date_in_window": {"Datum för avveckling": "2022-01-01*"},
        "presence_status_known": {"Status lokal närvaro": "Oklart."},
        "customer_square_needs_a_service_centre": {
            "Status lokal närvaro": "Samarbetslösning finns (i egen lokal). Kundtorgverksamhet införd på SSC juni 2020."
        },
    },
    "competitiveness": {
        "end_of_ranking_known": {"Kommuner med": "mellersta andel utsatta"},
        "municipality_known": {"Kommun": "Ankeborg"},
        "share_printed_as_percent": {"Andel utsatta": "0.488"},
        "share_on_its_side_of_the_mean": {"Andel utsatta": "81,2%"},
        "office_answer_known": {"AF kontor i kommunen": "Vet ej"},
        "closing_date_in_window": {"AF kontor i kommunen": "Kontor stängde 2019-11-31. (Närliggande kontor)"},
    },
    "visit_rates": {
        "group_known": {"Grupp": "Alla"},
        "january_2019_counted": {"Januari 2019": "0"},
        "january_2020_counted": {"Januari 2020": "11,5"},
        "change_printed_as_percent": {"Förändring": "hälften"},
    },
    "criteria": {
        "criterion_is_a_name": {"criterion": "Travel time"},
        "kind_known": {"kind": "special"},
        "measurable_is_yes_or_no": {"is_measurable": "partly"},
        "threshold_is_a_number": {"threshold": "4 000"},
        "threshold_has_a_basis": {"threshold_basis": None},
        "threshold_basis_known": {"threshold_basis": "inhabitants"},
    },
    "principles": {
        "principle_is_a_name": {"principle": "where_Offices_stand"},
        "version_known": {"version": "2021"},
        "decided_on_is_a_day": {"decided_on": "2020-02-30"},
    },
    "stated_figures": {
        "as_of_is_a_day": {"as_of": "2020-12"},
        "topic_known": {"topic": "offices"},
        "measure_is_a_name": {"measure": "kept_plan__2020"},
        "number_is_a_number": {"value": "112,0"},
        "value_or_range": {"lower": "100", "upper": "112"},
        "printed_says_the_number": {"printed": "112 av 238"},
        "unit_known": {"unit": "offices"},
        "tolerance_known": {"tolerance": "about"},
        "computed_or_reason": {"reason": "no rows"},
        "reason_known": {"reason": "not yet", "computed_by": None},
        "label_in_both_languages": {"label_sv": "Offices at the end of 2020"},
    },
    "stated_places": {
        "as_of_is_a_day": {"as_of": "2023-01-01"},
        "place_list_known": {"place_list": "closed"},
        "place_kind_known": {"place_kind": "county"},
        "unit_has_a_name": {"subject": "Värmland"},
    },
}
MAY_BE_EMPTY: dict[str, list[str]] = {
    "page": [],
    "bounding_box": [],
    "FA-region": [],
    "threshold": ["threshold_has_a_basis"],
    "threshold_basis": ["threshold_has_a_basis"],
    "decided_on": [],
    "value": ["value_or_range"],
    "lower": [],
    "upper": [],
    "computed_by": ["computed_or_reason"],
    "reason": [],
    "subject": [],
}
"""Cells that may be empty, as far as the other cells of the valid row allow: the rule that is broken if they do not."""
CASES = [(table, rule, cells) for table, rules in COLUMN_RULES.items() for rule, cells in rules.items()]


@pytest.mark.parametrize(("table", "rule", "cells"), CASES, ids=[f"{table}-{rule}" for table, rule, _ in CASES])
def test_a_broken_cell_breaks_its_rule_and_no_other(table: str, rule: str, cells: Mapping[str, object]) -> None:
    result = split(table, frame_of(table, cells))
    assert result.quarantined["rule"].to_list() == [rule]


@pytest.mark.parametrize("table", CONTRACTS)
def test_a_row_as_printed_is_valid(table: str) -> None:
    frame = frame_of(table)
    assert split(table, frame).valid.equals(frame)


@pytest.mark.parametrize("table", CONTRACTS)
def test_an_empty_cell_is_refused_unless_it_may_be_empty(table: str) -> None:
    for column in VALID[table]:
        rules = split(table, frame_of(table, {column: None})).quarantined["rule"].to_list()
        assert rules == MAY_BE_EMPTY.get(column, ["cell_filled"]), column


@pytest.mark.parametrize("table", CONTRACTS)
def test_a_blank_cell_is_not_an_empty_one(table: str) -> None:
    for column in set(VALID[table]) - {"page", "line_from", "line_to"}:
        assert "cell_filled" in split(table, frame_of(table, {column: " "})).quarantined["rule"], column


def test_every_rule_is_tested() -> None:
    tested = {rule for _, rule, _ in CASES}
    rules = {rule.name for contract in CONTRACTS.values() for rule in rules_of(contract)}
    about_several_rows = {rule for rule in rules if rule.startswith("duplicate_")} | {"source_row_id_unique"}
    assert rules - about_several_rows == tested


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        ("kept_offices", {"Län": "NORRBOTTENS LÄN", "Region": "nord", "Arbetsförmedlingskontor": "AF KIRUNA"}),
        ("kept_offices", {"Form av kontor": "KONTOR VI RESER TILL. BESLUT 200612"}),
        ("closing_offices", {"Samarbetslösning klar och ändamålsenlig": "nej (ök om avtal finns)"}),
        ("closing_offices", {"Form av ändamålsenlig lokal närvaro": "SAMARBETSLÖSNING"}),
        ("service_centre_rollout", {"Status arbetsförmedlingskontor": "AVVECKLAT"}),
        ("closed_despite_need", {"SSC finns på orten (ja/nej)": "NEJ"}),
        ("visit_rates", {"Grupp": "samtliga"}),
    ],
)
def test_letter_case_does_not_matter(table: str, cells: Mapping[str, object]) -> None:
    assert split(table, frame_of(table, cells)).rows_quarantined == 0


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("kept_offices", "Arbetsförmedlingskontor"),
        ("closing_offices", "Arbetsförmedlingskontor"),
        ("closed_despite_need", "Kontor"),
        ("service_centre_rollout", "Ort"),
        ("service_centre_notes", "Ort"),
        ("restaffed_offices", "Ort"),
        ("competitiveness", "Kommun"),
        ("visit_rates", "Grupp"),
        ("network_totals", "Arbetsförmedlingens kontorsnät"),
    ],
)
def test_the_first_of_two_equal_rows_stays(table: str, column: str) -> None:
    first = frame_of(table)
    line = int(first["line_from"][0]) + 1
    again = frame_of(
        table,
        {
            "source_row_id": f"{first['document_id'][0]}:{table}:{line}",
            "line_from": line,
            "line_to": line,
            column: str(first[column][0]).replace("Af ", "AF "),
        },
    )
    result = split(table, pl.concat([first, again]))
    assert result.valid.equals(first)
    assert [rule.startswith("duplicate_") for rule in result.quarantined["rule"]] == [True]


def on_the_line_of(table: str, place: str, cells: Mapping[str, object]) -> pl.DataFrame:
    """The valid row of the table with these cells, as one of several on its line."""
    valid = VALID[table]
    name = f"{valid['document_id']}:{table}:{valid['line_from']}.{place}"
    return frame_of(table, {"source_row_id": name, **cells})


@pytest.mark.parametrize(
    ("table", "rule", "another"),
    [
        ("criteria", "duplicate_criterion", {"criterion": "travel_time_of_staff"}),
        ("principles", "duplicate_version", {"version": "2019"}),
        ("stated_figures", "duplicate_figure", {"printed": "112"}),
        ("stated_figures", "duplicate_figure", {"measure": "staffed_plan_2020"}),
        ("stated_places", "duplicate_place", {"place": "Hallsberg"}),
        ("stated_places", "duplicate_place", {"place_list": "restaffed"}),
    ],
)
def test_a_statement_is_carried_over_once(table: str, rule: str, another: Mapping[str, object]) -> None:
    rows = [on_the_line_of(table, "1", {}), on_the_line_of(table, "2", another), on_the_line_of(table, "3", {})]
    result = split(table, pl.concat(rows))
    assert result.valid.equals(pl.concat(rows[:2]))
    assert result.quarantined.select("source_row_id", "rule").row(0) == (rows[2]["source_row_id"][0], rule)


@pytest.mark.parametrize("table", ["stated_figures", "stated_places"])
def test_a_statement_repeated_on_another_line_is_evidence(table: str) -> None:
    first = frame_of(table)
    line = int(first["line_from"][0]) + 1
    place = {
        "source_row_id": f"{first['document_id'][0]}:{table}:{line}",
        "line_from": line,
        "line_to": line,
    }
    assert split(table, pl.concat([first, frame_of(table, place)])).rows_quarantined == 0


@pytest.mark.parametrize(
    "cells",
    [
        {"printed": "20 – 25", "value": None, "lower": "20", "upper": "25"},
        {"printed": "över hälften", "value": None, "lower": "0.5", "upper": "1"},
        {"printed": "ca 37", "value": "-37"},
        {"printed": "48,8", "value": "48.8"},
        {"printed": "sex", "value": "6"},
        {"printed": "4 000", "value": "4000"},
        {"computed_by": None, "reason": "no rows"},
    ],
)
def test_a_figure_is_a_value_or_a_range_with_its_query_or_a_reason(cells: Mapping[str, object]) -> None:
    assert split("stated_figures", frame_of("stated_figures", cells)).rows_quarantined == 0


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"printed": "20 – 25", "value": None, "lower": "25", "upper": "20"}, "value_or_range"),
        ({"printed": "25", "value": None, "lower": "25", "upper": "25"}, "value_or_range"),
        ({"printed": "20 – 25", "value": None, "lower": "20", "upper": "25 %"}, "value_or_range"),
        ({"value": None, "lower": "112"}, "value_or_range"),
        ({"lower": "112"}, "value_or_range"),
        ({"printed": "20 – 25", "value": None, "lower": "20", "upper": "30"}, "printed_says_the_number"),
        ({"printed": "många"}, "printed_says_the_number"),
        ({"printed": "113"}, "printed_says_the_number"),
    ],
)
def test_a_figure_that_does_not_say_what_is_printed_is_refused(cells: Mapping[str, object], rule: str) -> None:
    assert split("stated_figures", frame_of("stated_figures", cells)).quarantined["rule"].to_list() == [rule]


def test_a_unit_is_named_for_the_municipalities_that_it_serves_and_for_nothing_else() -> None:
    served = {"place_list": "unit_municipality", "place_kind": "municipality"}
    named = frame_of("stated_places", served | {"subject": "Värmland"})
    assert split("stated_places", named).rows_quarantined == 0
    refused = split("stated_places", frame_of("stated_places", served)).quarantined
    assert refused["rule"].to_list() == ["unit_has_a_name"]


def test_a_criterion_without_a_threshold_is_valid() -> None:
    cells = {"threshold": None, "threshold_basis": None}
    assert split("criteria", frame_of("criteria", cells)).rows_quarantined == 0


@pytest.mark.parametrize("table", ["kept_offices", "closing_offices", "service_centre_rollout", "service_centre_notes"])
def test_a_later_document_may_say_the_same_thing_again(table: str) -> None:
    first = frame_of(table)
    line = first["line_from"][0]
    again = frame_of(table, {"source_row_id": f"revision:{table}:{line}", "document_id": "revision"})
    assert split(table, pl.concat([first, again])).rows_quarantined == 0


def test_a_reinstated_office_may_be_decided_until_its_document_is_published() -> None:
    for day in ("190930", "201023"):
        cells = {"Form av kontor": f"Fast bemannat kontor. Beslut {day}."}
        assert split("kept_offices", frame_of("kept_offices", cells)).rows_quarantined == 0
    for day in ("190929", "201024"):
        cells = {"Form av kontor": f"Fast bemannat kontor. Beslut {day}."}
        assert split("kept_offices", frame_of("kept_offices", cells)).quarantined["rule"].to_list() == [
            "decision_date_in_window"
        ]


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        ("kept_offices", {"Form av kontor": "Fast bemannat kontor. Beslut 210820."}),
        ("closing_offices", {"Tidpunkt avveckling": "2022-12-31"}),
        ("service_centre_rollout", {"Status arbetsförmedlingskontor": "Avvecklas 1/1 2022"}),
        (
            "service_centre_rollout",
            {"Tabell": "13", "Införande": "senast i mars 2022 i enlighet med inriktningsbeslut"},
        ),
    ],
)
def test_how_far_a_plan_reaches_depends_on_its_document(table: str, cells: Mapping[str, object]) -> None:
    later = f"af-decision-2021-09-01:{table}:{VALID[table]['line_from']}"
    document = {"source_row_id": later, "document_id": "af-decision-2021-09-01"}
    assert split(table, frame_of(table, cells)).rows_quarantined == 1
    assert split(table, frame_of(table, {**cells, **document})).rows_quarantined == 0


def test_a_later_schedule_has_one_month_for_each_table() -> None:
    rows = [
        frame_of(
            "service_centre_rollout",
            {
                "Tabell": "3",
                "Införande": month,
                "Ort": place,
                "document_id": "revision",
                "source_row_id": f"revision:service_centre_rollout:{line}",
                "line_from": line,
                "line_to": line,
            },
        )
        for line, (month, place) in enumerate([("i mars 2022", "Lund"), ("i maj 2022", "Malmö")], start=3232)
    ]
    refused = split("service_centre_rollout", pl.concat(rows)).quarantined
    assert refused.select("line_from", "rule").rows() == [(3233, "launch_month_fits_table")]


def test_a_nearby_office_needs_the_dash() -> None:
    nearby = {"Form av ändamålsenlig lokal närvaro": "Närliggande kontor"}
    dash = {"Samarbetslösning klar och ändamålsenlig": "-"}
    assert split("closing_offices", frame_of("closing_offices", nearby | dash)).rows_quarantined == 0
    refused = split("closing_offices", frame_of("closing_offices", nearby)).quarantined
    assert refused["rule"].to_list() == ["dash_goes_with_nearby_office"]


def test_an_unknown_name_does_not_break_the_rules_that_compare_it() -> None:
    unknown = {"Län": "Bohuslän", "Kommun": "Ankeborg"}
    rules = split("kept_offices", frame_of("kept_offices", unknown)).quarantined["rule"].to_list()
    assert rules == ["county_known", "municipality_known"]


@pytest.mark.parametrize("table", CONTRACTS)
def test_every_rule_has_a_name_and_a_sentence(table: str) -> None:
    rules = rules_of(CONTRACTS[table])
    assert len({rule.name for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.name.isidentifier()
        assert rule.name.islower()
        assert rule.expected not in {"", "None"}
        assert rule.columns


@pytest.mark.parametrize("table", CONTRACTS)
def test_a_rule_stands_under_its_own_name(table: str) -> None:
    contract = CONTRACTS[table]
    assert [rule.name for rule in rules_of(contract) if not hasattr(contract, rule.name)] == []
