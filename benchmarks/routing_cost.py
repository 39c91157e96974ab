"""What does the desk's routing cost over what could have been done had all orders been known at once?

Standard days are taken in by the program's own intake, order by order, each suggested as it comes. Beside
that stand the same day planned again before each of two pickings, and the plan made with hindsight: all of the
day's orders at once. Money is postage and handling of the orders that all three ship whole; how many each leaves
is said beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from app.domain.roles import SYSTEM
from app.models.database import Store
from app.models.fulfilment import fulfilment_orders, routing_decisions
from app.models.orders import orders
from app.services.deciding import accept
from app.services.opening import open_ready_store
from app.services.planning.plans import Proposal, propose, taken_over
from app.services.planning.problem import open_queue
from app.services.planning.taking import take_plan
from app.services.promising.sheets import save_sheet
from benchmarks import desk_day, workload

SEEDS = (11, 12, 13, 14, 15)
BATCH = 100
SECONDS = 120.0
AT_MOST = {"one at a time": 1.03, "planned before each picking": 1.015}


@dataclass(frozen=True, slots=True)
class Way:
    """What one way to route the day comes to, minor units; ``ratio`` is to hindsight.

    ``extra`` are parcels beyond one for each order; ``shipped`` are the orders that it ships whole.
    """

    name: str
    cost: int
    extra: int
    shipped: int
    ratio: float


@dataclass(frozen=True, slots=True)
class DayCost:
    """One day: its ways, and how far its hindsight plan could be from the best."""

    seed: int
    splits: str
    gap_pct: float
    ways: tuple[Way, ...]


def report(count: int, *, usual_contracts: bool) -> list[DayCost]:
    """Measure every day; with the usual contracts some channels' orders may not be split."""
    return [
        measure(workload.draw(count, seed=seed), seed, usual_contracts=usual_contracts)
        for seed in SEEDS
    ]


def measure(day: workload.Day, seed: int, *, usual_contracts: bool) -> DayCost:
    """Measure one day."""
    now = min(each.placed_at for each in day.sales) + timedelta(hours=1)
    prepared = _Prepared(day, now, usual_contracts)
    plan: Proposal = prepared.on_a_store(_taken_in)
    routed: dict[str, Routed] = {
        "one at a time": {each.number: (each.now.cost, len(each.now.places))
                          for each in plan.orders if each.now.places},
        "planned before each picking": prepared.on_a_store(_planned_twice),
        "with hindsight": {each.number: (each.planned.cost, len(each.planned.places))
                           for each in plan.orders if each.planned.places},
    }  # fmt: skip
    shared = set.intersection(*(set(each) for each in routed.values()))
    best = sum(routed["with hindsight"][number][0] for number in shared)
    ways = tuple(_way(name, each, shared, best) for name, each in routed.items())
    splits = "as usual" if usual_contracts else "allowed everywhere"
    return DayCost(seed, splits, round(100 * plan.gap, 4), ways)


Routed = dict[str, tuple[int, int]]
"""Cost and parcels by the number of the order."""


def _way(name: str, routed: Routed, shared: set[str], best: int) -> Way:
    cost = sum(routed[number][0] for number in shared)
    extra = sum(routed[number][1] - 1 for number in shared)
    return Way(name, cost, extra, len(routed), round(cost / best, 4))


@dataclass(frozen=True, slots=True)
class _Prepared:
    day: workload.Day
    now: datetime
    usual_contracts: bool

    def on_a_store(self, work: Callable[[Store, _Prepared, dict[str, int]], Any]) -> Any:
        """Do something on a fresh store that holds the day's goods."""
        with TemporaryDirectory(prefix="orderdeck-bench-") as name:
            target = f"sqlite:///{Path(name) / 'desk.db'}"
            open_ready_store(target, now=self.now).close()
            store = Store(target, synchronous="NORMAL")
            try:
                accounts = desk_day.prepare(store, self.day, self.now)
                if not self.usual_contracts:
                    self._split_everywhere(store)
                return work(store, self, accounts)
            finally:
                store.close()

    def _split_everywhere(self, store: Store) -> None:
        said = {channel: {"may_split": True} for channel in ("amazon", "walmart")}
        with store.write() as db:
            save_sheet(db, SYSTEM, channels=said, now=self.now)

    def take_in(
        self, store: Store, accounts: dict[str, int], sales: Sequence[workload.Sale]
    ) -> None:
        """Take orders in as they came."""
        desk_day.take_in(
            store, [desk_day.incoming(each) for each in sales], accounts, BATCH, self.now
        )

    def plan(self, store: Store) -> Proposal:
        """Plan what is open."""
        with store.read() as db:
            queue = open_queue(db, now=self.now)
        return propose(queue, seconds=SECONDS)


def _taken_in(store: Store, prepared: _Prepared, accounts: dict[str, int]) -> Proposal:
    prepared.take_in(store, accounts, prepared.day.sales)
    return prepared.plan(store)


def _planned_twice(store: Store, prepared: _Prepared, accounts: dict[str, int]) -> Routed:
    """Take in half of the day, plan and pick it, then the other half."""
    half = len(prepared.day.sales) // 2
    for part in (prepared.day.sales[:half], prepared.day.sales[half:]):
        prepared.take_in(store, accounts, part)
        plan = prepared.plan(store)
        with store.write() as db:
            take_plan(db, SYSTEM, **taken_over(plan.changes), now=prepared.now)
            accept(db, SYSTEM, order_ids=[each.order_id for each in plan.orders], now=prepared.now)
    parcels = select(fulfilment_orders.c.order_id, func.count()).group_by(
        fulfilment_orders.c.order_id
    )
    query = select(orders.c.id, orders.c.number, routing_decisions.c.cost).join(
        routing_decisions, routing_decisions.c.order_id == orders.c.id
    )
    with store.read() as db:
        count = dict(db.execute(parcels).all())
        return {row.number: (row.cost, count[row.id]) for row in db.execute(query)}


def lines(found: Sequence[DayCost]) -> list[str]:
    """Return the figures as a table, the medians last."""
    said = [
        f"seed {day.seed}: " + ", ".join(
            f"{way.name} {way.ratio:.4f} ({way.extra} extra parcels, {way.shipped:,} orders shipped whole)" for way in day.ways
        ) + f"; hindsight proven to {day.gap_pct} %"
        for day in found
    ]  # fmt: skip
    for name, most in AT_MOST.items():
        at = median(way.ratio for day in found for way in day.ways if way.name == name)
        said.append(f"{'ok  ' if at <= most else 'MISS'} {name}: median {at:.4f}, at most {most}")
    return said


def is_fine(found: Sequence[DayCost]) -> bool:
    """Return whether the medians are within what they may cost."""
    return all(
        median(way.ratio for day in found for way in day.ways if way.name == name) <= most
        for name, most in AT_MOST.items()
    )


def document(found: Sequence[DayCost]) -> dict[str, object]:
    """Return the figures as data."""
    return {"days": [asdict(each) for each in found], "ok": is_fine(found)}
