"""The two languages of the report, and how each writes numbers, dates and the warehouse's codes.

Belongs here: what is written differently in Swedish and English. Does not belong here: the sentences themselves, which
stand in both languages where they are shown.
"""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from orchestration.paths import TRANSFORMS

Code = Literal["sv", "en"]
NAMES: Mapping[str, str] = {"af": "AF", "fa": "FA", "ssc": "SSC", "sek": "SEK", "id": "ID"}
"""Short forms that keep their capitals where a code is written out."""
LABELS = TRANSFORMS / "seeds" / "labels.csv"
KINDS: Mapping[str, tuple[str, ...]] = {
    "agreements_basis": ("basis",),
    "kind": ("conflict_kind", "criterion_kind", "delivery_kind"),
    "rate_status": ("figure_status",),
    "registered_status": ("figure_status",),
    "rule": ("conflict_rule",),
    "status": ("delivery_status", "figure_status"),
}
"""The kinds of codes that a column holds, where they are not named as the column."""
AGES = re.compile(r"age_(\d+)_(\d+)")


@dataclass(frozen=True)
class Language:
    """Swedish or English."""

    code: Code

    @property
    def folder(self) -> str:
        """Where its pages stand within the site: Swedish at the top."""
        return "" if self.code == "sv" else "en/"

    @property
    def t(self) -> Callable[[str, str], str]:
        """Chooses between a text in Swedish and the same in English."""
        return self._choose

    def _choose(self, swedish: str, english: str) -> str:
        return swedish if self.code == "sv" else english

    @cached_property
    def locale(self) -> Locale:
        """Babel's rules: in English the British ones, as the dates are European."""
        return Locale("sv", "SE") if self.code == "sv" else Locale("en", "GB")

    def number(self, value: float | None, decimals: int = 0) -> str:
        """`1 234,5` or `1,234.5`; a dash if there is none."""
        if value is None:
            return "–"
        places = "." + "0" * decimals if decimals else ""
        return format_decimal(round(value, decimals), f"#,##0{places}", self.locale).replace("-", "−")

    def short(self, value: float | None) -> str:
        """With at most one decimal, and only if it says something."""
        return self.number(value, 0 if value is None or float(value).is_integer() else 1)

    def share(self, value: float | None) -> str:
        """A share of 0–1 in per cent: `28 %`, `28%`."""
        return "–" if value is None else self.percent(100 * value)

    def percent(self, value: float | None) -> str:
        """A percentage: `−54 %`, `−54%`."""
        return "–" if value is None else self.number(value) + self.t("\N{NO-BREAK SPACE}%", "%")

    def bounds(self, lower: float | None, upper: float | None) -> str:
        """`29`, or `29–102` where only bounds are known; `≥ 29` if there is no upper one."""
        if lower is None and upper is None:
            return "–"
        if lower == upper:
            return self.short(lower)
        if upper is None:
            return f"≥\N{NO-BREAK SPACE}{self.short(lower)}"
        if lower is None:
            return f"≤\N{NO-BREAK SPACE}{self.short(upper)}"
        return f"{self.short(lower)}–{self.short(upper)}"

    def day(self, value: date | None) -> str:
        """`15 oktober 2020`, `15 October 2020`."""
        return "–" if value is None else format_date(value, "d MMMM y", self.locale)

    def month(self, value: date | None) -> str:
        """`oktober 2020`, `October 2020`."""
        return "–" if value is None else format_date(value, "MMMM y", self.locale)

    def short_month(self, value: date) -> str:
        """`okt. 2020`, `Oct 2020`."""
        return format_date(value, "MMM y", self.locale)

    def label(self, row: Mapping[str, Any], column: str) -> str:
        """What a column with codes says: its label."""
        if row[column] is None:
            return "–"
        return str(row[f"{column}_sv"]) if self.code == "sv" else english(column, row[column])

    def text(self, row: Mapping[str, Any], column: str) -> str:
        """A column with text: Swedish stands in `<column>_sv`, if the table has it and the row fills it."""
        found = row.get(f"{column}_sv") if self.code == "sv" else None
        return str(found or row[column] or "")


def english(column: str, code: str) -> str:
    """The English label of a code; one that no label foresees is written out."""
    labels = english_labels()
    for kind in KINDS.get(column, (column,)):
        if (kind, code) in labels:
            return labels[kind, code]
    if ages := AGES.fullmatch(code):
        return "Aged {}–{}".format(*ages.groups())
    return written_out(code)


@cache
def english_labels() -> Mapping[tuple[str, str], str]:
    """The English labels by kind and code; the Swedish ones stand in the tables."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {(row["what"], row["code"]): row["label_en"] for row in csv.DictReader(file)}


def written_out(code: str) -> str:
    """`staffed_office` → `Staffed office`, `af_region` → `AF region`."""
    words = [NAMES.get(word, word) for word in re.split(r"[_\s]+", str(code))]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


SWEDISH, ENGLISH = Language("sv"), Language("en")
LANGUAGES = (SWEDISH, ENGLISH)
