"""The progress display of a night: one line per stage.

Belongs here: turning events of a run into lines. Does not belong here: the closing summary (`cli`).
"""

import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

STAGES = {
    "raw": "Reading documents",
    "transform": "Building tables (dbt)",
    "suites": "Checking plausibility",
    "release": "Publishing",
}


def stage_of(step: str) -> str:
    """The stage that a step of the job belongs to: `raw__kept_offices` → `raw`."""
    if step.startswith("raw__"):
        return "raw"
    return step if step in {"transform", "suites"} else "release"


@dataclass
class NightProgress:
    """A live display on a terminal, plain lines elsewhere."""

    console: Console
    _progress: Progress = field(init=False)
    _tasks: dict[str, Any] = field(default_factory=dict)
    _started: dict[str, float] = field(default_factory=dict)

    def __enter__(self) -> "NightProgress":
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._progress.stop()

    def on_event(self, entry: Any) -> None:
        """Follow one event of the run."""
        event = entry.dagster_event
        if event is None or event.step_key is None:
            return
        stage = stage_of(event.step_key)
        if event.event_type_value == "STEP_START":
            if stage not in self._tasks:
                self._started[stage] = time.monotonic()
                self._tasks[stage] = self._progress.add_task(STAGES[stage], total=None)
        elif event.event_type_value in {"STEP_SUCCESS", "STEP_FAILURE"} and stage in self._tasks:
            self._progress.advance(self._tasks[stage])
