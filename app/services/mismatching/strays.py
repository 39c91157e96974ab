"""Which orders does one side know and the other does not?

There and not here: they came and could not be read, or a payout names them and nothing brought them.
Here and not there: their channel was asked for them one by one, and did not know them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.domain.mismatching.facts import StrayOrder
from app.domain.mismatching.ladder import Clock
from app.models.mismatches import missing_orders
from app.models.orders import channel_accounts, orders
from app.models.payouts import payout_lines
from app.models.sets import among

# Orders from before the first one here are paid for so long after it; they are not missing.
PAID_LATE: Final = timedelta(days=45)
_WAITS: Final = ("open", "accepted", "partly_shipped")
_missing, _line = missing_orders.c, payout_lines.c


def note_asked(
    db: Connection, order_ids: Collection[int], known_there: Collection[int], *, now: datetime
) -> None:
    """Keep which of the orders that a channel was asked for it did not know; the others are found."""
    wanted = {"orders": list(order_ids)}
    before = set(db.execute(select(_missing.order_id).where(_MEANT), wanted).scalars())
    gone = set(order_ids) - set(known_there)
    if found := before - gone:
        db.execute(missing_orders.delete().where(_MEANT), {"orders": sorted(found)})
    if still := before & gone:
        db.execute(_STILL.values(asked_at=now), {"orders": sorted(still)})
    if new := gone - before:
        rows = [{"order_id": each, "since": now, "asked_at": now} for each in sorted(new)]
        db.execute(missing_orders.insert(), rows)


def strays(
    db: Connection, unread: Sequence[Any], clock: Clock
) -> Iterator[tuple[str, int, StrayOrder]]:
    """Return every such order, with its subject and its account."""
    accounts = dict(db.execute(select(channel_accounts.c.id, channel_accounts.c.name)).all())
    for row in unread:
        yield f"order:in:{row.id}", row.account_id, StrayOrder(
            row.external_id, accounts[row.account_id], row.received_at, False,
            why="It came in and could not be read.",
        )  # fmt: skip
    came = {(row.account_id, row.external_id) for row in unread}
    for row in db.execute(_PAID_FOR):
        if (row.account_id, row.order_ref) not in came and row.at >= row.first + PAID_LATE:
            yield f"order:paid:{row.account_id}:{row.order_ref}"[:250], row.account_id, StrayOrder(
                row.order_ref, accounts[row.account_id], row.at, False,
                why="A payout names it, and no file or download has brought it.",
            )  # fmt: skip
    for row in db.execute(_NOT_THERE):
        yield f"order:gone:{row.id}", row.account_id, StrayOrder(
            row.number, accounts[row.account_id], row.since, True, row.id,
            f"It was asked for {clock(row.asked_at)}, and the channel did not know it.",
        )  # fmt: skip


_MEANT = among(_missing.order_id, "orders")
_STILL = missing_orders.update().where(_MEANT)
_FIRST = (
    select(orders.c.account_id, func.min(orders.c.placed_at).label("first"))
    .group_by(orders.c.account_id)
    .subquery()
)
# A line may not have been linked yet to an order that came in since.
_HERE = select(orders.c.id).where(
    orders.c.account_id == _line.account_id,
    (orders.c.external_id == _line.order_ref) | (orders.c.number == _line.order_ref),
)
_PAID_FOR = (
    select(_line.account_id, _line.order_ref, func.min(_line.posted_at).label("at"), _FIRST.c.first)
    .join(_FIRST, _FIRST.c.account_id == _line.account_id)
    .where(_line.order_id.is_(None), _line.order_ref != "", _line.is_live, _line.type == "sale",
           _line.amount > 0, ~_HERE.exists())
    .group_by(_line.account_id, _line.order_ref, _FIRST.c.first)
    .order_by(func.min(_line.posted_at), _line.order_ref)
)  # fmt: skip
_NOT_THERE = (
    select(orders.c.id, orders.c.number, orders.c.account_id, _missing.since, _missing.asked_at)
    .join(orders, orders.c.id == _missing.order_id)
    .where(orders.c.status.in_(_WAITS))
    .order_by(orders.c.id)
)
