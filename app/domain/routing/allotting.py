"""In which ways could the places ship an order between them, whole or in part?

Every way is found that costs no more than a bound, which whoever asks may lower on the way. Sets of
places are taken cheapest first, so that a bound soon ends the search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from app.domain.routing.fares import Fares
from app.domain.routing.goods import Contents, OrderLine, Piece
from app.domain.routing.network import Place
from app.domain.routing.options import Allotment, Share

MOST_WAYS = 20_000
"""Ways looked at for one order: more than a brand's orders have; a guard against the absurd."""

Free = Callable[[int, int], int]
"""Units of a SKU that the order could take at a place."""


class Allotting:
    """The search for one order. ``bound`` is the cost above which a way is of no use."""

    def __init__(self, fares: Fares, free: Free, bound: int) -> None:
        self.fares, self.bound = fares, bound
        self.order = fares.order
        self.network = fares.network
        self.terms = fares.terms
        self._free = free
        self._left = MOST_WAYS
        self.places = [
            place
            for place in self.network.serving(self.order.channel_id)
            if self.network.lanes(place.id, self.order)
        ]
        self._least = self._least_of_lines()

    def ways(self, most: int | None = None) -> Iterator[Allotment]:
        """Return the ways, by number of parcels; ``most`` parcels at a time (default: the terms')."""
        limit = min(most or self.terms.parcels, len(self.places))
        for count in range(1, limit + 1):
            for least, places in self._sets(count):
                if least <= self.bound:
                    yield from self._of(places, least)

    def _sets(self, count: int) -> list[tuple[int, tuple[Place, ...]]]:
        floor = min(self._lightest(), default=0)
        asked = {place.id: self.fares.least(place.id, floor) or 0 for place in self.places}
        found = []
        for places in combinations(self.places, count):
            cost = sum(asked[place.id] + place.handling.parcel for place in places)
            cost += self.terms.split_cost * (count - 1) + self._least[0]
            found.append((cost, places))
        return sorted(found, key=lambda each: (each[0], [place.id for place in each[1]]))

    def _lightest(self) -> Iterator[int]:
        for line in self.order.lines:
            for variant in line.variants:
                for piece in variant.pieces:
                    yield self.network.weight(piece.contents)

    def _least_of_lines(self) -> list[int]:
        """Return, from each line on, what all lines together cost at the least."""
        least = [0]
        for line in reversed(self.order.lines):
            ways = [
                variant.concession - line.worth
                + sum(self._least_of_piece(piece) for piece in variant.pieces)
                for variant in line.variants
            ]  # fmt: skip
            later = [0] if self.terms.may_ship_part else []
            least.append(least[-1] + min(ways + later))
        return least[::-1]

    def _least_of_piece(self, piece: Piece) -> int:
        return piece.units * min(
            (self._work(place, piece.contents) for place in self.places), default=0
        )

    def _work(self, place: Place, contents: Contents) -> int:
        """Return a piece's own cost at a place: units handled and goods as they lie there."""
        per, items = place.handling, self.network.items
        work = sum(
            units * (per.unit + (per.fragile_unit if items[sku].fragile else 0))
            for sku, units in contents
        )
        return work + self.network.worth(place.id, contents)

    def _of(self, places: tuple[Place, ...], least: int) -> Iterator[Allotment]:
        base = least - self._least[0]
        yield from self._fill(0, _Load(places), base)

    def _fill(self, number: int, load: _Load, cost: int) -> Iterator[Allotment]:
        """Give line ``number`` and those after it to the places."""
        if cost + self._least[number] > self.bound or self._left <= 0:
            return
        if number == len(self.order.lines):
            self._left -= 1
            if all(load.contents):
                yield self._allotment(load)
            return
        line = self.order.lines[number]
        for choice, variant in enumerate(line.variants):
            load.variants.append(choice)
            paid = cost + variant.concession - line.worth
            yield from self._deal(number, variant.pieces, 0, load, paid)
            load.variants.pop()
        if self.terms.may_ship_part and self.terms.may_backorder:
            load.variants.append(None)
            if len(load.places) < self.terms.parcels:
                yield from self._fill(number + 1, load, cost)
            load.variants.pop()

    def _deal(
        self, number: int, pieces: tuple[Piece, ...], at: int, load: _Load, cost: int
    ) -> Iterator[Allotment]:
        """Deal a line's pieces, from piece ``at`` on, to the places."""
        if at == len(pieces):
            yield from self._fill(number + 1, load, cost)
            return
        yield from self._place(number, pieces, at, pieces[at].units, 0, load, cost)

    def _place(
        self, number: int, pieces: tuple[Piece, ...], at: int, units: int, nth: int, load: _Load,
        cost: int,
    ) -> Iterator[Allotment]:  # fmt: skip
        """Give ``units`` of a piece to the places from the ``nth`` on."""
        piece, place = pieces[at], load.places[nth]
        is_last = nth == len(load.places) - 1
        fits = min(units, self._fits(load, nth, piece))
        if is_last and fits < units:
            return
        for taken in range(fits, units - 1 if is_last else -1, -1):
            if taken:
                load.put(nth, Share(number, at, taken), piece.contents)
            paid = cost + taken * self._work(place, piece.contents)
            if taken == units:
                yield from self._deal(number, pieces, at + 1, load, paid)
            else:
                yield from self._place(number, pieces, at, units - taken, nth + 1, load, paid)
            if taken:
                load.take_out(nth, piece.contents)

    def _fits(self, load: _Load, nth: int, piece: Piece) -> int:
        place_id, there = load.places[nth].id, load.contents[nth]
        return min(
            max(0, self._free(sku, place_id) - there.get(sku, 0)) // units
            for sku, units in piece.contents
        )

    def _allotment(self, load: _Load) -> Allotment:
        lines, network = self.order.lines, self.network
        contents = tuple(
            tuple(sorted((sku, units) for sku, units in each.items() if units))
            for each in load.contents
        )
        ids = tuple(place.id for place in load.places)
        later = [lines[n] for n, choice in enumerate(load.variants) if choice is None]
        filled = [
            (lines[n], choice) for n, choice in enumerate(load.variants) if choice is not None
        ]
        return Allotment(
            places=ids,
            contents=contents,
            shares=tuple(map(tuple, load.shares)),
            variants=tuple(load.variants),
            handling=sum(map(network.handling, ids, contents)),
            landed=sum(map(network.worth, ids, contents)) - sum(line.worth for line, _ in filled),
            split=self.terms.split_cost * (len(ids) - 1 + bool(later)),
            substitution=sum(line.variants[choice].concession for line, choice in filled),
            unfilled=self._backordered(later) if later else 0,
        )

    def _backordered(self, later: list[OrderLine]) -> int:
        margin = max(0, sum(line.margin for line in later))
        return self.terms.backorder_cost + margin * self.terms.backorder_loss_bp // 10_000


@dataclass
class _Load:
    """What the places have been given so far."""

    places: tuple[Place, ...]
    contents: list[dict[int, int]] = field(init=False)
    shares: list[list[Share]] = field(init=False)
    variants: list[int | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.contents = [{} for _ in self.places]
        self.shares = [[] for _ in self.places]

    def put(self, nth: int, share: Share, contents: Contents) -> None:
        """Give a place units of a piece."""
        there = self.contents[nth]
        for sku, units in contents:
            there[sku] = there.get(sku, 0) + units * share.units
        self.shares[nth].append(share)

    def take_out(self, nth: int, contents: Contents) -> None:
        """Take back what was put last."""
        there = self.contents[nth]
        share = self.shares[nth].pop()
        for sku, units in contents:
            there[sku] -= units * share.units
            if not there[sku]:
                del there[sku]
