"""Where does the desk stand, and what is most likely to go wrong? Judged from how each channel is worked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LATE_NEWS: Final = timedelta(hours=2)
"""Orders that are known later than this let other channels sell the same units meanwhile."""


class Mode(StrEnum):
    """How an account is worked."""

    NETWORK = "network"
    FOLDER = "folder"
    BY_HAND = "by_hand"


class Risk(StrEnum):
    """What may go wrong."""

    OVERSELL = "oversell"
    LATE = "late"
    TRACKING = "tracking"


@dataclass(frozen=True, slots=True)
class ChannelSpot:
    """One account over the last weeks: how it is worked, and what came of it.

    ``known_after`` is the median time from an order's being placed to its coming in here; ``every`` the
    usual time between two intakes. ``untold`` are shipments that the channel still has to be told.
    """

    account_id: int
    channel: str
    name: str
    mode: Mode
    every: timedelta | None
    last_in: datetime | None
    last_told: datetime | None
    known_after: timedelta | None
    orders: int
    oversold: int
    overdue: int
    no_tracking: int
    untold: int
    holds_back: bool

    @property
    def by_hand(self) -> tuple[str, ...]:
        """What a person does again and again for this account."""
        if self.mode is Mode.NETWORK:
            return ()
        orders = () if self.mode is Mode.FOLDER else ("drop the orders file on the window",)
        return (*orders, "upload the file of shipments", "upload the file of quantities")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is likely to go wrong: how often it did, why, and what to do, on which page.

    ``query`` is what is looked at there.
    """

    risk: Risk
    account: str
    count: int
    why: str
    step: str
    page: str
    query: str = ""


def gaps(spots: Iterable[ChannelSpot]) -> list[Gap]:
    """Return what is likely to go wrong, what went wrong most often first."""
    found = [gap for spot in spots for gap in (*_oversells(spot), *_late(spot), *_tracking(spot))]
    return sorted(found, key=lambda each: (-each.count, list(Risk).index(each.risk), each.account))


def _oversells(spot: ChannelSpot) -> Sequence[Gap]:
    is_late_news = spot.known_after is not None and spot.known_after > LATE_NEWS
    if not spot.oversold and not (is_late_news and not spot.holds_back):
        return ()
    if spot.last_told is None:
        why, step = "was never told how many units there are", "Tell it its numbers"
        return (Gap(Risk.OVERSELL, spot.name, spot.oversold, why, step, "channels", "out"),)
    if is_late_news and spot.mode is not Mode.NETWORK:
        why = "is known only when its file comes in, and others sell the same units meanwhile"
        return (Gap(Risk.OVERSELL, spot.name, spot.oversold, why, "Connect it, or watch the folder of its files",
                    "channels", "accounts"),)  # fmt: skip
    why = "sells the last units that another channel sells, too"
    step = "Find out how many to hold back: Insights, Back-test"
    return (Gap(Risk.OVERSELL, spot.name, spot.oversold, why, step, "insights", "backtest"),)


def _late(spot: ChannelSpot) -> Sequence[Gap]:
    if not spot.overdue:
        return ()
    return (Gap(Risk.LATE, spot.name, spot.overdue, "waits for orders that should have left", "Ship these first",
                "orders", f"channel:{spot.channel} is:late"),)  # fmt: skip


def _tracking(spot: ChannelSpot) -> Sequence[Gap]:
    found = []
    if spot.untold:
        step = ("Look at what it was told" if spot.mode is Mode.NETWORK
                else "Write the file of shipments, and upload it")  # fmt: skip
        found.append(Gap(Risk.TRACKING, spot.name, spot.untold, "has not been told of parcels that left", step,
                         "shipments", f"channel:{spot.channel} is:untold"))  # fmt: skip
    if spot.no_tracking:
        found.append(Gap(Risk.TRACKING, spot.name, spot.no_tracking, "got parcels without a number",
                         "Enter the numbers", "shipments", f"channel:{spot.channel}"))  # fmt: skip
    return found
