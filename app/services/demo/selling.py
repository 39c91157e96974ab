"""What do customers order, where, and when? Pure: the same random numbers, the same orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.domain.delivery import add_working_days
from app.domain.orders import Address, IncomingLine, IncomingOrder
from app.services.demo.brand import Brand, Product

HOME = ZoneInfo("America/New_York")
CHANNELS = {
    "amazon": 34, "shopify": 24, "etsy": 16, "walmart": 11, "ebay": 8, "woocommerce": 4, "own": 3,
}  # fmt: skip
_WEEKDAYS = (1.25, 1.05, 1.0, 0.95, 0.9, 0.85, 1.15)
_MONTHS = (0.9, 1.0, 0.95, 0.95, 1.15, 0.85, 0.75, 0.8, 0.95, 1.05, 1.35, 1.6)
_HOURS = (3, 1, 1, 1, 1, 2, 4, 7, 9, 10, 11, 11, 12, 11, 10, 9, 9, 9, 10, 12, 14, 14, 11, 7)
_TAX = {"MA": 62, "NY": 83, "CA": 87, "TX": 82, "WA": 95, "IL": 90, "ME": 55, "PA": 60, "FL": 70}
_SERVICES = {
    "amazon": ("Standard", "Standard", "Standard", "Expedited", "SecondDay"),
    "walmart": ("Standard", "Standard", "Value", "Expedited"),
    "etsy": ("Standard Shipping", "Standard Shipping", "USPS Priority Mail"),
    "ebay": ("USPS Ground Advantage", "USPS Ground Advantage", "Economy Shipping"),
}
_SHIP_WITHIN = {"amazon": 1, "walmart": 2, "etsy": 3, "ebay": 3}
_DELIVER_WITHIN = {"amazon": 7, "walmart": 8}
_POSTAGE = {"amazon": 0, "walmart": 0, "etsy": 495, "ebay": 450}
# Kept at one place each; ordered together they show what an unsplittable order is.
APART = frozenset({"LIN-NAP-002", "HNY-BLU-250", "SUG-RCK-200"})


@dataclass(frozen=True, slots=True)
class Moments:
    """When the story happens: from ``start`` on; the queue of ``now`` is what came since ``worked``.

    ``worked`` is the last morning on which the desk was cleared.
    """

    start: datetime
    worked: datetime
    now: datetime


class Customers:
    """Draws orders; one for a fill."""

    def __init__(self, rng: Random, brand: Brand, codes: Mapping[str, Mapping[str, str]]) -> None:
        self._rng, self._brand, self._codes = rng, brand, codes
        self._singles = [p for p in brand.products if p.popularity]
        self._weights = [p.popularity for p in self._singles]
        self._towns = [place.weight for place in brand.places]
        self._count = dict.fromkeys(CHANNELS, 0)
        self._bought: dict[str, Product] = {p.sku: p for p in brand.products}

    def order(
        self,
        channel: str,
        placed_at: datetime,
        basket: Sequence[tuple[str, int]] | None = None,
    ) -> IncomingOrder:
        """Draw one order; ``basket`` says what is in it, otherwise the customer chooses."""
        rng, number = self._rng, self._number(channel)
        place = rng.choices(self._brand.places, self._towns)[0]
        name = self._name()
        lines = self._lines(channel, basket or self._basket())
        goods = sum(line.unit_price * line.quantity for line in lines)
        discount = goods // 10 if channel == "shopify" and rng.random() < 0.12 else 0
        shipping = self._postage(channel, goods)
        tax = (goods - discount) * _TAX.get(place.state, 0) // 1000
        return IncomingOrder(
            channel=channel,
            external_id=number,
            number=number,
            placed_at=placed_at,
            currency="USD",
            lines=lines,
            ship_to=Address(
                name=name, line1=self._street(), line2=self._flat(), city=place.city,
                state=place.state, postcode=place.postcode, country="US",
            ),
            buyer_name=name,
            buyer_email=self._mail(channel, name),
            service=rng.choice(_SERVICES.get(channel, ("Standard",))),
            shipping=shipping,
            tax=tax,
            discount=discount,
            total=goods + shipping + tax - discount,
            ship_by=_by(placed_at, _SHIP_WITHIN.get(channel)),
            deliver_by=_by(placed_at, _DELIVER_WITHIN.get(channel)),
            note=rng.choice(_WISHES) if rng.random() < 0.04 else "",
        )  # fmt: skip

    def _basket(self) -> list[tuple[str, int]]:
        rng = self._rng
        kinds = rng.choices((1, 2, 3, 4), (58, 24, 12, 6))[0]
        chosen: dict[str, int] = {}
        while len(chosen) < kinds:
            sku = rng.choices(self._singles, self._weights)[0].sku
            if kinds > 1 and sku in APART:
                continue
            chosen[sku] = rng.choices((1, 2, 3), (82, 13, 5))[0]
        return list(chosen.items())

    def _lines(self, channel: str, basket: Sequence[tuple[str, int]]) -> tuple[IncomingLine, ...]:
        dearer = 105 if channel in ("amazon", "walmart") else 100
        return tuple(
            IncomingLine(
                external_id=self._line_id(channel, position),
                sku_text=self._codes[channel].get(sku, sku),
                title=self._bought[sku].row.title or sku,
                quantity=units,
                unit_price=self._bought[sku].price * dearer // 100,
                listing_id=listing_id(channel, sku),
            )
            for position, (sku, units) in enumerate(basket, 1)
        )

    def _line_id(self, channel: str, position: int) -> str:
        if channel == "amazon":
            return str(self._rng.randrange(10**13, 10**14))
        return (
            str(self._rng.randrange(4 * 10**9, 5 * 10**9)) if channel == "etsy" else str(position)
        )

    def _number(self, channel: str) -> str:
        self._count[channel] += 1
        n, draw = self._count[channel], self._rng.randrange
        forms = {
            "amazon": f"11{draw(1, 5)}-{draw(10**7):07}-{draw(10**7):07}",
            "walmart": f"2000{draw(10**6):06}{n:05}",
            "etsy": str(3_400_000_000 + n * 4_211 + draw(4_000)),
            "ebay": f"{draw(10, 28)}-{draw(10**5):05}-{n:05}",
            "shopify": f"#{2400 + n}",
            "woocommerce": str(7100 + n),
        }
        return forms.get(channel) or f"ST-{500 + n}"

    def _name(self) -> str:
        words, choice = self._brand.words, self._rng.choice
        return f"{choice(words['first'])} {choice(words['last'])}"

    def _street(self) -> str:
        return f"{self._rng.randrange(2, 1900)} {self._rng.choice(self._brand.words['street'])}"

    def _flat(self) -> str:
        if self._rng.random() > 0.28:
            return ""
        return f"Apt {self._rng.randrange(1, 40)}{self._rng.choice(('', '', 'A', 'B'))}"

    def _mail(self, channel: str, name: str) -> str:
        if channel in ("amazon", "walmart"):
            return f"{self._rng.randrange(16**10):010x}@relay.{channel}.example"
        return f"{name.lower().replace(' ', '.')}@example.com"

    def _postage(self, channel: str, goods: int) -> int:
        if channel in _POSTAGE:
            return _POSTAGE[channel]
        return 0 if goods >= 6500 else 595


_WISHES = (
    "Please leave it with the neighbour if nobody opens.",
    "It is a birthday present, no invoice in the box please.",
    "Side door, the bell is broken.",
    "Could you add a card saying “Love, Gran”?",
    "Please no plastic filling. Thank you!",
)


def moments_of_sale(rng: Random, count: int, start: datetime, end: datetime) -> list[datetime]:
    """Draw when orders are placed: more on Mondays, in the evening and before the holidays."""
    days = [start.date() + timedelta(days=n) for n in range((end.date() - start.date()).days + 1)]
    weights = [_WEEKDAYS[day.weekday()] * _MONTHS[day.month - 1] for day in days]
    found: list[datetime] = []
    while len(found) < count:
        moment = _at(rng, rng.choices(days, weights)[0])
        if start <= moment < end:
            found.append(moment)
    return sorted(found)


def _at(rng: Random, day: date) -> datetime:
    hour = rng.choices(range(24), _HOURS)[0]
    local = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), HOME)
    return local.astimezone(ZoneInfo("UTC"))


def _by(placed_at: datetime, days: int | None) -> datetime | None:
    if days is None:
        return None
    day = add_working_days(placed_at.astimezone(HOME).date(), days)
    return datetime.combine(day, time(23, 59), HOME).astimezone(ZoneInfo("UTC"))


def listing_id(channel: str, sku: str) -> str:
    """Return the id that a channel gave to the listing of a SKU (our own stores have none)."""
    n = sum(ord(letter) * 31**place for place, letter in enumerate(sku)) % 10**7
    match channel:
        case "amazon":
            return f"B0D{n:07}"
        case "etsy":
            return str(1_480_000_000 + n)
        case "ebay":
            return str(285_400_000_000 + n)
        case "walmart":
            return str(5_120_000_000 + n)
        case _:
            return sku.lower() if channel == "shopify" else ""


def codes(brand: Brand) -> dict[str, dict[str, str]]:
    """Return what each channel calls our SKUs, where that is not our own code."""
    every = [product.sku for product in brand.products]
    return {
        "amazon": {sku: f"SM-{sku}-FBM" for sku in every[::2]},
        "walmart": {sku: f"STC{n:05}" for n, sku in enumerate(every, 10_201)},
        "ebay": {sku: sku.replace("-", "") for sku in every[::3]},
        "etsy": {sku: sku.rsplit("-", 1)[0] + "/" + sku[-3:] for sku in every[::5]},
        "shopify": {},
        "woocommerce": {sku: sku.lower() for sku in every},
        "own": {},
    }
