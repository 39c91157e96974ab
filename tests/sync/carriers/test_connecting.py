"""Do keys come into the safe place with what is connected, and leave it with what is disconnected?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from app.domain.roles import Actor, Role
from app.errors import NotAllowedError
from app.services.syncing.connections import connections
from app.services.tracking.connections import connected_carriers
from app.sync.carriers.connecting import KeyedCarriers
from app.sync.live.connecting import ChannelConnector
from tests.sync.carriers.trade import KEYS
from tests.sync.live.times import START
from tests.sync.live.world import World, sqlite_url, world

TOKEN = {"shop": "practice", "access_token": "token-canary"}


@dataclass
class MemoryVault:
    """A safe place that ends with the test."""

    kept: dict[str, str] = field(default_factory=dict)

    def read(self, name: str) -> str:
        return self.kept.get(name, "")

    def write(self, name: str, text: str) -> None:
        self.kept[name] = text

    def forget(self, name: str) -> None:
        self.kept.pop(name, None)


class LockedVault(MemoryVault):
    """A keyring whose owner does not unlock it."""

    def forget(self, name: str) -> None:
        raise KeyringLocked


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world(sqlite_url(tmp_path)) as opened:
        yield opened


def connect(channels: ChannelConnector) -> int:
    done = channels.connect("shopify", TOKEN, {}, since=START, pushes_quantities=False)
    assert done.undo is None  # it would leave the keys behind
    return done.done[0]


def test_a_carriers_keys_leave_with_the_carrier(made: World) -> None:
    vault = MemoryVault()
    carriers = KeyedCarriers(made.desk, lambda: vault)
    assert carriers.connect("ups", KEYS["ups"]).undo is None
    carriers.connect("fedex", KEYS["fedex"])
    assert len(vault.kept) == 2
    carriers.disconnect("ups")
    assert [name.rpartition(":")[2] for name in vault.kept] == ["fedex"]
    assert [each.carrier for each in made.desk.read(connected_carriers)] == ["fedex"]


def test_an_accounts_keys_leave_with_the_account(made: World) -> None:
    vault = MemoryVault()
    channels = ChannelConnector(made.desk, lambda: vault)
    account = connect(channels)
    assert len(vault.kept) == 1
    channels.disconnect(account)
    assert (vault.kept, made.desk.read(connections)) == ({}, [])


def test_a_safe_place_that_does_not_open_keeps_nobody_from_disconnecting(made: World) -> None:
    vault = LockedVault()
    carriers = KeyedCarriers(made.desk, lambda: vault)
    carriers.connect("ups", KEYS["ups"])
    carriers.disconnect("ups")
    assert made.desk.read(connected_carriers) == []


def test_whoever_may_not_connect_puts_no_key_in_place_of_the_right_one(made: World) -> None:
    vault = MemoryVault()
    connect(ChannelConnector(made.desk, lambda: vault))
    KeyedCarriers(made.desk, lambda: vault).connect("ups", KEYS["ups"])
    before = dict(vault.kept)
    packer = replace(made.desk, actor=Actor("Kim", Role.OPERATOR))
    with pytest.raises(NotAllowedError):
        KeyedCarriers(packer, lambda: vault).connect(
            "ups", {"client_id": "a", "client_secret": "b"}
        )
    with pytest.raises(NotAllowedError):
        connect(ChannelConnector(packer, lambda: vault))
    assert vault.kept == before


def test_new_keys_for_what_is_connected_are_not_undone_by_disconnecting_it(made: World) -> None:
    carrier = {"carrier": "ups", "address": "https://example.test"}
    account = {
        "channel": "shopify",
        "address": "https://example.test",
        "settings": {},
        "since": START,
    }
    for operation, arguments in (("connect_carrier", carrier), ("connect_account", account)):
        assert made.desk.run(operation, **arguments).undo is not None
        assert made.desk.run(operation, **arguments).undo is None
