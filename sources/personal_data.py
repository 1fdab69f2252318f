"""Personal identity numbers: where one stands, and how a text is shown without it.

Belongs here: what a personal identity number looks like (personnummer and samordningsnummer), finding it in a text or a
frame, masking it, and the refusal of a file that holds one. Does not belong here: which column may hold one (the
readers and contracts say so).

A number is six or eight digits of a date, then four; between them nothing, one hyphen or plus of any kind, or one
blank. The date exists (the day of a samordningsnummer has 60 added) and the last digit is Luhn's. Digits of a longer
number, of a decimal, or of a machine's identifier (a UUID, 16 or more hexadecimal digits with a letter among them) are
none: one UUID in forty thousand would look like a person otherwise.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from sources.problems import Problem, UnreadableFile

MASK = "******-****"

# Hyphen-minus, soft hyphen, hyphens, dashes, minus, plus; blanks of every width, and characters without width.
_SIGN = "[-\u00ad\u2010-\u2015\u2212+]"
_BLANK = "[ \u00a0\u2000-\u200b\u202f\u2060\ufeff]"
_DATE = "(?:18|19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
# A line that ends after the sign goes on with the last four digits.
_DIVIDER = rf"(?:{_BLANK}?{_SIGN}(?:{_BLANK}|[\t\r\n])*|{_BLANK})"

CANDIDATE = rf"(?:^|[^0-9]){_DATE}{_DIVIDER}?[0-9]{{4}}(?:$|[^0-9])"
"""What may be a number, for engines without look-around (polars, DuckDB's `regexp_matches`).

Every text that holds a number matches; `find_personal_number` says which of the matching ones do.
"""

_NUMBER = re.compile(rf"(?<![0-9])({_DATE})({_DIVIDER}?)([0-9]{{4}})(?![0-9])")
_MACHINE_IDENTIFIER = re.compile(
    "(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
    "|(?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{16,})(?![0-9A-Za-z])"
)
# Ten digits or more on the other side of the comma: a list of such numbers, no decimal.
_DECIMAL_BEFORE = re.compile(r"(?<![0-9])[0-9]{1,9}[.,]$")
_DECIMAL_AFTER = re.compile(r"[.,](?!0+(?![0-9]))[0-9]{1,9}(?![0-9])")  # `.0` is how programs write a whole number
_COORDINATION_DAYS = 60
_OVERLAP = 100
"""Bytes of a piece of a file that are looked at again with the next; more than any identifier with a number in it."""


class PersonalData(UnreadableFile):
    """A personal identity number stands where none belongs; the message says where, and never repeats it."""

    def __init__(self, problem: Problem) -> None:
        """Carry the problem with every number in it masked, whoever put it there."""
        super().__init__(_masked(problem))


def find_personal_number(text: str) -> tuple[int, int] | None:
    """Begin and end of the first personal identity number in the text; None if it holds none."""
    return next(_spans(text), None)


def mask(text: str) -> str:
    """The text with `******-****` in place of every personal identity number."""
    # Once more, until none is left: digits that looked like a decimal beside a number may be one without it.
    while spans := list(_spans(text)):
        begins = [0, *(end for _, end in spans)]
        ends = [*(begin for begin, _ in spans), len(text)]
        text = MASK.join(text[begin:end] for begin, end in zip(begins, ends, strict=True))
    return text


def first_in(texts: pl.Series | Iterable[str | None]) -> int | None:
    """Position of the first text that holds a personal identity number; None if none does. Nulls hold none."""
    series = texts if isinstance(texts, pl.Series) else pl.Series(list(texts), dtype=pl.String)
    candidates = series.str.contains(CANDIDATE).fill_null(False).arg_true()
    return next((at for at in candidates if find_personal_number(series[at]) is not None), None)


def first_in_frame(frame: pl.DataFrame) -> tuple[int, str] | None:
    """Position of the first row, and column, whose text holds a personal identity number; None if none does.

    Columns that are no text are not looked at. Of several such cells in one row, the leftmost is named.
    """
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    found = [(at, name) for name in texts if (at := first_in(frame[name])) is not None]
    return min(found, key=lambda place: place[0], default=None)


def refuse_personal_number(
    text: str | None,
    file: str,
    *,
    sheet: str | None = None,
    row: int | None = None,
    line: int | None = None,
    column: str | None = None,
) -> None:
    """Raise `PersonalData`, naming the place, if the text holds a personal identity number."""
    if text is not None and find_personal_number(text) is not None:
        raise PersonalData(
            Problem(
                file=file,
                sheet=sheet,
                row=row,
                line=line,
                column=column,
                what="a personal identity number stands here",
                expected="none anywhere in the file",
                remedy="remove it and deliver the file again; this one stays where it was dropped, read no further",
            )
        )


def refuse_in_frame(frame: pl.DataFrame, file: str, *, sheet: str | None = None, first_row: int = 1) -> None:
    """Raise `PersonalData` if a heading or a cell of text holds a personal identity number.

    The place is told by the columns `sheet` and `row_number` where the frame has them; else `sheet` is given, and the
    frame's first row is `first_row` of the file.
    """
    for column in frame.columns:
        refuse_personal_number(column, file, sheet=sheet, column=column)
    found = first_in_frame(frame)
    if found is not None:
        at, column = found
        row = frame.row(at, named=True)
        refuse_personal_number(
            row[column], file, sheet=row.get("sheet", sheet), row=row.get("row_number", first_row + at), column=column
        )


def refuse_in_bytes(path: Path, file: str, piece_bytes: int = 2**20) -> None:
    """Raise `PersonalData`, naming the line, if the bytes of a text hold a personal identity number.

    For a file that is refused before its cells were looked at, whatever its encoding: ASCII digits stand in UTF-8,
    Latin-1 and, between zero bytes, UTF-16 alike. What is compressed (a workbook, Parquet) is not seen. Of the file
    `piece_bytes` (some hundreds at least) are held at once.
    """
    rest, line = b"", 1
    with path.open("rb") as content:
        piece = content.read(piece_bytes)
        while piece:
            following = content.read(piece_bytes)
            block = rest + piece.replace(b"\0", b"")
            text = block.decode("utf-8", "replace")
            # What touches an end that is not the file's may go on there; it stands whole in the next block.
            spans = _spans(text) if pl.Series([text]).str.contains(CANDIDATE)[0] else iter(())
            whole = (begin for begin, end in spans if (begin > 0 or not rest) and (end < len(text) or not following))
            found = next(whole, None)
            if found is not None:
                refuse_personal_number(text[found:], file, line=line + text.count("\n", 0, found))
            rest = block[-_OVERLAP:]
            line += block.count(b"\n", 0, len(block) - len(rest))
            piece = following


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _NUMBER.finditer(text):
        date, divider, last = match.groups()
        if (
            _is_date(date)
            and _luhn(date[-6:] + last)
            and not (divider == "" and _is_decimal(text, *match.span()))
            and not _is_within_an_identifier(text, *match.span())
        ):
            yield match.span()


def _is_date(digits: str) -> bool:
    """Whether the day exists; six digits name no century, so 29 February is one in every year that ends in 00."""
    month, day = int(digits[-4:-2]), int(digits[-2:])
    day -= _COORDINATION_DAYS if day > _COORDINATION_DAYS else 0
    year = int(digits[:4]) if len(digits) == 8 else 2000 + int(digits[:2])
    return day <= monthrange(year, month)[1]


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(digits))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _is_decimal(text: str, begin: int, end: int) -> bool:
    return bool(_DECIMAL_BEFORE.search(text[max(0, begin - 11) : begin]) or _DECIMAL_AFTER.match(text, end))


def _is_within_an_identifier(text: str, begin: int, end: int) -> bool:
    return any(found.start() <= begin and end <= found.end() for found in _MACHINE_IDENTIFIER.finditer(text))


def _masked(problem: Problem) -> Problem:
    texts: dict[str, Any] = {name: mask(value) for name, value in vars(problem).items() if isinstance(value, str)}
    return replace(problem, **texts)
