"""Are accounts connected, watched and mended on the page Channels, as their owner would do it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.domain.importing import SkuRow
from app.models import house
from app.models.exchange import outbox_messages
from app.models.fulfilment import fulfilment_orders
from app.models.schema import metadata
from app.services import catalogue
from app.services.desk import Desk, utc_now
from app.services.opening import open_ready_store
from app.services.shipping import Parcel
from app.services.syncing.connections import connections
from app.sync.live.connecting import ChannelConnector
from app.sync.live.engine import SyncEngine
from app.sync.live.vault import FileVault, KeptSecrets, secret_name
from app.sync.loopback.faults import Does
from app.sync.loopback.live import Practice, practising
from app.ui.pages.channels.accounts import Accounts
from app.ui.pages.channels.page import ChannelsPage
from app.ui.widgets.form import InlineForm
from tests.ui.conftest import DeskWindow
from tests.ui.test_live_practice import OWNER, Clock

PATIENCE_MS = 20_000


@pytest.fixture
def practised(tmp_path: Path) -> Iterator[tuple[Desk, Practice, Clock]]:
    clock = Clock()
    store = open_ready_store(f"sqlite:///{tmp_path / 'practice.db'}", now=utc_now())
    desk = Desk(store, OWNER, now=clock)
    desk.write(lambda db: catalogue.save_skus(db, [SkuRow("MUG", title="A mug")], now=clock()))
    desk.run("receive", sku="MUG", location="MAIN", quantity=20, reason="Opening")
    with practising(desk, every=0, channels=("shopify",)) as practice:
        desk.sync = SyncEngine(desk, practice.secrets_of)
        yield desk, practice, clock
        desk.sync.stop()


def words(accounts: Accounts) -> str:
    return "\n".join(label.text() for label in accounts.findChildren(QLabel))


def press(accounts: Accounts, name: str) -> None:
    found = [x for x in accounts.findChildren(QAbstractButton) if x.accessibleName() == name]
    assert found, (
        f"no button {name}: {[x.accessibleName() for x in accounts.findChildren(QAbstractButton)]}"
    )
    found[0].click()


def form(accounts: Accounts) -> InlineForm:
    return accounts.findChildren(InlineForm)[-1]


def at_channels(window: DeskWindow) -> Accounts:
    window.go("channels")
    page = window.window.pages["channels"]
    assert isinstance(page, ChannelsPage)
    return page.accounts


def test_the_strip_says_how_each_account_does_and_what_is_stuck_is_mended(
    practised: tuple[Desk, Practice, Clock],
    open_window: Callable[[Desk], DeskWindow],
) -> None:
    desk, practice, clock = practised
    shop = practice.shops[0]
    sold = practice.buy()
    assert sold is not None
    assert desk.sync is not None
    desk.sync.look_once()
    desk.run("accept", order_ids=[1])
    waiting = desk.read(lambda db: db.execute(select(fulfilment_orders.c.id)).scalar_one())
    desk.run("ship", parcels=[Parcel(waiting, "Pony Express", "1Z42")])
    clock.ahead = timedelta(seconds=12)
    shop.faults.add(Does.STATUS, "confirm", status=422, body=b"{}")
    desk.sync.look_once()

    window = open_window(desk)
    accounts = at_channels(window)
    window.settle()
    assert "Practice on Shopify" in words(accounts)
    assert "in step" in words(accounts)
    assert "1 message stuck" in words(accounts)

    press(accounts, f"History: Order {sold.number}: shipping confirmation")
    window.settle()
    assert "was not taken" in words(accounts)

    press(accounts, f"Correct: Order {sold.number}: shipping confirmation")
    form(accounts).set_value("carrier", "UPS")
    form(accounts).set_value("tracking_number", "1Z43")
    form(accounts).submit()
    window.settle()
    desk.sync.look_once()
    told = shop.told("confirm", sold.id)
    assert [(e.detail["carrier"], e.detail["tracking"]) for e in told] == [("UPS", "1Z43")]


def test_an_account_is_paused_with_a_click(
    practised: tuple[Desk, Practice, Clock], open_window: Callable[[Desk], DeskWindow]
) -> None:
    window = open_window(practised[0])
    accounts = at_channels(window)
    window.settle()
    press(accounts, "Pause Practice on Shopify")
    window.settle()
    assert "Resume" in [x.text() for x in accounts.findChildren(QAbstractButton)]


def test_a_channel_is_tried_out_and_connected_and_its_keys_go_to_the_safe_place(
    practised: tuple[Desk, Practice, Clock],
    open_window: Callable[[Desk], DeskWindow],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    desk, practice, _clock = practised
    practice.buy()
    vault = FileVault(tmp_path / "keys.vault", "correct horse")
    desk.connector = ChannelConnector(desk, lambda: vault)
    token = practice.shops[0].secrets["access_token"]
    window = open_window(desk)
    accounts = at_channels(window)
    accounts.connect_channel()
    window.settle()
    form(accounts).set_value("channel", "shopify")
    form(accounts).submit()
    window.settle()
    assert "write_inventory" in words(accounts)
    form(accounts).set_value("shop", practice.addresses["shopify"])
    form(accounts).set_value("access_token", "wrong")
    form(accounts).submit()
    qtbot.waitUntil(lambda: "does not let us in" in words(accounts), timeout=PATIENCE_MS)
    form(accounts).set_value("access_token", token)
    form(accounts).submit()
    qtbot.waitUntil(lambda: "nothing is stored yet" in words(accounts), timeout=PATIENCE_MS)
    assert desk.read(lambda db: db.execute(select(outbox_messages)).all()) == []
    form(accounts).set_value("push", "yes")
    form(accounts).submit()
    window.settle()
    store_id = str(desk.read(house.named, "store_id")["store_id"])
    (account,) = (each.account_id for each in desk.read(connections))
    kept = KeptSecrets(vault, secret_name(store_id, account)).read()
    assert kept == {"access_token": token}
    assert token not in desk.read(lambda db: repr(_dump(db)))


def _dump(db: object) -> list[object]:
    return [db.execute(select(table)).all() for table in metadata.sorted_tables]  # type: ignore[attr-defined]
