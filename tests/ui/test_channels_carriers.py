"""Is a carrier connected, watched and let go on the page Channels, and do its parcels then report themselves?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection, select

from app.models import house
from app.models.fulfilment import fulfilment_orders
from app.models.tracking import parcel_states
from app.services.desk import Desk
from app.services.shipping import Parcel
from app.services.tracking.connections import connected_carriers
from app.sync.carriers.connecting import KeyedCarriers
from app.sync.live.engine import SyncEngine
from app.sync.live.vault import FileVault, KeptSecrets, secret_name
from app.sync.loopback.live import Practice
from app.ui.pages.channels.accounts import Accounts
from tests.sync.carriers.trade import KEYS
from tests.ui.conftest import DeskWindow
from tests.ui.test_channels_accounts import PATIENCE_MS, at_channels, form, press, words
from tests.ui.test_channels_accounts import practised as practised  # noqa: PLC0414 - a fixture
from tests.ui.test_live_practice import Clock

Practised = tuple[Desk, Practice, Clock]


@pytest.fixture
def vault(practised: Practised, tmp_path: Path) -> FileVault:
    """Open UPS' depot beside the practice shop, and a place for its keys."""
    desk, practice, _clock = practised
    depot = practice.marketplace.open_depot("ups", step=timedelta())
    depot.secrets.update(KEYS["ups"])
    place = practice.addresses["shopify"].rpartition("/")[0]
    kept = FileVault(tmp_path / "keys.vault", "a passphrase")
    desk.carriers = KeyedCarriers(desk, lambda: kept, {"ups": f"{place}/ups"})
    ship_one(desk, practice)
    return kept


def test_a_carrier_is_connected_by_its_keys_and_then_tells_of_its_parcels(
    practised: Practised,
    vault: FileVault,
    open_window: Callable[[Desk], DeskWindow],
    qtbot: QtBot,
) -> None:
    desk, practice, _clock = practised
    window = open_window(desk)
    accounts = at_channels(window)
    accounts.connect_carrier()
    window.settle()
    answer(accounts, carrier="ups")
    answer(accounts, client_id="id-canary", client_secret="a wrong one")
    qtbot.waitUntil(lambda: "UPS does not let us in" in words(accounts), timeout=PATIENCE_MS)
    assert desk.read(connected_carriers) == []
    answer(accounts, client_secret="secret-canary")
    qtbot.waitUntil(lambda: "lets you in" in words(accounts), timeout=PATIENCE_MS)
    assert "1 parcel first" in words(accounts)
    answer(accounts)
    qtbot.waitUntil(lambda: bool(desk.read(connected_carriers)), timeout=PATIENCE_MS)

    kept = KeptSecrets(vault, secret_name(desk.read(store_id), "ups"))
    assert kept.read() == KEYS["ups"]
    engine = SyncEngine(desk, lambda x: kept if x.key == "ups" else practice.secrets_of(x))
    assert [each[1].state for each in engine.look_once()] == ["up_to_date", "up_to_date"]
    said = select(parcel_states.c.status)
    assert desk.read(lambda db: db.execute(said).scalar_one()) == "delivered"


@pytest.mark.usefixtures("vault")
def test_a_carrier_is_paused_and_let_go_on_the_page(
    practised: Practised,
    open_window: Callable[[Desk], DeskWindow],
    qtbot: QtBot,
) -> None:
    desk = practised[0]
    assert desk.carriers is not None
    desk.carriers.connect("ups", KEYS["ups"])
    accounts = at_channels(open_window(desk))
    qtbot.waitUntil(lambda: "Connected carriers" in words(accounts), timeout=PATIENCE_MS)
    press(accounts, "Pause UPS")
    qtbot.waitUntil(lambda: desk.read(connected_carriers)[0].is_paused, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: bool(resume(accounts)), timeout=PATIENCE_MS)
    press(accounts, "Disconnect… UPS")
    answer(accounts)
    qtbot.waitUntil(lambda: desk.read(connected_carriers) == [], timeout=PATIENCE_MS)


def store_id(db: Connection) -> str:
    return str(house.named(db, "store_id")["store_id"])


def answer(accounts: Accounts, **values: str) -> None:
    for name, value in values.items():
        form(accounts).set_value(name, value)
    form(accounts).submit()


def resume(accounts: Accounts) -> list[QPushButton]:
    buttons = accounts.findChildren(QPushButton)
    return [x for x in buttons if x.accessibleName() == "Resume UPS"]


def ship_one(desk: Desk, practice: Practice) -> None:
    assert desk.sync is not None
    assert practice.buy() is not None
    desk.sync.look_once()
    desk.run("accept", order_ids=[1])
    waiting = desk.read(lambda db: db.execute(select(fulfilment_orders.c.id)).scalar_one())
    desk.run("ship", parcels=[Parcel(waiting, "UPS", "1Z0000042")])
