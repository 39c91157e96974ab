"""A small brand to read from: three locations, four SKUs, a kit, and orders in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.importing import KitRow, SkuRow, StockRow
from app.domain.orders import (
    Address,
    ChannelState,
    HoldCode,
    IncomingLine,
    IncomingOrder,
    MapperHold,
)
from app.domain.roles import Actor, Role
from app.models.database import Store
from app.models.identity import Identity
from app.models.inventory import locations
from app.models.schema import metadata
from app.services import catalogue, intake, setup, stock
from app.services.desk import Desk
from app.services.order_rows import Arrival
from app.services.shipping import Parcel
from tests.beginnings import begin

NOW = datetime(2026, 10, 12, 14, 0, tzinfo=UTC)  # a Monday, 10:00 in New York
OWNER = Actor("Owner", Role.OWNER)


def empty_desk(url: str) -> Desk:
    """Open a new desk whose clock stands at ``NOW``."""
    return _begun(url, _empty_desk)


def _begun(url: str, make: Callable[[str], Desk]) -> Desk:
    begin(url, make.__name__, lambda empty: make(empty).store.close())
    return same_desk(url)


def make_busy(url: str) -> None:
    """Make what ``busy_desk`` opens."""
    _busy_desk(url).store.close()


def _empty_desk(url: str) -> Desk:
    desk = same_desk(url)
    desk.write(_prepare)
    return desk


def _prepare(db: Any) -> None:
    metadata.create_all(db)
    setup.prepare(db, now=NOW)


def same_desk(url: str) -> Desk:
    """Open once more a desk that is there."""
    return Desk(Store(url), OWNER, now=lambda: NOW)


def stocked_desk(url: str) -> Desk:
    """Open a desk with a catalogue, a kit, and stock in a garage, a shop and a 3PL."""
    return _begun(url, _stocked_desk)


def _stocked_desk(url: str) -> Desk:
    desk = _empty_desk(url)
    desk.write(_furnish)
    return desk


def _furnish(db: Any) -> None:
    db.execute(
        locations.update()
        .where(locations.c.code == "MAIN")
        .values(code="GARAGE", name="Garage", postcode="07030", handling_cost=120)
    )
    ids = Identity(db, locations)
    db.execute(
        locations.insert(),
        [
            {"id": ids.take(locations), "code": code, "name": name, "postcode": postcode,
             "handling_cost": handling, "created_at": NOW}
            for code, name, postcode, handling in (
                ("SHOP", "Shop", "10001", 90), ("RENO", "Reno 3PL", "89501", 250),
            )
        ],
    )  # fmt: skip
    known = catalogue.save_skus(
        db,
        [
            SkuRow("TEA-001", "Earl Grey tin", cost=450, weight_g=200),
            SkuRow("MUG-BLUE", "Blue mug", cost=610, weight_g=400),
            SkuRow("MUG-RED", "Red mug, 100% glaze", cost=610, weight_g=400),
            SkuRow("GIFT-SET", "Tea for two", weight_g=1000),
        ],
        now=NOW,
    )
    catalogue.save_kits(
        db,
        [KitRow("GIFT-SET", "TEA-001", 1), KitRow("GIFT-SET", "MUG-BLUE", 2)],
        known,
        now=NOW,
    )
    levels = {"GARAGE": (20, 10, 0), "SHOP": (1, 2, 0), "RENO": (30, 0, 5)}
    rows = [
        StockRow(sku, place, units, safety_stock=2 if place == "GARAGE" else None)
        for place, by_sku in levels.items()
        for sku, units in zip(("TEA-001", "MUG-BLUE", "MUG-RED"), by_sku, strict=True)
    ]
    stock.take_stock_rows(db, OWNER, rows=rows, known=known, source="stock.csv", now=NOW)


def order(number: str, *items: tuple[str, int], **changes: Any) -> IncomingOrder:
    """Return an order from New York for (SKU, units), paid and due in two days."""
    lines = tuple(
        IncomingLine(f"{number}-{n}", sku, f"Title of {sku}", units, unit_price=1500)
        for n, (sku, units) in enumerate(items, 1)
    )
    whole = IncomingOrder(
        channel="shopify",
        external_id=f"X{number}",
        number=number,
        placed_at=NOW - timedelta(hours=6),
        currency="USD",
        lines=lines,
        ship_to=Address("Jane Doe", "", "1 Main St", "", "", "New York", "NY", "10001", "US"),
        buyer_name="Jane Doe",
        buyer_email="jane@example.com",
        service="Standard",
        total=1500 * sum(units for _sku, units in items),
        ship_by=NOW + timedelta(days=2),
    )
    return replace(whole, **changes)


def take_in(desk: Desk, *incoming: IncomingOrder) -> list[int]:
    """Take orders in, each at its channel's account; return their ids in the order given."""
    ids: list[int] = []
    for each in incoming:

        def work(db: Any, each: IncomingOrder = each) -> intake.Taken:
            account = setup.account_for(db, each.channel, now=NOW)
            arrival = Arrival(account, "orders.csv")
            return intake.take_in(db, desk.actor, arrival=arrival, incoming=[each], now=NOW)

        ids.extend(desk.write(work).changes.done)
    return ids


def busy_desk(url: str) -> Desk:
    """Open a desk with one order in each state: the number says which."""
    return _begun(url, _busy_desk)


def _busy_desk(url: str) -> Desk:
    desk = _stocked_desk(url)
    held = MapperHold(HoldCode.ADDRESS_ZIP, "The ZIP 1000 has four digits.")
    ids = take_in(
        desk,
        order("READY", ("TEA-001", 2)),
        order("HELD", ("TEA-001", 1), holds=(held,)),
        order("SHORT", ("MUG-RED", 50)),
        order("ACCEPTED", ("MUG-BLUE", 1), channel="amazon"),
        order("SHIPPED", ("TEA-001", 1), channel="etsy"),
        order("GONE", ("TEA-001", 1), state=ChannelState.CANCELLED),
        order("FBA", ("TEA-001", 1), channel="amazon", fulfilled_by_channel=True),
        order("LATE", ("TEA-001", 1), ship_by=NOW - timedelta(hours=3)),
        order("APART", ("TEA-001", 25), ("MUG-BLUE", 3)),
        order("NEW-CODE", ("NO-SUCH", 1), channel="walmart"),
    )
    desk.run("accept", order_ids=[ids[3], ids[4]])
    ship(desk, "SHIPPED", "9400100000000000000001")
    return desk


def ship(desk: Desk, number: str, tracking: str) -> None:
    """Ship all that is accepted of an order."""
    from app.queries.order_detail import find_order, order_detail

    order_id = desk.read(find_order, number)
    assert order_id is not None
    detail = desk.read(order_detail, order_id, now=NOW)
    parcels = [Parcel(each.id, "USPS", tracking) for each in detail.fulfilment_orders]
    desk.run("ship", parcels=parcels)
