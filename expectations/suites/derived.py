"""Columns that suites derive from a published table: change over time, and what a scope lacks of the nation.

Belongs here: arithmetic that several suites share. Does not belong here: thresholds.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from expectations.suites.declaration import FIRST_CLOSING, LAST_PLAN

if TYPE_CHECKING:
    import pandas as pd

SCOPE = ("scope", "scope_code")


def change(frame: "pd.DataFrame", column: str, over: str, by: Sequence[str] = SCOPE) -> "pd.Series":
    """The value less that of the date before, per scope; null at the first date."""
    return frame.sort_values(over, kind="stable").groupby(list(by))[column].diff()


def missing_from_scope(frame: "pd.DataFrame", column: str, at: str) -> "pd.Series":
    """The nation's value less the sum over all of the row's scope (all counties, all municipalities …): 0 if whole."""
    national = frame[frame["scope"] == "national"].groupby(at)[column].sum()
    return frame[at].map(national) - frame.groupby([at, "scope"])[column].transform("sum")


def known_plan(frame: "pd.DataFrame") -> "pd.Series":
    """Whether the day lies under a plan of the project's own documents, or before any: not under a later one."""
    return frame["plan_known_at"].fillna("") <= LAST_PLAN


def change_under_plan(frame: "pd.DataFrame", column: str, over: str, by: Sequence[str] = SCOPE) -> "pd.Series":
    """The change since the date before; null where a plan later than the project's documents came in between."""
    ordered = frame.sort_values(over, kind="stable")
    plans = ordered["plan_known_at"].fillna("")
    before = plans.groupby([ordered[name] for name in by]).shift()
    return change(frame, column, over, by).mask((plans != before) & (plans > LAST_PLAN))


def days_since_first_closing(frame: "pd.DataFrame") -> "pd.Series":
    """Days from the first closing of all, 2019-05-31, to the row's day; none before it."""
    import pandas as pd

    return (pd.to_datetime(frame["as_of"]) - pd.Timestamp(FIRST_CLOSING)).dt.days.clip(lower=0)
