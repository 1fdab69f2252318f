"""How long the report takes to write and to open, how large it is, and what its packing saves.

    python -m tests.benchmarks.report [RUNS]

It reads what is published in the data folder. Each run is a process of its own. Against the obvious alternative: the
same pages as Jinja leaves them, and Vega as its scripts come, neither minified nor compressed. Opening is measured in
Debian's chromium, from disk, up to the `load` event and until the chart of the first page is drawn.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from orchestration.published import Published

RUNS = 5
OPENED = ("index.html", "map.html", "reconciliation.html", "municipality/1081.html")
PLAIN = "plain"


def write(folder: Path, form: str) -> None:
    """Write the report in this process, and print what it took."""
    from orchestration.site import build

    if form == PLAIN:
        build.minify_html.minify = lambda text, **_: text
        build.packed_vega = lambda: build.vl_convert.javascript_bundle(build.VEGA_SNIPPET)  # type: ignore[assignment]
    database = Published.here().database
    assert database is not None, "nothing is published: make run"
    began = time.process_time()
    written = build.write_site(database, folder)
    facts = {
        "seconds": written.seconds,
        "processor_seconds": time.process_time() - began,
        "bytes": written.size_bytes,
        "pages": written.pages,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(facts))


def written(form: str, runs: int) -> dict[str, float]:
    """The medians of several processes that write it."""
    found = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "tests.benchmarks.report", "--write", folder, form]
            found.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    return {name: statistics.median(each[name] for each in found) for name in found[0]}


def opened(folder: Path, runs: int) -> dict[str, float]:
    """Milliseconds until pages are there: the median of several openings, each in a new context."""
    from tests.integration.browser import chromium
    from tests.integration.browser import opened as page_of

    found: dict[str, float] = {}
    with chromium() as browser:
        for name in OPENED:
            times = []
            for _ in range(runs):
                with page_of(browser) as watched:
                    watched.page.goto((folder / name).as_uri())
                    times.append(watched.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
                    if name == "index.html":
                        watched.page.wait_for_selector(".chart[data-drawn]")
                        drawn = watched.page.evaluate("performance.now()")
                        found.setdefault("index.html, its chart drawn", drawn)
            found[name] = statistics.median(times)
    return found


def main(runs: int) -> None:
    """Measure, and print."""
    now, plain = written("packed", runs), written(PLAIN, runs)
    print(f"median of {runs} processes: {now['pages']:.0f} pages in two languages")
    print(f"{'':24}{'now':>10}{'plain':>10}{'ratio':>8}")
    for name, unit, scale in (
        ("seconds", "s", 1.0),
        ("processor_seconds", "s of processor", 1.0),
        ("bytes", "MB", 1e6),
        ("peak_mib", "MiB at most", 1.0),
    ):
        ratio = now[name] / plain[name]
        print(f"{unit:24}{now[name] / scale:10.2f}{plain[name] / scale:10.2f}{ratio:8.2f}")
    release = Published.here().current
    assert release is not None
    for name, milliseconds in opened(release / "site", runs).items():
        print(f"{name:32}{milliseconds:8.0f} ms")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), sys.argv[3])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
