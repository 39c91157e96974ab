"""What is left of an order once everything that it cost is taken off? Step by step, in money.

Each step says how it is known: *actual* (a settlement or a label says so), *quoted* (worked out when the
order was routed) or *estimated* (from the owner's rates and policies). Better knowledge replaces worse:
actual before quoted before estimated. Taxes are left out: they are the state's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from app.domain.costs.policy import CostPolicy


class Step(StrEnum):
    """The steps from what the buyer paid to what is left, in their order."""

    GOODS_SOLD = "goods_sold"
    SHIPPING_CHARGED = "shipping_charged"
    DISCOUNTS = "discounts"
    FEES = "fees"
    PAYMENT = "payment"
    COST_OF_GOODS = "cost_of_goods"
    POSTAGE = "postage"
    PACKAGING = "packaging"
    PICK_PACK = "pick_pack"
    CARE = "care"
    REFUNDS = "refunds"
    WRITE_DOWN = "write_down"
    MAKING_GOOD = "making_good"


class Basis(StrEnum):
    """How an amount is known, the best first."""

    ACTUAL = "actual"
    QUOTED = "quoted"
    ESTIMATED = "estimated"


STEP_WORDS: Final[Mapping[Step, str]] = {
    Step.GOODS_SOLD: "Goods sold",
    Step.SHIPPING_CHARGED: "Shipping charged",
    Step.DISCOUNTS: "Discounts",
    Step.FEES: "Channel fees",
    Step.PAYMENT: "Payment fee",
    Step.COST_OF_GOODS: "Cost of goods",
    Step.POSTAGE: "Shipping cost",
    Step.PACKAGING: "Packaging",
    Step.PICK_PACK: "Pick and pack",
    Step.CARE: "Customer care",
    Step.REFUNDS: "Refunds",
    Step.WRITE_DOWN: "Write-down",
    Step.MAKING_GOOD: "Making good",
}
BASIS_WORDS: Final[Mapping[Basis, str]] = {
    Basis.ACTUAL: "actual",
    Basis.QUOTED: "quoted",
    Basis.ESTIMATED: "estimated",
}
REVENUE: Final = (Step.GOODS_SOLD, Step.SHIPPING_CHARGED, Step.DISCOUNTS)
SERVING: Final = tuple(step for step in Step if step not in (*REVENUE, Step.COST_OF_GOODS))
"""What it costs to serve: everything but the goods themselves."""


class Amount(NamedTuple):
    """One step of one order: minor units (costs are below zero), how they are known, and from what."""

    step: Step
    amount: int
    basis: Basis
    why: str = ""


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line: units of a SKU, what they were sold for, and what one unit cost (``None``: nobody knows)."""

    sku: str
    units: int
    price: int
    discount: int = 0
    unit_cost: int | None = None

    @property
    def goods(self) -> int:
        """What the buyer paid for the goods, before discounts."""
        return self.units * self.price


@dataclass(frozen=True, slots=True)
class Work:
    """What one location did for the order: parcels, lines and units, and its own price if it has one."""

    location: str
    units: int
    price: int | None = None


@dataclass(frozen=True, slots=True)
class SentBack:
    """One returned unit that was put away: its cost, and what became of it."""

    cost: int
    disposition: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is known of one order's money; minor units of one currency, costs above zero.

    What settlements booked is ``None`` where none is here yet. ``quoted`` is the postage that the decision
    counted with, ``estimated`` what the rates say; ``made_good`` is what a lost or damaged parcel cost
    again, less what the carrier paid for it.
    """

    lines: Sequence[SoldLine]
    shipping: int = 0
    discount: int = 0
    fee_bp: int = 0
    is_own_store: bool = False
    booked_fees: int | None = None
    booked_postage: int | None = None
    quoted: int | None = None
    estimated: int = 0
    parcels: int = 0
    packaging: int = 0
    work: Sequence[Work] = ()
    cases: int = 0
    refunds: int = 0
    sent_back: Sequence[SentBack] = ()
    made_good: int = 0


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The steps of one order that are not zero. ``lacks`` are SKUs whose cost nobody has said."""

    steps: tuple[Amount, ...]
    lacks: tuple[str, ...] = ()

    @property
    def revenue(self) -> int:
        """What the sale brought, taxes left out."""
        return sum(each.amount for each in self.steps if each.step in REVENUE)

    @property
    def contribution(self) -> int:
        """What is left."""
        return sum(each.amount for each in self.steps)

    @property
    def basis(self) -> Basis:
        """How the whole is known: as well as the worst known of its steps."""
        return worst(each.basis for each in self.steps)

    @property
    def bases(self) -> dict[Step, Basis]:
        """How each step is known: as well as the worst known of its amounts."""
        found: dict[Step, Basis] = {}
        for each in self.steps:
            found[each.step] = worst((each.basis, found.get(each.step, Basis.ACTUAL)))
        return found


def worst(bases: Iterable[Basis]) -> Basis:
    """Return the least certain of these; of none, actual."""
    order = list(Basis)
    return order[max(map(order.index, bases), default=0)]


@dataclass(slots=True)
class _Steps:
    found: list[Amount] = field(default_factory=list)

    def add(self, step: Step, amount: int, basis: Basis, why: str = "") -> None:
        if amount:
            self.found.append(Amount(step, amount, basis, why))


def waterfall(facts: Facts, policy: CostPolicy) -> Waterfall:
    """Return what is left of an order, step by step in the order of :class:`Step`."""
    steps = _Steps()
    _revenue(steps, facts)
    _taken(steps, facts, policy)
    _goods(steps, facts)
    _sending(steps, facts, policy)
    _afterwards(steps, facts, policy)
    lacks = dict.fromkeys(line.sku for line in facts.lines if line.unit_cost is None)
    return Waterfall(tuple(steps.found), tuple(lacks))


def _revenue(steps: _Steps, facts: Facts) -> None:
    discounts = facts.discount + sum(line.discount for line in facts.lines)
    steps.add(Step.GOODS_SOLD, sum(line.goods for line in facts.lines), Basis.ACTUAL)
    steps.add(Step.SHIPPING_CHARGED, facts.shipping, Basis.ACTUAL)
    steps.add(Step.DISCOUNTS, -discounts, Basis.ACTUAL)


def _taken(steps: _Steps, facts: Facts, policy: CostPolicy) -> None:
    """Take off what the channel and the payment service keep."""
    if facts.booked_fees is not None:
        steps.add(Step.FEES, -facts.booked_fees, Basis.ACTUAL, "the channel's settlement")
        return
    paid = sum(each.amount for each in steps.found)
    if facts.is_own_store:
        steps.add(
            Step.PAYMENT, -policy.payment.of(paid), Basis.ESTIMATED, "your payment service's rate"
        )
        return
    fee = (max(0, paid) * facts.fee_bp + 5_000) // 10_000
    steps.add(Step.FEES, -fee, Basis.ESTIMATED, f"{facts.fee_bp / 100:g} % of the sale")


def _goods(steps: _Steps, facts: Facts) -> None:
    """Take off what the goods cost; those that came back are the brand's again."""
    bought = sum(line.units * (line.unit_cost or 0) for line in facts.lines)
    back = sum(each.cost for each in facts.sent_back)
    steps.add(Step.COST_OF_GOODS, back - bought, Basis.ACTUAL)


def _sending(steps: _Steps, facts: Facts, policy: CostPolicy) -> None:
    if facts.booked_postage is not None:
        steps.add(Step.POSTAGE, -facts.booked_postage, Basis.ACTUAL, "labels that were charged")
    elif facts.quoted is not None:
        steps.add(Step.POSTAGE, -facts.quoted, Basis.QUOTED, "as it was routed")
    else:
        steps.add(Step.POSTAGE, -facts.estimated, Basis.ESTIMATED, "your rate table")
    boxes = facts.parcels * facts.packaging
    steps.add(Step.PACKAGING, -boxes, Basis.ESTIMATED, "your price of a box")
    priced = [each.price for each in facts.work if each.price is not None]
    steps.add(Step.PICK_PACK, -sum(priced), Basis.QUOTED, "the location's own price")
    minutes = sum(policy.order_minutes + policy.unit_minutes * each.units
                  for each in facts.work if each.price is None)  # fmt: skip
    steps.add(Step.PICK_PACK, -policy.work(minutes), Basis.ESTIMATED, f"{minutes} min of work")


def _afterwards(steps: _Steps, facts: Facts, policy: CostPolicy) -> None:
    minutes = facts.cases * policy.case_minutes
    steps.add(Step.CARE, -policy.work(minutes), Basis.ESTIMATED, f"{minutes} min for its cases")
    steps.add(Step.REFUNDS, -facts.refunds, Basis.ACTUAL)
    lost = sum(each.cost * policy.loss_percent.get(each.disposition, 100)
               for each in facts.sent_back)  # fmt: skip
    steps.add(
        Step.WRITE_DOWN, -((lost + 50) // 100), Basis.ESTIMATED, "what came back is worth less"
    )
    steps.add(Step.MAKING_GOOD, -facts.made_good, Basis.QUOTED, "sent again, or paid for")
