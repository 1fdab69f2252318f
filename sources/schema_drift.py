"""Headings that were found, against those that were expected: missing, new, renamed or retyped, told by name.

Belongs here: the comparison, before any row is read, and its one message. Does not belong here: which columns a layout
has (its reader says so) and what a heading may be called (`sources.vocabulary`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import partial

from sources.personal_data import mask
from sources.problems import Problem, UnreadableFile
from sources.text import fold
from sources.vocabulary import header, headers_of

SIMILAR = 0.7
"""How alike (0–1) a heading and a known one must be for the column to count as renamed."""

MADE_UP = {"synthetic", "syntetisk"}
"""Headings (folded) by which generated data says so: it is never read beside the authority's own."""

LONGEST, MOST = 60, 20
"""Characters of a heading, and unknown headings, that are looked at: a heading may be a whole damaged file."""


@dataclass(frozen=True)
class Columns:
    """Where the known columns stand: `at` gives the position by our name. `notes`: columns that are new."""

    at: Mapping[str, int]
    notes: tuple[str, ...] = ()


def columns_of(
    found: Sequence[str | None],
    required: Sequence[str | tuple[str, ...]],
    file: str,
    *,
    optional: Sequence[str] = (),
    found_types: Sequence[str] | None = None,
    taken_types: Mapping[str, Sequence[str]] | None = None,
    sheet: str | None = None,
    row: int | None = None,
    line: int | None = None,
) -> Columns:
    """Find the required columns, and the optional ones that are there, among the headings of a table.

    `required`: our names (codes of `header` in the vocabulary); of several in a tuple, one is enough. `found_types`
    stand beside the headings; `taken_types` says per column which of them a reader takes. A heading without text is no
    column. A column that nobody knows is a note. Raises `UnreadableFile`, with everything that is wrong in one message,
    if a required column is missing or renamed, stands twice, or has another type, or if a column says that the rows are
    generated.
    """
    problem = partial(Problem, file=file, sheet=sheet, row=row, line=line)
    if made_up := [heading for heading in found if heading and fold(heading) in MADE_UP]:
        raise UnreadableFile(
            problem(
                what=f"the rows are generated: the column {_shown(made_up[0])} says so",
                expected="data that the authority registered",
                remedy="keep generated files in a data folder of their own (NARVARO_DATA), without this column",
            )
        )
    wanted = [each if isinstance(each, tuple) else (each,) for each in required]
    names = {*optional, *(name for each in wanted for name in each)}
    headings = {at: heading for at, heading in enumerate(found) if heading is not None and heading.strip()}
    by_name: dict[str, list[int]] = {}
    for at, heading in headings.items():
        if (name := header(heading)) in names:
            by_name.setdefault(str(name), []).append(at)
    strangers = [heading for heading in headings.values() if header(heading) not in names]
    unknown = strangers[:MOST]
    missing = [each for each in wanted if not any(name in by_name for name in each)]
    renamed = _renamed(missing, unknown)

    faults = [
        f"renamed: {_shown(renamed[each])} (nearest known: {_shown(_nearest(renamed[each], each))})" for each in renamed
    ]
    faults += [f"missing: {' or '.join(_shown(name) for name in each)}" for each in missing if each not in renamed]
    faults += [
        f"twice: {' and '.join(_shown(headings[at]) for at in places)} are both {name}"
        for name, places in by_name.items()
        if len(places) > 1
    ]
    if found_types is not None:
        faults += [
            f"retyped: {_shown(headings[at])} is {found_types[at]} (known as {' or '.join((taken_types or {})[name])})"
            for name, (at, *_) in by_name.items()
            if name in (taken_types or {}) and found_types[at] not in (taken_types or {})[name]
        ]
    new = [f"new: {_shown(each)}{_near(each, names)}" for each in unknown if each not in renamed.values()]
    new += [f"new: {len(strangers) - MOST} further columns"] if len(strangers) > MOST else []
    if faults:
        raise UnreadableFile(
            problem(
                what=f"the columns have changed: {'; '.join([*faults, *new])}",
                expected="; ".join(" or ".join(_known_as(name) for name in each) for each in wanted),
                remedy="name the columns so again, or add the new name to sources/vocabulary.csv",
            )
        )
    return Columns(
        {name: at for name, (at, *_) in by_name.items()},
        tuple(f"{each}, not read" for each in new),
    )


def _renamed(missing: Sequence[tuple[str, ...]], unknown: Sequence[str]) -> dict[tuple[str, ...], str]:
    """The unknown heading that most resembles each missing column, if it resembles it enough; each heading once."""
    alike = sorted(
        (
            (SequenceMatcher(None, fold(_nearest(heading, each)), fold(heading)).ratio(), at, heading)
            for at, each in enumerate(missing)
            for heading in unknown
            if len(heading) <= LONGEST
        ),
        reverse=True,
    )
    pairs: dict[tuple[str, ...], str] = {}
    for ratio, at, heading in alike:
        if ratio >= SIMILAR and missing[at] not in pairs and heading not in pairs.values():
            pairs[missing[at]] = heading
    return pairs


def _nearest(heading: str, names: Sequence[str]) -> str:
    """The known heading of these columns that resembles the heading most."""
    aliases = {fold(alias): alias for name in names for alias in headers_of(name)}
    return aliases[get_close_matches(fold(heading)[:LONGEST], aliases, 1, 0)[0]]


def _near(heading: str, names: set[str]) -> str:
    return f" (nearest known: {_shown(_nearest(heading, sorted(names)))})"


def _known_as(name: str) -> str:
    """`period (PERIOD, Månad …)`: our name and the first others."""
    others = headers_of(name)[1:4]
    return f"{name} ({', '.join(others)} …)" if others else name


def _shown(heading: str) -> str:
    """The heading in quotes, on one line, never longer than a line, never with a personal identity number."""
    text = " ".join(mask(heading).split())
    return f"“{text if len(text) <= LONGEST else text[:LONGEST] + '…'}”"
