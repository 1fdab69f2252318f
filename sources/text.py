"""How two spellings of the same Swedish name are compared, and how a text of others is shown.

Belongs here: the key under which readers, contracts and the geography look names up; signs that no message may hold.
Does not belong here: undoing wrapped lines (that changes what is stored; this only compares) and everything that knows
what a name means.
"""

import re
import unicodedata

# Hyphen-minus, soft hyphen, hyphen, non-breaking hyphen; and white space of every kind.
_BREAKS = re.compile("[-\u00ad\u2010\u2011\\s]+")

# What a terminal obeys or a reader cannot see: controls but tab and line feed, and marks that turn the direction.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """The text with `\ufffd` in place of each sign that would steer a terminal; its lines and tabs stay."""
    return _STEERING.sub("\ufffd", text)


def fold(text: str) -> str:
    """The text as a key for comparing: composed (NFC), caseless, without hyphens, soft hyphens and white space.

    Line breaks in the documents add and swallow hyphens and blanks, so `Malung-Sälen`, `Malung- Sälen` and
    `MalungSälen` are one key. Letters keep their rings and dots: `Habo` and `Håbo` are two municipalities.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    return unicodedata.normalize("NFC", _BREAKS.sub("", folded))
