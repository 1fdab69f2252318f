"""The tutorial, typed into a copy of the checkout: every file, edit and command of docs/tutorial.md, and one night."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from orchestration import paths

PAGE = paths.ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(
    r"^(?:`(?P<path>[^`\n]+)`, (?P<how>a new file|at its end|(?:after|before|instead of) the line) ?"
    r"(?:`{1,2}(?P<line>[^\n]+?)`{1,2})?:\n\n)?```(?P<language>\w+)(?P<fails> fails)?\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
LAST_STEP = "\n## 8. "
"""Where the page throws all of it away."""
AS_TYPED_HERE = {
    "make run": "true",
    "make docs": ".venv/bin/python -m orchestration.reference_docs",
    "git switch --create tutorial-try": "true",
    "export NARVARO_DATA=/tmp/narvaro-tutorial": "true",
}
"""Lines that the copy is spared: it is no clone, its environment is there (make would make it anew), its data folder is
its own."""
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Block:
    """One block of the page: a file or an edit of one if it has a path, else a command or what a command shows."""

    path: str | None
    how: str | None
    line: str | None
    language: str
    fails: str | None
    """Of what a command shows: the command fails, and the page says so."""
    code: str

    @property
    def is_command(self) -> bool:
        """Whether the reader types it."""
        return self.path is None and self.language == "sh"

    @property
    def is_shown(self) -> bool:
        """Whether the command above it shows it."""
        return self.path is None and self.language == "text"

    def write(self, folder: Path) -> None:
        """Write the file, or make the edit; the line that an edit names must be there once."""
        assert self.path
        file = folder / self.path
        if self.how == "a new file":
            assert not file.exists(), f"{self.path} exists"
            file.write_text(self.code, "utf-8")
            return
        lines = file.read_text("utf-8").splitlines(keepends=True)
        if self.how == "at its end":
            lines.append(self.code)
        else:
            found = [at for at, line in enumerate(lines) if line.lstrip().startswith(str(self.line))]
            assert len(found) == 1, f"{self.path}: {len(found)} lines begin with {self.line}"
            begin = found[0] + (self.how == "after the line")
            lines[begin : found[0] + (self.how != "before the line")] = [self.code]
        file.write_text("".join(lines), "utf-8")


def blocks(page: str) -> Iterator[Block]:
    """Every block of the page, in order."""
    for found in BLOCK.finditer(page):
        yield Block(**found.groupdict())


def pattern(shown: str) -> str:
    """What a command shows, as a pattern: `…` stands for anything, and how far apart words stand does not matter."""
    words = [".*?".join(map(re.escape, word.split("…"))) for word in shown.split()]
    return r"\s+".join(words)


def typed(command: str, folder: Path, *, fails: bool = False) -> str:
    """What a command shows in the copy."""
    for written, here in AS_TYPED_HERE.items():
        command = re.sub(rf"^{re.escape(written)}$", here, command, flags=re.MULTILINE)
    aside = folder / "aside"
    aside.mkdir(exist_ok=True)
    environment = os.environ | {"PYTHONPATH": str(folder), "NARVARO_DATA": str(folder / "data"), "COLUMNS": "200"}
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", command.replace("/tmp/", f"{aside}/")],  # noqa: S108  (as the page has it)
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == fails, f"{command}\n{done.stdout}"
    return COLOURS.sub("", done.stdout)


def copy_of_checkout(folder: Path) -> None:
    """The files that git knows, as they are now, and the environment by a link."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (source := paths.ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    (folder / ".venv").symlink_to(paths.ROOT / ".venv")


def test_what_the_tutorial_says_is_what_happens(tmp_path: Path) -> None:
    copy_of_checkout(tmp_path)
    steps = list(blocks(PAGE.read_text("utf-8").partition(LAST_STEP)[0]))
    for step, below in zip_longest(steps, steps[1:]):
        if step.path:
            step.write(tmp_path)
        elif step.is_command:
            expected = below if below and below.is_shown else None
            shown = typed(step.code, tmp_path, fails=bool(expected and expected.fails))
            if expected:
                assert re.search(pattern(expected.code), shown, re.DOTALL), f"{step.code}\n{shown}"
    for check in ("ruff check .", "ruff format --check ."):
        typed(f".venv/bin/{check}", tmp_path)


def test_every_block_is_a_step_or_what_one_shows() -> None:
    page = PAGE.read_text("utf-8")
    steps = list(blocks(page))
    assert len(steps) == page.count("```") // 2
    assert [each.code for each in steps if not each.path and not each.is_command and not each.is_shown] == []
