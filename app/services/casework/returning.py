"""Which parcels of nobody known, which returned goods, which promised money and which claims wait?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.domain.cases import CaseDraft, CaseKind
from app.models.base import is_state
from app.models.inventory import locations
from app.models.orders import orders
from app.models.returns import carrier_claims, refunds, return_units, returns

UNSEEN_FOR: Final = timedelta(hours=24)
REFUND_WITHIN: Final = timedelta(days=2)
CLAIM_AHEAD: Final = timedelta(days=21)
_kept, _unit, _refund, _claim = returns.c, return_units.c, refunds.c, carrier_claims.c


def of_nobody_known(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return the parcels that came back and belong to no order yet."""
    query = select(_kept.id, _kept.number, _kept.currency).where(
        _kept.order_id.is_(None),
        _kept.id.in_(select(_unit.return_id).where(_unit.received_at.is_not(None))),
    )
    return [
        CaseDraft(CaseKind.PARCEL_UNKNOWN, "return", row.id,
                  f"{row.number} came back, and nobody knows whose it is", currency=row.currency,
                  facts={"return": row.number})
        for row in db.execute(query.order_by(_kept.id))
    ]  # fmt: skip


def not_looked_at(db: Connection, now: datetime) -> list[CaseDraft]:
    """Return the returns that have been here for a day without anybody looking at them."""
    query = (
        select(_kept.id, _kept.number, _kept.order_id, _kept.currency, _unit.location_id,
               locations.c.name, func.count().label("units"), func.sum(_unit.worth).label("worth"))
        .join(returns, _kept.id == _unit.return_id)
        .join(locations, locations.c.id == _unit.location_id)
        .where(is_state(_unit.custody, "received", "graded"), _unit.custody == "received",
               _unit.received_at < now - UNSEEN_FOR)
        .group_by(_kept.id, _kept.number, _kept.order_id, _kept.currency, _unit.location_id,
                  locations.c.name)
        .order_by(_kept.id, _unit.location_id)
    )  # fmt: skip
    found = {row.id: row for row in db.execute(query)}
    return [
        CaseDraft(CaseKind.RETURN_WAITS, "return", row.id,
                  f"{row.number} has lain at {row.name} for more than a day, and nobody has looked at it",
                  int(row.worth), row.currency, row.order_id, facts={"return": row.number},
                  cause=f"location:{row.location_id}", location_id=row.location_id)
        for row in found.values()
    ]  # fmt: skip


def not_given(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return the money that was promised to customers and that nobody has given yet."""
    query = (
        select(_refund.id, _refund.amount, _refund.currency, _refund.order_id, _refund.return_id,
               _refund.promised_at, orders.c.number, orders.c.account_id, orders.c.channel)
        .join(orders, orders.c.id == _refund.order_id)
        .where(is_state(_refund.state, "due"), _refund.way == "by_hand")
        .order_by(_refund.id)
    )  # fmt: skip
    return [_owed(row) for row in db.execute(query)]


def _owed(row: Any) -> CaseDraft:
    return CaseDraft(
        CaseKind.REFUND_DUE, "refund", row.id,
        f"Order {row.number}: give the money back on the channel's own pages", row.amount, row.currency,
        row.order_id, due_at=row.promised_at + REFUND_WITHIN, account_id=row.account_id,
        facts={"refund": row.id},
    )  # fmt: skip


def claims_running_out(db: Connection, now: datetime) -> list[CaseDraft]:
    """Return the claims that are not handed in and that a carrier takes for three more weeks at most."""
    query = (
        select(carrier_claims, orders.c.number)
        .join(orders, orders.c.id == _claim.order_id)
        .where(is_state(_claim.state, "open"), _claim.due_at < now + CLAIM_AHEAD)
        .order_by(_claim.id)
    )
    return [
        CaseDraft(CaseKind.CLAIM_DUE, "claim", row.id,
                  f"Order {row.number}: the time for a claim at {row.carrier} runs out",
                  row.amount, row.currency, row.order_id, due_at=row.due_at,
                  facts={"claim": row.id}, cause=f"carrier:{row.carrier}")
        for row in db.execute(query)
    ]  # fmt: skip
