"""What every reader of registration statistics gives: one frame of the printed cells, whatever the layout.

Belongs here: the shape of that frame. Does not belong here: any layout, and what a cell means (`normalise`).
"""

from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

PRINTED = MappingProxyType(
    {
        "sheet": pl.String,
        "row_number": pl.Int64,
        "period": pl.String,
        "county": pl.String,
        "municipality": pl.String,
        "dimension": pl.String,
        "category": pl.String,
        "registered": pl.String,
    }
)
"""Columns of the frame; a cell that the layout does not have, or that is blank, is null.

sheet, row_number: where the row stands in the file (a text has no sheet; its lines are the rows). period: `YYYY-MM`,
also where the file holds an Excel date. county, municipality: names as printed; a layout with one column for regions
fills `municipality` with it and leaves `county` null. dimension, category: what divides the jobseekers (`Kön`,
`Kvinnor`), null for all of them. registered: the number as printed (`1234`, `<5`).
"""


@dataclass(frozen=True)
class Printed:
    """The rows of one file. `layout`: its name in meta.delivery; `notes`: what a person should know (a new column)."""

    layout: str
    rows: pl.DataFrame
    notes: tuple[str, ...] = ()
