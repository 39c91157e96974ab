"""What would each other place cost for the whole order, or which rule keeps it from shipping it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.domain.routing.choosing import open_days, take, whole
from app.domain.routing.fares import Fares, best_quotes
from app.domain.routing.goods import Contents, Wanted
from app.domain.routing.network import Network, Place
from app.domain.routing.options import Option, Quote
from app.domain.routing.shelves import Shelves


class Loser(NamedTuple):
    """A place that does not ship the order: its cost for all of it, or the rule that blocks it.

    ``service_id`` and ``day`` are those that it was judged with; ``day`` is ``None`` where it has none.
    ``short`` is the first SKU that it lacks, with the units needed and free, and ``lacking`` how many it
    lacks; ``quote`` and ``contents`` say what a cost was asked for.
    """

    place_id: int
    service_id: int | None
    day: int | None
    cost: int | None = None
    blocked_by: str = ""
    short: tuple[int, int, int] | None = None
    lacking: int = 0
    quote: Quote | None = None
    contents: Contents = ()


def losers(network: Network, order: Wanted, chosen: Option, shelves: Shelves) -> list[Loser]:
    """Judge every place that does not ship the whole order, given what all others take."""
    take(network, order, chosen, shelves, -1)
    alone = _alone(chosen)
    fares = Fares(network, order)
    found = [
        _judge(fares, place, shelves) for place in network.places.values() if place.id != alone
    ]
    take(network, order, chosen, shelves)
    return found


def _alone(chosen: Option) -> int | None:
    """Return the place that ships the whole order as it was asked for, if one does."""
    on = chosen.allotment
    if on is None or len(on.places) != 1 or any(on.variants) or None in on.variants:
        return None
    return on.places[0]


def _judge(fares: Fares, place: Place, shelves: Shelves) -> Loser:
    network, order = fares.network, fares.order
    days = network.ship_days(place.id)
    service = next(iter(network.services), None)
    day = days[0].number if days else None
    rule = _place_bar(network, place, order)
    if rule:
        return Loser(place.id, service, day, blocked_by=rule)
    contents = whole(order)
    lanes = network.lanes(place.id, order)
    if not lanes:
        service, rule = _service_bar(network, place, order)
        return Loser(place.id, service, day, blocked_by=rule)
    weight, hazmat = network.weight(contents), network.has_hazmat(contents)
    able = [lane.service for lane in lanes if lane.service.carries(weight, hazmat)]
    if not able:
        heavy = next((each.service for each in lanes if each.service.carries(0, hazmat)), None)
        rule = "hazmat" if heavy is None else "weight_limit"
        return Loser(place.id, (heavy or lanes[0].service).id, day, blocked_by=rule)
    short = _short(shelves, order, place.id, contents)
    if short:
        lacks = short[0][1] > shelves.there(short[0][0], place.id)
        rule = "stock_exceeded" if lacks else "reserve_exceeded"
        return Loser(place.id, able[0].id, day, None, rule, short[0], len(short))
    left = open_days(network, place.id, shelves)
    if not left:
        return Loser(place.id, able[0].id, day, blocked_by="capacity_exceeded")
    quotes = fares.quotes(place.id, weight, hazmat, left[:1])
    return _priced(fares, place, contents, quotes[0])


def _priced(fares: Fares, place: Place, contents: Contents, quotes: Sequence[Quote]) -> Loser:
    network, order = fares.network, fares.order
    cost, (quote,) = best_quotes(fares.terms, [tuple(quotes)])
    cost += network.handling(place.id, contents) + network.worth(place.id, contents)
    cost -= sum(line.worth for line in order.lines)
    return Loser(place.id, quote.service_id, quote.day, cost, quote=quote, contents=contents)


def _place_bar(network: Network, place: Place, order: Wanted) -> str:
    if order.hold:
        return "hold_shipped"
    if not place.may_serve(order):
        return "location_not_eligible"
    return "" if network.ship_days(place.id) else "bad_ship_date"


def _service_bar(network: Network, place: Place, order: Wanted) -> tuple[int | None, str]:
    """Return the service that comes nearest to carrying the order, and what forbids it."""
    found: tuple[int | None, str] = (None, "service_not_eligible")
    for service in network.services.values():
        bar = network.bar(service, order)
        goes = network.zone(service, place.id, order.to) is not None
        if goes and bar is not None and bar != "service_not_eligible":
            return service.id, bar
        found = found if found[0] is not None else (service.id, "service_not_eligible")
    return found


def _short(
    shelves: Shelves, order: Wanted, place_id: int, contents: Contents
) -> list[tuple[int, int, int]]:
    """Return every SKU that a place lacks, with the units needed and free."""
    frees = [(sku, units, shelves.free(sku, place_id, order.channel_id)) for sku, units in contents]
    return [(sku, units, max(0, free)) for sku, units, free in frees if free < units]
