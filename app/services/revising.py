"""Compare what a channel says again with what is here: progress is taken over, changes are asked.

Nothing of the desk's own (status, holds, notes, chosen location, shipments) is ever overwritten. A
channel's cancellation reverses what it can; different lines, amounts or address wait for a person.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.orders import (
    ChannelState,
    HoldCode,
    IncomingOrder,
    MapperHold,
    OrderStatus,
    content_hash,
)
from app.domain.roles import Actor
from app.models.exchange import inbox_messages
from app.models.identity import Identity
from app.models.orders import holds, order_changes, order_lines, orders, total_of_order
from app.models.sets import among
from app.services import cancelling, reclaiming
from app.services.cases import open_cases
from app.services.order_rows import Arrival, hold_case, hold_row, inbox_row, order_values

_OVER = (OrderStatus.SHIPPED, OrderStatus.CANCELLED)


@dataclass(slots=True)
class Revised:
    """What became of orders that were known: updated, changed or unchanged, by external id."""

    outcomes: dict[str, str] = field(default_factory=dict)
    holds: list[tuple[str, str]] = field(default_factory=list)


def known_orders(db: Connection, account_id: int, external_ids: Collection[str]) -> dict[str, Any]:
    """Return the stored orders among these, by external id."""
    wanted = {"account": account_id, "ids": external_ids}
    return {row.external_id: row for row in db.execute(_KNOWN, wanted)}


_KNOWN = select(
    orders.c.id, orders.c.external_id, orders.c.number, orders.c.status,
    orders.c.channel_state, orders.c.content_hash, orders.c.changed_hash,
    total_of_order().label("worth"),
    orders.c.currency, orders.c.ship_by,
).where(orders.c.account_id == bindparam("account"), among(orders.c.external_id, "ids"))  # fmt: skip


def revise(
    db: Connection,
    actor: Actor,
    *,
    arrival: Arrival,
    incoming: Sequence[IncomingOrder],
    now: datetime,
) -> Revised:
    """Take over what moved on, and open a case for what differs."""
    result = Revised()
    known = known_orders(db, arrival.account_id, {order.external_id for order in incoming})
    revision = _Revision(db, actor, arrival, now, result)
    for order in incoming:
        outcome = revision.compare(order, known[order.external_id])
        result.outcomes[order.external_id] = outcome
        if outcome != "unchanged":  # it may come once more in this batch
            known.update(known_orders(db, arrival.account_id, {order.external_id}))
    return result


class _Revision:
    """The comparison of one batch with the store."""

    def __init__(
        self, db: Connection, actor: Actor, arrival: Arrival, now: datetime, result: Revised
    ) -> None:
        self._db, self._actor, self._arrival, self._now = db, actor, arrival, now
        self._result = result

    def compare(self, order: IncomingOrder, stored: Any) -> str:
        """Return unchanged, updated or changed, after doing what follows from it."""
        fingerprint = content_hash(order)
        moved = order.state != stored.channel_state
        if not moved and fingerprint in (stored.content_hash, stored.changed_hash):
            return "unchanged"
        outcome = self._moved(order, stored, fingerprint) if moved else "unchanged"
        if outcome != "paid" and not _settled(order, stored, fingerprint):
            outcome = self._changed(order, stored, fingerprint) or outcome
        outcome = "updated" if outcome == "paid" else outcome
        if outcome != "unchanged":
            self._keep(order, fingerprint, outcome)
        return outcome

    def _moved(self, order: IncomingOrder, stored: Any, fingerprint: str) -> str:
        """Follow the channel's own progress: paid, cancelled, shipped."""
        self._update(stored.id, channel_state=order.state)
        if stored.channel_state == ChannelState.AWAITING_PAYMENT and order.state == "open":
            self._paid(order, stored, fingerprint)
            return "paid"
        if order.state == ChannelState.CANCELLED:
            self._cancelled(stored)
        elif order.state == ChannelState.SHIPPED and stored.status not in _OVER:
            self._shipped_elsewhere(stored)
        return "updated"

    def _paid(self, order: IncomingOrder, stored: Any, fingerprint: str) -> None:
        """Fill in what a pending order did not have yet: prices, buyer, address."""
        values = {**order_values(order), "content_hash": fingerprint}
        values["ship_by"] = order.ship_by or stored.ship_by
        self._update(stored.id, **values)
        for line in order.lines:
            self._db.execute(
                order_lines.update()
                .where(
                    order_lines.c.order_id == stored.id,
                    order_lines.c.external_id == line.external_id,
                )
                .values(unit_price=line.unit_price, discount=line.discount, tax=line.tax)
            )
        reclaiming.release_holds(
            self._db,
            self._actor,
            stored.id,
            (HoldCode.AWAITING_PAYMENT,),
            reason="The channel confirmed the payment.",
            now=self._now,
        )
        for problem in order.holds:
            self._raise(stored.id, order, problem)
        reclaiming.reclaim(self._db, self._actor, [stored.id], now=self._now)

    def _cancelled(self, stored: Any) -> None:
        if stored.status == OrderStatus.OPEN:
            cancelling.cancel_orders(
                self._db, self._actor, [stored.id],
                reason="Cancelled on the channel.", now=self._now, tell_channel=False,
            )  # fmt: skip
        elif stored.status != OrderStatus.CANCELLED:
            self._case(CaseKind.CANCELLED_LATE, stored, "the channel cancelled it")

    def _shipped_elsewhere(self, stored: Any) -> None:
        self._case(CaseKind.SHIPPED_ELSEWHERE, stored, "the channel says it is shipped")

    def _changed(self, order: IncomingOrder, stored: Any, fingerprint: str) -> str | None:
        """Keep the new version beside the old one, and hold the order until a person decides."""
        if self._known_change(stored.id, fingerprint):
            return None
        db = self._db
        db.execute(
            order_changes.insert(),
            [
                {
                    "id": Identity(db, order_changes).take(order_changes),
                    "order_id": stored.id,
                    "content_hash": fingerprint,
                    "before": self._stored_version(stored.id),
                    "after": asdict(order),
                    "state": "open",
                    "seen_at": self._now,
                }
            ],
        )
        self._update(stored.id, changed_hash=fingerprint)
        lines = ", ".join(f"{line.quantity} × {line.sku_text}" for line in order.lines)
        problem = MapperHold(
            HoldCode.ORDER_CHANGED, f"The channel now says: {lines}. Decide which version counts."
        )
        self._raise(stored.id, order, problem)
        return "changed"

    def _known_change(self, order_id: int, fingerprint: str) -> bool:
        query = select(order_changes.c.id).where(
            order_changes.c.order_id == order_id, order_changes.c.content_hash == fingerprint
        )
        return self._db.execute(query).first() is not None

    def _stored_version(self, order_id: int) -> dict[str, Any]:
        rows = self._db.execute(
            select(
                order_lines.c.external_id, order_lines.c.sku_text, order_lines.c.quantity,
                order_lines.c.unit_price,
            ).where(order_lines.c.order_id == order_id).order_by(order_lines.c.position)
        )  # fmt: skip
        return {"lines": [dict(row._mapping) for row in rows]}  # noqa: SLF001

    def _raise(self, order_id: int, order: IncomingOrder, problem: MapperHold) -> None:
        db = self._db
        there = select(holds.c.id).where(
            holds.c.order_id == order_id,
            holds.c.code == problem.code,
            holds.c.released_at.is_(None),
        )
        if db.execute(there).first() is None:
            hold_id = Identity(db, holds).take(holds)
            db.execute(
                holds.insert(), [hold_row(hold_id, order_id, problem, self._actor.name, self._now)]
            )
        self._update(order_id, is_held=True)
        due = order.ship_by or self._now
        open_cases(db, [hold_case(order_id, order, problem, due)], now=self._now)
        self._result.holds.append((order.number, problem.code))

    def _case(self, kind: CaseKind, stored: Any, what: str) -> None:
        open_cases(
            self._db,
            [
                CaseDraft(
                    kind,
                    "order",
                    stored.id,
                    f"Order {stored.number}: {what}",
                    stored.worth or 0,
                    stored.currency,
                    stored.id,
                    due_at=stored.ship_by,
                )
            ],
            now=self._now,
        )

    def _update(self, order_id: int, **values: Any) -> None:
        values["updated_at"] = self._now
        self._db.execute(orders.update().where(orders.c.id == order_id).values(**values))

    def _keep(self, order: IncomingOrder, fingerprint: str, outcome: str) -> None:
        db = self._db
        inbox_id = Identity(db, inbox_messages).take(inbox_messages)
        row = inbox_row(inbox_id, self._arrival, order, fingerprint, outcome, self._now)
        db.execute(inbox_messages.insert(), [row])


def _settled(order: IncomingOrder, stored: Any, fingerprint: str) -> bool:
    """Return whether the content needs no decision: the same, or the order is over."""
    same = fingerprint in (stored.content_hash, stored.changed_hash)
    return same or order.state == ChannelState.CANCELLED or stored.status == OrderStatus.CANCELLED
