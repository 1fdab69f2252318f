"""Counts that may be withheld or rounded, as a cell of a table says them.

Belongs here: how a number with bounds and a status is written. Does not belong here: which counts are withheld
(docs/disclosure.md); nothing is shown but what the row publishes.
"""

from orchestration.site.language import Language
from orchestration.site.warehouse import Row


def protected(language: Language, row: Row, column: str, status: str, decimals: int = 0) -> str:
    """The number in `column` with its bounds in `<column>_min` and `_max`: exact, rounded, withheld or unknown.

    `1 234`, `1 234 (1 230–1 240)`, `1–4 (skyddas)`, `uppgift saknas`.
    """
    lower, value, upper = row[f"{column}_min"], row[column], row[f"{column}_max"]
    if row[status] == "missing" or (row[status] == "value" and value is None):
        return language.t("uppgift saknas", "not known")
    if row[status] == "not_applicable":
        return "–"
    if row[status] == "suppressed":
        return _withheld(language, lower, upper, decimals)
    bounds = (
        "" if lower is None or _same(lower, upper, decimals) else f" ({_between(language, lower, upper, decimals)})"
    )
    return language.number(value, decimals) + bounds


def _withheld(language: Language, lower: float | None, upper: float | None, decimals: int) -> str:
    text = language.t("skyddas", "protected")
    if lower is None and upper is None:
        return text
    return f"{_between(language, lower, upper, decimals)} ({text})"


def _between(language: Language, lower: float | None, upper: float | None, decimals: int) -> str:
    if upper is None:
        return f"≥\N{NO-BREAK SPACE}{language.number(lower, decimals)}"
    return f"{language.number(lower, decimals)}–{language.number(upper, decimals)}"


def _same(lower: float, upper: float | None, decimals: int) -> bool:
    return upper is not None and round(lower, decimals) == round(upper, decimals)
