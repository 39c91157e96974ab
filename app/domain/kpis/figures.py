"""How is a figure said and judged? Exactly: a share is two whole numbers until somebody reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

HUNDREDTHS: Final = 10_000  # hundredths of a percent in the whole


class Rounding(StrEnum):
    """How a channel rounds a share before it judges it."""

    EXACT = "not rounded"
    TENTH = "rounded to a tenth of a percent"
    HUNDREDTH = "rounded to a hundredth of a percent"
    WHOLE_DOWN = "cut off after the whole percent (94.96 becomes 94)"


_STEPS: Final = {Rounding.TENTH: 10, Rounding.HUNDREDTH: 1}


def rounded(numerator: int, denominator: int, rule: Rounding) -> int:
    """Return a share in hundredths of a percent, rounded as a channel does; halves go up.

    ``EXACT`` is only shown like this (to the hundredth); it is judged by ``reaches``.
    """
    if rule is Rounding.WHOLE_DOWN:
        return numerator * 100 // denominator * 100
    step = _STEPS.get(rule, 1)
    scaled = numerator * HUNDREDTHS
    return (2 * scaled + denominator * step) // (2 * denominator * step) * step


def reaches(numerator: int, denominator: int, limit: int, rule: Rounding) -> bool:
    """Return whether a share is at least a limit (in hundredths of a percent), after rounding."""
    if rule is Rounding.EXACT:
        return numerator * HUNDREDTHS >= limit * denominator
    return rounded(numerator, denominator, rule) >= limit


def percent(numerator: int, denominator: int, rule: Rounding = Rounding.HUNDREDTH) -> str:
    """Return a share as a person reads it: "94.46 %"; without rows there is none: "–"."""
    if not denominator:
        return "–"
    value = rounded(numerator, denominator, rule)
    if rule is Rounding.WHOLE_DOWN:
        return f"{value // 100} %"
    decimals = 1 if rule is Rounding.TENTH else 2
    return f"{value / 100:.{decimals}f} %"


def percentile(ordered: Sequence[int], share: int) -> int:
    """Return a percentile by the nearest rank: always a value that was really measured.

    ``ordered`` holds at least one value, the smallest first; ``share`` is 1 to 100.
    """
    rank = -(-share * len(ordered) // 100)
    return ordered[max(0, rank - 1)]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with what it was made of.

    For a share ``hits`` of ``rows``; for a duration the size of the sample, its median and its 90th
    percentile in seconds (none without a sample).
    """

    rows: int
    hits: int = 0
    median: int | None = None
    ninetieth: int | None = None

    @property
    def misses(self) -> int:
        """The rows that are no hit."""
        return self.rows - self.hits

    def value(self, *, is_share: bool) -> float | None:
        """Return it as a number to draw: percent or seconds; none without rows."""
        if not self.rows:
            return None
        return 100 * self.hits / self.rows if is_share else self.median


def of_sample(values: Sequence[int]) -> Figure:
    """Return the figure of a sample of seconds, in any order."""
    if not values:
        return Figure(0)
    ordered = sorted(values)
    return Figure(len(ordered), 0, percentile(ordered, 50), percentile(ordered, 90))


def span(seconds: int | None) -> str:
    """Return a duration as a person reads it: "45 s", "12 min", "3 h 20 min", "2 d 4 h"."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds} s"
    minutes = (seconds + 30) // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours + (minutes >= 30), 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def said(figure: Figure, *, is_share: bool) -> str:
    """Return a figure as a person reads it."""
    return percent(figure.hits, figure.rows) if is_share else span(figure.median)
