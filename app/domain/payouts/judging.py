"""Was an order paid as it should be? Line by line, to the cent.

What a sale should bring is known from the order: its goods, its shipping and, where the channel does not
keep it, its tax. What may be taken off is known from the fee schedule, as far as one is proven.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.payouts.fees import FeeRule, FeeSeen, rule_for
from app.domain.payouts.lines import LineType

# These pay for what has shipped, and not before.
PAYS_ON_SHIPMENT: Final = ("amazon", "walmart")
# These collect what buyers pay, and say in files what they pay out of it.
SETTLES: Final = ("amazon", "walmart", "etsy", "ebay", "shopify")


class Trouble(StrEnum):
    """What can be wrong with what was paid."""

    DIFFERENT = "different"  # the sale brought another amount than the order says
    FEE = "fee"  # a fee is not what the schedule says
    DOUBLE_FEE = "double_fee"  # a fee was taken twice
    UNPAID = "unpaid"  # it shipped long ago, and no payout pays for it
    PAYOUT = "payout"  # the lines of a payout are not what went to the bank


@dataclass(frozen=True, slots=True)
class Sold:
    """An order as far as money is concerned, in minor units; ``total`` is ``None`` if nobody says it."""

    id: int
    number: str
    channel: str
    currency: str
    status: str
    lines: int
    goods: int
    shipping: int
    tax: int
    discount: int
    total: int | None

    @property
    def without_tax(self) -> int:
        """What the seller keeps of it before fees where the channel keeps the tax."""
        return self.goods + self.shipping - self.discount

    @property
    def with_tax(self) -> int:
        """What the buyer paid."""
        return self.without_tax + self.tax if self.total is None else self.total


@dataclass(frozen=True, slots=True)
class Booked:
    """One amount that was booked about the order."""

    type: LineType
    label: str
    amount: int
    currency: str
    item_ref: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: what was expected, and what is there; minor units."""

    trouble: Trouble
    expected: int
    actual: int
    label: str = ""

    @property
    def off(self) -> int:
        """How much is missing: below zero it is to our harm."""
        return self.actual - self.expected


def judge(sold: Sold, booked: Sequence[Booked], rules: Sequence[FeeRule] = ()) -> list[Finding]:
    """Return what is wrong with what was booked about an order."""
    ours = [line for line in booked if line.currency == sold.currency]
    return [*_received(sold, ours), *_twice(sold, ours), *_fees(ours, rules)]


def expected_of(sold: Sold, booked: Sequence[Booked]) -> int:
    """Return what the sale should bring, the tax counted as the channel counts it."""
    earned, tax = _earned(booked)
    either = (sold.without_tax, sold.with_tax)
    return min(either, key=lambda wanted: abs(earned + tax - wanted))


def _earned(booked: Sequence[Booked]) -> tuple[int, int]:
    earned = sum(x.amount for x in booked if x.type in (LineType.SALE, LineType.SHIPPING))
    return earned, sum(x.amount for x in booked if x.type is LineType.TAX)


def _received(sold: Sold, booked: Sequence[Booked]) -> list[Finding]:
    if not any(line.type is LineType.SALE for line in booked) or not _is_due(sold):
        return []
    earned, tax = _earned(booked)
    if earned == sold.without_tax and tax >= 0:
        return []  # the tax on top is passed on to the seller, who owes it
    wanted = expected_of(sold, booked)
    if earned + tax == wanted:
        return []
    return [Finding(Trouble.DIFFERENT, wanted, earned + tax)]


def _is_due(sold: Sold) -> bool:
    """Whether all of it must have been paid by now, as soon as some of it was."""
    if sold.channel in PAYS_ON_SHIPMENT:
        return sold.status == "shipped"
    return sold.status not in ("cancelled", "taken_back")


def _twice(sold: Sold, booked: Sequence[Booked]) -> list[Finding]:
    """Return the fees that were taken more often than something was sold, less what was given back."""
    sales = Counter(x.item_ref for x in booked if x.type is LineType.SALE)
    taken: Counter[tuple[str, str, int]] = Counter()
    for line in booked:
        if line.type is LineType.FEE or (line.type is LineType.POSTAGE and line.ref):
            item = line.ref if line.type is LineType.POSTAGE else line.item_ref
            taken[line.label, item, abs(line.amount)] += -1 if line.amount > 0 else 1
    found = []
    for (label, item, amount), times in sorted(taken.items()):
        often = max(1, sales[item], sold.lines if item and item not in sales else 1)
        if times > often:
            found.append(Finding(Trouble.DOUBLE_FEE, -amount * often, -amount * times, label))
    return found


def _fees(booked: Sequence[Booked], rules: Sequence[FeeRule]) -> list[Finding]:
    found = []
    counted: set[FeeSeen] = set()
    for fee in fees_seen(booked):
        rule = rule_for(rules, fee)
        if rule is not None and fee not in counted and rule.fee(fee.bases) != fee.amount:
            found.append(Finding(Trouble.FEE, -rule.fee(fee.bases), -fee.amount, fee.label))
        counted.add(fee)
    return found


def fees_seen(booked: Sequence[Booked]) -> list[FeeSeen]:
    """Return the fees of an order with what each may be a share of: its item, or else all of it."""
    if not any(line.type is LineType.SALE for line in booked):
        return []
    return [
        FeeSeen(line.label, line.item_ref, -line.amount, _bases(booked, line.item_ref))
        for line in booked
        if line.type is LineType.FEE and line.amount < 0
    ]


def _bases(booked: Sequence[Booked], item: str) -> tuple[int, int, int]:
    items = {line.item_ref for line in booked if line.type is LineType.SALE}
    mine = [x for x in booked if item not in items or x.item_ref == item]
    sale = sum(x.amount for x in mine if x.type is LineType.SALE)
    shipping = sum(x.amount for x in mine if x.type is LineType.SHIPPING)
    tax = sum(x.amount for x in mine if x.type is LineType.TAX and x.amount > 0)
    return sale, sale + shipping, sale + shipping + tax
