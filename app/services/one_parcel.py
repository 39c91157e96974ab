"""What postage does one parcel save against a parcel for each order?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, literal, select, union_all

from app.domain.delivery import postage
from app.domain.routing.reaching import UNKNOWN_WEIGHT_G
from app.models.catalogue import skus
from app.models.fulfilment import fulfilment_order_lines, fulfilment_orders
from app.models.orders import orders, reservations
from app.services.planning.router import Router


@dataclass(frozen=True, slots=True)
class Postage:
    """The postage of separate parcels and of one for all, minor units."""

    apart: int
    together: int
    currency: str

    @property
    def saved(self) -> int:
        """What one parcel costs less; 0 where it costs as much."""
        return max(0, self.apart - self.together)


def postage_of(db: Connection, *, order_ids: Sequence[int], now: datetime) -> Postage | None:
    """Return what parcels to one door would cost apart and together, or nothing where nobody knows yet
    where they leave from. The one parcel leaves from where one of them was decided to, or else from
    where the first would."""
    weights = _weights(db, order_ids)
    router = Router(db, now)
    shipping_from = {site.id for site in router.sites}
    if len(weights) < 2 or not {place for _order, place in weights} <= shipping_from:
        return None
    rows = db.execute(select(orders).where(orders.c.id.in_(order_ids)))
    asked = {row.id: row for row in rows}
    apart = sum(_price(router, asked[key], at, grams) for (key, at), grams in weights.items())
    first, place = next(iter(weights))
    together = _price(router, asked[first], place, sum(weights.values()))
    return Postage(apart, together, router.rates.currency)


def _price(router: Router, order: Any, place: int, grams: int) -> int:
    zone = router.zone(place, order.ship_postcode, order.ship_country)
    return postage(router.service(order.service), zone, grams)


def _weights(db: Connection, order_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return the grams of each parcel: an order from a location, decided or else suggested."""
    held, part, line = reservations.c, fulfilment_orders.c, fulfilment_order_lines.c
    suggested = select(
        held.order_id,
        held.suggested_location_id.label("place"),
        held.sku_id,
        held.quantity,
        literal(1).label("rank"),
    ).where(held.order_id.in_(order_ids), held.state == "held")
    decided = (
        select(
            part.order_id,
            part.location_id.label("place"),
            line.sku_id,
            line.quantity,
            literal(0).label("rank"),
        )
        .join(fulfilment_order_lines, line.fulfilment_order_id == part.id)
        .where(part.order_id.in_(order_ids), part.state == "open", line.is_live)
    )
    units = union_all(decided, suggested).subquery()
    grams = func.coalesce(skus.c.weight_g, UNKNOWN_WEIGHT_G) * units.c.quantity
    query = (
        select(units.c.order_id, units.c.place, func.sum(grams))
        .join(skus, skus.c.id == units.c.sku_id)
        .group_by(units.c.rank, units.c.order_id, units.c.place)
        .order_by(units.c.rank, units.c.order_id, units.c.place)
    )
    return {(order, place): int(found) for order, place, found in db.execute(query)}
