"""How does an account do, in words that its owner can act on?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# How far behind an account may fall before it is a case.
PROMISED: Final = timedelta(minutes=10)


class Rhythm(StrEnum):
    """How soon a channel is told of more units of what sells at one speed; less is told at once."""

    AT_ONCE = "at_once"
    NEAR = "near"
    DAILY = "daily"


EVERY: Final = {
    Rhythm.AT_ONCE: timedelta(),
    Rhythm.NEAR: timedelta(minutes=15),
    Rhythm.DAILY: timedelta(days=1),
}


def is_due(last: datetime | None, every: timedelta, now: datetime) -> bool:
    """Say whether something is to be done again; what was done in the future was dated by a wrong clock."""
    return last is None or not timedelta(0) <= now - last < every


def due_bands(
    bands: Iterable[str],
    rhythms: Mapping[str, str],
    told_at: Mapping[str, datetime],
    now: datetime,
) -> frozenset[str]:
    """Return the velocity bands whose numbers may be told now, whichever way they went."""

    def is_now(band: str) -> bool:
        every = EVERY[Rhythm(rhythms.get(band, Rhythm.AT_ONCE))]
        return is_due(told_at.get(band), every, now)

    return frozenset(filter(is_now, bands))


class SyncState(StrEnum):
    """What an account is doing; none of them is an accident."""

    UP_TO_DATE = "up_to_date"
    SYNCING = "syncing"
    WAITING = "waiting"
    OFFLINE = "offline"
    ATTENTION = "attention"
    PAUSED = "paused"


class SyncStep(StrEnum):
    """What a look is at, while it counts."""

    ORDERS = "orders"  # taken in
    OPEN_ORDERS = "open_orders"  # read again
    MESSAGES = "messages"  # told
    QUANTITIES = "quantities"  # told
    PARCELS = "parcels"  # asked about


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """One account's state.

    It is an account's, or a ``carrier``'s where one is named. ``title`` and ``advice`` say what is the
    matter, where something is; ``is_signed_out`` that its keys are taken no more. ``until`` is when it goes
    on by itself. While syncing, ``done`` of ``total`` of what ``step`` counts are through (``total`` 0: the
    channel does not say how many there are).
    """

    account_id: int
    state: SyncState
    title: str = ""
    advice: str = ""
    until: datetime | None = None
    done: int = 0
    total: int = 0
    step: SyncStep = SyncStep.ORDERS
    carrier: str = ""
    is_signed_out: bool = False

    @property
    def key(self) -> int | str:
        """Whose state it is."""
        return self.carrier or self.account_id


def came_words(counts: Mapping[str, int]) -> str:
    """Say in a few words what a look at a channel brought."""
    words = {"new": "new", "updated": "moved on", "changed": "changed", "unread": "unreadable",
             "asked": "parcels heard of", "not_known": "not known there yet"}  # fmt: skip
    parts = [f"{counts[key]} {word}" for key, word in words.items() if counts.get(key)]
    return ", ".join(parts) or "nothing new"
