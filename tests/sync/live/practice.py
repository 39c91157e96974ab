"""One account at the loopback marketplace, and a client of ours that talks with it over real HTTP."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from app.domain.orders import Address
from app.domain.outgoing import ShippedLine, ShippedParcel
from app.sync.live.adapters import Adapter, Connection, adapter_of
from app.sync.live.channel import ChannelClient, OrderPage, Window
from app.sync.live.door import Door, Limits
from app.sync.loopback.amazon import MARKETPLACE
from app.sync.loopback.dialects import all_dialects
from app.sync.loopback.marketplace import Marketplace, Witness
from app.sync.loopback.server import serving
from app.sync.loopback.shop import Shop, Sold
from app.sync.loopback.shopify import LOCATION
from tests.sync.live.times import FakeClock

HOME = Address("Ada Byron", "", "12 Mill Lane", "", "", "Springfield", "IL", "62701", "US")

SECRETS = {
    "shopify": {"access_token": "shpat-canary-token"},
    "woocommerce": {"consumer_key": "ck-canary", "consumer_secret": "cs-canary"},
    "amazon": {"client_id": "id-canary", "client_secret": "secret-canary",
               "refresh_token": "Atzr-canary"},
    "walmart": {"client_id": "id-canary", "client_secret": "secret-canary"},
    "etsy": {"client_id": "key-canary", "client_secret": "secret-canary",
             "refresh_token": "4711.canary"},
    "ebay": {"client_id": "id-canary", "client_secret": "secret-canary",
             "refresh_token": "user-canary"},
}  # fmt: skip
SETTINGS = {
    "shopify": {"location": LOCATION},
    "amazon": {"seller_id": "A1SELLER", "marketplace_id": MARKETPLACE},
}


class MemorySecrets:
    """Keeps secrets for one test, and counts how often they were written."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.kept, self.writes = dict(secrets), 0

    def read(self) -> dict[str, str]:
        return dict(self.kept)

    def write(self, secrets: Mapping[str, str]) -> None:
        self.kept, self.writes = dict(secrets), self.writes + 1


@dataclass
class Practice:
    """A shop, and whoever talks with it."""

    shop: Shop
    marketplace: Marketplace
    client: ChannelClient
    clock: FakeClock
    secrets: MemorySecrets
    door: Door
    adapter: Adapter

    def sell(self, *wanted: tuple[str, int], **more: object) -> Sold:
        """Let a buyer order something that is there."""
        sold = self.shop.place(wanted, HOME, **more)
        assert sold is not None
        return sold

    def window(self, since: timedelta = timedelta(days=1)) -> Window:
        """Return the time up to now, once the channel may be asked about it."""
        until = self.clock.now()
        self.clock.pass_by(self.adapter.traits.settle.total_seconds())
        return Window(until - since, until)

    def pages(self, asked: Window) -> Iterator[OrderPage]:
        """Turn pages to the channel's own end."""
        token = ""
        while True:
            page = self.client.pull(asked, token)
            yield page
            token = page.next
            if not token:
                return


@contextmanager
def practice(
    channel: str,
    secrets: Mapping[str, str] | None = None,
    witness: Witness | None = None,
    seconds: float = 60.0,
) -> Iterator[Practice]:
    """Open a shop with two things to sell, and a client for it, until the block ends."""
    secrets = SECRETS[channel] if secrets is None else secrets
    clock = FakeClock()
    marketplace = Marketplace(clock, all_dialects(), witness=witness)
    shop = marketplace.open_shop("practice", channel)
    shop.secrets.update(secrets)
    shop.offer("MUG", "Mug", 40)
    shop.offer("BOWL", "Bowl", 9)
    adapter, kept = adapter_of(channel), MemorySecrets(secrets)
    assert adapter is not None
    with (
        serving(marketplace) as address,
        Door(
            adapter.title,
            f"{address}/practice",
            clock,
            limits=Limits(seconds),
            chance=random.Random(1),
        ) as door,
    ):
        connection = Connection(
            1, f"{address}/practice", SETTINGS.get(channel, {}), kept, clock, door
        )
        client = adapter.make(connection)
        yield Practice(shop, marketplace, client, clock, kept, door, adapter)


def parcel_of(sold: Sold, tracking: str = "1Z999", **units: int) -> ShippedParcel:
    """Return a parcel with an order's lines; ``units`` says how many of a SKU, if not all."""
    lines = tuple(
        ShippedLine(
            line.id, at, line.sku, line.title, "", units.get(line.sku, line.open), line.quantity
        )
        for at, line in enumerate(sold.lines, 1)
        if units.get(line.sku, line.open)
    )
    whole = sum(x.quantity for x in lines) == sum(x.quantity for x in sold.lines)
    return ShippedParcel(
        1, sold.id, sold.number, "UPS", "Ground", tracking, sold.placed_at, lines, whole, whole
    )
