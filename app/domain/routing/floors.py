"""What does any way to ship an order cost at the least, known before it is worked out?

The search leaves out whatever is dearer than its bound even at these costs, so they must never be
too high; the closer they are, the less is searched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol

from app.domain.routing.fares import Fares
from app.domain.routing.goods import Contents, OrderLine, Piece
from app.domain.routing.network import Place

Free = Callable[[int, int], int]
"""Units of a SKU that the order could take at a place."""


class Prices(Protocol):
    """What scarce things are worth to other orders; they count like money while ways are searched."""

    def unit(self, sku_id: int, place_id: int) -> float:
        """Return the price of a unit at a place."""

    def parcel(self, place_id: int) -> float:
        """Return the lowest price of a parcel slot at a place."""


class Floors:
    """The least costs of one order's parcels, lines and pieces."""

    def __init__(self, fares: Fares, free: Free, prices: Prices | None) -> None:
        self._fares, self._free, self._prices = fares, free, prices
        self._network, self._terms = fares.network, fares.terms
        self._lines = fares.order.lines
        self._rates: dict[int, float] = {}
        self._pieces: dict[tuple[int, Contents], float] = {}
        self._shared = _in_several_lines(self._lines)

    def parcel(self, place: Place) -> float:
        """Return what a parcel costs before anything is in it."""
        lanes = self._network.lanes(place.id, self._fares.order)
        floors = [lane.service.tariff.floor(lane.zone) for lane in lanes]
        self._rates[place.id] = min(rate for _base, rate in floors)
        slot = self._prices.parcel(place.id) if self._prices is not None else 0.0
        return place.handling.parcel + slot + min(base for base, _rate in floors)

    def piece(self, place: Place, contents: Contents) -> float:
        """Return what a unit of a piece adds: work, postage by weight, goods as they lie there, prices."""
        key = (place.id, contents)
        found = self._pieces.get(key)
        if found is None:
            found = self._pieces[key] = self._piece(place, contents)
        return found

    def _piece(self, place: Place, contents: Contents) -> float:
        per, items, prices = place.handling, self._network.items, self._prices
        cost = self._network.worth(place.id, contents)
        cost += sum(
            units * (per.unit + (per.fragile_unit if items[sku].fragile else 0))
            for sku, units in contents
        )
        scarce = 0.0
        if prices is not None:
            scarce = sum(prices.unit(sku, place.id) * units for sku, units in contents)
        return cost + scarce + self._rates[place.id] * self._network.weight(contents)

    def of_lines(self, places: Sequence[Place], may_leave: bool) -> list[float] | None:
        """Return, from each line on, what these places need for the rest; ``None`` if they cannot."""
        least: list[float] = [0.0]
        for line, variants in zip(reversed(self._lines), reversed(self._offers), strict=True):
            ways = [
                variant.concession + cost - line.worth
                for variant, offers in zip(line.variants, variants, strict=True)
                if (cost := _least(offers, places)) is not None
            ]
            if may_leave:
                ways.append(self.later(line))
            if not ways:
                return None
            least.append(least[-1] + min(ways))
        return least[::-1]

    def later(self, line: OrderLine) -> float:
        """Return the margin lost when a line ships later, or a little less."""
        return line.margin * self._terms.backorder_loss_bp // 10_000

    @cached_property
    def _offers(self) -> list[list[list[_Offers]]]:
        """What the places offer for each piece of each way to fill each line."""
        return [
            [[_Offers(self, piece) for piece in variant.pieces] for variant in line.variants]
            for line in self._lines
        ]

    def offer(self, place: Place, piece: Piece) -> tuple[int, float]:
        """Return how many units of a piece a place has, and what all that is wanted costs there."""
        fits = min(max(0, self._free(sku, place.id)) // units for sku, units in piece.contents)
        if not fits:
            return 0, 0.0
        alone = sum(sku not in self._shared for sku, _units in piece.contents)
        each = self.piece(place, piece.contents)
        return fits, each * piece.units + place.handling.line * alone


class _Offers(dict[Place, tuple[int, float]]):
    """What each place has of a piece, and what the piece costs there; each is asked once."""

    def __init__(self, floors: Floors, piece: Piece) -> None:
        super().__init__()
        self._floors, self._piece, self.units = floors, piece, piece.units

    def __missing__(self, place: Place) -> tuple[int, float]:
        self[place] = found = self._floors.offer(place, self._piece)
        return found


def _least(offers: Sequence[_Offers], places: Sequence[Place]) -> float | None:
    """Return what all pieces cost at the least at these places; ``None`` if they have not enough."""
    cost = 0.0
    for piece in offers:
        there = [offer for place in places if (offer := piece[place])[0]]
        if sum([fits for fits, _cost in there]) < piece.units:
            return None
        cost += min([cost for _fits, cost in there])
    return cost


def _in_several_lines(lines: Sequence[OrderLine]) -> frozenset[int]:
    """Return the SKUs that more than one piece of an order could want."""
    wanted: Counter[int] = Counter()
    for line in lines:
        for variant in line.variants:
            wanted.update(sku for piece in variant.pieces for sku, _units in piece.contents)
    return frozenset(sku for sku, count in wanted.items() if count > 1)
