"""How many units of each SKU is each account told, and what does it offer?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.outgoing import Offer
from app.domain.recognising import Code, Meant
from app.models.catalogue import listings, sku_aliases, skus
from app.models.orders import order_lines, orders
from app.models.promising.goods import goods_of
from app.models.promising.sheet import Market, market
from app.services.master import codes

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
        for promise in there.promises(each):
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
    known = codes.recognise(db, account_id, [Code(row.sku_text, row.listing_id) for row in rows])
    meant = ((known.get(Code(row.sku_text, row.listing_id), _kept(row)), row) for row in rows)
    return [
        Offer(its.sku_id, row.sku_text, row.listing_id, row.place, row.title,
              units[its.sku_id] // its.pack, row.quantity_shown)
        for its, row in meant
        if its.sku_id in units
    ]  # fmt: skip


def _kept(row: Any) -> Meant:
    return Meant(row.sku_id)


def _known_codes(db: Connection, account_id: int, units: Mapping[int, int]) -> list[Offer]:
    """Return the codes that the account was taught, or that orders came in with."""
    sold = (
        select(order_lines.c.sku_text, order_lines.c.sku_id, func.max(order_lines.c.listing_id))
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(orders.c.account_id == account_id, order_lines.c.sku_id.is_not(None))
        .group_by(order_lines.c.sku_text, order_lines.c.sku_id)
    )
    offered = {text: (Meant(sku_id), listing) for text, sku_id, listing in db.execute(sold)}
    taught = select(sku_aliases.c.alias).where(sku_aliases.c.account_id == account_id)
    for alias in db.execute(taught).scalars():
        offered.setdefault(alias, (Meant(0), ""))
    for text, meant in codes.recognise_texts(db, account_id, set(offered)).items():
        offered[text] = (meant, offered[text][1])
    return [
        Offer(meant.sku_id, text, listing, "", "", units[meant.sku_id] // meant.pack)
        for text, (meant, listing) in offered.items()
        if text and meant.sku_id in units
    ]
