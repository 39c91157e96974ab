"""Whatever went wrong: is everything still true? One checker, run after every case and simulation.

Recomputed from the desk's database and the marketplace's own truth; the numbers are those of the list of
invariants that the cases were written to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, func, select

from app.domain.cases import CaseKind
from app.models.cases import exception_cases
from app.models.exchange import inbox_messages, outbox_messages
from app.models.fulfilment import shipments
from app.models.inventory import network_stock, stock_levels
from app.models.orders import orders
from app.models.sync import outbox_attempts, sync_states
from app.services.verifying import verify_store
from app.sync.loopback.shop import Shop
from tests.sync.live.world import World

MOST_ATTEMPTS = 60


def broken(world: World, *, is_quiet: bool = True) -> list[str]:
    """Return every invariant that does not hold, in words."""
    found = [
        f"{check.name}: {check.detail}" for check in verify_store(world.desk.store) if not check.ok
    ]
    with world.desk.store.read() as db:
        for name, shop in world.shops.items():
            account = world.accounts[name]
            found += _once_each(db, account)
            found += _nothing_lost(db, account, shop)
            found += _confirmed_once(db, account, shop, is_quiet=is_quiet)
            found += _cursor(db, account, shop)
        found += _no_oversell(db)
        found += _outbox(db, is_quiet=is_quiet)
        found += _cases(db)
    return found


def _once_each(db: Connection, account: int) -> Iterator[str]:
    """I1."""
    query = select(orders.c.external_id).where(orders.c.account_id == account)
    for key, count in Counter(db.execute(query).scalars()).items():
        if count > 1:
            yield f"I1: order {key} is here {count} times"


def _nothing_lost(db: Connection, account: int, shop: Shop) -> Iterator[str]:
    """I2: every order is here, or kept raw with its reason."""
    here = set(
        db.execute(select(orders.c.external_id).where(orders.c.account_id == account)).scalars()
    )
    unread = select(inbox_messages.c.external_id).where(
        inbox_messages.c.account_id == account, inbox_messages.c.outcome == "unread"
    )
    known = here | set(db.execute(unread).scalars())
    for sold in shop.visible():
        if sold.id not in known:
            yield f"I2: order {sold.number} of {shop.name} is lost"


def _confirmed_once(db: Connection, account: int, shop: Shop, *, is_quiet: bool) -> Iterator[str]:
    """I5: each parcel that left is confirmed exactly once, and nothing else is."""
    told = Counter((e.subject, e.detail["tracking"]) for e in shop.told("confirm"))
    query = (
        select(orders.c.external_id, shipments.c.tracking_number, orders.c.channel_state)
        .join(shipments, shipments.c.order_id == orders.c.id)
        .where(orders.c.account_id == account, shipments.c.voided_at.is_(None))
    )
    sent = {(row.external_id, row.tracking_number): row.channel_state for row in db.execute(query)}
    for parcel, count in told.items():
        if parcel not in sent:
            yield f"I5: a parcel that never left was confirmed: {parcel}"
        if count > 1:
            yield f"I5: {parcel} was confirmed {count} times"
    for parcel, state in sent.items():
        there = shop.orders.get(parcel[0])  # one that was joined into another is gone
        cancelled = there is None or there.cancelled_at is not None
        if is_quiet and parcel not in told and state != "cancelled" and not cancelled:
            yield f"I5: {parcel} was never confirmed"


def _cursor(db: Connection, account: int, shop: Shop) -> Iterator[str]:
    """I12: the cursor is never ahead of the channel's own time."""
    cursor = db.execute(
        select(sync_states.c.cursor).where(sync_states.c.account_id == account)
    ).scalar()
    if cursor is not None and cursor > shop.now():
        yield f"I12: the cursor of {shop.name} is ahead of its clock"


def _no_oversell(db: Connection) -> Iterator[str]:
    """I4: not more is reserved than is there."""
    query = select(
        stock_levels.c.sku_id, func.sum(stock_levels.c.on_hand - stock_levels.c.allocated)
    ).group_by(stock_levels.c.sku_id)
    free: Mapping[int, int] = dict(db.execute(query).all())
    for row in db.execute(select(network_stock.c.sku_id, network_stock.c.reserved)):
        if row.reserved > free.get(row.sku_id, 0):
            yield f"I4: {row.reserved} of SKU {row.sku_id} are reserved, {free[row.sku_id]} are free"


def _outbox(db: Connection, *, is_quiet: bool) -> Iterator[str]:
    """I11: what had to be told is told, or a person knows; and nothing is tried for ever."""
    out = outbox_messages.c
    for row in db.execute(select(out.id, out.state, out.attempts, out.order_id, out.kind)):
        if row.attempts > MOST_ATTEMPTS:
            yield f"I20: message {row.id} was tried {row.attempts} times"
        waits_for_someone = row.state == "pending" and _has_case(db, row.order_id, "order_changed")
        if is_quiet and row.state in ("pending", "sent", "in_doubt") and not waits_for_someone:
            yield f"I11: message {row.id} ({row.kind}) is {row.state}"
        refused = CaseKind.MESSAGE_REFUSED
        if row.state == "rejected" and row.order_id and not _has_case(db, row.order_id, refused):
            yield f"I11: message {row.id} was refused, and nobody knows"
    for message_id, count in db.execute(
        select(outbox_attempts.c.message_id, func.count())
        .where(outbox_attempts.c.outcome == "acked")
        .group_by(outbox_attempts.c.message_id)
    ):
        if count > 1:
            yield f"I5: message {message_id} was taken {count} times"


def _has_case(db: Connection, order_id: int | None, kind: str) -> bool:
    query = select(exception_cases.c.id).where(
        exception_cases.c.kind == kind, exception_cases.c.subject_kind == "order",
        exception_cases.c.subject_id == order_id,
    )  # fmt: skip
    return db.execute(query).first() is not None


def _cases(db: Connection) -> Iterator[str]:
    """I9: one open case of a kind about a subject, with an owner and a severity."""
    table = exception_cases.c
    query = select(table.kind, table.subject_kind, table.subject_id, table.owner, table.severity)
    seen: Counter[tuple[str, str, int]] = Counter()
    for row in db.execute(query.where(table.state == "open")):
        seen[row.kind, row.subject_kind, row.subject_id] += 1
        if not row.owner or not row.severity:
            yield f"I9: a case of {row.kind} has no owner"
    yield from (f"I9: {key} has {count} open cases" for key, count in seen.items() if count > 1)
