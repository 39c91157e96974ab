"""What keeps every account in step behind the window, whatever happens to one of them?"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from app.domain.syncing import SyncState, SyncStatus
from app.errors import RefusedError
from app.services.desk import Desk, SyncListener, utc_now
from app.services.opening import open_ready_store
from app.services.syncing.parties import Party
from app.sync.live.channel import Secrets
from app.sync.live.engine import SyncEngine
from app.sync.loopback.live import Practice, practising
from tests.sync.live.world import OWNER, sqlite_url

PATIENCE = 20.0


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    store = open_ready_store(sqlite_url(tmp_path), now=utc_now())
    with practising(Desk(store, OWNER), every=0, channels=("shopify", "etsy", "walmart")) as made:
        yield made
    store.close()


def test_keys_that_can_be_read_later_bring_their_account_back(practice: Practice) -> None:
    is_locked = threading.Event()
    is_locked.set()

    def secrets_of(party: Party) -> Secrets:
        if is_locked.is_set() and party.channel == "etsy":
            raise RefusedError("The keyring is locked; nothing was asked.", "Unlock it.")
        return practice.secrets_of(party)

    engine = SyncEngine(practice.desk, secrets_of)
    said: Queue[SyncStatus] = Queue()
    engine.start(SyncListener(said.put, lambda _: None))
    try:
        stopped = _first(said, SyncState.ATTENTION)
        assert "locked" in stopped.title
        is_locked.clear()
        engine.sync_now(stopped.account_id)
        while _first(said, SyncState.UP_TO_DATE).account_id != stopped.account_id:
            pass
    finally:
        engine.stop()


def test_a_look_from_outside_goes_on_with_the_others_whatever_stops_one(practice: Practice) -> None:
    def secrets_of(party: Party) -> Secrets:
        if party.channel == "etsy":
            raise OSError("the safe place is on a disk that is gone")
        return practice.secrets_of(party)

    looked = SyncEngine(practice.desk, secrets_of).look_once()
    states = {party.channel: status.state for party, status, _ in looked}
    assert states == {"shopify": "up_to_date", "etsy": "attention", "walmart": "up_to_date"}


def test_threads_that_hang_are_all_waited_for_together(practice: Practice) -> None:
    hang, asked = threading.Event(), Queue[str]()

    def secrets_of(party: Party) -> Secrets:
        asked.put(party.channel)
        hang.wait(PATIENCE)
        return practice.secrets_of(party)

    engine = SyncEngine(practice.desk, secrets_of)
    engine.start(SyncListener(lambda _: None, lambda _: None))
    assert {asked.get(timeout=PATIENCE) for _ in range(3)} == {"shopify", "etsy", "walmart"}
    begun = time.monotonic()
    engine.stop()
    took = time.monotonic() - begun
    hang.set()
    assert took < 1.8  # one after the other it would be three times as long


def _first(said: Queue[SyncStatus], state: SyncState) -> SyncStatus:
    while (status := said.get(timeout=PATIENCE)).state is not state:
        pass
    return status
