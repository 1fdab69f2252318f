"""A table whose columns changed is refused by name, with the nearest known one; a new column is only told."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.problems import UnreadableFile
from sources.schema_drift import columns_of
from sources.vocabulary import headers_of

REQUIRED = ("period", ("municipality_code", "municipality"), "registered")


def refusal(*found: str, **more: object) -> str:
    with pytest.raises(UnreadableFile) as refused:
        columns_of(found, REQUIRED, "x.csv", line=1, **more)  # type: ignore[arg-type]
    return str(refused.value)


@given(st.permutations(REQUIRED), st.data())
def test_known_columns_are_found_in_any_order_under_any_alias(
    order: list[str | tuple[str, ...]], data: st.DataObject
) -> None:
    names = [each if isinstance(each, str) else data.draw(st.sampled_from(each)) for each in order]
    found = [data.draw(st.sampled_from(headers_of(name))) for name in names]
    columns = columns_of(found, REQUIRED, "x.csv")
    assert dict(columns.at) == {name: at for at, name in enumerate(names)}
    assert columns.notes == ()


def test_a_missing_column_is_named_with_the_names_it_may_have() -> None:
    message = refusal("month", "kommunkod")
    assert message.startswith("x.csv, line 1: the columns have changed: missing: “registered”; expected period (")
    assert "registered (registered_jobseekers, ARBETSLÖSA, ARBETSLOSA …)" in message


def test_one_of_two_alternatives_is_enough_and_neither_is_missing() -> None:
    assert columns_of(["PERIOD", "KOMMUN", "ARBETSLÖSA"], REQUIRED, "x.csv").at["municipality"] == 1
    assert "missing: “municipality_code” or “municipality”" in refusal("month", "registered")


def test_a_renamed_column_is_named_with_the_nearest_known_one() -> None:
    message = refusal("month", "municipality_cod", "regstered")
    assert "renamed: “municipality_cod” (nearest known: “municipality_code”)" in message
    assert "renamed: “regstered” (nearest known: “registered”)" in message
    assert "missing" not in message


def test_a_new_column_is_a_note_with_the_nearest_known_one() -> None:
    columns = columns_of(["month", "kommun", "registered", "registered_women"], REQUIRED, "x.csv")
    assert columns.notes == ("new: “registered_women” (nearest known: “registered”), not read",)
    assert set(columns.at) == {"period", "municipality", "registered"}


def test_a_new_column_is_told_in_a_refusal_too() -> None:
    message = refusal("month", "kommun", "shoe size")
    assert "missing: “registered”; new: “shoe size”" in message


def test_a_retyped_column_is_named_with_both_types() -> None:
    message = refusal(
        "month",
        "kommun",
        "registered",
        found_types=("DOUBLE", "VARCHAR", "BIGINT"),
        taken_types={"period": ("DATE", "VARCHAR"), "registered": ("BIGINT",)},
    )
    assert "retyped: “month” is DOUBLE (known as DATE or VARCHAR)" in message
    assert "“registered” is" not in message


def test_a_column_that_stands_twice_is_refused() -> None:
    assert "twice: “month” and “PERIOD” are both period" in refusal("month", "PERIOD", "kommun", "registered")


def test_an_optional_column_is_found_and_may_be_missing() -> None:
    found = ["month", "kommun", "registered"]
    assert "group" not in columns_of(found, REQUIRED, "x.csv", optional=("group",)).at
    assert columns_of([*found, "grupp"], REQUIRED, "x.csv", optional=("group",)).at["group"] == 3


def test_headings_without_text_are_no_columns() -> None:
    columns = columns_of([None, "month", " ", "kommun", "registered"], REQUIRED, "x.csv")
    assert dict(columns.at) == {"period": 1, "municipality": 3, "registered": 4}
    assert columns.notes == ()


def test_a_heading_is_shown_short_and_without_personal_identity_numbers() -> None:
    message = refusal("19121212-1212", "x" * 5000)
    assert "1212" not in message
    assert len(message) < 1000


@given(st.lists(st.one_of(st.none(), st.text()), max_size=8))
def test_whatever_the_headings_are_the_answer_is_columns_or_a_message(found: list[str | None]) -> None:
    with suppress(UnreadableFile):
        assert all(found[at] for at in columns_of(found, REQUIRED, "x.csv").at.values())


def test_a_file_of_nothing_but_headings_is_told_in_a_few() -> None:
    columns = columns_of(
        ["month", "kommun", "registered", *(f"column {at}" for at in range(16_000))], REQUIRED, "x.csv"
    )
    assert len(columns.notes) == 21
    assert columns.notes[-1] == "new: 15980 further columns, not read"


@pytest.mark.parametrize("heading", ["synthetic", "Synthetic", "Syntetisk"])
def test_generated_rows_that_say_so_are_refused(heading: str) -> None:
    message = refusal("month", "municipality", "registered", heading)
    assert f"the rows are generated: the column “{heading}” says so" in message
    assert "NARVARO_DATA" in message
