"""The same day through the program's own services: inbox, ledger, suggestion, audit and all."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, func, select

from app.domain.importing import SkuRow, StockRow
from app.domain.orders import Address, IncomingLine, IncomingOrder
from app.domain.roles import SYSTEM
from app.models.catalogue import sku_aliases
from app.models.database import Store
from app.models.fulfilment import fulfilment_orders
from app.models.identity import Identity
from app.models.inventory import locations, network_stock
from app.models.orders import order_lines, orders
from app.services import catalogue, deciding, intake, setup, shipping, stock
from app.services.order_rows import Arrival
from app.services.planning.carriers import resting_days
from benchmarks.workload import Day, Sale

T = TypeVar("T")


@dataclass(slots=True)
class Step:
    """A measured step: wall and CPU seconds, and those of each transaction."""

    orders: int
    seconds: float
    cpu_s: float
    transactions: list[float]

    def data(self) -> dict[str, float]:
        """Return the figures as the workload's README names them."""
        ranked = sorted(self.transactions)
        return {
            "orders": self.orders,
            "seconds": round(self.seconds, 3),
            "cpu_s": round(self.cpu_s, 3),
            "txn_p50_ms": round(1000 * ranked[len(ranked) // 2], 2),
            "txn_p99_ms": round(1000 * ranked[min(len(ranked) - 1, len(ranked) * 99 // 100)], 2),
        }


def prepare(store: Store, day: Day, now: datetime) -> dict[str, int]:
    """Load catalogue, aliases, locations and stock; return the account of each channel."""
    resting_days(now.year)  # a desk that runs has loaded its calendar: that is no order's cost
    with store.write() as db:
        setup.prepare(db, now=now)
        known = catalogue.save_skus(
            db,
            [SkuRow(s.code, s.title, cost=s.cost, weight_g=s.weight_g) for s in day.skus],
            now=now,
        )
        _replace_locations(db, day, now)
        channels = dict.fromkeys(channel for channel, _code, _sku in day.aliases)
        accounts = {channel: setup.account_for(db, channel, now=now) for channel in channels}
        ids = Identity(db, sku_aliases)
        db.execute(
            sku_aliases.insert(),
            [
                {"id": ids.take(sku_aliases), "account_id": accounts[channel], "alias": code,
                 "sku_id": known[sku], "created_at": now}
                for channel, code, sku in day.aliases
            ],
        )  # fmt: skip
        rows = [StockRow(s.sku, s.place, s.on_hand, s.safety_stock) for s in day.stock]
        stock.take_stock_rows(db, SYSTEM, rows=rows, known=known, source="workload", now=now)
    return accounts


def take_in(
    store: Store, sales: Sequence[IncomingOrder], accounts: dict[str, int], batch: int,
    now: datetime,
) -> tuple[Step, int]:  # fmt: skip
    """Bring orders to *ready*, ``batch`` a commit; return the step and what it ignored."""
    ignored = 0

    def work(db: Connection, page: Sequence[IncomingOrder]) -> None:
        nonlocal ignored
        arrival = Arrival(accounts[page[0].channel], "workload")
        taken = intake.take_in(db, SYSTEM, arrival=arrival, incoming=page, now=now)
        ignored += len(page) - len(taken.changes.done)

    return _timed(store, _pages(sales, batch), work), ignored


def ship_all(store: Store, batch: int, now: datetime) -> Step:
    """Accept every open order and ship it with a tracking number."""
    with store.read() as db:
        ids = list(db.execute(select(orders.c.id).order_by(orders.c.id)).scalars())

    def work(db: Connection, part: Sequence[int]) -> None:
        deciding.accept(db, SYSTEM, order_ids=part, now=now, part_is_enough=True)
        going = select(fulfilment_orders.c.id).where(
            fulfilment_orders.c.order_id.in_(part), fulfilment_orders.c.state == "open"
        )
        parcels = [
            shipping.Parcel(key, "UPS", f"1Z{key:016d}") for key in db.execute(going).scalars()
        ]
        shipping.ship(db, SYSTEM, parcels=parcels, now=now)

    parts = [ids[at : at + batch] for at in range(0, len(ids), batch)]
    return _timed(store, parts, work)


def incoming(sale: Sale) -> IncomingOrder:
    """Return the sale as a mapper would hand it over."""
    return IncomingOrder(
        channel=sale.channel,
        external_id=sale.external_id,
        number=sale.number,
        placed_at=sale.placed_at,
        currency="USD",
        lines=tuple(
            IncomingLine(str(n), line.channel_sku, "", line.quantity, line.price)
            for n, line in enumerate(sale.lines, 1)
        ),
        ship_to=Address(sale.name, "", sale.address, city=sale.city, state=sale.state,
                        postcode=sale.postcode, country=sale.country),
        buyer_name=sale.name,
        service=sale.service,
        total=sum(line.quantity * line.price for line in sale.lines),
        ship_by=sale.ship_by,
    )  # fmt: skip


def arrivals(day: Day) -> list[IncomingOrder]:
    """Return the day's deliveries in order: some orders arrive a second time at the end."""
    first = [incoming(sale) for sale in day.sales]
    return first + [order for order in first if order.number in day.redelivered]


def counts(store: Store) -> dict[str, int]:
    """Return reserved and short lines, and units promised beyond what was there."""
    with store.read() as db:
        by_claim = dict(
            db.execute(
                select(order_lines.c.claim, func.count()).group_by(order_lines.c.claim)
            ).all()
        )
        over = db.execute(
            select(func.count())
            .select_from(network_stock)
            .where(network_stock.c.reserved > network_stock.c.free)
        ).scalar_one()
    return {
        "reserved_lines": by_claim.get("reserved", 0),
        "short_lines": by_claim.get("short", 0),
        "oversold": over,
    }


def has_orders(store: Store) -> bool:
    """Return whether the store is in use."""
    with store.read() as db:
        return db.execute(select(orders.c.id).limit(1)).first() is not None


def _replace_locations(db: Connection, day: Day, now: datetime) -> None:
    db.execute(locations.update().values(ships=False))
    ids = Identity(db, locations)
    db.execute(
        locations.insert(),
        [
            {"id": ids.take(locations), "code": p.code, "name": p.name, "postcode": p.postcode,
             "state": p.state, "handling_cost": p.handling, "created_at": now}
            for p in day.places
        ],
    )  # fmt: skip


def _pages(incoming_: Sequence[IncomingOrder], batch: int) -> list[list[IncomingOrder]]:
    """Return the orders as the channels' inboxes fill: a page is one account's next orders."""
    pages: list[list[IncomingOrder]] = []
    filling: dict[str, list[IncomingOrder]] = {}
    for order in incoming_:
        page = filling.setdefault(order.channel, [])
        page.append(order)
        if len(page) == batch:
            pages.append(filling.pop(order.channel))
    return [*pages, *filling.values()]


def _timed(
    store: Store,
    parts: Sequence[Sequence[T]],
    work: Callable[[Connection, Sequence[T]], None],
) -> Step:
    taken: list[float] = []
    start, cpu = time.perf_counter(), time.process_time()
    for part in parts:
        begun = time.perf_counter()
        with store.write() as db:
            work(db, part)
        taken.append(time.perf_counter() - begun)
    orders_done = sum(map(len, parts))
    return Step(orders_done, time.perf_counter() - start, time.process_time() - cpu, taken)
