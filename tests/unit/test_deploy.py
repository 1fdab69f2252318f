"""What is shipped for a server: the units are as hardened as each other, and start commands that there are."""

from collections import defaultdict
from pathlib import Path

import pytest
from typer.main import get_command

from orchestration.cli import app

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SERVICES = ["narvaro-daemon.service", "narvaro-webserver.service", "narvaro-watch.service"]
HARDENED = {
    "User": "narvaro",
    "UMask": "0027",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "AmbientCapabilities": "",
    "SystemCallFilter": "@system-service",
    "IPAddressDeny": "any",
    "IPAddressAllow": "localhost",
    "EnvironmentFile": "-/etc/narvaro/environment",
}


def settings(unit: str) -> dict[str, list[str]]:
    """Every setting of a unit, whatever its section."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in (DEPLOY / unit).read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found[name].append(value)
    return found


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_has_its_own_user_reads_the_code_and_reaches_nobody(unit: str) -> None:
    found = settings(unit)
    assert {name: found[name] for name in HARDENED} == {name: [value] for name, value in HARDENED.items()}
    (started,) = found["ExecStart"]
    program, command, *_ = started.split()
    assert program == "/opt/narvaro/current/.venv/bin/narvaro"
    assert command in getattr(get_command(app), "commands", {})


def test_services_that_stay_come_back_and_the_watch_looks_each_hour() -> None:
    assert [settings(unit)["Restart"] for unit in SERVICES] == [["always"], ["always"], []]
    timer = settings("narvaro-watch.timer")
    assert (timer["OnCalendar"], timer["Persistent"]) == (["hourly"], ["true"])


def test_no_service_is_less_hardened_than_another() -> None:
    kinds = ("Protect", "Private", "Restrict", "SystemCall", "Lock", "State")
    daemon, webserver, watch = (
        {name: value for name, value in settings(unit).items() if name.startswith(kinds)} for unit in SERVICES
    )
    assert daemon == webserver == watch
