"""How does a desk practise? A marketplace on this computer, where buyers order now and then, and its carriers.

Everything is real but the buyers and the vans: orders come in over HTTP, what the desk tells takes effect there,
and what it ships is scanned and delivered within minutes.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, func, or_, select

from app.domain.orders import Address
from app.errors import RefusedError
from app.models.catalogue import skus
from app.models.fulfilment import shipments
from app.models.tracking import parcel_questions, parcel_states
from app.services import availability
from app.services.desk import Desk
from app.services.syncing.parties import Party
from app.services.tracking.connections import connected_carriers
from app.sync.live.channel import Secrets
from app.sync.loopback.amazon import MARKETPLACE
from app.sync.loopback.dialects import all_dialects
from app.sync.loopback.marketplace import Marketplace
from app.sync.loopback.server import serving
from app.sync.loopback.shop import Shop, Sold
from app.sync.loopback.shopify import LOCATION

EVERY: Final = 20.0
_HERE: Final = "//127.0.0.1"
STEP: Final = timedelta(seconds=30)  # between two scans of a parcel
PACE: Final = timedelta(seconds=30)
CHANNELS: Final = ("shopify", "woocommerce", "amazon", "walmart", "etsy", "ebay")
CARRIERS: Final = ("ups", "fedex", "usps", "dhl", "easypost")
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
    opened_at: datetime = field(init=False)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.opened_at = self.desk.now()

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

    def open_depot(self, carrier: str, address: str) -> None:
        """Open a carrier's depot that takes what the desk ships, and connect the desk with it.

        A carrier that is asked in earnest stays as it is.
        """
        if any(
            x.carrier == carrier and _HERE not in x.address
            for x in self.desk.read(connected_carriers)
        ):
            return
        depot = self.marketplace.open_depot(carrier, step=STEP, begun=self._begun)
        depot.secrets.update(_secrets(carrier, self.chance))
        self.desk.run("connect_carrier", carrier=carrier, address=f"{address}/{carrier}")
        self.keys[carrier] = _Kept(dict(depot.secrets))

    def _begun(self, number: str) -> datetime | None:
        """Return when a parcel was handed over: one of today, or one that was scanned when we practised last."""
        said = {"number": number, "since": self.opened_at}
        found: datetime | None = self.desk.read(lambda db: db.execute(_BEGUN, said).scalar())
        return found

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

    def move(self) -> None:
        """Let the desk ask again about what is under way, as if its carriers' hours were seconds."""
        under_way = self.desk.read(
            lambda db: list(db.execute(_UNDER_WAY, {"since": self.opened_at}).scalars())
        )
        if not under_way:
            return
        with suppress(RefusedError):  # they have arrived meanwhile
            self.desk.run("ask_about_parcels", shipment_ids=under_way)
        if self.desk.sync is not None:
            self.desk.sync.sync_now()

    def keep_moving(self) -> None:
        """Let parcels travel until the marketplace closes."""
        while not self._ended.wait(STEP.total_seconds()):
            self.move()

    def keep_buying(self, every: float) -> None:
        """Let buyers order until the marketplace closes."""
        while not self._ended.wait(every):
            self.buy()

    def close(self) -> None:
        """Send the buyers home, and work the accounts by files again."""
        self._ended.set()
        for key in self.keys:
            with suppress(Exception):  # the desk may be closed already
                if isinstance(key, str):
                    self.desk.run("disconnect_carrier", carrier=key)
                else:
                    self.desk.run("disconnect_account", account_id=key)


@contextmanager
def practising(
    desk: Desk,
    *,
    every: float = EVERY,
    seed: int = 7,
    channels: tuple[str, ...] = CHANNELS,
    carriers: tuple[str, ...] = (),
) -> Iterator[Practice]:
    """Open a marketplace on this computer until the block ends; nothing moves by itself where ``every`` is 0."""
    dialects = all_dialects()
    market = Marketplace(_SystemTime(desk), dialects)
    practice = Practice(desk, market, random.Random(seed))
    with serving(market) as address:
        for channel in channels:
            if channel in dialects:
                practice.open(channel, address)
        for carrier in carriers:
            practice.open_depot(carrier, address)
        if every:
            _beside("orderdeck-buyers", lambda: practice.keep_buying(every))
            _beside("orderdeck-vans", practice.keep_moving)
        try:
            yield practice
        finally:
            practice.close()


def _beside(name: str, work: Callable[[], None]) -> None:
    threading.Thread(target=work, name=name, daemon=True).start()


_HANDED_OVER: Final = (
    select(shipments.c.id)
    .outerjoin(parcel_questions, parcel_questions.c.shipment_id == shipments.c.id)
    .where(
        shipments.c.voided_at.is_(None),
        # What a depot once knew of a parcel it goes on knowing; of the demo's own parcels it knows nothing.
        or_(shipments.c.created_at >= bindparam("since"), parcel_questions.c.unknown == 0),
    )
)
_BEGUN: Final = _HANDED_OVER.with_only_columns(func.min(shipments.c.created_at)).where(
    shipments.c.tracking_number == bindparam("number")
)
_UNDER_WAY: Final = _HANDED_OVER.outerjoin(
    parcel_states, parcel_states.c.shipment_id == shipments.c.id
).where(or_(parcel_states.c.status.is_(None), parcel_states.c.status != "delivered"))


def _on_sale(db: Connection, account_id: int, *, now: datetime) -> list[tuple[str, str, int]]:
    units = availability.available_units(db, now=now).get(account_id, {})
    rows = db.execute(select(skus.c.id, skus.c.code, skus.c.title).order_by(skus.c.id))
    return [(row.code, row.title, units[row.id]) for row in rows if units.get(row.id, 0) > 0]


def _secrets(channel: str, chance: random.Random) -> dict[str, str]:
    """Return keys that open a practice account, in the words of its channel."""
    word = f"practice-{chance.getrandbits(64):x}"
    if channel == "woocommerce":
        return {"consumer_key": f"ck_{word}", "consumer_secret": f"cs_{word}"}
    if channel in ("dhl", "easypost"):
        return {"api_key": word}
    if channel == "shopify":
        return {"access_token": word}
    keys = {"client_id": f"id-{word}", "client_secret": f"secret-{word}"}
    return (
        keys
        if channel in ("walmart", "ups", "fedex", "usps")
        else {**keys, "refresh_token": f"refresh-{word}"}
    )
