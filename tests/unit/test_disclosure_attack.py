"""The attack on published counts finds out what is revealed, and nothing else."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.disclosure import attack, rivals, synthetic
from tests.disclosure.attack import CELL, FIGURE, Contradiction, audit, intervals, published_figures, sums, unchanged

MONTH = date(2020, 1, 1)
# Two municipalities of one county and FA-region, one of another.
KIRUNA, GÄLLIVARE, MALMÖ = "2584", "2523", "1280"
DISABILITY, OVER_55, YOUTH = "disability", "over_55", "youth_guarantee"

Counts = Mapping[tuple[str, str, str], int]
"""By municipality, group, channel; all others are zero."""
Bounds = tuple[int | None, int | None]
SMALL: Bounds = (1, 4)


def cells(counts: Counts) -> pl.DataFrame:
    every = synthetic.cells([MONTH], 1, {place for place, _, _ in counts})
    return every.with_columns(
        contacts=pl.Series([counts.get(row[1:4], 0) for row in every.iter_rows()], dtype=pl.Int64)
    )


def areas(counts: Counts) -> pl.DataFrame:
    return synthetic.areas({place for place, _, _ in counts})


def published(counts: Counts, said: Mapping[tuple[str, str, str], Bounds], with_sums: bool = False) -> pl.DataFrame:
    """Base cells, those of 1–4 as such, and what is said of municipalities; with exact sums of all else, if wanted."""
    truth = sums(cells(counts), areas(counts))
    base = (pl.col("scope") == "municipality") & (pl.col("visitor_group") != "all") & (pl.col("channel") != "all")
    small = pl.col("contacts").is_between(1, 4)
    figures = truth.filter(base | pl.lit(with_sums)).select(
        *FIGURE,
        visits_min=pl.when(base & small).then(1).otherwise("contacts"),
        visits_max=pl.when(base & small).then(4).otherwise("contacts"),
    )
    more = pl.DataFrame(
        [(MONTH, "municipality", *key, *bounds) for key, bounds in said.items()], figures.schema, orient="row"
    )
    return pl.concat([figures.join(more, on=FIGURE, how="anti"), more])


def interval(
    found: pl.DataFrame, place: str, group: str, channel: str = "phone", release: int = 0
) -> tuple[float, float]:
    rows = found.filter(release=release, municipality_code=place, visitor_group=group, channel=channel)
    return rows.select("lowest", "highest").row(0)


def two_cells(one: int, other: int) -> Counts:
    return {(KIRUNA, DISABILITY, "phone"): one, (KIRUNA, OVER_55, "phone"): other}


def test_a_row_with_one_suppressed_cell_and_an_exact_total_of_its_group_is_broken() -> None:
    counts = {(KIRUNA, DISABILITY, "visit_booked"): 3, (KIRUNA, DISABILITY, "visit_drop_in"): 9}
    figures = published(counts, {(KIRUNA, DISABILITY, "all"): (12, 12)})
    found = audit([figures], [cells(counts)], areas(counts))
    assert (found.primary, found.broken_primary, found.narrowest) == (1, 1, 0.0)
    assert found.broken.select("contacts", "lowest", "highest").rows() == [(3, 3.0, 3.0)]


def test_contacts_without_a_group_widen_a_row_and_are_found_out_where_all_else_is_exact() -> None:
    counts = {(KIRUNA, DISABILITY, "phone"): 3, (KIRUNA, OVER_55, "phone"): 9, (KIRUNA, "no_group", "phone"): 2}
    figures = published(counts, {(KIRUNA, "all", "phone"): (14, 14)})
    found = intervals([figures], areas(counts))
    assert interval(found, KIRUNA, DISABILITY) == (1, 4)
    assert interval(found, KIRUNA, "no_group") == (1, 4)
    assert audit([figures], [cells(counts)], areas(counts)).is_safe
    counts = {key: count for key, count in counts.items() if key[1] != DISABILITY}
    figures = published(counts, {(KIRUNA, "all", "phone"): (11, 11)})
    assert audit([figures], [cells(counts)], areas(counts)).broken["visitor_group"].to_list() == ["no_group"]


@pytest.mark.parametrize(("other", "broken"), [(3, 0), (1, 2)])
def test_two_suppressed_cells_are_safe_with_an_exact_sum_of_five_and_broken_with_one_of_three(
    other: int, broken: int
) -> None:
    counts = {(KIRUNA, DISABILITY, "visit_booked"): 2, (KIRUNA, DISABILITY, "visit_drop_in"): other}
    figures = published(counts, {(KIRUNA, DISABILITY, "all"): (2 + other, 2 + other)})
    found = audit([figures], [cells(counts)], areas(counts))
    assert (found.primary, found.broken_primary) == (2, broken)
    highest = 2 if broken else 4
    seen = intervals([figures], areas(counts))
    assert interval(seen, KIRUNA, DISABILITY, "visit_booked") == (1, highest)
    assert interval(seen, KIRUNA, DISABILITY, "visit_drop_in") == (1, highest)


def test_bounds_instead_of_a_total_are_safe() -> None:
    counts = {(KIRUNA, DISABILITY, "visit_booked"): 3, (KIRUNA, DISABILITY, "visit_drop_in"): 9}
    figures = published(counts, {(KIRUNA, DISABILITY, "all"): (10, 14)})
    found = audit([figures], [cells(counts)], areas(counts))
    assert found.is_safe
    assert (found.primary, found.sums_exact, found.sums_bounded) == (1, 0, 1)
    assert found.median_width == pytest.approx(4 / 12)


def test_a_total_of_an_area_less_those_of_its_other_parts_reveals_a_cell() -> None:
    counts = {(KIRUNA, DISABILITY, "chat"): 2, (GÄLLIVARE, DISABILITY, "chat"): 8, (MALMÖ, DISABILITY, "chat"): 7}
    figures = rivals.primary_only(cells(counts), areas(counts))
    assert interval(intervals([figures], areas(counts)), KIRUNA, DISABILITY, "chat") == (2, 2)
    no_areas = figures.filter(pl.col("scope") == "municipality")
    assert audit([no_areas], [cells(counts)], areas(counts)).is_safe


def test_a_small_cell_that_is_published_is_broken() -> None:
    counts = two_cells(3, 4)
    figures = published(counts, {(KIRUNA, DISABILITY, "phone"): (3, 3)})
    assert audit([figures], [cells(counts)], areas(counts)).broken["visitor_group"].to_list() == [DISABILITY]


def test_a_larger_cell_that_is_hidden_must_not_be_known_to_less_than_five() -> None:
    counts = {(KIRUNA, DISABILITY, "visit_booked"): 3, (KIRUNA, DISABILITY, "visit_drop_in"): 9}
    hidden = {(KIRUNA, DISABILITY, "visit_drop_in"): (1, 20)}
    figures = published(counts, {**hidden, (KIRUNA, DISABILITY, "all"): (12, 12)})
    found = audit([figures], [cells(counts)], areas(counts))
    assert (found.complementary, found.broken_primary, found.broken_complementary) == (1, 0, 1)
    assert found.broken.select("contacts", "lowest", "highest").rows() == [(9, 8.0, 11.0)]
    figures = published(counts, {**hidden, (KIRUNA, DISABILITY, "all"): (10, 14)})
    assert audit([figures], [cells(counts)], areas(counts)).is_safe
    rounded = published(counts, {(KIRUNA, DISABILITY, "visit_drop_in"): (8, 12)})
    assert audit([rounded], [cells(counts)], areas(counts)).rounded == 1


def test_of_five_releases_a_difference_between_two_reveals_a_cell_and_the_attack_finds_it() -> None:
    # Contacts without a group hide the small cell in each release. In the last one it has grown, and is published.
    before: Counts = {(KIRUNA, DISABILITY, "phone"): 2, (KIRUNA, "no_group", "phone"): 6}
    after: Counts = {**before, (KIRUNA, DISABILITY, "phone"): 7}
    versions = [before, before, before, before, after]
    releases = [published(each, {(KIRUNA, "all", "phone"): (sum(each.values()),) * 2}) for each in versions]
    truths = [cells(each) for each in versions]
    for one, truth in zip(releases, truths, strict=True):
        assert audit([one], [truth], areas(before)).is_safe
    found = audit(releases, truths, areas(before))
    assert (found.primary, found.broken_primary) == (4, 4)
    assert found.broken.select("release", "lowest", "highest").rows() == [(at, 2.0, 2.0) for at in range(4)]
    assert audit(releases, truths, areas(before), knows_unchanged=False).is_safe


def test_of_five_releases_one_correction_reveals_a_small_cell() -> None:
    versions: list[Counts] = [{**two_cells(2, 3), (KIRUNA, YOUTH, "phone"): count} for count in (7, 7, 7, 7, 4)]
    releases = [published(each, {(KIRUNA, "all", "phone"): (sum(each.values()),) * 2}) for each in versions]
    truths = [cells(each) for each in versions]
    areas_of = areas(versions[0])
    for one, truth in zip(releases, truths, strict=True):
        assert audit([one], [truth], areas_of).broken_primary == 0
    found = audit(releases, truths, areas_of)
    # A total that falls by three while one known count of seven has changed: it is four now.
    assert found.broken.select("release", "visitor_group", "lowest", "highest").rows() == [(4, YOUTH, 4.0, 4.0)]
    assert audit(releases, truths, areas_of, knows_unchanged=False).broken_primary == 0


def test_unchanged_cells_are_those_of_equal_count() -> None:
    before = synthetic.cells([MONTH], 3, [KIRUNA, MALMÖ])
    after = synthetic.corrected(before, 0.3, 4)
    both = before.join(after, on=CELL)
    assert both.height == before.height == after.height
    same = both.filter(pl.col("contacts") == pl.col("contacts_right"))
    assert 0 < unchanged(before, after).height == same.height < before.height
    assert after["contacts"].to_numpy().min() >= 0


def test_figures_that_no_counts_have_are_refused() -> None:
    counts = two_cells(3, 4)
    with pytest.raises(Contradiction):
        intervals([published(counts, {(KIRUNA, "all", "phone"): (1, 1)})], areas(counts))
    with pytest.raises(Contradiction):
        audit([published(counts, {(KIRUNA, "all", "phone"): (8, 9)})], [cells(counts)], areas(counts))
    missing = published(counts, {}).filter(pl.col("visitor_group") != OVER_55)
    with pytest.raises(Contradiction):
        audit([missing], [cells(counts)], areas(counts))


def test_of_what_nothing_bounds_only_the_lower_bound_is_known() -> None:
    counts: Counts = {(KIRUNA, DISABILITY, "phone"): 7, (KIRUNA, OVER_55, "phone"): 5}
    figures = published(counts, {(KIRUNA, DISABILITY, "phone"): (None, None), (KIRUNA, "all", "phone"): (12, None)})
    assert interval(intervals([figures], areas(counts)), KIRUNA, DISABILITY) == (0, float("inf"))
    assert audit([figures], [cells(counts)], areas(counts)).is_safe


@pytest.mark.parametrize("seed", range(3))
def test_the_audit_calls_broken_what_the_intervals_of_all_cells_say(seed: int) -> None:
    places = ["2580", "2581", "2582", "2583", KIRUNA, GÄLLIVARE]
    truth = synthetic.cells([MONTH], seed, places)
    later = synthetic.corrected(truth, 0.1, seed)
    areas_of = synthetic.areas(places)
    releases = [rivals.rounded(each, areas_of, 10) for each in (truth, later)]
    report = audit(releases, [truth, later], areas_of)
    truths = pl.concat([each.with_columns(release=pl.lit(at, pl.Int64)) for at, each in enumerate((truth, later))])
    all_of_them = intervals(releases, areas_of, [unchanged(truth, later)]).join(truths, on=["release", *CELL])
    assert all_of_them.filter(~pl.col("contacts").is_between("lowest", "highest")).is_empty()
    small = pl.col("contacts").is_between(1, 4)
    found = all_of_them.filter(small & ((pl.col("lowest") > 1) | (pl.col("highest") < 4)))
    assert found.height == report.broken_primary > 0
    expected = report.broken.filter(kind="primary").select("release", *CELL)
    assert_frame_equal(found.select("release", *CELL).sort("release", *CELL), expected)
    whole = audit(releases, [truth, later], areas_of, whole_numbers=True)
    assert whole.broken_primary >= report.broken_primary


def test_suppression_of_small_cells_alone_breaks_and_complementary_suppression_mends_it() -> None:
    places = [KIRUNA, GÄLLIVARE, MALMÖ]
    truth, areas_of = synthetic.cells([MONTH], 1, places), synthetic.areas(places)
    plain = rivals.primary_only(truth, areas_of)
    assert audit([plain], [truth], areas_of).broken_primary > 0
    mended = rivals.complementary(truth, areas_of, thrifty=False)
    assert mended.report.is_safe
    lost, lost_before = (rivals.loss(figures, truth, areas_of) for figures in (mended.figures, plain))
    assert lost.suppressed > lost_before.suppressed
    assert 0 < lost_before.suppressed_share < lost.suppressed_share <= 1


def test_a_seed_gives_the_same_country_of_a_plausible_size() -> None:
    country = synthetic.cells([MONTH], 1)
    assert country.equals(synthetic.cells([MONTH], 1))
    assert country.height == 290 * 7 * 5
    visits = country.filter(pl.col("channel").is_in(attack.VISITS))["contacts"].sum()
    assert 70_000 < visits < 145_000
    part = country.filter(pl.col("municipality_code") == KIRUNA)
    assert part.equals(synthetic.cells([MONTH], 1, [KIRUNA]))


def test_figures_of_both_published_tables_are_read(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "published.duckdb")) as connection:
        connection.execute(
            """
            create schema kpi; create schema core;
            create table kpi.visits as select * from (values
                (date '2020-01-01', 'national', 'SE', 'all', 'all', 12::bigint, 10::bigint, 14::bigint),
                (date '2020-01-01', 'national', 'SE', 'disability', 'all', null, null, null),
                (date '2020-01-01', 'municipality', '2584', 'disability', 'chat', 0, 0, 0)
            ) as t(report_month, scope, scope_code, visitor_group, channel, visits, visits_min, visits_max);
            create table core.fct_contact_month as select
                date '2020-01-01' as report_month, '2584' as municipality_code, 'disability' as visitor_group,
                'phone' as channel, null::bigint as contacts, 1::bigint as contacts_min, 4::bigint as contacts_max
            """
        )
    assert published_figures(tmp_path / "published.duckdb").rows() == [
        (MONTH, "municipality", "2584", "disability", "chat", 0, 0),
        (MONTH, "municipality", "2584", "disability", "phone", 1, 4),
        (MONTH, "national", "SE", "all", "all", 10, 14),
    ]
