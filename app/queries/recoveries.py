"""How was a parcel made good, what did that cost, and what is asked of its carrier?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from app.models.base import is_state
from app.models.fulfilment import shipments
from app.models.orders import orders
from app.models.returns import carrier_claims, recoveries, refunds, replacement_orders, returns

KINDS: Final[Mapping[str, str]] = {
    "wait": "Wait",
    "reship": "Sent again",
    "refund": "Money back",
    "partial": "A part of the money back",
}


@dataclass(frozen=True, slots=True)
class RecoveryRow:
    """A way that was chosen for a parcel: what it costs in all, and what came of it."""

    id: int
    order_id: int
    shipment_id: int
    situation: str
    kind: str
    kind_words: str
    state: str
    cost: int
    currency: str
    wait_until: datetime | None
    replacement_id: int | None
    replacement: str
    replacement_status: str
    refund_id: int | None
    refund_state: str
    reason: str
    chosen_by: str
    chosen_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """What is asked of a carrier for a parcel, until which day."""

    id: int
    shipment_id: int
    order_id: int
    order_number: str
    carrier: str
    tracking_number: str
    situation: str
    amount: int
    currency: str
    state: str
    opens_at: datetime | None
    due_at: datetime
    reference: str
    paid: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class DueRefund:
    """Money that was promised and not given yet: for a return, or for a parcel that went wrong."""

    id: int
    order_id: int
    order_number: str
    channel: str
    amount: int
    currency: str
    what: str
    promised_at: datetime


@dataclass(frozen=True, slots=True)
class MadeGood:
    """What was chosen for a parcel, the newest first, and its claim; which order it replaces, if any."""

    recoveries: tuple[RecoveryRow, ...]
    claim: ClaimRow | None
    replaces_id: int | None
    replaces: str

    @property
    def live(self) -> RecoveryRow | None:
        """The way that counts now."""
        return next((each for each in self.recoveries if each.state == "live"), None)


def made_good(db: Connection, shipment_id: int) -> MadeGood:
    """Return how a parcel was made good."""
    rows = db.execute(_RECOVERIES.where(recoveries.c.shipment_id == shipment_id)).all()
    claim = db.execute(
        _CLAIMS.where(
            carrier_claims.c.shipment_id == shipment_id, carrier_claims.c.state != "dropped"
        )
    ).first()
    original = db.execute(
        select(orders.c.id, orders.c.number)
        .join(replacement_orders, replacement_orders.c.original_order_id == orders.c.id)
        .join(shipments, shipments.c.order_id == replacement_orders.c.order_id)
        .where(shipments.c.id == shipment_id)
    ).first()
    return MadeGood(
        tuple(_row(row) for row in rows), _claim(claim) if claim else None,
        original.id if original else None, original.number if original else "",
    )  # fmt: skip


def claim_rows(db: Connection, *, with_closed: bool = False) -> list[ClaimRow]:
    """Return what is asked of carriers, the first to run out first."""
    query = _CLAIMS.where(carrier_claims.c.state != "dropped")
    if not with_closed:
        query = query.where(carrier_claims.c.state.in_(("open", "filed")))
    return [_claim(row) for row in db.execute(query.order_by(None).order_by(
        carrier_claims.c.state != "open", carrier_claims.c.due_at, carrier_claims.c.id))]  # fmt: skip


def recovery_rows(db: Connection, order_id: int) -> list[RecoveryRow]:
    """Return how the parcels of an order were made good."""
    return [_row(row) for row in db.execute(_RECOVERIES.where(recoveries.c.order_id == order_id))]


def due_refunds(db: Connection) -> list[DueRefund]:
    """Return the money that was promised and not given yet, the oldest promise first."""
    query = (
        select(refunds, orders.c.number, orders.c.channel, returns.c.number.label("back"))
        .join(orders, orders.c.id == refunds.c.order_id)
        .outerjoin(returns, returns.c.id == refunds.c.return_id)
        .where(is_state(refunds.c.state, "due"))
        .order_by(refunds.c.promised_at, refunds.c.id)
    )
    return [
        DueRefund(row.id, row.order_id, row.number, row.channel, row.amount, row.currency,
                  row.back or "a parcel that went wrong", row.promised_at)
        for row in db.execute(query)
    ]  # fmt: skip


_new = orders.alias("replacement")
_RECOVERIES: Final[Select[Any]] = (
    select(
        recoveries, _new.c.number.label("replacement"), _new.c.status.label("replacement_status"),
        refunds.c.state.label("refund_state"),
    )
    .outerjoin(_new, _new.c.id == recoveries.c.replacement_order_id)
    .outerjoin(refunds, refunds.c.id == recoveries.c.refund_id)
    .order_by(recoveries.c.id.desc())
)  # fmt: skip
_CLAIMS: Final[Select[Any]] = (
    select(carrier_claims, shipments.c.tracking_number, orders.c.number)
    .join(shipments, shipments.c.id == carrier_claims.c.shipment_id)
    .join(orders, orders.c.id == carrier_claims.c.order_id)
    .order_by(carrier_claims.c.id)
)


def _row(row: Any) -> RecoveryRow:
    return RecoveryRow(
        row.id, row.order_id, row.shipment_id, row.situation, row.kind, KINDS[row.kind], row.state,
        row.goods_cost + row.postage_cost + row.refund_cost, row.currency, row.wait_until,
        row.replacement_order_id, row.replacement or "", row.replacement_status or "", row.refund_id,
        row.refund_state or "", row.reason, row.chosen_by, row.chosen_at,
    )  # fmt: skip


def _claim(row: Any) -> ClaimRow:
    return ClaimRow(
        row.id, row.shipment_id, row.order_id, row.number, row.carrier, row.tracking_number,
        row.situation, row.amount, row.currency, row.state, row.opens_at, row.due_at, row.reference,
        row.paid, row.opened_at,
    )  # fmt: skip
