"""Which SKUs run out if a channel opens, when, and which channels' buyers stand there empty-handed?

A rehearsal, not a promise: what sold in the last weeks sells again at the same pace on every channel, the new
one sells ``uplift`` per cent of all that on top, from the shelves as they are and what is expected. Whole
units only; nothing is drawn at random, so the same rows give the same forecast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

NEW: Final = "new"
"""The channel that is about to open."""


@dataclass(frozen=True, slots=True)
class Supply:
    """Units of one SKU that can be sold today, and what comes in, by the day from today.

    ``waiting`` are the units of each line that waits for some: they take theirs first of what comes in.
    """

    sku: str
    sellable: int
    arriving: Mapping[int, int] = field(default_factory=dict)
    waiting: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Starved:
    """One SKU that runs out: on which day from today with the new channel, and without it (or never).

    ``missed`` are the units that each channel's buyers would not get within the horizon because of it.
    """

    sku: str
    runs_out_on: int
    without_on: int | None
    missed: Mapping[str, int]
    demand: int
    there: int

    def missed_at(self, channel: str) -> dict[str, int]:
        """Return what buyers miss, where the one that opens is a ``channel``, which may sell already."""
        found: dict[str, int] = {}
        for each, units in self.missed.items():
            at = channel if each == NEW else each
            found[at] = found.get(at, 0) + units
        return found


def forecast(
    supplies: Sequence[Supply],
    sold: Mapping[str, Mapping[str, int]],
    *,
    window: int,
    horizon: int,
    uplift: int,
) -> list[Starved]:
    """Return what the new channel makes run out, the soonest first.

    ``sold`` are units by SKU and channel in the last ``window`` days (kits as what is in them).
    """
    found = []
    for supply in supplies:
        demand = dict(sold.get(supply.sku, {}))
        without = _run(supply, demand, window, horizon)
        if extra := sum(demand.values()) * uplift // 100:
            demand[NEW] = extra
        with_it = _run(supply, demand, window, horizon)
        missed = {channel: lost for channel, units in sorted(with_it.missed.items())
                  if (lost := units - without.missed.get(channel, 0)) > 0}  # fmt: skip
        if with_it.day is not None and missed:
            found.append(Starved(supply.sku, with_it.day, without.day, missed,
                                 sum(demand.values()) * horizon // window, with_it.there))  # fmt: skip
    return sorted(found, key=lambda each: (each.runs_out_on, each.sku))


@dataclass(slots=True)
class _Course:
    day: int | None = None
    missed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    there: int = 0


def _run(supply: Supply, demand: Mapping[str, int], window: int, horizon: int) -> _Course:
    """Sell day by day; of a day that is short, channels get units in turn, the least served first."""
    course = _Course(there=supply.sellable + sum(
        units for day, units in supply.arriving.items() if day < horizon
    ))  # fmt: skip
    left, waiting = supply.sellable, list(supply.waiting)
    for day in range(horizon):
        if arrived := supply.arriving.get(day, 0):
            left = _served_first(waiting, left + arrived)
        wanted = {channel: _until(units, day + 1, window) - _until(units, day, window)
                  for channel, units in sorted(demand.items())}  # fmt: skip
        short = sum(wanted.values()) - left
        if short > 0:
            course.day = day if course.day is None else course.day
            for channel, units in _shared_out(short, wanted).items():
                course.missed[channel] += units
        left = max(0, left - sum(wanted.values()))
    return course


def _served_first(waiting: list[int], left: int) -> int:
    """Give what waits its units, line by line and never a part of one; return what is left then."""
    for units in [*waiting]:
        if units <= left:
            waiting.remove(units)
            left -= units
    return left


def _until(units: int, days: int, window: int) -> int:
    """Return the units that a pace has sold after so many days."""
    return units * days // window


def _shared_out(short: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """Share what is missing by what each channel wanted: rounded down, the rest to who wanted most."""
    total = sum(wanted.values())
    shares = {channel: short * units // total for channel, units in wanted.items()}
    ranked = sorted(wanted, key=lambda channel: (-wanted[channel], channel))
    for channel in ranked[: short - sum(shares.values())]:
        shares[channel] += 1
    return {channel: units for channel, units in shares.items() if units}
