"""What do parcels from several places cost at the least? Known from where the lines lie, without a search.

Never too high, so an order that one place ships for no more need not be searched: each line lies where it
lies whole, nothing is asked twice of a shelf, and any two parts may leave from the same place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain.delivery import postage
from app.domain.inventory import StockPool
from app.domain.reservation import Claim
from app.domain.routing.reaching import UNKNOWN_WEIGHT_G, tariff_of

if TYPE_CHECKING:  # they are made there, and bounded here
    from app.domain.routing import Reach, Request

MOST_LINES: Final = 6
"""More lines have too many parts to be worth this; they are searched."""
_NEVER: Final = float("inf")

Line = tuple[Claim, ...]


class Apart(NamedTuple):
    """What two parcels or more cost at the least, in minor units, and the places that could do it for that.

    ``places`` is ``None`` where they are not known; then ``least`` may be too low, but never too high.
    """

    least: float
    places: Collection[frozenset[int]] | None = None


UNKNOWN: Final = Apart(0)


def two_at_least(request: Request, reaches: Sequence[Reach], pool: StockPool) -> float:
    """Return what any two parcels cost at the least, wherever the goods lie: soon said, and often enough."""
    floor = tariff_of(request.level).floor
    floors = [(at.site.handling_cost, *floor(at.zone)) for at in reaches]
    parcels = sorted(handling + base for handling, base, _rate in floors)
    grams = min(rate for _handling, _base, rate in floors) * _weight(request.claims, pool)
    return request.parcel_worth + sum(parcels[:2]) + grams


def apart(
    request: Request, reaches: Sequence[Reach], lines: Sequence[Line], pool: StockPool
) -> Apart:
    """Return what two parcels or more cost at the least.

    Parts of the order are sets of lines as bits: 0b101 is the first line with the third.
    """
    if len(lines) > MOST_LINES:
        return UNKNOWN
    worth, whole = request.parcel_worth, (1 << len(lines)) - 1
    one = _one_parcel(request, reaches, lines, pool)
    best = [found.least for found in one]
    for part in range(1, whole):
        best[part] = min(best[part], _two(part, one, best, worth))
    least = _two(whole, one, best, worth)
    if least == _NEVER:
        return Apart(least)
    return Apart(least, _places(whole, one, best, worth, least))


class _Parcel(NamedTuple):
    """What one parcel costs where it is cheapest, and where that is."""

    least: float = _NEVER
    sites: tuple[int, ...] = ()


def _cuts(part: int) -> Iterator[int]:
    """Return the parts that hold the lowest line of a part, but not all of it."""
    lowest, inner = part & -part, (part - 1) & part
    while inner:
        if inner & lowest:
            yield inner
        inner = (inner - 1) & part


def _two(part: int, one: Sequence[_Parcel], best: Sequence[float], worth: int) -> float:
    """Return the least for a part in two parcels or more."""
    return min(
        (one[inner].least + best[part ^ inner] + worth for inner in _cuts(part)), default=_NEVER
    )


def _places(
    part: int, one: Sequence[_Parcel], best: Sequence[float], worth: int, least: float
) -> set[frozenset[int]]:
    """Return the sets of places that ship a part for the least, in two parcels or more."""
    found: set[frozenset[int]] = set()
    for inner in _cuts(part):
        rest = part ^ inner
        if one[inner].least + best[rest] + worth > least:
            continue
        others = {frozenset((site,)) for site in one[rest].sites if one[rest].least == best[rest]}
        others |= _places(rest, one, best, worth, best[rest])
        found |= {other | {site} for other in others for site in one[inner].sites}
    return found


def _one_parcel(
    request: Request, reaches: Sequence[Reach], lines: Sequence[Line], pool: StockPool
) -> list[_Parcel]:
    """Return, for each part, what one parcel costs where it is cheapest and the lines lie."""
    weights = _weights([_weight(line, pool) for line in lines])
    found = [_Parcel()] * len(weights)
    for at in reaches:
        there = part = _lying_at(at.site.id, lines, pool)
        while part:
            cost = at.site.handling_cost + postage(request.level, at.zone, weights[part])
            if cost < found[part].least:
                found[part] = _Parcel(cost, (at.site.id,))
            elif cost == found[part].least:
                found[part] = _Parcel(cost, (*found[part].sites, at.site.id))
            part = (part - 1) & there
    return found


def _weights(each: Sequence[int]) -> list[int]:
    """Return the weight of every part."""
    weights = [0]
    for weight in each:
        weights += [other + weight for other in weights]
    return weights


def _weight(line: Sequence[Claim], pool: StockPool) -> int:
    grams = pool.weight_g
    return sum(c.quantity * grams.get(c.sku_id, UNKNOWN_WEIGHT_G) for c in line)


def _lying_at(site_id: int, lines: Sequence[Line], pool: StockPool) -> int:
    """Return which lines a place has whole, each for itself."""
    return sum(
        1 << number
        for number, line in enumerate(lines)
        if all(pool.at.get(c.sku_id, {}).get(site_id, 0) >= c.quantity for c in line)
    )
