"""dbt's documentation page of a release: it opens from disk, asks nobody anything, and shows what the release holds."""

import copy
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dbt.task.docs import DOCS_INDEX_FILE_PATH
from playwright.sync_api import Page, sync_playwright

from orchestration import paths
from orchestration.manifest import ensure_manifest, load_manifest
from orchestration.site.dbt_docs import offline, shown_manifest, write_dbt_docs
from tests.unit.small_release import small_database

SHIPPED = Path(DOCS_INDEX_FILE_PATH)
MODEL = "model.narvaro.presence"


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    ensure_manifest()
    return load_manifest()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory, manifest: dict[str, Any]) -> Path:
    folder = tmp_path_factory.mktemp("dbt_docs")
    write_dbt_docs(small_database(folder), folder / "dbt_docs", manifest)
    return folder / "dbt_docs" / "index.html"


@pytest.fixture
def browser_page() -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is installed here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def test_page_opens_from_disk_and_requests_nothing_else(browser_page: Page, page_file: Path) -> None:
    requests: list[str] = []
    complaints: list[str] = []
    browser_page.on("request", lambda request: requests.append(request.url))
    browser_page.on("pageerror", lambda error: complaints.append(str(error)))
    browser_page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    browser_page.goto(f"{page_file.as_uri()}#!/model/{MODEL}")

    browser_page.get_by_role("heading", name="presence").wait_for()
    shown = browser_page.locator("body").inner_text()
    assert "narvaro.kpi.presence" in shown
    assert "BIGINT" in shown, "types come from the published file"
    assert re.search(r"ROWS\s+2\b", shown)
    for section in ("Referenced By", "Depends On", "Code"):
        assert section in shown
    browser_page.locator(".launcher-btn a").click()
    browser_page.locator("canvas").first.wait_for()
    assert {url.partition("#")[0] for url in requests if not url.startswith("data:")} == {page_file.as_uri()}
    assert complaints == []


def test_every_model_has_its_description_columns_and_code(manifest: dict[str, Any]) -> None:
    shown = shown_manifest(manifest)
    models = {name: each for name, each in manifest["nodes"].items() if each["resource_type"] == "model"}
    assert len(models) > 100
    for name, model in models.items():
        found = shown["nodes"][name]
        assert (found["description"], found["raw_code"]) == (model["description"], model["raw_code"])
        assert list(found["columns"]) == list(model["columns"])
        assert shown["parent_map"][name] == sorted(manifest["parent_map"][name])


def test_same_content_gives_the_same_bytes(
    manifest: dict[str, Any], page_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another night, in another place, by another user, after dbt parsed the files in another order."""
    other = copy.deepcopy(manifest)
    other["metadata"] |= {
        "generated_at": "2031-01-01T00:00:00Z",
        "invocation_id": "other",
        "invocation_started_at": "2031",
        "env": {"DBT_ENV_CUSTOM_ENV_HOST": "other"},
        "user_id": "other",
        "run_started_at": "2031",
    }
    for kind in ("nodes", "sources", "exposures", "macros", "unit_tests", "parent_map"):
        other[kind] = dict(reversed(other[kind].items()))
        for each in other[kind].values():
            if isinstance(each, dict):
                each |= {"created_at": 0.0, "root_path": "/elsewhere", "build_path": "/elsewhere", "compiled_path": "/"}
    write_dbt_docs(small_database(tmp_path), tmp_path / "dbt_docs", other)
    assert (tmp_path / "dbt_docs" / "index.html").read_bytes() == page_file.read_bytes()


def test_page_tells_nothing_of_the_machine(manifest: dict[str, Any], page_file: Path) -> None:
    text = page_file.read_text("utf-8")
    assert str(paths.ROOT) in json.dumps(manifest), "dbt's own manifest does"
    for private in (
        str(paths.ROOT),
        str(page_file.parent.parent),
        str(Path.home()),
        manifest["metadata"]["invocation_id"],
    ):
        assert f'"{private}' not in text


def test_nothing_in_the_manifest_ends_the_script(manifest: dict[str, Any], tmp_path: Path) -> None:
    other = copy.deepcopy(manifest)
    other["nodes"][MODEL]["description"] = "</script><script>alert(1)</script><!--"
    write_dbt_docs(small_database(tmp_path), tmp_path, other)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert "alert(1)" in text
    assert "<script>alert(1)" not in text


def test_tracker_is_gone_and_the_browser_is_told_to_ask_nobody() -> None:
    page = offline(SHIPPED.read_text("utf-8"))
    assert "cloudfront" not in page
    assert "sinter-collect" not in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize(
    "load",
    [
        '<script src="https://cdn.example.org/x.js"></script>',
        '<link rel="stylesheet" href="//fonts.example.org/css">',
        '<script>fetch("http://telemetry.example.org/")</script>',
        '<script>new WebSocket("wss://live.example.org")</script>',
    ],
)
def test_an_unknown_host_in_dbts_page_stops_the_release(load: str) -> None:
    page = SHIPPED.read_text("utf-8").replace("</body>", f"{load}</body>")
    with pytest.raises(ValueError, match=r"names hosts that it may load from: \w+\.example\.org$"):
        offline(page)


def test_a_page_that_dbt_has_changed_stops_the_release() -> None:
    page = SHIPPED.read_text("utf-8").replace("turn_on_tracking", "begin_tracking")
    with pytest.raises(ValueError, match=r"is not as expected: turn_on_tracking.* stands in it 0 times, not 1"):
        offline(page)
