"""How an expectation is declared: as plain data, so that names and reasons are known without Great Expectations.

Belongs here: the two record types and the dates that several suites share. Does not belong here: any threshold, and
anything that imports great_expectations (seconds; `run.py` does it when suites run).
"""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations.outcome import Severity

if TYPE_CHECKING:
    import pandas as pd

MONTH_ENDS = tuple(
    f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]}"
    for year, month in ((2018, 12), *((year, month) for year in (2019, 2020, 2021) for month in range(1, 13)))
)
DOCUMENT_DATES = ("2019-02-28", "2020-06-15", "2020-06-16", "2020-10-15", "2021-03-15")
AS_OF_DATES = tuple(sorted({*MONTH_ENDS, *DOCUMENT_DATES}))
"""The 37 month ends and the documents' own dates: 41, since one document's date is a month end."""

LAST_OBSERVED = "2020-10-15"
"""The state that the last of the project's documents with rows on offices gives; anything later is a plan."""

LAST_DOCUMENT = DOCUMENT_DATES[-1]
"""The latest day that one of the project's documents describes."""

FIRST_CLOSING = "2019-05-31"
"""The day on which the first offices closed."""

LAST_PLAN = "2020-06-15"
"""Day from which the last plan of the project's documents was known: what only they say is claimed for no later one."""


@dataclass(frozen=True)
class Expectation:
    """One claim about a published table.

    `kwargs` are those of Great Expectations; `where` (a pandas query) narrows the table to the rows that the claim is
    about. Dates are text, yyyy-mm-dd, in both. `seen` is what the data showed in November 2026, when the threshold was
    chosen: widen it only with a new note there.
    """

    name: str
    type: str
    kwargs: Mapping[str, Any]
    expected: str
    reason: str
    seen: str
    severity: Severity = "error"
    where: str | None = None


def unchanged(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The table as it is published."""
    return frame


@dataclass(frozen=True)
class Suite:
    """The expectations of one published table; `key` names a row in failing samples.

    `derive` adds the columns that claims about change and sums need; it reads nothing but the table itself.
    """

    subject: str
    key: tuple[str, ...]
    expectations: tuple[Expectation, ...]
    derive: Callable[["pd.DataFrame"], "pd.DataFrame"] = unchanged


@dataclass(frozen=True)
class Declared:
    """What is known of a check before it runs."""

    name: str
    subject: str
    severity: Severity
    expected: str
    reason: str
