"""Nothing published tells a small count: the attack on one release and on five, and a search for planted counts."""

import json
import os
import random
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from expectations.data_docs import render
from expectations.suites.run import run_suites
from orchestration import disclosure_memory, paths
from orchestration.published import Published
from orchestration.release import make_release
from orchestration.resources import Warehouse
from tests.disclosure import attack, registrations, rivals, synthetic
from tests.disclosure.warehouse import CONTACTS, REGISTRATIONS, Releases
from tests.integration.conftest import DONE, GoodNight, run_dbt, use_data_folder

MONTH = "2021-01-01"
RELEASES, SEED = 5, 1


@pytest.fixture
def releases(good_night: GoodNight, tmp_path: Path) -> Iterator[Releases]:
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        use_data_folder(patch, tmp_path / "data")
        yield Releases.after(good_night.data / "build" / "narvaro.duckdb")
    os.environ.clear()
    os.environ.update(before)


Numbers = dict[tuple[str, str], int]
"""Registered jobseekers by place and group; a place is a municipality's code or `rest 25`."""


def codes_of_county(releases: Releases) -> list[str]:
    """The municipalities of Norrbotten."""
    found = releases.ask("select municipality_code from raw.municipalities where county_code = '25' order by all")
    return [code for (code,) in found]


def made_up(chance: random.Random, codes: list[str]) -> Numbers:
    """Numbers of which many are small, or leave a small rest."""
    numbers: Numbers = {}
    for code in codes:
        everybody = chance.choice([6, 20, 60, 150])
        women = chance.choice([2, everybody // 2, everybody // 3])
        numbers |= {
            (code, "all"): everybody,
            (code, "women"): women,
            (code, "men"): everybody - women,
            (code, "over_55"): min(everybody, chance.randint(0, 8)),
            (code, "disability"): everybody - chance.randint(0, 9) if everybody > 9 else 1,
        }
    numbers |= {("rest 25", "all"): chance.randint(1, 9)}
    return numbers


def corrected(chance: random.Random, numbers: Numbers) -> Numbers:
    """A later version: one to three places have other numbers, small ones grow and large ones become small."""
    later = dict(numbers)
    for code in chance.sample(sorted({place for place, _ in numbers if len(place) == 4}), chance.randint(1, 3)):
        women = max(0, later[code, "women"] + chance.choice([-1, 1, 5, 1 - later[code, "women"]]))
        men = max(0, later[code, "men"] + chance.choice([0, 0, 0, 1, -1, 3 - later[code, "men"]]))
        later |= {(code, "women"): women, (code, "men"): men, (code, "all"): women + men}
        later[code, "over_55"] = min(women + men, max(0, later[code, "over_55"] + chance.choice([-2, -1, 1, 6])))
        later[code, "disability"] = chance.randint(0, women + men)
    return later


def deliver(releases: Releases, number: int, numbers: Numbers) -> None:
    """A whole file of the time series: what a place has, and the county's own totals."""
    county = {group: sum(each for (_, one), each in numbers.items() if one == group) for _, group in numbers}
    rows = [
        f"('d{number}', {number}, 'af_timeseries', null, {at}, '{MONTH}', '{area}', '25', {code}, '{group}', "
        f"{registered}, {registered}, false)"
        for at, (area, code, group, registered) in enumerate(
            [
                ("rest" if place.startswith("rest") else "municipality", _code(place), group, registered)
                for (place, group), registered in numbers.items()
            ]
            + [("county", "null", group, registered) for group, registered in county.items()]
        )
    ]
    releases.execute(f"insert into raw.registrations values {', '.join(rows)}")


def _code(place: str) -> str:
    return "null" if place.startswith("rest") else f"'{place}'"


def test_five_releases_of_registrations_tell_no_small_number(releases: Releases) -> None:
    chance = random.Random(SEED)  # noqa: S311
    versions = [made_up(chance, codes_of_county(releases))]
    for _ in range(RELEASES - 1):
        versions.append(corrected(chance, versions[-1]))
    for number, numbers in enumerate(versions, start=1):
        deliver(releases, number, numbers)
        releases.release(*REGISTRATIONS)
    small = [
        {
            (MONTH, place, group)
            for (place, group), registered in numbers.items()
            if 1 <= registered <= 4 and len(place) == 4
        }
        for numbers in versions
    ]
    truths = [{(MONTH, *key): each for key, each in numbers.items()} for numbers in versions]

    for upto in (1, RELEASES):
        found = registrations.intervals(releases.files[:upto], truths[:upto], set().union(*small[:upto]))
        for release in range(upto):
            told = {cell: found[release][cell] for cell in small[release]}
            narrow = {cell: each for cell, each in told.items() if each[0] > 1 + 1e-6 or each[1] < 4 - 1e-6}
            assert narrow == {}
    assert all(small)


def test_the_attack_finds_a_small_registration_where_it_alone_is_withheld(releases: Releases) -> None:
    deliver(releases, 1, {("2580", "all"): 57, ("2580", "women"): 3, ("2580", "men"): 54})
    file = releases.release(*REGISTRATIONS)
    wanted = {(MONTH, "2580", "women")}
    (protected,) = registrations.intervals([file], [{}], wanted)

    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "update core.fct_registration set registered_min = 54, registered_max = 54 where visitor_group = 'men'"
        )
    (found,) = registrations.intervals([file], [{}], wanted)

    assert list(protected.values()) == [pytest.approx((0, 57))]
    assert list(found.values()) == [pytest.approx((3, 3))]


def test_five_releases_of_contacts_tell_no_small_number(releases: Releases) -> None:
    codes = synthetic.codes_of("Nord")
    truths = [synthetic.cells([date(2021, 1, 1)], SEED, codes)]
    for number in range(1, RELEASES):
        truths.append(synthetic.corrected(truths[-1], 0.03, SEED + number))
    for cells in truths:
        releases.deliver_contacts(cells)
        releases.release(*CONTACTS)
    areas = attack.published_areas(releases.files[0])
    figures = [attack.published_figures(file) for file in releases.files]

    first, all_of_them = attack.audit(figures[:1], truths[:1], areas), attack.audit(figures, truths, areas)

    assert first.primary > 100
    assert first.is_safe, first.broken
    assert all_of_them.is_safe, all_of_them.broken


def test_the_attack_finds_small_numbers_where_only_these_are_withheld(releases: Releases) -> None:
    cells = synthetic.cells([date(2021, 1, 1)], SEED, synthetic.codes_of("Nord"))
    areas = attack.published_areas(paths.build_file())

    assert attack.audit([rivals.primary_only(cells, areas)], [cells], areas).broken_primary > 10


PLANTED = {"contacts": (471109, 733107, 507713), "registered": (391721, 614309, 924107)}
"""Counts that must be found nowhere, under a rule that calls everything up to 999 999 small."""
PLANTS = """
    delete from raw.deliveries;
    insert into raw.deliveries values
        ('d1', 1, 'one.parquet', 'a', 10, 'contacts', 'contacts', null, '2026-01-01', 'accepted',
         '733107 of 471109 rows', 471109, 733107, 507713),
        ('d2', 2, 'two.csv', 'b', 10, 'registrations', 'registrations', null, '2026-01-01', 'accepted', null, 9, 9, 0);
    insert into raw.feed_quarantine values
        ('d1', 'contacts', 'channel_known', 'No such channel.', 507713, '["507713"]', '2026-01-01');
    delete from intermediate.int_contact_month;
    insert into intermediate.int_contact_month by name
    from (values
        (date '2020-09-01', '2580', 'over_55', 'phone', 471109), (date '2020-09-01', '2580', 'all', 'phone', 2471109),
        (date '2020-09-01', '0180', 'all', 'visit_booked', 733107), (date '2020-09-01', '0180', 'all', 'chat', 3000000),
        (date '2020-09-01', '1480', 'all', 'visit_drop_in', 507713)
    ) as cells (report_month, municipality_code, visitor_group, channel, contacts);
    delete from raw.registrations;
    insert into raw.registrations
    select
        'd2', 2, layout, null, row_number() over (), month, 'municipality', null, code, visitor_group, number,
        number, false
    from (values
        ('registrations', date '2020-09-01', '2580', 'all', 2000000),
        ('registrations', date '2020-09-01', '2580', 'over_55', 391721),
        ('registrations', date '2020-09-01', '0180', 'all', 614309),
        ('af_competitiveness', date '2020-09-01', '1480', 'all', 5000000),
        ('af_competitiveness', date '2020-09-01', '1480', 'weaker_competitiveness', 924107)
    ) as cells (layout, month, code, visitor_group, number)
"""
SUMS = (2471109, 2000000 - 391721, 5000000 - 924107)
"""Figures from which a planted count follows, with others that are published."""
PLANTED_FEEDS = (
    *("int_contact_cell+", "int_registration+", "int_registered_on_document_date+", "int_weaker_competitiveness+"),
    *("delivery", "quarantine"),
)


def release_of_planted(small_count_max: int) -> Path:
    """The published folder after a build, its suites and a release under this rule."""
    with duckdb.connect(str(paths.build_file())) as connection:
        disclosure_memory.write_raw_tables(connection)
        connection.execute(PLANTS)
    rule = json.dumps({"small_count_max": dict.fromkeys(PLANTED, small_count_max)})
    results = run_dbt(
        "build", "--exclude", "test_type:unit", "--vars", rule, "--select", "stg_released_pools", *PLANTED_FEEDS
    )
    assert [f"{each.node.name}: {each.message}" for each in results if each.status not in DONE] == []
    with duckdb.connect(str(paths.build_file()), read_only=True) as connection:
        outcomes = run_suites(
            lambda address: connection.sql(f"select * from {address}").df(), {"kpi.visits", "kpi.criteria"}
        )
    render(outcomes, paths.data_docs_folder())
    assert make_release(Warehouse(), [], "a run", Published.here())["outcome"] == "released"
    return paths.published_folder()


TEXT = {".csv", ".json", ".jsonl", ".jsonld", ".html", ".js", ".svg", ".txt", ".prom"}


def places_of(numbers: tuple[int, ...], published: Path) -> set[str]:
    """Where in the releases one of these numbers stands, in whatever groups of digits: tables, and all other files."""
    printed = "|".join(f"{number:,}".replace(",", "[ ,.\u00a0\u2009\u202f]?") for number in numbers)
    wanted = re.compile(rf"(?<![0-9.])({printed})(?![0-9])")
    found = set()
    for database in published.glob("releases/*/narvaro.duckdb"):
        with duckdb.connect(str(database), read_only=True) as connection:
            for schema, table in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall():
                rows = connection.execute(f"select * from {schema}.{table}").fetchall()
                if any(wanted.search(str(value)) for row in rows for value in row):
                    found.add(f"{schema}.{table}")
    for file in published.rglob("*"):
        if file.suffix in TEXT and file.is_file():
            texts = [file.read_text("utf-8")]
        elif file.suffix == ".xlsx":
            with zipfile.ZipFile(file) as book:
                texts = [book.read(name).decode() for name in book.namelist()]
        elif file.suffix == ".parquet":
            texts = [str(pl.read_parquet(file).rows())]
        else:
            continue
        found |= {f"{file.parent.name}/{file.name}" for text in texts if wanted.search(text)}
    return found


def test_nothing_in_the_published_folder_holds_a_planted_count(later_night: GoodNight) -> None:
    assert later_night.night.is_good
    everything = (*PLANTED["contacts"], *PLANTED["registered"], *SUMS)

    published = release_of_planted(999999)

    assert places_of(everything, published) == set()


def test_the_search_finds_planted_counts_where_nothing_is_withheld(later_night: GoodNight) -> None:
    assert later_night.night.is_good

    published = release_of_planted(0)

    for numbers in PLANTED.values():
        assert "kpi.visits" in places_of(numbers, published)
    assert "site/visits.html" in places_of((733107,), published)
    found = places_of((471109,), published)
    assert {"csv/kpi.visits.csv", "parquet/kpi.visits.parquet"} <= found
    assert any(place.endswith("/narvaro.xlsx") for place in found)
