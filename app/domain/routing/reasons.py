"""Why can an order not ship as things are? The one rule that, lifted, would let it go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from app.domain.routing.allotting import Allotting
from app.domain.routing.choosing import open_days, options_of
from app.domain.routing.fares import Fares
from app.domain.routing.floors import Free
from app.domain.routing.goods import Piece, Wanted
from app.domain.routing.network import Network
from app.domain.routing.shelves import Shelves
from app.domain.routing.terms import Terms

_ANY_MONEY = 10**12


class Reason(StrEnum):
    """What keeps an order from shipping."""

    HOLD = "hold"
    NO_ELIGIBLE_LOCATION = "no_eligible_location"
    NO_SERVICE = "no_service"
    WEIGHT_LIMIT = "weight_limit"
    CAPACITY = "capacity"
    SPLIT_NOT_ALLOWED = "split_not_allowed"
    TOO_MANY_PACKAGES = "too_many_packages"
    CHANNEL_RESERVE = "channel_reserve"
    KIT_COMPONENT_SHORT = "kit_component_short"
    SUBSTITUTION_NOT_APPROVED = "substitution_not_approved"
    NO_STOCK = "no_stock"
    TOO_DEAR = "other"


def reason(network: Network, order: Wanted, shelves: Shelves) -> Reason:
    """Return why an order that takes nothing from the shelves cannot ship."""
    if order.hold:
        return Reason.HOLD
    places = network.serving(order)
    if not places:
        return Reason.NO_ELIGIBLE_LOCATION
    if not any(network.lanes(place.id, order) for place in places):
        return Reason.NO_SERVICE
    return _goods_reason(network, order) or _stock_reason(_Asking(network, order, shelves))


def _goods_reason(network: Network, order: Wanted) -> Reason | None:
    """Return why something in the order can be carried by no service from anywhere."""
    services = [
        lane.service for place in network.serving(order) for lane in network.lanes(place.id, order)
    ]
    for piece in _pieces(order):
        hazmat = network.has_hazmat(piece.contents)
        able = [each for each in services if each.carries(0, hazmat)]
        if not able:
            return Reason.NO_SERVICE
        weight = network.weight(piece.contents)
        if not any(each.carries(weight, hazmat) for each in able):
            return Reason.WEIGHT_LIMIT
    return None


def _pieces(order: Wanted) -> Iterator[Piece]:
    for line in order.lines:
        yield from line.variants[0].pieces


class _Asking:
    """What if: would the order ship under other terms, from other shelves?"""

    def __init__(self, network: Network, order: Wanted, shelves: Shelves) -> None:
        self.network, self.order, self.shelves = network, order, shelves
        self.terms = replace(network.terms[order.channel_id], may_ship_part=False)

    def free(self, sku_id: int, place_id: int) -> int:
        """Return the units that the order's channel could take."""
        return self.shelves.free(sku_id, place_id, self.order.channel_id)

    def would_ship(
        self, terms: Terms, free: Free, *, if_open: bool = False, if_light: bool = False
    ) -> bool:
        """Return whether it would ship; ``if_open`` with slots, ``if_light`` without weight."""
        fares = Fares(self.network, self.order)
        fares.terms = terms
        search = Allotting(fares, free, _ANY_MONEY)
        for allotment in search.ways():
            if if_light:
                return True
            if next(options_of(search, allotment, self._days(if_open)), None) is not None:
                return True
        return False

    def would_ship_substituted(self, terms: Terms) -> bool:
        """Return whether it would ship with a substitute that nobody has approved for its channel."""
        lines = self.order.lines
        if not any(line.unapproved for line in lines):
            return False
        more = tuple(line._replace(variants=(*line.variants, *line.unapproved)) for line in lines)
        order = replace(self.order, lines=more)
        return _Asking(self.network, order, self.shelves).would_ship(terms, self.free, if_open=True)

    def _days(self, if_open: bool):  # type: ignore[no-untyped-def]
        if if_open:
            return self.network.ship_days
        return lambda place: open_days(self.network, place, self.shelves)


def _stock_reason(ask: _Asking) -> Reason:
    if ask.would_ship(ask.terms, ask.free):
        return Reason.TOO_DEAR
    if ask.would_ship(ask.terms, ask.free, if_open=True):
        return Reason.CAPACITY
    if ask.would_ship(ask.terms, ask.free, if_light=True):
        return Reason.WEIGHT_LIMIT
    everywhere = replace(ask.terms, may_split=True, most_parcels=len(ask.network.places))
    if ask.would_ship(everywhere, ask.free, if_open=True):
        return Reason.TOO_MANY_PACKAGES if ask.terms.may_split else Reason.SPLIT_NOT_ALLOWED
    if ask.would_ship(everywhere, ask.shelves.there, if_open=True):
        return Reason.CHANNEL_RESERVE
    return _short_reason(ask, everywhere)


def _short_reason(ask: _Asking, everywhere: Terms) -> Reason:
    """Return what is said of an order that all places together have not enough for."""
    if ask.would_ship_substituted(everywhere):
        return Reason.SUBSTITUTION_NOT_APPROVED
    kit = any(len(piece.contents) > 1 or piece.component for piece in _pieces(ask.order))
    return Reason.KIT_COMPONENT_SHORT if kit and _lacks_component(ask) else Reason.NO_STOCK


def _lacks_component(ask: _Asking) -> bool:
    """Return whether a kit's line is what cannot be filled from all places together."""
    places = ask.network.places
    for piece in _pieces(ask.order):
        if len(piece.contents) == 1 and not piece.component:
            continue
        fits = [
            min(max(0, ask.free(sku, place)) // units for sku, units in piece.contents)
            for place in places
        ]
        if sum(fits) < piece.units:
            return True
    return False
