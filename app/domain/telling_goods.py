"""What is sent instead of what was ordered, and what follows later? In sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any


def goods_notes(
    stored: Mapping[str, Any], skus: Mapping[int, str], money: Callable[[int], str],
    day: Callable[[date], str],
) -> tuple[str, ...]:  # fmt: skip
    """Return what a stored suggestion tells of substitutes and of lines that wait."""
    return (
        *_substituted(stored, skus, money),
        *(_waiting(each, skus, day) for each in stored.get("waiting", ())),
    )


def _substituted(
    stored: Mapping[str, Any], skus: Mapping[int, str], money: Callable[[int], str]
) -> Iterator[str]:
    for _line, ordered, sent, units, cost in stored.get("substituted", ()):
        gives = f"; the buyer is given {money(cost)} for it" if cost else ""
        yield (
            f"{units} × {skus.get(sent, 'a SKU')} instead of {skus.get(ordered, 'a SKU')}, as you have "
            f"approved{gives}."
        )


def _waiting(each: Mapping[str, Any], skus: Mapping[int, str], day: Callable[[date], str]) -> str:
    code = skus.get(each["sku"], "A SKU")
    said = f"{code}: {each['free']} free, {each['needed']} needed"
    due = date.fromisoformat(each["due"]) if each.get("due") else None
    if due is not None and each.get("follows"):
        return f"{said}; it follows once enough has come in on {day(due)}, the rest need not wait."
    if due is not None:
        return f"{said}; enough comes in on {day(due)}."
    if each.get("could"):
        return f"{said}; {each['could']} could be sent instead, but that is not approved for this channel."
    return f"{said}, and nothing is on its way with a date."
