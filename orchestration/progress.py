"""The progress display of a night: one line per stage, and how long each took.

Belongs here: turning events of a run into lines. Does not belong here: the closing summary (`cli`).
"""

from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from orchestration.one_at_a_time import WAITING
from orchestration.terminal import plain

STAGES = {
    "raw": "Reading files",
    "transform": "Building tables (dbt)",
    "suites": "Checking plausibility",
    "release": "Publishing",
}


def stage_of(step: str) -> str:
    """The stage that a step of the job belongs to: `raw__kept_offices` → `raw`."""
    if step.startswith("raw__"):
        return "raw"
    return step if step in STAGES else "release"


class NightProgress:
    """A live display on a terminal, elsewhere only what a run waits for; it also keeps how long each stage took."""

    def __init__(self, console: Console) -> None:
        """Show the stages on this console."""
        self._display = Progress(
            SpinnerColumn(finished_text="·"),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._began: dict[str, float] = {}
        self.seconds: dict[str, float] = {}
        """From the first start to the last end of each stage's steps, by the stage's title."""

    def __enter__(self) -> "NightProgress":
        self._display.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._finish_stages()
        self._display.stop()

    def on_event(self, entry: Any) -> None:
        """Follow one event of the run."""
        event = entry.dagster_event
        if event is None and entry.user_message.startswith(WAITING):
            self._display.console.print(f"[yellow]{plain(entry.user_message)}[/]", soft_wrap=True)
        if event is None or event.step_key is None:
            return
        stage = stage_of(event.step_key)
        if event.event_type_value == "STEP_START" and stage not in self._tasks:
            self._finish_stages()
            self._began[stage] = entry.timestamp
            self._tasks[stage] = self._display.add_task(STAGES[stage], total=None)
        elif event.event_type_value in {"STEP_SUCCESS", "STEP_FAILURE"} and stage in self._tasks:
            self.seconds[STAGES[stage]] = entry.timestamp - self._began[stage]
            if event.event_type_value == "STEP_FAILURE":
                self._display.update(self._tasks[stage], description=f"[red]{STAGES[stage]}: failed[/]")

    def _finish_stages(self) -> None:
        """Stages follow one another: when one begins, those before it have ended."""
        for task in self._tasks.values():
            self._display.update(task, total=1, completed=1)
