"""What would have to be different for another location to be chosen? The least that is enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Money = Callable[[int], str]
Stored = Mapping[str, Any]


def flips(
    stored: Stored, places: Mapping[int, str], skus: Mapping[int, str], money: Money
) -> tuple[str, ...]:
    """Return one sentence for each location that one change would have made the choice.

    Only of suggestions that ship all of an order from one place: there one change can be proven enough.
    """
    parcels: Sequence[Stored] = stored["parcels"]
    if len(parcels) != 1 or not stored["complete"]:
        return ()
    chosen = parcels[0]
    found = (
        (places.get(each["location"], ""), _change(each, chosen, skus, money))
        for each in stored["candidates"]
        if each["location"] != chosen["location"]
    )
    return tuple(
        f"{place} would be chosen if {change}." for place, change in found if place and change
    )


def _cost(each: Stored) -> int:
    return int(each["postage"] + each["handling"])


def _change(each: Stored, chosen: Stored, skus: Mapping[int, str], money: Money) -> str:
    """Return the one change that makes a location the best, as the end of a sentence."""
    is_cheaper = _cost(each) < _cost(chosen)
    is_later = bool(each.get("late", False)) and not chosen.get("late", False)
    uses_safety = bool(each.get("safety_used", 0)) and not chosen.get("safety_used", 0)
    obstacles = [bool(each.get("rule")), bool(each.get("missing")), is_later, uses_safety]
    if not is_cheaper:
        apart = _cost(each) - _cost(chosen)
        return "" if any(obstacles) else f"it were more than {money(apart)} cheaper"
    if sum(obstacles) != 1:
        return ""
    if each.get("rule"):
        return f"the rule “{each['rule']}” let it ship"
    if each.get("missing"):
        return _more_stock(each, skus)
    if is_later:
        minutes = each.get("missed")
        return f"its cut-off were {minutes} min later" if minutes else ""
    return f"its safety stock were {each['safety_used']} lower"


def _more_stock(each: Stored, skus: Mapping[int, str]) -> str:
    if each.get("lacking", 0) != 1:
        return ""
    sku, _needed, _free = each["missing"]
    return f"it had {each['short_by']} more {skus.get(sku, 'of a SKU')}"
