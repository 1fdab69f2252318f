"""A later decision: what it changes from its day on, what stays as it was known before, and how the release tells it.

The decision is made up (`tests.later_decision`) and stands in a folder of its own: the main job never reads it.
"""

import os
from collections.abc import Iterator
from shutil import copytree
from typing import Any

import duckdb
import pytest

from orchestration import paths
from orchestration.night import run_night
from tests.integration.conftest import GoodNight, copy_of_documents, run_dbt, use_data_folder
from tests.later_decision import DECISION, POSTPONED, WITHDRAWN, add_decision


@pytest.fixture(scope="module")
def decided(good_night: GoodNight, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoodNight]:
    """The night after the good one: the same documents and the later decision."""
    folder = tmp_path_factory.mktemp("decided")
    copytree(good_night.data, folder / "data", symlinks=True)
    documents = copy_of_documents(folder / "documents")
    add_decision(documents.folder)
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        use_data_folder(patch, folder / "data")
        yield GoodNight(folder / "data", run_night(documents.folder))
    os.environ.clear()
    os.environ.update(before)


def rows_of(night: GoodNight, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(night.database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_the_night_is_released_with_warnings_where_earlier_documents_are_contradicted(decided: GoodNight) -> None:
    assert (decided.night.outcome, decided.night.errors) == ("released", [])
    assert {check.name for check in decided.night.checks if not check.passed} == {
        "exact_statements_are_what_the_rows_give",
        "all_existing_centres_are_reached",
    }
    assert rows_of(decided, "select count(*) from meta.quarantine") == [(0,)]


def test_the_plan_has_two_more_known_dates_and_the_earlier_ones_are_as_before(
    decided: GoodNight, good_night: GoodNight
) -> None:
    plan = "select known_at, kept, staffed, travel_to, closing from kpi.office_plan where scope = 'national'"
    assert [tuple(map(str, row)) for row in rows_of(decided, f"{plan} and known_at > '2020-06-15' order by 1")] == [
        ("2021-08-20", "113", "88", "25", "125"),
        ("2021-09-01", "111", "88", "23", "126"),
    ]
    every = "select * from kpi.office_plan where known_at <= '2020-06-15' order by all"
    assert rows_of(decided, every) == rows_of(good_night, every)


@pytest.mark.parametrize(
    ("table", "until", "but"),
    [
        ("kpi.presence", "2021-08-20", "basis, basis_sv"),
        ("kpi.presence", "2020-10-16", "scope_sv"),
        ("kpi.municipality_presence", "2021-08-20", "basis, basis_sv"),
        ("kpi.presence_gap", "2021-08-20", "office"),
        ("kpi.presence_gap_by_scope", "2021-08-20", "scope_sv"),
        ("kpi.agreement_completion", "2021-08-20", "scope_sv"),
        ("kpi.overview", "2020-10-16", "basis_sv"),
    ],
)
def test_days_before_the_decision_are_as_they_were(
    decided: GoodNight, good_night: GoodNight, table: str, until: str, but: str
) -> None:
    every = f"select * exclude ({but}) from {table} where as_of < '{until}' order by all"
    found = rows_of(decided, every)
    assert found
    assert found == rows_of(good_night, every)


def test_presence_as_known_before_the_decision_is_what_it_was_on_every_day(
    decided: GoodNight, good_night: GoodNight
) -> None:
    sql = (
        run_dbt(
            "compile",
            "--inline",
            "{% set days %}(select as_of, date '2021-08-19' as known_on from {{ ref('int_as_of') }}){% endset %}"
            "select * from {{ presence_as_known(days) }} as presence order by office_id, as_of",
        )
        .results[0]
        .node.compiled_code
    )
    found = []
    for night in (decided, good_night):
        with duckdb.connect(str(night.data / "build" / paths.build_file().name), read_only=True) as connection:
            found.append(connection.execute(sql).fetchall())
    assert len(found[0]) == 238 * 41
    assert found[0] == found[1]


def test_presence_follows_the_decision_from_the_day_on_which_each_part_of_it_holds(decided: GoodNight) -> None:
    nation = "select as_of, offices, staffed, travel_to from kpi.presence where scope = 'national'"
    days = "('2021-07-31', '2021-08-31', '2021-09-30', '2021-11-30', '2021-12-31')"
    found = rows_of(decided, f"{nation} and as_of in {days} order by as_of")
    assert [(str(day), *counts) for day, *counts in found] == [
        ("2021-07-31", 112, 88, 24),
        ("2021-08-31", 113, 88, 25),
        ("2021-09-30", 113, 89, 24),
        ("2021-11-30", 112, 88, 24),
        ("2021-12-31", 111, 88, 23),
    ]


@pytest.mark.parametrize(
    ("municipality", "before", "after"),
    [
        ("Boden", "collaboration_unknown", "travel_to_office"),
        ("Kalix", "staffed_office", "collaboration_unknown"),
        ("Arjeplog", "travel_to_office", "nearby_office"),
        ("Älvsbyn", "travel_to_office", "none"),
        ("Piteå", "collaboration_in_use", "travel_to_office"),
        ("Pajala", "staffed_office", "none"),
        ("Malå", "collaboration_in_use", "collaboration_in_use"),
        ("Överkalix", "travel_to_office", "staffed_office"),
    ],
)
def test_a_municipality_has_what_the_plan_of_the_day_gives_it(
    decided: GoodNight, municipality: str, before: str, after: str
) -> None:
    found = rows_of(
        decided,
        "select presence from kpi.municipality_presence where as_of in ('2021-07-31', '2021-12-31')"
        f" and municipality = '{municipality}' order by as_of",
    )
    assert found == [(before,), (after,)]


@pytest.mark.parametrize(
    ("office", "versions"),
    [
        ("af-boden", [("closing", "2019-09-30", "2021-08-20", "2582"), ("kept", "2021-08-20", "None", "2582")]),
        ("af-kalix", [("kept", "2019-09-30", "2021-09-01", "2514"), ("closing", "2021-09-01", "None", "2514")]),
        ("af-älvsbyn", [("kept", "2019-09-30", "2021-09-01", "2560"), ("kept", "2021-09-01", "None", "2581")]),
        ("af-järna", [("kept", "2021-09-01", "None", "0181")]),
        ("af-malå", [("closing", "2019-09-30", "2021-09-01", "2418")]),
    ],
)
def test_every_version_of_the_plan_is_kept(decided: GoodNight, office: str, versions: list[tuple[str, ...]]) -> None:
    found = rows_of(
        decided,
        "select plan, known_from, known_to, municipality_code from core.fct_office_plan"
        f" where office_id = '{office}' order by known_from",
    )
    assert [tuple(map(str, row)) for row in found] == versions


def test_a_removed_office_stays_in_the_dimension_without_a_plan(decided: GoodNight) -> None:
    removed = "select office_id, plan, cast(removed_on as varchar) from core.dim_office where removed_on is not null"
    assert rows_of(decided, f"{removed} order by all") == [
        ("af-malå", None, "2021-09-01"),
        ("af-pajala", None, "2021-09-01"),
    ]
    added = "select office_id, cast(added_on as varchar) from core.dim_office where added_on is not null"
    assert rows_of(decided, added) == [("af-järna", "2021-09-01")]


def test_a_launch_is_postponed_another_one_withdrawn_and_those_that_have_come_stand(
    decided: GoodNight, good_night: GoodNight
) -> None:
    rollout = "select launch_month, launches, cumulative_existing from kpi.service_centre_rollout"
    come = f"{rollout} where launch_month < '2021-11-01' order by 1"
    assert rows_of(decided, come) == rows_of(good_night, come)
    last = f"select launches, cumulative_existing from ({rollout}) order by launch_month desc limit 2"
    assert rows_of(good_night, last) == [(6, 117), (13, 111)]
    assert rows_of(decided, last) == [(6, 116), (12, 110)]
    withdrawn = "select locality from core.fct_service_launch join core.dim_service_centre using (service_centre_id)"
    assert rows_of(decided, f"{withdrawn} where withdrawn_on = '2021-09-01'") == [(WITHDRAWN,)]
    slipped = f"select slippage_months, outcome from kpi.launch_slippage where document_id = '{DECISION}'"
    assert rows_of(decided, f"{slipped} and locality = '{POSTPONED}'") == [(1, "later")]


def test_figures_stated_before_the_decision_agree_with_what_was_known_then(
    decided: GoodNight, good_night: GoodNight
) -> None:
    figures = "select * from meta.reconciliation order by figure_id"
    assert rows_of(decided, figures) == rows_of(good_night, figures)


def test_the_release_tells_what_became_of_offices(decided: GoodNight) -> None:
    latest = "release_id = (select max(release_id) from meta.release)"
    told = rows_of(decided, f"select table_name, summary from meta.change where {latest} and summary is not null")
    summary = (
        "1 added: Af Järna; 2 removed: Af Malå, Af Pajala; 1 reinstated: Af Boden; 2 to close: Af Arjeplog, Af Kalix; "
        "1 moved: Af Älvsbyn; 1 with another form: Af Överkalix"
    )
    assert sorted(told) == [("core.dim_office", summary), ("core.fct_office_plan", summary)]
    changed = (
        "select row_key, column_name, value_before, value_after from meta.changed_row"
        f" where {latest} and table_name = 'core.dim_office'"
    )
    assert ("af-boden", "plan", "closing", "kept") in rows_of(decided, changed)
    assert ("af-älvsbyn", "municipality_code", "2560", "2581") in rows_of(decided, changed)
    assert ("af-järna", "*", None, None) in rows_of(decided, changed)
