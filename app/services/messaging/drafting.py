"""What has happened that a buyer is to hear of? Each event becomes one message, whoever notices it first.

What goes by itself waits for its undo window and for the morning; the rest waits for somebody's yes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select

from app.domain.changes import Changes, Touched, counted
from app.domain.messaging.events import Event, Way, event_key
from app.domain.messaging.quiet import not_before, zone_of
from app.domain.messaging.rules import may_tell
from app.domain.roles import Actor, Permission
from app.models import house
from app.models.bulk import insert_rows
from app.models.fulfilment import shipments
from app.models.identity import Identity
from app.models.message_settings import MessageRules, mail_server, message_rules
from app.models.messages import buyer_messages
from app.models.orders import orders
from app.models.returns import refunds, replacement_orders
from app.models.sets import among
from app.models.tracking import parcel_states
from app.services.messaging.settings import looks_like_mail
from app.services.messaging.silence import digests, silent

_LATE: Final = ("delayed",)
_ship, _order, _state = shipments.c, orders.c, parcel_states.c


@dataclass(frozen=True, slots=True)
class _Happened:
    """An event, and who is to hear of it."""

    event: Event
    key: str
    row: Any
    at: datetime


def draft_messages(db: Connection, actor: Actor, *, now: datetime) -> Changes:
    """Make a message of everything that has happened since; take back what is not true any more."""
    actor.must(Permission.WORK)
    rules = message_rules(db)
    recalled = _recall_voided(db, now)
    happened = _wanting(db, [each for each in _happened(db, rules) if _is_ours(each, rules)])
    rows = list(_rows(db, happened, rules, now))
    insert_rows(db, buyer_messages, rows)
    done = tuple(row["id"] for row in rows)
    label = f"Draft {counted(len(done), 'message')}" if done else "Look for news for buyers"
    touched = Touched.SHIPMENTS | Touched.FILES if done or recalled else Touched.NOTHING
    return Changes(label, touched, done)


def _is_ours(each: _Happened, rules: MessageRules) -> bool:
    """Say whether the channel allows it, the owner wants it, and it is news."""
    since = rules.since.get(each.row.account_id)
    return since is not None and each.at >= since and may_tell(each.row.channel, each.event)


def _known(db: Connection, happened: Sequence[_Happened]) -> set[str]:
    """Return the keys of these events of which somebody was told, or is about to be."""
    table = buyer_messages.c
    keys = [event_key(way, each.event, each.key) for each in happened for way in Way]
    query = select(table.idempotency_key).where(among(table.idempotency_key, "keys"))
    return set(db.execute(query, {"keys": keys}).scalars())


def _wanting(db: Connection, happened: Sequence[_Happened]) -> list[_Happened]:
    """Return those whose buyer has not said that they want no messages."""
    said = silent(db)
    return [each for each in happened if not said or not said & digests(db, each.row)]


def _rows(
    db: Connection, happened: Sequence[_Happened], rules: MessageRules, now: datetime
) -> Iterator[dict[str, Any]]:
    ids, brand_zone = Identity(db, buyer_messages), house.time_zone(db)
    has_mail, known = mail_server(db).is_set_up, _known(db, happened)
    for each in happened:
        for way in _ways(each.row, has_mail, rules):
            key = event_key(way, each.event, each.key)
            if key in known:
                continue
            is_by_itself = each.event in rules.by_itself
            zone = zone_of(each.row.ship_state, each.row.ship_country, brand_zone)
            later = not_before(now + rules.undo_window, rules.quiet_from, rules.quiet_until, zone)
            yield {
                "id": ids.take(buyer_messages), "way": way.value, "event": each.event.value,
                "idempotency_key": key,
                "account_id": each.row.account_id, "order_id": each.row.order_id,
                "shipment_id": getattr(each.row, "shipment_id", None),
                "refund_id": getattr(each.row, "refund_id", None),
                "state": "pending" if is_by_itself else "draft", "happened_at": each.at,
                "created_at": now, "approved_by": "a rule of yours" if is_by_itself else "",
                "not_before": later if is_by_itself else now,
            }  # fmt: skip


def _ways(row: Any, has_mail: bool, rules: MessageRules) -> Iterator[Way]:
    if has_mail and looks_like_mail(row.buyer_email.strip()):
        yield Way.MAIL
    if rules.sms_address and row.ship_phone.strip():
        yield Way.SMS


# ---- what happened ------------------------------------------------------------------------------


def _happened(db: Connection, rules: MessageRules) -> Iterator[_Happened]:
    if not rules.since:
        return
    wanted = {"accounts": list(rules.since), "since": min(rules.since.values())}
    for row in db.execute(_SHIPPED, wanted):
        event = Event.PARTLY_SHIPPED if row.status == "partly_shipped" else Event.SHIPPED
        yield _Happened(event, str(row.shipment_id), row, row.created_at)
    for row in db.execute(_ARRIVED, wanted):
        yield _Happened(Event.DELIVERED, str(row.shipment_id), row, row.delivered_at)
    for row in db.execute(_DELAYED, wanted):
        yield _Happened(Event.DELAYED, str(row.shipment_id), row, row.since_at)
    for row in db.execute(_REFUNDED, wanted):
        yield _Happened(Event.REFUND, str(row.refund_id), row, row.paid_at)
    for row in db.execute(_REPLACED, wanted):
        yield _Happened(Event.REPLACEMENT, str(row.order_id), row, row.taken_in_at)


def _of_orders(*columns: Any) -> Select[Any]:
    """Begin a question about orders of the accounts whose buyers are written to."""
    return select(
        _order.id.label("order_id"), _order.account_id, _order.channel, _order.status,
        _order.buyer_email, _order.ship_phone, _order.ship_state, _order.ship_country, *columns,
    ).where(among(_order.account_id, "accounts"))  # fmt: skip


_PARCELS: Final = (
    _of_orders(_ship.id.label("shipment_id"), _ship.created_at)
    .join(shipments, _ship.order_id == _order.id)
    .where(_ship.voided_at.is_(None))
)
_SHIPPED: Final = _PARCELS.where(_ship.created_at >= bindparam("since")).order_by(_ship.id)
_TRACKED: Final = _PARCELS.add_columns(_state.delivered_at, _state.since_at).join(
    parcel_states, _state.shipment_id == _ship.id
)
_ARRIVED: Final = _TRACKED.where(_state.delivered_at >= bindparam("since")).order_by(_ship.id)
_DELAYED: Final = _TRACKED.where(
    _state.since_at >= bindparam("since"), _state.status.in_(_LATE)
).order_by(_ship.id)
_REFUNDED: Final = (
    _of_orders(refunds.c.id.label("refund_id"), refunds.c.paid_at)
    .join(refunds, refunds.c.order_id == _order.id)
    .where(refunds.c.state == "paid", refunds.c.paid_at >= bindparam("since"))
    .order_by(refunds.c.id)
)
_REPLACED: Final = (
    _of_orders(_order.taken_in_at)
    .join(replacement_orders, replacement_orders.c.order_id == _order.id)
    .where(_order.taken_in_at >= bindparam("since"), _order.status != "cancelled")
    .order_by(_order.id)
)


def _recall_voided(db: Connection, now: datetime) -> int:
    """Take back what tells of a parcel that did not leave after all."""
    voided = select(_ship.id).where(_ship.voided_at.is_not(None))
    table = buyer_messages.c
    found = db.execute(
        buyer_messages.update()
        .where(table.state.in_(("draft", "pending")), table.shipment_id.in_(voided))
        .values(state="recalled", answered_at=now, problem="The parcel did not leave after all.")
    )
    return found.rowcount
