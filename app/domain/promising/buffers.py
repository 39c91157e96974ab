"""How many units are held back from a channel, so that what sells elsewhere meanwhile is still there?"""

from __future__ import annotations

from typing import Final, NamedTuple

from app.domain.promising.goods import Outlet, Pace

_DAY_S: Final = 86_400
_BAND_PERCENT: Final = {"A": 150, "B": 100, "C": 50, "D": 0}
_SOON, _LATE = 7, 21  # days until more can come


class Buffer(NamedTuple):
    """Units held back, and the sentence that says why."""

    units: int
    why: str


def buffer_of(outlet: Outlet, sellable: int, pace: Pace, standing: int) -> Buffer:
    """Return what is held back: the largest of the sheet's four terms, never below its floor.

    ``standing`` is where the channel's margin stands, 0 (best) to 100; a dynamic buffer grows with
    it, with the SKU's velocity band and with the time until more can come.
    """
    rules = outlet.rules
    terms = [
        (_part(sellable, rules.buffer_percent, 100), f"{rules.buffer_percent} % of {sellable:,}"),
        (
            _part(pace.sold, rules.cover_days, pace.days),
            f"{rules.cover_days} days at {pace.sold:,} sold in {pace.days} days",
        ),
    ]
    if rules.buffer_lag:
        terms.append((
            _part(pace.sold, outlet.lag_seconds, pace.days * _DAY_S),
            f"what sells in the {_span(outlet.lag_seconds)} until {outlet.name} shows a number",
        ))  # fmt: skip
    units, why = max(terms, key=lambda term: term[0])
    if rules.buffer_dynamic:
        factor = _factor(pace, standing)
        units, why = (
            _part(units, factor, 1_000_000),
            f"{why}, × {factor / 10_000:.0f} % ({_said(pace)}, {outlet.kept.says})",
        )
    if rules.buffer_units >= units:
        units, why = rules.buffer_units, f"at least {rules.buffer_units:,}"
    if rules.buffer_most is not None and units > rules.buffer_most:
        units, why = rules.buffer_most, f"{why}, but at most {rules.buffer_most:,}"
    return Buffer(units, why)


def _part(whole: int, share: int, of: int) -> int:
    """Return ``whole`` × ``share`` / ``of``, rounded up: a buffer never promises the odd unit."""
    return -(-whole * share // of) if whole > 0 and of > 0 else 0


def _factor(pace: Pace, standing: int) -> int:
    """Return the dynamic buffer's factor in millionths."""
    band = _BAND_PERCENT.get(pace.band, 100)
    lead = pace.lead_days
    wait = 100 if lead is None or lead <= _SOON else 125 if lead <= _LATE else 150
    return band * wait * (75 + standing // 2)


def _said(pace: Pace) -> str:
    lead = "" if pace.lead_days is None else f", more in {pace.lead_days} days"
    return f"band {pace.band}{lead}"


def _span(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"
