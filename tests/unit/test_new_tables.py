"""What a table needs in every room. A new one that lacks something is told so: what, and in which file."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from expectations.contracts import CONTRACTS
from expectations.suites import SUITES
from sources.tables import DOCUMENT_TABLES, PROVENANCE
from tests.unit.contract_rows import VALID

CHECKOUT = Path(__file__).resolve().parents[2]
MODELS = CHECKOUT / "transforms" / "models"
LIST = re.compile(r"\{% set tables = \[(.*?)\] %\}", re.DOTALL)

KPI_TABLES = sorted(file.stem for file in (MODELS / "kpi").glob("*.sql"))
WITHOUT_SUITE = {"launch_slippage", "principles"}
"""Tables without a number that could be implausible."""


def text(path: str) -> str:
    """The text of a file of the checkout; nothing if there is none."""
    file = CHECKOUT / path
    return file.read_text("utf-8") if file.exists() else ""


def listed(path: str) -> list[str]:
    """The tables that a model lists at its top."""
    found = LIST.search(text(path))
    assert found, f"{path} lists no tables"
    return re.findall(r"'(\w+)'", found[1])


def declared() -> dict[str, list[str]]:
    """The columns of each raw table, as the dbt project declares them."""
    (raw,) = yaml.safe_load(text("transforms/models/staging/__sources.yml"))["sources"]
    return {table["name"]: [column["name"] for column in table["columns"]] for table in raw["tables"]}


def lacking_of_document(table: str) -> Iterator[str]:
    """What a table that documents hold lacks."""
    if table not in CONTRACTS:
        yield f"expectations/contracts/__init__.py: CONTRACTS has no {table}"
    if table not in VALID:
        yield f"tests/unit/contract_rows.py: VALID has no row of {table}"
    if declared().get(table) != [*DOCUMENT_TABLES[table].columns, *PROVENANCE]:
        yield f"transforms/models/staging/__sources.yml: no {table} with the reader's columns and those of its place"
    for file in (f"transforms/models/staging/stg_{table}.{ending}" for ending in ("sql", "yml")):
        if not text(file):
            yield f"{file}: not there"
    if table not in listed("transforms/models/intermediate/int_document_row.sql"):
        yield f"transforms/models/intermediate/int_document_row.sql: {table} is not listed, so no row could be traced"


def lacking_of_kpi(table: str) -> Iterator[str]:
    """What a kpi table lacks."""
    trace = f"transforms/models/intermediate/trace/int_trace_{table}"
    if "counted:" in text(f"transforms/models/kpi/{table}.yml"):
        for file in (f"{trace}.sql", f"{trace}.yml"):
            if not text(file):
                yield f"{file}: not there, and counted figures stand on its rows"
        if table not in listed("transforms/models/meta/trace.sql"):
            yield f"transforms/models/meta/trace.sql: {table} is not listed, so its rows would be in no trace"
    if f"kpi.{table}" not in SUITES and table not in WITHOUT_SUITE:
        yield f"expectations/suites/__init__.py: SUITES has no suite of kpi.{table}"
    if not text(f"docs/queries/{table}.sql"):
        yield f"docs/queries/{table}.sql: not there: an example question and its answer"
    if f"[{table}](queries/{table}.sql)" not in text("docs/bi.md"):
        yield f"docs/bi.md: the table of queries has no {table}"
    if f"`kpi.{table}`" not in text("README.md"):
        yield f"README.md: the table of what is published has no kpi.{table}"
    if f"ref('{table}')" not in text("transforms/models/exposures.yml"):
        yield f"transforms/models/exposures.yml: nobody reads {table}"
    if f"## kpi.{table}\n" not in text("docs/kpis.md"):
        yield f"docs/kpis.md: no kpi.{table}: run `make docs`"


def told(lacking: Iterator[str]) -> None:
    """Fail with what is lacking, a line each."""
    if lines := list(lacking):
        pytest.fail("\n".join(lines), pytrace=False)


@pytest.mark.parametrize("table", DOCUMENT_TABLES)
def test_a_table_of_documents_has_all_it_needs(table: str) -> None:
    told(lacking_of_document(table))


@pytest.mark.parametrize("table", KPI_TABLES)
def test_a_kpi_table_has_all_it_needs(table: str) -> None:
    told(lacking_of_kpi(table))


def test_a_suite_is_of_a_published_table() -> None:
    files = (file for schema in ("core", "kpi", "meta") for file in (MODELS / schema).glob("*.sql"))
    assert set(SUITES) <= {f"{file.parent.name}.{file.stem}" for file in files}
    assert {subject for subject in SUITES if not subject.startswith("kpi.")} == {"meta.reconciliation"}
    assert not WITHOUT_SUITE & {subject.removeprefix("kpi.") for subject in SUITES}


def test_what_a_table_lacks_is_told_with_its_file() -> None:
    lacking = list(lacking_of_kpi("nothing"))
    assert [each.partition(":")[0] for each in lacking] == [
        "expectations/suites/__init__.py",
        "docs/queries/nothing.sql",
        "docs/bi.md",
        "README.md",
        "transforms/models/exposures.yml",
        "docs/kpis.md",
    ]
