"""What is true at the marketplace itself, whatever the desk believes?

One `Shop` is one seller's account. It speaks no channel's language: the dialects do, over the same
truth. Everything that took effect is in its log, so that a test can say "confirmed exactly once"
without asking the desk.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from app.domain.orders import Address
from app.sync.loopback.faults import Faults


class Time(Protocol):
    """The marketplace's own clock."""

    def now(self) -> datetime:
        """Return the time of day, aware UTC."""


@dataclass(slots=True)
class SoldLine:
    """One line of an order; ``price`` is minor units for one unit."""

    id: str
    sku: str
    title: str
    quantity: int
    price: int
    shipped: int = 0
    cancelled: int = 0

    @property
    def open(self) -> int:
        """Units that have neither left nor been cancelled."""
        return self.quantity - self.shipped - self.cancelled


@dataclass(frozen=True, slots=True)
class SentParcel:
    """A parcel as the seller confirmed it; ``lines`` pairs a line's id with units."""

    id: str
    carrier: str
    tracking_number: str
    lines: tuple[tuple[str, int], ...]
    at: datetime
    key: str = ""


@dataclass(slots=True)
class Sold:
    """One order as the marketplace knows it. ``visible_at`` may be later than it was placed."""

    id: str
    number: str
    placed_at: datetime
    changed_at: datetime
    lines: list[SoldLine]
    ship_to: Address
    buyer: str = ""
    email: str = ""
    currency: str = "USD"
    shipping: int = 0
    tax: int = 0
    service: str = "Standard"
    note: str = ""
    is_paid: bool = True
    risk: str = "NONE"  # what is recommended, in Shopify's words
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    cancel_asked: str = ""  # why the buyer asks to cancel; nothing is cancelled yet
    acknowledged_at: datetime | None = None
    parcels: list[SentParcel] = field(default_factory=list)
    visible_at: datetime | None = None
    ship_by: datetime | None = None

    @property
    def is_shipped(self) -> bool:
        """Whether nothing of it is left to ship."""
        return bool(self.parcels) and not any(line.open for line in self.lines)

    @property
    def goods(self) -> int:
        """What the lines come to, minor units."""
        return sum(line.price * line.quantity for line in self.lines)

    @property
    def total(self) -> int:
        """What the buyer pays, minor units."""
        return self.goods + self.shipping + self.tax

    def line(self, line_id: str) -> SoldLine | None:
        """Return one line."""
        return next((line for line in self.lines if line.id == line_id), None)


@dataclass(slots=True)
class Offered:
    """One product as this shop offers it; ``id`` numbers it, ``quantity`` is what buyers may buy."""

    id: int
    sku: str
    title: str
    quantity: int
    price: int = 1500
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that took effect: what the seller told, and the marketplace did."""

    at: datetime
    kind: str
    subject: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Noted:
    """One request in the log, without headers or bodies."""

    at: datetime
    operation: str
    method: str
    path: str
    status: int


@dataclass(slots=True)
class Shop:
    """One seller's account: its orders, what it offers, and who may come in.

    ``secrets`` are what a dialect asks for at its door; ``skew`` is how far the marketplace's clock
    is from the desk's.
    """

    name: str
    channel: str
    time: Time
    currency: str = "USD"
    page_size: int = 50
    skew: timedelta = timedelta()
    orders: dict[str, Sold] = field(default_factory=dict)
    offers: dict[str, Offered] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    requests: list[Noted] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    answered: dict[str, Any] = field(default_factory=dict)  # by idempotency key
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1001))

    def now(self) -> datetime:
        """Return the time as this marketplace has it."""
        return self.time.now() + self.skew

    def next_number(self) -> int:
        """Return a number that nothing here has yet."""
        return next(self._numbers)

    def offer(self, sku: str, title: str, quantity: int, price: int = 1500) -> Offered:
        """Put a product on sale."""
        made = Offered(self.next_number(), sku, title, quantity, price)
        self.offers[sku] = made
        return made

    def place(
        self, wanted: Sequence[tuple[str, int]], ship_to: Address, **more: Any
    ) -> Sold | None:
        """Let a buyer order; nothing is sold that the shop does not show as available."""
        if any(self._shown(sku) < units for sku, units in _summed(wanted)):
            return None
        for sku, units in wanted:
            if sku in self.offers:
                self.offers[sku].quantity -= units
        number, now = self.next_number(), self.now()
        lines = [self._line(sku, units) for sku, units in wanted]
        sold = Sold(str(number), f"#{number}", now, now, lines, ship_to, **more)
        self.orders[sold.id] = sold
        return sold

    def changed(self, sold: Sold) -> None:
        """Note that an order changed now."""
        sold.changed_at = self.now()

    def visible(self) -> list[Sold]:
        """Return the orders that a list shows now."""
        now = self.now()
        return [s for s in self.orders.values() if s.visible_at is None or s.visible_at <= now]

    def join(self, *several: Sold) -> Sold:
        """Make one order of several of a buyer's; the lines keep their ids, the orders are gone."""
        number, now, first = self.next_number(), self.now(), several[0]
        for each in several:
            del self.orders[each.id]
        lines = [line for each in several for line in each.lines]
        joined = self.orders[str(number)] = replace(
            first, id=str(number), number=f"#{number}", changed_at=now, lines=lines
        )
        return joined

    # What the seller tells, as it takes effect.

    def confirm(self, sold: Sold, parcel: SentParcel) -> None:
        """Take a parcel's confirmation."""
        for line_id, units in parcel.lines:
            if (line := sold.line(line_id)) is not None:
                line.shipped += units
        sold.parcels.append(parcel)
        self.changed(sold)
        detail = {"tracking": parcel.tracking_number, "carrier": parcel.carrier,
                  "lines": parcel.lines, "key": parcel.key}  # fmt: skip
        self._log("confirm", sold.id, detail)

    def acknowledge(self, sold: Sold) -> None:
        """Take an acknowledgement; a second one changes nothing."""
        if sold.acknowledged_at is None:
            sold.acknowledged_at = self.now()
            self.changed(sold)
            self._log("acknowledge", sold.id, {})

    def cancel(self, sold: Sold, reason: str, *, by: str) -> None:
        """Cancel what is open of an order."""
        if sold.cancelled_at is None:
            for line in sold.lines:
                if line.sku in self.offers:
                    self.offers[line.sku].quantity += line.open if by == "buyer" else 0
                line.cancelled += line.open
            sold.cancelled_at, sold.cancel_reason = self.now(), reason
            self.changed(sold)
            self._log("cancel", sold.id, {"by": by, "reason": reason})

    def set_quantity(self, sku: str, quantity: int, key: str = "") -> None:
        """Show so many units from now on."""
        self.offers[sku].quantity = quantity
        self._log("quantity", sku, {"quantity": quantity, "key": key})

    def told(self, kind: str, subject: str = "") -> list[Effect]:
        """Return what took effect, by kind and subject."""
        return [e for e in self.effects if e.kind == kind and subject in ("", e.subject)]

    def _shown(self, sku: str) -> int:
        return self.offers[sku].quantity if sku in self.offers else 10**6

    def _line(self, sku: str, units: int) -> SoldLine:
        known = self.offers.get(sku)
        title, price = (known.title, known.price) if known else (sku, 1500)
        return SoldLine(str(self.next_number()), sku, title, units, price)

    def _log(self, kind: str, subject: str, detail: Mapping[str, Any]) -> None:
        self.effects.append(Effect(self.now(), kind, subject, detail))


def _summed(wanted: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for sku, units in wanted:
        found[sku] = found.get(sku, 0) + units
    return list(found.items())
