"""The monthly files: which layout one has, by its content, and its reader.

Belongs here: the list of layouts, recognition, and the refusal of a file that has none of them. Does not belong here:
any layout (its own module), and where files are dropped or kept.
"""

from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, cast

from sources.personal_data import PersonalData, mask, refuse_in_bytes
from sources.problems import Problem, UnreadableFile
from sources.registration_statistics.printed import Printed
from sources.registration_statistics.registrations import headings_of
from sources.workbook_check import check_workbook

LAYOUTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "af_timeseries": ("registrations", "a workbook with sheets Total, Kön, Ålder, Utbildningsnivå, Födelseland"),
        "af_competitiveness": (
            "registrations",
            "a workbook whose pivot cache has PERIOD, LAN_BESKR, KOMMUN_BESKR, SAMTLIGA, UTSATTA",
        ),
        "mstatkommun": (
            "registrations",
            "a text of Mstatkommun with rows from Riket on, below headings without a first",
        ),
        "contacts": (
            "contacts",
            "csv or Parquet with contact_id, occurred_at, municipality_code, office, group, channel",
        ),
        "registrations": ("registrations", "csv, xlsx or Parquet with month, municipality_code, group, registered"),
    }
)
"""By name: what the rows are (as the landing folder is named), and how a person knows the layout.

Tried in this order: the plain table of registrations asks for the least.
"""

_IN_WORKBOOKS = ("af_timeseries", "af_competitiveness", "registrations")
_IN_OTHERS = ("mstatkommun", "contacts", "registrations")
_NAMED_WORKBOOK = (".xlsx", ".xlsm", ".xlsb", ".xls")
_SHOWN, _LONGEST = 12, 40
"""Headings, and characters of one, that a message shows."""


class _Layout(Protocol):
    """What the module of a layout offers; contacts are read by other means."""

    def recognises(self, path: Path) -> bool: ...

    def read(self, path: Path, name: str) -> Printed: ...


def recognise(path: Path, name: str) -> str:
    """Name of the file's layout, by its content; `name` is the file's own, masked in messages.

    Raises `UnreadableFile` if it has none of the layouts (with the headings found and those expected), is empty, or is
    a workbook that no reader may open; `PersonalData` if such a file holds a personal identity number.
    """
    shown = mask(name)
    with path.open("rb") as content:
        head = content.read(4)
    is_zip = head[:2] == b"PK"
    if is_zip:
        check_workbook(path, shown)
    layouts = _IN_WORKBOOKS if is_zip else _IN_OTHERS
    found = next((layout for layout in layouts if _module(layout).recognises(path)), None)
    if found is not None:
        return found
    if not is_zip and name.casefold().endswith(_NAMED_WORKBOOK):
        check_workbook(path, shown)  # says what it is in truth
    refuse_in_bytes(path, shown)
    raise UnreadableFile(
        Problem(
            file=shown,
            what=f"the layout is not known: {_found(path)}" if head else "the file is empty",
            expected="; or ".join(how for _, how in LAYOUTS.values()),
            remedy="deliver one of these; a new name of a column goes into sources/vocabulary.csv",
        )
    )


def read(path: Path, name: str, layout: str) -> Printed:
    """The rows of a file of registrations, as `recognise` named its layout.

    Raises `UnreadableFile` as the layout's reader does, but `PersonalData` if the bytes of a file that was refused for
    something else hold a personal identity number: such a file is kept nowhere.
    """
    try:
        return _module(layout).read(path, mask(name))
    except PersonalData:
        raise
    except UnreadableFile:
        refuse_in_bytes(path, mask(name))
        raise


def _module(layout: str) -> _Layout:
    # Imported where it is asked for: a reader of workbooks brings libraries that a text does not need.
    return cast("_Layout", import_module(f"sources.registration_statistics.{layout}"))


def _found(path: Path) -> str:
    """The headings of a file, table by table, as far as it has any."""
    tables = []
    with suppress(UnreadableFile):
        for sheet, headings in headings_of(path):
            shown = [_shown(each) for each in headings if each and each.strip()]
            more = [f"{len(shown) - _SHOWN} more"] if len(shown) > _SHOWN else []
            listed = ", ".join([*shown[:_SHOWN], *more]) or "nothing"
            tables.append(f"found {listed}" if sheet is None else f"sheet {_shown(sheet)} has {listed}")
    return "; ".join(tables) or "it is no text, workbook or Parquet file that can be read"


def _shown(text: str) -> str:
    line = " ".join(mask(text).split())
    return f"“{line if len(line) <= _LONGEST else line[:_LONGEST] + '…'}”"
