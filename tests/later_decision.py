"""A made-up later decision: the shipped tables with changes, printed once more in the appendices' own form.

Belongs here: what the decision changes, and the text of its three tables. None of it is a fact: no main job reads it.
"""

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import yaml

from sources.decision_appendices import closing_offices, kept_offices
from sources.registry import REGISTER_NAME, SHIPPED_REGISTER, Store, load_register, sha256_of
from sources.service_centre_schedules import rollout
from sources.tables import DOCUMENT_TABLES, read_table

DECISION = "af-decision-2021-09-01"
PUBLISHED, AS_OF = date(2021, 9, 1), date(2021, 8, 31)

CLOSES_AFTER_ALL = {"Af Arjeplog": ("2021-12-01", "Närliggande kontor", "-")} | {
    "Af Kalix": ("2021-11-01", "Samarbetslösning", "Nej (ÖK om avtal finns)")
}
REINSTATED = {"Af Boden": "Kontor vi reser till. Beslut 210820."}
ADDED = ("Stockholms län", "Stockholm Gotland", "Södertälje", "Af Järna", "Fast bemannat kontor")
MOVED = {"Af Älvsbyn": "Piteå"}
REMOVED = ("Af Pajala", "Af Malå")
STAFFED = ("Af Överkalix",)
READY = {"nej (ök om avtal finns)": "Ja (avtal kommun finns)", "nej (egen lokal finns)": "Ja (i egen lokal)"}
POSTPONED, WITHDRAWN = "Malmö city", "Ystad"

Cells = Mapping[str, str | None]


def add_decision(folder: Path) -> None:
    """Put the decision into a folder of documents and register it there."""
    files = []
    for table, text in tables().items():
        content = text.encode()
        (folder / f"{table}-later.txt").write_bytes(content)
        files.append({"file": f"{table}-later.txt", "sha256": sha256_of(content), "first_page": 1, "tables": [table]})
    entry = {
        "id": DECISION,
        "title": "Påhittat beslut om lokal närvaro",
        "publisher": "Arbetsförmedlingen",
        "published": PUBLISHED,
        "as_of": AS_OF,
        "language": "sv",
        "sha256": sha256_of(b"made up"),
        "files": files,
    }
    register = folder / REGISTER_NAME
    documents = yaml.safe_load(register.read_text("utf-8"))["documents"]
    register.write_text(yaml.safe_dump({"documents": [*documents, entry]}, allow_unicode=True), "utf-8")


def tables() -> dict[str, str]:
    """The three tables of the decision as they are printed."""
    kept, closing = _shipped("kept_offices"), _shipped("closing_offices")
    return {
        "kept_offices": _appendix(
            4, "kvarstående arbetsförmedlingskontor", kept_offices.HEADING, list(_kept(kept, closing))
        ),
        "closing_offices": _appendix(
            5, "arbetsförmedlingskontor aktuella för avveckling", closing_offices.HEADING, list(_closing(kept, closing))
        ),
        "service_centre_rollout": _schedule(_shipped("service_centre_rollout")),
    }


def _shipped(table: str) -> list[Cells]:
    register = load_register(SHIPPED_REGISTER, tuple(DOCUMENT_TABLES))
    return [
        row.cells
        for each in read_table(register, Store(Path(tempfile.mkdtemp())), table)
        if each.reading
        for row in each.reading.rows
    ]


def _kept(kept: Iterable[Cells], closing: Iterable[Cells]) -> Iterable[tuple[str | None, ...]]:
    for row in kept:
        office = row["Arbetsförmedlingskontor"]
        if office not in (*CLOSES_AFTER_ALL, *REMOVED):
            form = "Fast bemannat kontor" if office in STAFFED else row["Form av kontor"]
            yield row["Län"], row["Region"], MOVED.get(str(office), row["Kommun"]), office, form
    for row in closing:
        if (office := row["Arbetsförmedlingskontor"]) in REINSTATED:
            yield row["Län"], row["Region"], row["Kommun"], office, REINSTATED[str(office)]
    yield ADDED


def _closing(kept: Iterable[Cells], closing: Iterable[Cells]) -> Iterable[tuple[str | None, ...]]:
    for row in closing:
        if row["Arbetsförmedlingskontor"] not in (*REINSTATED, *REMOVED):
            *cells, ready = row.values()
            yield *cells, READY.get(str(ready).lower(), ready)
    for row in kept:
        if (office := row["Arbetsförmedlingskontor"]) in CLOSES_AFTER_ALL:
            closes_on, form, ready = CLOSES_AFTER_ALL[str(office)]
            yield row["Län"], row["Region"], row["Kommun"], office, closes_on, "Nej", form, ready


def _appendix(number: int, what: str, heading: str, rows: list[tuple[str | None, ...]]) -> str:
    printed = [" ".join(map(str, row)) for row in rows]
    caption = f"Bilaga {number} – Sammanställning {len(rows)} orter med\n{what} enligt beslut"
    return "\n\n".join([caption, heading, *printed]) + "\n"


def _schedule(launches: Iterable[Cells]) -> str:
    """The launches from November 2021 on: one a month later, one left out."""
    months: dict[str, list[str]] = {"november 2021": [], "december 2021": []}
    for row in launches:
        month = " ".join(str(row["Införande"]).split()[2:4])
        if month in months and row["Ort"] != WITHDRAWN:
            month = "december 2021" if row["Ort"] == POSTPONED else month
            months[month].append(f"{row['Ort']} {row['Status arbetsförmedlingskontor']}")
    lines = ["Bilaga 3 – Sammanställning införande Statens servicecenter"]
    for table, (month, printed) in enumerate(months.items(), start=1):
        lines += [
            f"Införande på {len(printed)} orter i {month} framgår av tabell {table} nedan.",
            rollout.HEADING,
            *printed,
            f"Tabell {table} Införande servicesamverkan med SSC {month}",
        ]
    return "\n\n".join(lines) + "\n"
