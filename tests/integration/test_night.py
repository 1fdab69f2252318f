"""A whole night on the project's own documents: what it publishes, and what a second one changes."""

import csv
import filecmp
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from orchestration import release, release_file
from orchestration.cli import app
from orchestration.definitions import every_check
from orchestration.night import run_night
from orchestration.published import Published
from orchestration.resources import Warehouse
from tests.integration.conftest import GoodNight

GOLDEN = Path(__file__).parents[1] / "golden"

# What the rows of the appendices must give, by a query that a BI user would write.
FIGURES = {
    "kept_offices_by_known_date": """
        select known_at, kept, staffed, travel_to, closing
        from kpi.office_plan where scope = 'national' order by known_at""",
    "presence_of_the_nation": """
        select as_of, offices, staffed, travel_to, form_unknown, closed_offices, collaborations_in_use_min,
               collaborations_in_use_max, agreed, not_ready, service_centres, municipalities,
               municipalities_with_office, municipalities_with_presence_planned, fa_regions_with_office, basis
        from kpi.presence where scope = 'national' order by as_of""",
    "agreements_of_the_nation": """
        select * exclude (scope_sv, basis_sv)
        from kpi.agreement_completion where scope in ('national', 'af_region') order by all""",
    "agreement_pace": """
        select * exclude (basis_sv) replace (round(pace_per_30_days, 6) as pace_per_30_days,
                                             round(needed_pace_per_30_days, 6) as needed_pace_per_30_days)
        from kpi.agreement_pace order by as_of""",
    "presence_gaps_of_the_nation": """
        select * exclude (scope, scope_sv, scope_code, scope_name) replace (
               round(gap_days_mean_min, 6) as gap_days_mean_min, round(gap_days_mean_max, 6) as gap_days_mean_max)
        from kpi.presence_gap_by_scope where scope = 'national' order by as_of""",
    "service_centre_rollout": "select * from kpi.service_centre_rollout order by launch_month",
    "rollout_slippage": """
        select * exclude (measure_sv, tolerance_sv, source_row_id) from kpi.rollout_slippage order by all""",
    "launch_slippage": "select * exclude (outcome_sv) from kpi.launch_slippage order by all",
    "visit_change": """
        select visitor_group, from_month, to_month, from_rate, to_rate, round(change_pct, 6) as change_pct,
               printed_change_pct
        from kpi.visit_change order by visitor_group""",
    "visits": """
        select report_month, scope, scope_code, visitor_group, channel, visits, registered, visits_per_100, basis
        from kpi.visits order by all""",
    "visit_need": """
        select * exclude (segment_sv, basis_sv) replace (
            round(change_pct, 6) as change_pct, round(implied_rate_from, 6) as implied_rate_from,
            round(implied_rate_to, 6) as implied_rate_to)
        from kpi.visit_need order by segment""",
    "criteria_by_verdict": """
        select document_id, criterion, verdict, count(*) as assessments,
               count(distinct municipality_code) as municipalities, count(office_id) as offices
        from kpi.criteria group by all order by all""",
    "fa_regions_without_staffed_office": """
        select distinct fa_region, evidence, evidence_sv
        from kpi.criteria join core.dim_municipality using (municipality_code)
        where criterion = 'staffed_office_in_fa_region' and verdict = 'not_met' order by all""",
    "channels": """
        select measure, measure_sv, as_of, document_id, value, lower, upper, unit_sv, tolerance, statements
        from kpi.channels order by all""",
    "resources": """
        select measure, measure_sv, as_of, document_id, basis, value, lower, upper, unit_sv, tolerance, statements
        from kpi.resources order by all""",
    "cooperation": "select * from kpi.cooperation order by unit, municipality_code",
    "principles": "select * exclude (principle_sv) from kpi.principles order by principle, version",
    "municipalities_by_presence": """
        select as_of, presence, count(*) as municipalities
        from kpi.municipality_presence
        where as_of in ('2018-12-31', '2019-12-31', '2020-10-15', '2021-12-31') group by all order by all""",
    "fa_regions_without_kept_office": """
        select fa_region from core.dim_municipality
        except
        select fa_region from core.dim_office join core.dim_municipality using (municipality_code)
        where plan = 'kept' order by all""",
    "reconciliation": """
        select figure_id, stated, stated_lower, stated_upper, round(computed, 6) as computed, verdict, computed_if
        from meta.reconciliation order by document_id, line_from, figure_id""",
    "conflicts": """
        select kind, subject, attribute, value_a, source_a, value_b, source_b, winner, rule
        from meta.conflict order by kind, subject, attribute, source_a""",
    "source_rows_by_table": """
        select document_id, table_name, count(*) as source_rows, min(page) as first_page, max(page) as last_page,
               min(line_from) as first_line, max(line_to) as last_line
        from meta.source_row group by all order by all""",
}


def query(database: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_night_is_released_with_every_check_passed(good_night: GoodNight) -> None:
    night = good_night.night
    assert (night.outcome, night.errors) == ("released", [])
    assert [str(check) for check in night.checks if not check.passed] == []
    assert len(night.checks) == len(list(every_check()))


@pytest.mark.parametrize("name", FIGURES)
def test_published_figures_are_the_golden_ones(
    good_night: GoodNight, name: str, request: pytest.FixtureRequest
) -> None:
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        found = connection.execute(FIGURES[name])
        header = [column[0] for column in found.description]
        rows = [["" if value is None else str(value) for value in row] for row in found.fetchall()]
    golden = GOLDEN / f"{name}.csv"
    if request.config.getoption("--update-golden"):
        with golden.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    with golden.open(encoding="utf-8", newline="") as file:
        assert [header, *rows] == list(csv.reader(file))


def test_most_figures_can_be_computed_and_every_difference_is_explained(good_night: GoodNight) -> None:
    figures = "select count(*), count(computed_by) from meta.stated_figure"
    ((stated, computable),) = query(good_night.database, figures)
    assert isinstance(stated, int)
    assert isinstance(computable, int)
    assert stated >= 230
    assert computable >= 140
    verdicts = query(good_night.database, "select verdict, count(*) from meta.reconciliation group by all order by 1")
    assert [verdict for verdict, _ in verdicts] == ["agrees", "differs", "not_computable"]
    unexplained = "select figure_id from meta.reconciliation where verdict <> 'agrees' and explanation is null"
    assert query(good_night.database, unexplained) == []


def test_every_published_fact_leads_to_a_source_row(good_night: GoodNight) -> None:
    facts = (
        "dim_office",
        "fct_office_plan",
        "fct_office_closing",
        "fct_collaboration_state",
        "fct_service_launch",
        "fct_visit_rate",
    )
    for fact in facts:
        orphans = query(
            good_night.database,
            f"select count(*) from core.{fact} where source_row_id is null "
            "or source_row_id not in (select source_row_id from meta.source_row)",
        )
        assert orphans == [(0,)], fact


def test_published_file_holds_tables_of_three_schemas_and_no_view(good_night: GoodNight) -> None:
    schemas = query(good_night.database, "select distinct schema_name from duckdb_tables() order by 1")
    assert schemas == [("core",), ("kpi",), ("meta",)]
    assert query(good_night.database, "select count(*) from duckdb_views() where not internal") == [(0,)]


def test_second_night_with_unchanged_documents_publishes_nothing_new(good_night: GoodNight) -> None:
    before = (good_night.published / "current").resolve()
    night = run_night()
    assert (night.outcome, night.errors) == ("nothing_new", [])
    assert (good_night.published / "current").resolve() == before
    assert [release.folder for release in Published.here().releases()] == [before]


def test_release_of_unchanged_documents_has_byte_equal_exports(
    later_night: GoodNight, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (later_night.published / "current").resolve()
    monkeypatch.setattr(release, "CONTRACT_VERSION", "1.0-test")
    reader = duckdb.connect(str(later_night.database), read_only=True)
    night = run_night()
    assert night.outcome == "released"
    after = (later_night.published / "current").resolve()
    assert after != before

    for kind in ("csv", "parquet"):
        names = sorted(file.name for file in (before / kind).iterdir())
        assert names == sorted(file.name for file in (after / kind).iterdir())
        nightly = {f"{address}.{kind}" for address in release_file.NIGHTLY_TABLES}
        equal, different, unreadable = filecmp.cmpfiles(
            before / kind, after / kind, set(names) - nightly, shallow=False
        )
        assert (different, unreadable) == ([], [])
        assert len(equal) == len(names) - len(nightly)

    # A reader that had yesterday's file open goes on reading it.
    assert reader.execute("select count(*) from meta.release").fetchone() == (1,)
    reader.close()
    assert query(later_night.database, "select count(*) from meta.release") == [(2,)]
    latest = "release_id = (select max(release_id) from meta.release)"
    changed = f"select count(*), sum(added + removed + changed) from meta.change where {latest}"
    assert query(later_night.database, changed) == [(len(equal), 0)]


def test_status_tells_what_is_published(good_night: GoodNight) -> None:
    told = CliRunner().invoke(app, ["status"])
    assert told.exit_code == 0, told.output
    assert (good_night.published / "current").resolve().name in told.output
    assert re.search(r"Offices +238 +117 +112\n", told.output)
    assert re.search(r"Latest night +\S+: (a new release|nothing new)", told.output)


def test_a_table_that_is_read_no_more_leaves_no_record(tmp_path: Path) -> None:
    warehouse = Warehouse(database=str(tmp_path / "narvaro.duckdb"))
    warehouse.keep_records_of(["kept_offices"], "readings")
    for table in ("kept_offices", "read_no_more"):
        warehouse.replace(table, pl.DataFrame({"office": ["Af"]}), readings=pl.DataFrame({"table_name": [table]}))

    warehouse.keep_records_of(["kept_offices"], "readings", "quarantine")

    with warehouse.get_connection() as connection:
        assert connection.execute("select table_name from raw.readings").fetchall() == [("kept_offices",)]
