"""The contract that `tests/golden/contract.json` keeps: reading it, and writing it anew if its version allows that.

Belongs here: the file. Does not belong here: what a change needs (`expectations.stability`).
"""

import json
from pathlib import Path
from typing import Any

from expectations.stability import Contract, contract_faults

GOLDEN = Path(__file__).parent / "golden" / "contract.json"


def read_contract(file: Path = GOLDEN) -> Contract:
    """The published schema as last agreed."""
    return Contract.model_validate_json(file.read_text("utf-8"))


def update_contract(now: Contract, file: Path = GOLDEN) -> None:
    """Write the contract anew.

    Raises:
        ValueError: its version does not allow what changed; the message says what, and what to do.
    """
    if file.exists():
        before = read_contract(file)
        if faults := contract_faults(before.tables, now.tables, before.contract_version, now.contract_version):
            raise ValueError("The golden contract is not updated.\n" + "\n".join(faults))
    file.write_text(_as_json(now), "utf-8")


def _as_json(contract: Contract) -> str:
    """One line for each column: what a change of the file shows is what changed."""
    tables = []
    for address, table in contract.tables.items():
        columns = ",\n".join(f"        {_line(column.model_dump())}" for column in table.columns)
        tables.append(
            f'    {_line(address)}: {{\n      "primary_key": {_line(table.primary_key)},\n'
            f'      "columns": [\n{columns}\n      ]\n    }}'
        )
    head = f'{{\n  "contract_version": {_line(contract.contract_version)},\n  "tables": {{\n'
    return head + ",\n".join(tables) + "\n  }\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
