"""Which line and which location carries how much of an order's steps? Shares that add up to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.domain.costs.serving import Amount, Step, Waterfall


class Part(NamedTuple):
    """So many units of a SKU that a location sent, with what they were sold for and what they cost."""

    sku: str
    location: str
    units: int
    worth: int
    cost: int


def shared(whole: Waterfall, parts: Sequence[Part]) -> list[tuple[Part, dict[Step, int]]]:
    """Return each part's share of every step.

    Goods are shared by what each part cost, postage, packaging and work by units, the rest by what the
    buyer paid for it. What does not divide goes to the largest remainders, ties to the first part.
    """
    found: list[tuple[Part, dict[Step, int]]] = [(part, {}) for part in parts]
    for amount in whole.steps:
        for (_part, mine), units in zip(
            found, split(amount.amount, _weights(amount, parts)), strict=True
        ):
            mine[amount.step] = mine.get(amount.step, 0) + units
    return found


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount by weights; the shares add up to it whatever the weights are."""
    if not weights:
        return []
    total = sum(weights)
    if total <= 0:
        weights, total = [1] * len(weights), len(weights)
    size = abs(amount)
    shares = [size * weight // total for weight in weights]
    left = size - sum(shares)
    ranked = sorted(range(len(weights)), key=lambda at: (-(size * weights[at] % total), at))
    for at in ranked[:left]:
        shares[at] += 1
    return shares if amount >= 0 else [-share for share in shares]


def _weights(amount: Amount, parts: Sequence[Part]) -> list[int]:
    if amount.step in (Step.COST_OF_GOODS, Step.WRITE_DOWN):
        return [part.cost for part in parts]
    if amount.step in (Step.POSTAGE, Step.PACKAGING, Step.PICK_PACK):
        return [part.units for part in parts]
    return [part.worth for part in parts]


def least_price(shares: Sequence[dict[Step, int]], units: int) -> int | None:
    """Return the lowest price of one unit at which nothing is lost, in minor units, rounded up.

    What the channel takes moves with the price; everything else is as it was. ``None`` where the channel
    takes all, or nothing was sold.
    """

    def of(*steps: Step) -> int:
        return sum(each.get(step, 0) for each in shares for step in steps)

    paid = of(Step.GOODS_SOLD, Step.SHIPPING_CHARGED, Step.DISCOUNTS)
    taken = -of(Step.FEES, Step.PAYMENT, Step.REFUNDS)
    if units <= 0 or paid <= 0 or taken >= paid:
        return None
    besides = (
        paid - taken - sum(sum(each.values()) for each in shares)
    )  # costs that stay as they are
    needed = -(-besides * paid // (paid - taken)) - of(Step.SHIPPING_CHARGED)
    return -(-max(0, needed) // units)
