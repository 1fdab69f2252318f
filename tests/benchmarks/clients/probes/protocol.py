"""What every probe says and hears: its answers before the release is switched, and what it sees afterwards.

Belongs here: the two lines of JSON between a probe and the benchmark that started it. Does not belong here: any client.
A probe runs in an environment of its own, so that this module imports nothing but the standard library.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

RELEASE = "select max(release_id) from meta.release"

Answer = dict[str, Any]
"""`columns` and `rows` of a query or of a table."""


def published() -> Path:
    """The folder of published releases, the first argument."""
    return Path(sys.argv[1])


def queries() -> dict[str, str]:
    """The example queries by kpi table; their folder is the second argument."""
    return {file.stem: file.read_text("utf-8") for file in sorted(Path(sys.argv[2]).glob("*.sql"))}


def answer(columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> Answer:
    """An answer as JSON knows it."""
    return {"columns": list(columns), "rows": [[plain(value) for value in row] for row in rows]}


def plain(value: Any) -> Any:
    """A value of any client as JSON knows it; every way to say “missing” is None."""
    if value is None or str(value) in {"NaT", "<NA>", "nan"}:
        return None
    if isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else value.item() if hasattr(value, "item") else str(value)


def before(version: str, answers: Mapping[str, Answer]) -> None:
    """Tell the client's version and its answers; returns when the other release has been switched in."""
    print(json.dumps({"version": version, "answers": answers}), flush=True)
    sys.stdin.readline()


def after(cases: Mapping[str, Callable[[], Any]]) -> None:
    """Tell which release is seen, case by case, in this order; a case that fails tells its fault.

    `held` is a connection from before the switch, `reopened` what docs/bi.md says to do.
    """
    seen = {}
    for name, look in cases.items():
        try:
            seen[name] = look()
        except Exception as error:  # whatever a foreign library raises is told
            seen[name] = f"{type(error).__name__}: {error}".splitlines()[0]
    print(json.dumps(seen), flush=True)
