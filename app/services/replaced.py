"""What did the store that a backup replaces tell its channels, and the backup does not know?

A restored store would ship such an order once more, or tell its channel twice. So the order is held
with a case that says what is known, and a message that went out already is left in doubt: it never
goes out by itself. Where nothing can be known, every order that could leave is held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.domain.cases import OF_HOLD, CaseDraft
from app.domain.orders import HoldCode, MapperHold
from app.domain.roles import Actor
from app.errors import DeskError
from app.models.database import Store
from app.models.exchange import outbox_messages
from app.models.identity import Identity
from app.models.orders import holds, orders, total_of_order
from app.models.sets import among
from app.services import anchor, audit
from app.services.cases import open_cases
from app.services.order_rows import hold_row

Key = tuple[str, str, str]  # an order by channel, account and external id: ids of ours differ
Fact = tuple[str, str]  # left | ship_confirm | cancel, with the tracking number

_FACTS = """
SELECT o.channel, a.name, o.external_id, o.number, 'left' AS what, s.tracking_number AS tracking
FROM shipments s JOIN orders o ON o.id = s.order_id JOIN channel_accounts a ON a.id = o.account_id
WHERE s.voided_at IS NULL
UNION ALL
SELECT o.channel, a.name, o.external_id, o.number, m.kind, COALESCE(s.tracking_number, '')
FROM outbox_messages m JOIN orders o ON o.id = m.order_id
JOIN channel_accounts a ON a.id = o.account_id LEFT JOIN shipments s ON s.id = m.shipment_id
WHERE m.state IN ('sent', 'in_doubt')
"""
_KEYS = """
SELECT o.id, o.channel, a.name, o.external_id FROM orders o
JOIN channel_accounts a ON a.id = o.account_id
"""
_COULD_LEAVE = """
SELECT order_id FROM fulfilment_orders WHERE state = 'open'
UNION SELECT order_id FROM outbox_messages WHERE state = 'pending' AND order_id IS NOT NULL
"""
_WAITING = """
SELECT m.id, m.order_id, m.kind, COALESCE(s.tracking_number, '') AS tracking
FROM outbox_messages m LEFT JOIN shipments s ON s.id = m.shipment_id
WHERE m.state = 'pending' AND m.order_id IS NOT NULL ORDER BY m.id
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What a store knows to have left or been told, by order; ``numbers`` are what people see."""

    store_id: str
    facts: Mapping[Key, frozenset[Fact]]
    numbers: Mapping[Key, str]


@dataclass(frozen=True, slots=True)
class Held:
    """What a restore held: how many orders, and the numbers of those that the backup lacks."""

    orders: int = 0
    missing: tuple[str, ...] = ()


def told_by(store: Store) -> Told | None:
    """Return what a store knows, or nothing where it cannot be read."""
    try:
        with store.read() as db:
            return told(db)
    except (SQLAlchemyError, DeskError):
        return None


def told(db: Connection) -> Told:
    """Return what left and what channels were told of it."""
    facts: dict[Key, set[Fact]] = defaultdict(set)
    numbers: dict[Key, str] = {}
    for channel, account, external_id, number, what, tracking in db.execute(text(_FACTS)):
        key = (channel, account, external_id)
        facts[key].add((what, tracking))
        numbers[key] = number
    sealed = {key: frozenset(found) for key, found in facts.items()}
    return Told(anchor.identity(db), sealed, numbers)


def hold(db: Connection, actor: Actor, before: Told | None, *, now: datetime) -> Held:
    """Hold the orders of a restored store that its predecessor knows more about."""
    here = told(db)
    if before is None or not here.store_id or before.store_id != here.store_id:
        ids = db.execute(text(_COULD_LEAVE)).scalars().all()
        return _hold(db, actor, dict.fromkeys(ids), now)
    lacking = {key: facts - here.facts.get(key, frozenset()) for key, facts in before.facts.items()}
    lacking = {key: facts for key, facts in lacking.items() if facts}
    found: dict[int, frozenset[Fact] | None] = {}
    for order_id, *parts in db.execute(text(_KEYS)) if lacking else ():
        if facts := lacking.pop((parts[0], parts[1], parts[2]), None):
            found[order_id] = facts
    held = _hold(db, actor, found, now)
    return Held(held.orders, tuple(before.numbers[key] for key in lacking))


def _hold(
    db: Connection, actor: Actor, facts: Mapping[int, frozenset[Fact] | None], now: datetime
) -> Held:
    if not facts:
        return Held()
    columns = (orders.c.id, orders.c.number, orders.c.currency, orders.c.ship_by)
    query = select(*columns, total_of_order().label("worth")).where(among(orders.c.id, "orders"))
    rows = db.execute(query, {"orders": list(facts)}).all()
    ids = Identity(db, holds)
    problems = {row.id: _problem(facts[row.id]) for row in rows}
    db.execute(
        holds.insert(),
        [hold_row(ids.take(holds), key, each, actor.name, now) for key, each in problems.items()],
    )
    held = orders.update().where(among(orders.c.id, "orders")).values(is_held=True, updated_at=now)
    db.execute(held, {"orders": list(facts)})
    open_cases(db, [_case(row, problems[row.id]) for row in rows], now=now)
    deeds = [audit.Deed("hold", f"order:{key}", each.reason) for key, each in problems.items()]
    audit.record(db, actor, now, *deeds, *_leave_in_doubt(db, facts))
    return Held(len(rows))


def _problem(facts: frozenset[Fact] | None) -> MapperHold:
    if facts is None:
        return MapperHold(
            HoldCode.SHIPPED_ELSEWHERE,
            "A backup was restored, and what was done after it was made is not known. This order "
            "may have shipped, and its channel may know: look there before you go on.",
        )
    numbers = ", ".join(sorted({tracking for _what, tracking in facts if tracking}))
    if numbers:
        return MapperHold(
            HoldCode.SHIPPED_ELSEWHERE,
            f"It shipped with {numbers} after the restored backup was made"
            f"{', and its channel was told' if _was_told(facts) else ''}. Do not ship it again.",
        )
    return MapperHold(
        HoldCode.CANCELLED_ON_CHANNEL,
        "Its channel was told that it is cancelled after the restored backup was made. "
        "Do not ship it.",
    )


def _was_told(facts: frozenset[Fact]) -> bool:
    return any(what != "left" for what, _tracking in facts)


def _case(row: Any, problem: MapperHold) -> CaseDraft:
    return CaseDraft(
        OF_HOLD[problem.code], "order", row.id,
        f"Order {row.number}: the restored backup is older than what was done",
        row.worth or 0, row.currency, row.id, due_at=row.ship_by,
        facts={"code": problem.code, "reason": problem.reason},
    )  # fmt: skip


def _leave_in_doubt(
    db: Connection, facts: Mapping[int, frozenset[Fact] | None]
) -> Sequence[audit.Deed]:
    """Stop the waiting messages that went out already, or may have."""
    stopped: dict[int, list[int]] = defaultdict(list)
    for row in db.execute(text(_WAITING)).all():
        known = facts.get(row.order_id, frozenset())
        if known is None or (row.kind, row.tracking) in known:
            stopped[row.order_id].append(row.id)
    ids = [each for mine in stopped.values() for each in mine]
    table = outbox_messages
    doubt = table.update().where(among(table.c.id, "messages")).values(state="in_doubt")
    db.execute(doubt, {"messages": ids})
    return [
        audit.Deed("leave in doubt", f"order:{order_id}", "A backup was restored.",
                   {"state": "pending"}, {"messages": mine})
        for order_id, mine in stopped.items()
    ]  # fmt: skip
