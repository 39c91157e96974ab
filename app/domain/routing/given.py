"""What does it cost that each line of an order leaves whole from a place that is given?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from app.domain.routing.fares import Fares, best_quotes
from app.domain.routing.goods import Contents, OrderLine, Wanted
from app.domain.routing.network import Network
from app.domain.routing.options import Allotment, Option, Outcome, Share


def given(network: Network, order: Wanted, places: Mapping[int, int]) -> Option | None:
    """Return the option of these places (by line), leaving on their first day.

    ``None`` is returned where a line has no place and cannot wait, or nothing goes from there.
    """
    found_ways = [_way(network, line, places.get(line.id, 0)) for line in order.lines]
    ways = [way for way in found_ways if way is not None]
    if len(ways) < len(order.lines):
        return None
    at: dict[int, list[int]] = defaultdict(list)
    for number, line in enumerate(order.lines):
        if line.variants[ways[number]].pieces:
            at[places[line.id]].append(number)
    if not at:
        return None
    ids = tuple(sorted(at))
    contents = tuple(_contents([order.lines[number] for number in at[place]]) for place in ids)
    fares, parcels = Fares(network, order), []
    for place, each in zip(ids, contents, strict=True):
        first = network.ship_days(place)[:1]
        quotes = fares.quotes(place, network.weight(each), network.has_hazmat(each), first)
        if not quotes:
            return None
        parcels.append(quotes[0])
    allotment = Allotment(
        places=ids,
        contents=contents,
        shares=tuple(tuple(Share(number, 0, 1) for number in at[place]) for place in ids),
        variants=tuple(ways),
        handling=sum(map(network.handling, ids, contents)),
        landed=sum(map(network.worth, ids, contents)) - sum(line.worth for line in order.lines),
        split=fares.terms.split_cost * (len(ids) - 1),
        substitution=sum(
            line.variants[way].concession for line, way in zip(order.lines, ways, strict=True)
        ),
        unfilled=0,
    )
    cost, chosen = best_quotes(fares.terms, parcels)
    return Option(Outcome.SHIP, allotment.cost + cost, allotment, chosen)


def _way(network: Network, line: OrderLine, place: int) -> int | None:
    """Return the way in which a line leaves from a place: as it is, or not yet."""
    if place in network.places:
        return 0
    return next((n for n, way in enumerate(line.variants) if not way.pieces), None)


def _contents(lines: list[OrderLine]) -> Contents:
    units: dict[int, int] = defaultdict(int)
    for line in lines:
        for piece in line.variants[0].pieces:
            for sku, each in piece.contents:
                units[sku] += each * piece.units
    return tuple(sorted(units.items()))
