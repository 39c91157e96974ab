"""Can a newcomer practise with every channel, with no account anywhere?"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.domain.importing import SkuRow
from app.models.orders import orders
from app.services import catalogue
from app.services.desk import Desk, utc_now
from app.services.opening import open_ready_store
from app.sync.live.engine import SyncEngine
from app.sync.loopback.live import CHANNELS, practising
from tests.sync.live.world import OWNER, sqlite_url


class Clock:
    """The real time, set forward where somebody would wait."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


def test_an_order_at_each_of_six_practice_shops_comes_in(tmp_path: Path) -> None:
    clock = Clock()
    store = open_ready_store(sqlite_url(tmp_path), now=utc_now())
    desk = Desk(store, OWNER, now=clock)
    desk.write(lambda db: catalogue.save_skus(db, [SkuRow("MUG", title="A mug")], now=clock()))
    desk.run("receive", sku="MUG", location="MAIN", quantity=60, reason="Opening")
    with practising(desk, every=0) as practice:
        engine = SyncEngine(desk, practice.secrets_of)
        sold = [practice.buy(shop) for shop in practice.shops]
        clock.ahead = timedelta(minutes=5)  # Amazon's list is two minutes behind its orders
        states = {status.state for _, status, _ in engine.look_once()}
        found = desk.read(lambda db: db.execute(select(orders.c.channel)).scalars().all())
    assert (states, None in sold) == ({"up_to_date"}, False)
    assert sorted(found) == sorted(CHANNELS)
    store.close()
