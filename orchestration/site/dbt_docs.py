"""dbt's own documentation of a release, as one page that opens from disk: models, columns, tests, lineage.

Belongs here: what of dbt's manifest the page shows, the catalogue of the published tables, that the page asks nothing
of a network. Does not belong here: the page itself, which dbt ships, and any description (`transforms`).
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dbt.task.docs import DOCS_INDEX_FILE_PATH

from orchestration.release_file import count, opened, tables_of

Entry = Mapping[str, Any]

PROJECT = "narvaro"
PAGE = "index.html"

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; base-uri 'none'; form-action 'none'"
)
"""The browser holds the page to it: scripts and styles of the page itself, and no request to anywhere."""
TRACKS_NOTHING = "turn_on_tracking:function(){},fuzzUrls:function(){},getContext:"
REPLACED = (
    # The tracker, which dbt's page loads from a content network where a project lets it.
    (r"turn_on_tracking:function\(\)\{.*?\},fuzzUrls:function\(\)\{.*?\},getContext:", TRACKS_NOTHING, 1),
    # An icon whose address dbt's build left unmade, and an address that holds for dbt's own server alone.
    (r'<link rel="shortcut icon" href="[^"]*"/>', '<link rel="icon" href="data:,"/>', 1),
    (r'<link rel="canonical" href="[^"]*"/>', "", 1),
    (r"\n?//# sourceMappingURL=[\w.]+(?=</script>)", "", 1),
    # Icons that a browser asks for under the name of the template before the template is filled in.
    (r'xlink:href="(?=\{\{)', 'ng-attr-href="', 4),
    (r'<meta charset="utf-8">', f'\\g<0><meta http-equiv="Content-Security-Policy" content="{POLICY}">', 1),
)
"""What is changed in dbt's page: a pattern, what takes its place, and how often it stands there."""
MENTIONED = {
    "aviaryan.in",
    "docs.angularjs.org",
    "errors.angularjs.org",
    "github.com",
    "jqueryui.com",
    "npms.io",
    "www.w3.org",
}
"""Hosts that the page's libraries name in comments, messages and namespaces, and never ask."""
HOST = re.compile(r"(?:(?:https?|wss?|ftp):|(?<=[\"'`(= ]))//([\w-]+(?:\.[\w-]+)*\.[a-z]{2,})\b", re.IGNORECASE)

NODE = (
    *("unique_id", "name", "alias", "resource_type", "package_name", "original_file_path", "fqn", "database", "schema"),
    *("description", "tags", "docs", "group", "access", "version", "language", "raw_code"),
)
"""What the page shows of a model, seed or test, or selects it by. What it is run by stays behind."""
SOURCE = (*NODE, "identifier", "source_name", "source_description", "source_meta", "loader")
EXPOSURE = (*NODE, "label", "type", "owner", "maturity", "url")
MACRO = (
    "unique_id",
    "name",
    "resource_type",
    "package_name",
    "original_file_path",
    "macro_sql",
    "description",
    "arguments",
)
UNUSED = ("metrics", "groups", "semantic_models", "saved_queries", "functions")
"""Lists that the page asks for and this project has nothing in."""
COLUMN = ("name", "description", "meta", "tags")


def write_dbt_docs(database: Path, folder: Path, manifest: Entry) -> None:
    """Write `index.html` into the folder: dbt's page, with this manifest and what the published file says of tables.

    The same manifest and tables give the same bytes, wherever and whenever that is.

    Raises:
        ValueError: dbt's page is not the one that is known here, or it would load something from a network.
    """
    shown = shown_manifest(manifest)
    page = offline(Path(DOCS_INDEX_FILE_PATH).read_text("utf-8"))
    inlined = {"MANIFEST": _script(shown), "CATALOG": _script(catalog(database, shown["nodes"]))}
    page = _replaced(page, r'"(MANIFEST|CATALOG)\.JSON INLINE DATA"', lambda found: inlined[found[1]], times=2)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PAGE).write_text(page, "utf-8")


def offline(page: str) -> str:
    """dbt's page without what it would ask of a network, and forbidden to ask anything.

    Raises:
        ValueError: something that has to be replaced is not there, or a host is named that is not known to be harmless.
    """
    for pattern, text, times in REPLACED:
        page = _replaced(page, pattern, text, times)
    if unknown := sorted({found.lower() for found in HOST.findall(page)} - MENTIONED):
        raise ValueError(f"dbt's documentation page names hosts that it may load from: {', '.join(unknown)}")
    return page


def _replaced(page: str, pattern: str, text: str | Callable[[re.Match[str]], str], times: int = 1) -> str:
    replaced, found = re.subn(pattern, text, page, flags=re.DOTALL)
    if found != times:
        raise ValueError(
            f"dbt's documentation page is not as expected: {pattern} stands in it {found} times, not {times}"
        )
    return replaced


def _script(content: object) -> str:
    """JSON that can stand within a script: nothing in it ends the script."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")


def shown_manifest(manifest: Entry) -> dict[str, Any]:
    """What the page shows of dbt's manifest: no time, no path of the machine, nothing of dbt's own packages."""
    macros = {name: each for name, each in manifest["macros"].items() if each["package_name"] == PROJECT}
    lists: dict[str, dict[str, Any]] = {
        "nodes": {name: _node(each, NODE, macros) for name, each in manifest["nodes"].items()},
        "sources": {name: _node(each, SOURCE, macros) for name, each in manifest["sources"].items()},
        "exposures": {name: _node(each, EXPOSURE, macros) for name, each in manifest["exposures"].items()},
        # A unit test by what it says that it tests; its rows would make half of the page.
        "unit_tests": {name: _node(each, NODE, macros) for name, each in manifest["unit_tests"].items()},
        "macros": {
            name: _chosen(each, MACRO) | {"depends_on": _known_macros(each["depends_on"], macros)}
            for name, each in macros.items()
        },
        "docs": {
            name: _chosen(each, ("name", "package_name", "block_contents"))
            for name, each in manifest["docs"].items()
            if name == f"doc.{PROJECT}.__overview__"
        },
        "parent_map": {name: sorted(parents) for name, parents in manifest["parent_map"].items()},
    }
    metadata = _chosen(manifest["metadata"], ("dbt_schema_version", "dbt_version", "project_name", "adapter_type"))
    return {
        "metadata": metadata,
        **{name: {} for name in UNUSED},
        # In the order of names: dbt's own depends on which files it had parsed before.
        **{name: dict(sorted(each.items())) for name, each in lists.items()},
    }


def _node(node: Entry, fields: Sequence[str], macros: Collection[str]) -> dict[str, Any]:
    shown = _chosen(node, fields)
    if "test_metadata" in node:  # a generic test is its name and arguments; its code is a call of them
        shown.pop("raw_code", None)
        shown |= _chosen(node, ("test_metadata", "column_name", "refs"))
    meta = node.get("meta", {})
    # The page shows what is nested as JSON: what a figure answers stands there by itself.
    shown["meta"] = {name: said for name, said in meta.items() if name not in {"kpi", "dagster"}} | meta.get("kpi", {})
    config = node.get("config", {})
    shown["config"] = _chosen(config, ("materialized", "severity"))
    if "contract" in config:
        shown["config"]["contract"] = {"enforced": config["contract"]["enforced"]}
    shown["columns"] = {name: _column(column) for name, column in node.get("columns", {}).items()}
    shown["depends_on"] = _known_macros(node.get("depends_on", {}), macros)
    return shown


def _column(column: Entry) -> dict[str, Any]:
    constraints = [{"type": each["type"]} for each in column.get("constraints") or []]
    return _chosen(column, COLUMN) | ({"constraints": constraints} if constraints else {})


def _known_macros(depends_on: Entry, macros: Collection[str]) -> dict[str, Any]:
    return dict(depends_on) | {"macros": [name for name in depends_on.get("macros", []) if name in macros]}


def _chosen(entry: Entry, fields: Iterable[str]) -> dict[str, Any]:
    return {name: entry[name] for name in fields if name in entry}


def catalog(database: Path, nodes: Mapping[str, Entry]) -> dict[str, Any]:
    """Types and numbers of rows of the published tables, as dbt's catalogue has them.

    Comments are left out: they are the manifest's descriptions, carried over by dbt.
    """
    names = {(each["schema"], each["alias"]): name for name, each in nodes.items() if each["resource_type"] == "model"}
    found = {}
    with opened(database) as connection:
        for table in tables_of(connection, database.stem):
            name = names.get((table.schema, table.name))
            if name is None:
                continue
            rows = count(connection, table.quoted)
            found[name] = {
                "unique_id": name,
                "metadata": {"type": "table", "schema": table.schema, "name": table.name, "database": database.stem},
                "columns": {
                    column: {"name": column, "type": data_type, "index": index}
                    for index, (column, data_type) in enumerate(table.types.items(), start=1)
                },
                "stats": {
                    "num_rows": {"id": "num_rows", "label": "Rows", "value": rows, "include": True, "description": ""},
                    "has_stats": {"id": "has_stats", "label": "Has Stats?", "value": True, "include": False},
                },
            }
    return {"metadata": {}, "nodes": found, "sources": {}, "errors": None}
