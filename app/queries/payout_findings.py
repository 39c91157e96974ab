"""What was paid otherwise than it was due, and how does an order stand as far as money is concerned?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, or_, select

from app.domain.explaining import PLAIN, Wording
from app.domain.payouts.judging import SETTLES, Trouble, expected_of
from app.domain.payouts.lines import EARNED, LineType
from app.domain.payouts.words import finding_words
from app.models import payout_facts
from app.models.fulfilment import shipments
from app.models.orders import orders
from app.models.payouts import payout_findings, payout_lines, payouts
from app.models.tracking import parcel_states
from app.queries.payouts import LineRow, lines_of_order

_found, _line = payout_findings.c, payout_lines.c


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something that was paid otherwise than it was due; ``sentence`` says it."""

    id: int
    trouble: str
    order_id: int | None
    number: str
    sentence: str
    off: int
    currency: str
    state: str
    found_at: datetime
    settled_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """What an order brought, in minor units: plus is money to us.

    ``state`` is none (nothing is due yet), expected (it shipped or arrived, and nothing was booked),
    booked (not paid out yet), paid (paid out: the order is closed) or differs. ``expected`` is what the sale
    should bring before fees; ``payouts`` are those that it is in, with the day of each.
    """

    state: str
    currency: str
    expected: int
    earned: int
    fees: int
    postage: int
    refunds: int
    other: int
    net: int
    payouts: tuple[tuple[str, datetime | None], ...]
    lines: tuple[LineRow, ...]
    findings: tuple[FindingRow, ...]
    delivered_at: datetime | None


def findings(
    db: Connection, *, payout_id: int | None = None, order_id: int | None = None,
    states: Sequence[str] = ("open", "accepted"), wording: Wording = PLAIN,
) -> list[FindingRow]:  # fmt: skip
    """Return what differs: of a payout with the orders in it, of an order, or at all."""
    query = _FINDINGS.where(_found.state.in_(list(states)))
    if payout_id is not None:
        within = select(_line.order_id).where(_line.payout_id == payout_id, _line.is_live)
        query = query.where(or_(_found.payout_id == payout_id, _found.order_id.in_(within)))
    if order_id is not None:
        query = query.where(_found.order_id == order_id)
    return [
        _row(row, wording) for row in db.execute(query.order_by(_found.state.desc(), _found.id))
    ]


_FINDINGS: Final[Select[Any]] = select(payout_findings, orders.c.number).outerjoin(
    orders, orders.c.id == _found.order_id
)


def _row(row: Any, wording: Wording) -> FindingRow:
    return FindingRow(
        row.id, row.trouble, row.order_id, row.number or "", finding_words(row, wording.money),
        row.actual - row.expected, row.currency, row.state, row.found_at, row.settled_by, row.reason,
    )  # fmt: skip


def order_money(db: Connection, order_id: int, *, wording: Wording = PLAIN) -> OrderMoney:
    """Return how an order stands."""
    lines = tuple(lines_of_order(db, order_id))
    known = findings(db, order_id=order_id, wording=wording)
    sold = payout_facts.sold(db, [order_id])[order_id]
    booked = payout_facts.booked(db, [order_id]).get(order_id, [])
    arrived = db.execute(_ARRIVED.where(shipments.c.order_id == order_id)).scalar()
    paid = _payouts(db, {line.payout_id for line in lines})
    is_due = sold.status == "shipped" and sold.channel in SETTLES and sold.without_tax > 0
    state = _state(lines, known, paid, is_due=is_due)

    def total(*types: LineType) -> int:
        return sum(line.amount for line in lines if line.type in types)

    return OrderMoney(
        state, sold.currency, expected_of(sold, booked), total(*EARNED), total(LineType.FEE),
        total(LineType.POSTAGE), total(LineType.REFUND), total(LineType.ADJUSTMENT, LineType.RESERVE),
        sum(line.amount for line in lines), tuple((row.ref, row.paid_at) for row in paid), lines,
        tuple(known), arrived,
    )  # fmt: skip


_ARRIVED: Final = (
    select(parcel_states.c.delivered_at)
    .join(shipments, shipments.c.id == parcel_states.c.shipment_id)
    .where(shipments.c.voided_at.is_(None), parcel_states.c.delivered_at.is_not(None))
    .order_by(parcel_states.c.delivered_at.desc())
    .limit(1)
)


def _payouts(db: Connection, payout_ids: set[int]) -> list[Any]:
    """Return payouts, and whether what they are made of has gone to the bank."""
    sent = (
        select(_line.id)
        .where(
            _line.payout_id == payouts.c.id, _line.is_live, _line.type == LineType.TRANSFER.value
        )
        .correlate(payouts)
        .exists()
    )
    query = select(payouts.c.ref, payouts.c.paid_at, sent.label("is_sent"))
    return list(db.execute(query.where(payouts.c.id.in_(payout_ids)).order_by(payouts.c.id)))


def _state(
    lines: Sequence[LineRow], known: Sequence[FindingRow], paid: Sequence[Any], *, is_due: bool
) -> str:
    if any(row.state == "open" and row.trouble != Trouble.UNPAID for row in known):
        return "differs"
    if not lines:
        return "expected" if is_due else "none"
    return "paid" if all(row.is_sent for row in paid) else "booked"
