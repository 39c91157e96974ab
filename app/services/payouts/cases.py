"""Which differences need a person? Drafts of cases, read from what was found and is still so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.explaining import PLAIN
from app.domain.payouts.judging import Trouble
from app.domain.payouts.words import finding_words
from app.models.orders import channel_accounts, orders
from app.models.payouts import payout_findings, payout_lines, payouts

_found, _line = payout_findings.c, payout_lines.c
_money: Final = PLAIN.money


def differences(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return the orders and payouts for which another amount was paid than was due: one case each."""
    by_subject: dict[str, list[Any]] = defaultdict(list)
    for row in db.execute(_OPEN.where(_found.trouble.in_(_DIFFERENT))):
        by_subject[row.subject].append(row)
    return [_case(CaseKind.PAYOUT_DIFFERENCE, rows) for rows in by_subject.values()]


def double_fees(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return the orders for which a fee was taken twice: one case each."""
    by_order: dict[str, list[Any]] = defaultdict(list)
    for row in db.execute(_OPEN.where(_found.trouble == Trouble.DOUBLE_FEE.value)):
        by_order[row.subject].append(row)
    return [_case(CaseKind.DOUBLE_FEE, rows) for rows in by_order.values()]


def unpaid_orders(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return the orders that shipped long ago and are in no payout."""
    rows = db.execute(_OPEN.where(_found.trouble == Trouble.UNPAID.value))
    return [_case(CaseKind.ORDER_NOT_PAID, [row]) for row in rows]


def unknown_orders(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return the payouts that pay for orders which are not here, though orders of that time are."""
    return [_unknown(row) for row in db.execute(_UNKNOWN)]


_DIFFERENT: Final = (Trouble.DIFFERENT.value, Trouble.FEE.value, Trouble.PAYOUT.value)
_OPEN: Final = (
    select(
        payout_findings, orders.c.number, channel_accounts.c.name.label("account"),
        payouts.c.ref.label("payout"),
    )
    .join(channel_accounts, channel_accounts.c.id == _found.account_id)
    .outerjoin(orders, orders.c.id == _found.order_id)
    .outerjoin(payouts, payouts.c.id == _found.payout_id)
    .where(_found.state == "open")
    .order_by(_found.id)
)  # fmt: skip
_theirs = orders.alias("theirs")
_first_here = (
    select(func.min(_theirs.c.placed_at))
    .where(_theirs.c.channel == channel_accounts.c.channel)
    .correlate(channel_accounts)
    .scalar_subquery()
)
_as_number = (
    select(orders.c.id)
    .where(orders.c.number == _line.order_ref, orders.c.channel == channel_accounts.c.channel)
    .correlate(payout_lines, channel_accounts)
    .exists()
)
_as_external_id = (
    select(orders.c.id)
    .where(
        orders.c.account_id.in_(select(channel_accounts.alias("mine").c.id)),
        orders.c.external_id == _line.order_ref, orders.c.channel == channel_accounts.c.channel,
    )
    .correlate(payout_lines, channel_accounts)
    .exists()
)  # fmt: skip
_UNKNOWN: Final = (
    select(
        payouts.c.id, payouts.c.account_id, payouts.c.ref, payouts.c.currency,
        channel_accounts.c.name.label("account"), func.sum(_line.amount).label("worth"),
        func.count(_line.order_ref.distinct()).label("orders"),
        func.min(_line.order_ref).label("first"),
    )
    .join(payouts, payouts.c.id == _line.payout_id)
    .join(channel_accounts, channel_accounts.c.id == _line.account_id)
    .where(
        _line.order_id.is_(None), _line.order_ref != "", _line.is_live,
        _line.type.in_(("sale", "shipping", "refund")), _line.posted_at >= _first_here,
        ~_as_number, ~_as_external_id,
    )
    .group_by(payouts.c.id, payouts.c.account_id, payouts.c.ref, payouts.c.currency, channel_accounts.c.name)
    .having(func.count() > 0)
    .order_by(payouts.c.id)
)  # fmt: skip


def _case(kind: CaseKind, rows: Sequence[Any]) -> CaseDraft:
    row = rows[0]
    about, key = ("order", row.order_id) if row.order_id else ("payout", row.payout_id)
    name = f"Order {row.number}" if row.order_id else f"Payout {row.payout} of {row.account}"
    said = " ".join(finding_words(each) for each in rows)
    facts: Mapping[str, object] = {
        "findings": [each.id for each in rows], "message": said, "account": row.account,
        "payout": row.payout or "",
    }  # fmt: skip
    return CaseDraft(
        kind, about, key, f"{name}: {said.removesuffix('.')}", sum(abs(x.actual - x.expected) for x in rows),
        row.currency, order_id=row.order_id, facts=facts, account_id=row.account_id,
        cause=f"account:{row.account_id}" if kind is CaseKind.ORDER_NOT_PAID else "",
    )  # fmt: skip


def _unknown(row: Any) -> CaseDraft:
    what = f"order {row.first} in it is not here" if row.orders == 1 else (
        f"{row.orders:,} orders in it are not here, {row.first} first"
    )  # fmt: skip
    return CaseDraft(
        CaseKind.PAYMENT_UNKNOWN, "payout", row.id, f"Payout {row.ref} of {row.account}: {what}",
        abs(int(row.worth or 0)), row.currency,
        facts={"orders": row.orders, "first": row.first, "account": row.account, "payout": row.ref},
        account_id=row.account_id, cause=f"account:{row.account_id}",
    )  # fmt: skip
