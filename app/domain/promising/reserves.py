"""Which units are kept for one channel alone? Never more of them than there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.promising.goods import Outlet
from app.domain.promising.policy import Decider, StockMode

_NOBODY = -1  # what belongs to no channel alone


def exclusive(sellable: int, outlets: Sequence[Outlet]) -> dict[int, int]:
    """Return, by outlet, the units that only it may sell.

    An outlet keeps its units or its percentage, whichever is more, and never more than it would
    show. Percentages of a whole are shared out by the largest remainder, so that no unit is lost or
    given twice; where there is not enough, the channel with the lower margin gives way first.
    """
    keeping = sorted((each for each in outlets if _keeps(each)), key=lambda each: each.rank)
    shares = largest_remainder(
        sellable, {n: o.rules.reserve_percent for n, o in enumerate(keeping)}
    )
    left, found = max(0, sellable), dict[int, int]()
    for at, outlet in enumerate(keeping):
        wanted = max(outlet.rules.reserve_units, shares[at])
        if outlet.rules.cap is not None:
            wanted = min(wanted, outlet.rules.cap)
        found[outlet.id] = min(wanted, left)
        left -= found[outlet.id]
    return found


def largest_remainder(units: int, percent: Mapping[int, int]) -> dict[int, int]:
    """Share whole units out by per cent; the rest of the 100 belongs to nobody.

    Every share is rounded down; the units over go to the largest remainders, of equal ones to the
    first key. Nobody's share (the common rest) comes last.
    """
    if units <= 0:
        return dict.fromkeys(percent, 0)
    every = {**percent, _NOBODY: max(0, 100 - sum(percent.values()))}
    shares = {key: units * part // 100 for key, part in every.items()}
    over = units - sum(shares.values())
    by_remainder = sorted(every, key=lambda key: (-(units * every[key] % 100), key == _NOBODY, key))
    for key in by_remainder[: max(0, over)]:
        shares[key] += 1
    shares.pop(_NOBODY)
    return shares


def _keeps(outlet: Outlet) -> bool:
    rules = outlet.rules
    return rules.stock_mode is StockMode.RESERVED and rules.stock_owner is Decider.DESK
