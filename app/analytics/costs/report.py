"""Where is money earned, and where is it lost? Every shipped order's steps, added up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, func, select

from app.analytics.costs.facts import Served, load, shipped
from app.domain.costs.policy import CostPolicy, Rates
from app.domain.costs.serving import REVENUE, SERVING, Basis, Step, Waterfall, waterfall, worst
from app.domain.costs.sharing import Part, least_price, shared
from app.models.orders import orders

AT_ONCE: Final = 2_000
Key = tuple[str, str, str, str]  # channel, SKU, location, order; empty where not told apart by it


GROUPS: Final[Mapping[str, tuple[Step, ...]]] = {
    "revenue": REVENUE,
    "goods": (Step.COST_OF_GOODS,),
    "fees": (Step.FEES, Step.PAYMENT),
    "sending": (Step.POSTAGE, Step.PACKAGING),
    "work": (Step.PICK_PACK, Step.CARE),
    "afterwards": (Step.REFUNDS, Step.WRITE_DOWN, Step.MAKING_GOOD),
}
"""The steps that stand together in a table."""


class By(StrEnum):
    """What costs are told apart by."""

    CHANNEL = "channel"
    SKU = "sku"
    LOCATION = "location"
    CHANNEL_SKU = "channel_sku"
    CHANNEL_LOCATION = "channel_location"
    SKU_LOCATION = "sku_location"
    CHANNEL_SKU_LOCATION = "channel_sku_location"
    ORDER = "order"

    def has(self, what: str) -> bool:
        """Return whether it tells channels, SKUs, locations or orders apart."""
        return what in self.value.split("_")

    @property
    def is_whole(self) -> bool:
        """Whether an order is in one slice only, undivided."""
        return self in (By.CHANNEL, By.ORDER)


@dataclass(frozen=True, slots=True)
class OrderCost:
    """One shipped order with its steps."""

    order_id: int
    number: str
    channel: str
    placed_at: datetime
    whole: Waterfall
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class CostRow:
    """What one slice brought and cost: minor units, costs below zero.

    ``least_price`` is the lowest price of one unit at which nothing is lost (of a SKU). ``estimated`` is how
    much of the costs is an estimate, in per cent; ``lacking`` how many orders hold a SKU without a cost.
    ``bases`` divides each step by how it is known, ``touched`` counts the orders that have it. ``id`` is
    for whoever lists the rows.
    """

    slice: str
    channel: str
    sku: str
    location: str
    orders: int
    units: int
    revenue: int
    steps: Mapping[Step, int]
    contribution: int
    estimated: int
    lacking: int
    currency: str
    least_price: int | None = None
    id: int = 0
    key: Key = ("", "", "", "")
    bases: Mapping[Step, Mapping[Basis, int]] = field(default_factory=dict)
    touched: Mapping[Step, int] = field(default_factory=dict)

    @property
    def margin_tenths(self) -> int | None:
        """The contribution in tenths of a per cent of the revenue, rounded half up."""
        if self.revenue <= 0:
            return None
        return (self.contribution * 2000 + self.revenue) // (2 * self.revenue)

    @property
    def served(self) -> int:
        """What it cost to serve, the goods left out; above zero."""
        return -self._of(*SERVING)

    def known(self, basis: Basis) -> int:
        """Return how much of the costs is known so well, in per cent."""
        return share_known(self.bases, basis)

    @property
    def actual(self) -> int:
        """How much of the costs is billed or paid, in per cent."""
        return self.known(Basis.ACTUAL)

    @property
    def goods(self) -> int:
        """What the goods cost."""
        return self._of(*GROUPS["goods"])

    @property
    def fees(self) -> int:
        """What the channel and the payment service keep."""
        return self._of(*GROUPS["fees"])

    @property
    def sending(self) -> int:
        """What postage and boxes cost."""
        return self._of(*GROUPS["sending"])

    @property
    def work(self) -> int:
        """What picking, packing and answering cost."""
        return self._of(*GROUPS["work"])

    @property
    def afterwards(self) -> int:
        """What was lost after the sale."""
        return self._of(*GROUPS["afterwards"])

    def _of(self, *steps: Step) -> int:
        return sum(self.steps.get(step, 0) for step in steps)


def share_known(bases: Mapping[Step, Mapping[Basis, int]], wanted: Basis) -> int:
    """Return how much of the costs is known in one way, in per cent."""
    sizes = [(basis, abs(amount)) for step, each in bases.items() if step not in REVENUE
             for basis, amount in each.items()]  # fmt: skip
    costs = sum(size for _basis, size in sizes)
    return (
        round(100 * sum(size for basis, size in sizes if basis is wanted) / costs) if costs else 0
    )


@dataclass(frozen=True, slots=True)
class CostReport:
    """The rows, the worst first, and everything together; ``left_out`` are orders in other currencies."""

    rows: Sequence[CostRow]
    total: CostRow
    left_out: int


@dataclass(frozen=True, slots=True)
class OrderShare:
    """What an order has of a slice: its units and revenue there, the steps that are asked, what is left."""

    id: int
    number: str
    channel: str
    placed_at: datetime
    units: int
    revenue: int
    amount: int
    basis: Basis
    contribution: int


@dataclass(frozen=True, slots=True)
class Book:
    """The orders that count, each with its steps: one reading that all numbers beside each other are of."""

    costs: Sequence[OrderCost]
    currency: str
    left_out: int = 0

    def report(self, by: By) -> CostReport:
        """Return what they brought and cost, told apart."""
        slices: dict[Key, _Sum] = {}
        whole = _Sum(("", "", "", ""))
        for cost in self.costs:
            for part, share in _shares(cost, by):
                key = _key(by, cost, part)
                slices.setdefault(key, _Sum(key)).add(cost, part, share)
                whole.add(cost, part, share)
        rows = [each.row(by, self.currency) for each in slices.values()]
        rows.sort(key=lambda row: (row.contribution, row.slice))
        return CostReport(rows, whole.row(None, self.currency), self.left_out)

    def behind(self, by: By, key: Key | None, steps: Collection[Step] = ()) -> list[OrderShare]:
        """Return the orders of a slice (``None``: of all), or those of them that have one of the steps.

        Their amounts add up to what the slice says. What costs most, or leaves least, comes first.
        """
        found = []
        for cost in self.costs:
            mine = _Sum(("", "", "", ""))
            for part, share in _shares(cost, by):
                if key is None or _key(by, cost, part) == key:
                    mine.add(cost, part, share)
            if mine.orders and (not steps or any(mine.steps.get(step) for step in steps)):
                found.append(mine.share_of(cost, steps))
        return sorted(found, key=lambda row: (row.amount if steps else row.contribution, row.id))


def order_cost(db: Connection, order_id: int, known: Rates, policy: CostPolicy) -> OrderCost | None:
    """Return the steps of one order, shipped or not yet; ``None`` if there is none."""
    return next(iter(_costs(load(db, [order_id], known), policy)), None)


def cost_report(
    db: Connection, known: Rates, policy: CostPolicy, *, by: By = By.CHANNEL, now: datetime,
    days: int = 30, channel: str = "",
) -> CostReport:  # fmt: skip
    """Return what the orders of the last days brought and cost, told apart by ``by``."""
    return cost_book(db, known, policy, now=now, days=days, channel=channel).report(by)


def cost_book(
    db: Connection, known: Rates, policy: CostPolicy, *, now: datetime, days: int = 30,
    channel: str = "",
) -> Book:  # fmt: skip
    """Return the orders of the last days that count, each with its steps."""
    currency = known.rates.currency
    since = now - timedelta(days=days)
    mine = shipped(currency).where(orders.c.placed_at >= since, orders.c.placed_at <= now)
    others = select(func.count()).select_from(orders).where(
        orders.c.placed_at >= since, orders.c.status == "shipped", orders.c.currency != currency
    )  # fmt: skip
    if channel:
        mine, others = (
            mine.where(orders.c.channel == channel),
            others.where(orders.c.channel == channel),
        )
    ids = db.execute(mine.order_by(orders.c.id)).scalars().all()
    costs = tuple(_all(db, ids, known, policy))
    return Book(costs, currency, int(db.execute(others).scalar_one()))


def _all(
    db: Connection, ids: Sequence[int], known: Rates, policy: CostPolicy
) -> Iterator[OrderCost]:
    for start in range(0, len(ids), AT_ONCE):
        yield from _costs(load(db, ids[start : start + AT_ONCE], known), policy)


def _costs(served: Iterable[Served], policy: CostPolicy) -> Iterator[OrderCost]:
    for each in served:
        yield OrderCost(each.id, each.number, each.channel, each.placed_at,
                        waterfall(each.facts, policy), each.parts)  # fmt: skip


def _shares(cost: OrderCost, by: By) -> list[tuple[Part, dict[Step, int]]]:
    if by.is_whole or not cost.parts:
        steps: dict[Step, int] = {}
        for each in cost.whole.steps:
            steps[each.step] = steps.get(each.step, 0) + each.amount
        return [(Part("", "", sum(part.units for part in cost.parts), 0, 0), steps)]
    return shared(cost.whole, cost.parts)


def _key(by: By, cost: OrderCost, part: Part) -> Key:
    """Return which slice a part of an order belongs to."""
    return (
        cost.channel if by.has("channel") else "",
        part.sku if by.has("sku") else "",
        part.location if by.has("location") else "",
        cost.number if by is By.ORDER else "",
    )


@dataclass(slots=True)
class _Sum:
    """What one slice adds up to."""

    key: Key
    channel: str = ""
    orders: set[int] = field(default_factory=set)
    lacking: set[int] = field(default_factory=set)
    units: int = 0
    steps: dict[Step, int] = field(default_factory=dict)
    bases: dict[Step, dict[Basis, int]] = field(default_factory=dict)
    having: dict[Step, dict[int, int]] = field(default_factory=dict)  # by step and order

    def add(self, cost: OrderCost, part: Part, share: dict[Step, int]) -> None:
        """Add a part of an order."""
        self.channel = cost.channel
        self.orders.add(cost.order_id)
        self.units += part.units
        if cost.whole.lacks:
            self.lacking.add(cost.order_id)
        known = cost.whole.bases
        for step, amount in share.items():
            self.steps[step] = self.steps.get(step, 0) + amount
            bases = self.bases.setdefault(step, {})
            bases[known[step]] = bases.get(known[step], 0) + amount
            mine = self.having.setdefault(step, {})
            mine[cost.order_id] = mine.get(cost.order_id, 0) + amount

    @property
    def revenue(self) -> int:
        """What it brought."""
        return sum(self.steps.get(step, 0) for step in REVENUE)

    @property
    def touched(self) -> dict[Step, int]:
        """How many orders have each step."""
        return {step: sum(1 for amount in self.having.get(step, {}).values() if amount)
                for step in Step}  # fmt: skip

    def share_of(self, cost: OrderCost, steps: Collection[Step]) -> OrderShare:
        """Return it as what one order has of a slice."""
        known = cost.whole.bases
        asked = [step for step in self.steps if not steps or step in steps]
        return OrderShare(
            cost.order_id, cost.number, cost.channel, cost.placed_at, self.units, self.revenue,
            sum(self.steps[step] for step in asked), worst(known[step] for step in asked),
            sum(self.steps.values()),
        )  # fmt: skip

    def row(self, by: By | None, currency: str) -> CostRow:
        """Return the finished row."""
        channel, sku, location, number = self.key
        named = by is not None and by.has("sku")
        return CostRow(
            number or " ".join(each for each in self.key if each),
            self.channel if by is By.ORDER else channel, sku, location,
            len(self.orders), self.units, self.revenue, dict(self.steps), sum(self.steps.values()),
            share_known(self.bases, Basis.ESTIMATED), len(self.lacking), currency,
            least_price([self.steps], self.units) if named else None,
            key=self.key, bases=self.bases, touched=self.touched,
        )  # fmt: skip
