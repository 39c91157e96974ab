"""What does a channel's contract allow, and what does breaking a promise cost there?

Marketplaces and own stores differ by these values only; nothing else asks what kind a channel is.
Money is minor units, shares are basis points.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """The contract of one channel.

    ``most_parcels`` counts the later parcel of a backorder too. ``levels`` are the service levels
    that may be used; ``None`` allows all of them.
    """

    id: int
    fee_bp: int = 0
    may_split: bool = False
    most_parcels: int = 1
    split_cost: int = 0
    may_substitute: bool = False
    may_backorder: bool = False
    may_ship_part: bool = False
    backorder_cost: int = 0
    backorder_loss_bp: int = 0
    unfilled_cost: int = 0
    levels: frozenset[str] | None = None
    late_ship_cost: int = 0
    late_delivery_cost: int = 0
    late_day_cost: int = 0

    @property
    def parcels(self) -> int:
        """Return how many parcels one order may become."""
        return self.most_parcels if self.may_split else 1

    def lateness(self, leaves_late: bool, days_late: int) -> int:
        """Return what it costs that an order leaves late, or arrives so many days late."""
        cost = self.late_ship_cost if leaves_late else 0
        if days_late > 0:
            cost += self.late_delivery_cost + self.late_day_cost * days_late
        return cost
