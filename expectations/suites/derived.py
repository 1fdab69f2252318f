"""Columns that suites derive from a published table: change over time, and what a scope lacks of the nation.

Belongs here: arithmetic that several suites share. Does not belong here: thresholds.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

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
