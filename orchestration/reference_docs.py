"""The pages that are made from the dbt project: `docs/kpis.md` from the metrics, `docs/glossary.md` from the terms.

Belongs here: what the pages say and where they stand; `python -m orchestration.reference_docs` (or `make docs`) writes
them. Does not belong here: any definition, which stands beside the models.
"""

import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from orchestration import paths
from orchestration.manifest import ensure_manifest, load_manifest
from orchestration.metrics import Column, FaultyMetrics, KpiTable, load_kpi_tables

FOLDER = paths.ROOT / "docs"
GLOSSARY = paths.TRANSFORMS / "models" / "docs" / "glossary.md"
MADE_BY = "<!-- Made by `make docs` from {}. Change it there. -->"
TERM = re.compile(r"\{% docs \w+ %\}\n(.+?) \((.+?)\): (.+?)\n\{% enddocs %\}", re.DOTALL)


def pages(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The text of each page by its name. Raises `FaultyMetrics` if a metric cannot be used."""
    return {
        "kpis.md": kpi_page(load_kpi_tables(manifest)),
        "glossary.md": glossary_page(GLOSSARY.read_text("utf-8")),
    }


def kpi_page(tables: list[KpiTable]) -> str:
    """Every metric of these tables: what it is, how it is made, from which rows, and how to trace it."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=select_autoescape(),  # of HTML; these are Markdown, of our own words
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        anchor=lambda address: address.replace(".", ""),
        cell=lambda text: " ".join(text.split()).replace("|", r"\|"),
        code=lambda text: f"`{text}`",
        formula=formula,
        rows_of=rows_of,
        command=command,
        condition=condition,
    )
    return environment.get_template("kpis.md.jinja").render(
        tables=tables, made_by=MADE_BY.format("transforms/models/kpi/*.yml")
    )


def formula(column: Column) -> str:
    """How a figure is made, as Markdown."""
    metric = column.metric
    assert metric is not None, "only a metric has a formula"
    only = f" ({', '.join(metric.scopes)} only)" if metric.scopes else ""
    if metric.numerator:
        parts = [f"({part})" if " " in part else part for part in (metric.numerator, str(metric.denominator))]
        return f"computed: `{'100 * ' if column.unit == 'percent' else ''}{' / '.join(parts)}`{only}"
    if metric.same_as:
        table = metric.same_as.partition(".")[0]
        return f"repeated: [`{metric.same_as}`](#kpi{table}) at `{metric.at}`{only}"
    if metric.untraced:
        return f"not traced: {metric.untraced}{only}"
    return (f"counted: `{metric.counted}`" if metric.counted else f"computed: `{metric.computed}`") + only


def rows_of(table: KpiTable) -> list[str]:
    """Which rows the counted figures of a table stand on: one line for the table, and one for each exception."""
    counted = {name: metric for name, metric in table.metrics.items() if metric.counted}
    lines = [table.meta.rows] if table.meta.rows and any(not metric.rows for metric in counted.values()) else []
    return lines + [f"`{name}`: {metric.rows}" for name, metric in counted.items() if metric.rows]


def command(table: KpiTable) -> str:
    """The command that traces the table's example."""
    words = ["narvaro trace", table.address]
    example = table.meta.example
    if table.date_column:
        words.append(f"--as-of {example[table.date_column]}")
    if "scope" in table.key:
        words.append(f"--scope {example['scope']} --code {example['scope_code']}")
    elif "municipality_code" in table.key:
        words.append(f"--code {example['municipality_code']}")
    words += [f"--key {shlex.quote(f'{name}={example[name]}')}" for name in table.further_key]
    return " ".join(words)


def condition(table: KpiTable) -> str:
    """The same as a condition of SQL on `meta.trace` as t and `core.dim_municipality_scope` as a."""
    example = table.meta.example
    terms = [f"t.table_name = '{table.address}'"]
    if table.date_column:
        terms.append(f"t.as_of = '{example[table.date_column]}'")
    if table.further_key:
        terms.append(f"t.dimension = '{' / '.join(example[name] for name in table.further_key)}'")
    if example.get("scope", "national") != "national":
        terms.append(f"a.scope = '{example['scope']}' and a.scope_code = '{example['scope_code']}'")
    elif "municipality_code" in table.key:
        terms.append(f"a.scope = 'municipality' and a.scope_code = '{example['municipality_code']}'")
    else:
        terms.append("coalesce(a.scope, 'national') = 'national'")
    return " and ".join(terms)


def glossary_page(source: str) -> str:
    """The terms of dbt's doc blocks as a page of Markdown, in the same order and under the same headings."""
    title, _, rest = source.partition("\n")
    listed = TERM.sub(lambda term: f"- **{term[1]}** ({term[2]}): {' '.join(term[3].split())}", rest)
    tight = re.sub(r"(?<=\n)(- .*\n)\n(?=- )", r"\1", listed)
    return f"{title}\n\n{MADE_BY.format(f'transforms/{GLOSSARY.relative_to(paths.TRANSFORMS)}')}\n{tight}"


def write(folder: Path = FOLDER) -> list[str]:
    """Write the pages that are not up to date; gives their names."""
    ensure_manifest()
    changed = []
    for name, text in pages(load_manifest()).items():
        file = folder / name
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")
            changed.append(name)
    return changed


if __name__ == "__main__":
    try:
        for name in write():
            sys.stdout.write(f"written: docs/{name}\n")
    except FaultyMetrics as error:
        sys.exit(str(error))
