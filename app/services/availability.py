"""How many units of each SKU may channels be told, and what does each account offer?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from app.domain.inventory import Level, network_atp
from app.domain.outgoing import Offer
from app.models.catalogue import listings, sku_aliases, skus
from app.models.inventory import network_stock, stock_levels
from app.models.orders import order_lines, orders
from app.services.catalogue import kit_contents, resolve


def available_units(db: Connection) -> dict[int, int]:
    """Return the network ATP of every SKU; of a kit, what its scarcest component allows.

    A kit without contents is not in the answer: nobody knows how many of it there are.
    """
    kits = set(db.execute(select(skus.c.id).where(skus.c.is_kit)).scalars())
    levels = _levels(db)
    net = network_stock.c
    reserved = {row.sku_id: row.reserved for row in db.execute(select(net.sku_id, net.reserved))}
    units = {
        sku_id: network_atp(levels.get(sku_id, {}), reserved.get(sku_id, 0))
        for sku_id in db.execute(select(skus.c.id).where(~skus.c.is_kit)).scalars()
    }
    for kit, parts in kit_contents(db, kits).items():
        units[kit] = min(units.get(part, 0) // each for part, each in parts)
    return units


def offers(db: Connection, account_id: int, units: Mapping[int, int]) -> list[Offer]:
    """Return what an account offers, by the channel's codes, with the units that it may show.

    The account's own listings where they are known; otherwise the codes that it was taught or has
    sold. A code that means no SKU of ours is left out: telling 0 would take it off sale.
    """
    found = _listed(db, account_id, units) or _known_codes(db, account_id, units)
    return sorted(found, key=lambda offer: (offer.sku_text, offer.listing_id, offer.place))


def _levels(db: Connection) -> dict[int, dict[int, Level]]:
    found: dict[int, dict[int, Level]] = defaultdict(dict)
    for row in db.execute(select(stock_levels)):
        found[row.sku_id][row.location_id] = Level(
            row.on_hand, row.allocated, row.unavailable, row.incoming, row.suggested,
            row.safety_stock,
        )  # fmt: skip
    return found


def _listed(db: Connection, account_id: int, units: Mapping[int, int]) -> list[Offer]:
    """Return the account's listings; those whose quantity the channel does not track are skipped.

    (Amazon shows no quantity for what it keeps in its own warehouse.)
    """
    rows = db.execute(select(listings).where(listings.c.account_id == account_id)).all()
    if any(row.quantity_shown is not None for row in rows):
        rows = [row for row in rows if row.quantity_shown is not None]
    known = resolve(db, account_id, {row.sku_text for row in rows})
    meant = ((known.get(row.sku_text, row.sku_id), row) for row in rows)
    return [
        Offer(sku_id, row.sku_text, row.listing_id, row.place, row.title, units[sku_id],
              row.quantity_shown)
        for sku_id, row in meant
        if sku_id in units
    ]  # fmt: skip


def _known_codes(db: Connection, account_id: int, units: Mapping[int, int]) -> list[Offer]:
    """Return the codes that the account was taught, or that orders came in with."""
    sold = (
        select(order_lines.c.sku_text, order_lines.c.sku_id, func.max(order_lines.c.listing_id))
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(orders.c.account_id == account_id, order_lines.c.sku_id.is_not(None))
        .group_by(order_lines.c.sku_text, order_lines.c.sku_id)
    )
    codes = {text: (sku_id, listing) for text, sku_id, listing in db.execute(sold)}
    taught = select(sku_aliases.c.alias, sku_aliases.c.sku_id).where(
        sku_aliases.c.account_id == account_id
    )
    for alias, sku_id in db.execute(taught):
        codes[alias] = (sku_id, codes[alias][1] if alias in codes else "")
    return [
        Offer(sku_id, text, listing, "", "", units[sku_id])
        for text, (sku_id, listing) in codes.items()
        if text and sku_id in units
    ]
