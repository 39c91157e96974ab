"""What does a message say, and to whom does it go? Made from the order as it is now; kept nowhere.

Nothing leaves that was not made here, and nothing is made here that the channel forbids or the buyer
does not want.
"""

from __future__ import annotations

from collections import Counter
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
from app.errors import NotFoundError, RefusedError
from app.models import house
from app.models.fulfilment import fulfilment_order_lines, fulfilment_orders, shipments
from app.models.message_settings import frame, mail_server, template_of
from app.models.messages import buyer_messages
from app.models.orders import order_lines, orders, reservations
from app.models.returns import refunds
from app.models.tracking import parcel_states
from app.services.messaging.silence import wants_none

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
        RefusedError: its channel forbids it, or the buyer wants no messages.
    """
    row = db.execute(_MESSAGE.where(buyer_messages.c.id == message_id)).first()
    if row is None:
        raise NotFoundError(
            "There is no such message; nothing was sent.", "Look at the list again."
        )
    event = Event(row.event)
    must_be_allowed(row.channel, event)
    _must_be_wanted(db, row)
    written = templates.write(template_of(db, event), _story(db, row, event), frame())
    way = Way(row.way)
    to = row.buyer_email if way is Way.MAIL else row.ship_phone
    return Composed(
        row.id, way, event, row.order_id, row.number, to.strip(), written, row.idempotency_key
    )


def _must_be_wanted(db: Connection, row: Any) -> None:
    """Refuse to write to who has said “no more”, whoever asks and however old the message is."""
    if wants_none(db, row):
        raise RefusedError(
            "The buyer wants no messages.", "Write to them again only if they ask for it."
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
        _in_parcel(db, row.order_id, row.fulfilment_order_id)
        if row.shipment_id
        else _ordered(db, row.order_id)
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


def _in_parcel(db: Connection, order_id: int, fulfilment_order_id: int) -> tuple[Item, ...]:
    """Return what a parcel holds, in units as they were sold: a kit as the kit."""
    packed = _packed(db, order_id)
    return tuple(
        Item(line.title or line.sku_text, units)
        for line in _lines(db, order_id)
        if (units := _units(line, packed.get((line.id, fulfilment_order_id), 0)))
    )


def _ordered(db: Connection, order_id: int) -> tuple[Item, ...]:
    return tuple(Item(x.title or x.sku_text, x.quantity) for x in _lines(db, order_id))


def _left(db: Connection, order_id: int) -> tuple[Item, ...]:
    """Return what has not left yet, in units as they were sold."""
    gone: Counter[int] = Counter()
    for (line_id, _part), units in _packed(db, order_id).items():
        gone[line_id] += units
    return tuple(
        Item(line.title or line.sku_text, units)
        for line in _lines(db, order_id)
        if line.requires_shipping and (units := line.quantity - _units(line, gone[line.id])) > 0
    )


def _units(line: Any, packed: int) -> int:
    """Return how many of what was sold so many packed units are: a kit of three is one."""
    claimed = int(line.claimed or 0)
    return int(line.quantity) * packed // claimed if claimed else 0


def _lines(db: Connection, order_id: int) -> list[Any]:
    """Return an order's lines, each with the units that it claims of what lies on shelves."""
    line = order_lines.c
    claimed = (
        select(func.sum(reservations.c.quantity))
        .where(
            reservations.c.order_id == line.order_id, reservations.c.order_line_id == line.id,
            reservations.c.state != "released",
        )
        .correlate(order_lines)
        .scalar_subquery()
    )  # fmt: skip
    query = select(
        line.id,
        line.title,
        line.sku_text,
        line.quantity,
        line.requires_shipping,
        claimed.label("claimed"),
    ).where(line.order_id == order_id)
    return list(db.execute(query.order_by(line.position)))


def _packed(db: Connection, order_id: int) -> dict[tuple[int, int], int]:
    """Return by line and part the units that have left."""
    part, whole = fulfilment_order_lines.c, fulfilment_orders.c
    query = (
        select(part.order_line_id, part.fulfilment_order_id, func.sum(part.quantity).label("units"))
        .join(fulfilment_orders, whole.id == part.fulfilment_order_id)
        .where(whole.order_id == order_id, whole.state == "shipped")
        .group_by(part.order_line_id, part.fulfilment_order_id)
    )
    return {
        (row.order_line_id, row.fulfilment_order_id): int(row.units) for row in db.execute(query)
    }
