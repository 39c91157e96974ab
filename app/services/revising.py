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

from app.domain.cases import CaseKind
from app.domain.orders import (
    ASKED_LATER,
    HoldCode,
    IncomingOrder,
    MapperHold,
    OrderStatus,
    content_hash,
)
from app.domain.revision import Content, Progress, Verdict, judge, renamed
from app.domain.roles import Actor
from app.models.bulk import insert_rows
from app.models.exchange import inbox_messages
from app.models.identity import Identity
from app.models.orders import holds, order_changes, order_lines, orders
from app.models.sets import among
from app.services import cancelling, changing, indexing, reclaiming, reserving
from app.services.cases import open_cases, resolve_cases
from app.services.order_rows import Arrival, hold_case, hold_row, inbox_row, order_values
from app.services.stored_orders import ADDRESS, versions_here

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
    orders.c.ship_by, orders.c.erased_at, orders.c.is_held,
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
        """Return unchanged, updated or changed, after doing what follows from it.

        An order whose buyer was forgotten is over: what the channel still knows does not come back.
        """
        if stored.erased_at is not None:
            return "unchanged"
        asked = self._asks_more(order, stored)
        if is_known(order, stored):
            return "updated" if asked else "unchanged"
        verdict = judge(order, versions_here(self._db, [stored.id])[stored.id])
        if verdict.is_nothing:
            return "updated" if asked else "unchanged"
        self._follow(verdict, stored)
        outcome = self._settle(verdict, stored)
        self._keep(order, verdict.fingerprint, outcome)
        return outcome

    def _follow(self, verdict: Verdict, stored: Any) -> None:
        """Follow the channel's own progress: paid, cancelled, shipped."""
        if verdict.progress is Progress.NONE:
            return
        self._update(stored.id, channel_state=verdict.version.state)
        if verdict.progress is Progress.PAID:
            self._paid(verdict, stored)
        elif verdict.progress is Progress.CANCELLED:
            self._cancelled(verdict.version, stored)
        elif verdict.progress is Progress.SHIPPED and stored.status not in _OVER:
            self._shipped_elsewhere(verdict.version, stored)

    def _asks_more(self, order: IncomingOrder, stored: Any) -> bool:
        """Hold what its channel asks to be held by now, and let go what it trusts by now."""
        if stored.status in _OVER:
            return False
        asked = [each for each in order.holds if each.code in ASKED_LATER]
        new = [each for each in asked if not self._was_asked(stored.id, each.code)]
        for each in new:
            self._raise(stored.id, order, each)
        return bool(new) or (stored.is_held and order.is_trusted and self._trusts(stored))

    def _was_asked(self, order_id: int, code: HoldCode) -> bool:
        """Whether that was asked for before: a person who released it has decided."""
        known = select(holds.c.id).where(holds.c.order_id == order_id, holds.c.code == code)
        return self._db.execute(known.limit(1)).first() is not None

    def _trusts(self, stored: Any) -> bool:
        return bool(reclaiming.release_holds(
            self._db, self._actor, stored.id, (HoldCode.FRAUD_RISK,),
            reason="The channel sees no fraud in it any more.", now=self._now,
        ))  # fmt: skip

    def _settle(self, verdict: Verdict, stored: Any) -> str:
        """Do what follows from the content, and return the outcome in a word."""
        if verdict.content is Content.CHANGED:
            self._changed(verdict, stored)
            return "changed"
        if verdict.content is Content.REVERTED:
            self._reverted(stored)
        if verdict.content is Content.ADDS_FACTS:
            self._learn(verdict, stored)
        return "updated"

    def _paid(self, verdict: Verdict, stored: Any) -> None:
        """Let the order go on. What was decided on stays what it is: if it differs, that is asked."""
        is_open = stored.status == OrderStatus.OPEN
        freed = self._complete(verdict, stored) if is_open else ()
        reclaiming.release_holds(
            self._db, self._actor, stored.id, (HoldCode.AWAITING_PAYMENT,),
            reason="The channel confirmed the payment.", now=self._now,
        )  # fmt: skip
        if is_open:
            reclaiming.reclaim(self._db, self._actor, [stored.id], now=self._now)
            reclaiming.reclaim_for_skus(self._db, self._actor, freed, now=self._now)

    def _complete(self, verdict: Verdict, stored: Any) -> Collection[int]:
        """Take over what a pending order did not have yet: lines, prices, buyer, address.

        The SKUs whose units became free are returned.
        """
        db, order = self._db, verdict.version
        values = {**order_values(order), "content_hash": verdict.fingerprint}
        values["ship_by"] = order.ship_by or stored.ship_by
        self._update(stored.id, **values)
        freed = reserving.release(
            db, [stored.id], reserving.origin_of(self._actor.name, self._arrival.source, self._now)
        )
        changing.write_lines(db, stored.id, [asdict(line) for line in order.lines])
        for problem in order.holds:
            self._raise(stored.id, order, problem)
        return freed

    def _cancelled(self, order: IncomingOrder, stored: Any) -> None:
        if stored.status == OrderStatus.OPEN:
            cancelling.cancel_orders(
                self._db, self._actor, [stored.id],
                reason="Cancelled on the channel.", now=self._now, tell_channel=False,
            )  # fmt: skip
        elif stored.status in (OrderStatus.ACCEPTED, OrderStatus.PARTLY_SHIPPED):
            self._raise(stored.id, order, MapperHold(
                HoldCode.CANCELLED_ON_CHANNEL,
                "The channel cancelled it after it was accepted here. Stop the parcel, then cancel "
                "it here too.",
            ))  # fmt: skip
        elif stored.status == OrderStatus.SHIPPED:
            draft = hold_case(stored.id, order, MapperHold(
                HoldCode.CANCELLED_ON_CHANNEL, "The channel cancelled it after the parcel left.",
            ), self._now)  # fmt: skip
            open_cases(self._db, [draft], now=self._now)

    def _shipped_elsewhere(self, order: IncomingOrder, stored: Any) -> None:
        self._raise(stored.id, order, MapperHold(
            HoldCode.SHIPPED_ELSEWHERE,
            "The channel says it is shipped, and this desk did not ship it.",
        ))  # fmt: skip

    def _changed(self, verdict: Verdict, stored: Any) -> None:
        """Keep the new version beside the old one, and hold the order until a person decides."""
        db, table = self._db, order_changes
        mine = table.c.order_id == stored.id
        db.execute(table.update().where(mine, table.c.state == "open").values(state="superseded"))
        here = versions_here(db, [stored.id])[stored.id].version
        values = {
            "before": _as_data(here),
            "after": _as_data(verdict.version),
            "state": "open",
            "seen_at": self._now,
        }
        same = table.c.content_hash == verdict.fingerprint
        # The channel may come back to a version that was here before: it is asked about anew.
        if not db.execute(table.update().where(mine, same).values(**values)).rowcount:
            key = {"order_id": stored.id, "content_hash": verdict.fingerprint}
            new_id = Identity(db, table).take(table)
            insert_rows(db, table, [{"id": new_id, **key, **values}])
        self._update(stored.id, changed_hash=verdict.fingerprint)
        lines = ", ".join(f"{line.quantity} × {line.sku_text}" for line in verdict.version.lines)
        problem = MapperHold(
            HoldCode.ORDER_CHANGED, f"The channel now says: {lines}. Decide which version counts."
        )
        is_promised = stored.status in (OrderStatus.ACCEPTED, OrderStatus.PARTLY_SHIPPED)
        goes_elsewhere = is_promised and here.ship_to != verdict.version.ship_to
        kind, other = (CaseKind.ORDER_CHANGED, CaseKind.ADDRESS_CHANGED)[
            :: -1 if goes_elsewhere else 1
        ]
        resolve_cases(db, [other], "order", [stored.id],
                      resolution="The channel changed it once more.", now=self._now)  # fmt: skip
        self._raise(stored.id, verdict.version, problem, kind)

    def _reverted(self, stored: Any) -> None:
        """The channel went back to what is here: nobody has to decide any more."""
        why = "The channel took the change back."
        changing.drop_change(self._db, self._actor, stored.id, why=why, now=self._now)

    def _learn(self, verdict: Verdict, stored: Any) -> None:
        """Keep facts that an earlier report did not carry: the address, the channel's line ids."""
        order, to = verdict.version, verdict.version.ship_to
        address = {f"ship_{part}": getattr(to, part) for part in ADDRESS}
        self._update(stored.id, **address, content_hash=verdict.fingerprint)
        indexing.changed(self._db, [stored.id])
        here = versions_here(self._db, [stored.id])[stored.id].version
        for known, line_id in renamed(here, order).items():
            self._db.execute(
                order_lines.update()
                .where(order_lines.c.order_id == stored.id, order_lines.c.external_id == known)
                .values(external_id=line_id)
            )
        if stored.status == OrderStatus.OPEN:
            reclaiming.reclaim(self._db, self._actor, [stored.id], now=self._now)

    def _raise(
        self, order_id: int, order: IncomingOrder, problem: MapperHold, kind: CaseKind | None = None
    ) -> None:
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
        open_cases(db, [hold_case(order_id, order, problem, due, kind)], now=self._now)
        self._result.holds.append((order.number, problem.code))

    def _update(self, order_id: int, **values: Any) -> None:
        values["updated_at"] = self._now
        self._db.execute(orders.update().where(orders.c.id == order_id).values(**values))

    def _keep(self, order: IncomingOrder, fingerprint: str, outcome: str) -> None:
        db = self._db
        inbox_id = Identity(db, inbox_messages).take(inbox_messages)
        row = inbox_row(inbox_id, self._arrival, order, fingerprint, outcome, self._now)
        db.execute(inbox_messages.insert(), [row])


def is_known(order: IncomingOrder, stored: Any) -> bool:
    """Return whether the channel repeats itself, seen from the fingerprints alone."""
    if order.state != stored.channel_state:
        return False
    return bool(content_hash(order) == (stored.changed_hash or stored.content_hash))


def _as_data(order: IncomingOrder) -> dict[str, Any]:
    """Return a version as JSON can keep it."""
    data = asdict(order)
    return {key: data[key] for key in ("lines", "ship_to", "currency", *_AMOUNTS)}


_AMOUNTS = ("shipping", "tax", "discount", "total")
