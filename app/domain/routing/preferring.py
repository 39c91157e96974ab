"""Which of the ways that are nearly as cheap does the owner like best?

The cheapest way is known. What costs no more than the tolerance above it is held against the aims that
come after money, one after the other; the last word has the standing that settles every tie.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.routing.allotting import Allotting
from app.domain.routing.calendar import ShipDay
from app.domain.routing.choosing import first_day, options_of, standing
from app.domain.routing.fares import Fares
from app.domain.routing.goods import Wanted
from app.domain.routing.network import Network
from app.domain.routing.objectives import Aim, Objectives
from app.domain.routing.options import Option
from app.domain.routing.shelves import Shelves


def prefer(
    network: Network, order: Wanted, shelves: Shelves, best: Option, objectives: Objectives,
    wished: Sequence[int] = (),
) -> Option:  # fmt: skip
    """Return the way that the owner likes best of those about as cheap as the cheapest.

    Among equals ``wished`` places come before distance and ranking. The shelves are left as they are.
    """
    if best.allotment is None:
        return best
    within = 0 if objectives.parcel_worth else objectives.within
    left = _near(network, order, shelves, best, within)
    keys = _Keys(network, order, wished)
    for key in keys.of(objectives.after):
        least = min(map(key, left))
        left = [each for each in left if key(each) == least]
    return min(left, key=lambda each: standing(network, each, order.ranks))


def _near(
    network: Network, order: Wanted, shelves: Shelves, best: Option, within: int
) -> list[Option]:
    channel, bound = order.channel_id, best.cost + within
    search = Allotting(
        Fares(network, order), lambda sku, place: shelves.free(sku, place, channel), bound
    )

    def days(place_id: int) -> tuple[ShipDay, ...]:
        return first_day(network, network.places[place_id], shelves)

    found = [
        option
        for allotment in search.ways()
        for option in options_of(search, allotment, days)
        if option.cost <= bound
    ]
    return found or [best]


class _Keys:
    """What a way of an order is measured by, aim for aim; less is better."""

    def __init__(self, network: Network, order: Wanted, wished: Sequence[int]) -> None:
        self._network, self._order, self._wished = network, order, wished

    def of(self, aims: Sequence[Aim]) -> list[Callable[[Option], int]]:
        """Return the measures of these aims in their order."""
        known: dict[Aim, Callable[[Option], int]] = {
            Aim.PROMISE: lambda option: int(option.is_late),
            Aim.MONEY: lambda option: option.cost,
            Aim.PARCELS: lambda option: option.allotment.parcels if option.allotment else 0,
            Aim.DISTANCE: self._zones,
            Aim.RANKING: self._ranks,
        }
        found: list[Callable[[Option], int]] = []
        for aim in aims:
            if aim in (Aim.DISTANCE, Aim.RANKING) and self._wishes not in found:
                found.append(self._wishes)
            found.append(known[aim])
        return found if self._wishes in found else [*found, self._wishes]

    def _places(self, option: Option) -> tuple[int, ...]:
        return option.allotment.places if option.allotment else ()

    def _wishes(self, option: Option) -> int:
        wished = self._wished
        return sum(wished.index(at) if at in wished else len(wished) for at in self._places(option))

    def _ranks(self, option: Option) -> int:
        return sum(self._network.places[at].rank for at in self._places(option))

    def _zones(self, option: Option) -> int:
        network, to = self._network, self._order.to
        return sum(
            network.zone(network.services[quote.service_id], at, to) or 0
            for at, quote in zip(self._places(option), option.quotes, strict=True)
        )
