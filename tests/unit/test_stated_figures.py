"""The statements that the project ships: each keeps its contract, and one quantity is stated in one way."""

from collections import defaultdict

import polars as pl
import pytest

from expectations.quarantine import split
from sources.geography import municipalities, municipality_named
from sources.registry import SHIPPED_REGISTER, Store, load_register
from sources.tables import DOCUMENT_TABLES, read_table, refusals_frame, rows_frame

TRANSCRIBED = ("criteria", "principles", "restaffed_offices", "stated_figures", "stated_places")

# The news says “nine in ten”, the report “over 90 percent”.
IN_SEVERAL_UNITS = {"first_planning_talk_at_distance": {"in ten", "percent"}}
# The analysis rounds the same mean once down and once up, and calls a fall of 51 percent a halving.
PRINTED_IN_TWO_WAYS = {
    ("af-analysis-2021-05-20", "target_group_registered", "2020-12-31"): {280_000, 282_000},
    ("af-analysis-2021-05-20", "visit_rate_change_establishment", "2020-01-31"): {-51, -50},
}


@pytest.fixture(scope="module")
def shipped_rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The rows of every transcription; none is refused."""
    register = load_register(SHIPPED_REGISTER, list(DOCUMENT_TABLES))
    store = Store(tmp_path_factory.mktemp("store"))
    readings = {table: read_table(register, store, table) for table in TRANSCRIBED}
    assert {table: refusals_frame(table, of).height for table, of in readings.items()} == dict.fromkeys(TRANSCRIBED, 0)
    return {table: rows_frame(table, of) for table, of in readings.items()}


@pytest.fixture(scope="module")
def figures(shipped_rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Every stated figure, its numbers as numbers."""
    return shipped_rows["stated_figures"].with_columns(pl.col("value", "lower", "upper").cast(pl.Float64))


@pytest.fixture(scope="module")
def places(shipped_rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Every stated place."""
    return shipped_rows["stated_places"]


def of_kind(places: pl.DataFrame, kind: str) -> list[str]:
    """The names of the places of that kind, without the “s stad” of a city that is a municipality."""
    named = places.filter(pl.col("place_kind") == kind)["place"].to_list()
    assert named
    return [name.removesuffix("s stad") for name in named]


@pytest.mark.parametrize("table", TRANSCRIBED)
def test_every_transcribed_row_keeps_its_contract(shipped_rows: dict[str, pl.DataFrame], table: str) -> None:
    assert split(table, shipped_rows[table]).quarantined.select("source_row_id", "rule").rows() == []


def test_every_document_that_is_registered_with_figures_states_some(figures: pl.DataFrame) -> None:
    registered = load_register(SHIPPED_REGISTER, list(DOCUMENT_TABLES)).files_with("stated_figures")
    assert set(figures["document_id"]) == {document.id for document, _ in registered}


def test_a_measure_has_one_unit_but_where_documents_print_it_in_two(figures: pl.DataFrame) -> None:
    units = defaultdict(set)
    for measure, unit in figures.select("measure", "unit").iter_rows():
        units[measure].add(unit)
    assert {measure: found for measure, found in units.items() if len(found) > 1} == IN_SEVERAL_UNITS


def test_a_measure_belongs_to_one_topic(figures: pl.DataFrame) -> None:
    assert figures.group_by("measure").agg(pl.col("topic").n_unique()).filter(pl.col("topic") > 1).rows() == []


def test_an_english_label_of_a_measure_has_one_swedish_label(figures: pl.DataFrame) -> None:
    labels = figures.group_by("measure", "label").agg(pl.col("label_sv").unique())
    assert labels.filter(pl.col("label_sv").list.len() > 1).rows() == []


def test_a_document_repeats_a_number_as_it_is_but_for_known_roundings(figures: pl.DataFrame) -> None:
    values = defaultdict(set)
    for *statement, value in figures.select("document_id", "measure", "as_of", "value").drop_nulls("value").iter_rows():
        values[tuple(statement)].add(value)
    assert {statement: found for statement, found in values.items() if len(found) > 1} == PRINTED_IN_TWO_WAYS


def test_a_number_lies_within_the_range_that_the_same_document_states(figures: pl.DataFrame) -> None:
    same = ["document_id", "measure", "as_of"]
    ranges, values = figures.drop_nulls("lower"), figures.drop_nulls("value")
    both = values.join(ranges, on=same, suffix="_of_range")
    assert both.height > 0
    within = pl.col("value").is_between(pl.col("lower_of_range"), pl.col("upper_of_range"))
    assert both.filter(~within).select(*same, "value").rows() == []


def test_every_stated_change_is_a_decrease(figures: pl.DataFrame) -> None:
    changes = figures.filter(pl.col("measure").str.contains(r"(?:^|_)change(?:_|$)"))
    assert changes.height > 0
    assert changes.filter(pl.coalesce("value", "upper") >= 0).select("measure", "value").rows() == []


def test_every_municipality_that_a_text_names_is_one(places: pl.DataFrame) -> None:
    assert [name for name in of_kind(places, "municipality") if municipality_named(name) is None] == []


def test_every_fa_region_that_a_text_names_is_one(places: pl.DataFrame) -> None:
    assert set(of_kind(places, "fa_region")) <= {row.fa_region for row in municipalities()}


def test_no_municipality_is_served_by_two_of_the_interviewed_units(places: pl.DataFrame) -> None:
    served = places.filter(pl.col("place_list") == "unit_municipality")
    assert served["subject"].n_unique() == 4
    assert served["place"].n_unique() == served.height
