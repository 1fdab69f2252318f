"""Releases that take their workbook and their report from one that was made: for tests that ask for neither.

Making these two is two thirds of a release's time. Everything else of a release is as every night makes it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile, copytree, ignore_patterns

from orchestration.published import SITE, WORKBOOK
from orchestration.site.build import SiteFacts


def exports_of(made: Path) -> dict[str, Callable[[Path, Path], SiteFacts | None]]:
    """What stands in for functions of `orchestration.release`, by name: copies from this release's folder."""

    def write_workbook(_: Path, target: Path) -> None:
        copyfile(made / WORKBOOK, target)

    def write_site(_: Path, folder: Path) -> SiteFacts:
        copytree(made / SITE, folder, ignore=ignore_patterns("data_docs", "dbt_docs"))
        return SiteFacts(**json.loads((made / "release.json").read_text("utf-8"))["site"])

    return {"write_workbook": write_workbook, "write_site": write_site}
