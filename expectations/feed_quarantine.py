"""The split of a feed: rows that keep their contract, and for the others one row per broken rule with a few examples.

Belongs here: pandera's verdicts on millions of rows, counted. Does not belong here: the rules
(`expectations.contracts`), and tables of documents, whose rows are quarantined one by one (`expectations.quarantine`).
Valid rows + rows_quarantined == rows received, always.
"""

import json
from dataclasses import dataclass

import polars as pl

from expectations.contracts import FEED_CONTRACTS
from expectations.outcome import CrashedCheck
from expectations.quarantine import FRAME_RULES, Verdict, errors_of, verdict_of
from sources.personal_data import mask

REFUSED = {"rule": pl.String, "reason": pl.String, "rows": pl.Int64, "sample": pl.String}
"""Grain: one row per broken rule, in order of the contract.

reason: the columns and what was expected of them, without a cell of the file. rows: how many rows broke the rule; a row
that broke two counts in both. sample: the first few of them as JSON, `[{"sheet": "Kön", "row": 7, "period":
"2020-13"}]`, personal identity numbers masked.
"""

SAMPLE_ROWS, SAMPLE_CELL = 3, 80
"""Rows of a sample, and characters of a cell in it."""


@dataclass(frozen=True)
class FeedSplit:
    """What became of one delivery of one table."""

    valid: pl.DataFrame
    """The rows that keep every rule, unchanged and in the order received."""
    refused: pl.DataFrame
    """In the columns of REFUSED."""
    rows_quarantined: int
    """How many rows were refused, each counted once."""


def split_feed(frame: pl.DataFrame, table_name: str = "registrations") -> FeedSplit:
    """Part the rows of `raw.<table_name>` into valid and quarantined.

    No cell makes it raise. Columns that are missing, unknown or of a wrong type are a fault of the code that made the
    frame, as is a rule that crashes: CrashedCheck.
    """
    contract = FEED_CONTRACTS[table_name]
    errors = errors_of(contract, frame)
    of_frame = [str(error) for error in errors if error.reason_code in FRAME_RULES]
    if of_frame:
        raise CrashedCheck(f"{contract.__name__}: {'; '.join(of_frame)}")
    verdicts = [verdict_of(contract, frame, error) for error in errors]
    kept = pl.Series([True]).new_from_index(0, frame.height)
    for verdict in verdicts:
        kept &= verdict.passed.fill_null(False)
    refused = pl.DataFrame([_refusal(frame, verdict) for verdict in verdicts], schema=REFUSED)
    valid = frame.filter(kept)
    return FeedSplit(valid, refused, frame.height - valid.height)


def _refusal(frame: pl.DataFrame, verdict: Verdict) -> dict[str, object]:
    broken = ~verdict.passed.fill_null(False)
    first = frame[broken.arg_true().head(SAMPLE_ROWS)].select("sheet", "row_number", *verdict.columns)
    sample = [
        {"sheet": _shown(row.pop("sheet")), "row": row.pop("row_number")}
        | {name: _shown(cell) for name, cell in row.items()}
        for row in first.to_dicts()
    ]
    return {
        "rule": verdict.rule,
        "reason": f"{', '.join(verdict.columns)}: expected {verdict.expected}",
        "rows": broken.sum(),
        "sample": json.dumps(sample, ensure_ascii=False),
    }


def _shown(cell: object) -> str | None:
    if cell is None:
        return None
    text = mask(str(cell))
    return text if len(text) <= SAMPLE_CELL else text[:SAMPLE_CELL] + "…"
