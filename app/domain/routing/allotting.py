"""In which ways could the places ship an order between them, whole or in part?

Every way is found that costs no more than a bound, which whoever asks may lower on the way. Sets of
places are taken cheapest first, so that a bound soon ends the search.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from app.domain.routing.fares import Fares
from app.domain.routing.floors import Floors, Free, Prices
from app.domain.routing.goods import Contents, OrderLine, Piece, Wanted
from app.domain.routing.network import Place
from app.domain.routing.options import Allotment, Share

MOST_WAYS = 20_000
"""Ways looked at for one order: more than a brand's orders have; a guard against the absurd."""


class Allotting:
    """The search for one order.

    ``bound`` is the cost above which a way is of no use. ``prices`` are added to the costs while
    ways are compared with it; ``most`` ends the search after so many ways (``is_cut_short``).
    ``only`` are the sets of places that are looked at, where all others are known to be dearer.
    """

    def __init__(
        self,
        fares: Fares,
        free: Free,
        bound: float,
        prices: Prices | None = None,
        most: int | None = None,
        only: Collection[frozenset[int]] | None = None,
    ) -> None:
        self.fares, self.bound, self._only = fares, bound, only
        self.order = fares.order
        self.network = fares.network
        self.terms = fares.terms
        self._there = _There(free)
        self._floors = Floors(fares, self._free_at, prices)
        self._may_leave = self.terms.may_ship_part and self.terms.may_backorder
        self._most = self._left = MOST_WAYS if most is None else most
        self._parcels = min(self.terms.parcels, self.order.most_parcels or self.terms.parcels)
        self._least: list[float] = []
        self._late: dict[int, int] = {}
        self.places = [
            place
            for place in self.network.serving(self.order)
            if self.network.lanes(place.id, self.order)
        ]

    def _free_at(self, sku_id: int, place_id: int) -> int:
        return self._there[sku_id, place_id]

    @property
    def is_cut_short(self) -> bool:
        """Return whether there may be more ways than were looked at."""
        return self._left <= 0

    @property
    def looked_at(self) -> int:
        """Return how many ways were looked at."""
        return self._most - self._left

    def ways(self) -> Iterator[Allotment]:
        """Return the ways, by number of parcels."""
        parcels = {place.id: self._floors.parcel(place) for place in self.places}
        self._late = {place.id: self.fares.least_late(place.id) for place in self.places}
        for count in range(1, min(self._parcels, len(self.places), _most_apart(self.order)) + 1):
            for base, places in self._sets(count, parcels):
                if base > self.bound and self._adds_only():
                    break  # the sets come cheapest first
                may_leave = self._may_leave and count < self._parcels
                least = self._floors.of_lines(places, may_leave)
                if least is not None:
                    self._least = least
                    yield from self._fill(0, _Load(places), base)

    def _adds_only(self) -> bool:
        """Return whether nothing that goes into a parcel could make it cheaper."""
        is_plain = all(len(line.variants) == 1 for line in self.order.lines)
        return is_plain and not self._may_leave and not self.network.landed

    def _sets(
        self, count: int, parcels: Mapping[int, float]
    ) -> list[tuple[float, tuple[Place, ...]]]:
        """Return the sets of so many places, the cheapest first."""
        split = self.terms.split_cost * (count - 1)
        late = self._late
        found = [
            (
                split + sum(parcels[place.id] for place in places)
                + max(late[place.id] for place in places),
                places,
            )
            for places in combinations(self.places, count)
            if self._only is None or frozenset(place.id for place in places) in self._only
        ]  # fmt: skip
        return sorted(found, key=lambda each: (each[0], [place.id for place in each[1]]))

    def _fill(self, number: int, load: _Load, cost: float) -> Iterator[Allotment]:
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
        if self._may_leave:
            yield from self._leave(number, load, cost)

    def _leave(self, number: int, load: _Load, cost: float) -> Iterator[Allotment]:
        """Leave a line for later."""
        if len(load.places) < self._parcels:
            first = None not in load.variants
            load.variants.append(None)
            more = self._floors.later(self.order.lines[number])
            more += self.terms.backorder_cost + self.terms.split_cost if first else 0
            yield from self._fill(number + 1, load, cost + more)
            load.variants.pop()

    def _deal(
        self, number: int, pieces: tuple[Piece, ...], at: int, load: _Load, cost: float
    ) -> Iterator[Allotment]:
        """Deal a line's pieces, from piece ``at`` on, to the places."""
        if at == len(pieces):
            yield from self._fill(number + 1, load, cost)
            return
        yield from self._place(number, pieces, at, pieces[at].units, 0, load, cost)

    def _place(
        self, number: int, pieces: tuple[Piece, ...], at: int, units: int, nth: int, load: _Load,
        cost: float,
    ) -> Iterator[Allotment]:  # fmt: skip
        """Give ``units`` of a piece to the places from the ``nth`` on; the last takes what is left."""
        piece, last = pieces[at], len(load.places) - 1
        for here in range(nth, last + 1):
            place = load.places[here]
            fits = min(units, self._fits(load, here, piece))
            for taken in range(fits, units - 1 if here == last else 0, -1):
                new = load.put(here, Share(number, at, taken), piece.contents)
                paid = cost + taken * self._floors.piece(place, piece.contents)
                paid += new * place.handling.line
                if taken == units:
                    yield from self._deal(number, pieces, at + 1, load, paid)
                else:
                    yield from self._place(number, pieces, at, units - taken, here + 1, load, paid)
                load.take_out(here, piece.contents)

    def _fits(self, load: _Load, nth: int, piece: Piece) -> int:
        place_id, there, free = load.places[nth].id, load.contents[nth], self._there
        if len(piece.contents) == 1:
            ((sku, units),) = piece.contents
            return max(0, free[sku, place_id] - there.get(sku, 0)) // units
        return min(
            max(0, free[sku, place_id] - there.get(sku, 0)) // units
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


class _There(dict[tuple[int, int], int]):
    """The free units of each SKU at each place, each asked for once."""

    def __init__(self, free: Free) -> None:
        super().__init__()
        self._free = free

    def __missing__(self, cell: tuple[int, int]) -> int:
        self[cell] = found = self._free(*cell)
        return found


def _most_apart(order: Wanted) -> int:
    """Return how many parcels an order could fill at all: a unit of a piece leaves whole."""
    return sum(
        max(sum(piece.units for piece in variant.pieces) for variant in line.variants)
        for line in order.lines
    )


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

    def put(self, nth: int, share: Share, contents: Contents) -> int:
        """Give a place units of a piece; return how many SKUs are new in its parcel."""
        there = self.contents[nth]
        before = len(there)
        for sku, units in contents:
            there[sku] = there.get(sku, 0) + units * share.units
        self.shares[nth].append(share)
        return len(there) - before

    def take_out(self, nth: int, contents: Contents) -> None:
        """Take back what was put last."""
        there = self.contents[nth]
        share = self.shares[nth].pop()
        for sku, units in contents:
            there[sku] -= units * share.units
            if not there[sku]:
                del there[sku]
