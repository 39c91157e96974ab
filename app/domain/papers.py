"""What stands on the papers of the packing bench: packing slips and pick lists?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Final

from app.domain.orders import Address


class PaperKind(StrEnum):
    """Which paper; each is counted on its own when it is printed a second time."""

    SLIP = "slip"
    PICK = "pick"


class PickMode(StrEnum):
    """How the shelves are walked."""

    SINGLE = "single"  # one order at a time
    BATCH = "batch"  # everything at once, sorted out at the bench
    WAVE = "wave"  # everything at once, into one tote for each order


@dataclass(frozen=True, slots=True)
class SlipTemplate:
    """What a channel lets us say to its buyers on paper."""

    may_show_prices: bool
    may_thank: bool


# Marketplaces forbid promotion in the parcel, and prices there are theirs to show.
_PLAIN: Final = SlipTemplate(may_show_prices=False, may_thank=False)
_OURS: Final = SlipTemplate(may_show_prices=True, may_thank=True)
SLIP_TEMPLATES: Final[Mapping[str, SlipTemplate]] = {
    "amazon": _PLAIN,
    "walmart": _PLAIN,
    "ebay": _PLAIN,
    "etsy": _PLAIN,
    "shopify": _OURS,
    "woocommerce": _OURS,
    "own": _OURS,
}
_GIFT: Final = re.compile(r"\b(gift|present for|birthday|geschenk|cadeau|regalo)\b", re.IGNORECASE)


def template_of(channel: str) -> SlipTemplate:
    """Return a channel's template; an unknown channel gets the one that says least."""
    return SLIP_TEMPLATES.get(channel, _PLAIN)


def is_gift(note: str, tags: Iterable[str]) -> bool:
    """Whether an order goes to someone who must not see prices: it is tagged, or its note says so."""
    return "gift" in {tag.casefold() for tag in tags} or bool(_GIFT.search(note))


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the brand as its buyers know it, where parcels come back to, a word of thanks."""

    name: str = ""
    address: str = ""
    thanks: str = ""


@dataclass(frozen=True, slots=True)
class SlipPart:
    """What of a kit is in the parcel."""

    sku: str
    title: str
    quantity: int
    bin: str


@dataclass(frozen=True, slots=True)
class SlipItem:
    """One thing that the buyer ordered. ``unit_price`` is minor units, or nothing where not shown.

    Of a kit, ``parts`` are what is packed; a ``quantity`` of 0 is a kit that other parcels complete.
    """

    sku: str
    title: str
    quantity: int
    bin: str
    unit_price: int | None = None
    parts: tuple[SlipPart, ...] = ()


@dataclass(frozen=True, slots=True)
class PackingSlip:
    """What one parcel holds and where it goes; ``parcel`` of ``parcels`` if the order is split."""

    order_id: int
    number: str
    channel: str
    channel_name: str
    sender: Sender
    address: Address
    placed_at: datetime
    service: str
    location: str
    parcel: int
    parcels: int
    currency: str
    note: str
    is_gift: bool
    is_decided: bool
    items: tuple[SlipItem, ...]

    @property
    def units(self) -> int:
        """How many pieces the packer puts into the parcel."""
        return sum(_packed(item) for item in self.items)

    @property
    def may_show_prices(self) -> bool:
        """Whether the channel and the buyer let prices stand on it."""
        return template_of(self.channel).may_show_prices and not self.is_gift

    @property
    def thanks(self) -> str:
        """The word of thanks, where the channel allows one."""
        return self.sender.thanks if template_of(self.channel).may_thank else ""

    def shown(self, *, with_prices: bool) -> PackingSlip:
        """Return the slip as it is printed: with prices only where wanted and allowed."""
        if with_prices and self.may_show_prices:
            return self
        return replace(self, items=tuple(replace(item, unit_price=None) for item in self.items))


def _packed(item: SlipItem) -> int:
    return sum(part.quantity for part in item.parts) or item.quantity


def ship_to(address: Address) -> tuple[str, ...]:
    """Return an address as the lines of a label, without the empty ones."""
    place = " ".join(part for part in (address.state, address.postcode) if part)
    city = ", ".join(part for part in (address.city, place) if part)
    lines = (
        address.name, address.company, address.line1, address.line2, address.line3, city,
        address.country,
    )  # fmt: skip
    return tuple(line for line in lines if line.strip())


@dataclass(frozen=True, slots=True)
class Pick:
    """Units of a SKU that one order takes from one location."""

    order_id: int
    number: str
    location: str
    bin: str
    sku: str
    title: str
    barcode: str
    quantity: int

    @property
    def code(self) -> str:
        """What a scanner reads: the goods' own number, or else the SKU."""
        return self.barcode or self.sku


@dataclass(frozen=True, slots=True)
class ToteShare:
    """How many units go into which tote; totes are numbered from 1."""

    tote: int
    quantity: int


@dataclass(frozen=True, slots=True)
class PickLine:
    """One stop on the way: take so many of a SKU from a bin."""

    bin: str
    sku: str
    title: str
    code: str
    quantity: int
    totes: tuple[ToteShare, ...] = ()


@dataclass(frozen=True, slots=True)
class PickList:
    """One walk through one location. ``orders`` are its order numbers, in the order of the totes."""

    mode: PickMode
    location: str
    orders: tuple[str, ...]
    lines: tuple[PickLine, ...]

    @property
    def units(self) -> int:
        """How many units are taken in all."""
        return sum(line.quantity for line in self.lines)


def pick_lists(picks: Sequence[Pick], mode: PickMode) -> tuple[PickList, ...]:
    """Return the walks: one for each location, or one for each order there."""
    orders = {order_id: at for at, order_id in enumerate(dict.fromkeys(p.order_id for p in picks))}

    def walk(pick: Pick) -> tuple[object, ...]:
        if mode is PickMode.SINGLE:
            return (natural(pick.location), orders[pick.order_id])
        return (natural(pick.location),)

    ordered = sorted(picks, key=lambda pick: (*walk(pick), orders[pick.order_id]))
    return tuple(_list(list(group), mode) for _key, group in groupby(ordered, key=walk))


def _list(picks: Sequence[Pick], mode: PickMode) -> PickList:
    numbers = {pick.order_id: pick.number for pick in picks}
    totes = {order_id: tote for tote, order_id in enumerate(numbers, 1)}
    stops = sorted(picks, key=_stop)
    lines = tuple(
        _line(list(group), totes if mode is PickMode.WAVE else {})
        for _key, group in groupby(stops, key=_stop)
    )
    return PickList(mode, picks[0].location, tuple(numbers.values()), lines)


def _stop(pick: Pick) -> tuple[object, ...]:
    """Sort by bin as people number them; what has no bin comes last."""
    return (not pick.bin, natural(pick.bin), natural(pick.sku))


def _line(picks: Sequence[Pick], totes: Mapping[int, int]) -> PickLine:
    first = picks[0]
    shares: dict[int, int] = {}
    for pick in picks:
        if pick.order_id in totes:
            tote = totes[pick.order_id]
            shares[tote] = shares.get(tote, 0) + pick.quantity
    return PickLine(
        first.bin, first.sku, first.title, first.code, sum(pick.quantity for pick in picks),
        tuple(ToteShare(tote, units) for tote, units in sorted(shares.items())),
    )  # fmt: skip


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts A-2 before A-15."""
    parts = re.findall(r"\d+|\D+", text.casefold())
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts)
