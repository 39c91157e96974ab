"""When does a change of many numbers stop and ask? A slip in one file must not empty six shops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Move(NamedTuple):
    """One number about to become another; nothing is known where one is ``None``."""

    sku_id: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The most SKUs that may go to zero at once, and the share of a catalogue that may move.

    A share counts only from ``least`` moved numbers on: in a catalogue of five, one is 20 %.
    """

    zeros: int = 25
    share_percent: int = 40
    least: int = 50


@dataclass(frozen=True, slots=True)
class Trip:
    """Why it stopped: how many would go to zero, how many would move, of how many."""

    zeros: int
    moved: int
    known: int

    @property
    def sentence(self) -> str:
        """Say it as a person would."""
        changed = f"{self.moved:,} of {self.known:,} numbers would change"
        return f"{self.zeros:,} would go to 0, {changed}" if self.zeros else changed


def judge(moves: Sequence[Move], known: int, thresholds: Thresholds) -> Trip | None:
    """Return why a change has to stop and ask; nothing if it may go on.

    ``known`` is how many numbers there are. A number that was not known before moves nothing.
    """
    moved = [move for move in moves if move.before is not None and move.after is not None]
    zeros = sum(1 for move in moved if move.before and move.after == 0)
    changed = sum(1 for move in moved if move.before != move.after)
    is_much = changed >= thresholds.least and changed * 100 > known * thresholds.share_percent
    if zeros > thresholds.zeros or is_much:
        return Trip(zeros, changed, known)
    return None
