"""Bad documents: each is named with its place, harms no other table, and changes nothing published."""

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.night import Night, run_night
from sources.tables import DOCUMENT_TABLES
from tests.integration.conftest import DocumentsFolder, GoodNight

KEPT = "decision_appendices/kept_offices.txt"
CLOSING = "decision_appendices/closing_offices.txt"
KEPT_ID = "document af-final-report-2020-10-23"

Spoil = Callable[[DocumentsFolder], None]


def cut_in_the_middle(documents: DocumentsFolder) -> None:
    documents.rewrite(KEPT, lambda content: content[: content.index("Jönköpings län Öst Nässjö".encode())])


def save_as_latin_1(documents: DocumentsFolder) -> None:
    documents.rewrite(KEPT, lambda content: content.decode().replace("–", "-").encode("latin-1"))


def delete(documents: DocumentsFolder) -> None:
    (documents.folder / KEPT).unlink()


def empty(documents: DocumentsFolder) -> None:
    documents.rewrite(KEPT, lambda _: b"")


def merge_two_rows(documents: DocumentsFolder) -> None:
    one = (
        "Norrbottens län Nord Arjeplog Af Arjeplog Kontor vi reser till \n\n"
        "Norrbottens län Nord Överkalix  Af Överkalix Kontor vi reser till "
    )
    documents.replace(
        KEPT, one, "Norrbottens län Nord Arjeplog Överkalix Af Arjeplog Af Överkalix Kontor vi reser till "
    )


def leave_out_a_row(documents: DocumentsFolder) -> None:
    documents.replace(KEPT, "Norrbottens län Nord Arjeplog Af Arjeplog Kontor vi reser till", "")


def change_unregistered(documents: DocumentsFolder) -> None:
    documents.rewrite(KEPT, lambda content: content + b"\n", register=False)


def register_unknown_table(documents: DocumentsFolder) -> None:
    documents.edit_register(lambda text: text.replace("tables: [kept_offices]", "tables: [kept_ofices]"))


def name_an_unknown_place(documents: DocumentsFolder) -> None:
    documents.replace("service_centre_schedules/rollout.txt", "Hässleholm Avvecklat", "Hässlehult Avvecklat")


def hide_the_count(documents: DocumentsFolder) -> None:
    documents.replace(KEPT, "Sammanställning 112 orter", "Sammanställning av 112 orter")


def lead_out_of_the_folder(documents: DocumentsFolder) -> None:
    documents.edit_register(lambda text: text.replace(f"file: {KEPT}", f"file: ../documents/{KEPT}"))


def break_the_heading(documents: DocumentsFolder) -> None:
    documents.rewrite(KEPT, lambda content: content.replace(b"Form av kontor", b"Kontorsform"))


REFUSED: dict[str, tuple[Spoil, str]] = {
    "missing file": (delete, rf"{KEPT}: the file of {KEPT_ID} is missing.*expected a file in"),
    "empty file": (empty, rf"{KEPT}: the file is empty; expected UTF-8 text that holds a table"),
    "file in Latin-1": (
        save_as_latin_1,
        rf"{KEPT}, line \d+, column \d+: byte 0x[0-9A-F]{{2}} is not UTF-8; expected UTF-8",
    ),
    "file cut in the middle of a table": (
        cut_in_the_middle,
        rf"{KEPT}, page 51, line 3523: “Bilaga 4 [^”]*” states 112 rows; 78 were received",
    ),
    "two rows merged": (merge_two_rows, r"states 112 rows; 111 were received"),
    "row left out": (leave_out_a_row, r"states 112 rows; 111 were received"),
    "file that is not the registered one": (change_unregistered, rf"{KEPT}: .* has sha256 \w+; expected sha256 \w+"),
    "unknown table in the register": (
        register_unknown_table,
        r"documents\.yml, line \d+: unknown table “kept_ofices”; expected one of kept_offices, closing_offices",
    ),
    "place that nobody knows": (
        name_an_unknown_place,
        r"every_place_has_a_municipality failed \(error\): place Hässlehult, document_id .*, page 46, line_from 3232",
    ),
    "caption without a number": (hide_the_count, r"Sammanställning av 112 orter.*” states no number of rows; 112 were"),
    "file outside the folder": (
        lead_out_of_the_folder,
        r"documents\.yml, line \d+: “files\.\d\.file” of a document is .*a path below the register's folder",
    ),
    "headings that are not there": (
        break_the_heading,
        rf"{KEPT}: the table's column headings are not in the file; expected “Län Region",
    ),
}


def everything_told(night: Night) -> str:
    return "\n".join([*(str(check) for check in night.checks if not check.passed), *night.errors])


def snapshot(published: Path) -> dict[str, str]:
    """What stands where users look, without what every night writes: its metrics, and the lock of the folder."""
    return {
        str(path.relative_to(published)): str(path.readlink()) if path.is_symlink() else str(path.stat().st_mtime_ns)
        for path in published.rglob("*")
        if path.name not in {"metrics.prom", ".lock"}
    }


@pytest.mark.parametrize("case", REFUSED)
def test_bad_document_is_refused_with_its_place_and_harms_nothing_else(
    case: str, later_night: GoodNight, documents: DocumentsFolder
) -> None:
    spoil, message = REFUSED[case]
    before = snapshot(later_night.published)
    spoil(documents)

    night = run_night(documents.folder)

    assert night.outcome == "refused"
    assert re.search(message, everything_told(night)), everything_told(night)
    assert snapshot(later_night.published) == before
    with duckdb.connect(str(later_night.data / "build" / "narvaro.duckdb"), read_only=True) as connection:
        loaded = connection.execute("select table_name from raw.readings").fetchall()
    if case != "file outside the folder":  # its document, with four tables, cannot be registered
        assert {table for (table,) in loaded} | {"kept_offices"} == set(DOCUMENT_TABLES)


def test_broken_rows_go_to_quarantine_and_the_night_is_released(
    own_data_folder: Path, documents: DocumentsFolder
) -> None:
    documents.replace(KEPT, "Nord Arjeplog Af Arjeplog", "Nord Arjeplug Af Arjeplog")
    documents.replace(KEPT, "Nord Pajala  Af Pajala", "Nord Gällivare  Af Gällivare")
    documents.replace(CLOSING, "Af Boden 2019-12-01", "Af Boden 2019-13-01")
    documents.replace(
        CLOSING, "Nord Malå Af Malå 2019-11-01 Nej Samarbetslösning", "Nord Malå Af Malå 2019-11-01 Samarbetslösning"
    )

    night = run_night(documents.folder)

    assert night.outcome == "released", everything_told(night)
    told = everything_told(night)
    for place in (
        rf"{KEPT}, page 51, line 3540: \w+: .*Arjeplug.*expected",
        rf"{KEPT}, page 51, line 3548: duplicate_office: ",
        rf"{CLOSING}, page 57, line 3901: \w+: .*2019-13-01.*expected",
        rf"{CLOSING}, page 57, line 3905: unreadable_row: cell “Servicekontor på orten” is missing",
    ):
        assert re.search(place, told), told
    with duckdb.connect(str(own_data_folder / "published" / "narvaro.duckdb"), read_only=True) as connection:
        refused = connection.execute(
            "select table_name, count(distinct source_row_id) from meta.quarantine group by 1 order by 1"
        )
        assert refused.fetchall() == [("closing_offices", 2), ("kept_offices", 2)]
        rows = connection.execute(
            "select count(*) from meta.source_row where table_name in ('kept_offices', 'closing_offices')"
        )
        assert rows.fetchone() == (238,)
        assert connection.execute("select count(*) from core.dim_office").fetchone() == (234,)
