"""The course of each figure as Dagster shows it: drawn and tabulated from the table that the night has just built."""

import base64
import re
from xml.etree import ElementTree as ET

import dagster as dg
import duckdb
import pytest

from orchestration.kpi_course import COURSES
from tests.integration.conftest import GoodNight

IMAGE = re.compile(r"!\[[^\]]+\]\(data:image/svg\+xml;base64,([^)]+)\)")


def course(address: str) -> str:
    """The Markdown that stands on the page of this table since the last night."""
    with dg.DagsterInstance.get() as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(address.split(".")))
    assert event is not None
    assert event.asset_materialization is not None
    return str(event.asset_materialization.metadata["course"].value)


def rows_of(markdown: str) -> list[list[str]]:
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("address", COURSES)
def test_every_course_has_rows_and_a_picture_that_is_whole_in_itself(good_night: GoodNight, address: str) -> None:
    shown = course(address)
    assert rows_of(shown)
    assert "None" not in shown
    if COURSES[address].draw is None:
        return
    found = IMAGE.match(shown)
    assert found is not None
    assert len(found[1]) < 40_000, "the event log keeps one for every night"
    picture = ET.fromstring(base64.b64decode(found[1]))  # noqa: S314  (of our own making)
    assert picture.find(".//*[@fill='white']") is not None, "readable on a dark page"
    links = [value for each in picture.iter() for name, value in each.attrib.items() if name.endswith("href")]
    assert links == []


def test_presence_is_tabulated_as_it_is_published(good_night: GoodNight) -> None:
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        published = connection.execute(
            """select cast(as_of as varchar), cast(offices as varchar), cast(staffed as varchar) from kpi.presence
               where scope = 'national' and month(as_of) in (6, 12) and day(as_of) >= 30 order by as_of"""
        ).fetchall()
    assert [tuple(row[:3]) for row in rows_of(course("kpi.presence"))] == published


def test_every_stated_figure_is_counted_once(good_night: GoodNight) -> None:
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        ((figures,),) = connection.execute("select count(*) from meta.reconciliation").fetchall()
    name, *counts = rows_of(course("meta.reconciliation"))[-1]
    assert (name, sum(map(int, counts))) == ("all", figures)


def test_bounds_stay_bounds(good_night: GoodNight) -> None:
    rows = {row[0]: row for row in rows_of(course("kpi.presence_gap_by_scope"))}
    assert rows["2021-03-15"][2] == "0–73"
    assert rows["2019-02-28"][3] == "–", "no gap, no mean"
