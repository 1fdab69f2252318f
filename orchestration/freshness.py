"""Whether what is expected came: the newest month of each feed against its declared cadence (`freshness.yml`).

Belongs here: the cadence, and which feeds are late on a day. Does not belong here: the age of the last good night
(`monitoring`), telling people (`alerts`). Documents have no cadence: they come when something is decided.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, RootModel

from orchestration import paths
from orchestration.deliveries import Kind

CHECK = "newest_month_is_on_time"
DECLARED = Path(__file__).with_suffix(".yml")
SWEDEN = ZoneInfo("Europe/Stockholm")


class Cadence(BaseModel):
    """A month of the feed is to be here by this day of the next one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: int = Field(ge=1, le=28)


class Cadences(RootModel[dict[Kind, Cadence | None]]):
    """What `freshness.yml` declares."""


@dataclass(frozen=True)
class LateFeed:
    """A feed whose newest month is older than expected."""

    feed: Kind
    newest: date
    expected: date
    expected_by: date

    def __str__(self) -> str:
        """What was expected, what is there, what to do."""
        return (
            f"{self.feed}: {self.expected:%Y-%m} was expected by {self.expected_by}; the newest month is "
            f"{self.newest:%Y-%m}. Ask the sender for it, and drop it into landing/{self.feed}. "
            "If it comes on another day now, or never again, say so in orchestration/freshness.yml."
        )


def today(now: datetime | None = None) -> date:
    """The day in Sweden, now or at another moment."""
    return (now or datetime.now(SWEDEN)).astimezone(SWEDEN).date()


def late(day: date) -> list[LateFeed]:
    """The feeds that are late on a day, by the months that are in use; one that never came is not."""
    declared = Cadences.model_validate(yaml.safe_load(DECLARED.read_text("utf-8"))).root
    return list(_late(day, declared, dict(_newest())))


def _late(day: date, declared: Mapping[Kind, Cadence | None], newest: Mapping[Kind, date]) -> Iterator[LateFeed]:
    for feed, month in newest.items():
        if cadence := declared.get(feed):
            # Of the month before this one, if its day has passed; else of the one before that.
            this = day.replace(day=1)
            last = this if day.day > cadence.day else _before(this)
            if month < (expected := _before(last)):
                yield LateFeed(feed, month, expected, last.replace(day=cadence.day))


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _newest() -> Iterator[tuple[Kind, date]]:
    """The newest month of each feed that has any, by the folders of its months: no library has to be loaded for it."""
    for feed in (Kind.REGISTRATIONS, Kind.CONTACTS):
        folders = (file.parent for file in (paths.feeds_folder() / feed).glob("report_month=*/*.parquet"))
        months = {date.fromisoformat(each.name.removeprefix("report_month=")) for each in folders}
        if months:
            yield feed, max(months)
