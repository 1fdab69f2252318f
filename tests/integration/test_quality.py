"""The quality declaration, in both languages, says what is published: every number in it is made anew."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from orchestration import release, release_changes
from tests.integration.conftest import GoodNight

CHECKOUT = Path(__file__).parents[2]
ENGLISH, SWEDISH = (CHECKOUT / "docs" / name for name in ("quality.md", "kvalitet.md"))
PAGES = pytest.mark.parametrize("page", [ENGLISH, SWEDISH], ids=["English", "Swedish"])

QUERY = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"^\| document_id .*\n\|[-|]+\|\n((?:\|.*\n)+)", re.MULTILINE)
FIGURE = re.compile(r"(\d+(?:[,\N{NO-BREAK SPACE}]\d{3})*)<!--(\w+)-->")
# Digits that count nothing: code, links, dates, times of day, years, ages, and names of tables in documents.
NO_FIGURE = re.compile(
    r"```.*?```|`[^`]*`|\]\([^)]*\)|\b\d{4}-\d{2}(-\d{2})?\b|\b\d{2}:\d{2}\b|\b(19|20)\d{2}\b|\b16–6\d\b|\bBilaga \d\b",
    re.DOTALL,
)


def queries() -> list[str]:
    return QUERY.findall(ENGLISH.read_text("utf-8"))


@pytest.fixture
def figures(good_night: GoodNight) -> Mapping[str, int]:
    """What the page's own query gives, and the limits that the code sets."""
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        found = connection.execute(queries()[1])
        names = [column[0] for column in found.description]
        row = found.fetchone()
    assert row is not None
    limits = {"releases_kept": release.KEPT, "changed_rows_limit": release_changes.CHANGED_ROWS}
    return {**dict(zip(names, row, strict=True)), **limits}


@PAGES
def test_every_figure_is_what_the_published_file_gives(figures: Mapping[str, int], page: Path) -> None:
    stated = [(name, int(re.sub(r"\D", "", number))) for number, name in FIGURE.findall(page.read_text("utf-8"))]
    assert stated == [(name, figures.get(name)) for name, _ in stated]
    assert {name for name, _ in stated} == set(figures), "every query has its figure in both languages"


@PAGES
def test_no_number_stands_without_its_query(page: Path) -> None:
    prose = TABLE.sub("", NO_FIGURE.sub("", FIGURE.sub("", page.read_text("utf-8"))))
    assert re.findall(r".*\d.*", prose) == []


@PAGES
def test_the_sources_are_the_published_documents(good_night: GoodNight, page: Path) -> None:
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        rows = connection.execute(queries()[0]).fetchall()
    table = TABLE.search(page.read_text("utf-8"))
    assert table is not None
    stated = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]
    assert stated == [[str(value) for value in row] for row in rows]


@PAGES
def test_breaks_of_registered_jobseekers_are_those_of_the_seed(page: Path) -> None:
    with (CHECKOUT / "transforms" / "seeds" / "registration_breaks.csv").open(encoding="utf-8", newline="") as file:
        first, *later = csv.DictReader(file)
    text = " ".join(page.read_text("utf-8").split())
    told = re.findall(r"(\d{4}-\d{2})?[^.;,\d]*(16–6\d)", text)
    assert told == [
        ("", first["age_range"].replace("-", "–")),
        *((row["first_month"][:7], row["age_range"].replace("-", "–")) for row in later),
    ]


def test_both_languages_have_the_same_sections() -> None:
    english, swedish = (
        [len(heading) for heading in re.findall(r"^(#+) ", page.read_text("utf-8"), re.MULTILINE)]
        for page in (ENGLISH, SWEDISH)
    )
    assert english == [*swedish, 2], "the queries stand once, at the end of the English page"


def test_what_is_said_of_secrecy_holds(good_night: GoodNight) -> None:
    """No shipped document or feed brings a person: no column names one, and the tables of the feeds are empty."""
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        columns = connection.execute("select distinct column_name from duckdb_columns() where not internal").fetchall()
        feeds = [
            connection.execute(f"select count(*) from core.{table}").fetchone()
            for table in ("fct_registration", "fct_contact_month")
        ]
    assert {name for (name,) in columns}.isdisjoint({"contact_id", "contact", "person_id", "personnummer"})
    assert feeds == [(0,), (0,)]
