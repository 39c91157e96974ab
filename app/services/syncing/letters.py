"""What can a person do about a message that its channel did not take? Correct it, send it again, drop it.

What it said before stays in the flight recorder, beside what it says now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.cases import CaseKind
from app.domain.changes import Changes, Skipped, Touched, counted
from app.domain.outgoing import MessageState, OutgoingKind
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.exchange import inbox_messages, outbox_messages
from app.services import audit
from app.services.cases import resolve_cases
from app.services.syncing import outbox

# What may be corrected in a message; what left and when is the desk's own record.
MAY_CHANGE: Final[Mapping[OutgoingKind, tuple[str, ...]]] = {
    OutgoingKind.SHIP_CONFIRM: ("carrier", "tracking_number"),
    OutgoingKind.CANCEL: ("reason",),
}
_STUCK: Final = (MessageState.REJECTED, MessageState.DEAD, MessageState.IN_DOUBT)
_out = outbox_messages.c


def correct_message(
    db: Connection, actor: Actor, *, message_id: int, changes: Mapping[str, str], now: datetime
) -> Changes:
    """Correct a message that its channel did not take, and send it again.

    Raises:
        NotFoundError: there is no such message.
        RefusedError: it is not stuck, or nothing of it may be changed so.
    """
    actor.must(Permission.WORK)
    row = _stuck(db, message_id)
    allowed = MAY_CHANGE.get(OutgoingKind(row.kind), ())
    wanted = {name: value.strip() for name, value in changes.items()}
    if not wanted or set(wanted) - set(allowed) or not all(wanted.values()):
        raise RefusedError(
            "This cannot be changed in such a message; nothing was sent.",
            "Change its carrier, its tracking number or its reason, and leave none of them empty.",
        )
    before = {name: row.payload.get(name, "") for name in wanted}
    _again(db, row, now, payload={**row.payload, **wanted})
    outbox.remember(
        db, [message_id], "edited", actor=actor.name, now=now,
        answer={"before": before, "after": wanted},
    )  # fmt: skip
    deed = audit.Deed("correct message", f"order:{row.order_id}", "", before, wanted)
    audit.record(db, actor, now, deed)
    return _changes("Correct a message and send it again", [row])


def send_again(
    db: Connection, actor: Actor, *, message_ids: Collection[int], now: datetime
) -> Changes:
    """Send messages again that their channels did not take; one in doubt is looked up first."""
    actor.must(Permission.WORK)
    rows = _rows(db, message_ids)
    stuck = [row for row in rows if row.state in _STUCK]
    for row in stuck:
        _again(db, row, now)
    outbox.remember(db, [row.id for row in stuck], "replayed", actor=actor.name, now=now)
    audit.record(
        db, actor, now, *(audit.Deed("send again", f"order:{row.order_id}") for row in stuck)
    )
    label = f"Send {counted(len(stuck), 'message')} again"
    return _changes(label, stuck, [row for row in rows if row.state not in _STUCK])


def drop_message(
    db: Connection, actor: Actor, *, message_id: int, reason: str, now: datetime
) -> Changes:
    """Give a message up: the channel was told in another way, or need not be.

    Raises:
        NotFoundError: there is no such message.
        RefusedError: it is not stuck, or no reason was given.
    """
    actor.must(Permission.WORK)
    if not reason.strip():
        raise RefusedError("Dropping a message needs a reason; nothing was changed.",
                           "Say in a few words how the channel learns of it.")  # fmt: skip
    row = _stuck(db, message_id)
    db.execute(outbox_messages.update().where(_out.id == row.id).values(state="recalled"))
    outbox.remember(db, [row.id], "dropped", actor=actor.name, now=now, words=reason)
    _close(db, row, f"Dropped: {reason}", now)
    audit.record(db, actor, now, audit.Deed("drop message", f"order:{row.order_id}", reason))
    return _changes("Drop a message", [row])


def settle_unread(
    db: Connection, actor: Actor, *, inbox_id: int, reason: str, now: datetime
) -> Changes:
    """Close the case of an order that could not be read: it is dealt with on the channel.

    Raises:
        NotFoundError: it has no open case.
    """
    actor.must(Permission.WORK)
    words = reason.strip() or "Settled by hand."
    kinds = [CaseKind.ORDER_UNREADABLE]
    if not resolve_cases(db, kinds, "inbox", [inbox_id], resolution=words, now=now):
        raise NotFoundError(
            "This order has no open case; nothing was changed.",
            "Nothing is left to do; read the list again.",
        )
    here = inbox_messages.update().where(inbox_messages.c.id == inbox_id)
    db.execute(here.values(outcome="settled"))
    audit.record(db, actor, now, audit.Deed("settle unread order", f"inbox:{inbox_id}", words))
    return Changes("Settle an order that could not be read", Touched.CASES, (inbox_id,))


def _again(db: Connection, row: Any, now: datetime, **values: Any) -> None:
    """Let a message go out again; what may have taken effect stays in doubt, to be looked up.

    A quantity is worked out anew, so the refused one is only taken out of the way.
    """
    if row.kind == OutgoingKind.QUANTITY:
        here = outbox_messages.update().where(_out.id == row.id)
        db.execute(here.values(state=MessageState.RECALLED, problem=""))
        _close(db, row, "Told anew.", now)
        return
    state = MessageState.IN_DOUBT if row.state == MessageState.IN_DOUBT else MessageState.PENDING
    sent_at = row.sent_at if state is MessageState.IN_DOUBT else None
    db.execute(
        outbox_messages.update()
        .where(_out.id == row.id)
        .values(state=state, not_before=now, sent_at=sent_at, problem="", **values)
    )
    _close(db, row, "Sent again.", now)


def _close(db: Connection, row: Any, words: str, now: datetime) -> None:
    sku_id = row.payload.get("sku_id")
    about = ("order", row.order_id) if row.order_id is not None else ("sku", sku_id)
    if about[1] is not None:
        resolve_cases(db, outbox.OF_MESSAGES, about[0], [about[1]], resolution=words, now=now)


def _stuck(db: Connection, message_id: int) -> Any:
    row = next(iter(_rows(db, [message_id])), None)
    if row is None:
        raise NotFoundError(
            "There is no such message; nothing was changed.",
            "The messages are listed on the page Channels.",
        )
    if row.state not in _STUCK:
        raise RefusedError(
            "This message is not stuck; nothing was changed.",
            "It is on its way, or its channel has taken it.",
        )
    return row


def _rows(db: Connection, message_ids: Collection[int]) -> Any:
    query = select(outbox_messages).where(_out.id.in_(message_ids), _out.export_file_id.is_(None))
    return db.execute(query.order_by(_out.id)).all()


def _changes(label: str, done: Any, left: Any = ()) -> Changes:
    skipped = tuple(Skipped(str(row.id), "it is not stuck") for row in left)
    touched = Touched.SHIPMENTS | Touched.FILES | Touched.CASES
    return Changes(label, touched, tuple(row.order_id for row in done if row.order_id), skipped)
