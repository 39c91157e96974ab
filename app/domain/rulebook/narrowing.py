"""Which locations may ship an order, in which order are they tried, and which rule keeps one out?"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.rulebook.effects import Effects, Otherwise


def attempts(asked: Effects, location_ids: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return the sets of locations to try, each only if the one before cannot ship all of it.

    Without rules that is one set: all of them. It is empty where the rules leave no location.
    """
    if not asked.tiers and not asked.never:
        return (tuple(location_ids),) if location_ids else ()
    allowed = [each for each in location_ids if not asked.bars(each)]
    sets = [tuple(each for each in tier if each in allowed) for tier in asked.tiers]
    if not asked.tiers or asked.otherwise is Otherwise.ANYWHERE:
        sets.append(tuple(allowed))
    return tuple(dict.fromkeys(each for each in sets if each))


def kept_out_by(asked: Effects, location_id: int) -> str:
    """Return the rule that keeps a location from shipping the order, or nothing."""
    barred = asked.bars(location_id)
    if barred or not asked.tiers or asked.otherwise is Otherwise.ANYWHERE:
        return barred
    return "" if any(location_id in tier for tier in asked.tiers) else asked.tiers_by
