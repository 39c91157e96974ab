"""Where does the desk stand, and what is most likely to go wrong? Judged from how each channel is worked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LATE_NEWS: Final = timedelta(hours=2)
"""Orders that are known later than this let other channels sell the same units meanwhile."""

IS_LATE: Final = "is:late"
IS_UNTOLD: Final = "is:untold"
IS_UNNUMBERED: Final = "is:unnumbered shipped:>-28d"
"""What is searched for: what is counted is exactly what a person finds there."""


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


# How bad one is beside the others: a sale that has to be cancelled, one that comes late, one nobody can follow.
_HARM: Final = {Risk.OVERSELL: 4, Risk.LATE: 2, Risk.TRACKING: 1}


@dataclass(frozen=True, slots=True)
class ChannelSpot:
    """One account over the last weeks: how it is worked, and what came of it.

    ``known_after`` is the median time from an order's being placed to its coming in here; ``every`` the
    usual time between two intakes. ``untold`` are shipments that the channel still has to be told.
    """

    account_id: int
    channel: str
    channel_name: str
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
    """Return what is likely to go wrong: first what did harm most, by how often and how much each time."""
    found: list[Gap] = []
    channels: dict[str, list[ChannelSpot]] = defaultdict(list)
    for spot in spots:
        found += _oversells(spot)
        channels[spot.channel].append(spot)
    for channel, same in channels.items():
        name = same[0].name if len(same) == 1 else same[0].channel_name
        found += [*_late(channel, name, same), *_tracking(channel, name, same)]
    return sorted(
        found, key=lambda each: (-each.count * _HARM[each.risk], -_HARM[each.risk], each.account)
    )


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


def _late(channel: str, name: str, same: Sequence[ChannelSpot]) -> Sequence[Gap]:
    """Return what all accounts of a channel wait for: orders are searched by channel."""
    if not (overdue := sum(each.overdue for each in same)):
        return ()
    return (Gap(Risk.LATE, name, overdue, "waits for orders that should have left", "Ship these first",
                "orders", f"channel:{channel} {IS_LATE}"),)  # fmt: skip


def _tracking(channel: str, name: str, same: Sequence[ChannelSpot]) -> Sequence[Gap]:
    found = []
    if untold := sum(each.untold for each in same):
        is_told = any(each.mode is Mode.NETWORK for each in same if each.untold)
        step = (
            "Look at what it was told" if is_told else "Write the file of shipments, and upload it"
        )
        found.append(Gap(Risk.TRACKING, name, untold, "has not been told of parcels that left", step,
                         "shipments", f"channel:{channel} {IS_UNTOLD}"))  # fmt: skip
    if unnumbered := sum(each.no_tracking for each in same):
        found.append(Gap(Risk.TRACKING, name, unnumbered, "got parcels without a number",
                         "Enter the numbers", "shipments", f"channel:{channel} {IS_UNNUMBERED}"))  # fmt: skip
    return found
