"""What does a mismatch put at risk? What is likely lost, and never more than that. Pure.

At risk are the open orders that cannot be served because of it, and the units that a channel goes on
selling although nobody has them. A number that is too low, or that waits while nothing can be sold
that is not there, costs nothing yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Stake(NamedTuple):
    """A mismatch of one SKU: what is shown there, in units, and the orders that it harms."""

    sku_id: int
    shown: int
    order_ids: tuple[int, ...] = ()


def oversold(stakes: Sequence[Stake], for_sale: Mapping[int, int]) -> list[int]:
    """Return, for each, the units that can be sold and are not there: once a SKU, where most are shown."""
    most: dict[int, int] = {}
    for at, each in enumerate(stakes):
        best = most.get(each.sku_id)
        if best is None or each.shown > stakes[best].shown:
            most[each.sku_id] = at
    return [
        max(0, each.shown - max(0, for_sale.get(each.sku_id, 0))) if most[each.sku_id] == at else 0
        for at, each in enumerate(stakes)
    ]


def worth(stakes: Sequence[Stake], values: Mapping[int, int]) -> list[int]:
    """Return what the orders of each are worth; an order that several harm counts once."""
    counted: set[int] = set()
    found = []
    for each in stakes:
        fresh = dict.fromkeys(key for key in each.order_ids if key not in counted)
        counted.update(fresh)
        found.append(sum(values.get(key, 0) for key in fresh))
    return found
