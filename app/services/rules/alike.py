"""Does an order look like another open one over again: same buyer, same door, same goods, within two days?

Only rules that ask this make it be looked for; channels do not matter, since one person may order on two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select

from app.domain.folding import fold
from app.domain.orders import IncomingOrder
from app.models.base import is_state
from app.models.orders import order_lines, orders
from app.models.sets import among

ASKED: Final = "duplicate"
_WITHIN: Final = timedelta(days=2)
Goods = frozenset[tuple[int | str, int]]


class Look(NamedTuple):
    """What two orders are compared by; ``id`` is 0 before it is stored."""

    id: int
    postcode: str
    name: str
    street: str
    mail: str
    placed_at: datetime
    goods: Goods

    def is_again(self, other: Look) -> bool:
        """Return whether the other is this one over again."""
        buyer = bool(self.mail) and self.mail == other.mail
        door = bool(self.street) and (self.name, self.street) == (other.name, other.street)
        is_near = abs(self.placed_at - other.placed_at) <= _WITHIN
        return (buyer or door) and is_near and self.goods == other.goods


class Alike:
    """The open orders beside which one may look the same, by ZIP; those of this write unit too."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._there: dict[str, list[Look]] = {}

    def is_stored_again(self, row: Any, lines: Sequence[Any]) -> bool:
        """Return whether a stored order looks like another open one."""
        look = _look(row, lines)
        return any(look.is_again(each) for each in self._at(look.postcode) if each.id != look.id)

    def comes_again(self, order: IncomingOrder, goods: Goods) -> bool:
        """Return whether an order that comes in looks like an open one; it is open itself from then on."""
        to = order.ship_to
        look = Look(0, to.postcode, fold(to.name or order.buyer_name), fold(to.line1),
                    fold(order.buyer_email), order.placed_at, goods)  # fmt: skip
        there = self._at(look.postcode)
        found = any(look.is_again(each) for each in there)
        if look.postcode:
            there.append(look)
        return found

    def read(self, postcodes: Collection[str]) -> None:
        """Read the open orders of these ZIPs at once."""
        new = sorted({each for each in postcodes if each} - self._there.keys())
        for each in new:
            self._there[each] = []
        rows = self._db.execute(_OPEN, {"zips": new}).all() if new else []
        lines: dict[int, list[Any]] = defaultdict(list)
        for line in self._db.execute(_LINES, {"orders": [row.id for row in rows]}) if rows else ():
            lines[line.order_id].append(line)
        for row in rows:
            self._there[row.ship_postcode].append(_look(row, lines[row.id]))

    def _at(self, postcode: str) -> list[Look]:
        if not postcode:
            return []
        self.read([postcode])
        return self._there[postcode]


def _look(row: Any, lines: Sequence[Any]) -> Look:
    return Look(
        row.id, row.ship_postcode, fold(row.ship_name or row.buyer_name), fold(row.ship_line1),
        fold(row.buyer_email), row.placed_at,
        goods_of((each.sku_id, each.sku_text, each.quantity) for each in lines),
    )  # fmt: skip


def goods_of(lines: Any) -> Goods:
    """Return goods as (SKU id or its text, units) to compare."""
    return frozenset((sku or fold(text), units) for sku, text, units in lines if units)


_OPEN = select(
    orders.c.id, orders.c.ship_postcode, orders.c.ship_name, orders.c.buyer_name,
    orders.c.ship_line1, orders.c.buyer_email, orders.c.placed_at,
).where(
    among(orders.c.ship_postcode, "zips"),
    is_state(orders.c.status, "open", "accepted", "partly_shipped"),
)  # fmt: skip
_LINES = select(
    order_lines.c.order_id, order_lines.c.sku_id, order_lines.c.sku_text, order_lines.c.quantity
).where(among(order_lines.c.order_id, "orders"))
