"""Unit tests run as if dbt, Dagster and Great Expectations were not installed: each takes seconds to import.

The guard stands at the import statement, not at `sys.modules`: in a run of all tiers, integration tests have loaded the
three long before a unit test asks for them. It holds while a unit test's module is read, and while the test runs.
"""

import builtins
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType

import pytest

HEAVY = re.compile(r"(dbt|dagster|great_expectations)(_\w+)?(\.|$)")


@contextmanager
def light_imports_only() -> Iterator[None]:
    """Let every import of a heavy package fail, whether it is loaded already or not."""
    unguarded = builtins.__import__

    def guarded(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002  (the signature of __import__)
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if level == 0 and HEAVY.match(name):
            raise ImportError(f"a unit test may not import {name}: move the test to tests/integration", name=name)
        return unguarded(name, globals, locals, fromlist, level)

    builtins.__import__ = guarded
    try:
        yield
    finally:
        builtins.__import__ = unguarded


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, object]:
    """Guard the imports at the head of a test module, and all that they import in turn."""
    with light_imports_only():
        return (yield)


@pytest.fixture(autouse=True)
def guarded_imports() -> Iterator[None]:
    """Guard the imports that a test makes while it runs."""
    with light_imports_only():
        yield
