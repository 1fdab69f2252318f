"""What one night makes of one table of the documents: valid rows, refused ones, and the account of both.

Belongs here: parting the rows that were read, counting them, finding what was lost. Does not belong here: Dagster (the
process that reads a single file starts without it), reading, rules.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from expectations.quarantine import QUARANTINE, Split, split
from sources.tables import FileReading, refusals_frame, rows_frame

READINGS = {
    "document_id": pl.String,
    "table_name": pl.String,
    "file_name": pl.String,
    "file_sha256": pl.String,
    "received_on": pl.Date,
    "rows_received": pl.Int64,
    "rows_valid": pl.Int64,
    "rows_quarantined": pl.Int64,
    "rows_stated": pl.Int64,
    "lines_read": pl.Int64,
    "lines_accounted": pl.Int64,
}
"""raw.readings, one row per table and file."""


@dataclass(frozen=True)
class TableNight:
    """What one night made of one table: the rows, those refused, and how the files were read."""

    readings: Sequence[FileReading]
    valid: pl.DataFrame
    quarantine: pl.DataFrame
    """In the columns of QUARANTINE and `first_seen`: one row per refused source row and broken rule."""

    @property
    def received(self) -> int:
        """Rows received, from all files."""
        return sum(each.reading.received for each in self.readings if each.reading)

    @property
    def quarantined(self) -> int:
        """Source rows refused, by a reader or by the contract."""
        return self.quarantine["source_row_id"].n_unique()


def read_night(table: str, readings: Sequence[FileReading]) -> TableNight:
    """Part the rows of a table into valid and refused."""
    parted: Split = split(table, rows_frame(table, readings))
    refused = refusals_frame(table, readings).with_columns(table_name=pl.lit(table)).select(*QUARANTINE)
    first_seen = {each.document.id: each.received_on for each in readings}
    quarantine = pl.concat([refused, parted.quarantined]).with_columns(
        first_seen=pl.col("document_id").replace_strict(first_seen, return_dtype=pl.Date)
        if first_seen
        else pl.lit(None, dtype=pl.Date)
    )
    return TableNight(readings, parted.valid, quarantine)


def readings_frame(table: str, night: TableNight) -> pl.DataFrame:
    """raw.readings of the table: how much of each file became rows."""
    refused = dict(night.quarantine.group_by("document_id").agg(pl.col("source_row_id").n_unique()).iter_rows())
    rows: list[dict[str, str | int | date | None]] = []
    for each in night.readings:
        if each.reading is None:
            continue
        printed = [line for line in each.reading.lines if not line.is_blank]
        quarantined = refused.get(each.document.id, 0)
        counts = [stated.stated for stated in each.reading.stated if stated.stated is not None]
        rows.append(
            {
                "document_id": each.document.id,
                "table_name": table,
                "file_name": each.file.file,
                "file_sha256": each.sha256,
                "received_on": each.received_on,
                "rows_received": each.reading.received,
                "rows_valid": each.reading.received - quarantined,
                "rows_quarantined": quarantined,
                "rows_stated": sum(counts) if counts else None,
                "lines_read": len(printed),
                "lines_accounted": len(printed) - len(each.reading.unaccounted()),
            }
        )
    return pl.DataFrame(rows, schema=READINGS)


def missing_rows(night: TableNight) -> Iterator[str]:
    """Each caption that states another number of rows than was received."""
    for each in night.readings:
        for stated in each.reading.stated if each.reading else ():
            if stated.stated != stated.received:
                yield (
                    f"{stated.line.place(each.file.file)}: “{stated.caption}” states "
                    f"{stated.stated or 'no number of'} rows; {stated.received} were received"
                )


def unaccounted_lines(night: TableNight) -> Iterator[str]:
    """Each printed line that is part of no row and no heading."""
    for each in night.readings:
        for line in each.reading.unaccounted() if each.reading else ():
            yield f"{line.place(each.file.file)}: “{line.text.strip()}” is part of no row and no heading"
