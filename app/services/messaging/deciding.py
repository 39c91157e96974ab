"""What can a person do about a message? Let it go, stop it, send one again that went wrong, or drop it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.messaging.quiet import not_before, zone_of
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError
from app.models import house
from app.models.identity import Identity
from app.models.message_settings import message_rules
from app.models.messages import buyer_messages, message_opt_outs
from app.models.orders import orders
from app.models.sets import among
from app.services import audit
from app.services.messaging.silence import digests, silent

TOUCHED: Final = Touched.SHIPMENTS | Touched.FILES | Touched.CASES
_m = buyer_messages.c
_CONTACT: Final = select(orders.c.buyer_email, orders.c.ship_phone)


def approve_messages(
    db: Connection, actor: Actor, *, message_ids: Sequence[int], now: datetime
) -> Changes:
    """Let messages go: after their undo window, and not at night where the buyer lives."""
    actor.must(Permission.WORK)
    rules, brand_zone = message_rules(db), house.time_zone(db)
    rows = _rows(db, message_ids)
    ready: list[Any] = []
    for row in rows:
        zone = zone_of(row.ship_state, row.ship_country, brand_zone)
        later = not_before(now + rules.undo_window, rules.quiet_from, rules.quiet_until, zone)
        if row.state == "draft" and _turned(db, row.id, "draft", state="pending", not_before=later,
                                            approved_by=actor.name, problem=""):  # fmt: skip
            ready.append(row)
    undo = Undo("hold_messages", {"message_ids": [row.id for row in ready]}, subjects="message_ids")
    return _done(db, actor, "Send", ready, rows, "it is no draft", undo, "", now)


def hold_messages(
    db: Connection, actor: Actor, *, message_ids: Sequence[int], now: datetime
) -> Changes:
    """Take a yes back: nothing has left as long as the undo window lasts."""
    actor.must(Permission.WORK)
    rows = _rows(db, message_ids)
    waiting = [row for row in rows if row.state == "pending"]
    held = [row for row in waiting if _turned(db, row.id, "pending", state="draft", approved_by="")]
    undo = Undo(
        "approve_messages", {"message_ids": [row.id for row in held]}, subjects="message_ids"
    )
    return _done(db, actor, "Hold back", held, rows, "it has left already", undo, "", now)


def drop_messages(
    db: Connection, actor: Actor, *, message_ids: Sequence[int], reason: str, now: datetime
) -> Changes:
    """Do not send messages at all, or be done with one of which nobody knows whether it arrived."""
    actor.must(Permission.WORK)
    rows = _rows(db, message_ids)
    may = ("draft", "pending", "in_doubt", "rejected")
    gone = [row for row in rows if row.state in may
            and _turned(db, row.id, row.state, state="recalled", answered_at=now, problem=reason)]  # fmt: skip
    return _done(db, actor, "Drop", gone, rows, "it has left already", None, reason, now)


def send_messages_again(
    db: Connection, actor: Actor, *, message_ids: Sequence[int], now: datetime
) -> Changes:
    """Send what went wrong again. One in doubt may then arrive twice: only a person decides that."""
    actor.must(Permission.WORK)
    rows = _rows(db, message_ids)
    stuck = [row for row in rows if row.state in ("rejected", "in_doubt")
             and _turned(db, row.id, row.state, state="pending", not_before=now, sent_at=None,
                         problem="", approved_by=actor.name)]  # fmt: skip
    return _done(db, actor, "Send again", stuck, rows, "it is not stuck", None, "", now)


def stop_writing(db: Connection, actor: Actor, *, order_id: int, now: datetime) -> Changes:
    """Write to this buyer no more: they do not want it. What waits for them is dropped.

    Raises:
        NotFoundError: there is no such order, or nobody knows its buyer's address.
    """
    actor.must(Permission.WORK)
    row = db.execute(_CONTACT.where(orders.c.id == order_id)).first()
    marks = digests(db, row) if row is not None else set()
    if not marks:
        raise NotFoundError("This order has no address to write to; nothing was changed.",
                            "Its buyer is told nothing anyway.")  # fmt: skip
    ids = Identity(db, message_opt_outs)
    for mark in sorted(marks - silent(db)):
        values = {
            "id": ids.take(message_opt_outs),
            "digest": mark,
            "actor": actor.name,
            "said_at": now,
        }
        db.execute(message_opt_outs.insert(), [values])
    waiting = _CONTACT.add_columns(_m.id, _m.state).join(buyer_messages, _m.order_id == orders.c.id)
    rows = db.execute(waiting.where(_m.state.in_(("draft", "pending")))).all()
    for each in (each for each in rows if digests(db, each) & marks):
        _turned(db, each.id, each.state, state="recalled", answered_at=now,
                problem="The buyer wants no messages.")  # fmt: skip
    audit.record(db, actor, now, audit.Deed("stop writing", f"order:{order_id}"))
    undo = Undo("write_again", {"order_id": order_id}, subjects="")
    return Changes("Write to this buyer no more", TOUCHED, (order_id,), undo=undo)


def write_again(db: Connection, actor: Actor, *, order_id: int, now: datetime) -> Changes:
    """Write to this buyer again, of what happens from now on."""
    actor.must(Permission.WORK)
    row = db.execute(_CONTACT.where(orders.c.id == order_id)).first()
    if row is not None:
        marks = sorted(digests(db, row))
        db.execute(message_opt_outs.delete().where(message_opt_outs.c.digest.in_(marks)))
        audit.record(db, actor, now, audit.Deed("write again", f"order:{order_id}"))
    return Changes("Write to this buyer again", TOUCHED, (order_id,) if row else ())


def _rows(db: Connection, message_ids: Sequence[int]) -> list[Any]:
    query = (
        select(buyer_messages, orders.c.ship_state, orders.c.ship_country)
        .join(orders, orders.c.id == _m.order_id)
        .where(among(_m.id, "rows"))
        .order_by(_m.id)
    )
    return list(db.execute(query, {"rows": list(message_ids)}))


def _turned(db: Connection, message_id: int, was: str, **values: Any) -> bool:
    """Change a message only if it is still so: it may be leaving this very moment."""
    here = buyer_messages.update().where(_m.id == message_id, _m.state == was)
    return bool(db.execute(here.values(**values)).rowcount)


def _done(
    db: Connection, actor: Actor, verb: str, done: Sequence[Any], asked: Sequence[Any], why_not: str,
    undo: Undo | None, reason: str, now: datetime,
) -> Changes:  # fmt: skip
    if not asked:
        raise NotFoundError(
            "There is no such message; nothing was changed.", "Look at the list again."
        )
    audit.record(
        db, actor, now,
        *(audit.Deed(f"{verb.lower()} message", f"order:{row.order_id}", reason, after={"event": row.event})
          for row in done),
    )  # fmt: skip
    ids = {row.id for row in done}
    skipped = tuple(Skipped(f"message {row.id}", why_not) for row in asked if row.id not in ids)
    label = f"{verb} {counted(len(done), 'message')}"
    return Changes(label, TOUCHED, tuple(ids), skipped, undo if done else None)
