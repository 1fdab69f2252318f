"""Registrations by month: what each delivery says of a month, one Parquet file each.

Belongs here: the layout of that folder, adding a delivery to it, making months anew. Does not belong here: reading a
file (`reading`), adding up and choosing between deliveries (`transforms`).

    registrations/report_month=2020-01-01/000012-af_timeseries.parquet

A time series brings its whole history every month. Only the months in which it says something new get a file, so that
these files are the corrections, and nothing else is rebuilt.
"""

import io
import shutil
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

import polars as pl

FOLDER = "registrations"
_PLACE_OF_ROW = ("sheet", "row_number")


def add(
    folder: Path, rows: Path, delivery_number: int, delivery_id: str, only: Collection[date] | None = None
) -> list[date]:
    """Add the rows of a delivery (those of the months `only`, if given); the months that it says something new of.

    `rows`: a Parquet file in the columns of raw.registrations, without those of the delivery. Safe to repeat.
    """
    delivery = {"delivery_number": pl.lit(delivery_number), "delivery_id": pl.lit(delivery_id)}
    changed = []
    frame = pl.read_parquet(rows, glob=False)
    for (month, layout), part in sorted(frame.partition_by("report_month", "layout", as_dict=True).items()):
        if only is not None and month not in only:
            continue
        target = folder / FOLDER / f"report_month={month}" / f"{delivery_number:06d}-{layout}.parquet"
        earlier = [each for each in target.parent.glob(f"*-{layout}.parquet") if each.name < target.name]
        said = part.drop("report_month")
        if earlier and _same(pl.read_parquet(max(earlier), glob=False, hive_partitioning=False), said):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        write_parquet(said.with_columns(**delivery), target.with_suffix(".part"))
        target.with_suffix(".part").replace(target)
        changed.append(month)
    return changed


def write_parquet(rows: pl.DataFrame, file: Path) -> None:
    """Write rows to a file. By way of memory: polars itself reports a full disk as a fault of the format."""
    content = io.BytesIO()
    rows.write_parquet(content)
    file.write_bytes(content.getbuffer())


def _same(earlier: pl.DataFrame, later: pl.DataFrame) -> bool:
    """Whether two deliveries say the same of a month, wherever the rows stand in the files."""
    columns = [column for column in later.columns if column not in _PLACE_OF_ROW]
    return earlier.select(columns).sort(columns).equals(later.select(columns).sort(columns))


def remove(folder: Path, months: Iterable[date] | None = None) -> None:
    """Remove these months, or all of them, to make them anew."""
    if months is None:
        shutil.rmtree(folder / FOLDER, ignore_errors=True)
    for month in months or ():
        shutil.rmtree(folder / FOLDER / f"report_month={month}", ignore_errors=True)


def files(folder: Path) -> list[Path]:
    """Every file, by month and delivery."""
    return sorted((folder / FOLDER).glob("report_month=*/*.parquet"))
