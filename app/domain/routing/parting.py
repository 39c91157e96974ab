"""What do parcels from several places cost at the least? Known from where the lines lie, without a search.

Never too high, so an order that one place ships for no more need not be searched: each line lies where it
lies whole, nothing is asked twice of a shelf, and any two parts may leave from the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.domain.delivery import postage
from app.domain.inventory import StockPool
from app.domain.reservation import Claim
from app.domain.routing.reaching import UNKNOWN_WEIGHT_G

if TYPE_CHECKING:  # they are made there, and bounded here
    from app.domain.routing import Reach, Request

MOST_LINES: Final = 6
"""More lines have too many parts to be worth this; they are searched."""
_NEVER: Final = float("inf")

Line = tuple[Claim, ...]


def least_apart(
    request: Request, reaches: Sequence[Reach], lines: Sequence[Line], pool: StockPool
) -> float:
    """Return what two parcels or more cost at the least, in minor units; 0 if that is not known.

    Parts of the order are sets of lines as bits: 0b101 is the first line with the third.
    """
    if len(lines) > MOST_LINES:
        return 0
    whole = (1 << len(lines)) - 1
    one = _one_parcel(request, reaches, lines, pool)
    best = one.copy()
    for part in range(1, whole):
        best[part] = min(one[part], _apart(part, one, best, request.parcel_worth))
    return _apart(whole, one, best, request.parcel_worth)


def _apart(part: int, one: Sequence[float], best: Sequence[float], worth: int) -> float:
    """Return the least for a part in two or more parcels; the first holds its lowest line."""
    lowest, least = part & -part, _NEVER
    inner = (part - 1) & part
    while inner:
        if inner & lowest:
            least = min(least, one[inner] + best[part ^ inner] + worth)
        inner = (inner - 1) & part
    return least


def _one_parcel(
    request: Request, reaches: Sequence[Reach], lines: Sequence[Line], pool: StockPool
) -> list[float]:
    """Return, for each part, what one parcel costs where it is cheapest and the lines lie."""
    weights = _weights([_weight(line, pool) for line in lines])
    least = [_NEVER] * len(weights)
    for at in reaches:
        there = _lying_at(at.site.id, lines, pool)
        part = there
        while part:
            cost = at.site.handling_cost + postage(request.level, at.zone, weights[part])
            least[part] = min(least[part], cost)
            part = (part - 1) & there
    return least


def _weights(each: Sequence[int]) -> list[int]:
    """Return the weight of every part."""
    weights = [0]
    for weight in each:
        weights += [other + weight for other in weights]
    return weights


def _weight(line: Line, pool: StockPool) -> int:
    grams = pool.weight_g
    return sum(c.quantity * grams.get(c.sku_id, UNKNOWN_WEIGHT_G) for c in line)


def _lying_at(site_id: int, lines: Sequence[Line], pool: StockPool) -> int:
    """Return which lines a place has whole, each for itself."""
    return sum(
        1 << number
        for number, line in enumerate(lines)
        if all(pool.at.get(c.sku_id, {}).get(site_id, 0) >= c.quantity for c in line)
    )
