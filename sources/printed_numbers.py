"""Printed numbers: what a number in Swedish text says, in digits or in a word.

Belongs here: the words that the documents use. Does not belong here: percent signs, units, “about” and “more than”.
"""

import re
from types import MappingProxyType

WORDS = MappingProxyType(
    {
        "en": 1.0,
        "ett": 1.0,
        "två": 2.0,
        "tre": 3.0,
        "fyra": 4.0,
        "fem": 5.0,
        "sex": 6.0,
        "sju": 7.0,
        "åtta": 8.0,
        "nio": 9.0,
        "tio": 10.0,
        "sjätte": 6.0,
        "halva": 0.5,
        "hälften": 0.5,
        "halvering": 50.0,
        "halverades": 50.0,
    }
)
"""A half of something is 0.5; something that is halved falls by 50 percent."""

_NUMBER = re.compile(r"\d{1,3}(?: \d{3})+(?!\d)|\d+(?:,\d+)?|[a-zåäö]+", re.IGNORECASE)


def printed_numbers(text: str) -> tuple[float, ...]:
    """The numbers of a printed text, in order: `20 – 25` gives 20 and 25, `drygt 3 500` gives 3500, `sex` gives 6."""
    tokens = (match.group().lower() for match in _NUMBER.finditer(text))
    return tuple(
        float(token.replace(" ", "").replace(",", ".")) if token[0].isdigit() else WORDS[token]
        for token in tokens
        if token[0].isdigit() or token in WORDS
    )
