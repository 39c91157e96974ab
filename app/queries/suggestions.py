"""Where would each of these orders ship from, and why: for many orders at once?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from app.domain.attention import Amount, add_up
from app.domain.explaining import PLAIN, Explanation, Names, Wording, explain
from app.models.catalogue import skus
from app.models.fulfilment import routing_suggestions
from app.models.inventory import locations
from app.models.orders import orders
from app.queries.order_search import order_condition
from app.queries.orders import OrderRow, rows_of

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """An order and its open suggestion; ``None`` where there is nothing to decide."""

    order: OrderRow
    suggestion: Explanation | None


def rows_with_suggestions(
    db: Connection, order_ids: Sequence[int], *, wording: Wording = PLAIN
) -> list[SuggestionRow]:
    """Return these orders in the order given, each with its open suggestion in words."""
    rows = {row.id: row for row in rows_of(db, order_ids)}
    found = open_suggestions(db, list(rows), wording=wording)
    return [SuggestionRow(rows[each], found.get(each)) for each in order_ids if each in rows]


def open_suggestions(
    db: Connection, order_ids: Sequence[int], *, wording: Wording = PLAIN
) -> dict[int, Explanation]:
    """Return the open suggestion of each of these orders, in words."""
    names = _names(db)
    table = routing_suggestions.c
    found: dict[int, Explanation] = {}
    for at in range(0, len(order_ids), _CHUNK):
        query = select(table.order_id, table.currency, table.explanation).where(
            table.order_id.in_(order_ids[at : at + _CHUNK]), table.state == "open"
        )
        for row in db.execute(query):
            found[row.order_id] = explain(row.explanation, row.currency, names, wording)
    return found


def postage_of(db: Connection, *, query: str, now: datetime) -> tuple[Amount, ...]:
    """Return what accepting every order that a search finds would cost to ship, by currency."""
    table = routing_suggestions.c
    wanted = select(orders.c.id).where(order_condition(db, query, now))
    sums = (
        select(table.currency, func.sum(table.cost))
        .where(table.state == "open", table.order_id.in_(wanted))
        .group_by(table.currency)
    )
    return add_up([Amount(int(cost), currency) for currency, cost in db.execute(sums)])


def _names(db: Connection) -> Names:
    return Names(
        dict(db.execute(select(locations.c.id, locations.c.name)).all()),
        dict(db.execute(select(skus.c.id, skus.c.code)).all()),
    )
