"""Texts of others on a terminal: file names, cells, lines of documents.

Belongs here: what keeps such a text from being taken for markup or for orders to the terminal. Does not belong here:
what is printed.
"""

from rich.markup import escape

from sources.text import printable


def plain(text: str) -> str:
    """A text for rich to print as it is: no markup, no sign that steers the terminal."""
    return escape(printable(text))
