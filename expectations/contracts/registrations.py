"""Contract for registrations: what a row of the monthly statistics must say, from whatever file it came.

Belongs here: the base of tables that feeds fill, and the rules of one row of registrations. Does not belong here: the
reading of cells (what a cell says stands beside it, null where it says nothing), and totals against their parts.

A row of a feed has no id and no text of its own: sheet and row number say where it stands. A rule speaks of blank cells
too where it says so; `row_is_whole` tells of the cells that a row cannot do without, the others of what they hold.
"""

import pandera.polars as pa
import polars as pl

from expectations.contracts.base import implies


def is_blank(column: str) -> pl.Expr:
    """Nothing is printed in the cell."""
    return pl.col(column).str.strip_chars().fill_null("") == ""


def feed_rule(name: str, *columns: str, expected: str, holds: pl.Expr) -> object:
    """A rule over the printed columns that it names; it speaks of every row, and a null verdict is no."""

    def verdict(cls: type[pa.DataFrameModel], data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(holds.fill_null(False))

    # The name travels with the function: pandera forgets `name=` when a second model inherits the check.
    verdict.__name__ = name
    # One failing case is enough for pandera's own report: the split reads the row-by-row verdict instead.
    return pa.dataframe_check(error=expected, n_failure_cases=1, statistics={"columns": columns})(verdict)


class FeedTable(pa.DataFrameModel):
    """Where a row stands in its file. Grain: one row of one sheet; a text has no sheet."""

    sheet: str = pa.Field(nullable=True)
    row_number: int

    class Config:
        """Nothing is added, dropped or converted on the way in."""

        strict = True
        coerce = False


# A pivot cache holds the cells of a cross table, and several of them are one number.
_IS_A_PART = pl.col("sheet").str.starts_with("pivotCacheRecords").fill_null(False)
_SAYS_ALL = pl.all_horizontal(pl.col("report_month", "area", "visitor_group", "registered_min").is_not_null())
# A row that says less stands in no other's way.
_PLACE = pl.struct(
    _SAYS_ALL.alias("says_all"),
    "report_month",
    "area",
    "county_code",
    "municipality_code",
    "visitor_group",
    pl.col("category").str.strip_chars(),
    # Heby stood under two counties in one month, and each of the two rows is a part of it.
    pl.col("county").str.strip_chars(),
    pl.when(pl.col("area") == "rest").then(pl.col("municipality").str.strip_chars()),
)


class Registrations(FeedTable):
    """Registered jobseekers. Grain: one printed number of one month, region and group."""

    period: str = pa.Field(nullable=True)
    county: str = pa.Field(nullable=True)
    municipality: str = pa.Field(nullable=True)
    dimension: str = pa.Field(nullable=True)
    category: str = pa.Field(nullable=True)
    registered: str = pa.Field(nullable=True)
    report_month: pl.Date = pa.Field(nullable=True)
    area: str = pa.Field(nullable=True)
    county_code: str = pa.Field(nullable=True)
    municipality_code: str = pa.Field(nullable=True)
    visitor_group: str = pa.Field(nullable=True)
    registered_min: int = pa.Field(nullable=True)
    registered_max: int = pa.Field(nullable=True)
    is_suppressed: bool = pa.Field(nullable=True)

    row_is_whole = feed_rule(
        "row_is_whole",
        "period",
        "county",
        "municipality",
        "registered",
        expected="a month, a county or municipality (“Uppgift saknas” where it is not known), and a number",
        holds=~is_blank("period") & ~is_blank("registered") & ~(is_blank("county") & is_blank("municipality")),
    )
    period_is_a_month = feed_rule(
        "period_is_a_month",
        "period",
        expected="a month written yyyy-mm, or its first or last day, from 1992-01 to 2100-12",
        holds=is_blank("period") | pl.col("report_month").is_not_null(),
    )
    region_is_known = feed_rule(
        "region_is_known",
        "county",
        "municipality",
        expected="the nation, one of the 21 counties or 290 municipalities by name or code, or “Uppgift saknas”",
        holds=(is_blank("county") & is_blank("municipality")) | pl.col("area").is_not_null(),
    )
    municipality_lies_in_county = feed_rule(
        "municipality_lies_in_county",
        "county",
        "municipality",
        expected="a municipality of that county",
        holds=implies(
            pl.col("area").eq_missing(pl.lit("municipality")),
            pl.col("municipality_code").str.starts_with(pl.col("county_code")),
        ),
    )
    group_is_known = feed_rule(
        "group_is_known",
        "dimension",
        "category",
        expected="a group of sources/vocabulary.csv; no total within a division, which would count twice",
        holds=pl.col("visitor_group").is_not_null(),
    )
    registered_is_a_number_or_below_5 = feed_rule(
        "registered_is_a_number_or_below_5",
        "registered",
        expected="a whole number of 0 or more, with blanks between thousands or none, or “<5”",
        holds=is_blank("registered") | pl.col("registered_min").is_not_null(),
    )
    row_stands_once = feed_rule(
        "row_stands_once",
        "period",
        "county",
        "municipality",
        "dimension",
        "category",
        expected="a month, region and group that no earlier row of the file has",
        holds=_IS_A_PART | ~_SAYS_ALL | _PLACE.is_first_distinct(),
    )
