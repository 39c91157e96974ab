"""What do two things that are said of one field have to do with each other?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from app.domain.folding import fold
from app.domain.rulebook.conditions import fits
from app.domain.search_values import Between, Bound, Choice, Match

Fact = Match | Choice | Between

# Of these an order may have several at once, or none.
SEVERAL: Final = ("tag",)
_ANYTHING: Final = "\0"  # stands for whatever a wildcard takes: no text has it
# Of the days one is today; the weekend is two of them.
_ONE_DAY: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def follows(one: Fact, other: Fact) -> bool:
    """Return whether a value that is one thing is surely the other, both of the same field."""
    if one == other:
        return True
    if isinstance(one, Match) and isinstance(other, Match):
        return _is_within(one, other)
    if isinstance(one, Choice) and isinstance(other, Choice):
        return one.field == "day" and other.value == "weekend" and one.value in ("sat", "sun")
    if isinstance(one, Between) and isinstance(other, Between):
        return _lies_in(one, other)
    return False


def _is_within(one: Match, other: Match) -> bool:
    """Return whether each text that one pattern means is meant by the other."""
    sample = _ANYTHING.join(map(fold, one.parts))
    if not one.is_whole:
        sample = f"{_ANYTHING}{sample}{_ANYTHING}"
    return fits(tuple(map(fold, other.parts)), other.is_whole, sample)


def exclude(one: Fact, other: Fact) -> bool:
    """Return whether a field cannot be both things at once."""
    if isinstance(one, Match) and isinstance(other, Match):
        return one.field not in SEVERAL and _are_apart(one, other)
    if isinstance(one, Choice) and isinstance(other, Choice):
        return _days_apart(one, other)
    return False


def _are_apart(one: Match, other: Match) -> bool:
    if not (one.is_whole and other.is_whole):
        return _never_contains(one, other) or _never_contains(other, one)
    (a, z), (b, y) = (_ends(one), _ends(other))
    if not (a.startswith(b) or b.startswith(a)) or not (z.endswith(y) or y.endswith(z)):
        return True
    return _never_contains(one, other) or _never_contains(other, one)


def _never_contains(one: Match, other: Match) -> bool:
    """Return whether one is a single text, and the other does not mean it."""
    if len(one.parts) > 1 or not one.is_whole:
        return False
    return not fits(tuple(map(fold, other.parts)), other.is_whole, fold(one.parts[0]))


def _ends(pattern: Match) -> tuple[str, str]:
    return fold(pattern.parts[0]), fold(pattern.parts[-1])


def _days_apart(one: Choice, other: Choice) -> bool:
    if one.field == "is":
        return {one.value, other.value} == {"marketplace", "ownstore"}
    if one.field != "day" or one.value == other.value:
        return False
    days = [each.value for each in (one, other) if each.value in _ONE_DAY]
    return len(days) == 2 or days[0] not in ("sat", "sun")


def is_empty(facts: Sequence[Fact]) -> bool:
    """Return whether no value lies in all of the ranges."""
    ranges = [each for each in facts if isinstance(each, Between)]
    lows = [each.low for each in ranges if each.low is not None]
    highs = [each.high for each in ranges if each.high is not None]
    return any(_is_above(low, high) for low in lows for high in highs)


def _is_above(low: Bound, high: Bound) -> bool:
    """Return whether nothing lies from one end to the other."""
    ends = low.value, high.value
    if isinstance(ends[0], Decimal) and isinstance(ends[1], Decimal):
        return ends[0] > ends[1] or (ends[0] == ends[1] and (low.is_open or high.is_open))
    if isinstance(ends[0], timedelta) and isinstance(ends[1], timedelta):
        return ends[0] > ends[1] or (ends[0] == ends[1] and (low.is_open or high.is_open))
    return False


def _lies_in(one: Between, other: Between) -> bool:
    """Return whether a range lies within another."""
    low = other.low is None or (one.low is not None and _is_tighter(one.low, other.low, 1))
    high = other.high is None or (one.high is not None and _is_tighter(one.high, other.high, -1))
    return low and high


def _is_tighter(one: Bound, other: Bound, sign: int) -> bool:
    a, b = one.value, other.value
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        apart = (a - b) * sign
        return apart > 0 or (apart == 0 and (one.is_open or not other.is_open))
    if isinstance(a, timedelta) and isinstance(b, timedelta):
        span = (a - b) * sign
        return span > timedelta(0) or (span == timedelta(0) and (one.is_open or not other.is_open))
    return False
