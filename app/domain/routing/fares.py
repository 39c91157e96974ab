"""What does each place ask for a parcel to one address, by day and service?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import product

from app.domain.routing.calendar import ShipDay
from app.domain.routing.carriage import Lane
from app.domain.routing.goods import Wanted
from app.domain.routing.network import Network
from app.domain.routing.options import Quote
from app.domain.routing.terms import Terms

DayQuotes = tuple[tuple[Quote, ...], ...]
"""For each ship day, the services worth a thought: none is both dearer and later than another."""


class Fares:
    """The quotes for one order; it remembers each place and weight."""

    def __init__(self, network: Network, order: Wanted) -> None:
        self.network, self.order = network, order
        self.terms = network.terms[order.channel_id]
        self._known: dict[tuple[int, int, bool, tuple[ShipDay, ...]], DayQuotes] = {}

    def quotes(
        self, place_id: int, weight_g: int, hazmat: bool, days: tuple[ShipDay, ...]
    ) -> DayQuotes:
        """Return the quotes of each of these days; none where no service takes the parcel."""
        key = (place_id, weight_g, hazmat, days)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._ask(place_id, weight_g, hazmat, days)
        return found

    def least_late(self, place_id: int) -> int:
        """Return what the least lateness from a place costs: the fastest service, the first day."""
        days = self.network.ship_days(place_id)[:1]
        terms = self.terms
        return min(
            (terms.lateness(quote.leaves_late, quote.days_late)
             for day in days
             for lane in self.network.lanes(place_id, self.order)
             for quote in (self._quote(lane, 0, day),)),
            default=0,
        )  # fmt: skip

    def _ask(
        self, place_id: int, weight_g: int, hazmat: bool, days: Sequence[ShipDay]
    ) -> DayQuotes:
        prices = [
            (lane, lane.service.tariff.postage(lane.zone, weight_g))
            for lane in self.network.lanes(place_id, self.order)
            if lane.service.carries(weight_g, hazmat)
        ]
        if not prices:
            return ()
        return tuple(
            _worth_a_thought([self._quote(lane, price, day) for lane, price in prices])
            for day in days
        )

    def _quote(self, lane: Lane, postage: int, day: ShipDay) -> Quote:
        order = self.order
        return Quote(
            day.number,
            lane.service.id,
            postage,
            _is_after(day.leaves_at, order.ship_by),
            _days_after(self.network.arrival(lane, day.day), order.deliver_by),
        )


def _is_after(moment: datetime, promised: datetime | None) -> bool:
    return promised is not None and moment > promised


def _days_after(day: date, promised: date | None) -> int:
    return max(0, (day - promised).days) if promised is not None else 0


def _worth_a_thought(quotes: list[Quote]) -> tuple[Quote, ...]:
    """Keep the quotes that no other beats in money and lateness; ties go to the first service."""
    if len(quotes) == 1:
        return tuple(quotes)
    kept: list[Quote] = []
    quotes.sort(key=lambda quote: (quote.postage, quote.service_id))
    for quote in quotes:
        if not any(
            other.days_late <= quote.days_late
            and (other.postage < quote.postage or other.service_id < quote.service_id)
            for other in kept
        ):
            kept.append(quote)
    return tuple(kept)


def best_quotes(
    terms: Terms, parcels: Sequence[tuple[Quote, ...]]
) -> tuple[int, tuple[Quote, ...]]:
    """Return the cheapest choice of one quote for each parcel, and its postage and lateness."""
    if len(parcels) == 1 and len(parcels[0]) == 1:
        only = parcels[0][0]
        return only.postage + terms.lateness(only.leaves_late, only.days_late), (only,)
    if len(parcels) == 1:
        cost, _service, quote = min(
            (quote.postage + terms.lateness(quote.leaves_late, quote.days_late),
             quote.service_id, quote)
            for quote in parcels[0]
        )  # fmt: skip
        return cost, (quote,)
    cost, _services, chosen = min(
        (_together(terms, choice), tuple(quote.service_id for quote in choice), choice)
        for choice in product(*parcels)
    )
    return cost, chosen


def _together(terms: Terms, quotes: Sequence[Quote]) -> int:
    late = terms.lateness(
        any(quote.leaves_late for quote in quotes), max(quote.days_late for quote in quotes)
    )
    return sum(quote.postage for quote in quotes) + late


def by_days(terms: Terms, parcels: Sequence[DayQuotes]) -> Iterator[tuple[int, tuple[Quote, ...]]]:
    """Return the best quotes for every choice of a day for each parcel."""
    for days in product(*parcels):
        yield best_quotes(terms, days)
