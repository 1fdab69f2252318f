"""What it takes to hold contacts to their contract: one pass of SQL, as here, against other validators.

The same rules (`expectations.contracts.contacts`), the same rows (a Parquet file of made-up cells that were already
looked up; one rule is broken in every few hundred rows), each validator in a process of its own, from its import to the
number of rows that break each rule. All must find the same numbers, else nothing is told. Rules that compare texts or
times are written in each tool's own words; all bounds are those of the contract.

pandera's ibis backend is left out: ibis 12 does not work with DuckDB 2 (docs/bi.md).

    make bench ONLY=validation       or    .venv/bin/python -m tests.benchmarks.validation
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Benchmark, Function, Size, size

RECEIVED_AT = datetime(2021, 1, 5, tzinfo=UTC)
ROWS = {Size.QUICK: 1_000_000, Size.FULL: 10_000_000}

FILLED = {
    "contact_id": "contact_id_filled",
    "moment": "occurred_at_is_a_time",
    "municipality_code": "municipality_is_known",
    "visitor_group": "group_is_known",
    "channel": "channel_is_known",
}
"""Columns that may not be empty, with the rule that says so."""
WINDOW, LENGTH = "occurred_at_in_window", "office_is_a_name"

MADE = """
copy (
    select
        range + 1 as row_number,
        if(range % 2003 = 0, null, md5(range::varchar)) as contact_id,
        case
            when range % 1009 = 0 then null
            when range % 1499 = 0 then timestamp '1999-12-31 23:59:59'
            when range % 1999 = 0 then timestamp '2021-01-07 00:00:00'
            else timestamp '2020-01-01' + to_microseconds(range * 31_000_000 % 31_000_000_000_000)
        end as moment,
        if(range % 3001 = 0, null, lpad((hash(range) % 290 + 100)::varchar, 4, '0')) as municipality_code,
        if(range % 4001 = 0, repeat('x', 201), 'Af ' || (hash(range) % 290)) as office,
        if(range % 701 = 0, null, 'group ' || (hash(range + 1) % 7)) as visitor_group,
        if(range % 503 = 0, null, 'channel ' || (hash(range + 2) % 5)) as channel
    from range({rows})
) to '{file}' (format parquet)
"""


def window() -> tuple[date, date]:
    """The first day that a contact may have, and the first one that it may not have any more."""
    from expectations.contracts.contacts import DAYS_AHEAD, FIRST_DAY

    return FIRST_DAY, RECEIVED_AT.date() + timedelta(days=DAYS_AHEAD + 1)


def longest_office() -> int:
    """The most characters of an office."""
    from expectations.contracts.contacts import LONGEST_OFFICE

    return LONGEST_OFFICE


def make(file: Path, rows: int) -> None:
    """The rows that all validate."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(MADE.format(rows=rows, file=file))


def sql_pass(file: Path) -> Mapping[str, int]:
    """Ours: the split of a delivery, with the first rows that break each rule."""
    from expectations.contracts.contacts import split
    from sources.registration_statistics.contacts import engine

    with engine(file.parent) as connection:
        received_on = f"date '{RECEIVED_AT:%Y-%m-%d}' as received_on"
        connection.execute(f"create view contact as select *, {received_on} from read_parquet('{file}')")
        connection.execute(
            """
            create view received as
            select
                row_number, contact_id, moment::varchar as occurred_at, municipality_code, office,
                visitor_group as "group", channel
            from contact
            """
        )
        return {each.rule: each.rows for each in split(connection, str).refused}


def pandera_on_polars(file: Path) -> Mapping[str, int]:
    """A schema of pandera on an eager frame: every failure, lazily collected."""
    import pandera.polars as pa
    import polars as pl
    from pandera.errors import SchemaErrors

    first, end = window()
    rules = [
        *(
            pa.Check(lambda data, column=column: data.lazyframe.select(pl.col(column).is_not_null()), name=rule)
            for column, rule in FILLED.items()
        ),
        pa.Check(
            lambda data: data.lazyframe.select(
                pl.col("moment").is_null() | pl.col("moment").is_between(first, end, closed="left")
            ),
            name=WINDOW,
        ),
        pa.Check(
            lambda data: data.lazyframe.select(
                pl.col("office").is_null() | (pl.col("office").str.len_chars() <= longest_office())
            ),
            name=LENGTH,
        ),
    ]
    schema = pa.DataFrameSchema(
        {column: pa.Column(nullable=True) for column in (*FILLED, "office")},
        checks=rules,
    )
    try:
        schema.validate(pl.read_parquet(file), lazy=True)
    except SchemaErrors as errors:
        return {
            str(each.check.name): int((~each.check_output[each.check_output.columns[-1]]).sum())
            for each in errors.schema_errors
        }
    return {}


def great_expectations(file: Path) -> Mapping[str, int]:
    """A suite of Great Expectations on a frame of pandas."""
    import os

    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import
    import great_expectations as gx
    import great_expectations.expectations as gxe
    import pandas as pd

    first, end = window()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("contacts")
        .add_dataframe_asset("contacts")
        .add_batch_definition_whole_dataframe("whole")
        .get_batch({"dataframe": pd.read_parquet(file)})
    )
    expectations = [
        *(gxe.ExpectColumnValuesToNotBeNull(column=column, meta={"rule": rule}) for column, rule in FILLED.items()),
        gxe.ExpectColumnValuesToBeBetween(
            column="moment",
            min_value=pd.Timestamp(first),
            max_value=pd.Timestamp(end),
            strict_max=True,
            meta={"rule": WINDOW},
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(column="office", max_value=longest_office(), meta={"rule": LENGTH}),
    ]
    found = batch.validate(gx.ExpectationSuite("contacts", expectations=expectations), result_format="BASIC").results
    assert not any((each.exception_info or {}).get("raised_exception") for each in found), found
    return {each.expectation_config.meta["rule"]: int(each.result["unexpected_count"]) for each in found}


def dbt_tests(file: Path) -> Mapping[str, int]:
    """Data tests of dbt, on a project of its own: a view of the file, and a test for each rule."""
    from dbt.cli.main import dbtRunner

    first, end = window()
    tests = {rule: f"select * from {{{{ ref('contact') }}}} where {column} is null" for column, rule in FILLED.items()}
    tests[WINDOW] = (
        "select * from {{ ref('contact') }} "
        f"where moment is not null and not (moment >= date '{first}' and moment < date '{end}')"
    )
    tests[LENGTH] = f"select * from {{{{ ref('contact') }}}} where length(office) > {longest_office()}"
    with tempfile.TemporaryDirectory() as name:
        project = Path(name)
        files = {
            "dbt_project.yml": "name: contacts\nprofile: contacts\nflags: {send_anonymous_usage_stats: false}\n",
            "profiles.yml": f"contacts: {{target: own, outputs: {{own: {{type: duckdb, path: {name}/own.duckdb}}}}}}\n",
            "models/contact.sql": f"select * from read_parquet('{file}')",
            **{f"tests/{rule}.sql": sql for rule, sql in tests.items()},
        }
        for path, text in files.items():
            (project / path).parent.mkdir(exist_ok=True)
            (project / path).write_text(text, "utf-8")
        done = dbtRunner().invoke(
            ["--quiet", "build", "--project-dir", name, "--profiles-dir", name, "--log-path", name]
        )
        assert done.exception is None, done.exception
        return {each.node.name: int(each.failures) for each in done.result if each.failures}


VALIDATORS: Mapping[str, Callable[[Path], Mapping[str, int]]] = {
    "one SQL pass": sql_pass,
    "pandera on polars": pandera_on_polars,
    "dbt data tests": dbt_tests,
    "Great Expectations on pandas": great_expectations,
}


def main() -> None:
    """Measure all, hold their findings together, print."""
    rows = ROWS[size()]
    benchmark = Benchmark("validation", f"Validation of {rows:,} contacts by 7 rules")
    with tempfile.TemporaryDirectory() as name:
        file = Path(name, "contact.parquet")
        make(file, rows)
        series = benchmark.measure({what: Function(work, [file]) for what, work in VALIDATORS.items()})
    ours, *others = VALIDATORS
    found: dict[str, Any] = {what: Counter(run.facts) for what, each in series.items() for run in each.runs}
    if any(each != found[ours] for each in found.values()):
        raise SystemExit(f"the validators do not find the same rows: {found}")
    benchmark.facts |= {"rows": rows, "found by all": dict(found[ours])}
    benchmark.say(", ".join(f"{rule} {count:,}" for rule, count in found[ours].items()))
    for other in others:
        benchmark.compare(other, ours)
    benchmark.finish()


if __name__ == "__main__":
    main()
