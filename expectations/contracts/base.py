"""What every raw table's contract shares: provenance columns, and the small words that rules are written in.

Belongs here: the base model and helpers that know no table. Does not belong here: a rule of one table.

A rule has a snake_case name and a sentence that ends "expected …". It speaks only where every cell that it looks at is
filled: a blank cell breaks `cell_filled` and nothing else. Letter case, Unicode form and runs of blanks never matter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import pandera.polars as pa
import polars as pl

CELL_FILLED = "cell_filled"
CELL_FILLED_EXPECTED = "a filled cell"

TEXT_COLUMNS = r"^(?!page$|line_from$|line_to$)"
"""Every column but the places of the row, which are numbers."""


def text(column: str) -> pl.Expr:
    """The cell as it is compared: composed letters, single blanks, none at the ends."""
    return pl.col(column).str.normalize("NFC").str.replace_all(r"\s+", " ").str.strip_chars()


def matches(column: str, pattern: str) -> pl.Expr:
    """The whole cell matches the pattern, whatever its letter case."""
    return text(column).str.contains(rf"(?i)^(?:{pattern})$")


def one_of(column: str, values: tuple[str, ...]) -> pl.Expr:
    """The cell is one of the values, whatever its letter case."""
    return text(column).str.to_lowercase().is_in([value.lower() for value in values])


def is_name(column: str) -> pl.Expr:
    """The cell is a name of our own: words of lower-case letters and digits, joined by `_`."""
    return text(column).str.contains(r"^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$")


def satisfies(predicate: Callable[..., bool], *columns: str) -> pl.Expr:
    """The predicate holds for the cells, given as text in that order (a null as "")."""
    cells = pl.struct(text(column).fill_null("") for column in columns)
    return cells.map_elements(lambda row: predicate(*row.values()), return_dtype=pl.Boolean)


def date_within(printed: pl.Expr, first: date, last: date | pl.Expr, layout: str = "%Y-%m-%d") -> pl.Expr:
    """The text is a day of the calendar, from first to last, in that layout."""
    return printed.str.to_date(layout, strict=False).is_between(first, last).fill_null(False)


def published() -> pl.Expr:
    """The day on which the row's document was published: its id ends with it. Null where it does not."""
    return pl.col("document_id").str.extract(r"(\d{4}-\d{2}-\d{2})$").str.to_date(strict=False)


def end_of_next_year() -> pl.Expr:
    """The last day that a plan of the row's document reaches: that of the year after its publication, else of 2030."""
    return pl.date(published().dt.year() + 1, 12, 31).fill_null(date(2030, 12, 31))


def first_of_its_kind(*columns: str) -> pl.Expr:
    """No earlier row has the same cells: the first stays, later ones are refused."""
    return pl.struct([text(column).str.to_lowercase() for column in columns]).is_first_distinct()


def implies(condition: pl.Expr, consequence: pl.Expr) -> pl.Expr:
    """Where the condition holds, the consequence holds too."""
    return ~condition | consequence


def rule(name: str, *columns: str, expected: str, holds: pl.Expr) -> object:
    """A rule over one or several columns of one row; `expected` is what a person should have found there."""

    def verdict(cls: type[pa.DataFrameModel], data: pa.PolarsData) -> pl.LazyFrame:
        schema = data.lazyframe.collect_schema()
        filled = [
            text(column).fill_null("") != "" if schema[column] == pl.String else pl.col(column).is_not_null()
            for column in columns
        ]
        # null = nothing to say; a rule that cannot decide has not been kept
        return data.lazyframe.select(pl.when(pl.all_horizontal(filled)).then(holds.fill_null(False)))

    # The name travels with the function: pandera forgets `name=` when a second model inherits the check.
    verdict.__name__ = name
    # One failing case is enough for pandera's own report: the split reads the row-by-row verdict instead.
    return pa.dataframe_check(error=expected, n_failure_cases=1, statistics={"columns": columns})(verdict)


class RawTable(pa.DataFrameModel):
    """The columns that say where a row comes from. Grain: one row read from a document."""

    source_row_id: str
    document_id: str
    page: int = pa.Field(nullable=True)
    line_from: int
    line_to: int
    raw_text: str
    bounding_box: str = pa.Field(nullable=True)

    @pa.check(TEXT_COLUMNS, regex=True, name=CELL_FILLED, error=CELL_FILLED_EXPECTED, n_failure_cases=1)
    def cell_filled(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """No cell of text is blank. Null is for pandera: it knows which columns may be null."""
        return data.lazyframe.select(text(data.key) != "")

    source_row_id_unique = rule(
        "source_row_id_unique",
        "source_row_id",
        expected="an id that no earlier row has",
        holds=pl.col("source_row_id").is_first_distinct(),
    )
    source_row_id_names_document_and_line = rule(
        "source_row_id_names_document_and_line",
        "source_row_id",
        "document_id",
        "line_from",
        expected="<document_id>:<table>:<line_from>, with .1, .2 … where rows share a line",
        holds=pl.col("source_row_id").str.starts_with(pl.col("document_id") + pl.lit(":"))
        & (
            pl.col("source_row_id").str.extract(r":[a-z_]+:(\d+)(?:\.\d+)?$").cast(pl.Int64, strict=False)
            == pl.col("line_from")
        ),
    )
    lines_in_order = rule(
        "lines_in_order",
        "line_from",
        "line_to",
        expected="a first line of 1 or more, and a last line not before it",
        holds=(pl.col("line_from") >= 1) & (pl.col("line_from") <= pl.col("line_to")),
    )
    page_counted_from_one = rule(
        "page_counted_from_one",
        "page",
        expected="a page number of 1 or more, or none at all",
        holds=pl.col("page") >= 1,
    )

    class Config:
        """Nothing is added, dropped or converted on the way in."""

        strict = True
        coerce = False


@dataclass(frozen=True)
class Rule:
    """One rule of a contract, for people: its name, the columns that it looks at, what it expects."""

    name: str
    columns: tuple[str, ...]
    expected: str


def rules_of(contract: type[pa.DataFrameModel]) -> tuple[Rule, ...]:
    """The rules that a contract adds to its types, in order of declaration, each once."""
    schema = contract.to_schema()
    found: dict[str, Rule] = {}
    for column, field in schema.columns.items():
        for check in field.checks:
            earlier = found.get(str(check.name), Rule(str(check.name), (), str(check.error)))
            found[str(check.name)] = Rule(earlier.name, (*earlier.columns, str(column)), earlier.expected)
    for check in schema.checks:
        statistics: Mapping[str, tuple[str, ...]] = check.statistics or {}
        found[str(check.name)] = Rule(str(check.name), tuple(statistics["columns"]), str(check.error))
    return tuple(found.values())
