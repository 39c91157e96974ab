"""Which channel lets its sellers write to buyers, and about what?

On a marketplace the buyer is the marketplace's customer: it confirms, tracks and writes by itself, and a
seller who writes beside it risks the account. The desk tells such a channel what left, and nobody else.
This is the one place that decides; whatever makes a message asks here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.messaging.events import Event
from app.errors import RefusedError

EVERYTHING: Final = frozenset(Event)


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """What a brand may tell buyers of a channel itself, why not more, and who says so."""

    may: frozenset[Event]
    why: str
    source: str


NOTHING: Final[frozenset[Event]] = frozenset()
RULES: Final[Mapping[str, ChannelRule]] = {
    "amazon": ChannelRule(
        NOTHING, "Amazon forbids mails about orders and shipping; it tells the buyer itself.",
        "Amazon, Communication Guidelines (help 201901640): permitted messages leave out order and shipping "
        "confirmations",
    ),
    "walmart": ChannelRule(
        NOTHING, "Walmart tells the buyer itself; the address that it gives is only a relay.",
        "Walmart Marketplace API: the buyer's e-mail is a relay; shipping is told by confirming it",
    ),
    "etsy": ChannelRule(
        NOTHING, "Etsy writes to the buyer each time a parcel is confirmed.",
        "Etsy Open API v3, createReceiptShipment: every call e-mails the buyer",
    ),
    "ebay": ChannelRule(
        NOTHING, "eBay tells the buyer itself once tracking is uploaded.",
        "eBay, member-to-member contact policy: order messages go through eBay",
    ),
    "shopify": ChannelRule(
        frozenset({Event.DELIVERED, Event.DELAYED, Event.REPLACEMENT}),
        "Shopify itself tells the buyer what has shipped and what was refunded.",
        "Shopify Admin API: fulfillmentCreate and refundCreate with notifyCustomer",
    ),
    "woocommerce": ChannelRule(EVERYTHING, "It is your own store.", "own store"),
    "own": ChannelRule(EVERYTHING, "It is your own store.", "own store"),
}  # fmt: skip
# A channel that nobody has looked into yet is one on which nobody is written to.
UNKNOWN: Final = ChannelRule(NOTHING, "Nobody has looked into what this channel allows.", "")


def rule_of(channel: str) -> ChannelRule:
    """Return what a channel allows."""
    return RULES.get(channel, UNKNOWN)


def may_tell(channel: str, event: Event) -> bool:
    """Say whether the brand may tell a buyer of that channel of such an event."""
    return event in rule_of(channel).may


def must_be_allowed(channel: str, event: Event) -> None:
    """Refuse to make a message that the channel forbids.

    Raises:
        RefusedError: the buyer of this channel may not be told of this by the brand.
    """
    if not may_tell(channel, event):
        rule = rule_of(channel)
        raise RefusedError(
            f"Buyers of this channel are not written to about that. {rule.why} Nothing was sent.",
            "The channel itself is told, as always.",
        )
