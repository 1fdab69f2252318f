"""Is meta.reconciliation plausible? Grain of the table: stated figure."""

from typing import TYPE_CHECKING

from expectations.suites.declaration import Expectation, Suite

if TYPE_CHECKING:
    import pandas as pd

DOCUMENTS = (
    "af-analysis-2021-05-20",
    "af-final-report-2020-10-23",
    "af-letter-2019-02-28",
    "af-news-2020-06-15",
    "skr-news-2020-06-16",
)
HEADLINES = "measure in ['kept_plan_2020', 'closing_plan_2020', 'collaborations_planned', 'collaborations_in_use']"


def derive(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Agreement as a number, so that it has a mean."""
    return frame.assign(agreement=(frame["verdict"] == "agrees").astype(float))


SUITE = Suite(
    subject="meta.reconciliation",
    key=("figure_id",),
    derive=derive,
    expectations=(
        Expectation(
            name="no_figure_was_lost",
            type="expect_table_row_count_to_be_between",
            kwargs={"min_value": 230},
            expected="at least 230 stated figures",
            reason="A transcription that is not read leaves the other checks with nothing to judge.",
            seen="345 figures",
        ),
        Expectation(
            name="every_document_states_figures",
            type="expect_column_distinct_values_to_contain_set",
            kwargs={"column": "document_id", "value_set": list(DOCUMENTS)},
            expected="figures of all five documents",
            reason="One file per document: a file that is left out loses all its figures at once.",
            seen="3 in the letter, 20 and 5 in the news, 166 in the report, 156 in the analysis",
        ),
        Expectation(
            name="headline_figures_agree_with_rows",
            type="expect_column_values_to_be_in_set",
            where=HEADLINES,
            kwargs={"column": "verdict", "value_set": ["agrees"]},
            severity="warning",
            expected="112 kept, 126 closing, 102 planned and 29 in use agree, wherever they are stated",
            reason="They are what the documents are about; a row in quarantine makes them differ too.",
            seen="all statements agree",
        ),
        Expectation(
            name="most_computable_figures_agree",
            type="expect_column_mean_to_be_between",
            where="verdict != 'not_computable'",
            kwargs={"column": "agreement", "min_value": 0.8, "max_value": 1},
            severity="warning",
            expected="four in five of the figures that rows can give",
            reason="Documents err now and then; when many differ at once, the tables are wrong.",
            seen="89 percent",
        ),
    ),
)
