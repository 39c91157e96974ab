"""Take a page of a channel's orders in, with the cursor that passes it, in one write unit.

Either both are there afterwards or neither is. What cannot be understood is kept raw with a case, and
the others go on; one whose reading works later settles its case by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, or_, select, update

from app.domain.arriving import SeenOrder, payload_hash
from app.domain.cases import CaseDraft, CaseKind
from app.domain.orders import ChannelState
from app.domain.outgoing import OutgoingKind
from app.domain.roles import Actor
from app.models.base import UtcDateTime
from app.models.exchange import inbox_messages, outbox_messages
from app.models.identity import Identity
from app.models.orders import orders
from app.models.sets import among
from app.services import intake, revising
from app.services.cases import open_cases, resolve_cases
from app.services.order_rows import Arrival
from app.services.syncing import states
from app.services.syncing.joined import hold_joined

_inbox = inbox_messages.c
_CLOCKS_DIFFER: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Page:
    """Orders that an account's channel has shown, and how far that brings the cursor.

    ``acknowledges`` says that the channel wants to hear that each new order was seen. An order that
    was placed before ``since`` is not taken in, unless it is here already. ``joins`` says that the channel
    may join orders of one buyer into a new one.
    """

    account_id: int
    account: str
    seen: Sequence[SeenOrder]
    cursor: datetime | None = None
    acknowledges: bool = False
    since: datetime | None = None
    joins: bool = False


@dataclass(slots=True)
class Came:
    """What became of a page: counts of new, updated, changed, unchanged and unread orders."""

    counts: dict[str, int] = field(default_factory=dict)
    order_ids: tuple[int, ...] = ()

    def add(self, outcomes: Iterable[str]) -> None:
        """Count outcomes."""
        for outcome in outcomes:
            self.counts[outcome] = self.counts.get(outcome, 0) + 1


def take_page(db: Connection, actor: Actor, *, page: Page, now: datetime) -> Came:
    """Keep a page raw, take its orders in, and move the cursor."""
    came = Came()
    readable = _newest(db, page.account_id, _wanted(db, page))
    arrival = Arrival(
        page.account_id, f"sync:{page.account_id}", None,
        {key: {"order": each.payload} for key, each in readable.items()},
    )  # fmt: skip
    incoming = [each.order for each in readable.values() if each.order is not None]
    if incoming and page.joins:
        incoming = hold_joined(db, page.account_id, page.account, incoming)
    if incoming:
        taken = intake.take_in(db, actor, arrival=arrival, incoming=incoming, now=now)
        came.add(taken.outcomes.values())
        came.order_ids = taken.changes.done
        if page.acknowledges:
            _acknowledge(db, page.account_id, readable, now)
        _settle_unread(db, page.account_id, list(readable), now)
        _note_change(db, page.account_id, readable.values(), now)
    unread = [each for each in page.seen if each.order is None]
    came.add("unread" for _ in unread)
    _keep_unread(db, page, unread, now)
    if page.cursor is not None:
        states.note(db, page.account_id, cursor=page.cursor)
    return came


def _wanted(db: Connection, page: Page) -> list[SeenOrder]:
    """Return what can be read and is not from before the account was connected."""
    found = [each for each in page.seen if each.order is not None]
    since = page.since
    if since is None:
        return found
    old = [x.external_id for x in found if x.order is not None and x.order.placed_at < since]
    known = revising.known_orders(db, page.account_id, old) if old else {}
    unwanted = set(old) - set(known)
    return [each for each in found if each.external_id not in unwanted]


def _newest(db: Connection, account_id: int, seen: Sequence[SeenOrder]) -> dict[str, SeenOrder]:
    """Return each order as it was last changed: a list may be behind what was read of one order."""
    query = select(orders.c.external_id, orders.c.channel_changed_at).where(
        orders.c.account_id == account_id, among(orders.c.external_id, "ids")
    )
    latest: dict[str, datetime | None] = dict(
        db.execute(query, {"ids": [each.external_id for each in seen]}).all()
    )
    newest: dict[str, SeenOrder] = {}
    for each in seen:
        known = latest.get(each.external_id)
        if each.changed_at is None or known is None or each.changed_at >= known:
            newest[each.external_id] = each
            latest[each.external_id] = each.changed_at or known
    return newest


def _note_change(db: Connection, account_id: int, seen: Iterable[SeenOrder], now: datetime) -> None:
    """Remember when the channel says that each of these orders was changed.

    Not where that is days ahead: every later picture of the order would be taken for an older one.
    """
    rows = [
        {"key": x.external_id, "at": x.changed_at}
        for x in seen
        if x.changed_at is not None and x.changed_at < now + _CLOCKS_DIFFER
    ]
    if rows:
        db.execute(_CHANGED, [{**row, "account": account_id} for row in rows])


_CHANGED = update(orders).where(
    orders.c.account_id == bindparam("account"), orders.c.external_id == bindparam("key"),
    or_(orders.c.channel_changed_at.is_(None),
        orders.c.channel_changed_at < bindparam("at", type_=UtcDateTime)),
).values(channel_changed_at=bindparam("at", type_=UtcDateTime))  # fmt: skip


def _acknowledge(
    db: Connection, account_id: int, readable: dict[str, SeenOrder], now: datetime
) -> None:
    """Write down that the channel has to hear of each order that it has not heard of yet."""
    waiting = [
        key for key, each in readable.items()
        if each.order is not None and each.order.state is ChannelState.OPEN
    ]  # fmt: skip
    told = select(outbox_messages.c.order_id).where(
        outbox_messages.c.order_id == orders.c.id,
        outbox_messages.c.kind == OutgoingKind.ACKNOWLEDGE,
    )
    query = select(orders.c.id, orders.c.external_id).where(
        orders.c.account_id == account_id, among(orders.c.external_id, "ids"),
        orders.c.status == "open", ~told.exists(),
    )  # fmt: skip
    rows = db.execute(query, {"ids": waiting}).all()
    ids = Identity(db, outbox_messages)
    messages = [
        {
            "id": ids.take(outbox_messages), "account_id": account_id,
            "kind": OutgoingKind.ACKNOWLEDGE, "idempotency_key": f"acknowledge:{row.id}",
            "order_id": row.id, "payload": {"order": row.external_id}, "state": "pending",
            "not_before": now, "created_at": now,
        }
        for row in rows
    ]  # fmt: skip
    if messages:
        db.execute(outbox_messages.insert(), messages)


def _keep_unread(db: Connection, page: Page, unread: Sequence[SeenOrder], now: datetime) -> None:
    """Keep what nobody could read, once for its content, and open a case for it."""
    ids = Identity(db, inbox_messages)
    for each in unread:
        fingerprint = payload_hash(each.payload)
        known = db.execute(
            select(_inbox.id).where(
                _inbox.account_id == page.account_id, _inbox.external_id == each.external_id,
                _inbox.outcome == "unread", _inbox.content_hash == fingerprint,
            )
        ).first()  # fmt: skip
        if known is None:
            inbox_id = ids.take(inbox_messages)
            db.execute(
                inbox_messages.insert(), [_unread_row(inbox_id, page, each, fingerprint, now)]
            )
            open_cases(db, [_case(inbox_id, page, each, now)], now=now)


def _unread_row(
    inbox_id: int, page: Page, each: SeenOrder, fingerprint: str, now: datetime
) -> dict[str, Any]:
    return {
        "id": inbox_id, "account_id": page.account_id, "external_id": each.external_id,
        "content_hash": fingerprint, "channel_state": "", "import_file_id": None,
        "payload": {"order": each.payload, "problem": each.problem}, "outcome": "unread",
        "received_at": now,
    }  # fmt: skip


def _case(inbox_id: int, page: Page, each: SeenOrder, now: datetime) -> CaseDraft:
    return CaseDraft(
        CaseKind.ORDER_UNREADABLE, "inbox", inbox_id,
        f"An order on {page.account} could not be read: {each.problem}", due_at=now,
        facts={"order": each.external_id, "problem": each.problem},
    )  # fmt: skip


def _settle_unread(db: Connection, account_id: int, readable: list[str], now: datetime) -> None:
    """Close the cases of orders that could not be read before and are here now."""
    mine = (
        _inbox.account_id == account_id, among(_inbox.external_id, "ids"),
        _inbox.outcome == "unread",
    )  # fmt: skip
    found = db.execute(select(_inbox.id).where(*mine), {"ids": readable}).scalars().all()
    if found:
        db.execute(inbox_messages.update().where(_inbox.id.in_(found)).values(outcome="settled"))
        resolve_cases(
            db, [CaseKind.ORDER_UNREADABLE], "inbox", list(found),
            resolution="The order came in after all.", now=now,
        )  # fmt: skip
