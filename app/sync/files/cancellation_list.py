"""What has to be cancelled on a channel by hand?

No channel here takes cancellations in a file that all its sellers have, so this is a list to work
from: the order's number there, and the reason to give.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.outgoing import CancelledOrder
from app.sync.files.outgoing_table import Table

HEADER: Final = ("Order ID", "Order", "Reason", "Cancelled")


def cancellations(orders: Sequence[CancelledOrder], time_zone: str) -> Table:
    """Return the list, one row an order."""
    zone = ZoneInfo(time_zone)
    return Table(
        HEADER,
        tuple(
            (each.external_id, each.number, each.reason,
             each.cancelled_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"))
            for each in orders
        ),
    )  # fmt: skip
