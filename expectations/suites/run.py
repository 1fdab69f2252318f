"""Runs suites with Great Expectations and gives back plain outcomes.

Belongs here: turning declared data into expectations, and results into outcomes. Does not belong here: any claim.
Great Expectations is imported inside `run_suites` (it takes seconds), runs on pandas batches and reports nothing home.
"""

import math
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from numbers import Real
from typing import TYPE_CHECKING, Any

from expectations.outcome import Outcome, Sample
from expectations.suites import SUITES, Expectation, Suite, reason_of

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core.batch import Batch

SAMPLE_SIZE = 5


def run_suites(
    read: Callable[[str], "pd.DataFrame"],
    names: Collection[str] | None = None,
    suites: Mapping[str, Suite] = SUITES,
) -> list[Outcome]:
    """Run the suites of the tables in `names` (all if None); one outcome per declared expectation, in that order.

    `read` gives a published table by its address. What crashes (an unreadable table, a missing column, a wrong
    argument) is an outcome that says so, and takes no other expectation with it.
    """
    wanted = list(suites) if names is None else [name for name in suites if name in names]
    if unknown := set(names or ()) - set(suites):
        raise KeyError(f"no suite for {', '.join(sorted(unknown))}; there is one for {', '.join(suites)}")
    as_batch = _batches()
    return [outcome for name in wanted for outcome in _run_suite(suites[name], read, as_batch)]


def _batches() -> Callable[["pd.DataFrame"], "Batch"]:
    """A function that wraps a frame for Great Expectations, in a context that keeps and sends nothing."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
    )
    tables = gx.get_context(project_config=config, mode="ephemeral").data_sources.add_pandas("published")
    whole_frame = tables.add_dataframe_asset("table").add_batch_definition_whole_dataframe("whole")
    return lambda frame: whole_frame.get_batch({"dataframe": frame})


def _run_suite(
    suite: Suite, read: Callable[[str], "pd.DataFrame"], as_batch: Callable[["pd.DataFrame"], "Batch"]
) -> list[Outcome]:
    try:
        frame = suite.derive(_with_dates_as_text(read(suite.subject)))
        # a table has no order of its own; samples must not depend on the one that it came in
        frame = frame.sort_values([column for column in suite.key if column in frame.columns], kind="stable")
    except Exception as error:  # whatever it is, the checks did not run
        return [_crashed(suite, expectation, error) for expectation in suite.expectations]
    batches: dict[str | None, Batch] = {}
    outcomes = []
    for expectation in suite.expectations:
        try:
            rows = frame.query(expectation.where) if expectation.where else frame
            if nothing := _nothing_to_look_at(expectation, rows):
                outcomes.append(_outcome(suite, expectation, passed=False, observed=nothing))
                continue
            if expectation.where not in batches:
                batches[expectation.where] = as_batch(rows)
            outcomes.append(_run(suite, expectation, rows, batches[expectation.where]))
        except Exception as error:
            outcomes.append(_crashed(suite, expectation, error))
    return outcomes


def _run(suite: Suite, expectation: Expectation, rows: "pd.DataFrame", batch: "Batch") -> Outcome:
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    configured = ExpectationConfiguration(type=expectation.type, kwargs=dict(expectation.kwargs)).to_domain_obj()
    result_format = {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": [column for column in suite.key if column in rows.columns],
    }
    validated = batch.validate(configured, result_format=result_format)
    if error := _raised(validated.exception_info):
        return _crashed(suite, expectation, error)
    result = dict(validated.result)
    passed = bool(validated.success)
    return _outcome(
        suite,
        expectation,
        passed=passed,
        observed=_observed(expectation, rows, result),
        failed_rows=0 if passed else int(result.get("unexpected_count") or 0),
        sample=() if passed else _sample(result),
    )


def _outcome(
    suite: Suite,
    expectation: Expectation,
    *,
    passed: bool,
    observed: str,
    failed_rows: int = 0,
    sample: Sample = (),
    crashed: bool = False,
) -> Outcome:
    return Outcome(
        name=expectation.name,
        subject=suite.subject,
        kind="suite",
        severity=expectation.severity,
        passed=passed,
        expected=expectation.expected,
        observed=observed,
        reason=reason_of(expectation),
        failed_rows=failed_rows,
        sample=sample,
        crashed=crashed,
    )


def _raised(exception_info: object) -> str | None:
    """The message of the exception, if there was one: either one record, or one per metric that failed."""
    if not isinstance(exception_info, Mapping):
        return None
    records = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    messages = [str(record.get("exception_message")) for record in records if record.get("raised_exception")]
    return "; ".join(dict.fromkeys(messages)) or None


def _crashed(suite: Suite, expectation: Expectation, error: Exception | str) -> Outcome:
    message = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    return _outcome(suite, expectation, passed=False, observed=message, crashed=True)


def _nothing_to_look_at(expectation: Expectation, rows: "pd.DataFrame") -> str | None:
    """A claim about nothing would always hold; say so instead, unless nothing is what it claims."""
    if rows.empty:
        return f"no rows where {expectation.where}" if expectation.where else "no rows at all"
    column = rows.get(expectation.kwargs.get("column", ""))
    if column is not None and column.isna().all() and expectation.type != "expect_column_values_to_be_null":
        return f"no value in {len(rows)} rows"
    return None


def _with_dates_as_text(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Dates as yyyy-mm-dd, so that sets, queries and samples are plain text whatever type the driver gave."""
    texts = {}
    for name, column in frame.items():
        if column.dtype.kind == "M":
            texts[name] = column.dt.strftime("%Y-%m-%d")
        elif column.dtype == object:
            texts[name] = column.map(lambda cell: cell.isoformat()[:10] if isinstance(cell, date) else cell)
    return frame.assign(**{str(name): text for name, text in texts.items()})


def _observed(expectation: Expectation, rows: "pd.DataFrame", result: Mapping[str, Any]) -> str:
    """What was found, in a few words: the value, the values that are missing or too many, or the rows against it."""
    missing, unexpected = result.get("partial_missing_list") or [], result.get("partial_unexpected_list") or []
    if "partial_missing_list" in result:
        told = [f"missing: {_list(missing)}"] if missing else []
        told += [f"unexpected: {_list(unexpected)}"] if unexpected else []
        return "; ".join(told) or f"{rows[expectation.kwargs['column']].nunique()} values, none missing"
    if result.get("observed_value") is not None:
        observed = result["observed_value"]
        return _list(observed) if isinstance(observed, list | tuple | set) else _text(observed)
    against = int(result.get("unexpected_count") or 0)
    found = f"{against or 'none'} of {len(rows)} {'row' if len(rows) == 1 else 'rows'} against it"
    column = rows.get(expectation.kwargs.get("column", ""))
    if column is not None and column.dtype.kind in "iuf" and column.notna().any():
        least, most = _text(column.min()), _text(column.max())
        found += f"; all values {least}" if least == most else f"; values from {least} to {most}"
    return found


def _sample(result: Mapping[str, Any]) -> Sample:
    """The first failing rows with their key, else the failing values."""
    rows = list(result.get("unexpected_index_list") or [])[:SAMPLE_SIZE]
    if rows:
        keys = list(result.get("unexpected_index_column_names") or [])
        return tuple(tuple((name, _text(row[name])) for name in (*keys, *sorted(set(row) - set(keys)))) for row in rows)
    values = [("missing", value) for value in result.get("partial_missing_list") or []]
    values += [("unexpected", value) for value in result.get("partial_unexpected_list") or []]
    return tuple(((name, _text(value)),) for name, value in values[:SAMPLE_SIZE])


def _list(values: Sequence[Any] | set[Any]) -> str:
    shown = sorted(_text(value) for value in values)
    return ", ".join(shown[:SAMPLE_SIZE]) + (" …" if len(shown) > SAMPLE_SIZE else "")


def _text(value: object) -> str:
    """A cell for people: whole numbers without a point, others with four digits, nothing for null."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    number = float(value)
    return str(int(number)) if number.is_integer() else f"{number:.4g}"
