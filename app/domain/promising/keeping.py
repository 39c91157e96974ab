"""What does a channel keep of a sale? As its settlements show it, or until then as the owner typed it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final, NamedTuple

from app.domain.payouts.judging import Booked
from app.domain.payouts.lines import LineType

FEWEST: Final = 20  # settled orders before anything is concluded from them
# Who packs and sends for us is paid for that; our own parcel would cost as well.
_FOR_SENDING: Final = "fulfil"


class Settled(NamedTuple):
    """What an account kept of the typical sale, in whole per cent, and of how many orders."""

    percent: int
    orders: int


class Kept(NamedTuple):
    """What counts for a channel: ``percent`` of a sale; ``orders`` is 0 where it was typed."""

    percent: int
    orders: int

    @property
    def says(self) -> str:
        """The same in a sentence about the channel."""
        source = f"from {self.orders:,} settled orders" if self.orders else "by the policy sheet"
        return f"keeps {self.percent} % of a sale, {source}"


def kept_of_a_sale(typed: int, settled: Settled | None) -> Kept:
    """Return which rate counts: the settled one, once there are enough orders behind it."""
    if settled is None or settled.orders < FEWEST:
        return Kept(typed, 0)
    return Kept(*settled)


def settled_share(orders: Iterable[Sequence[Booked]]) -> Settled | None:
    """Return what was kept of the order in the middle; nothing if none was sold and charged for.

    Each order counts alike, so that one that was booked wrongly, or one in another currency, moves
    nothing. Orders that were given back in part say nothing about a sale.
    """
    shares = [share for lines in orders if (share := _share(lines)) is not None]
    if not shares:
        return None
    return Settled(int(median(shares) * 100 + 0.5), len(shares))


def _share(lines: Sequence[Booked]) -> float | None:
    if any(line.type in (LineType.REFUND, LineType.ADJUSTMENT) for line in lines):
        return None
    sale = sum(x.amount for x in lines if x.type in (LineType.SALE, LineType.SHIPPING))
    fees = -sum(x.amount for x in lines if x.type is LineType.FEE and not _is_sending(x))
    return fees / sale if 0 < fees <= sale else None


def _is_sending(line: Booked) -> bool:
    return _FOR_SENDING in line.label.casefold()
