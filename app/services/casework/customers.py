"""Whose cases are they: somebody who buys again and again, or for the first time?

Known by the address that the channel gives. All orders are looked through once for all new cases together,
beside the work, never while an order is taken in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from app.models.base import is_state
from app.models.bulk import update_rows
from app.models.cases import exception_cases
from app.models.orders import orders
from app.models.sets import among

_case, _order = exception_cases.c, orders.c


def who_asks(db: Connection) -> dict[int, int]:
    """Return, for each open case of which nobody knows it yet, how many orders its customer gave."""
    rows = db.execute(_UNKNOWN).all()
    emails = sorted({row.buyer_email for row in rows if row.buyer_email})
    given: dict[str, int] = dict(db.execute(_GIVEN, {"emails": emails}).all()) if emails else {}
    return {row.id: given.get(row.buyer_email, 1) for row in rows}


def note_customers(db: Connection, found: Mapping[int, int]) -> None:
    """Write on cases how many orders their customers gave."""
    update_rows(db, _NOTED, [{"key": key, "count": count} for key, count in found.items()])


_UNKNOWN: Final = (
    select(_case.id, _order.buyer_email)
    .join(orders, _order.id == _case.order_id)
    .where(is_state(_case.state, "open"), _case.customer_orders.is_(None))
)
_GIVEN: Final = (
    select(_order.buyer_email, func.count())
    .where(among(_order.buyer_email, "emails"))
    .group_by(_order.buyer_email)
)
_NOTED: Final = (
    exception_cases.update()
    .where(_case.id == bindparam("key"))
    .values(customer_orders=bindparam("count"))
)
