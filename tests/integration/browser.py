"""A real browser for tests: Debian's chromium without a screen, driven by playwright.

Belongs here: finding it, opening it, and watching what a page does. Does not belong here: any claim about a page.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FOUND = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""So that the browser itself asks no network for anything."""
LEFT = "net::ERR_ABORTED"
"""How a request fails whose page was left meanwhile."""
DESKTOP, PHONE, NARROWEST = (1280, 900), (390, 844), (320, 640)
"""Widths of screens; the narrowest is the one at which WCAG wants no page to be wider (1.4.10)."""


@dataclass
class Watched:
    """A page, and what it did that nobody should see: errors, and requests that leave the disk."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._note(said.type in {"error", "warning"}, f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self._note(True, f"error: {error}"))
        self.page.on("requestfailed", lambda request: self._note(request.failure != LEFT, f"failed: {request.url}"))
        self.page.on("request", lambda request: self._note(_leaves_the_disk(request.url), f"asks: {request.url}"))

    def _note(self, is_fault: bool, text: str) -> None:
        if is_fault:
            self.faults.append(text)


def _leaves_the_disk(address: str) -> bool:
    return not address.startswith(("file:", "data:", "blob:"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; skips the test where none is installed."""
    if FOUND is None:
        pytest.skip("no chromium is installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=FOUND, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> Iterator[Watched]:
    """A new page in a context of its own: no storage, no history."""
    width, height = size
    with browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        accept_downloads=True,
    ) as context:
        yield Watched(context.new_page())
