"""The split loses no row, mixes up no row, and never raises because of data."""

from typing import Any

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.contracts import CONTRACTS
from expectations.contracts.base import RawTable, rule
from expectations.outcome import CrashedCheck
from expectations.quarantine import QUARANTINE, split
from tests.unit.contract_rows import VALID, frame_of

PLACES = [
    ("Norrbottens län", "Nord", "Kiruna"),
    ("Dalarnas län", "Mitt", "Malung-Sälen"),
    ("Stockholms län", "Stockholm Gotland", "Nacka"),
    ("Kalmar län", "Öst", "Hultsfred"),
    ("Västra Götalands län", "Väst", "Åmål"),
    ("Skåne län", "Syd", "Eslöv"),
]


def kept_offices() -> pl.DataFrame:
    """Six valid rows of Bilaga 4, one of each AF region."""
    return pl.concat(
        frame_of(
            "kept_offices",
            {
                "Län": county,
                "Region": region,
                "Kommun": municipality,
                "Arbetsförmedlingskontor": f"Af {municipality}",
                "source_row_id": f"af-final-report-2020-10-23:kept_offices:{line}",
                "line_from": line,
                "line_to": line,
            },
        )
        for line, (county, region, municipality) in enumerate(PLACES, start=3534)
    )


TEXT_COLUMNS = [name for name, dtype in kept_offices().schema.items() if dtype == pl.String]
ODD_CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        [*PLACES[0], "Fast bemannat kontor. Beslut 200219.", "-", "\ufeff", "A\u030are", "Af  Nacka", "1" * 40]
    ),
)
FEW_EXAMPLES = settings(max_examples=25)  # each one is a whole validation
MUTATIONS = st.lists(
    st.tuples(st.integers(0, len(PLACES) - 1), st.sampled_from(TEXT_COLUMNS), ODD_CELLS), min_size=1, max_size=6
)
NUMBER_MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, len(PLACES) - 1),
        st.sampled_from(["page", "line_from", "line_to"]),
        st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    ),
    max_size=3,
)


def mutated(frame: pl.DataFrame, mutations: list[tuple[int, str, Any]]) -> pl.DataFrame:
    rows = frame.rows(named=True)
    for position, column, cell in mutations:
        rows[position][column] = cell
    return pl.DataFrame(rows, schema=frame.schema)


def received_is_valid_and_quarantined(frame: pl.DataFrame, table: str = "kept_offices") -> bool:
    result = split(table, frame)
    return result.valid.height + result.quarantined["source_row_id"].n_unique() == frame.height


@FEW_EXAMPLES
@given(texts=MUTATIONS, numbers=NUMBER_MUTATIONS)
def test_received_is_valid_plus_quarantined(texts: list[Any], numbers: list[Any]) -> None:
    frame = mutated(kept_offices(), [*texts, *numbers])
    result = split("kept_offices", frame)
    assert result.valid.height + result.rows_quarantined == frame.height
    assert result.quarantined.schema == pl.Schema(QUARANTINE)
    assert result.quarantined.select("source_row_id", "rule").is_unique().all()
    assert result.quarantined.filter(pl.col("reason").str.contains("; expected ").not_()).is_empty()


@FEW_EXAMPLES
@given(texts=MUTATIONS, numbers=NUMBER_MUTATIONS)
def test_valid_rows_are_unchanged_and_stay_valid(texts: list[Any], numbers: list[Any]) -> None:
    frame = mutated(kept_offices(), [*texts, *numbers])
    valid = split("kept_offices", frame).valid
    assert valid.height == frame.join(valid, on=frame.columns, how="semi", nulls_equal=True).height
    assert split("kept_offices", valid).valid.equals(valid)


@FEW_EXAMPLES
@given(mutations=MUTATIONS)
def test_rows_that_nobody_touched_stay_valid(mutations: list[Any]) -> None:
    touched = {position for position, _, _ in mutations}
    frame = kept_offices()
    ids = {name for position, name in enumerate(frame["source_row_id"]) if position not in touched}
    offices = {"Arbetsförmedlingskontor", "source_row_id"}  # a copy of an untouched row's name refuses the later one
    if not any(column in offices for _, column, _ in mutations):
        assert ids <= set(split("kept_offices", mutated(frame, mutations)).valid["source_row_id"])


@FEW_EXAMPLES
@given(
    dropped=st.sets(st.sampled_from(list(VALID["kept_offices"]))),
    retyped=st.sets(st.sampled_from(list(VALID["kept_offices"]))),
    added=st.booleans(),
)
def test_a_broken_frame_never_raises_and_loses_no_row(dropped: set[str], retyped: set[str], *, added: bool) -> None:
    frame = kept_offices().with_columns(pl.lit(True).alias(column) for column in retyped)
    frame = frame.with_columns(extra=pl.lit(1)) if added else frame
    frame = frame.drop(dropped)
    assert received_is_valid_and_quarantined(frame)
    assert (split("kept_offices", frame).rows_quarantined == frame.height) == bool(dropped or retyped or added)


@pytest.mark.parametrize("position", range(len(PLACES)))
@pytest.mark.parametrize(
    ("column", "cell", "broken"),
    [
        pytest.param("Form av kontor", "Hjul", "form_known", id="an expression on one column"),
        pytest.param("Kommun", "Ankeborg", "municipality_known", id="a function of one cell"),
        pytest.param("Form av kontor", None, "cell_filled", id="a null where none may be"),
        pytest.param("raw_text", "  ", "cell_filled", id="a check on columns by pattern"),
        pytest.param("line_to", 1, "lines_in_order", id="a check on several columns"),
    ],
)
def test_the_refused_row_is_the_broken_one(position: int, column: str, cell: object, broken: str) -> None:
    frame = kept_offices()
    result = split("kept_offices", mutated(frame, [(position, column, cell)]))
    (refused,) = result.quarantined.rows(named=True)
    original = frame.row(position, named=True) | {column: cell}
    assert refused["rule"] == broken
    for name in ("source_row_id", "document_id", "page", "line_from", "line_to", "raw_text"):
        assert refused[name] == original[name]
    assert result.valid.equals(frame.filter(pl.col("source_row_id") != refused["source_row_id"]))


def test_a_cross_field_rule_refuses_the_row_whose_fields_disagree() -> None:
    frame = mutated(kept_offices(), [(2, "Kommun", "Kiruna"), (4, "Region", "Syd")])
    refused = split("kept_offices", frame).quarantined.select("line_from", "rule", "value").rows()
    assert refused == [
        (3536, "municipality_in_its_county", "Län=Stockholms län; Kommun=Kiruna"),
        (3538, "county_in_its_region", "Län=Västra Götalands län; Region=Syd"),
    ]


def test_the_reason_says_what_was_found_and_what_was_expected() -> None:
    (refused,) = split("visit_rates", frame_of("visit_rates", {"Januari 2020": "elva"})).quarantined.rows(named=True)
    assert refused["value"] == "elva"
    assert refused["reason"] == "Januari 2020: found “elva”; expected whole visits per 100 jobseekers, from 0 to 100"


def test_all_rules_that_a_row_breaks_are_told_at_once() -> None:
    cells = {"Grupp": "Alla", "Januari 2019": "", "Januari 2020": "elva", "Förändring": None}
    rules = split("visit_rates", frame_of("visit_rates", cells)).quarantined["rule"].to_list()
    assert rules == ["cell_filled", "group_known", "january_2020_counted"]


def test_two_blank_cells_of_a_row_are_one_broken_rule_with_both_columns() -> None:
    cells = {"Januari 2019": "", "Januari 2020": None}
    (refused,) = split("visit_rates", frame_of("visit_rates", cells)).quarantined.rows(named=True)
    assert (refused["rule"], refused["value"]) == ("cell_filled", "Januari 2019=; Januari 2020=")


def test_rows_of_one_id_are_told_apart_in_quarantine() -> None:
    same = "af-final-report-2020-10-23:kept_offices:3534"
    result = split("kept_offices", kept_offices().with_columns(source_row_id=pl.lit(same)))
    assert result.valid["source_row_id"].to_list() == [same]
    assert set(result.quarantined["source_row_id"]) == {f"{same}#row{position}" for position in range(2, 7)}


def test_rows_without_an_id_are_named_by_table_and_position() -> None:
    frame = mutated(kept_offices(), [(1, "source_row_id", None), (3, "source_row_id", " ")])
    result = split("kept_offices", frame)
    assert set(result.quarantined["source_row_id"]) == {"kept_offices#row2", "kept_offices#row4"}


@pytest.mark.parametrize(
    ("frame", "rules", "value"),
    [
        (kept_offices().drop("Region", "Kommun"), {"column_present"}, "Region, Kommun"),
        (kept_offices().with_columns(Adress=pl.lit("x")), {"column_known"}, "Adress"),
        (kept_offices().with_columns(pl.lit(7).alias("Kommun")), {"column_type"}, "Kommun"),
        (kept_offices().rename({"Län": "Lan"}), {"column_known", "column_present"}, None),
    ],
    ids=["missing", "unknown", "wrong type", "renamed"],
)
def test_a_frame_that_is_not_the_table_is_quarantined_whole(frame: pl.DataFrame, rules: set[str], value: str) -> None:
    result = split("kept_offices", frame)
    assert result.valid.is_empty()
    assert set(result.valid.columns) == set(VALID["kept_offices"])
    assert result.rows_quarantined == frame.height
    assert set(result.quarantined["rule"]) == rules
    if value:
        assert set(result.quarantined["value"]) == {value}


@pytest.mark.parametrize("frame", [kept_offices().clear(), kept_offices().clear().drop("Region"), pl.DataFrame()])
def test_nothing_received_is_nothing_valid_and_nothing_quarantined(frame: pl.DataFrame) -> None:
    result = split("kept_offices", frame)
    assert (result.valid.height, result.quarantined.height) == (0, 0)
    assert set(result.valid.columns) == set(VALID["kept_offices"])


def test_a_page_column_of_nothing_but_nulls_needs_no_type() -> None:
    frame = frame_of("visit_rates").with_columns(page=pl.lit(None))
    assert frame.schema["page"] == pl.Null
    assert split("visit_rates", frame).valid.schema["page"] == pl.Int64


def test_a_rule_that_crashes_is_not_a_row_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    class Crashing(RawTable):
        cell: str = pa.Field(alias="Cell")

        divides = rule("divides", "Cell", expected="a digit", holds=pl.col("Cell").cast(pl.Int64) > 0)

    monkeypatch.setitem(CONTRACTS, "crashing", Crashing)
    frame = frame_of("visit_rates").drop("Grupp", "Januari 2019", "Januari 2020", "Förändring")
    assert split("crashing", frame.with_columns(Cell=pl.lit("1"))).rows_quarantined == 0
    with pytest.raises(CrashedCheck, match="divides"):
        split("crashing", frame.with_columns(Cell=pl.lit("one")))


@pytest.mark.parametrize(
    ("variable", "value"), [("PANDERA_VALIDATION_ENABLED", "False"), ("PANDERA_VALIDATION_DEPTH", "SCHEMA_ONLY")]
)
def test_the_environment_cannot_switch_contracts_off(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    from pandera.config import CONFIG, ValidationDepth

    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(CONFIG, "validation_enabled", variable != "PANDERA_VALIDATION_ENABLED")
    monkeypatch.setattr(CONFIG, "validation_depth", ValidationDepth.SCHEMA_ONLY)
    assert split("visit_rates", frame_of("visit_rates", {"Grupp": "Alla"})).rows_quarantined == 1


def test_a_table_without_a_contract_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError, match="no_such_table"):
        split("no_such_table", pl.DataFrame())
