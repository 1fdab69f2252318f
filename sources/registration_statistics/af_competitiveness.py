"""The workbook on weaker competitiveness: a pivot table whose rows stand only in its cache.

Belongs here: pivot caches, and the columns of this one. Does not belong here: what a cell means (`normalise`) and what
is refused in any workbook (`sources.workbooks`).

A cache is two parts of the zip: a definition (the columns, and for some of them the list of their values) and its
records, one element per cell: `x` the number of a value in that list, or the value itself as `n`, `s`, `d`, `b`, `e`,
or `m` for none. The records are the cells of a cross table of month, municipality, sex and time without work, so each
jobseeker stands in one of them: `SAMTLIGA` of a municipality and month is the sum over its records, and so is
`UTSATTA`, those of them with weaker competitiveness.

There are millions of records, and the numbers of one municipality and month are wanted. Plain numbers are added up
while the records stream by, which loses nothing: numbers alone are added, under the same printed month, county and
municipality. A cell that is no plain number (`<5`, blank, a decimal, an error) is never added to anything: it stays a
row of its own, for `normalise` and the contract to judge.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path, PurePosixPath

import polars as pl
from lxml import etree

from sources.problems import Problem, UnreadableFile
from sources.registration_statistics.printed import PRINTED, Printed
from sources.schema_drift import Columns, columns_of
from sources.vocabulary import header
from sources.workbook_check import DAMAGE, elements, part_name

LAYOUT = "af_competitiveness"
KEY = ("period", "county", "municipality")
ALL, WEAKER = "all", "weaker_competitiveness"
COUNTS = (ALL, WEAKER)
OTHERS = ("sex", "without_work_6_months", "without_work_12_months", "without_work_24_months")
"""Columns of the cross table that divide the jobseekers further; their sum is what is read."""
DIMENSION, CATEGORY = "Konkurrensförmåga", "UTSATTA"

_DEFINITION = re.compile(r"xl/pivotCache/pivotCacheDefinition[0-9]*\.xml")
_BLOCK = 4 * 1024**2
_LONGEST = 4 * _BLOCK
_LONGEST_RECORD = 100_000
_MOST_SUMS = 1_000_000
_MOST_REMEMBERED = 200_000
"""Distinct elements per column whose text is kept at hand."""

_END_OF_RECORD = re.compile(rb"</(?:[\w.-]+:)?r\s*>")
_BEGIN = re.compile(rb"<(?:[\w.-]+:)?pivotCacheRecords[^>]*>")
_COUNT = re.compile(rb"""\scount\s*=\s*["']([0-9]+)["']""")
_ANY_RECORD = re.compile(rb"<(?:[\w.-]+:)?r[\s/>]")
_RECORD = r"^(?:[\w.-]+:)?r[\s/>]"
_ELEMENT = re.compile(r"(?:[\w.-]+:)?([A-Za-z]\w*)([^>]*?)/?>\s*")
_VALUE = re.compile(r"""\sv\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True)
class _Cache:
    """A pivot cache: its definition's part, its columns as printed, the values that records give by number."""

    part: str
    headings: Sequence[str]
    shared: Sequence[Sequence[str | None]]

    @property
    def is_ours(self) -> bool:
        """Whether most of the columns are those of this layout; one that is missing or renamed is told by `read`."""
        return len({header(heading) for heading in self.headings} & {*KEY, *COUNTS}) >= 3


def recognises(path: Path) -> bool:
    """Whether a pivot cache of the workbook has most of the columns."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(cache.is_ours for cache in _caches(archive))
    except (*DAMAGE, etree.XMLSyntaxError):
        return False


def read(path: Path, name: str) -> Printed:
    """Two rows per month, county and municipality: all registered, and those with weaker competitiveness.

    Beside them one row for each cell that is no plain number. `sheet` is the name of the part with the records;
    `row_number` the number of the record there, from 1, of a sum the first one that it adds up.

    Raises `UnreadableFile` if a column is missing or renamed, if a record has more or fewer cells than there are
    columns, if records are missing, or if two different caches could be meant.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            cache, records = _the_cache(archive, name)
            part = PurePosixPath(records).stem
            columns = columns_of(cache.headings, [*KEY, *COUNTS], name, optional=OTHERS, sheet=part)
            reading = _Reading(cache, columns, name, part)
            with archive.open(records) as stream:
                rows = _added_up(reading.frames(iter(lambda: stream.read(_BLOCK), b"")))
    except (*DAMAGE, KeyError, etree.XMLSyntaxError) as error:
        raise _unreadable(name, f"the pivot cache is damaged ({error})", "a definition and records") from error
    return Printed(LAYOUT, _printed(rows, part), columns.notes)


def _unreadable(
    name: str, what: str, expected: str, sheet: str | None = None, row: int | None = None
) -> UnreadableFile:
    remedy = "refresh the pivot table in Excel, save the workbook with its source data and deliver it again"
    return UnreadableFile(Problem(name, what, expected, remedy, sheet=sheet, row=row))


def _the_cache(archive: zipfile.ZipFile, name: str) -> tuple[_Cache, str]:
    """The one cache of this layout, and the part with its records; copies of it do no harm."""
    ours = [(cache, _records_of(archive, cache.part)) for cache in _caches(archive) if cache.is_ours]
    with_records = [(cache, records) for cache, records in ours if records in archive.namelist()]
    if not with_records:
        raise _unreadable(name, "the pivot table was saved without its rows", "a pivot cache with records")
    contents = {(archive.getinfo(records).CRC, archive.getinfo(records).file_size) for _, records in with_records}
    if len(contents) > 1 or len({(tuple(cache.headings), str(cache.shared)) for cache, _ in with_records}) > 1:
        parts = ", ".join(cache.part for cache, _ in with_records)
        raise _unreadable(name, f"several pivot caches have these columns ({parts})", "one of them")
    return with_records[0]


def _records_of(archive: zipfile.ZipFile, definition: str) -> str:
    """The part with the records of a definition, as its relations say; empty if they name none."""
    folder, _, file = definition.rpartition("/")
    try:
        relations = elements(archive, f"{folder}/_rels/{file}.rels", "Relationship")
    except KeyError:
        return ""
    targets = [
        relation.get("Target", "") for relation in relations if relation.get("Type", "").endswith("pivotCacheRecords")
    ]
    return part_name(folder, targets[0]) if targets else ""


def _caches(archive: zipfile.ZipFile) -> list[_Cache]:
    """All pivot caches with the columns that stand in their records: not those that the pivot table computes."""
    caches = []
    for part in sorted(name for name in archive.namelist() if _DEFINITION.fullmatch(name)):
        fields = [
            field for field in elements(archive, part, "cacheField") if field.get("databaseField") not in {"0", "false"}
        ]
        headings = [field.get("name", "") for field in fields]
        shared = [
            [_text(etree.QName(item).localname, item.get("v")) for item in field.iterfind("{*}sharedItems/{*}*")]
            for field in fields
        ]
        caches.append(_Cache(part, headings, shared))
    return caches


def _text(tag: str, value: str | None) -> str | None:
    """The text of a cell by its kind: whole numbers without decimals, dates without midnight; None if it is blank."""
    if value is None or not value.strip():
        return None
    if tag == "n":
        number = re.fullmatch(r"([0-9]+)(?:\.0*)?", value)
        try:
            return number[1] if number else f"{float(value):.15g}"
        except ValueError:
            return value
    if tag == "d":
        return value.removesuffix("T00:00:00")
    if tag == "b":
        return "true" if value in {"1", "true"} else "false"
    return value


class _Reading:
    """Records, a block of bytes at a time, as frames of the columns that are read.

    Cells repeat: few values fill millions of them. So a block is cut into its elements columnwise, and only an element
    that was not seen before is looked into.
    """

    def __init__(self, cache: _Cache, columns: Columns, name: str, part: str) -> None:
        self._width = len(cache.headings)
        self._at = columns.at
        self._shared = cache.shared
        self._seen: Mapping[str, dict[str, str | None]] = {column: {} for column in (*KEY, *COUNTS)}
        self._name = name
        self._part = part
        self._records = 0

    def frames(self, blocks: Iterator[bytes]) -> Iterator[pl.DataFrame]:
        """Record number, month, county, municipality and the two counts, all as text but the first."""
        rest, stated = b"", None
        for block in blocks:
            rest += block
            if len(rest) > _LONGEST:
                raise self._damaged(f"no record ends within {_LONGEST // 1024**2} MiB")
            begin = _BEGIN.search(rest) if self._records == 0 else None
            if begin is not None:
                count = _COUNT.search(begin[0])
                stated = int(count[1]) if count else None
                rest = rest[begin.end() :]
            ends = list(_END_OF_RECORD.finditer(rest, max(0, len(rest) - _LONGEST_RECORD)))
            if ends:
                yield self._frame(rest[: ends[-1].end()])
                rest = rest[ends[-1].end() :]
        if _ANY_RECORD.search(rest) is not None:
            raise self._damaged("the last record does not end", self._records + 1)
        if stated is not None and stated != self._records:
            raise self._damaged(f"{self._records} records stand where {stated} are announced")

    def _damaged(self, what: str, row: int | None = None) -> UnreadableFile:
        return _unreadable(self._name, what, f"records of {self._width} cells", self._part, row)

    def _frame(self, block: bytes) -> pl.DataFrame:
        cut = pl.Series([block.decode()]).str.split("<").explode()
        cut = cut.filter(~cut.str.starts_with("/") & (cut.str.strip_chars() != ""))
        begins = cut.str.contains(_RECORD).arg_true()
        step = self._width + 1
        count = begins.len()
        expected = pl.int_range(0, count * step, step, dtype=pl.UInt32, eager=True)
        uneven = (begins.cast(pl.UInt32) != expected).arg_true()
        if cut.len() != count * step or uneven.len() > 0:
            record = self._records + (uneven[0] if uneven.len() > 0 else count)
            raise self._damaged("a record has more or fewer cells than there are columns", record)
        first, self._records = self._records + 1, self._records + count
        return pl.DataFrame(
            {
                "record": pl.int_range(first, first + count, eager=True),
                **{
                    column: self._texts(column, cut.gather_every(step, self._at[column] + 1))
                    for column in (*KEY, *COUNTS)
                },
            }
        )

    def _texts(self, column: str, elements_of: pl.Series) -> pl.Series:
        """What the elements of one column say; each distinct one is looked into once."""
        seen = self._seen[column]
        if len(seen) > _MOST_REMEMBERED:
            seen.clear()
        distinct = elements_of.unique().to_list()
        for element in distinct:
            if element not in seen:
                seen[element] = self._cell(column, element)
        return elements_of.replace_strict(distinct, [seen[element] for element in distinct], return_dtype=pl.String)

    def _cell(self, column: str, element: str) -> str | None:
        parts = _ELEMENT.fullmatch(element)
        if parts is None or parts[1] not in {"x", "n", "s", "d", "b", "e", "m"}:
            raise self._damaged(f"a record holds “<{element[:40]}”, which is no cell")
        found = _VALUE.search(parts[2])
        value = None if found is None else unescape(found[1] if found[1] is not None else found[2])
        if parts[1] != "x":
            return _text(parts[1], value)
        shared = self._shared[self._at[column]]
        if value is None or not value.isdecimal() or int(value) >= len(shared):
            raise self._damaged(f"a record names value {value} of {column}, of which there are {len(shared)}")
        return shared[int(value)]


def _added_up(frames: Iterator[pl.DataFrame]) -> pl.DataFrame:
    """Plain numbers by month, county and municipality, and every other cell by itself; `count` says which of COUNTS."""
    sums: list[pl.DataFrame] = []
    cells: list[pl.DataFrame] = []
    for frame in frames:
        for count in COUNTS:
            rows = frame.select("record", *KEY, count=pl.lit(count), registered=pl.col(count))
            is_plain = pl.col("registered").str.contains("^[0-9]{1,9}$").fill_null(False)
            sums.append(_summed(rows.filter(is_plain).with_columns(pl.col("registered").cast(pl.Int64))))
            cells.append(rows.filter(~is_plain))
        if sum(each.height for each in sums) > _MOST_SUMS:
            sums = [_summed(pl.concat(sums))]
    if not sums:
        return pl.DataFrame(schema={"record": pl.Int64, **dict.fromkeys([*KEY, "count", "registered"], pl.String)})
    summed = _summed(pl.concat(sums)).with_columns(pl.col("registered").cast(pl.String))
    return pl.concat([summed, *cells])


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per month, county, municipality and count; `record` is the first that was added."""
    return rows.group_by(*KEY, "count").agg(pl.col("record").min(), pl.col("registered").sum()).select(rows.columns)


def _printed(rows: pl.DataFrame, part: str) -> pl.DataFrame:
    """The rows in the columns of PRINTED, in the order of their records, the count of all before the other."""
    is_weaker = pl.col("count") == WEAKER
    return (
        rows.sort("record", is_weaker)
        .with_columns(
            pl.col("period").str.replace("^([0-9]{4}-[0-9]{2})-01$", "$1"),
            sheet=pl.lit(part),
            row_number=pl.col("record"),
            dimension=pl.when(is_weaker).then(pl.lit(DIMENSION)),
            category=pl.when(is_weaker).then(pl.lit(CATEGORY)),
        )
        .select(list(PRINTED))
    )
