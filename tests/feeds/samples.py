"""Small made-up deliveries: the same few months of every layout of registrations.

Belongs here: rows. Does not belong here: the form of a file (the module of its layout).
"""

from collections.abc import Mapping

from sources.geography import municipalities
from tests.feeds.workbooks import Cell

SUPPRESSED = "2403"
"""The municipality whose number is kept secret."""


def registrations(changed: Mapping[tuple[str, str], str] | None = None) -> bytes:
    """A csv of every municipality in January and February 2020: 1 000 and its position, but for what is changed.

    `changed`: other numbers, by month and code. The last row has a municipality that does not exist.
    """
    lines = ["month,municipality_code,group,registered"]
    for month in ("2020-01", "2020-02"):
        for at, place in enumerate(municipalities()):
            code = place.municipality_code
            number = "<5" if code == SUPPRESSED else str(1000 + at)
            lines.append(f"{month},{code},all,{(changed or {}).get((month, code), number)}")
    return "\n".join([*lines, "2020-02,9999,all,7"]).encode()


def timeseries() -> dict[str, list[list[Cell]]]:
    """March 2020 as the monthly workbook has it: Norrbotten, with a rest row of three jobseekers."""
    total: list[list[Cell]] = [
        ["2020-03", "Norrbottens län", place.municipality, 500 + at, 300, 200, 100]
        for at, place in enumerate(each for each in municipalities() if each.county_code == "25")
    ]
    total.append(["2020-03", "Norrbottens län", "Uppgift saknas", 3, 2, "<5", 1])
    sex: list[list[Cell]] = [[*row[:3], each, 250, 150, 100, 50] for row in total for each in ("Kvinnor", "Män")]
    return {"Total": total, "Kön": sex}


def competitiveness() -> list[list[Cell]]:
    """March 2020 as the pivot cache has it: two cells of 100, 25 of them weak, for each place of Norrbotten."""
    return [
        ["2020-03", sex, "Norrbottens län", place.municipality, "Ja", None, None, 100, 25]
        for place in municipalities()
        if place.county_code == "25"
        for sex in ("Kvinnor", "Män")
    ]
