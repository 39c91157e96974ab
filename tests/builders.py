"""Values of the trade with telling defaults; a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection

from app.domain.delivery import RatePolicy
from app.domain.importing import KitRow, SkuRow, StockRow
from app.domain.inventory import StockPool
from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder
from app.domain.reservation import Claim
from app.domain.roles import SYSTEM
from app.domain.routing import Reach, Request, Site, reach
from app.models.inventory import locations
from app.services import catalogue, intake, setup, stock
from app.services.order_rows import Arrival
from app.services.policies import DEFAULT_RATES, rate_policy

# A Monday morning in New York, before every cut-off.
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)

RATES: RatePolicy = rate_policy(1, DEFAULT_RATES)


def a_site(key: int, code: str, *, handling: int = 100) -> Site:
    """Return a location; zones are given to ``a_reach`` directly."""
    return Site(key, code, code.title(), "02138", "America/New_York", time(14), handling)


def a_reach(site: Site, zone: int = 2) -> Reach:
    """Return what a site offers a destination in a zone when it ships on Monday."""
    return reach(site, zone, MONDAY.date(), RATES.standard)


def a_request(
    *claims: Claim, may_split: bool = False, deliver_in_days: int | None = None
) -> Request:
    """Return an order to be routed; by default nothing is promised."""
    promised = None
    if deliver_in_days is not None:
        promised = MONDAY.date() + timedelta(days=deliver_in_days)
    return Request(claims, RATES.standard, None, promised, may_split)


def a_pool(stock_at: dict[int, dict[int, int]], **more: object) -> StockPool:
    """Return stock as SKU -> location -> units; the network can claim all of it."""
    pool = StockPool(
        claimable={sku: sum(places.values()) for sku, places in stock_at.items()},
        at={sku: dict(places) for sku, places in stock_at.items()},
    )
    return replace(pool, **more)  # type: ignore[arg-type]


def an_order(
    number: str = "1001",
    *lines: tuple[str, int],
    channel: str = "shopify",
    state: ChannelState = ChannelState.OPEN,
    **changes: object,
) -> IncomingOrder:
    """Return an order as a channel states it: lines as (code, quantity)."""
    made = IncomingOrder(
        channel=channel,
        external_id=f"ext-{number}",
        number=number,
        placed_at=MONDAY - timedelta(hours=2),
        currency="USD",
        lines=tuple(
            IncomingLine(str(n), code, f"Title of {code}", units, 1000)
            for n, (code, units) in enumerate(lines or (("TEA", 1),), 1)
        ),
        ship_to=Address("Ada Example", "", "1 Fictional Lane", city="Cambridge", state="MA",
                        postcode="02138", country="US"),
        buyer_name="Ada Example",
        total=1000,
        state=state,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


class Shop:
    """A small brand in a real store: three SKUs, one kit, two locations, one Shopify account."""

    def __init__(self, db: Connection, *, now: datetime = MONDAY) -> None:
        self.db, self.now = db, now
        setup.prepare(db, now=now)
        db.execute(
            locations.update().values(code="EAST", name="East", postcode="02138", state="MA")
        )
        db.execute(
            locations.insert(),
            [{"id": 2, "code": "WEST", "name": "West", "postcode": "91761", "state": "CA",
              "time_zone": "America/Los_Angeles", "created_at": now}],
        )  # fmt: skip
        rows = [SkuRow(code, f"Title of {code}", weight_g=400) for code in ("TEA", "MUG", "POT")]
        known = catalogue.save_skus(db, [*rows, SkuRow("SET")], now=now)
        kit = [KitRow("SET", "TEA", 2), KitRow("SET", "MUG", 1)]
        catalogue.save_kits(db, kit, known, now=now)
        self.skus = known
        self.account = setup.account_for(db, "shopify", now=now)

    def stocked(self, **units: tuple[int, int]) -> Shop:
        """Put units on the shelves: SKU = (east, west)."""
        rows = [
            StockRow(code, place, count)
            for code, counts in units.items()
            for place, count in zip(("EAST", "WEST"), counts, strict=True)
        ]
        stock.take_stock_rows(
            self.db, SYSTEM, rows=rows, known=self.skus, source="test", now=self.now
        )
        return self

    def takes_in(self, *orders: IncomingOrder) -> intake.Taken:
        """Take orders in as a file of the account would bring them."""
        arrival = Arrival(self.account, "file:test")
        return intake.take_in(self.db, SYSTEM, arrival=arrival, incoming=orders, now=self.now)
