"""The register of documents, and the store of received bytes.

Belongs here: `documents.yml` and the sidecars of delivered documents (typed, checked, with messages that name their
lines), which files hold which tables, and the content-addressed store, in which nothing is ever changed or deleted.
Does not belong here: reading tables.
"""

import difflib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sources.pages import decode
from sources.personal_data import refuse_personal_number
from sources.problems import Problem, RegisterError, UnreadableFile

REGISTER_NAME = "documents.yml"
SHIPPED_REGISTER = Path(__file__).parent
"""The folder of the register that the project ships, with the tables as printed."""

BLOCK = 1 << 20
"""Bytes that are copied at a time."""
PART = ".part-"
"""How the name of a file begins that is not whole yet."""
SIDECAR_SUFFIX = ".yml"
"""A document `beslut.pdf` is delivered with the sidecar `beslut.pdf.yml`."""
SIDECAR_SIZE = 64 * 1024
"""Bytes that a sidecar may have: seven short lines need less."""
SIDECAR_EXAMPLE = (
    "{id: af-decision-2022-01-31, title: Beslut om kontorsnät, publisher: Arbetsförmedlingen, "
    "dnr: Af-2022/0001 2345, published: 2022-01-31, as_of: 2022-01-15, language: sv}"
)

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def _written_as_a_day(value: object) -> object:
    """Refuse a text that is no `YYYY-MM-DD`: pydantic takes `20220131` for seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("a day such as 2022-01-31")
    return value


Day = Annotated[date, BeforeValidator(_written_as_a_day)]


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


class StoredFile(DocumentFile):
    """A delivered file: its bytes lie in the store, not in the register's folder."""

    path: Path


class DocumentFacts(BaseModel):
    """What no file tells of its document.

    `published`: the day it was made known; `as_of`: the day whose state it describes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: str
    publisher: str
    dnr: str | None = None
    published: Day
    as_of: Day
    language: str


class Sidecar(DocumentFacts):
    """The facts that are delivered beside a file, and where its first line stands in the original."""

    first_page: Annotated[int, Field(ge=1)] | None = None
    """None: page 1 of a PDF; no pages at all in a text."""
    first_line: Annotated[int, Field(ge=1)] = 1


@dataclass(frozen=True)
class Delivered:
    """One accepted file of a document: its bytes lie in the store under `sha256`."""

    facts: DocumentFacts
    file_name: str
    sha256: str
    tables: tuple[str, ...]
    first_page: int | None = None
    first_line: int = 1


class Document(DocumentFacts):
    """A registered document."""

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

    def with_delivered(self, store: "Store", delivered: Sequence[Delivered]) -> "Register":
        """This register with the delivered files laid over it, in the order of their receipt.

        A new id adds a document. A known id takes the facts of the latest delivery, and its tables one by one: a
        delivered file replaces the tables that it holds, the other tables of the document stay where they were.
        """
        documents = {document.id: document for document in self.documents}
        for each in delivered:
            file = StoredFile(
                file=each.file_name,
                tables=each.tables,
                sha256=each.sha256,
                first_page=each.first_page,
                first_line=each.first_line,
                path=store.path(each.sha256),
            )
            earlier = documents.get(each.facts.id)
            facts = {name: getattr(each.facts, name) for name in DocumentFacts.model_fields}
            documents[each.facts.id] = Document(
                **facts,
                sha256=earlier.sha256 if earlier else each.sha256,
                files=(*(_without(each.tables, earlier.files) if earlier else ()), file),
            )
        return replace(self, documents=tuple(documents.values()))

    def content(self, document: Document, file: DocumentFile) -> bytes:
        """The file's bytes; raises `UnreadableFile` if it is missing or not the registered one."""
        if isinstance(file, StoredFile):
            return read_stored(file.path, file.file, file.sha256 or document.sha256)
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


def _without(tables: Sequence[str], files: Sequence[DocumentFile]) -> Iterator[DocumentFile]:
    """The files without these tables; a delivered file that has none left is left out."""
    for file in files:
        left = tuple(table for table in file.tables if table not in tables)
        if left or not isinstance(file, StoredFile):
            yield file.model_copy(update={"tables": left})


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


def read_sidecar(path: Path) -> Sidecar:
    """The facts of the document that `path` (`beslut.pdf.yml`) is delivered with.

    Raises `UnreadableFile` if there is no such file, if it is not a flat YAML mapping, or if a key is missing, unknown
    or has no good value; the message names the keys and shows an example. Raises `PersonalData` for a personal
    identity number.
    """
    if not path.is_file():
        what = f"there is no {path.name} beside it: nothing says which document this is"
        raise _sidecar_error(path.name.removesuffix(SIDECAR_SUFFIX), what)
    if not 0 < path.stat().st_size <= SIDECAR_SIZE:
        raise _sidecar_error(path.name, f"the file has {path.stat().st_size} bytes")
    text = decode(path.read_bytes(), path.name)
    refuse_personal_number(text, path.name)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        what = f"no YAML: {getattr(error, 'problem', None) or getattr(error, 'reason', None) or 'nested too deeply'}"
        raise _sidecar_error(path.name, what, line=mark.line + 1 if mark else None) from error
    entries = _children(root)
    keys = [key for key, _ in entries]
    nested = next((value for _, value in entries if not isinstance(value, yaml.ScalarNode)), None)
    if not isinstance(root, yaml.MappingNode) or nested is not None:
        line = nested.start_mark.line + 1 if nested else None
        raise _sidecar_error(path.name, "it is no list of keys, each with one value", line=line)
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise _sidecar_error(path.name, f"the key “{twice}” stands there twice")
    try:
        return Sidecar.model_validate(_value(root))
    except ValidationError as error:
        faults = [_sidecar_fault(each["type"], str(each["loc"][-1]), each["input"]) for each in error.errors()]
        raise _sidecar_error(path.name, "; ".join(faults)) from error


def _sidecar_fault(kind: str, key: str, value: object) -> str:
    """What is wrong with one key of a sidecar, and the nearest known key if it is unknown."""
    if kind == "missing":
        return f"the key “{key}” is missing"
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(key, Sidecar.model_fields, n=1)
        return f"the key “{key}” is unknown" + (f" (“{near[0]}”?)" if near else "")
    return f"“{key}” is {value!r}"


def _sidecar_error(file: str, what: str, line: int | None = None) -> UnreadableFile:
    """A fault of a sidecar, with what stands in a good one."""
    return UnreadableFile(
        Problem(
            file=file,
            what=what,
            expected="the keys id (lower-case letters, digits, -), title, publisher, dnr (or none), published and "
            "as_of (YYYY-MM-DD), language; where the file is an extract also first_page and first_line",
            remedy=f"for example {SIDECAR_EXAMPLE}",
            line=line,
        )
    )


def _entry_problem(node: yaml.Node, what: str, expected: str) -> Problem:
    """A fault of the register, at the line of a node."""
    return Problem(REGISTER_NAME, what, expected, remedy="correct the entry", line=node.start_mark.line + 1)


def _form_problems(entry: yaml.Node, error: ValidationError) -> Iterator[Problem]:
    """Every value of an entry that breaks the form."""
    for each in error.errors():
        place = ".".join(str(part) for part in each["loc"])
        missing = each["type"] == "missing"
        what = f"a document has no “{place}”" if missing else f"“{place}” of a document is {each['input']!r}"
        yield _entry_problem(_node_at(entry, each["loc"]), what, each["msg"].removeprefix("Value error, "))


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

    def path(self, sha256: str) -> Path:
        """Where the bytes of that checksum lie, once they are received."""
        return self.folder / sha256[:2] / sha256

    def put(self, content: bytes) -> date:
        """Keep the bytes if they are new; the day (UTC) on which they were first received."""
        path = self.path(sha256_of(content))
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=PART, delete=False) as part:
                part.write(content)
            os.replace(part.name, path)
        return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()

    def put_file(self, source: Path, expected: str | None = None) -> str:
        """Keep the bytes of a file of any size if they are new; their checksum. The file itself stays where it is.

        With a checksum that is expected, other bytes than these are not kept.

        What is stored is what was hashed, and is on the disk when this returns, even if the file changes meanwhile.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=PART, delete=False) as part:
            try:
                with source.open("rb") as received:
                    while block := received.read(BLOCK):
                        digest.update(block)
                        part.write(block)
                part.flush()
                os.fsync(part.fileno())
                path = self.path(digest.hexdigest())
                if not path.exists() and expected in {None, digest.hexdigest()}:
                    path.parent.mkdir(exist_ok=True)
                    os.replace(part.name, path)
            finally:
                Path(part.name).unlink(missing_ok=True)
        return digest.hexdigest()

    def remove_parts(self) -> None:
        """Remove what was not whole when its process was killed. Nobody may be storing anything meanwhile."""
        for part in self.folder.glob(f"{PART}*"):
            part.unlink(missing_ok=True)

    def get(self, sha256: str) -> bytes:
        """The bytes of that checksum; raises `UnreadableFile` if they were never received, or are damaged."""
        return read_stored(self.path(sha256), sha256, sha256)


def read_stored(path: Path, file: str, sha256: str) -> bytes:
    """Bytes of the store; raises `UnreadableFile`, in the name of `file`, if they are missing or damaged."""
    remedy = "take what lies there out of the store, and deliver the file again"
    try:
        content = path.read_bytes()
    except OSError as error:
        what = f"its stored bytes are missing or cannot be opened ({error.strerror})"
        raise UnreadableFile(Problem(file, what, f"the file {path}", remedy)) from error
    if (found := sha256_of(content)) != sha256:
        raise UnreadableFile(Problem(file, f"its stored bytes have sha256 {found}", f"sha256 {sha256}", remedy))
    return content
