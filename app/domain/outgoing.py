"""What does a channel have to be told: what left, what is cancelled, how much may be sold?

The values that the files (and later the calls) to a channel are made of. They speak of the order
line as the customer bought it: a kit is told as the kit, never as its components.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class OutgoingKind(StrEnum):
    """What a message to a channel is about."""

    SHIP_CONFIRM = "ship_confirm"
    QUANTITY = "quantity"
    CANCEL = "cancel"
    ACKNOWLEDGE = "acknowledge"


class MessageState(StrEnum):
    """How far a message to a channel is."""

    PENDING = "pending"
    SENT = "sent"  # in a file; or on its way, and no answer yet
    ACKED = "acked"
    REJECTED = "rejected"
    IN_DOUBT = "in_doubt"
    DEAD = "dead"
    RECALLED = "recalled"


# Where an order that is confirmed already can be told another parcel: one that replaces what was lost.
# The others refuse units beyond those ordered; there the buyer is told on the channel's own pages.
TAKES_ANOTHER_PARCEL: Final = frozenset({"etsy", "woocommerce", "own"})


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that is next for its order; ``is_open_ended`` says that an attempt got no answer.

    ``problem`` is why it has not gone out yet, where there is a reason.
    """

    id: int
    kind: OutgoingKind
    state: MessageState
    key: str
    order_id: int
    external_id: str
    number: str
    attempts: int
    is_open_ended: bool
    sent_at: datetime | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """One order line in one parcel: ``quantity`` of the ``ordered`` units are in it."""

    external_id: str
    position: int
    sku_text: str
    title: str
    listing_id: str
    quantity: int
    ordered: int


@dataclass(frozen=True, slots=True)
class ShippedParcel:
    """One parcel that left, by the channel's own ids.

    ``is_whole`` says that it holds the whole order; ``is_last`` that after it nothing of the order
    is left to ship.
    """

    message_id: int
    external_id: str
    number: str
    carrier: str
    service: str
    tracking_number: str
    shipped_at: datetime
    lines: tuple[ShippedLine, ...]
    is_whole: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class CancelledOrder:
    """An order that was cancelled here and that the channel still shows as open."""

    message_id: int
    external_id: str
    number: str
    reason: str
    cancelled_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """One product as an account offers it, and the units that it may show.

    ``sku_text`` is the channel's own code; ``shown`` is what it showed last, ``None`` if unknown.
    """

    sku_id: int
    sku_text: str
    listing_id: str
    place: str
    title: str
    quantity: int
    shown: int | None = None
