"""What a change of the published schema asks of the contract version."""

from pathlib import Path

import duckdb
import pytest

from expectations.stability import Column, Contract, Schema, TableSchema, contract_faults, differences, schema_of
from tests.golden_contract import read_contract, update_contract

CODE = Column(name="scope_code", data_type="VARCHAR", nullable=False, unit="code")
DATE = Column(name="as_of", data_type="DATE", nullable=False, unit="date")
OFFICES = Column(name="offices", data_type="BIGINT", nullable=False, unit="offices")
SHARE = Column(name="completion_share", data_type="DOUBLE", nullable=True, unit="share")


def presence(*columns: Column, key: tuple[str, ...] = ("as_of", "scope_code")) -> Schema:
    return {"kpi.presence": TableSchema(primary_key=key, columns=columns)}


BEFORE = presence(CODE, DATE, OFFICES, SHARE)


def changed(column: Column, **change: object) -> Schema:
    """The schema before, with one column changed."""
    return presence(
        *(each.model_copy(update=change) if each == column else each for each in (CODE, DATE, OFFICES, SHARE))
    )


BREAKING = {
    "kpi.presence was removed": {},
    "kpi.presence.offices was removed": presence(CODE, DATE, SHARE),
    "the type of kpi.presence.offices was BIGINT, and is INTEGER": changed(OFFICES, data_type="INTEGER"),
    "the unit of kpi.presence.completion_share was share, and is percent": changed(SHARE, unit="percent"),
    "the unit of kpi.presence.offices was offices, and is not stated": changed(OFFICES, unit=None),
    "kpi.presence.offices could not be null, and can be": changed(OFFICES, nullable=True),
    "the primary key of kpi.presence was (as_of, scope_code), and is (as_of)": presence(
        CODE, DATE, OFFICES, SHARE, key=("as_of",)
    ),
    "the primary key of kpi.presence was (as_of, scope_code), and is none": presence(
        CODE, DATE, OFFICES, SHARE, key=()
    ),
}
ADDING = {
    "kpi.presence.staffed was added": presence(
        CODE, DATE, OFFICES, Column(name="staffed", data_type="BIGINT", nullable=True, unit="offices"), SHARE
    ),
    "kpi.visits was added": {**BEFORE, "kpi.visits": TableSchema(primary_key=(), columns=(CODE,))},
    "kpi.presence.completion_share could be null, and cannot be": changed(SHARE, nullable=False),
    "the columns of kpi.presence stand in another order": presence(DATE, CODE, OFFICES, SHARE),
}


@pytest.mark.parametrize("told", BREAKING)
def test_what_may_break_a_query_needs_a_new_first_number(told: str) -> None:
    for version in ("1.1", "1.2"):
        change, what_to_do = contract_faults(BEFORE, BREAKING[told], "1.1", version)
        assert change == f"{told}: needs contract version 2.0 or later"
        assert f"The contract version is {version}, after 1.1." in what_to_do
        assert "CONTRACT_VERSION in orchestration/release.py to 2.0" in what_to_do
    assert contract_faults(BEFORE, BREAKING[told], "1.1", "2.0") == []


@pytest.mark.parametrize("told", ADDING)
def test_what_is_added_needs_a_new_second_number(told: str) -> None:
    change, what_to_do = contract_faults(BEFORE, ADDING[told], "1.9", "1.9")
    assert change == f"{told}: needs contract version 1.10 or later"
    assert "CONTRACT_VERSION in orchestration/release.py to 1.10" in what_to_do
    assert contract_faults(BEFORE, ADDING[told], "1.9", "1.10") == []
    assert contract_faults(BEFORE, ADDING[told], "1.9", "2.0") == []


def test_a_renamed_column_is_one_that_was_removed_and_one_that_was_added() -> None:
    renamed = changed(OFFICES, name="office_count")
    assert [(each.told, each.is_breaking) for each in differences(BEFORE, renamed)] == [
        ("kpi.presence.offices was removed", True),
        ("kpi.presence.office_count was added", False),
    ]
    *told, _ = contract_faults(BEFORE, renamed, "1.1", "1.2")
    assert told == ["kpi.presence.offices was removed: needs contract version 2.0 or later"]


def test_the_order_of_a_key_says_nothing_of_the_grain() -> None:
    assert differences(BEFORE, presence(CODE, DATE, OFFICES, SHARE, key=("scope_code", "as_of"))) == []


def test_a_key_and_a_unit_that_were_missing_are_additions() -> None:
    bare = presence(OFFICES.model_copy(update={"unit": None}), key=())
    complete = presence(OFFICES, key=("offices",))
    assert [each.is_breaking for each in differences(bare, complete)] == [False, False]


def test_an_unchanged_schema_needs_no_version() -> None:
    assert contract_faults(BEFORE, dict(BEFORE), "1.1", "1.1") == []
    assert contract_faults(BEFORE, dict(BEFORE), "1.1", "1.0-trial") == []


def test_a_lower_version_covers_no_change() -> None:
    assert contract_faults(BEFORE, ADDING["kpi.visits was added"], "2.0", "1.9") != []


def test_a_version_without_two_numbers_is_refused_once_it_is_needed() -> None:
    with pytest.raises(ValueError, match="'next' is no contract version"):
        contract_faults(BEFORE, {}, "1.1", "next")


def test_every_change_is_told_before_what_to_do() -> None:
    after = {**presence(DATE, CODE, SHARE), "kpi.visits": TableSchema(primary_key=(), columns=(CODE,))}
    *told, what_to_do = contract_faults(BEFORE, after, "1.1", "1.1")
    assert [each.split(":")[0] for each in told] == [
        "kpi.presence.offices was removed",
        "the columns of kpi.presence stand in another order",
        "kpi.visits was added",
    ]
    assert "to 2.0" in what_to_do


def test_a_schema_survives_its_own_file_format() -> None:
    contract = Contract(contract_version="1.1", tables=dict(BEFORE))
    assert Contract.model_validate_json(contract.model_dump_json()) == contract


def test_the_schema_is_read_from_a_published_file(tmp_path: Path) -> None:
    file = tmp_path / "narvaro.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema kpi")
        connection.execute(
            """create table kpi.presence (scope_code varchar, as_of date, offices bigint not null,
               completion_share double, primary key (as_of, scope_code))"""
        )
    assert {column.unit for column in schema_of(file)["kpi.presence"].columns} == {None}
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema meta")
        connection.execute(
            "create table meta.table_column (schema_name text, table_name text, column_name text, unit text)"
        )
        connection.execute(
            """insert into meta.table_column values ('kpi', 'presence', 'scope_code', 'code'),
               ('kpi', 'presence', 'as_of', 'date'), ('kpi', 'presence', 'offices', 'offices'),
               ('kpi', 'presence', 'completion_share', 'share')"""
        )
    found = schema_of(file)
    assert found["kpi.presence"] == BEFORE["kpi.presence"]
    assert list(found) == ["kpi.presence", "meta.table_column"]


def test_the_golden_contract_is_written_anew_only_under_a_version_that_allows_it(tmp_path: Path) -> None:
    file = tmp_path / "contract.json"
    update_contract(Contract(contract_version="1.1", tables=dict(BEFORE)), file)
    kept = file.read_bytes()
    without_offices = dict(BREAKING["kpi.presence.offices was removed"])
    with pytest.raises(ValueError, match=r"kpi\.presence\.offices was removed: needs contract version 2\.0"):
        update_contract(Contract(contract_version="1.2", tables=without_offices), file)
    assert file.read_bytes() == kept
    update_contract(Contract(contract_version="2.0", tables=without_offices), file)
    assert read_contract(file) == Contract(contract_version="2.0", tables=without_offices)
