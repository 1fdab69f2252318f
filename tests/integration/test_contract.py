"""The published schema is the agreed one: a change of it needs a contract version that says so."""

import duckdb
import pytest

from expectations.stability import Contract, contract_faults, schema_of
from orchestration.release import CONTRACT_VERSION
from tests.golden_contract import read_contract, update_contract
from tests.integration.conftest import GoodNight


def test_the_published_schema_is_the_golden_contract(good_night: GoodNight, request: pytest.FixtureRequest) -> None:
    published = Contract(contract_version=CONTRACT_VERSION, tables=dict(schema_of(good_night.database)))
    if request.config.getoption("--update-golden"):
        update_contract(published)
    golden = read_contract()
    faults = contract_faults(golden.tables, published.tables, golden.contract_version, CONTRACT_VERSION)
    assert faults == [], "\n".join(faults)
    assert published == golden, "the version allows the change: make test ARGS=--update-golden"


def test_a_release_states_its_contract_version(good_night: GoodNight) -> None:
    with duckdb.connect(str(good_night.database), read_only=True) as connection:
        stated = connection.execute("select contract_version from meta.release order by released_at limit 1").fetchone()
    assert stated == (CONTRACT_VERSION,)
