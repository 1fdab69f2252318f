"""The report of other documents than the project ships: what they leave empty costs a section, not the release."""

from pathlib import Path
from shutil import copyfile

import duckdb
import pytest
from lxml import html

from orchestration.site import build
from orchestration.site.language import ENGLISH, SWEDISH, Language
from orchestration.site.pages import every_page, every_script
from orchestration.site.shared import Shared
from orchestration.site.warehouse import REQUIRED, Facts
from sources.sql import literal
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

FULL = """
    insert into kpi.visits by name
    select
        template.* replace (
            month as report_month, area.scope as scope, area.scope_sv as scope_sv, area.scope_code as scope_code,
            area.scope_name as scope_name, 'all' as visitor_group, code as channel, code as channel_sv,
            12345 as visits, 12340 as visits_min, 12350 as visits_max, 'value' as status,
            123456 as registered, 123450 as registered_min, 123460 as registered_max, 'value' as registered_status,
            10.0 as visits_per_100, 9.9 as visits_per_100_min, 10.1 as visits_per_100_max, 'value' as rate_status
        )
    from (from kpi.visits limit 1) as template,
        (select scope, scope_sv, scope_code, scope_name from core.dim_municipality_scope
         where scope in ('municipality', 'national') group by all) as area,
        unnest(['all', 'visit_booked', 'visit_drop_in', 'phone', 'digital_meeting', 'chat']) as channels (code),
        unnest([date '2021-01-01', date '2021-02-01', date '2021-03-01']) as months (month);
    insert into meta.quarantine by name
    select
        'delivery:contacts:group_is_known:' || number as source_row_id, 'contacts' as table_name,
        'group_is_known' as rule, 'group: first in row 30; expected a known group of jobseekers' as reason,
        'a group of jobseekers' as value, 1234 as rows, date '2026-01-01' as first_seen
    from range(1000) as numbers (number);
    insert into meta.delivery by name
    select
        'delivery ' || number as delivery_id, number as delivery_number, 'registrations-2021-03.csv' as name,
        'registrations' as kind, 'Inskrivna' as kind_sv, timestamp '2026-01-01' as received_at, 'accepted' as status,
        'Mottagen' as status_sv, 'Replaces what was received before for the same months and layout' as message,
        6090 as rows_received, 6090 as rows_valid, 0 as rows_quarantined
    from range(1000) as numbers (number);
    insert into meta.changed_row by name
    select
        release_id, 'kpi.visits' as table_name, 'changed' as kind,
        '2021-03-01, municipality, 0180, all, visit_booked, ' || number as row_key,
        'visits_per_100_min' as column_name, '10.123456789' as value_before,
        '10.234567891' as value_after
    from (select max(release_id) as release_id from meta.release), range(1000) as numbers (number)
"""
"""As much as a release can hold: feeds of every municipality, and long lists of what became of them."""
LARGEST = 5_000_000


ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'"
OTHERS_TEXTS = {
    "core.dim_municipality": ("municipality", "county", "fa_region"),
    "core.dim_office": ("office", "locality"),
    "kpi.criteria": ("evidence",),
    "meta.conflict": ("subject", "value_a", "value_b"),
    "meta.document": ("title", "publisher", "dnr"),
    "meta.source_row": ("raw_text",),
    "meta.trace": ("subject_name",),
}
"""Columns with words of documents and files."""


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


@pytest.mark.parametrize("language", [SWEDISH, ENGLISH], ids=lambda language: language.code)
def test_words_of_others_are_shown_and_never_run(database: Path, language: Language) -> None:
    for table, columns in OTHERS_TEXTS.items():
        for column in columns:
            # an index of a key stands in the way of some updates; these tables can do without
            spoil(
                database,
                f"create temp table told as select * replace ({column} || {literal(ATTACK)} as {column}) from {table};"
                f"delete from {table}; insert into {table} from told",
            )
    pages = rendered(database, language)
    assert sum("alert(1)" in page for page in pages.values()) > len(MUNICIPALITIES)
    for name, page in pages.items():
        root = html.fromstring(page)
        assert [each for each in root.iter("script") if (each.text or "").startswith("alert")] == [], name
        assert root.xpath("//*[@*[starts-with(name(), 'on')]]") == [], name


def test_a_report_is_not_written_among_the_pages_of_another(good_night: GoodNight, tmp_path: Path) -> None:
    (tmp_path / "old.html").touch()
    with pytest.raises(FileExistsError, match="is not empty"):
        build.write_site(good_night.database, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["old.html"]


def test_a_report_of_all_that_feeds_bring_is_small(database: Path, tmp_path: Path) -> None:
    spoil(database, FULL)
    written = build.write_site(database, tmp_path / "site")
    assert "12\N{NO-BREAK SPACE}345" in (tmp_path / "site" / "municipality" / "0180.html").read_text("utf-8")
    assert written.size_bytes < LARGEST
