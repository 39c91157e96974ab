"""What is to be known of orders and payouts to judge what was paid?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from app.domain.payouts.fees import FeeRule, learnt, rules_as_data, rules_from_data
from app.domain.payouts.judging import Booked, fees_seen
from app.domain.payouts.lines import KEPT, LineType
from app.domain.promising.keeping import Settled, kept_of_a_sale, settled_share
from app.models import house
from app.models.fulfilment import shipments
from app.models.orders import channel_accounts, orders
from app.models.payout_facts import booked_row
from app.models.payouts import payout_lines, payouts
from app.models.promising.marks import mark_all
from app.models.promising.sheet import SETTLED
from app.models.returns import is_a_sale
from app.models.sets import among

FEE_RULES: Final = "fee_rules"
LEARN_FROM: Final = timedelta(days=180)
# Payouts come every week or two; an order that none of them mentions after this is missing.
PAID_WITHIN: Final = timedelta(days=21)
_line, _order = payout_lines.c, orders.c


# ---- fees ---------------------------------------------------------------------------------------


def fee_rules(db: Connection) -> Mapping[int, Sequence[FeeRule]]:
    """Return what each account's fees have proved to be."""
    kept = house.named(db, FEE_RULES).get(FEE_RULES) or {}
    return {int(account): rules_from_data(rules) for account, rules in kept.items()}


def learn_fees(db: Connection, account_id: int) -> None:
    """Conclude from an account's settlements of the last half year what it takes, and what it keeps.

    What channels are told depends on who keeps more of a sale; so it is worked out again.
    """
    orders_ = _settled(db, account_id)
    rules = learnt(fee for lines in orders_ for fee in fees_seen(lines))
    if orders_:  # what was proven stays so
        _remember(db, FEE_RULES, account_id, rules_as_data(rules))
    _learn_share(db, account_id, settled_share(orders_))


def _learn_share(db: Connection, account_id: int, share: Settled | None) -> None:
    known = (house.named(db, SETTLED).get(SETTLED) or {}).get(str(account_id))
    before = Settled(*known) if known else None
    _remember(db, SETTLED, account_id, list(share or ()))
    if kept_of_a_sale(0, before).percent != kept_of_a_sale(0, share).percent:
        mark_all(db, "what is kept of a sale")


def _settled(db: Connection, account_id: int) -> Sequence[Sequence[Booked]]:
    """Return what was booked about each order of the last half year of an account's settlements."""
    mine = (_line.account_id == account_id, _line.is_live)
    newest = db.execute(select(func.max(_line.posted_at)).where(*mine)).scalar()
    if newest is None:
        return ()
    found: dict[str, list[Booked]] = defaultdict(list)
    for row in db.execute(_TO_LEARN, {"account": account_id, "since": newest - LEARN_FROM}):
        found[row.order_ref].append(booked_row(row))
    return tuple(found.values())


def _remember(db: Connection, name: str, account_id: int, said: Sequence[object]) -> None:
    """Keep what was learnt of an account."""
    kept = house.named(db, name).get(name) or {}
    if list(said) != list(kept.get(str(account_id), ())):
        house.write(db, {name: {**kept, str(account_id): said}})


_TO_LEARN: Final = (
    select(
        _line.order_ref, _line.type, _line.label, _line.amount, _line.currency, _line.item_ref, _line.ref
    )
    .where(
        _line.account_id == bindparam("account"), _line.is_live, _line.order_ref != "",
        _line.posted_at >= bindparam("since"),
    )
    .order_by(_line.id)
)  # fmt: skip


# ---- what no payout pays for, and what does not add up -------------------------------------------


def unpaid(db: Connection) -> list[Any]:
    """Return the orders that shipped while payouts came, long before the newest, and are in none."""
    found: list[Any] = []
    for row in db.execute(_COVERED):
        wanted = {"channel": row.channel, "since": row.first, "until": row.last - PAID_WITHIN}
        found += db.execute(_UNPAID, wanted)
    return found


# Only sales say that an account's orders are covered: a statement may hold nothing but fees.
_COVERED: Final = (
    select(
        channel_accounts.c.channel, func.min(_line.posted_at).label("first"),
        func.max(_line.posted_at).label("last"),
    )
    .join(channel_accounts, channel_accounts.c.id == _line.account_id)
    .where(_line.is_live, _line.type == LineType.SALE.value)
    .group_by(channel_accounts.c.channel)
)  # fmt: skip
# Fees and postage are taken for an order whether it is paid or not.
_paid_for = (
    select(_line.id)
    .where(_line.order_id == _order.id, _line.is_live, _line.type.not_in(KEPT))
    .correlate(orders)
    .exists()
)
_left = (
    select(func.max(shipments.c.shipped_at))
    .where(shipments.c.order_id == _order.id, shipments.c.voided_at.is_(None))
    .correlate(orders)
    .scalar_subquery()
)
_UNPAID: Final = (
    select(_order.id, _order.account_id, _order.currency)
    .where(
        _order.channel == bindparam("channel"), _order.status == "shipped", is_a_sale(),
        _order.placed_at >= bindparam("since"), _order.placed_at < bindparam("until"),
        func.coalesce(_left, _order.placed_at) < bindparam("until"), ~_paid_for,
    )
    .order_by(_order.id)
)  # fmt: skip


def sums(db: Connection, payout_ids: Sequence[int]) -> list[Any]:
    """Return of closed payouts what went to the bank, and what their other lines add up to."""
    return list(db.execute(_SUMS, {"payouts": list(payout_ids)}))


_paid = func.sum(_line.amount).filter(_line.type == LineType.TRANSFER.value)
_others = func.sum(_line.amount).filter(_line.type != LineType.TRANSFER.value)
_SUMS: Final = (
    select(
        payouts.c.id, payouts.c.account_id, payouts.c.ref, payouts.c.currency,
        (-_paid).label("paid"), _others.label("lines"),
    )
    .join(payout_lines, _line.payout_id == payouts.c.id)
    .where(among(payouts.c.id, "payouts"), payouts.c.basis == "closed", _line.is_live)
    .group_by(payouts.c.id, payouts.c.account_id, payouts.c.ref, payouts.c.currency)
    .having(_paid.is_not(None), _others.is_not(None))
    .order_by(payouts.c.id)
)  # fmt: skip
