"""Which units does an order claim, and what is short?

A line is claimed whole or not at all: half a line cannot be promised to anyone, and units that
wait for the other half would be lost to the next order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.domain.inventory import StockPool


class Claim(NamedTuple):
    """Units of one SKU that a line takes; for a kit's line one claim per component."""

    line_id: int
    sku_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a line could not get: ``needed`` units of ``sku_id``, of which ``free`` were there."""

    line_id: int
    sku_id: int
    needed: int
    free: int


def claim(
    line_id: int, sku_id: int, quantity: int, pool: StockPool
) -> tuple[Claim, ...] | Shortfall:
    """Claim a line's units from the pool (which keeps account), or say what is missing."""
    parts = pool.components(sku_id, quantity)
    claimable = pool.claimable
    for part, units in parts:
        free = claimable.get(part, 0)
        if free < units:
            return Shortfall(line_id, part, units, max(0, free))
    for part, units in parts:
        claimable[part] -= units
    return tuple([Claim(line_id, part, units) for part, units in parts])
