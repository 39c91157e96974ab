"""What is worth calling a person for? Little: a deadline, a spike of shortages, something that stopped.

Decided here without a window: what is told, when the last of its kind was, and when people sleep.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from app.ui.words import count_of

APART = timedelta(minutes=15)
SPIKE = 3


class Kind(StrEnum):
    """What a notice is about; each kind is told at most once in a quarter of an hour."""

    DUE = "due"
    LATE = "late"
    SHORT = "short"
    STOPPED = "stopped"


QUERIES = {
    Kind.DUE: "is:active shipby:<+2h -is:late",
    Kind.LATE: "is:late",
    Kind.SHORT: "is:short",
}
SAID_BY_ITSELF = "today"  # this page lists what is late, due and short anyway
_LEAST = {Kind.DUE: 1, Kind.LATE: 1, Kind.SHORT: SPIKE}


@dataclass(frozen=True, slots=True)
class Notice:
    """One call: what is so, what to do, and where the rows are."""

    kind: Kind
    title: str
    advice: str
    page: str
    query: str = ""

    @property
    def icon(self) -> str:
        """What it is drawn with."""
        return _ICONS[self.kind]


_ICONS = {Kind.DUE: "clock", Kind.LATE: "late", Kind.SHORT: "short", Kind.STOPPED: "exceptions"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a person wants to be called. Between two equal times nobody is quiet."""

    is_on: bool = True
    quiet_from: time = time(20)
    quiet_to: time = time(7)
    stays_in_tray: bool = False

    def is_quiet(self, at: time) -> bool:
        """Whether people sleep."""
        start, end = self.quiet_from, self.quiet_to
        return start <= at < end if start <= end else at >= start or at < end


class Notices:
    """Remembers what was told, so that nothing is told twice and nothing too often."""

    def __init__(self, wishes: Callable[[], Wishes]) -> None:
        self._wishes = wishes
        self._known: dict[Kind, int] = {}
        self._told_at: dict[Kind, datetime] = {}

    def hear(self, counts: dict[Kind, int], now: datetime) -> list[Notice]:
        """Return what to tell now; what was there when the window opened is on the page Today."""
        told = []
        for kind, count in counts.items():
            more = count - self._known.setdefault(kind, count)
            if more < 0 or not self._wishes().is_on:
                self._known[kind] = count
            elif more >= _LEAST[kind] and self._may(kind, now):
                self._known[kind] = count
                told.append(_notice(kind, more))
        return told

    def stopped(self, title: str, advice: str, now: datetime) -> list[Notice]:
        """Return what to tell of a folder or channel that stopped."""
        if not self._may(Kind.STOPPED, now):
            return []
        return [Notice(Kind.STOPPED, title, advice, "channels")]

    def _may(self, kind: Kind, now: datetime) -> bool:
        wishes = self._wishes()
        last = self._told_at.get(kind)
        if not wishes.is_on or wishes.is_quiet(now.astimezone().time()):
            return False
        if last is not None and now - last < APART:
            return False
        self._told_at[kind] = now
        return True


def _notice(kind: Kind, more: int) -> Notice:
    orders, verb = count_of(more, "order"), "has" if more == 1 else "have"
    titles = {
        Kind.DUE: f"{orders} {verb} to leave within 2 hours",
        Kind.LATE: f"{orders} {'is' if more == 1 else 'are'} late now",
        Kind.SHORT: f"{orders} more {verb} too little stock",
    }
    advice = {
        Kind.DUE: "Ship what is ready first; what cannot leave in time can be told to its buyer.",
        Kind.LATE: "Ship them now, or write to their buyers.",
        Kind.SHORT: "Something may be oversold: check its stock, or receive what has arrived.",
    }
    return Notice(kind, titles[kind], advice[kind], "orders", QUERIES[kind])
