"""What does a message say, and to whom does it go? Made from the order as it is now; kept nowhere.

Nothing leaves that was not made here, and nothing is made here that the channel forbids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from app.domain.explaining import PLAIN
from app.domain.messaging import templates
from app.domain.messaging.events import Event, Item, Story, Way
from app.domain.messaging.rules import must_be_allowed
from app.domain.messaging.templates import Written
from app.errors import NotFoundError
from app.models import house
from app.models.fulfilment import fulfilment_order_lines, fulfilment_orders, shipments
from app.models.messages import buyer_messages
from app.models.orders import order_lines, orders
from app.models.returns import refunds
from app.models.tracking import parcel_states
from app.services.messaging.settings import frame, mail_server, template_of

_LINKS: Final = {
    "ups": "https://www.ups.com/track?tracknum={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "dhl": "https://www.dhl.com/en/express/tracking.html?AWB={}",
    "canada post": "https://www.canadapost-postescanada.ca/track-reperage/en#/details/{}",
}  # fmt: skip
SMS_LETTERS: Final = 320


@dataclass(frozen=True, slots=True)
class Composed:
    """A message ready to leave. ``to`` is the buyer's address or number: never to be kept or logged."""

    id: int
    way: Way
    event: Event
    order_id: int
    number: str
    to: str
    written: Written
    key: str


def compose(db: Connection, message_id: int) -> Composed:
    """Write a message.

    Raises:
        NotFoundError: there is none.
        RefusedError: its channel forbids it.
    """
    row = db.execute(_MESSAGE.where(buyer_messages.c.id == message_id)).first()
    if row is None:
        raise NotFoundError(
            "There is no such message; nothing was sent.", "Look at the list again."
        )
    event = Event(row.event)
    must_be_allowed(row.channel, event)
    written = templates.write(template_of(db, event), _story(db, row, event), frame())
    way = Way(row.way)
    to = row.buyer_email if way is Way.MAIL else row.ship_phone
    return Composed(
        row.id, way, event, row.order_id, row.number, to.strip(), written, row.idempotency_key
    )


def short(written: Written) -> str:
    """Return what a text message says: the subject, and where to follow it."""
    links = [word for word in written.text.split() if word.startswith("https://")]
    return " ".join([written.subject + ".", *links[:1]])[:SMS_LETTERS]


_MESSAGE: Final = (
    select(
        buyer_messages.c.id, buyer_messages.c.way, buyer_messages.c.event,
        buyer_messages.c.idempotency_key, buyer_messages.c.shipment_id, buyer_messages.c.refund_id,
        orders.c.id.label("order_id"), orders.c.number, orders.c.channel, orders.c.buyer_name,
        orders.c.ship_name, orders.c.buyer_email, orders.c.ship_phone, shipments.c.carrier,
        shipments.c.tracking_number, shipments.c.fulfilment_order_id, parcel_states.c.expected_at,
        refunds.c.amount, refunds.c.currency,
    )
    .join(orders, orders.c.id == buyer_messages.c.order_id)
    .outerjoin(shipments, shipments.c.id == buyer_messages.c.shipment_id)
    .outerjoin(parcel_states, parcel_states.c.shipment_id == buyer_messages.c.shipment_id)
    .outerjoin(refunds, refunds.c.id == buyer_messages.c.refund_id)
)  # fmt: skip


def _story(db: Connection, row: Any, event: Event) -> Story:
    brand, server = house.sender(db), mail_server(db)
    zone = ZoneInfo(house.time_zone(db))
    in_parcel = (
        _in_parcel(db, row.fulfilment_order_id) if row.shipment_id else _ordered(db, row.order_id)
    )
    expected = row.expected_at.astimezone(zone).date() if row.expected_at else None
    return Story(
        event, row.number, (row.buyer_name or row.ship_name).split(" ")[0],
        brand.name or server.from_name or "your shop",
        in_parcel, _left(db, row.order_id) if event is Event.PARTLY_SHIPPED else (),
        row.carrier or "", row.tracking_number or "", _link(row.carrier, row.tracking_number),
        None if event is Event.DELIVERED else expected,
        PLAIN.money(row.amount, row.currency) if row.amount else "", server.reply_to,
    )  # fmt: skip


def _link(carrier: str | None, number: str | None) -> str:
    said = (carrier or "").casefold()
    found = next((link for name, link in _LINKS.items() if said.startswith(name)), "")
    return found.format(quote(number or "", safe="")) if found and number else ""


def _in_parcel(db: Connection, fulfilment_order_id: int) -> tuple[Item, ...]:
    """Return what a parcel holds, as it was ordered: a kit as the kit."""
    part = fulfilment_order_lines.c
    query = (
        select(order_lines.c.title, order_lines.c.sku_text, order_lines.c.quantity)
        .where(order_lines.c.id.in_(
            select(part.order_line_id).where(part.fulfilment_order_id == fulfilment_order_id)
        ))
        .order_by(order_lines.c.position)
    )  # fmt: skip
    return tuple(Item(row.title or row.sku_text, row.quantity) for row in db.execute(query))


def _ordered(db: Connection, order_id: int) -> tuple[Item, ...]:
    line = order_lines.c
    query = select(line.title, line.sku_text, line.quantity).where(line.order_id == order_id)
    return tuple(
        Item(x.title or x.sku_text, x.quantity) for x in db.execute(query.order_by(line.position))
    )


def _left(db: Connection, order_id: int) -> tuple[Item, ...]:
    """Return the lines of which nothing has left yet."""
    part, whole, line = fulfilment_order_lines.c, fulfilment_orders.c, order_lines.c
    gone = (
        select(part.order_line_id)
        .join(fulfilment_orders, whole.id == part.fulfilment_order_id)
        .where(whole.order_id == order_id, whole.state == "shipped")
    )
    query = select(line.title, line.sku_text, line.quantity).where(
        line.order_id == order_id, line.requires_shipping, line.id.not_in(gone)
    )
    return tuple(
        Item(x.title or x.sku_text, x.quantity) for x in db.execute(query.order_by(line.position))
    )


def count_open(db: Connection) -> int:
    """Return how many messages wait for somebody's yes."""
    query = select(func.count()).where(buyer_messages.c.state == "draft")
    return int(db.execute(query).scalar_one())
