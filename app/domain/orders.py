"""What is an order, and which status may follow which?

Money is integer minor units of the order's own currency. Times are aware UTC.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.errors import RefusedError


class OrderStatus(StrEnum):
    """How far an order has come at this desk."""

    OPEN = "open"
    ACCEPTED = "accepted"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    TAKEN_BACK = "taken_back"  # the import that brought it was; the same file brings it again


class OrderVerb(StrEnum):
    """What may happen to an order."""

    ACCEPT = "accept"
    WITHDRAW = "withdraw"
    SHIP_SOME = "ship_some"
    SHIP_ALL = "ship_all"
    VOID_ONE = "void_one"
    VOID_SHIPMENT = "void_shipment"
    CANCEL = "cancel"
    REINSTATE = "reinstate"


TRANSITIONS: dict[tuple[OrderStatus, OrderVerb], OrderStatus] = {
    (OrderStatus.OPEN, OrderVerb.ACCEPT): OrderStatus.ACCEPTED,
    (OrderStatus.OPEN, OrderVerb.CANCEL): OrderStatus.CANCELLED,
    (OrderStatus.ACCEPTED, OrderVerb.WITHDRAW): OrderStatus.OPEN,
    (OrderStatus.ACCEPTED, OrderVerb.CANCEL): OrderStatus.CANCELLED,
    (OrderStatus.ACCEPTED, OrderVerb.SHIP_SOME): OrderStatus.PARTLY_SHIPPED,
    (OrderStatus.ACCEPTED, OrderVerb.SHIP_ALL): OrderStatus.SHIPPED,
    (OrderStatus.PARTLY_SHIPPED, OrderVerb.ACCEPT): OrderStatus.PARTLY_SHIPPED,
    (OrderStatus.PARTLY_SHIPPED, OrderVerb.SHIP_SOME): OrderStatus.PARTLY_SHIPPED,
    (OrderStatus.PARTLY_SHIPPED, OrderVerb.SHIP_ALL): OrderStatus.SHIPPED,
    (OrderStatus.PARTLY_SHIPPED, OrderVerb.VOID_ONE): OrderStatus.PARTLY_SHIPPED,
    (OrderStatus.SHIPPED, OrderVerb.VOID_ONE): OrderStatus.PARTLY_SHIPPED,
    (OrderStatus.PARTLY_SHIPPED, OrderVerb.VOID_SHIPMENT): OrderStatus.ACCEPTED,
    (OrderStatus.SHIPPED, OrderVerb.VOID_SHIPMENT): OrderStatus.ACCEPTED,
    (OrderStatus.CANCELLED, OrderVerb.REINSTATE): OrderStatus.OPEN,
}


def transition(status: OrderStatus, verb: OrderVerb) -> OrderStatus:
    """Return the status that follows, or refuse with a sentence.

    Raises:
        RefusedError: the verb is not allowed in this status.
    """
    try:
        return TRANSITIONS[status, verb]
    except KeyError:
        words = verb.value.replace("_", " ")
        raise RefusedError(
            f"An order that is {status.value.replace('_', ' ')} cannot take “{words}”.",
            "Nothing was changed. Look at the order's timeline for what happened before.",
        ) from None


class ChannelState(StrEnum):
    """What the channel says of the order; never overwrites the desk's own status."""

    OPEN = "open"
    AWAITING_PAYMENT = "awaiting_payment"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


class HoldCode(StrEnum):
    """Why an order may not be released yet."""

    ADDRESS_ZIP = "ADDRESS_ZIP"
    AWAITING_PAYMENT = "AWAITING_PAYMENT"
    MISSING_SKU = "MISSING_SKU"
    MOJIBAKE_SUSPECT = "MOJIBAKE_SUSPECT"
    ORDER_CHANGED = "ORDER_CHANGED"
    STATUS_UNCLEAR = "STATUS_UNCLEAR"
    TOTAL_MISMATCH = "TOTAL_MISMATCH"
    UNKNOWN_SKU = "UNKNOWN_SKU"
    SHIPPED_ELSEWHERE = "SHIPPED_ELSEWHERE"
    CANCELLED_ON_CHANNEL = "CANCELLED_ON_CHANNEL"
    CANCEL_REQUESTED = "CANCEL_REQUESTED"
    FRAUD_RISK = "FRAUD_RISK"
    REFUNDED_IN_PART = "REFUNDED_IN_PART"
    BY_RULE = "BY_RULE"
    BY_HAND = "BY_HAND"


# What a person may lift; the others are lifted by what they wait for.
RELEASABLE = (
    HoldCode.BY_HAND,
    HoldCode.BY_RULE,
    HoldCode.ADDRESS_ZIP,
    HoldCode.MOJIBAKE_SUSPECT,
    HoldCode.STATUS_UNCLEAR,
    HoldCode.TOTAL_MISMATCH,
    HoldCode.AWAITING_PAYMENT,
    HoldCode.SHIPPED_ELSEWHERE,
    HoldCode.CANCELLED_ON_CHANNEL,
    HoldCode.CANCEL_REQUESTED,
    HoldCode.FRAUD_RISK,
    HoldCode.REFUNDED_IN_PART,
)
# What a channel may ask for at any time; a person who released such a hold has decided.
ASKED_LATER = (HoldCode.CANCEL_REQUESTED, HoldCode.FRAUD_RISK, HoldCode.REFUNDED_IN_PART)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a parcel goes; buyer-supplied text, kept as the channel gave it."""

    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    line3: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class IncomingLine:
    """One line as the channel states it.

    ``external_id`` is unique within the order (the channel's line id, or a stable one that the
    mapper builds where the channel has none). ``sku_text`` is the channel's own code, trimmed and
    NFC, possibly empty. Money is minor units for ONE unit (``unit_price``) or the whole line
    (``discount``, ``tax``).
    """

    external_id: str
    sku_text: str
    title: str
    quantity: int
    unit_price: int = 0
    discount: int = 0
    tax: int = 0
    listing_id: str = ""
    requires_shipping: bool = True
    variant: str = ""


@dataclass(frozen=True, slots=True)
class MapperHold:
    """A hold that the mapper itself can see, with the sentence that the owner reads."""

    code: HoldCode
    reason: str


@dataclass(frozen=True, slots=True)
class IncomingRefund:
    """Money that the channel gave back to the buyer, in minor units of the order's currency.

    ``external_id`` is unique within the order: the channel's own, or one built from what it states.
    """

    external_id: str
    amount: int
    refunded_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IncomingOrder:
    """An order as a channel states it: what a mapper makes of a payload or of a file's rows.

    Amounts are minor units of ``currency``; ``total`` is the channel's own figure or ``None``.
    ``external_id`` is the channel's identity of the order, ``number`` the label people see.
    ``has_line_ids`` is false where the lines' ids are made up from their positions. ``is_trusted`` says
    that the channel has looked at it and sees no fraud.
    ``source_lines`` are the physical lines of the file that it was read from.
    """

    channel: str
    external_id: str
    number: str
    placed_at: datetime
    currency: str
    lines: tuple[IncomingLine, ...]
    ship_to: Address = field(default_factory=Address)
    buyer_name: str = ""
    buyer_email: str = ""
    service: str = ""
    shipping: int = 0
    tax: int = 0
    discount: int = 0
    total: int | None = None
    state: ChannelState = ChannelState.OPEN
    ship_by: datetime | None = None
    deliver_by: datetime | None = None
    fulfilled_by_channel: bool = False
    has_line_ids: bool = True
    note: str = ""
    holds: tuple[MapperHold, ...] = ()
    is_trusted: bool = False
    source_lines: tuple[int, ...] = ()
    refunds: tuple[IncomingRefund, ...] = ()

    @property
    def worth(self) -> int:
        """Return the total that the channel states, or what the parts add up to."""
        if self.total is not None:
            return self.total
        goods = sum(line.quantity * line.unit_price - line.discount for line in self.lines)
        return goods + self.shipping + self.tax - self.discount if goods else 0


def content_hash(order: IncomingOrder) -> str:
    """Fingerprint of what a person must decide on if it changes: lines, money and address.

    The channel's progress (paid, shipped, cancelled) is left out: it moves by itself. So are the
    lines' ids and order, which differ between two reports of one channel.
    """
    parts = (
        order.currency, order.shipping, order.tax, order.discount, order.total,
        order.ship_to.name, order.ship_to.company, order.ship_to.line1, order.ship_to.line2,
        order.ship_to.line3, order.ship_to.city, order.ship_to.state, order.ship_to.postcode,
        order.ship_to.country,
        *sorted((x.sku_text, x.quantity, x.unit_price, x.discount) for x in order.lines if x.quantity),
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
