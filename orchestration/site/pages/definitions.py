"""What every figure is, and how it is made.

Belongs here: `definitions.html`, with a place for each figure that other pages link to. Does not belong here: columns
that are no figures (`dictionary`), and any definition of its own.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from orchestration.site.language import Language
from orchestration.site.page import Page
from orchestration.site.shared import Shared
from orchestration.site.words import TABLES, figure_name, made, named, unit

SCOPES = ("national", "af_region", "county", "fa_region", "municipality")


def pages(shared: Shared, language: Language) -> Iterator[Page]:
    """`definitions.html`."""
    t = language.t
    figures = shared.facts.rows(
        """select m.*, c.description
           from meta.metric as m
           join meta.table_column as c
               on m.table_name = c.schema_name || '.' || c.table_name and m.metric = c.column_name
           join duckdb_columns() as place
               on m.table_name = place.schema_name || '.' || place.table_name and m.metric = place.column_name
           order by m.table_name <> 'kpi.overview', m.table_name, place.column_index"""
    )
    names = {
        f"{each['table_name']}.{each['metric']}": figure_name(each["metric"], each["metric_sv"], language)
        for each in figures
    }
    keys = _keys(shared)
    scopes = shared.facts.rows("select distinct scope, scope_sv from kpi.presence")
    scope_names = {row["scope"]: language.label(row, "scope") for row in scopes}
    yield Page(
        path="definitions.html",
        template="definitions.html.jinja",
        title=t("Definitioner", "Definitions"),
        summary=t(
            "Vad betyder varje mått, och hur räknas det?",
            "What does each figure mean, and how is it made?",
        ),
        section="definitions.html",
        content={
            "names": names,
            "tables": [
                _table(table, list(found), names, _grain(keys.get(table, []), language), language)
                for table, found in groupby(figures, lambda each: each["table_name"])
            ],
            "scopes": {scope: _lower_first(scope_names[scope]) for scope in SCOPES if scope in scope_names},
        },
    )


def _keys(shared: Shared) -> Mapping[str, list[dict[str, Any]]]:
    """The columns that tell the rows of a table apart, with their descriptions."""
    found = shared.facts.rows(
        """with keys as (
               select schema_name, table_name, unnest(constraint_column_names) as column_name,
                      generate_subscripts(constraint_column_names, 1) as place
               from duckdb_constraints() where constraint_type = 'PRIMARY KEY'
           )
           select k.schema_name || '.' || k.table_name as address, c.column_name, c.description_sv
           from keys as k join meta.table_column as c using (schema_name, table_name, column_name)
           order by address, k.place"""
    )
    return {address: list(columns) for address, columns in groupby(found, lambda row: row["address"])}


def _grain(key: list[dict[str, Any]], language: Language) -> str | None:
    """What a row is, in Swedish, from the columns of the table's key; None where the table says it better."""
    names = [
        _lower_first(str(column["description_sv"]).removesuffix(" (kod)"))
        for column in key
        if column["description_sv"] and column["column_name"] != "scope"
    ]
    if language.code == "en" or not names:
        return None
    return "En rad per " + " och ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names) + "."


def _lower_first(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _table(
    address: str,
    figures: list[dict[str, Any]],
    names: Mapping[str, str],
    grain: str | None,
    language: Language,
) -> dict[str, Any]:
    """A table with its figures; what holds for all of them alike is said once."""
    return {
        "address": address,
        "name": named(TABLES, address, language),
        "grain": grain or figures[0]["grain"],
        "scopes": {scope for each in figures for scope in each["scopes"].split(", ")},
        "rows": _said(figures, "source_rows", names),
        "breaks": _said(figures, "method_breaks", names),
        "figures": [
            {
                **each,
                "name": names[f"{address}.{each['metric']}"],
                # A release of contract 2.1 has no definitions in Swedish.
                "definition": each["description"],
                "definition_sv": each.get("definition_sv"),
                "unit_text": unit(each["unit"], language),
                "made": made(each, language),
                "formula": each["counted"] or each["computed"],
            }
            for each in figures
        ],
    }


def _said(figures: list[dict[str, Any]], column: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each text of a column once, with the names of the figures that it holds for; none if it holds for all."""
    texts: dict[str, list[dict[str, Any]]] = {}
    for each in figures:
        if each[column]:
            texts.setdefault(each[column], []).append(each)
    return [
        {
            "row": found[0],
            "of": []
            if len(found) == len(figures)
            else [names[f"{each['table_name']}.{each['metric']}"] for each in found],
        }
        for found in texts.values()
    ]
