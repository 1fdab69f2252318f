"""Every process of Python that starts with this folder in PYTHONPATH notes whom it wants to reach but loopback.

Python imports a module of this name when it starts. The notes go to the file that NARVARO_ASKED names.
"""

import os
import sys
from typing import Any

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104  (a server that binds to all asks nobody)


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}:
        return
    address = arguments[0] if event.startswith("socket.get") else arguments[-1]
    host = address[0] if isinstance(address, tuple) else address
    is_path = event.startswith("socket.connect") and isinstance(address, str | bytes)
    if host and not is_path and not str(host).startswith(LOOPBACK):
        with open(os.environ["NARVARO_ASKED"], "a", encoding="utf-8") as file:  # noqa: PTH123  (pathlib is slow to import)
            file.write(f"{event} {address}\n")


if "NARVARO_ASKED" in os.environ:
    sys.addaudithook(_note)
