"""Data Docs are whole offline, the same for the same input, and say what a person needs."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from expectations.contracts import CONTRACTS, FEED_CONTRACTS
from expectations.data_docs import render
from expectations.outcome import CrashedCheck, Outcome, raise_crashed

PASSED = Outcome(
    name="offices_never_grow",
    subject="kpi.presence",
    kind="suite",
    severity="error",
    passed=True,
    expected="no more offices than at the date before",
    observed="none of 41 rows against it",
    reason="The reinstated offices never closed.",
)
FAILED = Outcome(
    name="scopes_add_up",
    subject="kpi.presence",
    kind="suite",
    severity="error",
    passed=False,
    expected="counties add up to the nation",
    observed="3 of 41 rows against it",
    reason="Every office lies in one county.",
    failed_rows=3,
    sample=((("as_of", "2020-10-31"), ("scope_code", "25")), (("as_of", "2020-11-30"), ("scope_code", "25"))),
)
WARNED = Outcome(
    name="fall_is_plausible",
    subject="kpi.visit_change",
    kind="suite",
    severity="warning",
    passed=False,
    expected="a fall of 30 to 70 percent",
    observed="1 of 7 rows against it",
    reason="The groups fall together.",
    failed_rows=1,
    sample=((("visitor_group", "all"),),),
)
CRASHED = Outcome(
    name="plan_is_known",
    subject="kpi.overview",
    kind="suite",
    severity="warning",
    passed=False,
    crashed=True,
    expected="a plan",
    observed='The column "plan_kept" does not exist.',
    reason="A date between two versions must find the earlier one.",
)
OUTCOMES = [PASSED, FAILED, WARNED, CRASHED]


class Page(HTMLParser):
    """What a page is made of: tags, addresses that it names, and the words that a reader sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in {"href", "src", "srcset", "action", "poster", "data", "content", "style"} and value:
                self.addresses.append(value)
            if name == "id" and value:
                self.ids.append(value)

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] != "style":
            self.text += data


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, str]:
    render(OUTCOMES, tmp_path, run_facts={"Run": "4711"})
    return {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}


def test_there_is_a_first_page_a_page_per_table_and_the_rules(pages: dict[str, str]) -> None:
    assert sorted(pages) == [
        "contracts.html",
        "index.html",
        "kpi.overview.html",
        "kpi.presence.html",
        "kpi.visit_change.html",
    ]


def test_no_page_names_an_address_outside(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        assert re.findall(r"(?i)https?:|//\w|@import|url\(|\\2f", text) == [], name
        links = [address for address in Page(text).addresses if re.match(r"[\w.#-]+\.html|#|[a-z]+:", address)]
        outside = [link for link in links if link != "data:," and link.partition("#")[0] not in pages]
        assert outside == [], name


def test_every_link_finds_its_place(pages: dict[str, str]) -> None:
    for text in pages.values():
        for address in Page(text).addresses:
            page, _, place = address.partition("#")
            if place:
                assert place in Page(pages[page]).ids


def test_no_page_holds_a_script(pages: dict[str, str]) -> None:
    for text in pages.values():
        assert not {"script", "iframe", "object", "embed", "img", "form"} & set(Page(text).tags)
        assert not re.search(r"(?i)\son\w+\s*=|javascript:", text)


def test_a_check_shows_what_was_expected_what_was_found_and_why(pages: dict[str, str]) -> None:
    text = Page(pages["kpi.presence.html"]).text
    for shown in (
        FAILED.expected,
        FAILED.observed,
        FAILED.reason,
        "Scopes add up",
        "2020-11-30",
        "2 of 3 failing rows",
    ):
        assert shown in text


@pytest.mark.parametrize(
    ("page", "verdict"),
    [
        ("kpi.presence.html", "✗ failed"),
        ("kpi.presence.html", "✓ passed"),
        ("kpi.visit_change.html", "! warned"),
        ("kpi.overview.html", "⚠ crashed"),
    ],
)
def test_a_verdict_is_told_in_words(pages: dict[str, str], page: str, verdict: str) -> None:
    assert verdict in Page(pages[page]).text


def test_the_first_page_lists_what_needs_a_person_worst_first(pages: dict[str, str]) -> None:
    text = Page(pages["index.html"]).text
    places = [text.index(sentence) for sentence in ("Plan is known", "Scopes add up", "Fall is plausible")]
    assert places == sorted(places)
    assert "Offices never grow" not in text


def test_the_facts_of_the_run_stand_on_every_page(pages: dict[str, str]) -> None:
    assert all("4711" in Page(text).text for text in pages.values())


def test_the_rules_of_every_contract_are_listed(pages: dict[str, str]) -> None:
    text = Page(pages["contracts.html"]).text
    assert [table for table in (*CONTRACTS, *FEED_CONTRACTS) if f"raw.{table}" not in text] == []
    assert "readiness_has_comment" in text


def test_values_are_shown_and_never_run(tmp_path: Path) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    hostile = Outcome(
        name="name_is_text",
        subject="kpi.presence",
        kind="suite",
        severity="error",
        passed=False,
        expected=attack,
        observed=attack,
        reason=attack,
        sample=(((attack, attack),),),
    )
    render([hostile], tmp_path, title=attack, run_facts={attack: attack})
    for path in tmp_path.iterdir():
        assert not {"script", "img"} & set(Page(path.read_text("utf-8")).tags)


def test_a_subject_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    sly = Outcome("a_b_c", "../../kpi/x", "suite", "error", True, "e", "o", "r")
    render([sly], folder)
    assert {path.parent for path in tmp_path.rglob("*.html")} == {folder}


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    render(OUTCOMES, first)
    render(OUTCOMES, second)
    render(OUTCOMES, second)
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }


def test_a_table_that_is_no_longer_checked_leaves_no_page(tmp_path: Path) -> None:
    render(OUTCOMES, tmp_path)
    render([PASSED], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contracts.html", "index.html", "kpi.presence.html"]


def test_no_checks_at_all_is_a_page_that_says_so(tmp_path: Path) -> None:
    assert "No check has run." in Page(render([], tmp_path).read_text("utf-8")).text


def test_a_crash_blocks_whatever_its_severity_and_is_told_apart() -> None:
    assert [each.status for each in OUTCOMES] == ["passed", "failed", "failed", "crashed"]
    assert [each.blocks for each in OUTCOMES] == [False, True, False, True]
    raise_crashed([PASSED, FAILED, WARNED])
    with pytest.raises(CrashedCheck, match=r"kpi\.overview: plan_is_known"):
        raise_crashed(OUTCOMES)


def test_an_outcome_cannot_pass_and_fail_at_once() -> None:
    with pytest.raises(ValueError, match="cannot pass and fail"):
        Outcome("a_b_c", "kpi.x", "suite", "error", True, "e", "o", "r", failed_rows=1)
