"""A reader that does what a hostile file could make a real one do; the file's content says what."""

import os
import sys
import time
from pathlib import Path

from orchestration.reading import Read, Refused, Request, end_with_parent, started


def main(request: str, result: str) -> None:
    end_with_parent()
    asked = Request.model_validate_json(request)
    what = asked.file.read_text("utf-8")
    if what != "break":
        started(Path(result)).touch()
    if what == "tell":
        told = Refused(message=" ".join(os.environ.values()))
        Path(result).write_text(told.model_dump_json(), "utf-8")
        return
    if what == "hang":
        time.sleep(600)
    if what == "swell":
        held = [bytearray(50_000_000) for _ in range(4)]
        time.sleep(600)
        del held
    if what in {"crash", "break"}:
        raise ValueError("19121212-1212 is what stood in the cell")
    if what == "die":
        os._exit(11)
    if what != "say nothing":
        found = Read(layout="registrations", rows_received=2, rows_valid=1, rows_quarantined=1)
        Path(result).write_text(found.model_dump_json(), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
