"""The report of other documents than the project ships: what they leave empty costs a section, not the release."""

from pathlib import Path
from shutil import copyfile

import duckdb
import pytest

from orchestration.site import build
from orchestration.site.language import ENGLISH, SWEDISH, Language
from orchestration.site.pages import every_page, every_script
from orchestration.site.shared import Shared
from orchestration.site.warehouse import REQUIRED, Facts
from tests.golden_contract import read_contract
from tests.integration.conftest import GoodNight

TABLES = read_contract().tables
SCOPED = [table for table, of in TABLES.items() if any(column.name == "scope" for column in of.columns)]
MUNICIPALITIES = ("0180", "0509", "1081", "1440", "2505", "2584")
"""With offices kept and closed, service centres, gaps and conflicts, and with nothing at all: all have one template."""
SPOILED = {
    "figures of the nation only": ";".join(f"delete from {table} where scope <> 'national'" for table in SCOPED),
    **{f"no {verdict}": f"delete from kpi.criteria where verdict = '{verdict}'" for verdict in ("met", "not_met")},
    "totals without rows": "delete from kpi.agreement_completion where basis = 'rows'",
    "gaps of unknown length": "update kpi.presence_gap set gap_days_min = null, gap_days_max = null",
}


@pytest.fixture
def database(good_night: GoodNight, tmp_path: Path) -> Path:
    """A copy of the published file, to be spoiled."""
    return copyfile(good_night.database, tmp_path / "narvaro.duckdb")


def spoil(database: Path, sql: str) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(sql)


def rendered(database: Path, language: Language) -> dict[str, str]:
    """All pages in a language, but of the municipalities a few: the slowest part, and all alike."""
    with Facts(database) as facts:
        shared = Shared(facts)
        pages = {
            page.path: build.render(build._environment(), shared, language, page)
            for page in every_page(shared, language)
            if page.template != "municipality.html.jinja" or Path(page.path).stem in MUNICIPALITIES
        }
        every_script(shared)
    return pages


@pytest.mark.parametrize("table", sorted(set(TABLES) - set(REQUIRED)))
def test_an_empty_table_stops_no_report(database: Path, table: str) -> None:
    spoil(database, f"delete from {table}")
    assert len(rendered(database, SWEDISH)) > len(MUNICIPALITIES)


@pytest.mark.parametrize("sql", SPOILED.values(), ids=SPOILED)
def test_rows_that_are_not_there_stop_no_report(database: Path, sql: str) -> None:
    spoil(database, sql)
    assert len(rendered(database, ENGLISH)) > len(MUNICIPALITIES)


@pytest.mark.parametrize("table", REQUIRED)
def test_a_report_that_cannot_be_says_what_is_missing_and_writes_nothing(
    database: Path, tmp_path: Path, table: str
) -> None:
    spoil(database, f"delete from {table}")
    with pytest.raises(LookupError, match=f"{table} has no rows"):
        build.write_site(database, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_page_says_which_of_its_tables_and_charts_are_empty(database: Path) -> None:
    spoil(database, "delete from kpi.agreement_completion; delete from core.fct_collaboration_state")
    text = rendered(database, ENGLISH)["agreements.html"]
    empty = ("burn-up", "not-ready", "by-county", "by-region")
    assert [name for name in empty if f'<p id="{name}">' in text] == list(empty)
    assert text.count("nothing in this release") == len(empty)
    assert 'id="premises"' not in text
    assert '<table id="open-gaps-table">' in text, "what has rows is shown"


def test_a_report_is_not_written_among_the_pages_of_another(good_night: GoodNight, tmp_path: Path) -> None:
    (tmp_path / "old.html").touch()
    with pytest.raises(FileExistsError, match="is not empty"):
        build.write_site(good_night.database, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["old.html"]
