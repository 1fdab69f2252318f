"""How long the report takes to write and to open, how large it is, and what its packing saves.

    make bench ONLY=report           or    .venv/bin/python -m tests.benchmarks.report

It reads what is published in the data folder. Each run is a process of its own. Against the obvious alternative: the
same pages as Jinja leaves them, and Vega as its scripts come, neither minified nor compressed. Opening is measured in
Debian's chromium, from disk, up to the `load` event and until the chart of the first page is drawn.
"""

import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path

from orchestration.published import Published
from tests.benchmarks.measure import Benchmark, Function, runs

OPENED = ("index.html", "map.html", "reconciliation.html", "municipality/1081.html")
PACKED, PLAIN = "packed", "plain"


def write(form: str) -> Mapping[str, float]:
    """Write the report in this process."""
    from orchestration.site import build

    if form == PLAIN:
        build.minify_html.minify = lambda text, **_: text
        build.packed_vega = lambda: build.vl_convert.javascript_bundle(build.VEGA_SNIPPET)  # type: ignore[assignment]
    database = Published.here().database
    assert database is not None, "nothing is published: make run"
    with tempfile.TemporaryDirectory() as folder:
        written = build.write_site(database, Path(folder))
    return {"pages": written.pages, "MB": round(written.size_bytes / 1e6, 2)}


def opened(folder: Path, openings: int) -> dict[str, float]:
    """Milliseconds until pages are there: the median of several openings, each in a new context."""
    from tests.integration.browser import chromium
    from tests.integration.browser import opened as page_of

    found: dict[str, float] = {}
    with chromium() as browser:
        for name in OPENED:
            times = []
            for _ in range(openings):
                with page_of(browser) as watched:
                    watched.page.goto((folder / name).as_uri())
                    times.append(watched.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
                    if name == "index.html":
                        watched.page.wait_for_selector(".chart[data-drawn]")
                        drawn = watched.page.evaluate("performance.now()")
                        found.setdefault("index.html, its chart drawn", drawn)
            found[name] = statistics.median(times)
    return found


def main() -> None:
    """Measure, and print."""
    benchmark = Benchmark("report", "The report")
    series = benchmark.measure({form: Function(write, [form]) for form in (PACKED, PLAIN)})
    benchmark.compare(PACKED, PLAIN)
    sizes = {form: each.facts["MB"] for form, each in series.items()}
    benchmark.say(f"{PACKED} / {PLAIN}: {sizes[PACKED] / sizes[PLAIN]:.2f} × the size")
    release = Published.here().current
    assert release is not None
    benchmark.facts["milliseconds until loaded"] = milliseconds = opened(release / "site", runs())
    for name, taken in milliseconds.items():
        benchmark.say(f"{name:32}{taken:8.0f} ms")
    benchmark.finish()


if __name__ == "__main__":
    main()
