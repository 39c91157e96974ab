"""Where is money earned, and where is it lost? Every shipped order's steps, added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, func, select

from app.analytics.costs.facts import Served, load, shipped
from app.domain.costs.policy import CostPolicy, Rates
from app.domain.costs.serving import REVENUE, Basis, Step, Waterfall, waterfall
from app.domain.costs.sharing import Part, least_price, shared
from app.models.orders import orders

AT_ONCE: Final = 2_000


class By(StrEnum):
    """What costs are told apart by."""

    CHANNEL = "channel"
    SKU = "sku"
    LOCATION = "location"
    CHANNEL_SKU = "channel_sku"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class OrderCost:
    """One shipped order with its steps."""

    order_id: int
    number: str
    channel: str
    whole: Waterfall
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class CostRow:
    """What one slice brought and cost: minor units, costs below zero.

    ``least_price`` is the lowest price of one unit at which nothing is lost (of a SKU). ``estimated`` is how
    much of the costs is an estimate, in per cent; ``lacking`` how many orders hold a SKU without a cost.
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

    @property
    def margin_tenths(self) -> int | None:
        """The contribution in tenths of a per cent of the revenue, rounded half up."""
        if self.revenue <= 0:
            return None
        return (self.contribution * 2000 + self.revenue) // (2 * self.revenue)


@dataclass(frozen=True, slots=True)
class CostReport:
    """The rows, the worst first, and everything together; ``left_out`` are orders in other currencies."""

    rows: Sequence[CostRow]
    total: CostRow
    left_out: int


def order_cost(db: Connection, order_id: int, known: Rates, policy: CostPolicy) -> OrderCost | None:
    """Return the steps of one order, shipped or not yet; ``None`` if there is none."""
    return next(iter(_costs(load(db, [order_id], known), policy)), None)


def cost_report(
    db: Connection, known: Rates, policy: CostPolicy, *, by: By = By.CHANNEL, now: datetime,
    days: int = 30, channel: str = "",
) -> CostReport:  # fmt: skip
    """Return what the orders of the last days brought and cost, told apart by ``by``."""
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
    slices: dict[str, _Sum] = {}
    whole = _Sum("")
    for cost in _all(db, ids, known, policy):
        for part, share in _shares(cost, by):
            name = _NAMES[by](cost, part)
            slices.setdefault(name, _Sum(name)).add(cost, part, share)
            whole.add(cost, part, share)
    rows = [each.row(by, currency) for each in slices.values()]
    rows.sort(key=lambda row: (row.contribution, row.slice))
    return CostReport(rows, whole.row(None, currency), int(db.execute(others).scalar_one()))


def _all(
    db: Connection, ids: Sequence[int], known: Rates, policy: CostPolicy
) -> Iterator[OrderCost]:
    for start in range(0, len(ids), AT_ONCE):
        yield from _costs(load(db, ids[start : start + AT_ONCE], known), policy)


def _costs(served: Iterable[Served], policy: CostPolicy) -> Iterator[OrderCost]:
    for each in served:
        yield OrderCost(
            each.id, each.number, each.channel, waterfall(each.facts, policy), each.parts
        )


def _shares(cost: OrderCost, by: By) -> list[tuple[Part, dict[Step, int]]]:
    if by in (By.CHANNEL, By.ORDER) or not cost.parts:
        steps: dict[Step, int] = {}
        for each in cost.whole.steps:
            steps[each.step] = steps.get(each.step, 0) + each.amount
        return [(Part("", "", sum(part.units for part in cost.parts), 0, 0), steps)]
    return shared(cost.whole, cost.parts)


_NAMES: Final[Mapping[By, Callable[[OrderCost, Part], str]]] = {
    By.CHANNEL: lambda cost, _part: cost.channel,
    By.SKU: lambda _cost, part: part.sku,
    By.LOCATION: lambda _cost, part: part.location,
    By.CHANNEL_SKU: lambda cost, part: f"{cost.channel} {part.sku}",
    By.ORDER: lambda cost, _part: cost.number,
}


@dataclass(slots=True)
class _Sum:
    """What one slice adds up to."""

    name: str
    channel: str = ""
    sku: str = ""
    location: str = ""
    orders: set[int] = field(default_factory=set)
    lacking: set[int] = field(default_factory=set)
    units: int = 0
    steps: dict[Step, int] = field(default_factory=dict)
    known: int = 0
    costs: int = 0

    def add(self, cost: OrderCost, part: Part, share: dict[Step, int]) -> None:
        """Add a part of an order."""
        self.channel, self.sku, self.location = cost.channel, part.sku, part.location
        self.orders.add(cost.order_id)
        self.units += part.units
        if cost.whole.lacks:
            self.lacking.add(cost.order_id)
        guessed = {each.step for each in cost.whole.steps if each.basis is Basis.ESTIMATED}
        for step, amount in share.items():
            self.steps[step] = self.steps.get(step, 0) + amount
            if step not in REVENUE:
                self.costs += abs(amount)
                self.known += 0 if step in guessed else abs(amount)

    def row(self, by: By | None, currency: str) -> CostRow:
        """Return the finished row."""
        revenue = sum(self.steps.get(step, 0) for step in REVENUE)
        named = by in (By.SKU, By.CHANNEL_SKU)
        return CostRow(
            self.name,
            self.channel if by in (By.CHANNEL, By.CHANNEL_SKU, By.ORDER) else "",
            self.sku if named else "",
            self.location if by is By.LOCATION else "",
            len(self.orders), self.units, revenue, dict(self.steps), sum(self.steps.values()),
            round(100 * (self.costs - self.known) / self.costs) if self.costs else 0,
            len(self.lacking), currency,
            least_price([self.steps], self.units) if named else None,
        )  # fmt: skip
