"""The register of documents, and the store of received bytes.

Belongs here: `documents.yml` (typed, checked, with messages that name its lines), which files hold which tables, and
the content-addressed store, in which nothing is ever changed or deleted. Does not belong here: reading tables.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from sources.problems import Problem, RegisterError, UnreadableFile

REGISTER_NAME = "documents.yml"
SHIPPED_REGISTER = Path(__file__).parent
"""The folder of the register that the project ships, with the tables as printed."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def _below_the_register(file: str) -> str:
    """Refuse a path that leads out of the register's folder."""
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError("a path below the register's folder")
    return file


class DocumentFile(BaseModel):
    """One file of a document: the tables that it holds, and where its first line stands in the original."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Annotated[str, AfterValidator(_below_the_register)]
    """Path below the register's folder."""
    tables: tuple[str, ...] = ()
    sha256: Sha256 | None = None
    """Of this file; None: the file is the original, and has the document's checksum."""
    first_page: Annotated[int, Field(ge=1)] | None = None
    """Page of the first line in the original; None: the text has no pages."""
    first_line: Annotated[int, Field(ge=1)] = 1


class Document(BaseModel):
    """A registered document. `published`: the day it was made known; `as_of`: the day whose state it describes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: str
    publisher: str
    dnr: str | None = None
    published: date
    as_of: date
    language: str
    sha256: Sha256
    """Of the original, as received."""
    files: tuple[DocumentFile, ...] = ()


@dataclass(frozen=True)
class Register:
    """The documents of one folder, and what is wrong with those that could not be registered."""

    folder: Path
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def path(self) -> Path:
        """The register's own file."""
        return self.folder / REGISTER_NAME

    def files_with(self, table: str) -> Iterator[tuple[Document, DocumentFile]]:
        """Every registered file that holds the table, in the order in which the documents became known.

        Within a document as printed: the order of the register never matters.
        """
        for document in sorted(self.documents, key=lambda each: (each.published, each.id)):
            for file in sorted(document.files, key=lambda each: (each.first_line, each.file)):
                if table in file.tables:
                    yield document, file

    def content(self, document: Document, file: DocumentFile) -> bytes:
        """The file's bytes; raises `UnreadableFile` if it is missing or not the registered one."""
        path = self.folder / file.file
        expected = file.sha256 or document.sha256
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UnreadableFile(
                Problem(
                    file=file.file,
                    what=f"the file of document {document.id} is missing or cannot be opened ({error.strerror})",
                    expected=f"a file in {self.folder}",
                    remedy=f"put the file there, or take it out of {REGISTER_NAME}",
                )
            ) from error
        if (found := sha256_of(content)) != expected:
            empty = " (the file is empty)" if not content else ""
            raise UnreadableFile(
                Problem(
                    file=file.file,
                    what=f"the file of document {document.id} has sha256 {found}{empty}",
                    expected=f"sha256 {expected}, as {REGISTER_NAME} says",
                    remedy="bring back the registered file, or register the new one",
                )
            )
        return content

    def problem_of(self, document: Document, file: DocumentFile) -> Problem | None:
        """What keeps the file from being the registered one; None if nothing does."""
        try:
            self.content(document, file)
        except UnreadableFile as error:
            return error.problem
        return None


def sha256_of(content: bytes) -> str:
    """The checksum under which content is registered and stored, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def load_register(folder: Path, tables: Sequence[str]) -> Register:
    """The register that stands in `folder`; `tables` are the names a file may hold.

    A document that breaks the form, and a table that is unknown, is left out and named in `problems`; all else is
    kept. Raises `RegisterError` if
    the register itself is missing, no YAML, or holds no list of documents.
    """
    path = folder / REGISTER_NAME
    try:
        root = yaml.compose(path.read_text("utf-8"))
    except FileNotFoundError as error:
        problem = Problem(str(path), "there is no register of documents", f"a file {REGISTER_NAME} in the folder")
        raise RegisterError(problem) from error
    except UnicodeDecodeError as error:
        raise RegisterError(Problem(str(path), "the register is not UTF-8", "UTF-8 text")) from error
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        what = f"no YAML: {getattr(error, 'problem', None) or getattr(error, 'reason', error)}"
        raise RegisterError(Problem(str(path), what, "a YAML file", line=mark.line + 1 if mark else None)) from error
    keys = [key for key, _ in _children(root)]
    if len(keys) != len(set(keys)):
        raise RegisterError(Problem(str(path), "a key stands there twice", "one list under “documents:”"))
    entries = dict(_children(root)).get("documents")
    if not isinstance(entries, yaml.SequenceNode):
        raise RegisterError(Problem(str(path), "no documents are listed", "a list under “documents:”", line=1))

    documents: list[Document] = []
    problems: list[Problem] = []
    for entry in entries.value:
        try:
            document = Document.model_validate(_value(entry))
        except ValidationError as error:
            problems += _form_problems(entry, error)
            continue
        if document.id in {each.id for each in documents}:
            what = f"document {document.id} is registered twice"
            problems.append(_entry_problem(entry, what, "one entry for each id"))
            continue
        problems += _unknown_tables(entry, document, tables)
        documents.append(_with_known_tables(document, tables))
    return Register(folder, tuple(documents), tuple(problems))


def _entry_problem(node: yaml.Node, what: str, expected: str) -> Problem:
    """A fault of the register, at the line of a node."""
    return Problem(REGISTER_NAME, what, expected, remedy="correct the entry", line=node.start_mark.line + 1)


def _form_problems(entry: yaml.Node, error: ValidationError) -> Iterator[Problem]:
    """Every value of an entry that breaks the form."""
    for each in error.errors():
        place = ".".join(str(part) for part in each["loc"])
        missing = each["type"] == "missing"
        what = f"a document has no “{place}”" if missing else f"“{place}” of a document is {each['input']!r}"
        yield _entry_problem(_node_at(entry, each["loc"]), what, each["msg"])


def _unknown_tables(entry: yaml.Node, document: Document, tables: Sequence[str]) -> Iterator[Problem]:
    """Every table of an entry that no reader knows."""
    for at, file in enumerate(document.files):
        for number, table in enumerate(file.tables):
            if table not in tables:
                node = _node_at(entry, ("files", at, "tables", number))
                yield _entry_problem(node, f"unknown table “{table}”", f"one of {', '.join(tables)}")


def _with_known_tables(document: Document, tables: Sequence[str]) -> Document:
    """The document, with the tables that have a reader."""
    files = tuple(
        file.model_copy(update={"tables": tuple(table for table in file.tables if table in tables)})
        for file in document.files
    )
    return document.model_copy(update={"files": files})


def _children(node: yaml.Node | None) -> list[tuple[Any, yaml.Node]]:
    """Keys or indices of a node with the nodes they stand for."""
    if isinstance(node, yaml.MappingNode):
        return [(key.value, child) for key, child in node.value]
    if isinstance(node, yaml.SequenceNode):
        return list(enumerate(node.value))
    return []


def _node_at(node: yaml.Node, location: Sequence[Any]) -> yaml.Node:
    """The node at a location of the entry, or the nearest one above it."""
    for part in location:
        node = dict(_children(node)).get(part, node)
    return node


def _value(node: yaml.Node) -> Any:  # noqa: ANN401  (YAML holds anything; pydantic types it)
    """The plain value of a node: texts, None, lists and mappings. What a text means, the form of an entry says."""
    if not node.tag.startswith("tag:yaml.org,2002:"):
        return {node.tag: node.value}
    if isinstance(node, yaml.MappingNode):
        return {key: _value(child) for key, child in _children(node)}
    if isinstance(node, yaml.SequenceNode):
        return [_value(child) for _, child in _children(node)]
    return None if node.tag.endswith(":null") else node.value


@dataclass(frozen=True)
class Store:
    """Received bytes by their checksum, in two levels of folders: `ab/abcdef…`. Never changed, never deleted."""

    folder: Path

    def put(self, content: bytes) -> date:
        """Keep the bytes if they are new; the day (UTC) on which they were first received."""
        name = sha256_of(content)
        path = self.folder / name[:2] / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
                part.write(content)
            os.replace(part.name, path)
        return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
