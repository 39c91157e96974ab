"""How does a desk practise? A marketplace on this computer, where buyers order now and then.

Everything is real but the buyers: orders come in over HTTP, and what the desk tells takes effect there.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from app.domain.orders import Address
from app.models.catalogue import skus
from app.services import availability
from app.services.desk import Desk
from app.services.syncing.parties import Party
from app.sync.live.channel import Secrets
from app.sync.loopback.amazon import MARKETPLACE
from app.sync.loopback.dialects import all_dialects
from app.sync.loopback.marketplace import Marketplace
from app.sync.loopback.server import serving
from app.sync.loopback.shop import Shop, Sold
from app.sync.loopback.shopify import LOCATION

EVERY: Final = 20.0
PACE: Final = timedelta(seconds=30)
CHANNELS: Final = ("shopify", "woocommerce", "amazon", "walmart", "etsy", "ebay")
_SETTINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "shopify": {"location": LOCATION},
    "amazon": {"seller_id": "A1PRACTICE", "marketplace_id": MARKETPLACE},
}
_NAMES: Final = {
    "shopify": "Practice on Shopify", "woocommerce": "Practice on WooCommerce",
    "amazon": "Practice on Amazon", "walmart": "Practice on Walmart", "etsy": "Practice on Etsy",
    "ebay": "Practice on eBay",
}  # fmt: skip
_BUYERS: Final = (
    ("Noor Haddad", "88 Ferry Street", "Newark", "NJ", "07105"),
    ("Sam Okafor", "4120 Maple Avenue", "Dallas", "TX", "75219"),
    ("Lena Fischer", "17 Harbor View", "Portland", "ME", "04101"),
    ("Mateo Ruiz", "905 Valencia Street", "San Francisco", "CA", "94110"),
    ("June Park", "2300 Pine Street", "Seattle", "WA", "98101"),
    ("Ola Lindgren", "61 Summit Avenue", "Saint Paul", "MN", "55102"),
)


@dataclass
class _Kept:
    """The keys to a practice account: they open nothing but it, and live as long as it."""

    secrets: dict[str, str]

    def read(self) -> dict[str, str]:
        return dict(self.secrets)

    def write(self, secrets: Mapping[str, str]) -> None:
        self.secrets = dict(secrets)


class _SystemTime:
    """The desk's own time."""

    def __init__(self, desk: Desk) -> None:
        self.now = desk.now


@dataclass
class Practice:
    """The marketplace while it is open. ``buy`` lets somebody order at once."""

    desk: Desk
    marketplace: Marketplace
    chance: random.Random
    keys: dict[int | str, _Kept] = field(default_factory=dict)
    shops: list[Shop] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)

    def secrets_of(self, party: Party) -> Secrets:
        """Return the keys to a practice account or carrier."""
        return self.keys[party.key]

    def open(self, channel: str, address: str) -> None:
        """Open a shop that offers what the desk has, and connect the desk with it."""
        desk, now = self.desk, self.desk.now()
        shop = self.marketplace.open_shop(channel, channel)
        shop.secrets.update(_secrets(channel, self.chance))
        connected = desk.run(
            "connect_account", channel=channel, address=f"{address}/{channel}",
            name=_NAMES.get(channel, channel), settings=dict(_SETTINGS.get(channel, {})),
            since=now - timedelta(minutes=1), pushes_quantities=True, pace=PACE,
        )  # fmt: skip
        account_id = connected.done[0]
        self.keys[account_id] = _Kept(dict(shop.secrets))
        for code, title, units in desk.read(_on_sale, account_id, now=now):
            shop.offer(code, title, units, self.chance.choice((1200, 1650, 2400, 3800)))
        self.shops.append(shop)
        self.addresses[channel] = f"{address}/{channel}"

    def buy(self, shop: Shop | None = None) -> Sold | None:
        """Let a buyer order one or two things that the shop shows."""
        shop = shop or self.chance.choice(self.shops)
        there = [x for x in shop.offers.values() if x.quantity > 0]
        if not there:
            return None
        chosen = self.chance.sample(there, k=min(len(there), self.chance.choice((1, 1, 2))))
        name, street, city, state, postcode = self.chance.choice(_BUYERS)
        address = Address(name, "", street, "", "", city, state, postcode, "US")
        wanted = [(each.sku, 1) for each in chosen]
        return shop.place(wanted, address, buyer=name, shipping=490)

    def keep_buying(self, every: float) -> None:
        """Let buyers order until the marketplace closes."""
        while not self._ended.wait(every):
            self.buy()

    def close(self) -> None:
        """Send the buyers home, and work the accounts by files again."""
        self._ended.set()
        for account_id in self.keys:
            with suppress(Exception):  # the desk may be closed already
                self.desk.run("disconnect_account", account_id=account_id)


@contextmanager
def practising(
    desk: Desk, *, every: float = EVERY, seed: int = 7, channels: tuple[str, ...] = CHANNELS
) -> Iterator[Practice]:
    """Open a marketplace on this computer until the block ends; no purchase where ``every`` is 0."""
    dialects = all_dialects()
    market = Marketplace(_SystemTime(desk), dialects)
    practice = Practice(desk, market, random.Random(seed))
    with serving(market) as address:
        for channel in channels:
            if channel in dialects:
                practice.open(channel, address)
        if every:
            threading.Thread(
                target=practice.keep_buying, args=(every,), name="orderdeck-buyers", daemon=True
            ).start()
        try:
            yield practice
        finally:
            practice.close()


def _on_sale(db: Connection, account_id: int, *, now: datetime) -> list[tuple[str, str, int]]:
    units = availability.available_units(db, now=now).get(account_id, {})
    rows = db.execute(select(skus.c.id, skus.c.code, skus.c.title).order_by(skus.c.id))
    return [(row.code, row.title, units[row.id]) for row in rows if units.get(row.id, 0) > 0]


def _secrets(channel: str, chance: random.Random) -> dict[str, str]:
    """Return keys that open a practice account, in the words of its channel."""
    word = f"practice-{chance.getrandbits(64):x}"
    if channel == "woocommerce":
        return {"consumer_key": f"ck_{word}", "consumer_secret": f"cs_{word}"}
    if channel == "shopify":
        return {"access_token": word}
    keys = {"client_id": f"id-{word}", "client_secret": f"secret-{word}"}
    return keys if channel == "walmart" else {**keys, "refresh_token": f"refresh-{word}"}
