"""Set the brand up: catalogue, kits, places, accounts, what channels call things, opening stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.inventory import Cause
from app.domain.orders import IncomingOrder
from app.domain.roles import Actor
from app.models.catalogue import listings
from app.models.identity import Identity
from app.models.inventory import locations, stock_levels
from app.services import availability, catalogue, linking, places, setup, stock
from app.services.demo.brand import Brand
from app.services.demo.selling import APART, CHANNELS, codes, listing_id
from app.services.promising import observing

# What stands on slips, unless the owner of this desk has said who they are already.
BRAND = {
    "brand_name": "Alder & Tide",
    "brand_address": "Alder & Tide\n18 Example Street\nPortland, ME 04101",
    "brand_thanks": "Thank you for ordering from a small studio. Write to us if anything is amiss.",
}
STUDIO, RENO, SHOP = "STUDIO", "RENO", "AUSTIN"
_PLACES: tuple[dict[str, Any], ...] = (
    {"code": STUDIO, "name": "Studio and garage, Portland ME", "kind": "own", "postcode": "04101",
     "state": "ME", "time_zone": "America/New_York", "cut_off": "14:00", "handling_cost": 160},
    {"code": RENO, "name": "High Desert Fulfillment, Reno NV", "kind": "3pl", "postcode": "89502",
     "state": "NV", "time_zone": "America/Los_Angeles", "cut_off": "12:00", "handling_cost": 315},
    {"code": SHOP, "name": "Tea room and shop, Austin TX", "kind": "shop", "postcode": "78704",
     "state": "TX", "time_zone": "America/Chicago", "cut_off": "15:30", "handling_cost": 220},
)  # fmt: skip
_SHARES = {STUDIO: 0.42, RENO: 0.36, SHOP: 0.22}
_ONLY_AT = {"LIN-NAP-002": SHOP, "HNY-BLU-250": RENO, "SUG-RCK-200": STUDIO}
# Nobody has ordered these again in time: the shelves run low.
RUNNING_LOW = ("TEA-MAT-100", "JAR-TEA-500", "BWL-RIC-300", "POT-TID-900", "TEA-DEC-100")
_WEEKS_ON_SHELF = 3


@dataclass(slots=True)
class Premises:
    """What was set up: ids by code."""

    sku_ids: dict[str, int]
    places: dict[str, int]
    accounts: dict[str, int]
    targets: dict[tuple[int, int], int] = field(default_factory=dict)
    low: frozenset[int] = frozenset()


def move_in(db: Connection, actor: Actor, brand: Brand, *, now: datetime) -> Premises:
    """Write catalogue, kits, locations and accounts, and teach what channels call things."""
    sku_ids = catalogue.save_skus(db, [product.row for product in brand.products], now=now)
    catalogue.save_kits(db, brand.kits, sku_ids, now=now)
    sites = _locations(db, actor, now)
    accounts = {channel: setup.account_for(db, channel, now=now) for channel in CHANNELS}
    for channel, known in codes(brand).items():
        for sku, alias in known.items():
            linking.teach(db, actor, accounts[channel], alias, sku, now=now)
    low = frozenset(sku_ids[sku] for sku in RUNNING_LOW)
    return Premises(sku_ids, sites, accounts, low=low)


def stock_up(
    db: Connection, actor: Actor, brand: Brand, premises: Premises,
    demand: Sequence[IncomingOrder], weeks: float, *, now: datetime,
) -> None:  # fmt: skip
    """Put the opening stock on the shelves: three weeks of what will be sold, and safety stock."""
    sold = _units(brand, demand)
    for product in brand.products:
        if product.row.cost is None:
            continue  # a kit has no stock of its own
        weekly = sold.get(product.sku, 0) / weeks
        for code, place in premises.places.items():
            if _ONLY_AT.get(product.sku, code) == code:
                share = 1.0 if product.sku in _ONLY_AT else _SHARES[code]
                key = premises.sku_ids[product.sku], place
                premises.targets[key] = 4 + int(weekly * share * _WEEKS_ON_SHELF + 0.99)
    deltas = [stock.Delta(sku, place, units) for (sku, place), units in premises.targets.items()]
    stock.change_on_hand(
        db, actor, deltas, Cause.OPENING, reason="Counted before the first day",
        source="opening count", now=now,
    )  # fmt: skip
    best = sorted(brand.products, key=lambda p: -p.popularity)[:14]
    stock.set_safety_stock(
        db,
        {
            (premises.sku_ids[p.sku], place): 2
            for p in best
            for place in premises.places.values()
            if p.row.cost is not None and p.sku not in APART
        },
        now=now,
    )


def replenish(
    db: Connection, actor: Actor, premises: Premises, *, all_of_it: bool, source: str,
    now: datetime,
) -> None:  # fmt: skip
    """Receive what is missing on the shelves; ``all_of_it`` is false once some run low."""
    level = stock_levels.c
    query = select(level.sku_id, level.location_id, level.on_hand - level.allocated)
    there = {(sku, place): units for sku, place, units in db.execute(query)}
    deltas = [
        stock.Delta(*key, target - there.get(key, 0))
        for key, target in premises.targets.items()
        if target - there.get(key, 0) >= max(3, target // 5)
        and (all_of_it or key[0] not in premises.low)
    ]
    if deltas:
        stock.change_on_hand(
            db, actor, deltas, Cause.RECEIPT, reason="Delivery", source=source, now=now
        )


def show_listings(
    db: Connection, brand: Brand, premises: Premises, moved: Mapping[str, int], *, now: datetime
) -> int:
    """Write what each channel showed last; ``moved`` are numbers that it has wrong, by SKU."""
    units = availability.available_units(db, now=now)
    known = codes(brand)
    ids = Identity(db, listings)
    rows = [
        {
            "id": ids.take(listings), "account_id": premises.accounts[channel],
            "sku_text": known[channel].get(product.sku, product.sku),
            "listing_id": listing_id(channel, product.sku), "place": "",
            "title": product.row.title, "sku_id": premises.sku_ids[product.sku],
            "quantity_shown": 9 if (channel, product.sku) == NEVER_TAKEN
            else units[premises.accounts[channel]][premises.sku_ids[product.sku]]
            + moved.get(product.sku, 0),
            "price": product.price, "observed_at": now,
        }
        for channel in premises.accounts
        for number, product in enumerate(brand.products)
        if channel in ("shopify", "own") or (number + len(channel)) % 6
    ]  # fmt: skip
    db.execute(listings.insert(), rows)
    for account in premises.accounts.values():
        observing.note_listings(db, account, source="the channel", now=now)
    return len(rows)


# What somebody changed by hand on a channel, and what a channel never took over.
CHANGED_THERE: Final[Mapping[tuple[str, str], int]] = {
    ("etsy", "BWL-RIC-300"): 4, ("shopify", "TIM-SND-003"): 5, ("own", "STR-BMB-001"): 6,
}  # fmt: skip
NEVER_TAKEN: Final = ("own", "SPN-RST-001")
NOT_LINKED: Final = ("ebay", "TASTER-BOX-2", "Taster box, second edition")


def look_back(
    db: Connection, premises: Premises, wrong: Mapping[tuple[str, str], int], *, now: datetime
) -> None:
    """Read what every channel shows after it was told: its numbers, but for a few."""
    skus_ = {sku_id: code for code, sku_id in premises.sku_ids.items()}
    units = availability.available_units(db, now=now)
    for channel, account in premises.accounts.items():
        here = listings.c.account_id == account
        rows = db.execute(
            select(listings.c.id, listings.c.sku_id, listings.c.quantity_shown).where(here)
        )
        for row in rows.all():
            key = (channel, skus_.get(row.sku_id, ""))
            shown = units[account].get(row.sku_id, 0) + wrong.get(key, 0)
            values = {"quantity_shown": 9 if key == NEVER_TAKEN else shown, "observed_at": now}
            db.execute(listings.update().where(listings.c.id == row.id).values(**values))
        if channel == NOT_LINKED[0] and wrong:
            _list_unknown(db, account, now)
        observing.note_listings(db, account, source="the channel", now=now)


def _list_unknown(db: Connection, account: int, now: datetime) -> None:
    _channel, code, title = NOT_LINKED
    if db.execute(select(listings.c.id).where(listings.c.sku_text == code)).first():
        return
    row = {"id": Identity(db, listings).take(listings), "account_id": account, "sku_text": code,
           "listing_id": "336002419077", "place": "", "title": title, "sku_id": None,
           "quantity_shown": 6, "price": 4200, "observed_at": now}  # fmt: skip
    db.execute(listings.insert(), [row])


def _locations(db: Connection, actor: Actor, now: datetime) -> dict[str, int]:
    first, *others = _PLACES
    places.change_location(db, actor, code=setup.FIRST_LOCATION, changes=first, now=now)
    for each in others:
        places.add_location(db, actor, now=now, **each)
    query = select(locations.c.code, locations.c.id).order_by(locations.c.id)
    return {row.code: row.id for row in db.execute(query)}


def _units(brand: Brand, demand: Sequence[IncomingOrder]) -> dict[str, int]:
    """Return how many of each SKU will leave the shelves; kits count as their parts."""
    known = {text: sku for mine in codes(brand).values() for sku, text in mine.items()}
    units: dict[str, int] = {}
    for order in demand:
        for line in order.lines:
            sku = known.get(line.sku_text, line.sku_text)
            for part, each in brand.contents(sku):
                units[part] = units.get(part, 0) + each * line.quantity
    return units
