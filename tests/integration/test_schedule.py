"""The night comes once a day at 04:15 in Sweden, whatever the clocks do, and once for all that were missed."""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.test_utils import create_test_daemon_workspace_context
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._scheduler.scheduler import launch_scheduled_runs
from dagster._utils.schedules import schedule_execution_time_iterator

from orchestration import paths
from orchestration.history import every_week
from orchestration.schedules import every_night

SWEDEN = ZoneInfo("Europe/Stockholm")
FIRST, LAST = date(2026, 1, 1), date(2036, 12, 31)


def ticks(schedule: dg.ScheduleDefinition, first: datetime, last: datetime) -> list[datetime]:
    """As Dagster's daemon works them out, by the clock in Sweden."""
    assert isinstance(schedule.cron_schedule, str)
    found = schedule_execution_time_iterator(first.timestamp(), schedule.cron_schedule, schedule.execution_timezone)
    return [each.astimezone(SWEDEN) for each in takewhile(lambda each: each <= last, found)]


def test_every_day_of_eleven_years_has_one_night_at_a_quarter_past_four() -> None:
    found = ticks(every_night, datetime(2026, 1, 1, tzinfo=SWEDEN), datetime(2036, 12, 31, 23, 59, tzinfo=SWEDEN))
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    assert [each.date() for each in found] == days
    assert {(each.hour, each.minute, each.second) for each in found} == {(4, 15, 0)}


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2027, 3, 28), 23),
        (date(2027, 10, 31), 25),
        (date(2028, 2, 29), 24),
        (date(2028, 3, 1), 24),
        (date(2028, 1, 1), 24),
    ],
)
def test_days_of_other_lengths_leap_days_and_new_year_have_their_night(day: date, hours: int) -> None:
    before = day - timedelta(days=1)
    first, second = ticks(
        every_night,
        datetime(before.year, before.month, before.day, 4, 15, tzinfo=SWEDEN),
        datetime(day.year, day.month, day.day, 23, 59, tzinfo=SWEDEN),
    )
    assert (first.date(), second.date()) == (before, day)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=hours)


def test_history_is_pruned_each_sunday_well_after_the_night() -> None:
    found = ticks(every_week, datetime(2026, 1, 1, tzinfo=SWEDEN), datetime(2036, 12, 31, tzinfo=SWEDEN))
    assert {each.strftime("%A %H:%M") for each in found} == {"Sunday 05:45"}
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(days=7)}


@pytest.fixture
def daemon(own_data_folder: Path) -> Iterator[WorkspaceProcessContext]:
    """What Dagster's daemon has: the instance, and the project in a process of its own."""
    target = WorkspaceFileTarget(paths=[str(paths.ROOT / "workspace.yaml")])
    with dg.DagsterInstance.get() as instance, create_test_daemon_workspace_context(target, instance) as context:
        yield context


def look(daemon: WorkspaceProcessContext, clock: datetime) -> Counter[str]:
    """Let the daemon look once, with its clock at that moment; the runs that stand in the queue, by job."""
    errors = [each for each in launch_scheduled_runs(daemon, logging.getLogger("daemon"), clock, {}) if each]
    assert errors == []
    return Counter(each.job_name for each in daemon.instance.get_runs())


def test_one_night_makes_up_for_those_that_were_missed(daemon: WorkspaceProcessContext) -> None:
    assert look(daemon, datetime(2026, 11, 23, 12, tzinfo=SWEDEN)) == {}
    assert look(daemon, datetime(2026, 11, 24, 4, 14, tzinfo=SWEDEN)) == {}
    assert look(daemon, datetime(2026, 11, 24, 4, 16, tzinfo=SWEDEN)) == {"nightly": 1}
    assert look(daemon, datetime(2026, 11, 24, 4, 17, tzinfo=SWEDEN)) == {"nightly": 1}
    # The daemon is down for three nights: from Wednesday to Friday.
    assert look(daemon, datetime(2026, 11, 27, 9, tzinfo=SWEDEN)) == {"nightly": 2}
    assert look(daemon, datetime(2026, 11, 28, 4, 16, tzinfo=SWEDEN)) == {"nightly": 3}


def test_a_clock_that_is_set_back_repeats_no_night(daemon: WorkspaceProcessContext) -> None:
    assert look(daemon, datetime(2026, 11, 23, 12, tzinfo=SWEDEN)) == {}
    assert look(daemon, datetime(2026, 11, 24, 4, 16, tzinfo=SWEDEN)) == {"nightly": 1}
    assert look(daemon, datetime(2026, 11, 24, 3, 30, tzinfo=SWEDEN)) == {"nightly": 1}
    assert look(daemon, datetime(2026, 11, 24, 4, 16, tzinfo=SWEDEN)) == {"nightly": 1}
    assert look(daemon, datetime(2026, 11, 25, 4, 16, tzinfo=SWEDEN)) == {"nightly": 2}


@pytest.mark.parametrize("sunday", [date(2027, 3, 28), date(2027, 10, 31)])
def test_the_daemon_runs_one_night_when_daylight_saving_begins_and_ends(
    daemon: WorkspaceProcessContext, sunday: date
) -> None:
    clock = datetime(sunday.year, sunday.month, sunday.day, tzinfo=UTC) - timedelta(hours=6)
    runs = []
    for _ in range(36):
        clock += timedelta(minutes=30)
        runs.append((clock, look(daemon, clock)["nightly"]))
    began = [clock for (_, before), (clock, now) in pairwise(runs) if now > before]
    assert [runs[0][1], runs[-1][1]] == [0, 1]
    assert [each.astimezone(SWEDEN).strftime("%A %H:%M") for each in began] == ["Sunday 04:30"]
