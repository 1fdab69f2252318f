"""What the protection of small counts costs, what an attack on it finds, and how other methods do on the same counts.

Synthetic contacts of all municipalities (7 groups, 5 channels), never near the project's own data. Prints: what the
protecting models take for 12 and for 60 months; what one month loses, by table and scope (meta.disclosure's way of
counting); the attack by linear programming on one release and on five successive ones, whose attacker is told which
cells did not change; and the same of other methods, on one release. Complementary suppression, which the attack drives
cell by cell, is tried on one AF region; quick: all is tried on that region alone.

    make bench ONLY=disclosure       or    .venv/bin/python -m tests.benchmarks.disclosure
"""

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import polars as pl

from orchestration import paths
from orchestration.manifest import ensure_manifest
from orchestration.night import prepare_environment, run_night
from tests.benchmarks.measure import Benchmark, Function, Size, size
from tests.disclosure import attack, rivals, synthetic
from tests.disclosure.warehouse import CONTACTS, Releases

SEED, CORRECTED, RELEASES, REGION = 1, 0.03, 5, "Nord"
LOSS = """
    select scope, figures, withheld, rounded,
        round(100 * withheld_share, 2) as "withheld %", round(100 * withheld_count_share, 3) as "of counts %",
        round(100 * rounded_count_share, 3) as "rounded by %"
    from meta.disclosure where table_name = 'kpi.visits' order by figures
"""


def months(number: int) -> list[date]:
    """So many months from January 2016 on."""
    return [date(2016 + at // 12, at % 12 + 1, 1) for at in range(number)]


def deliver(base: Path, data: Path, number: int) -> None:
    """A data folder with a build file of its own, and so many months of contacts in it."""
    shutil.rmtree(data, ignore_errors=True)
    os.environ["NARVARO_DATA"] = str(data)
    Releases.after(base).deliver_contacts(synthetic.cells(months(number), SEED))


def protect() -> Mapping[str, int]:
    """Build the models once."""
    releases = Releases()
    ((cells,),) = releases.ask("select count(*) from intermediate.int_contact_month where visitor_group <> 'all'")
    releases.release(*CONTACTS)
    return {"cells": cells}


def own_releases(base: Path, codes: Sequence[str] | None) -> tuple[list[pl.DataFrame], list[pl.DataFrame]]:
    """Five releases of one month: what is published, and the counts behind it."""
    releases = Releases.after(base)
    truths = [synthetic.cells(months(1), SEED, codes)]
    while len(truths) < RELEASES:
        truths.append(synthetic.corrected(truths[-1], CORRECTED, SEED + len(truths)))
    for cells in truths:
        releases.deliver_contacts(cells)
        releases.release(*CONTACTS, "disclosure")
    with duckdb.connect(str(releases.files[0]), read_only=True) as connection:
        print(connection.sql(LOSS))
    return [attack.published_figures(file) for file in releases.files], truths


def told(name: str, report: attack.Report, loss: rivals.Loss) -> str:
    """One line: what is lost, and what the attack found."""
    return (
        f"{name:<34} {report.primary:>7} {report.broken_primary:>7} {report.complementary:>7} "
        f"{report.broken_complementary:>7} {report.narrowest or 0:>8.2f} {loss.suppressed:>8} "
        f"{100 * loss.suppressed_share:>7.2f} {loss.sums_inexact:>8} {loss.sums_withheld:>8} "
        f"{100 * loss.sums_error:>7.3f} {report.seconds:>8.1f}"
    )


HEAD = (
    f"{'':<34} {'primary':>7} {'broken':>7} {'further':>7} {'broken':>7} {'narrow':>8} {'withheld':>8} {'share %':>7} "
    f"{'rounded':>8} {'not told':>8} {'error %':>7} {'seconds':>8}"
)


def compare(base: Path, codes: Sequence[str] | None, *, with_suppression: bool) -> None:
    """The attack on the project's releases and on other methods' publication of the first counts."""
    figures, truths = own_releases(base, codes)
    areas = attack.published_areas(base)
    if codes is not None:
        areas = areas.filter(pl.col("municipality_code").is_in(list(codes)))
        figures = [each.join(areas, on=["scope", "scope_code"], how="semi") for each in figures]
    print(HEAD)
    loss = rivals.loss(figures[0], truths[0], areas)
    print(told("Närvaro, one release", attack.audit(figures[:1], truths[:1], areas), loss))
    print(told("Närvaro, five releases", attack.audit(figures, truths, areas), loss))
    others = {
        "small counts withheld alone": rivals.primary_only(truths[0], areas),
        "all rounded to 5": rivals.rounded(truths[0], areas, 5),
        "all rounded to 10": rivals.rounded(truths[0], areas, 10),
        "sums rounded to 5": rivals.rounded(truths[0], areas, 5, sums_only=True),
    }
    for name, published in others.items():
        report = attack.audit([published], truths[:1], areas)
        print(told(name, report, rivals.loss(published, truths[0], areas)))
    every = [rivals.rounded(truth, areas, 5) for truth in truths]
    print(
        told(
            "all rounded to 5, five releases",
            attack.audit(every, truths, areas),
            rivals.loss(every[0], truths[0], areas),
        )
    )
    if with_suppression:
        found = rivals.complementary(truths[0], areas)
        print(told("complementary suppression", found.report, rivals.loss(found.figures, truths[0], areas)))


def main() -> None:
    """Measure, attack, and print all of it."""
    prepare_environment()
    benchmark = Benchmark("disclosure", "The protection of small counts")
    kept = os.environ["NARVARO_DATA"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["NARVARO_DATA"] = str(folder / "night")
        ensure_manifest()
        assert run_night().is_good
        base = paths.build_file()
        benchmark.measure(
            {
                f"{number} months": Function(
                    protect,
                    environment={"NARVARO_DATA": str(folder / str(number))},
                    before=partial(deliver, base, folder / str(number), number),
                )
                for number in (12, 60)
            }
        )
        places = {f"AF region {REGION}": synthetic.codes_of(REGION)}
        for where, codes in ({"The whole country": None} | places if size() is Size.FULL else places).items():
            print(f"\n{where}, one month")
            os.environ["NARVARO_DATA"] = str(folder / where)
            compare(base, codes, with_suppression=codes is not None)
    os.environ["NARVARO_DATA"] = kept
    benchmark.finish()


if __name__ == "__main__":
    main()
