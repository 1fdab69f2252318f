"""Data for scripts: how a value is written so that a page that opens from disk can read it.

Belongs here: JSON in HTML and in script files. Does not belong here: which data. A page that is opened from disk may
not fetch a file, but it may load a script: each is one assignment to a property of `window.NARVARO`.
"""

import json
from typing import Any

from markupsafe import Markup


def as_json(value: Any) -> Markup:
    """A value for a `<script>` element: as JSON that cannot end the element, whatever its texts hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return Markup(_harmless(text))  # noqa: S704


def _harmless(text: str) -> str:
    """JSON without the signs of HTML."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def script(name: str, value: Any) -> str:
    """A script file that gives pages this value as `NARVARO.<name>`."""
    return f"(window.NARVARO ??= {{}}).{name} = {as_json(value)};\n"
