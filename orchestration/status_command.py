"""The commands `narvaro status`, with its one line for whoever watches, and `narvaro watch`, which tells people.

Belongs here: what they print, their exit codes. Does not belong here: the verdict (`monitoring`), messages (`alerts`).
`status` reads small files and the published file only, and writes nothing: it answers at once, also to a user who may
only read.
"""

import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console

from orchestration import alerts, delivery_commands, messenger, monitoring
from orchestration.headlines import NOTHING_PUBLISHED, print_failures, print_kpis
from orchestration.monitoring import LatestNight
from orchestration.published import Published

AGE = re.compile(r"(?:(?P<days>\d{1,5})d)?(?:(?P<hours>\d{1,5})h)?(?:(?P<minutes>\d{1,5})m)?")
A_NIGHT = timedelta(hours=26)
"""A day, and two hours to be late."""
NOT_WELL = 3
"""Exit code of `watch`: not that of a command that broke."""
WORDS = {
    "released": "a new release",
    "nothing_new": "nothing new, the release stays",
    "refused": "refused, what is published stays as it was",
    "failed": "failed, what is published stays as it was",
}


def parse_age(text: str) -> timedelta:
    """`26h`, `90m`, `2d`, `1d12h`.

    Raises:
        typer.BadParameter: it is written in another way, or it is no time at all.
    """
    found = AGE.fullmatch(text)
    age = timedelta(**{unit: int(number) for unit, number in found.groupdict("0").items()}) if found else timedelta()
    if not age:
        raise typer.BadParameter(f"{text!r}: expected an age such as 26h, 90m, 2d or 1d12h")
    return age


def status(
    deliveries: Annotated[int, typer.Option(min=0, help="How many of the latest deliveries are shown.")] = 8,
    max_age: Annotated[
        timedelta | None,
        typer.Option(
            parser=parse_age,
            metavar="AGE",
            help="Exit with 1 if the last good night is older (26h, 90m, 2d, 1d12h), the latest night was bad, or a "
            "check failed in it, as a warning too.",
        ),
    ] = None,
) -> None:
    """Say what is published, which files were received last, and which checks failed in the latest night.

    Exits with 1 if the latest night that ended was bad. A night that is running is none yet.
    """
    published = Published.here()
    good = published.status()
    latest = monitoring.latest_night(good)
    faults = [] if max_age is None else _faults(good, latest, datetime.now(UTC), max_age)
    if max_age is not None:
        sys.stdout.write(_line(published, faults) + "\n")
    console = Console(highlight=False, file=sys.stdout)
    if good is None:
        console.print(NOTHING_PUBLISHED)
    else:
        console.print(f"[bold]Published[/]        {_published(published)}")
        console.print(f"[bold]Last good night[/]  {good['finished_at']}: {WORDS[good['outcome']]}")
        print_kpis(console, published)
    delivery_commands.print_latest(console, deliveries)
    if latest is not None:
        console.print(f"[bold]Latest night[/]     {latest.run_id}: {WORDS[latest.outcome]}")
        print_failures(console, latest.failed_checks, latest.errors)
    raise typer.Exit(1 if faults or (latest is not None and not latest.is_good) else 0)


def watch(
    max_age: Annotated[
        timedelta | None,
        typer.Option(parser=parse_age, metavar="AGE", help="The last good night may be so old; 26h unless told."),
    ] = None,
) -> None:
    """Say in one line whether all is well, and send what people are to be told of (NARVARO_ALERTS).

    For a timer: also when no night runs any more, somebody hears of it. Exits with 3 if something is not well.
    """
    published, now, max_age = Published.here(), datetime.now(UTC), max_age or A_NIGHT
    told = alerts.tell(now, max_age)
    good = published.status()
    faults = _faults(good, monitoring.latest_night(good), now, max_age)
    sys.stdout.write(_line(published, faults) + "\n")
    sys.stdout.writelines(f"told: {title}\n" for title in told)
    raise typer.Exit(NOT_WELL if faults else 0)


def _faults(good: Mapping[str, Any] | None, latest: LatestNight | None, now: datetime, max_age: timedelta) -> list[str]:
    """What is not well: of the nights, and of what people should have been told."""
    unheard = messenger.undelivered()
    told = [f"messages that an address of NARVARO_ALERTS did not take: {', '.join(unheard)}"] if unheard else []
    return [*monitoring.faults(good, latest, now, max_age), *told]


def _line(published: Published, faults: list[str]) -> str:
    """`OK: …` or `NOT OK: …`, with the last good night and what is published."""
    good = published.status()
    told = []
    if good is not None:
        at = monitoring.finished_at(good)
        age = monitoring.in_words(datetime.now(UTC) - at)
        told = [f"last good night {at:%Y-%m-%d %H:%M} UTC, {age} ago", f"published {_published(published)}"]
    return ": ".join(["NOT OK" if faults else "OK", "; ".join([*faults, *told])])


def _published(published: Published) -> str:
    """The release that users read; and that of the last good night, if a rollback made it another one."""
    current, good = published.release, published.status() or {}
    now, of_night = current.release_id if current else "nothing", good.get("release_id")
    return now if of_night in {now, None} else f"{now} (rolled back; of the last good night: {of_night})"
