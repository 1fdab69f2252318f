"""Nights on a disk that has too little space left: a clear message, nothing torn, and the next night goes on.

All state stands on a small disk in memory (tmpfs), which needs root. After a good night it is filled up to what is left
by `--free`, for one amount after the other; a new file is dropped, and `narvaro run` has to fail with a message that
says what is full, where, and what to do. What is published has to be the same whole release as before. Then the space
is given back, and one night has to publish the file. It exits with 1 if a promise was broken. All rows are made up.

    python -m tests.benchmarks.small_disk [--free MB …]        0 0.3 1 8 30 unless told
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.kill_soak import CHECKOUT, KEPT_RELEASES, NIGHT_SECONDS, Soak, faults_of_published, left_behind

SIZE_MB = 1000
NARVARO = Path(sys.executable).with_name("narvaro")
PROMISED = (
    "Failed, what is published stays as it was",
    "The disk is full, or a limit on files is reached: ",
    "for the data folder",
    "Make room there and run again.",
)
"""What the night has to say."""


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk in memory, mounted on a folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def filled(disk: Path, free: float) -> Iterator[None]:
    """Let so many MB be left on the disk."""
    found = os.statvfs(disk)
    with (disk / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, max(int(found.f_bavail * found.f_frsize - free * 1e6), 1))
    try:
        yield
    finally:
        (disk / "filler").unlink()


def night(disk: Path) -> "subprocess.CompletedProcess[str]":
    """`narvaro run` with all its state on the disk."""
    environment = {
        **os.environ,
        "NARVARO_DATA": str(disk / "data"),
        "NARVARO_KEEP_RELEASES": str(KEPT_RELEASES),
        "COLUMNS": "200",
    }
    return subprocess.run(
        [NARVARO, "run", "--again"],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=NIGHT_SECONDS,
    )


def faults_without_space(disk: Path, free: float) -> Iterator[str]:
    """What is wrong with a night that has so many MB, and with what it leaves to readers."""
    current = disk / "data" / "published" / "current"
    before = current.resolve()
    with filled(disk, free):
        done = night(disk)
        told = next((line for line in done.stdout.splitlines() if PROMISED[1] in line), "")
        print(f"{free:5} MB free: exit code {done.returncode}; {told.partition(PROMISED[1])[2]}", flush=True)
        if done.returncode != 1:
            yield f"exit code {done.returncode}"
        yield from (f"it does not say: {words}" for words in PROMISED if words not in done.stdout)
        if "Traceback" in done.stdout + done.stderr:
            yield f"a traceback: {done.stdout}{done.stderr}"
        yield from faults_of_published(disk / "data" / "published")
        if current.resolve() != before:
            yield "another release is published"


def main() -> int:
    """Fill the disk in steps, and say what came of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--free", type=float, nargs="+", default=[0, 0.3, 1, 8, 30], metavar="MB")
    asked = parser.parse_args()
    if os.geteuid():
        print("This needs root: it mounts a small disk in memory.")
        return 0
    broken = 0
    with tempfile.TemporaryDirectory(prefix="small-disk-") as folder, small_disk(Path(folder)) as disk:
        soak = Soak(disk, random.Random(1))  # noqa: S311
        soak.drop()
        faults = [*soak.good_night()["faults"]]
        for free in asked.free:
            soak.drop()
            faults += faults_without_space(disk, free)
            after = soak.good_night()
            faults += [*after["faults"], *after["left"], *left_behind(disk / "data")]
            print(f"         the next night, with space: {'good' if not after['faults'] else 'not good'}", flush=True)
            for fault in faults:
                print(f"         {fault}", flush=True)
            broken += len(faults)
            faults = []
    print(f"broken promises: {broken}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
