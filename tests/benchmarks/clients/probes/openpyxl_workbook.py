"""openpyxl: the sheets of the workbook that Excel opens."""

import re
from typing import Any

import openpyxl

from tests.benchmarks.clients.probes.protocol import after, answer, before, published

LINK = published() / "narvaro.xlsx"
RELEASE_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


def release(book: Any) -> str:
    """The release that a workbook says it is: the latest id on its first sheet."""
    cells = (str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell)
    return max(found for cell in cells for found in RELEASE_ID.findall(cell))


def opened() -> Any:
    """The workbook by the link."""
    return openpyxl.load_workbook(LINK, read_only=True)


def run() -> None:
    """Answer, wait for the switch, look again."""
    held = opened()
    answers = {}
    for name in held.sheetnames:
        if name.startswith("kpi."):
            header, *rows = held[name].iter_rows(values_only=True)
            answers[name] = answer((str(cell) for cell in header), rows)
    before(openpyxl.__version__, answers)
    after({"held": lambda: release(held), "reopened": lambda: release(opened())})


run()
