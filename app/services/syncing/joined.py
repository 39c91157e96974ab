"""Has a channel joined orders that are here into a new one? Then its lines are those of the others.

The new order waits until a person has looked: what it holds would leave twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, bindparam, select, text

from app.domain.orders import HoldCode, IncomingOrder, MapperHold
from app.models.orders import order_lines, orders
from app.models.sets import among

_order, _line = orders.c, order_lines.c


def hold_joined(
    db: Connection, account_id: int, account: str, incoming: Sequence[IncomingOrder]
) -> list[IncomingOrder]:
    """Return the orders, held where lines of theirs are an open order's already."""
    theirs = _numbers_by_line(db, account_id, incoming)
    return [_held(each, account, theirs) for each in incoming] if theirs else list(incoming)


def _held(
    order: IncomingOrder, account: str, theirs: Mapping[str, Mapping[str, str]]
) -> IncomingOrder:
    others = {
        number
        for line in order.lines
        for key, number in theirs.get(line.external_id, {}).items() if key != order.external_id
    }  # fmt: skip
    if not others:
        return order
    named = " and ".join(sorted(others))
    reason = (
        f"{account} has joined {named} into this order, so what it holds would leave twice. "
        f"Cancel {named} here, or ship them and cancel this one; then release what is left."
    )
    return replace(order, holds=(*order.holds, MapperHold(HoldCode.STATUS_UNCLEAR, reason)))


def _numbers_by_line(
    db: Connection, account_id: int, incoming: Sequence[IncomingOrder]
) -> Mapping[str, Mapping[str, str]]:
    """Return which open orders have these lines: by line, external id and number."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    asked = {
        "account": account_id, "doors": sorted({x.ship_to.postcode for x in incoming}),
        "lines": sorted({line.external_id for x in incoming for line in x.lines}),
    }  # fmt: skip
    for row in db.execute(_OPEN, asked):
        found[row.line][row.external_id] = row.number
    return found


_OPEN: Final = (
    select(_line.external_id.label("line"), _order.external_id, _order.number)
    .join(orders, _order.id == _line.order_id)
    .where(
        # (Their index.)
        text("orders.status IN ('open', 'accepted', 'partly_shipped')"),
        among(_order.ship_postcode, "doors"), _order.account_id == bindparam("account"),
        among(_line.external_id, "lines"),
    )
)  # fmt: skip
