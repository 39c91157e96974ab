"""Which orders came in since a moment, and what really became of them?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, select

from app.domain.orders import OrderStatus
from app.models.fulfilment import (
    fulfilment_order_lines,
    fulfilment_orders,
    routing_decisions,
    routing_suggestions,
)
from app.models.inventory import locations
from app.models.orders import order_lines, orders, total_of_order
from app.models.sets import among


class Placed(Protocol):
    """How an order was decided, as far as places go."""

    @property
    def places(self) -> str:
        """Return the names of the locations."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """An order of which the replay with the rules in force says something else than what happened."""

    number: str
    replayed: str
    happened: str
    why: str


class History:
    """The orders that are replayed, and what really became of them."""

    def __init__(self, db: Connection, since: datetime) -> None:
        self.since = since
        self.rows = db.execute(_ORDERS, {"since": since}).all()
        self.ids = [row.id for row in self.rows]
        self.names: dict[int, str] = dict(db.execute(_NAMES).all())
        self.lines: dict[int, list[Any]] = defaultdict(list)
        for line in db.execute(_LINES, {"orders": self.ids}):
            self.lines[line.order_id].append(line)
        self.told: dict[int, set[str]] = defaultdict(set)  # what was ever suggested
        self.first = self._first(db)
        self.by_hand: dict[int, dict[int, int]] = defaultdict(dict)
        for order, line, place in db.execute(_BY_HAND, {"orders": self.ids}):
            self.by_hand[order][line] = place

    def _first(self, db: Connection) -> dict[int, Any]:
        """Return what was suggested when each order came in."""
        found: dict[int, Any] = {}
        for row in db.execute(_SUGGESTED, {"orders": self.ids}):
            found.setdefault(row.order_id, row)
            told = self.named(each["location"] for each in row.explanation["parcels"])
            self.told[row.order_id].add(told)
        return found

    def unlike(self, replayed: Mapping[int, Placed]) -> list[Unlike]:
        """Return the orders that were suggested otherwise than the replay says, with the reason."""
        found = []
        for row in self.rows:
            kept = self.first.get(row.id)
            told = kept.explanation if kept is not None else {}
            happened = self.named(each["location"] for each in told.get("parcels", ()))
            said = replayed[row.id]
            if row.id in self.by_hand or said.places in (happened, *self.told[row.id]):
                continue
            found.append(Unlike(row.number, replayed[row.id].places, happened, _why(row, kept)))
        return found

    def named(self, ids: Iterable[int]) -> str:
        """Return locations by name, in the order of their ids."""
        return " and ".join(
            self.names.get(each, "a location that is gone") for each in sorted(set(ids))
        )


def _why(row: Any, kept: Any) -> str:
    if kept is None:
        return "nothing was suggested for it: it was held, shipped elsewhere or had no stock"
    if kept.made_at > row.taken_in_at:
        return "its suggestion was worked out anew later"
    return "stock, rates or locations were entered or changed afterwards, or a plan moved it"


_ORDERS = (
    select(orders, total_of_order().label("worth"))
    .where(
        orders.c.taken_in_at >= bindparam("since"),
        ~orders.c.fulfilled_by_channel,
        orders.c.status != OrderStatus.TAKEN_BACK.value,
    )
    .order_by(orders.c.taken_in_at, orders.c.id)
)
_NAMES = select(locations.c.id, locations.c.name)
_LINES = (
    select(
        order_lines.c.id, order_lines.c.order_id, order_lines.c.sku_id, order_lines.c.quantity,
        order_lines.c.pack,
    )
    .where(
        among(order_lines.c.order_id, "orders"),
        order_lines.c.sku_id.is_not(None),
        order_lines.c.requires_shipping,
        order_lines.c.quantity > 0,
    )
    .order_by(order_lines.c.order_id, order_lines.c.position)
)  # fmt: skip
_SUGGESTED = (
    select(
        routing_suggestions.c.order_id, routing_suggestions.c.explanation,
        routing_suggestions.c.made_at,
    )
    .where(among(routing_suggestions.c.order_id, "orders"))
    .order_by(routing_suggestions.c.id)
)  # fmt: skip
_BY_HAND = (
    select(
        routing_decisions.c.order_id,
        fulfilment_order_lines.c.order_line_id,
        fulfilment_orders.c.location_id,
    )
    .join(fulfilment_orders, fulfilment_orders.c.decision_id == routing_decisions.c.id)
    .join(
        fulfilment_order_lines,
        fulfilment_order_lines.c.fulfilment_order_id == fulfilment_orders.c.id,
    )
    .where(
        among(routing_decisions.c.order_id, "orders"),
        routing_decisions.c.kind == "overridden",
        routing_decisions.c.withdrawn_at.is_(None),
    )
)
