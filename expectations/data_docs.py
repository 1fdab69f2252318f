"""Data Docs: the results of all checks as a few pages for people, whole without a network.

Belongs here: which page shows what. Does not belong here: any check; how the pages look (`templates/`).
The same input gives the same bytes: no clock, no random name. Pages hold no script and link to nothing but each other.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from expectations.contracts import CONTRACTS, FEED_CONTRACTS, Rule, rules_of
from expectations.outcome import Outcome

TITLE = "Närvaro: what was checked"
INDEX = "index.html"
CONTRACT_RULES = "contracts.html"

STATES = ("crashed", "failed", "warned", "passed")
"""Worst first. A failed check of severity `warning` has warned."""


def state_of(outcome: Outcome) -> str:
    """How a check ended, as its page says it."""
    return "warned" if outcome.status == "failed" and outcome.severity == "warning" else outcome.status


@dataclass(frozen=True)
class _Table:
    """A checked table and its page."""

    subject: str
    outcomes: Sequence[Outcome]

    @property
    def page(self) -> str:
        return re.sub(r"[^\w.-]", "-", self.subject) + ".html"

    @property
    def counts(self) -> dict[str, int]:
        return _counts(self.outcomes)

    @property
    def state(self) -> str:
        return next(state for state in STATES if self.counts[state])


@dataclass(frozen=True)
class _Contract:
    """A raw table, what a row of it is, and the rules that each row must keep."""

    table: str
    description: str
    rules: Sequence[Rule]


def render(
    outcomes: Sequence[Outcome], folder: Path, title: str = TITLE, run_facts: Mapping[str, str] | None = None
) -> Path:
    """Write the pages into the folder, replacing earlier ones; gives the first page.

    `index.html` sums up, `<table>.html` shows each check of a table, `contracts.html` lists the rules for incoming
    rows. `run_facts` (run id, release, code version …) stand on every page as they are given.
    """
    tables = [_Table(subject, found) for subject, found in _by_subject(outcomes).items()]
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["sentence"] = _sentence
    environment.filters["state"] = state_of
    shared = {"title": title, "facts": dict(run_facts or {}), "tables": tables, "states": STATES}
    index = environment.get_template("index.jinja")
    page = environment.get_template("table.jinja")
    contracts = environment.get_template("contracts.jinja")
    pages = {
        INDEX: index.render(shared, outcomes=outcomes, counts=_counts(outcomes)),
        CONTRACT_RULES: contracts.render(shared, contracts=_contracts()),
        **{table.page: page.render(shared, table=table) for table in tables},
    }
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.html"):
        stale.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder / INDEX


def _by_subject(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """The outcomes of each table, both in the order given."""
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.subject, []).append(outcome)
    return found


def _counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many checks ended in each state, worst first."""
    states = [state_of(outcome) for outcome in outcomes]
    return {state: states.count(state) for state in STATES}


def _contracts() -> list[_Contract]:
    """The contracts in force, in the order of their registry."""
    return [
        _Contract(f"raw.{table}", (contract.__doc__ or "").strip(), rules_of(contract))
        for table, contract in (CONTRACTS | FEED_CONTRACTS).items()
    ]


def _sentence(name: str) -> str:
    """`offices_never_grow` → `Offices never grow`."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
