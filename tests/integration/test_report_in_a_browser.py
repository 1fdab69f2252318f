"""The report as people use it: in a real browser, from disk, on a wide screen and a narrow one."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.integration.browser import NARROWEST, PHONE, chromium, opened
from tests.integration.conftest import GoodNight

PLACES = ("municipality/1081.html", "municipality/0180.html", "municipality/0115.html", "county/25.html")
"""Ronneby, Stockholm, a municipality that never had an office, Norrbotten."""
IN_ENGLISH_TOO = ("index.html", "map.html", "visits.html", "trace.html", PLACES[0])
DOCUMENT = "document/af-news-2020-06-15.html"
QUIETLY = {"preload": False}
"""axe does not ask for style sheets: a page from disk may not."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def site(good_night: GoodNight) -> Path:
    return good_night.published / "site"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A wide page; the test fails if it does what nobody should see."""
    with opened(browser) as watched:
        yield watched.page
        assert watched.faults == []


@pytest.fixture
def ask(good_night: GoodNight) -> Iterator[Any]:
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        yield lambda sql, *parameters: connection.execute(sql, list(parameters)).fetchall()


def every_kind(site: Path) -> list[str]:
    """All pages at the top, and some of each kind below."""
    return [*sorted(page.name for page in site.glob("*.html")), *PLACES, DOCUMENT]


def text_of(page: Page, selector: str) -> str:
    return re.sub(r"\s+", " ", page.locator(selector).first.inner_text()).strip()


def rows_shown(page: Page, table: str) -> int:
    return page.locator(f"#{table} tbody tr:visible").count()


def exported(page: Page, table: str) -> list[dict[str, str]]:
    """The rows of the file that a table's button gives, by its heads."""
    with page.expect_download() as download:
        page.locator(f"[data-table='{table}']").get_by_role("button", name=re.compile("CSV")).click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    is_swedish = page.locator("html").get_attribute("lang") == "sv"
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if is_swedish else ","))


def column(rows: list[dict[str, str]], head: str) -> list[str]:
    return [row[head] for row in rows]


def head_of(page: Page, table: str, key: str) -> str:
    """What a column is called."""
    return text_of(page, f"#{table} th[data-key='{key}']")


def wait_for_charts(page: Page) -> None:
    page.wait_for_function("[...document.querySelectorAll('.chart')].every((chart) => 'drawn' in chart.dataset)")


def faults_of(browser: Browser, addresses: list[Path], rules: dict[str, Any], **how: Any) -> list[str]:
    """What axe finds in pages, and what they do that nobody should see."""
    faults = []
    with opened(browser, **how) as watched:
        for address in addresses:
            watched.page.goto(address.as_uri())
            wait_for_charts(watched.page)
            found = Axe().run(watched.page, options={**QUIETLY, "runOnly": rules})
            faults += [
                f"{address.name}: {each['id']}: {node['target']} {node['failureSummary']}"
                for each in found.response["violations"]
                for node in each["nodes"][:3]
            ]
            faults += [f"{address.name}: {fault}" for fault in watched.faults]
            watched.faults.clear()
    return faults


def test_no_page_has_an_error_leaves_the_disk_or_breaks_a_rule_of_wcag(browser: Browser, site: Path) -> None:
    pages = [*(site / name for name in every_kind(site)), *(site / "en" / name for name in IN_ENGLISH_TOO)]
    assert faults_of(browser, pages, {"type": "tag", "values": RULES}) == []


def test_dark_colours_have_contrast(browser: Browser, site: Path) -> None:
    pages = [site / "en" / name for name in (*IN_ENGLISH_TOO, "agreements.html", "quality.html", "releases.html")]
    assert faults_of(browser, pages, {"type": "rule", "values": ["color-contrast"]}, dark=True) == []


@pytest.mark.parametrize("folder", ["", "en/"])
def test_no_page_is_wider_than_the_narrowest_screen(browser: Browser, site: Path, folder: str) -> None:
    with opened(browser, NARROWEST) as watched:
        widths = {}
        for name in every_kind(site):
            watched.page.goto((site / folder / name).as_uri())
            wait_for_charts(watched.page)
            widths[name] = watched.page.evaluate("document.documentElement.scrollWidth")
    assert {name: width for name, width in widths.items() if width > NARROWEST[0]} == {}


def test_a_phone_shows_all_pages_at_the_top_and_every_label_of_a_chart(browser: Browser, site: Path) -> None:
    with opened(browser, PHONE) as watched:
        for name in ("agreements.html", "criteria.html", "visits.html"):
            watched.page.goto((site / name).as_uri())
            wait_for_charts(watched.page)
            ends = "(texts, end) => texts.filter((text) => text.getBoundingClientRect().right > end)"
            beyond = f"{ends}.map((text) => text.textContent)"
            assert watched.page.locator(".plot svg text").evaluate_all(beyond, PHONE[0]) == []
            assert watched.page.locator("header.top nav a").evaluate_all(beyond, PHONE[0]) == []


def test_the_overview_shows_the_figures_of_the_database(page: Page, site: Path, ask: Any) -> None:
    page.goto((site / "index.html").as_uri())
    ((first, last),) = ask("select arg_min(offices, as_of), arg_max(offices, as_of) from kpi.overview")
    ((staffed, travel_to, with_office),) = ask(
        "select staffed, travel_to, municipalities_with_office from kpi.overview order by as_of desc limit 1"
    )
    ((day,),) = ask("select max(as_of) from kpi.agreement_completion where basis = 'rows'")
    agreed = ask("select in_use, planned from kpi.agreement_completion where scope = 'national' and basis = 'rows'")
    lost = ask(
        """select municipality, drop_in from kpi.municipality_presence
           where as_of = ? and presence = 'collaboration_not_in_use'""",
        day,
    )
    figures = page.locator(".figure .value").all_inner_texts()
    assert f"{first} → {last}" in figures
    assert f"{staffed} + {travel_to}" in figures
    assert str(with_office) in figures
    assert {f"{in_use} av {planned}" for in_use, planned in agreed} <= set(figures)
    nothing = {name for name, drop_in in lost if drop_in == "none"}
    assert set(page.locator("section:has(#lost) .places a").all_inner_texts()) == nothing
    assert {name for name, _ in lost} <= set(page.locator("section:has(#lost) a").all_inner_texts())


def test_a_number_leads_to_its_definition_and_to_the_rows_behind_it(page: Page, site: Path, ask: Any) -> None:
    ((day, offices),) = ask("select as_of, offices from kpi.overview order by as_of desc limit 1")
    page.goto((site / "index.html").as_uri())
    page.locator(".figure", has_text="kontor").first.get_by_role("link", name=str(offices)).click()
    assert page.url.endswith(f"trace.html#kpi.presence/offices/{day}")
    page.locator("main tbody th").first.wait_for()
    assert len(set(page.locator("main tbody th").all_inner_texts())) == offices

    page.go_back()
    page.locator(".figure", has_text="kontor").first.get_by_role("link", name="Definition").click()
    assert page.url.endswith("definitions.html#kpi.presence.offices")
    page.locator(":target").wait_for()


def test_the_map_shows_each_day_as_the_database_has_it(page: Page, site: Path, ask: Any) -> None:
    page.goto((site / "map.html").as_uri())
    days = [day for (day,) in ask("select distinct as_of from kpi.municipality_presence order by as_of")]
    slider = page.locator("#day")
    for at, shown, prefix in ((0, "presence", ""), (len(days) - 1, "drop_in", "drop-in-"), (22, "presence", "")):
        page.check(f"input[name=show][value={shown}]")
        slider.fill(str(at))
        wanted = dict(
            ask(f"select {shown}, count(*) from kpi.municipality_presence where as_of = ? group by all", days[at])
        )
        classes = page.locator(".areas path").evaluate_all("paths => paths.map(path => path.getAttribute('class'))")
        assert {code: classes.count(prefix + code) for code in wanted} == wanted
        told = page.locator(f"[data-legend={shown}] [data-count]").evaluate_all(
            "cells => cells.map(cell => [cell.dataset.count, Number(cell.textContent)])"
        )
        assert {code: count for code, count in told if count} == wanted
        offices = page.locator(".marks .office:not(.off)").count()
        assert (offices,) == ask("select offices from kpi.presence where scope = 'national' and as_of = ?", days[at])[0]


def test_the_map_is_walked_by_arrow_keys_and_opens_a_municipality_by_return(page: Page, site: Path) -> None:
    page.goto((site / "en" / "map.html").as_uri())
    page.locator("[data-c='2584']").focus()  # Kiruna
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "Gällivare"
    assert text_of(page, ".map-focus").startswith("Gällivare, Norrbottens län: ")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/municipality/2523.html")
    assert text_of(page, "h1") == "Gällivare"


def test_what_the_map_shows_can_be_sent_to_somebody_and_is_there_after_a_look_aside(page: Page, site: Path) -> None:
    page.goto((site / "map.html").as_uri())
    page.locator("#day").focus()
    page.keyboard.press("Home")
    page.check("input[name=show][value=drop_in]")
    page.select_option("#zoom", "25")
    assert "on=2018-12-31" in page.url
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert page.locator("#day").input_value() == "0"
    assert page.locator("#zoom").input_value() == "25"
    assert page.is_checked("input[name=show][value=drop_in]")
    assert page.locator(".map-sheet svg").get_attribute("viewBox") != "0 0 2600 6184"

    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/map.html#*")
    assert page.locator("#day").input_value() == "0"
    page.locator("[data-c='2584']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/municipality/2584.html")
    page.go_back()
    assert page.locator("#day").input_value() == "0"


def test_the_map_counts_the_municipalities_of_a_region(page: Page, site: Path, ask: Any) -> None:
    page.goto((site / "map.html").as_uri())
    for chosen, column in (("Mitt", "af_region"), ("25", "county_code")):
        page.select_option("#zoom", chosen)
        ((wanted,),) = ask(f"select count(*) from core.dim_municipality where {column} = ?", chosen)
        counts = page.locator("[data-legend=presence] [data-count]").all_inner_texts()
        assert sum(map(int, counts)) == wanted


def test_a_search_leads_to_ronneby_which_says_when_its_office_closed_and_what_is_printed(
    page: Page, site: Path, ask: Any
) -> None:
    page.goto((site / "index.html").as_uri())
    page.get_by_label("Sök kommun, ort eller län").fill("ronneby")
    page.keyboard.press("Enter")
    page.wait_for_url("**/municipality/1081.html")
    ((closes_on, raw_text),) = ask(
        """select office.closes_on, source.raw_text
           from core.dim_office as office join meta.source_row as source using (source_row_id)
           where office.municipality_code = '1081'"""
    )
    main = text_of(page, "main")
    assert "31 mars 2020" in main or str(closes_on) in main
    assert re.sub(r"\s+", " ", raw_text).strip() in main


def test_the_collaborations_in_use_on_the_latest_known_day_stand_at_the_top_of_their_page(
    page: Page, site: Path, ask: Any
) -> None:
    page.goto((site / "index.html").as_uri())
    page.get_by_role("navigation", name="Sidor").get_by_role("link", name="Samarbeten").click()
    page.wait_for_url("**/agreements.html")
    ((in_use, planned),) = ask(
        "select in_use, planned from kpi.agreement_completion where scope = 'national' order by as_of desc limit 1"
    )
    assert f"{in_use} av {planned}" in text_of(page, ".lead")


def test_the_search_says_when_it_finds_nothing(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    search = page.get_by_label("Sök kommun, ort eller län")
    search.fill("Ankeborg")
    page.keyboard.press("Enter")
    assert page.url.endswith("index.html")
    assert search.evaluate("input => input.validationMessage") == "Ingen kommun, ort eller län heter så."


def test_the_stated_figures_that_differ_are_one_link_from_the_overview(page: Page, site: Path, ask: Any) -> None:
    page.goto((site / "index.html").as_uri())
    with page.expect_navigation():
        page.get_by_role("link", name="De som skiljer sig").click()
    ((differing,),) = ask("select count(*) from meta.reconciliation where verdict = 'differs'")
    table = page.locator("[data-filter] table").first.get_attribute("id")
    assert rows_shown(page, str(table)) == differing


def test_a_table_filters_sorts_and_exports_what_it_shows(page: Page, site: Path, ask: Any) -> None:
    page.goto((site / "municipalities.html").as_uri())
    box = page.locator("[data-filter]").first
    table = str(box.locator("table").get_attribute("id"))
    assert rows_shown(page, table) == 290
    box.get_by_role("searchbox").fill("gotlands län")
    assert rows_shown(page, table) == 1
    box.get_by_role("searchbox").fill("")
    box.locator("select").first.select_option(label="Norrbottens län")
    ((wanted,),) = ask("select count(*) from core.dim_municipality where county = 'Norrbottens län'")
    assert rows_shown(page, table) == wanted
    head = box.locator("thead th").first
    head.get_by_role("button").click()
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    names = page.locator(f"#{table} tbody tr:visible").evaluate_all("rows => rows.map(row => row.cells[0].innerText)")
    assert [name.strip() for name in names] == [
        name
        for (name,) in ask(
            "select municipality from core.dim_municipality where county = 'Norrbottens län'"
            " order by municipality collate sv desc"
        )
    ]
    address = page.url
    with page.expect_download() as download:
        box.get_by_role("button", name=re.compile("CSV")).click()
    lines = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig")), delimiter=";"))
    assert [line[0] for line in lines[1:]] == [name.strip() for name in names]

    page.goto("about:blank")
    page.goto(address)
    assert rows_shown(page, table) == wanted


def test_an_exported_table_says_in_words_what_it_shows(page: Page, site: Path, ask: Any) -> None:
    page.goto((site / "municipalities.html").as_uri())
    rows = exported(page, "municipalities")
    assert column(rows, "Län") == page.locator("#municipalities td:nth-child(2)").all_inner_texts()
    forms = {label for (label,) in ask("select distinct presence_sv from kpi.municipality_presence")}
    assert set(column(rows, "31 december 2021")) <= forms

    page.goto((site / "agreements.html").as_uri())
    closed = column(exported(page, "not-ready"), head_of(page, "not-ready", "closed_on"))
    assert [day for day in closed if not re.fullmatch(r"\d{4}-\d{2}-\d{2}|–", day)] == []


@pytest.mark.parametrize(("folder", "point"), [("", ","), ("en", ".")])
def test_exported_numbers_are_numbers_to_a_spreadsheet(
    page: Page, site: Path, ask: Any, folder: str, point: str
) -> None:
    page.goto((site / folder / "visits.html").as_uri())
    rows = exported(page, "need-table")
    need = ask("select registered, implied_rate_from, change_pct from kpi.visit_need where registered is not null")
    numbers = {value for row in rows for value in row.values()}
    assert {f"{registered:.0f}" for registered, _, _ in need} <= numbers
    rates = column(rows, head_of(page, "need-table", "rate_from"))
    assert {f"{rate:.1f}".replace(".", point) for _, rate, _ in need if rate is not None} <= set(rates)
    assert {re.sub(r"\D*$", "", value) for value in numbers} >= {f"{change:.0f}" for _, _, change in need if change}


def test_an_exported_conflict_has_both_values_with_their_sources(page: Page, site: Path, ask: Any) -> None:
    page.goto((site / "conflicts.html").as_uri())
    rows = exported(page, "conflicts")
    for side in "ab":
        head = head_of(page, "conflicts", side)
        sources = ask(
            f"""select source.raw_text, source.line_from
                from meta.conflict join meta.source_row as source on source_row_id = source_{side}"""
        )
        printed = column(rows, f"{head}: så som det är tryckt")
        assert sorted(printed) == sorted(" ".join(text.split()) for text, _ in sources)
        cited = " ".join(column(rows, f"{head}: källa"))
        assert all(re.search(rf"\brad {line}\b", cited) for _, line in sources)
        assert all(column(rows, f"{head}: värde"))
    subjects = column(rows, head_of(page, "conflicts", "subject"))
    assert all(re.match(r"Klippan \w", subject) for subject in subjects if "Klippan" in subject)


def test_bounds_sort_by_the_lower_one(page: Page, site: Path) -> None:
    page.goto((site / "county" / "14.html").as_uri())
    head = page.locator("#offices thead th", has_text="Dagar i glapp")
    for direction in ("ascending", "descending"):
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == direction
        texts = page.locator("#offices tbody td:nth-child(7)").all_inner_texts()
        known = [text for text in texts if text.strip()]
        assert any("≥" in text for text in known)
        assert any("–" in text for text in known)
        assert texts[: len(known)] == known
        lower = [int(re.findall(r"\d+", text)[0]) for text in known]
        assert lower == sorted(lower, reverse=direction == "descending")


def test_a_question_for_all_rows_undoes_what_was_chosen(page: Page, site: Path) -> None:
    page.goto((site / "municipalities.html").as_uri())
    names = page.locator("#municipalities tbody th")
    before = names.all_inner_texts()
    page.locator("#municipalities thead th").nth(1).get_by_role("button").click()
    page.locator("[data-table=municipalities]").get_by_role("searchbox").fill("län")
    assert names.all_inner_texts() != before
    page.get_by_role("link", name="Alla kommuner").click()
    page.wait_for_function("!document.querySelector('#municipalities [aria-sort]')")
    assert names.all_inner_texts() == before
    assert rows_shown(page, "municipalities") == len(before)


def test_an_address_that_asks_for_what_is_not_there_shows_all(page: Page, site: Path) -> None:
    page.goto((site / "reconciliation.html").as_uri() + "#verdict=nonsense")
    select = page.locator("[data-table=figures] select").first
    assert select.evaluate("select => select.selectedOptions[0].text") == "Alla"
    assert rows_shown(page, "figures") == page.locator("#figures tbody tr").count()


def test_the_skip_link_leaves_what_the_page_shows(page: Page, site: Path, ask: Any) -> None:
    page.goto((site / "reconciliation.html").as_uri() + "#verdict=differs")
    shown = rows_shown(page, "figures")
    address = page.url
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    assert page.url == address
    page.evaluate("location.hash = 'content'")
    assert page.locator("[data-table=figures] select").first.input_value() == "differs"
    assert rows_shown(page, "figures") == shown

    ((day,),) = ask("select max(as_of) from kpi.overview")
    page.goto((site / "trace.html").as_uri() + f"#kpi.presence/offices/{day}")
    title = text_of(page, "main h2")
    page.evaluate("location.hash = 'content'")
    assert text_of(page, "main h2") == title


def test_the_switch_of_languages_leads_to_the_same_place(page: Page, site: Path) -> None:
    page.goto((site / "reconciliation.html").as_uri() + "#verdict=differs")
    swedish = page.locator("[data-filter] tbody tr:visible").count()
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/reconciliation.html#verdict=differs")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("[data-filter] tbody tr:visible").count() == swedish
    page.get_by_role("link", name="Svenska").click()
    page.wait_for_url("**/site/reconciliation.html#verdict=differs")


def test_colours_stay_as_the_reader_chose_them(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Mörkt").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.goto((site / "map.html").as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_paper_shows_the_page_without_its_controls(page: Page, site: Path) -> None:
    page.goto((site / "reconciliation.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator(".search").is_hidden()
    assert page.locator(".tools").first.is_hidden()
    assert page.locator("h1").is_visible()

    page.goto((site / "map.html").as_uri())
    for selector in ("#day", "[data-play]", "#map-controls"):
        assert page.locator(selector).is_hidden()
    assert page.locator(".map-day").is_visible()
    assert page.locator(".legend:not([hidden])").is_visible()


def test_data_docs_and_dbt_docs_open_from_the_quality_page(page: Page, site: Path) -> None:
    for name, words in (("data_docs", "what was checked"), ("dbt_docs", "kpi")):
        page.goto((site / "quality.html").as_uri())
        page.locator(f"main a[href='{name}/index.html']").first.click()
        page.wait_for_url(f"**/{name}/index.html*")
        expect(page.locator("body")).to_contain_text(words)
