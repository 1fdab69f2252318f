"""What every tier shares: markers, the original documents, no telemetry, and patience on a busy machine."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import settings

CHECKOUT = Path(__file__).resolve().parents[1]

# `make test` says the same; a run of pytest by hand must not report home either.
os.environ.update(
    DO_NOT_TRACK="1",
    DAGSTER_DISABLE_TELEMETRY="yes",
    DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    GX_ANALYTICS_ENABLED="false",
)

# A machine that builds something else at the same time is slow, not wrong. On CI the same examples each time.
settings.register_profile("narvaro", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("narvaro")


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark every test with its tier, which is the folder it stands in."""
    for item in items:
        tier = item.path.relative_to(CHECKOUT / "tests").parts[0]
        if tier in {"unit", "integration"}:
            item.add_marker(tier)


@pytest.fixture(scope="session")
def originals() -> Path:
    """The folder of the original documents: `NARVARO_ORIGINALS`, else `../shared/documents` beside the checkout."""
    named = os.environ.get("NARVARO_ORIGINALS")
    folder = Path(named) if named else CHECKOUT.parent / "shared" / "documents"
    if not folder.is_dir():
        pytest.skip("the original documents are not here; NARVARO_ORIGINALS names their folder")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden`: write the golden tables anew; look at the difference before committing."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden anew")
