"""What may be sent instead of what was ordered, and what never?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from app.domain.routing.policy import Substitute
from app.errors import RefusedError


class Goods(Protocol):
    """What is asked of a SKU before another stands in for it."""

    is_hazmat: bool
    is_kit: bool
    minimum_age: int | None


def refuse_regulated(rows: Iterable[Substitute], goods: Mapping[str, Goods]) -> None:
    """Refuse substitutes by which regulated goods, or a kit, would be or replace something else.

    Raises:
        RefusedError: a row does so; regulated goods are those dangerous or for adults.
    """
    for row in rows:
        for code in (row.sku, row.substitute):
            why = _regulated(goods[code])
            if why:
                raise RefusedError(
                    f"{row.substitute} cannot stand in for {row.sku}: {code} {why}. Nothing was changed.",
                    "Leave the row out; such orders wait, or a person asks the buyer.",
                )


def _regulated(goods: Goods) -> str:
    if goods.is_hazmat:
        return "is dangerous goods"
    if goods.minimum_age:
        return f"is sold from {goods.minimum_age} years on only"
    return "is a kit, of which single parts count" if goods.is_kit else ""


def approved_for(
    rows: Iterable[Substitute], channel: str, *, approved: bool = True
) -> dict[str, list[Substitute]]:
    """Return the substitutes for a channel's orders, by the SKU that they replace, in their order."""
    found: dict[str, list[Substitute]] = {}
    for row in rows:
        if row.is_for(channel) and bool(row.approved_by) == approved:
            found.setdefault(row.sku, []).append(row)
    return found
