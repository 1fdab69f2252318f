"""What went wrong with an input, told so that a person can mend it.

Belongs here: the one shape of a message about a file, and the errors that carry it. Does not belong here: rows that
break a contract (`expectations.quarantine`).
"""

from dataclasses import dataclass

from sources.text import printable


@dataclass(frozen=True)
class Problem:
    """One fault of one input: where it is, what stands there, what was expected, what to do about it."""

    file: str
    what: str
    expected: str
    remedy: str | None = None
    page: int | None = None
    line: int | None = None
    column: str | None = None
    sheet: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        """`file, page 51, line 3540, column Kommun: what; expected …; remedy`."""
        found = place(self.file, self.page, self.line, self.column, self.sheet, self.row)
        message = f"{found}: {self.what}; expected {self.expected}"
        return printable(f"{message}; {self.remedy}" if self.remedy else message)


def place(
    file: str,
    page: int | None = None,
    line: int | None = None,
    column: str | None = None,
    sheet: str | None = None,
    row: int | None = None,
) -> str:
    """`file, page 51, line 3540, column Kommun` or `file, sheet Total, row 7`, without what is not known."""
    parts = (("sheet", sheet), ("page", page), ("row", row), ("line", line), ("column", column))
    return ", ".join([file, *(f"{name} {value}" for name, value in parts if value is not None)])


class SourceError(Exception):
    """An input that cannot be used; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        """Carry the problem; the message is its text."""
        super().__init__(str(problem))
        self.problem = problem


class UnreadableFile(SourceError):
    """The bytes of a file are not what a reader can take: missing, empty, another encoding, another checksum."""


class TableNotFound(SourceError):
    """The file is readable, but the heading of the expected table does not stand in it."""


class TableDamaged(TableNotFound):
    """The expected table stands in the file, but where its rows begin cannot be told."""


class RegisterError(SourceError):
    """The register of documents itself is missing or cannot be read."""
