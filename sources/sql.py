"""Names, texts and paths as SQL has them between its quotes.

Belongs here: the one place that quotes. Whatever is no constant of our own goes through it, where it cannot be a
parameter: names never can, paths mostly not. Does not belong here: any statement.
"""

import glob
from collections.abc import Iterable
from pathlib import Path


def identifier(*parts: str) -> str:
    """A name, or the parts of an address: `identifier("kpi", "presence")` is `"kpi"."presence"`."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def identifiers(names: Iterable[str]) -> str:
    """Names of columns, one after the other."""
    return ", ".join(map(identifier, names))


def literal(text: str | Path) -> str:
    """A text, or a path that is not searched for patterns: `'Sweden''s'`."""
    return "'" + str(text).replace("'", "''") + "'"


def file_literal(file: Path) -> str:
    """The path of one file, for functions of DuckDB that would take `*`, `?` and `[` for a pattern."""
    return literal(glob.escape(str(file)))
