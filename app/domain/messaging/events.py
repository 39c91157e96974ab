"""What happens to an order that its buyer may be told of?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Event(StrEnum):
    """One thing that a buyer hears of, once."""

    SHIPPED = "shipped"
    PARTLY_SHIPPED = "partly_shipped"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    REFUND = "refund"
    REPLACEMENT = "replacement"


class Way(StrEnum):
    """How a message travels."""

    MAIL = "mail"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a parcel, as the buyer ordered it. ``title`` is the channel's text."""

    title: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Story:
    """What a message tells: facts, not words. Buyer-supplied text is data and never markup."""

    event: Event
    number: str
    first_name: str
    brand: str
    items: tuple[Item, ...] = ()
    left: tuple[Item, ...] = ()
    carrier: str = ""
    tracking_number: str = ""
    tracking_link: str = ""
    expected: date | None = None
    amount: str = ""
    reply_to: str = ""


def event_key(way: Way, event: Event, subject: str) -> str:
    """Return by what a message is known: of each event there is one, whoever notices it.

    A parcel that left is told of once, whole or in part.
    """
    word = Event.SHIPPED if event is Event.PARTLY_SHIPPED else event
    return f"{way.value}:{word.value}:{subject}"
