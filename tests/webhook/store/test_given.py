from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from vision_readiness import DeploymentSpec, Waiver
from vision_readiness_webhook.store import open_database
from vision_readiness_webhook.store.given import (
    add_waiver,
    pack_spec,
    pack_waivers,
    save_spec,
    saved_spec,
    unpack_spec,
    unpack_waivers,
    waivers_in_force,
    withdraw_waiver,
)
from vision_readiness_webhook.store.schema import waivers

NEHA = "neha@acme.example"
HERE, ELSEWHERE = ("acme", "dock"), [("acme", "yard"), ("globex", "dock")]
SEEN = Waiver("MODEL401", "forklift", "Neha", "seen by a person", date(2026, 12, 1))
LATER = Waiver("DATA109", "lighting night", "Neha", "no night shift", date(2026, 12, 24))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sa.Connection]:
    database = open_database(f"sqlite:///{tmp_path / 'given.sqlite3'}")
    with database.write() as connection:
        yield connection
    database.close()


def test_the_specification_that_was_saved_last_is_in_force(connection: sa.Connection) -> None:
    assert saved_spec(connection, *HERE) is None
    first = save_spec(connection, *HERE, "project: acme/dock", NEHA, 30.0)
    assert saved_spec(connection, *HERE) == first
    last = save_spec(connection, *HERE, "project: acme/dock\napproved_by: Neha", "ravi@acme.example", 20.0)
    assert saved_spec(connection, *HERE) == last
    assert (last.text, last.author, last.created_at) == (
        "project: acme/dock\napproved_by: Neha",
        "ravi@acme.example",
        20.0,
    )
    assert len({first.digest, last.digest}) == 2
    assert [saved_spec(connection, *place) for place in ELSEWHERE] == [None, None]


def test_the_same_text_has_the_same_digest(connection: sa.Connection) -> None:
    one, other = (save_spec(connection, *place, "project: acme/dock", NEHA, 1.0) for place in ELSEWHERE)
    assert one.digest == other.digest


def test_waivers_are_in_force_in_the_order_they_were_given(connection: sa.Connection) -> None:
    assert waivers_in_force(connection, *HERE) == {}
    second = add_waiver(connection, *HERE, LATER, NEHA, 20.0)
    first = add_waiver(connection, *HERE, SEEN, NEHA, 10.0)
    assert list(waivers_in_force(connection, *HERE).items()) == [(first, SEEN), (second, LATER)]
    assert [waivers_in_force(connection, *place) for place in ELSEWHERE] == [{}, {}]


def test_the_same_risk_accepted_twice_is_two_waivers(connection: sa.Connection) -> None:
    ids = {add_waiver(connection, *HERE, SEEN, NEHA, 10.0) for _ in range(2)}
    assert len(ids) == 2
    assert set(waivers_in_force(connection, *HERE)) == ids


def test_a_waiver_is_withdrawn_once_and_only_where_it_was_given(connection: sa.Connection) -> None:
    kept, gone = (add_waiver(connection, *HERE, one, NEHA, 10.0) for one in (SEEN, LATER))
    for place in ELSEWHERE:
        assert withdraw_waiver(connection, *place, gone, 20.0) is False
    assert withdraw_waiver(connection, *HERE, "0" * 32, 20.0) is False
    assert withdraw_waiver(connection, *HERE, gone, 20.0) is True
    assert withdraw_waiver(connection, *HERE, gone, 30.0) is False
    assert waivers_in_force(connection, *HERE) == {kept: SEEN}
    row = connection.execute(sa.select(waivers).where(waivers.c.waiver_id == gone)).one()
    assert (row.withdrawn_at, row.author, row.created_at) == (20.0, NEHA, 10.0)


def test_what_is_packed_comes_back_the_same() -> None:
    spec = DeploymentSpec(project="acme/dock", approved_by="Neha")
    assert unpack_spec(pack_spec(spec)) == spec
    assert unpack_waivers(pack_waivers((SEEN, LATER))) == (SEEN, LATER)
    assert unpack_waivers(pack_waivers(())) == ()
