"""An order that is placed at the marketplace appears by itself, and its tracking is seen there."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.domain.importing import SkuRow
from app.domain.roles import Actor, Role
from app.models.sync import sync_states
from app.services import catalogue
from app.services.desk import Desk, utc_now
from app.services.opening import open_ready_store
from app.sync.live.engine import SyncEngine
from app.sync.loopback.live import CHANNELS, STEP, practising
from app.ui.syncing import SyncWatch
from app.ui.widgets.text import Text
from tests.ui.conftest import DeskWindow

OWNER = Actor("Owner", Role.OWNER)
PATIENCE_MS = 20_000


class Clock:
    """The real time, set forward where a person would wait for the undo window to pass."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.mark.parametrize("channel", ["shopify", "ebay"])
def test_an_order_appears_by_itself_and_its_tracking_is_seen_there(
    tmp_path: Path, open_window: Callable[[Desk], DeskWindow], qtbot: QtBot, channel: str
) -> None:
    clock = Clock()
    store = open_ready_store(f"sqlite:///{tmp_path / 'practice.db'}", now=utc_now())
    desk = Desk(store, OWNER, now=clock)
    desk.write(lambda db: catalogue.save_skus(db, [SkuRow("MUG", title="A mug")], now=clock()))
    desk.run("receive", sku="MUG", location="MAIN", quantity=20, reason="Opening")
    with practising(desk, every=0, channels=(channel,), carriers=("ups",)) as practice:
        desk.sync = SyncEngine(desk, practice.secrets_of)
        window = open_window(desk)
        window.go("orders", "all")
        accounts = SyncWatch(window.operations)
        accounts.start()
        qtbot.waitUntil(lambda: _is_up_to_date(desk), timeout=PATIENCE_MS)
        assert window.numbers() == []

        sold = practice.buy()
        assert sold is not None
        desk.sync.sync_now()
        qtbot.waitUntil(lambda: len(window.numbers()) == 1, timeout=PATIENCE_MS)

        ship_what_is_listed(window)
        clock.ahead = timedelta(seconds=12)
        desk.sync.sync_now()
        shop = practice.shops[0]
        qtbot.waitUntil(lambda: bool(shop.told("confirm", sold.id)), timeout=PATIENCE_MS)
        assert shop.told("confirm", sold.id)[0].detail["tracking"] == "1Z42"

        # Its carrier scans it, and in the end the page Shipments says that it has arrived.
        for so_far, words in ((STEP * 2, "On its way"), (STEP * 6, "Delivered")):
            clock.ahead += so_far
            practice.move()
            wait_for_parcel(window, words)
        accounts.stop()


def wait_for_parcel(window: DeskWindow, words: str) -> None:
    """Wait until the page Shipments says so of the parcel."""
    page = window.window.pages["shipments"]
    if window.window.page is not page:
        window.go("shipments")

    def is_said() -> bool:
        return any(words in text.text() for text in page.findChildren(Text))

    window.qtbot.waitUntil(is_said, timeout=PATIENCE_MS)


def ship_what_is_listed(window: DeskWindow) -> None:
    """Accept the one order that is listed, and enter what its parcel is known by: all by keys."""
    (number,) = window.numbers()
    for key in (Qt.Key.Key_A, Qt.Key.Key_S):
        window.select(number)
        window.press(key)
    form = window.orders.pane.form
    assert form is not None
    form.set_value("tracking", "1Z42")
    form.set_value("carrier", "UPS")
    form.submit()
    window.settle()


@pytest.mark.timeout(120)
def test_the_command_opens_a_window_whose_channels_are_on_this_computer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'practice.db'}"
    store = open_ready_store(url, now=utc_now())
    desk = Desk(store, OWNER)
    desk.write(lambda db: catalogue.save_skus(db, [SkuRow("MUG", title="A mug")], now=utc_now()))
    window = subprocess.Popen([sys.executable, "-m", "app", "--db", url, "demo", "--live"])
    query = select(sync_states.c.account_id).where(sync_states.c.state == "up_to_date")
    end = time.monotonic() + 100
    try:
        while len(desk.read(lambda db: db.execute(query).all())) < len(CHANNELS):
            assert time.monotonic() < end, "not every account came into step"
            assert window.poll() is None, "the window has ended"
            time.sleep(0.2)
    finally:
        window.terminate()
        window.wait(30)
        store.close()


def _is_up_to_date(desk: Desk) -> bool:
    states = [] if desk.sync is None else [each.state for each in desk.sync.statuses()]
    return set(states) == {"up_to_date"}
