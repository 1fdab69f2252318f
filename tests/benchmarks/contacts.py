"""Contacts of 60 months: a full build beside the best script by hand, one changed month, and taking a delivery in.

Synthetic contacts lie as the store holds them. A full build reads, validates and counts them, resolves corrections,
writes the months, and has dbt build all that contacts reach (MODELS). The rival is one script for DuckDB
(rivals/contacts.sql) for the counts, followed by the statements by which dbt made the other models, with their keys,
but without dbt; once bound to our memory, and once unbound. A changed month is a whole month delivered again after a
full build. All tables must be equal, row for row. Quick: a million contacts; full: 1, 10 and 100 million.

    make bench ONLY=contacts    or
    .venv/bin/python -m tests.benchmarks.contacts [MILLIONS…] [--times N] [--kept FOLDER]

--kept: where the night and the contacts that it begins with are looked for, and stay.
"""

import argparse
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import duckdb

from orchestration import contact_months, paths
from sources.registration_statistics.contacts import Reading, opened, pseudonymise
from tests.benchmarks.measure import Benchmark, Function, Size, runs, size
from tests.benchmarks.synthetic import contacts, registrations

RECEIVED_AT = datetime(2021, 1, 5, tzinfo=UTC)
CHANGED = date(2018, 6, 1)
MODELS = (
    "int_contact_month",
    "int_contact_cell",
    "int_contact_pool",
    "int_contact_area",
    "fct_contact_month",
    "visits",
)
RIVAL = Path(__file__).parent / "rivals" / "contacts.sql"
BOUND = "3GB"
"""What DuckDB may hold for the rival, so that its process keeps below 4 GiB."""
EQUAL = {
    "intermediate.int_contact_month": """
        select report_month, municipality_code, visitor_group, channel, contacts from intermediate.int_contact_month
        where municipality_code is not null""",
    "core.fct_contact_month": "from core.fct_contact_month",
    "kpi.visits": "from kpi.visits",
}
KEY = b"only for benchmarks"


def use(data: Path) -> None:
    """Let what follows in this process keep its state there."""
    from orchestration.manifest import ensure_manifest
    from orchestration.night import prepare_environment

    os.environ["NARVARO_DATA"] = os.environ["DAGSTER_HOME"] = str(data)
    prepare_environment()
    ensure_manifest()


def begin(data: Path) -> Mapping[str, int]:
    """A night on the documents, and registered jobseekers in its build file: what a build of contacts begins with.

    The registrations are put where a night would put them, below the gate that refuses synthetic rows, and without the
    column that says so: in this data folder, from which nothing is published.
    """
    use(data)
    from orchestration.night import run_night
    from tests.disclosure.warehouse import REGISTRATIONS
    from tests.integration.conftest import DONE, run_dbt

    assert run_night().is_good
    file = registrations.write(data / "registrations.parquet")
    with duckdb.connect(str(paths.build_file())) as connection:
        connection.execute(
            f"""
            insert into raw.deliveries (delivery_id, delivery_number, name, kind, layout, received_at, status)
            select 'd' || number, number, kind, kind, kind, date '{RECEIVED_AT:%Y-%m-%d}', 'accepted'
            from (values (1, 'registrations'), (2, 'contacts')) as kinds (number, kind);
            insert into raw.registrations
            select
                'd1', 1, 'registrations', null, row_number() over (), strptime(month, '%Y-%m')::date, 'municipality',
                null, municipality_code, "group", registered, registered, false
            from '{file}'
            """
        )
    results = run_dbt("run", "--select", *(each for each in REGISTRATIONS if each != "visits"))
    assert [each.message for each in results if each.status not in DONE] == []
    return {}


def deliveries(stored: Path) -> dict[int, Reading]:
    """What the store holds, by number."""
    return {at: Reading(file, RECEIVED_AT) for at, file in enumerate(sorted(stored.glob("*.parquet")), start=1)}


def build(data: Path, stored: Path, again: Path | None = None) -> Mapping[str, int]:
    """Every delivery, or one that came again, from the store to the published figures."""
    use(data)
    from tests.integration.conftest import DONE, run_dbt

    readings = deliveries(stored)
    new = [*readings]
    if again is not None:
        new = [len(readings) + 1]
        readings |= {new[0]: Reading(again, RECEIVED_AT)}
    changed = contact_months.add(paths.feeds_folder(), readings, new)
    with duckdb.connect(str(paths.build_file())) as connection:
        contact_months.create_views(connection, paths.feeds_folder())
    results = run_dbt("run", "--select", *MODELS)
    assert [each.message for each in results if each.status not in DONE] == []
    return {"months": len(changed), "mib_of_months": size_of(paths.feeds_folder()) >> 20}


def size_of(folder: Path) -> int:
    """Bytes."""
    return sum(file.stat().st_size for file in folder.rglob("*.parquet"))


def rival(data: Path, stored: Path, statements: Path, memory: str | None) -> Mapping[str, int]:
    """The same by hand."""
    files = [str(each.path) for each in deliveries(stored).values()]
    with duckdb.connect(str(data / "build" / "narvaro.duckdb")) as connection:
        connection.execute(f"set temp_directory = '{data / 'spilled'}'")
        if memory:
            connection.execute(f"set memory_limit = '{memory}'")
        script = RIVAL.read_text("utf-8").replace("$files", str(files)).replace("$latest", "timestamp '2021-01-07'")
        connection.execute(script)
        for model in MODELS[1:]:
            (file,) = statements.rglob(f"{model}.sql")
            folder = file.relative_to(statements).parts[0]
            connection.execute(f"drop table if exists {folder}.{model}")
            connection.execute(file.read_text("utf-8").replace(f"{model}__dbt_tmp", model))
    return {}


def taken_in(received: Path, target: Path) -> Mapping[str, int]:
    """A delivery of contacts, as receipt does it: pseudonyms, the search for personal numbers, the split by rules."""
    from expectations.contracts.contacts import split
    from sources.personal_data import mask

    rows = pseudonymise(received, received.name, KEY, target).rows
    with opened(Reading(target, RECEIVED_AT), target.parent) as connection:
        return {"rows": rows, "quarantined": split(connection, mask).quarantined}


def fresh(data: Path, base: Path) -> None:
    """A data folder with the base's build file and nothing of contacts."""
    shutil.rmtree(data, ignore_errors=True)
    (data / "build").mkdir(parents=True)
    shutil.copyfile(base / "build" / "narvaro.duckdb", data / "build" / "narvaro.duckdb")


def copied(data: Path, after: Path) -> None:
    """A data folder as another one is."""
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(after, data)


def differences(ours: Path, theirs: Path) -> dict[str, int]:
    """Rows that only one of two build files has, by table; the rows of ours must be some."""
    found = {}
    with duckdb.connect() as connection:
        for name, file in (("ours", ours), ("theirs", theirs)):
            connection.execute(f"attach '{file}' as {name} (read_only)")
        for table, query in EQUAL.items():
            one, other = (query.replace(table, f"{name}.{table}") for name in ("ours", "theirs"))
            assert connection.execute(f"select count(*) from ({one})").fetchall() > [(0,)]
            (found[table],) = connection.execute(
                f"select count(*) from ((({one}) except all ({other})) union all (({other}) except all ({one})))"
            ).fetchall()[0]
    return found


def measure(benchmark: Benchmark, kept: Path, scratch: Path, millions: int, times: int) -> None:
    """One size."""
    base, stored = kept / "night", kept / f"stored-{millions}"
    if not stored.exists():
        contacts.write_stored(kept / ".part", millions * 1_000_000)
        (kept / ".part").rename(stored)
    ours, theirs, unbound, later = (scratch / each for each in ("ours", "theirs", "unbound", "later"))
    name = f"{millions} million"
    again = stored / f"{CHANGED:%Y-%m}.parquet"
    build_of_ours = Function(build, [ours, stored], before=lambda: fresh(ours, base))
    benchmark.measure({f"{name}: first build, from which the rival has its SQL": build_of_ours}, 1)
    models = scratch / f"statements-{millions}"
    shutil.copytree(next(ours.rglob("run/narvaro/models")), models)
    benchmark.measure(
        {
            f"{name}: full build": build_of_ours,
            f"{name}: by hand": Function(rival, [theirs, stored, models, BOUND], before=lambda: fresh(theirs, base)),
            f"{name}: by hand, memory unbound": Function(
                rival, [unbound, stored, models, None], before=lambda: fresh(unbound, base)
            ),
            f"{name}: one changed month": Function(build, [later, stored, again], before=lambda: copied(later, ours)),
        },
        times,
    )
    benchmark.compare(f"{name}: full build", f"{name}: by hand")
    benchmark.compare(f"{name}: full build", f"{name}: by hand, memory unbound")
    benchmark.compare(f"{name}: one changed month", f"{name}: full build")
    build_file = Path("build", "narvaro.duckdb")
    found = differences(ours / build_file, theirs / build_file)
    benchmark.facts[f"{name}: rows that differ from the rival's"] = found
    benchmark.say(f"{name}: rows that differ from the rival's: {found}")


def main(arguments: Sequence[str]) -> None:
    """Make what is needed, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("millions", nargs="*", type=int, default=[1, 10, 100] if size() is Size.FULL else [1])
    parser.add_argument("--times", type=int, default=runs())
    parser.add_argument("--kept", type=Path)
    asked = parser.parse_args(arguments)
    benchmark = Benchmark("contacts", "Contacts: a full build, one month, and receipt")
    with tempfile.TemporaryDirectory(dir=asked.kept) as name:
        scratch = Path(name)
        kept = asked.kept or scratch / "kept"
        if not (kept / "night").exists():
            benchmark.measure({"the night that it begins with": Function(begin, [kept / "night"])}, 1)
        for millions in asked.millions:
            measure(benchmark, kept, scratch, millions, asked.times)
        received, marked = scratch / "received.parquet", scratch / "received"
        (file,) = contacts.write_received(marked, 1_000_000, registrations.MONTHS[:1])
        contacts.without_mark(file, received)
        benchmark.measure({"a million taken in": Function(taken_in, [received, scratch / "stored"])}, asked.times)
        for less, more in pairwise(asked.millions):
            few, many = (benchmark.series[f"{each} million: full build"].spread("seconds") for each in (less, more))
            exponent = math.log(many.median / few.median) / math.log(more / less)
            benchmark.facts[f"exponent from {less} to {more} million"] = exponent
            benchmark.say(f"time grows from {less} to {more} million with exponent {exponent:.2f}")
    benchmark.finish()


if __name__ == "__main__":
    main(sys.argv[1:])
