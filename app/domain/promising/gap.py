"""Why could an order not be filled? The exact gap, in sentences that name times and numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

Clock = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Told:
    """A number and its times: worked out, and sent if it was. ``units`` is empty for nothing."""

    units: int | None
    computed_at: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """Units that another order had taken when this one asked."""

    units: int
    channel: str
    order: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """One line that was short: what it asked for, what was left, and what the channel knew."""

    order: str
    channel: str
    sku: str
    asked: int
    left: int
    placed_at: datetime
    asked_at: datetime
    told: Told | None
    later: Told | None
    taken: tuple[Taken, ...] = ()
    other_change: int = 0

    @property
    def missing(self) -> int:
        """How many units were missing."""
        return self.asked - max(0, self.left)


def explain(gap: Gap, clock: Clock) -> list[str]:
    """Return the story of a gap."""
    asked = (
        f"Order {gap.order} asked for {gap.asked:,} × {gap.sku} on {gap.channel} at "
        f"{clock(gap.placed_at)} and came in at {clock(gap.asked_at)}; {max(0, gap.left):,} could "
        f"still be sold then: {gap.missing:,} too few."
    )
    said = [asked, _known(gap, clock)]
    if gap.taken:
        said.append(_sold(gap.taken, clock))
    if gap.other_change:
        verb = "went" if gap.other_change < 0 else "came"
        said.append(f"Apart from sales, {abs(gap.other_change):,} units {verb} in that time.")
    said.append(_late(gap, clock))
    return said


def _known(gap: Gap, clock: Clock) -> str:
    told = gap.told
    if told is None or told.sent_at is None:
        return f"{gap.channel} had never been told a number from here before the order."
    units = "nothing" if told.units is None else f"{told.units:,}"
    return f"{gap.channel} had last been told {units}, at {clock(told.sent_at)}."


def _sold(taken: Sequence[Taken], clock: Clock) -> str:
    units = sum(each.units for each in taken)
    named = [f"{each.units:,} on {each.channel} (order {each.order}) at {clock(each.at)}"
             for each in taken[:5]]  # fmt: skip
    more = f" and {len(taken) - 5} more orders" if len(taken) > 5 else ""
    return f"Between that number and this order {units:,} were sold: {', '.join(named)}{more}."


def _late(gap: Gap, clock: Clock) -> str:
    later = gap.later
    if later is None:
        return f"No other number was worked out for {gap.channel} before the order came in."
    units = "nothing" if later.units is None else f"{later.units:,}"
    worked = f"The next number, {units}, was worked out at {clock(later.computed_at)}"
    if later.sent_at is None:
        return f"{worked} and had not been sent when the order came in."
    minutes = round((later.sent_at - gap.placed_at).total_seconds() / 60)
    if minutes > 0:
        return f"{worked} and sent at {clock(later.sent_at)}, {minutes:,} minutes after the order."
    return f"{worked} and sent at {clock(later.sent_at)}, before the order: the channel had not taken it over."
