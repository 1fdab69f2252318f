"""Where things stand: the checkout, and the one folder that holds all state.

Belongs here: paths, read when they are asked for. Does not belong here: making or changing anything.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRANSFORMS = ROOT / "transforms"
MANIFEST = TRANSFORMS / "target" / "manifest.json"
PARSED = MANIFEST.with_name("parsed.msgpack")
"""The same as dbt itself keeps it, under a name that dbt by hand, for another target perhaps, does not write to."""


def data_folder() -> Path:
    """The folder of all state: the environment's NARVARO_DATA, or `data` at the top of the checkout."""
    return Path(os.environ.get("NARVARO_DATA") or ROOT / "data").resolve()


def build_file() -> Path:
    """The private DuckDB file that a night builds."""
    return data_folder() / "build" / "narvaro.duckdb"


def lock_file(build: Path) -> Path:
    """The file that is locked while a run has this build file."""
    return build.with_suffix(".lock")


def store_folder() -> Path:
    """Received bytes by their checksum."""
    return data_folder() / "store"


def dbt_invocations_folder() -> Path:
    """What each invocation of dbt compiled and logged: of several nights at once, each in a data folder of its own."""
    return data_folder() / "build" / "dbt"


def engine_folder() -> Path:
    """What another engine than DuckDB was given in the latest night, and what it made of it."""
    return data_folder() / "build" / "engine"


def validation_folder() -> Path:
    """The latest results of the suites, one file per table."""
    return data_folder() / "build" / "validation"


def data_docs_folder() -> Path:
    """The Data Docs of the latest validation."""
    return data_folder() / "build" / "data_docs"


def site_folder() -> Path:
    """The report as `narvaro site` writes it, beside links to the files of the release; each release has its own."""
    return data_folder() / "build" / "report" / "site"


def latest_night_file() -> Path:
    """How the latest night ended, good or bad."""
    return data_folder() / "build" / "latest_night.json"


def published_folder() -> Path:
    """What users read."""
    return data_folder() / "published"


def dagster_home() -> Path:
    """Dagster's own state."""
    return data_folder() / "dagster"


def landing_folder() -> Path:
    """Where users drop files: one folder for each kind."""
    return data_folder() / "landing"


def deliveries_file() -> Path:
    """The record of every file that was received. Together with the store all else can be made anew from it."""
    return store_folder() / "deliveries.jsonl"


def feeds_folder() -> Path:
    """Rows of the feeds by month, made from the store."""
    return data_folder() / "build" / "feeds"
