"""How many units of each SKU is each account told, and what does it offer?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.domain.outgoing import Offer
from app.domain.promising.waterfall import promises
from app.models.catalogue import listings, sku_aliases, skus
from app.models.orders import order_lines, orders
from app.models.promising.goods import goods_of
from app.models.promising.sheet import Market, market
from app.services.catalogue import resolve

Told = dict[int, dict[int, int | None]]


def available_units(db: Connection, *, now: datetime) -> dict[int, dict[int, int]]:
    """Return, by account and SKU, the number that each is told.

    What nobody knows, or the desk does not decide, is not in the answer: it is not told.
    """
    everything = db.execute(select(skus.c.id)).scalars().all()
    found = told(db, everything, market(db, now=now))
    return {
        account: {sku_id: units for sku_id, units in by_sku.items() if units is not None}
        for account, by_sku in found.items()
    }


def told(db: Connection, sku_ids: Collection[int], there: Market) -> Told:
    """Return, by account and SKU, the number that a market tells; ``None`` where it tells none."""
    found: Told = {account.id: {} for account in there.accounts}
    goods = goods_of(db, sku_ids, now=there.now, with_pace=there.needs_pace)
    for sku_id, each in goods.items():
        for promise in promises(each, there.outlets(each.sku), today=there.now.date()):
            found[promise.outlet.id][sku_id] = promise.units
    return found


def offers(db: Connection, account_id: int, units: Mapping[int, int]) -> list[Offer]:
    """Return what an account offers, by the channel's codes, with the units that it may show.

    The account's own listings where they are known; otherwise the codes that it was taught or has
    sold. A code that means no SKU of ours is left out: telling 0 would take it off sale.
    """
    found = _listed(db, account_id, units) or _known_codes(db, account_id, units)
    return sorted(found, key=lambda offer: (offer.sku_text, offer.listing_id, offer.place))


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
