"""What did each channel pay out, does it add up, and what is it made of?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select

from app.domain.payouts.lines import EARNED, KEPT, LineType
from app.models.exchange import import_files
from app.models.orders import channel_accounts, orders
from app.models.payouts import payout_findings, payout_lines, payouts


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout, or the month of a statement. Amounts are minor units of ``currency``, as we see them.

    ``earned`` is what sales brought, ``kept`` what the channel took for its service (below zero),
    ``given_back`` refunds, ``other`` the rest; ``paid`` what went to the bank. ``difference`` is what
    of the lines was not paid out. ``state`` is fits, differs, waits (not paid out yet), running (a
    statement: the rest stays at the channel) or bare (paid, but its lines are not here).
    ``loose`` counts the lines whose order is not here, ``differences`` what is open of it and its orders.
    """

    id: int
    account_id: int
    account: str
    channel: str
    ref: str
    currency: str
    paid_at: datetime | None
    first_at: datetime
    last_at: datetime
    lines: int
    orders: int
    loose: int
    earned: int
    kept: int
    given_back: int
    other: int
    paid: int
    difference: int
    state: str
    differences: int = 0

    @property
    def standing(self) -> str:
        """Its state, or what its orders make of it: orders_differ, or orders_missing that were of its time."""
        if self.differences and self.state != "differs":
            return "orders_differ"
        if self.loose and self.orders and self.state in ("fits", "waits"):
            return "orders_missing"
        return self.state


@dataclass(frozen=True, slots=True)
class LineRow:
    """One amount of a payout; ``number`` is the order's, empty while it is not here."""

    id: int
    payout_id: int
    payout: str
    order_id: int | None
    order_ref: str
    number: str
    item_ref: str
    type: str
    label: str
    amount: int
    currency: str
    posted_at: datetime
    file: str
    raw_line: int


def payout_rows(
    db: Connection, *, account_id: int | None = None, limit: int | None = 200, offset: int = 0
) -> list[PayoutRow]:
    """Return the payouts, the newest first."""
    query = _PAYOUTS
    if account_id is not None:
        query = query.where(payouts.c.account_id == account_id)
    query = query.order_by(func.max(_line.posted_at).desc(), payouts.c.id.desc())
    return [_payout(row) for row in db.execute(query.limit(limit).offset(offset))]


def payout_of(db: Connection, payout_id: int) -> PayoutRow | None:
    """Return one payout."""
    row = db.execute(_PAYOUTS.where(payouts.c.id == payout_id)).first()
    return _payout(row) if row else None


def payouts_named(db: Connection, ref: str) -> list[PayoutRow]:
    """Return the payouts that some channel calls so."""
    return [_payout(row) for row in db.execute(_PAYOUTS.where(payouts.c.ref == ref))]


def lines_of_payout(db: Connection, payout_id: int) -> list[LineRow]:
    """Return the lines of a payout, as the files state them."""
    query = _LINES.where(_line.payout_id == payout_id)
    return [LineRow(*row) for row in db.execute(query.order_by(_line.posted_at, _line.id))]


def lines_of_order(db: Connection, order_id: int) -> list[LineRow]:
    """Return everything that was booked about an order, in the order of booking."""
    query = _LINES.where(_line.order_id == order_id)
    return [LineRow(*row) for row in db.execute(query.order_by(_line.posted_at, _line.id))]


_line = payout_lines.c


def _sum(*types: LineType) -> ColumnElement[Any]:
    """Return the sum of the lines of some types."""
    mine = _line.type.in_([each.value for each in types])
    return func.coalesce(func.sum(case((mine, _line.amount), else_=0)), 0)


_inside = payout_lines.alias("inside")
_open_findings = (
    select(func.count(payout_findings.c.id))
    .where(
        payout_findings.c.state == "open",
        or_(
            payout_findings.c.payout_id == payouts.c.id,
            payout_findings.c.order_id.in_(
                select(_inside.c.order_id)
                .where(_inside.c.payout_id == payouts.c.id, _inside.c.is_live)
                .correlate(payouts)
            ),
        ),
    )
    .correlate(payouts)
    .scalar_subquery()
)
_OTHER: Final = (LineType.ADJUSTMENT, LineType.RESERVE)
_is_loose = (_line.order_ref != "") & _line.order_id.is_(None)
_PAYOUTS: Final = (
    select(
        payouts.c.id, payouts.c.account_id, channel_accounts.c.name.label("account"),
        channel_accounts.c.channel, payouts.c.ref, payouts.c.currency, payouts.c.paid_at,
        payouts.c.basis, func.min(_line.posted_at).label("first_at"),
        func.max(_line.posted_at).label("last_at"), func.count().label("lines"),
        func.count(_line.order_id.distinct()).label("orders"),
        func.sum(case((_is_loose, 1), else_=0)).label("loose"), _sum(*EARNED).label("earned"),
        _sum(*KEPT).label("kept"), _sum(LineType.REFUND).label("given_back"),
        _sum(*_OTHER).label("other"), _sum(LineType.TRANSFER).label("sent"),
        func.sum(case((_line.type == LineType.TRANSFER.value, 1), else_=0)).label("transfers"),
        func.sum(_line.amount).label("rest"), _open_findings.label("differences"),
    )
    .join(payout_lines, _line.payout_id == payouts.c.id)
    .join(channel_accounts, channel_accounts.c.id == payouts.c.account_id)
    .where(_line.is_live)
    .group_by(
        payouts.c.id, payouts.c.account_id, channel_accounts.c.name, channel_accounts.c.channel,
        payouts.c.ref, payouts.c.currency, payouts.c.paid_at, payouts.c.basis,
    )
)  # fmt: skip
_LINES: Final[Select[Any]] = (
    select(
        _line.id, _line.payout_id, payouts.c.ref, _line.order_id, _line.order_ref,
        func.coalesce(orders.c.number, ""), _line.item_ref, _line.type, _line.label, _line.amount,
        _line.currency, _line.posted_at, import_files.c.name, _line.raw_line,
    )
    .join(payouts, payouts.c.id == _line.payout_id)
    .join(import_files, import_files.c.id == _line.import_file_id)
    .outerjoin(orders, orders.c.id == _line.order_id)
    .where(_line.is_live)
)  # fmt: skip


def _payout(row: Any) -> PayoutRow:
    return PayoutRow(
        row.id, row.account_id, row.account, row.channel, row.ref, row.currency, row.paid_at,
        row.first_at, row.last_at, int(row.lines), int(row.orders), int(row.loose),
        int(row.earned), int(row.kept), int(row.given_back), int(row.other), -int(row.sent),
        int(row.rest), _state(row), int(row.differences),
    )  # fmt: skip


def _state(row: Any) -> str:
    if row.basis == "running":
        return "running"
    if not row.transfers:
        return "waits"
    if row.transfers == row.lines:
        return "bare"
    return "differs" if row.rest else "fits"
