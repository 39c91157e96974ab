"""What should become of this one order, given what is left on the shelves?

The cheapest of all that the rules allow. Equals are told apart by the order's parcels, their lines,
the owner's ranking of the places, the days, and last by ids: never by the order of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from app.domain.routing.allotting import Allotting
from app.domain.routing.calendar import ShipDay
from app.domain.routing.fares import Fares, best_quotes, by_days
from app.domain.routing.goods import Contents, Ranks, Wanted
from app.domain.routing.network import Network, Place
from app.domain.routing.options import Allotment, Option, Outcome, Quote, Share
from app.domain.routing.parting import UNKNOWN, Apart
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


def standing(network: Network, option: Option, ranks: Ranks | None = None) -> Standing:
    """Return by what an option stands before or behind others; ``ranks`` are the order's own."""
    on = option.allotment
    if on is None:
        return Standing(option.cost, True, 0, 0, 0, 0, ())
    pairs = tuple(zip(on.places, option.quotes, strict=True))
    return Standing(
        option.cost,
        False,
        on.parcels,
        on.lines,
        sum(network.places[place].rank if ranks is None else ranks[place] for place in on.places),
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
    best = decide(network, order, shelves)
    take(network, order, best, shelves)
    return best


def decide(network: Network, order: Wanted, shelves: Shelves, apart: Apart = UNKNOWN) -> Option:
    """Choose what becomes of an order; the shelves are left as they are.

    ``apart`` is what two parcels or more cost at the least, before they are late. What costs just that
    is looked for first, where it can be had: nothing could be cheaper.
    """
    best = unfilled(network, order)
    if order.hold:
        return best
    fares = Fares(network, order)
    alone = alone_from(fares, shelves)
    if alone is not None and alone.cost <= best.cost:
        best = alone
    if _is_beyond_doubt(fares, best):
        return best
    if apart.places is not None:
        likely = apart.least + _least_late(fares, _places(fares))
        if likely < best.cost:
            best = _cheapest(fares, shelves, best, likely, apart.places)
            if best.cost <= likely:  # two lines may have claimed the same unit: then it was too low
                return best
    return _cheapest(fares, shelves, best, best.cost)


def alone_from(fares: Fares, shelves: Shelves) -> Option | None:
    """Return the best way to ship the whole order, as it was asked for, from one place."""
    network, order = fares.network, fares.order
    contents = whole(order)
    weight, hazmat = network.weight(contents), network.has_hazmat(contents)
    found: tuple[int, int, int, Place, Quote] | None = None
    ranks = order.ranks
    for place in network.serving(order):
        if any(shelves.free(sku, place.id, order.channel_id) < units for sku, units in contents):
            continue
        quotes = fares.quotes(place.id, weight, hazmat, first_day(network, place, shelves))
        if not quotes:
            continue
        cost, (quote,) = best_quotes(fares.terms, quotes)
        cost += network.handling(place.id, contents) + network.worth(place.id, contents)
        if found is not None and cost > found[0]:
            continue
        day = network.ship_days(place.id)[quote.day].day.toordinal()
        rank = place.rank if ranks is None else ranks[place.id]
        if found is None or (cost, rank, day) < found[:3]:
            found = (cost, rank, day, place, quote)
    return None if found is None else _alone(fares, contents, found[0], found[3], found[4])


def whole(order: Wanted) -> Contents:
    """Return all that was ordered, as one parcel's contents."""
    units: dict[int, int] = {}
    for line in order.lines:
        for piece in line.variants[0].pieces:
            for sku, each in piece.contents:
                units[sku] = units.get(sku, 0) + each * piece.units
    return tuple(sorted(units.items()))


def _alone(fares: Fares, contents: Contents, cost: int, place: Place, quote: Quote) -> Option:
    order, network = fares.order, fares.network
    worth = sum(line.worth for line in order.lines)
    concession = sum(line.variants[0].concession for line in order.lines)
    allotment = Allotment(
        places=(place.id,),
        contents=(contents,),
        shares=(tuple(Share(number, nth, piece.units)
                      for number, line in enumerate(order.lines)
                      for nth, piece in enumerate(line.variants[0].pieces)),),
        variants=(0,) * len(order.lines),
        handling=network.handling(place.id, contents),
        landed=network.worth(place.id, contents) - worth,
        split=0,
        substitution=concession,
        unfilled=0,
    )  # fmt: skip
    return Option(Outcome.SHIP, cost - worth + concession, allotment, (quote,))


def _is_beyond_doubt(fares: Fares, best: Option) -> bool:
    """Return whether no other way than from one place could cost less: nothing need be searched."""
    if best.allotment is None:
        return False
    terms, network, order = fares.terms, fares.network, fares.order
    if terms.may_ship_part or network.landed or any(len(each.variants) > 1 for each in order.lines):
        return False
    if min(terms.parcels, order.most_parcels or terms.parcels) == 1:
        return True
    if (
        len(order.lines) == 1
        and sum(piece.units for piece in order.lines[0].variants[0].pieces) == 1
    ):
        return True
    places = _places(fares)
    if len(places) < 2:
        return True
    least = sorted(_least_parcel(fares, place) for place in places)
    return least[0] + least[1] + terms.split_cost + _least_late(fares, places) >= best.cost


def _places(fares: Fares) -> list[Place]:
    """Return the places that may serve the order, and whose services reach it."""
    network, order = fares.network, fares.order
    return [place for place in network.serving(order) if network.lanes(place.id, order)]


def _least_late(fares: Fares, places: Sequence[Place]) -> int:
    """Return what being late costs at the least, wherever the order ships from."""
    return min((fares.least_late(place.id) for place in places), default=0)


def _least_parcel(fares: Fares, place: Place) -> int:
    lanes = fares.network.lanes(place.id, fares.order)
    least = min(lane.service.tariff.postage(lane.zone, 0) for lane in lanes)
    return place.handling.parcel + least


def _cheapest(
    fares: Fares,
    shelves: Shelves,
    best: Option,
    bound: float,
    only: Collection[frozenset[int]] | None = None,
) -> Option:
    """Return the best way that costs no more than a bound; what was the best so far, if there is none."""
    network, channel = fares.network, fares.order.channel_id
    search = Allotting(
        fares, lambda sku, place: shelves.free(sku, place, channel), bound, only=only
    )
    ranks = fares.order.ranks
    first = standing(network, best, ranks)

    def days(place_id: int) -> tuple[ShipDay, ...]:
        return first_day(network, network.places[place_id], shelves)

    for allotment in search.ways():
        for option in options_of(search, allotment, days):
            if option.cost <= best.cost and (at := standing(network, option, ranks)) < first:
                best, first, search.bound = option, at, option.cost
    return best


def first_day(network: Network, place: Place, shelves: Shelves) -> tuple[ShipDay, ...]:
    """Return the first ship day on which a place can hand over one more parcel, if there is one."""
    days = network.ship_days(place.id)
    if place.slots is None and not place.slots_on:
        return days[:1]
    return next(((each,) for each in days if _has_slot(place, each, shelves)), ())


def open_days(network: Network, place_id: int, shelves: Shelves) -> tuple[ShipDay, ...]:
    """Return the ship days on which a place can still hand over one more parcel."""
    place = network.places[place_id]
    return tuple(each for each in network.ship_days(place_id) if _has_slot(place, each, shelves))


def _has_slot(place: Place, each: ShipDay, shelves: Shelves) -> bool:
    slots = place.slots_of(each.day)
    return slots is None or shelves.parcels(place.id, each.day) < slots


def take(network: Network, order: Wanted, option: Option, shelves: Shelves, sign: int = 1) -> None:
    """Take an option's units and slots from the shelves; ``sign`` -1 puts them back."""
    on = option.allotment
    if on is None:
        return
    for place, contents, quote in zip(on.places, on.contents, option.quotes, strict=True):
        shelves.hand_over(place, network.ship_days(place)[quote.day].day, sign)
        for sku, units in contents:
            shelves.take((sku, place), order.channel_id, sign * units)
