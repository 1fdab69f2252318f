"""What the protection of small counts costs, what an attack on it finds, and how other methods do on the same counts.

Synthetic contacts of all municipalities (7 groups, 5 channels), never near the project's own data. Prints: seconds,
processor seconds and the peak of memory of the protecting models for 12 and for 60 months; what one month loses, by
table and scope (meta.disclosure's way of counting); the attack by linear programming on one release and on five
successive ones, whose attacker is told which cells did not change; and the same of other methods, on one release.
Complementary suppression, which the attack drives cell by cell, is tried on one AF region.

    .venv/bin/python tests/benchmarks/disclosure.py [MONTHS]
"""

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from orchestration import paths
from orchestration.manifest import ensure_manifest
from orchestration.night import prepare_environment, run_night
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


def protect(base: Path, number: int) -> None:
    """Build the models once, in a process of its own; prints seconds, processor seconds and the peak of memory."""
    releases = Releases.after(base)
    cells = synthetic.cells(months(number), SEED)
    releases.deliver_contacts(cells)
    counted = cells.filter(pl.col("contacts") > 0).height
    del cells
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF)
    releases.release(*CONTACTS)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds, processor = time.monotonic() - started, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{number:>6} {counted:>9} {seconds:>8.1f} {processor:>10.1f} {after.ru_maxrss / 1024:>9.0f}")


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


def main(number: int) -> None:
    """Print all of it."""
    prepare_environment()
    print(f"{platform.platform()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NARVARO_DATA"] = f"{folder}/night"
        ensure_manifest()
        assert run_night().is_good
        base = paths.build_file()
        print("months     cells  seconds  processor       MiB")
        for each in (12, number):
            environment = {**os.environ, "NARVARO_DATA": f"{folder}/{each}"}
            subprocess.run([sys.executable, __file__, "protect", str(base), str(each)], env=environment, check=True)
        for name, codes in (("The whole country", None), (f"AF region {REGION}", synthetic.codes_of(REGION))):
            print(f"\n{name}, one month")
            os.environ["NARVARO_DATA"] = f"{folder}/{name}"
            compare(base, codes, with_suppression=codes is not None)


if __name__ == "__main__":
    if sys.argv[1:2] == ["protect"]:
        protect(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 60)
