"""One order on the desk, as the routing decides it: what the sites offer its address, and the pool.

The decision itself is ``choosing.decide``, the same that routes a problem from a file. A line leaves
whole from one place here, because a reservation has one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.domain.delivery import ServiceLevel
from app.domain.inventory import StockPool
from app.domain.reservation import Claim
from app.domain.routing.calendar import Hours, ShipDay
from app.domain.routing.carriage import Destination, Lane, Service, Steps
from app.domain.routing.goods import Contents, Item, OrderLine, Piece, Variant, Wanted
from app.domain.routing.network import Handling, Network, Place
from app.domain.routing.shelves import Shelves
from app.domain.routing.terms import Terms

if TYPE_CHECKING:  # they are made there, and decided here
    from app.domain.routing import Reach, Request

UNKNOWN_WEIGHT_G: Final = 500
LATE: Final = 1_000_000
"""What a broken promise weighs beside money: the promise comes first."""
_HERE: Final = Destination("", "", None)
_NOON: Final = time(12)
_ANY_HOURS: Final = Hours("UTC", time(12), time(12))
_LEAST_DAY: Final = datetime(1, 1, 2, tzinfo=UTC)


class ReachNetwork(Network):
    """What some sites offer one address by one service: one day, one lane, one zone each."""

    def __init__(self, request: Request, reaches: Sequence[Reach], pool: StockPool) -> None:
        prefer = request.asked.prefer
        super().__init__(
            _LEAST_DAY,
            date.max,
            [_place(each, prefer) for each in reaches],
            (),
            (_terms(request),),
            _Items(pool.weight_g),
        )
        level = request.level
        service = Service(0, level.name, 0, tariff_of(level), level.days, ())
        self.services = {0: service}
        self._at = {
            each.site.id: (
                (ShipDay(0, each.ships_on, _noon(each.ships_on)),),
                (Lane(service, each.zone),),
            )
            for each in reaches
        }
        self._sites = list(self.places.values())
        self._arrives = {(each.zone, each.ships_on): each.arrives_on for each in reaches}

    def serving(self, order: Wanted) -> list[Place]:
        """Return the sites: what rules keep out is not among them."""
        return self._sites

    def worth(self, place_id: int, contents: Contents) -> int:
        """Goods cost the same at every site here."""
        return 0

    def has_hazmat(self, contents: Contents) -> bool:
        """Every service here takes everything."""
        return False

    def ship_days(self, place_id: int) -> tuple[ShipDay, ...]:
        """Return the day on which the site hands over."""
        return self._at[place_id][0]

    def lanes(self, place_id: int, order: Wanted) -> tuple[Lane, ...]:
        """Return the order's service from the site."""
        return self._at[place_id][1]

    def arrival(self, lane: Lane, leaves: date) -> date:
        """Return the day that the site's offer names."""
        return self._arrives[lane.zone, leaves]


@lru_cache(maxsize=64)
def tariff_of(level: ServiceLevel) -> Steps:
    """Return a service level's price list."""
    return Steps(level.steps, level.extra_g, level.extra)


def _place(each: Reach, prefer: tuple[int, ...]) -> Place:
    """Return a site; among equals the rules' preference counts, then the nearer zone."""
    site = each.site
    wished = prefer.index(site.id) if site.id in prefer else len(prefer)
    return Place(site.id, wished * 100 + each.zone, "", None, _ANY_HOURS,
                 Handling(site.handling_cost))  # fmt: skip


def _terms(request: Request) -> Terms:
    return Terms(
        0,
        may_split=request.may_split,
        most_parcels=request.most_parcels,
        split_cost=request.parcel_worth,
        unfilled_cost=10 * LATE,
        late_ship_cost=LATE + request.late_ship,
        late_delivery_cost=LATE + request.late_delivery,
        late_day_cost=request.late_day,
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, _NOON, tzinfo=UTC)


class _Items(dict[int, Item]):
    """The goods of a pool, each made when it is first weighed."""

    def __init__(self, weights: Mapping[int, int]) -> None:
        super().__init__()
        self._weights = weights

    def __missing__(self, sku_id: int) -> Item:
        self[sku_id] = found = Item(self._weights.get(sku_id, UNKNOWN_WEIGHT_G))
        return found


def wanted(request: Request) -> Wanted:
    """Return the order: its lines whole, its deadlines the ends of their days."""
    by_line: dict[int, dict[int, int]] = {}
    for claim in request.claims:
        units = by_line.setdefault(claim.line_id, {})
        units[claim.sku_id] = units.get(claim.sku_id, 0) + claim.quantity
    lines = tuple(
        OrderLine(key, (Variant((Piece(tuple(sorted(units.items())), 1),)),), 0, 0)
        for key, units in by_line.items()
    )
    ship_by = request.ship_by
    return Wanted(0, 0, 0, lines, _HERE, None if ship_by is None else _noon(ship_by),
                  request.deliver_by)  # fmt: skip


class PoolShelves(Shelves):
    """The pool of a batch as shelves; ``without_safety`` leaves the safety stock alone."""

    def __init__(self, pool: StockPool, *, without_safety: bool) -> None:
        super().__init__({})
        self._pool, self._without_safety = pool, without_safety

    def free(self, sku_id: int, place_id: int, channel_id: int) -> int:
        """Return the units that a suggestion could use."""
        free = self._pool.at.get(sku_id, _NOTHING).get(place_id, 0)
        if self._without_safety:
            free -= self._pool.safety.get(sku_id, _NOTHING).get(place_id, 0)
        return free


_NOTHING: Final[dict[int, int]] = {}


def shares(request: Request, lines: Mapping[int, int]) -> dict[int, list[Claim]]:
    """Return the claims by place, given the place of each line."""
    found: dict[int, list[Claim]] = {}
    for claim in request.claims:
        found.setdefault(lines[claim.line_id], []).append(claim)
    return found
