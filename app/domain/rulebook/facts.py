"""What does a rule know of an order? Its own figures, its lines, and what earlier rules made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Moment:
    """When, and in which time zone, the rules are asked; "today" is the desk's day."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The day at the desk."""
        return self.now.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """Return the moment at which a day begins at the desk."""
        return datetime.combine(day, time(), self.zone)

    def day_after(self, days: int) -> date:
        """Return the day so many days from today."""
        return self.today + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line: ``price`` is minor units of one unit, ``weight_g`` grams of one, where known; ``margin``
    is what is left of the price of all units after their own cost.

    ``states`` are words of :data:`LINE_STATES`.
    """

    sku: str
    quantity: int
    title: str = ""
    category: str = ""
    price: int = 0
    weight_g: int | None = None
    currency: str = "USD"
    states: tuple[str, ...] = ()
    supplier: str = ""
    family: str = ""
    velocity: str = ""
    margin: int | None = None

    @property
    def worth(self) -> int:
        """All units of the line, minor units."""
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order as a rule reads it; money in minor units of ``currency``, ``None`` where unknown.

    It has at least one line: an order without one has nothing to decide. ``margin`` is what is left of
    the goods' price after the goods' own cost. ``states`` are words of :data:`RULE_STATES`.
    """

    at: Moment
    lines: tuple[LineFacts, ...]
    channel: str = ""
    account: str = ""
    number: str = ""
    currency: str = "USD"
    service: str = ""
    country: str = ""
    state: str = ""
    city: str = ""
    postcode: str = ""
    note: str = ""
    assigned: str = ""
    tags: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    total: int | None = None
    shipping: int = 0
    discount: int = 0
    margin: int | None = None
    placed_at: datetime | None = None
    ship_by: datetime | None = None
    deliver_by: datetime | None = None
    tax: int = 0

    @property
    def rate(self) -> int | None:
        """The margin in per cent of the goods' price, rounded down; unknown where the margin is."""
        price = sum(line.worth for line in self.lines)
        return None if self.margin is None or price <= 0 else 100 * self.margin // price

    @property
    def units(self) -> int:
        """Units of all lines."""
        return sum(line.quantity for line in self.lines)

    @property
    def weight_g(self) -> int | None:
        """Grams of all lines; unknown where one line's weight is."""
        found = 0
        for line in self.lines:
            if line.weight_g is None:
                return None
            found += line.weight_g * line.quantity
        return found
