"""Exports of Mstatkommun in their real layout, made from rows of our own.

Belongs here: the text of such a file. Does not belong here: what a reader makes of it.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from sources.geography import counties, municipalities

TITLE = "Inskrivna arbetslösa"
HEADINGS = ("", '"Totalt\r\nantal"', '"Andel av\r\nbefolkningen"')
PARAMETERS = {
    "Månad": "2017-06",
    "Län": "Samtliga",
    "Ålder": "16-64",
    "Kön": "Kvinnor och män",
    "Utrikesfödda": "",
}


def regions() -> tuple[str, ...]:
    """The regions of the 312 rows: the nation, then every county with its municipalities behind it."""
    names = ["Riket"]
    for county in counties():
        names.append(county.county)
        names += [place.municipality for place in municipalities() if place.county_code == county.county_code]
    return tuple(names)


def text(
    registered: Callable[[str], str] = lambda region: "1234",
    parameters: Mapping[str, str] = PARAMETERS,
    headings: tuple[str, ...] = HEADINGS,
) -> str:
    """The whole text, without byte order mark; `registered` prints the number of a region."""
    rows = [f"{region};{registered(region)};4,2" for region in regions()]
    foot = ["", "Parametrar;", *(f"{label}:;{value}" for label, value in parameters.items())]
    return "\r\n".join(["", "", f";{TITLE}", ";".join(headings), *rows, *foot]) + "\r\n"


def write(path: Path, content: str | None = None) -> Path:
    """The text as the tool writes it: UTF-8 with a byte order mark."""
    path.write_bytes(("\ufeff" + (text() if content is None else content)).encode())
    return path
