"""How many units may still be promised, at a location and across the network?

A *bucket* is what a stock movement changes. ``on_hand`` counts units physically there,
``allocated`` those that a decision committed to a fulfilment order, ``incoming`` those on their way
here. ``damaged``, ``quarantine`` and ``returns_hold`` are parts of on hand that nobody may sell;
together they are what is *unavailable*. ``reserved`` units are claimed by an order line and have no
location yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Bucket(StrEnum):
    """What a stock movement changes."""

    ON_HAND = "on_hand"
    RESERVED = "reserved"
    ALLOCATED = "allocated"
    DAMAGED = "damaged"
    QUARANTINE = "quarantine"
    RETURNS_HOLD = "returns_hold"
    INCOMING = "incoming"


# What is on hand and may not be sold, by why.
SET_ASIDE = (Bucket.DAMAGED, Bucket.QUARANTINE, Bucket.RETURNS_HOLD)


class Cause(StrEnum):
    """Why a stock movement happened."""

    OPENING = "opening"
    RECEIPT = "receipt"
    ADJUSTMENT = "adjustment"
    COUNT = "count"
    TRANSFER = "transfer"
    RESERVATION = "reservation"
    RELEASE = "release"
    ALLOCATION = "allocation"
    WITHDRAWAL = "withdrawal"
    SHIPMENT = "shipment"
    VOIDED_SHIPMENT = "voided_shipment"
    RETURN = "return"
    SET_ASIDE = "set_aside"
    PUT_BACK = "put_back"
    WRITE_OFF = "write_off"
    EXPECTED = "expected"
    SHORT_RECEIPT = "short_receipt"


# Selling and shipping only take units; by anything else some may become free.
TAKING = frozenset({Cause.RESERVATION, Cause.ALLOCATION, Cause.SHIPMENT})


class Why(StrEnum):
    """The reason codes of an adjustment: few enough to add up at the end of a year."""

    DAMAGED = "damaged"
    LOST = "lost"
    FOUND = "found"
    STOLEN = "stolen"
    EXPIRED = "expired"
    SAMPLE = "sample"
    CORRECTION = "correction"
    TAKEN_BACK = "taken_back"
    OTHER = "other"


def why_of(reason: str) -> Why:
    """Return the reason code that a sentence begins with, or that it is of no known kind."""
    words = reason.strip().casefold().replace("_", " ")
    for why in Why:
        if words.startswith(why.value.replace("_", " ")):
            return why
    return Why.OTHER


class LocationKind(StrEnum):
    """Who keeps the stock there. What lies at a channel's own warehouse only that channel sells."""

    WAREHOUSE = "warehouse"
    THIRD_PARTY = "3pl"
    SHOP = "shop"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Level:
    """Units of one SKU at one location. ``suggested`` are units that open suggestions would use."""

    on_hand: int = 0
    allocated: int = 0
    unavailable: int = 0
    incoming: int = 0
    suggested: int = 0
    safety_stock: int = 0

    @property
    def free(self) -> int:
        """Units that no decision has taken yet; negative where stock is."""
        return self.on_hand - self.unavailable - self.allocated


def atp(level: Level) -> int:
    """Return the units available to promise at a location, after its safety stock, floor 0."""
    return max(0, level.free - level.safety_stock)


@dataclass(slots=True)
class StockPool:
    """The stock of a batch of orders while they claim it one after the other.

    ``claimable`` is per SKU what the network can still reserve (free - reserved); ``at`` is per SKU
    and location what a suggestion could still use (free - suggested by other orders), and
    ``safety`` what of that is safety stock. Orders already taken may use safety stock: it exists
    for them; only channels are told the number without it.
    """

    claimable: dict[int, int] = field(default_factory=dict)
    at: dict[int, dict[int, int]] = field(default_factory=dict)
    safety: dict[int, dict[int, int]] = field(default_factory=dict)
    weight_g: dict[int, int] = field(default_factory=dict)
    kits: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def components(self, sku_id: int, quantity: int) -> tuple[tuple[int, int], ...]:
        """Return (SKU, units) to take for a line: the SKU itself, or its kit's components."""
        kit = self.kits.get(sku_id)
        if kit is None:
            return ((sku_id, quantity),)
        return tuple((component, each * quantity) for component, each in kit)
