"""What should become of this one order, given what is left on the shelves?

The cheapest of all that the rules allow. Equals are told apart by the order's parcels, their lines,
the owner's ranking of the places, the days, and last by ids: never by the order of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from app.domain.routing.allotting import Allotting
from app.domain.routing.calendar import ShipDay
from app.domain.routing.fares import Fares, by_days
from app.domain.routing.goods import Wanted
from app.domain.routing.network import Network
from app.domain.routing.options import Allotment, Option, Outcome
from app.domain.routing.shelves import Shelves

Days = Callable[[int], tuple[ShipDay, ...]]
"""The ship days of a place that are worth a thought."""


class Standing(NamedTuple):
    """By what one option for an order comes before another, first things first."""

    cost: int
    is_unfilled: bool
    parcels: int
    lines: int
    ranks: int
    days: int
    ids: tuple[tuple[int, int], ...]


def standing(network: Network, option: Option) -> Standing:
    """Return by what an option stands before or behind others."""
    on = option.allotment
    if on is None:
        return Standing(option.cost, True, 0, 0, 0, 0, ())
    pairs = tuple(zip(on.places, option.quotes, strict=True))
    return Standing(
        option.cost,
        False,
        on.parcels,
        on.lines,
        sum(network.places[place].rank for place in on.places),
        sum(network.ship_days(place)[quote.day].day.toordinal() for place, quote in pairs),
        tuple((place, quote.service_id) for place, quote in pairs),
    )


def unfilled(network: Network, order: Wanted) -> Option:
    """Return the cheaper of a backorder and an exception; a held order must be an exception."""
    terms = network.terms[order.channel_id]
    if order.hold:
        return Option(Outcome.EXCEPTION, 0)
    margin = max(0, order.margin)
    exception = Option(Outcome.EXCEPTION, terms.unfilled_cost + margin)
    if not terms.may_backorder:
        return exception
    cost = terms.backorder_cost + margin * terms.backorder_loss_bp // 10_000
    return Option(Outcome.BACKORDER, cost) if cost <= exception.cost else exception


def options_of(search: Allotting, allotment: Allotment, days: Days) -> Iterator[Option]:
    """Return an allotment's best option for each choice of days."""
    network, fares = search.network, search.fares
    parcels = []
    for place, contents in zip(allotment.places, allotment.contents, strict=True):
        weight, hazmat = network.weight(contents), network.has_hazmat(contents)
        quotes = fares.quotes(place, weight, hazmat, days(place))
        if not quotes:
            return
        parcels.append(quotes)
    fixed = allotment.cost
    for cost, chosen in by_days(search.terms, parcels):
        yield Option(Outcome.SHIP, fixed + cost, allotment, chosen)


def choose(network: Network, order: Wanted, shelves: Shelves) -> Option:
    """Choose what becomes of an order, and take it from the shelves."""
    best = unfilled(network, order)
    if not order.hold:
        best = _cheapest(network, order, shelves, best)
    take(network, order, best, shelves)
    return best


def _cheapest(network: Network, order: Wanted, shelves: Shelves, best: Option) -> Option:
    channel = order.channel_id
    search = Allotting(
        Fares(network, order), lambda sku, place: shelves.free(sku, place, channel), best.cost
    )
    first = standing(network, best)

    def days(place_id: int) -> tuple[ShipDay, ...]:
        return open_days(network, place_id, shelves)[:1]

    for allotment in search.ways():
        for option in options_of(search, allotment, days):
            if option.cost <= best.cost and (at := standing(network, option)) < first:
                best, first, search.bound = option, at, option.cost
    return best


def open_days(network: Network, place_id: int, shelves: Shelves) -> tuple[ShipDay, ...]:
    """Return the ship days on which a place can still hand over one more parcel."""
    place = network.places[place_id]
    return tuple(
        each
        for each in network.ship_days(place_id)
        if (slots := place.slots_of(each.day)) is None
        or shelves.parcels(place_id, each.day) < slots
    )


def take(network: Network, order: Wanted, option: Option, shelves: Shelves, sign: int = 1) -> None:
    """Take an option's units and slots from the shelves; ``sign`` -1 puts them back."""
    on = option.allotment
    if on is None:
        return
    for place, contents, quote in zip(on.places, on.contents, option.quotes, strict=True):
        shelves.hand_over(place, network.ship_days(place)[quote.day].day, sign)
        for sku, units in contents:
            shelves.take((sku, place), order.channel_id, sign * units)


def on_days(option: Option, days: tuple[int, ...]) -> Option:
    """Return an option with its parcels on other days of the same cost."""
    quotes = tuple(quote._replace(day=day) for quote, day in zip(option.quotes, days, strict=True))
    return option._replace(quotes=quotes)
