"""The demo's 90 days, one workday after the other, up to now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import TypeVar

from sqlalchemy import Connection, Table, func, select

from app.domain.delivery import is_working_day
from app.domain.orders import HoldCode, IncomingOrder, MapperHold
from app.errors import RefusedError
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.fulfilment import shipments
from app.models.inventory import locations
from app.models.orders import channel_accounts, orders
from app.services import holding, intake
from app.services.demo import house_rules, paydays, stockroom
from app.services.demo import premises as premises_
from app.services.demo.afterwards import after_days
from app.services.demo.brand import Brand, load
from app.services.demo.mishaps import count_some, mishap
from app.services.demo.premises import Premises
from app.services.demo.queue import Story, damaged_download, stories
from app.services.demo.selling import CHANNELS, HOME, Customers, codes, moments_of_sale
from app.services.demo.working import Workday
from app.services.desk import Desk
from app.services.first_run import demo_marks
from app.services.mismatching.running import report_now
from app.services.promising import planning, publishing

Told = TypeVar("Told")
DAYS = 90
FEWEST = 70
_MORNING, _AFTERNOON = time(9, 40), time(15, 20)
_LOW_FOR = timedelta(days=24)

Progress = Callable[[int, int], None]


def _quietly(_done: int, _total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class _Plan:
    """What will happen: orders of the past by time, the open queue, and its stories."""

    start: datetime
    worked: datetime
    past: tuple[IncomingOrder, ...]
    queue: tuple[IncomingOrder, ...]
    stories: tuple[Story, ...]

    @property
    def orders(self) -> int:
        """All orders."""
        return len(self.past) + len(self.queue) + len(self.stories)


def fill(
    desk: Desk, *, orders: int = 400, seed: int = 7, progress: Progress = _quietly
) -> dict[str, int]:
    """Fill an empty store with ``orders`` orders, and return what it holds then.

    The same seed tells the same story, ending now. Raises ``RefusedError`` if there is anything in
    the store already, or for fewer orders than there are stories to tell.
    """
    now = desk.now().astimezone(UTC)
    desk.read(_must_be_empty)
    if orders < FEWEST:
        raise RefusedError(
            f"The demo needs at least {FEWEST} orders to show every situation; nothing was filled.",
            f"Ask for {FEWEST} or more.",
        )
    rng, brand = Random(seed), load()
    plan = _planned(rng, brand, orders, now)
    desk.write(lambda db: demo_marks.begin(db, premises_.BRAND))
    premises = _kept(desk, lambda db: _open(db, desk, brand, plan))
    _Story(desk, rng, brand, premises, plan, now, progress).tell()
    report_now(desk)
    _suggest_anew(desk)
    desk.watch_cases()
    progress(plan.orders, plan.orders)
    return desk.read(_counts)


def _suggest_anew(desk: Desk) -> None:
    """Suggest every open order anew: what it was told while it came is not what is free now."""
    desk.catch_up()
    open_ones = select(orders.c.id).where(orders.c.status == "open").order_by(orders.c.id)
    keys = desk.read(lambda db: list(db.execute(open_ones).scalars()))
    for at in range(0, len(keys), intake.BATCH):
        desk.run("refresh_suggestions", order_ids=keys[at : at + intake.BATCH])


def _kept(desk: Desk, work: Callable[[Connection], Told]) -> Told:
    """Write a part of the demo, and remember in the same unit that it is the demo's."""

    def marked(db: Connection) -> Told:
        told = work(db)
        demo_marks.go_on(db)
        return told

    return desk.write(marked)


class _Story:
    """Tells the plan to the desk, a write unit for each day."""

    def __init__(
        self, desk: Desk, rng: Random, brand: Brand, premises: Premises, plan: _Plan,
        now: datetime, progress: Progress,
    ) -> None:  # fmt: skip
        self._desk, self._rng, self._brand, self._premises = desk, rng, brand, premises
        self._plan, self._now, self._progress = plan, now, progress
        self._told = self._packed = 0
        self._came = sorted(
            (*plan.past, *(s.order for s in plan.stories if s.order.placed_at < plan.worked)),
            key=lambda order: order.placed_at,
        )

    def tell(self) -> None:
        """Work through every day, then take in what waits today."""
        mornings = list(_mornings(self._plan.start, self._plan.worked))
        for left, morning in zip(range(len(mornings) - 1, -1, -1), mornings, strict=True):
            _kept(self._desk, partial(self._work, morning, left))
            if morning.astimezone(HOME).weekday() in (1, 4) or morning == self._plan.worked:
                self._tell_channels(morning + timedelta(hours=7))
        _kept(self._desk, self._listings)
        self._tell_quantities(self._plan.worked + timedelta(hours=7, minutes=20))
        for minutes, wrong in ((35, {}), (55, premises_.CHANGED_THERE)):
            look = partial(premises_.look_back, premises=self._premises, wrong=wrong,
                           now=self._plan.worked + timedelta(hours=7, minutes=minutes))  # fmt: skip
            _kept(self._desk, look)
        _kept(self._desk, self._today)
        self._publish(self._now - timedelta(minutes=24))
        _kept(self._desk, self._pack)
        self._publish(self._now - timedelta(minutes=3))
        _kept(self._desk, lambda db: paydays.pay(db, self._desk.actor, now=self._now))
        for seconds, wrong in ((170, {}), (100, premises_.CHANGED_THERE)):
            look = partial(premises_.look_back, premises=self._premises, wrong=wrong,
                           now=self._now - timedelta(seconds=seconds))  # fmt: skip
            _kept(self._desk, look)

    def _publish(self, at: datetime) -> None:
        """Tell every channel what the day has changed: nothing jumps when the window opens.

        The owner has looked at it: a quiet night and a full morning are no slip, so nobody is asked.
        """
        planned = replace(self._desk.read(planning.plan, now=at), trips={})
        write = partial(publishing.write, actor=self._desk.actor, planned=planned, now=at)
        publishing.in_parts(planned, lambda part: self._desk.write(partial(write, part=part)))
        self._tell_quantities(at)

    def _day(self, db: Connection) -> Workday:
        return Workday(db, self._desk.actor, self._rng, self._premises, self._now)

    def _work(self, morning: datetime, left: int, db: Connection) -> None:
        day = self._day(db)
        came = [order for order in self._came[self._told :] if order.placed_at < morning]
        self._told += len(came)
        day.take_in(came, morning)
        by_number = {story.order.number: story for story in self._plan.stories}
        for order in came:
            story = by_number.get(order.number)
            if story is not None and story.then is not None:
                story.then(day, order, morning + timedelta(minutes=3))
                day.kept_open.add(day.find(order.number))
        usual = [order for order in came if order.number not in by_number]
        day.cancel_some([o for o in usual if not o.holds], morning + timedelta(minutes=6))
        self._correct(day, usual, morning + timedelta(minutes=9))
        self._stock_work(day, morning)
        after_days(day, left, morning)
        day.kept_open |= self._forgotten(day)
        day.decide(morning + timedelta(minutes=20), overriding=0.035)
        afternoon = datetime.combine(morning.astimezone(HOME).date(), _AFTERNOON, HOME)
        leaving_out = 0.0 if morning == self._plan.worked else 0.03
        day.ship(afternoon.astimezone(UTC), leaving_out=leaving_out)
        self._progress(self._told, self._plan.orders)

    def _forgotten(self, day: Workday) -> set[int]:
        """Return the stories that stay open although nothing is wrong with them."""
        numbers = {s.order.number for s in self._plan.stories}
        return {row.id for row in day.ready() if row.number in numbers}

    def _correct(self, day: Workday, came: Sequence[IncomingOrder], now: datetime) -> None:
        """Settle the addresses that were held: the customer has answered."""
        for order in came:
            if order.holds:
                holding.correct_address(
                    day.db, day.actor, order_id=day.find(order.number),
                    changes={"ship_line2": "Unit 2"}, reason="The customer answered.", now=now,
                )  # fmt: skip

    def _stock_work(self, day: Workday, morning: datetime) -> None:
        """Receive deliveries on Tuesdays, and now and then break, find, count or move something."""
        local = morning.astimezone(HOME)
        at = morning + timedelta(minutes=12)
        if local.weekday() == 1:
            premises_.replenish(
                day.db, day.actor, self._premises,
                all_of_it=self._now - morning > _LOW_FOR,
                source=f"Delivery {local:%Y-%m-%d}", now=at,
            )  # fmt: skip
        if local.weekday() == 3:
            mishap(day, local.isocalendar().week, at)
        if local.weekday() == 2:
            count_some(day, local.isocalendar().week, at)

    def _tell_channels(self, at: datetime) -> None:
        """Write the files that the channels took back, as far as the desk can write files."""
        if (exporter := self._desk.exporter) is not None:
            for waiting in exporter.waiting(now=at):
                exporter.export(waiting.account_id, waiting.kind, now=at)

    def _tell_quantities(self, at: datetime) -> None:
        if (exporter := self._desk.exporter) is not None:
            for account in self._premises.accounts.values():
                exporter.export(account, "quantity", now=at)

    def _listings(self, db: Connection) -> None:
        """Keep what the channels showed last; two numbers are wrong there."""
        wrong = {"MUG-TID-010": 3, "TEA-BRK-100": -2}
        at = self._plan.worked + timedelta(hours=7, minutes=10)
        premises_.show_listings(db, self._brand, self._premises, wrong, now=at)

    def _today(self, db: Connection) -> None:
        """Take in what waits now, act on the stories, and begin the day's work."""
        day, now, plan = self._day(db), self._now, self._plan
        fresh = [story for story in plan.stories if story.order.placed_at >= plan.worked]
        came = sorted((*plan.queue, *(s.order for s in fresh)), key=lambda o: o.placed_at)
        day.take_in(came, now - timedelta(minutes=50))
        for minute, story in enumerate(fresh):
            if story.then is not None:
                story.then(day, story.order, now - timedelta(minutes=49 - minute))
        day.kept_open |= self._forgotten(day)
        damaged_download(day, now - timedelta(minutes=29))
        self._begin(day, now)

    def _pack(self, db: Connection) -> None:
        """Hand a few boxes over, see to the stockroom, and let every parcel travel until now."""
        day, now = self._day(db), self._now
        day.ship(now - timedelta(minutes=8), leaving_out=0.5, at_most=self._packed,
                 packed_in=timedelta(minutes=9))  # fmt: skip
        stockroom.todays_stockroom(db, self._desk.actor, now - timedelta(minutes=5))
        day.let_travel()

    def _begin(self, day: Workday, now: datetime) -> None:
        """Decide a quarter of the queue, two orders elsewhere; a few boxes are gone soon."""
        ready = [row.id for row in day.ready()][: max(4, len(self._plan.queue) // 4)]
        day.kept_open |= {row.id for row in day.ready()} - set(ready)
        overridden = 0
        for key in ready:
            if overridden < 2:
                overridden += day.override(key, now - timedelta(minutes=28))
        day.decide(now - timedelta(minutes=25), overriding=0.0)
        self._packed = max(3, len(ready) // 3)


def _planned(rng: Random, brand: Brand, count: int, now: datetime) -> _Plan:
    start = now - timedelta(days=DAYS)
    worked = _last_worked(now)
    customers = Customers(rng, brand, codes(brand))
    waiting = min(count // 3, max(30, round(count * 0.16)), 320)
    # In this order, because shops number their orders as they come.
    past = [
        _with_trouble(rng, _drawn(rng, customers, at))
        for at in moments_of_sale(rng, count - waiting, start, worked)
    ]
    told = stories(customers, worked, now, count)
    until = now - timedelta(minutes=70)
    queue = [
        _drawn(rng, customers, at)
        for at in moments_of_sale(rng, waiting - len(told), worked, until)
    ]
    return _Plan(start, worked, tuple(past), tuple(queue), tuple(told))


def _drawn(rng: Random, customers: Customers, at: datetime) -> IncomingOrder:
    channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    return customers.order(channel, at)


def _with_trouble(rng: Random, order: IncomingOrder) -> IncomingOrder:
    """Hold one order in eighty for its address; it is settled the same morning."""
    if rng.random() > 0.0125:
        return order
    reason = "The address has no unit number, and the building has many. Ask the customer."
    return replace(order, holds=(MapperHold(HoldCode.ADDRESS_ZIP, reason),))


def _open(db: Connection, desk: Desk, brand: Brand, plan: _Plan) -> Premises:
    premises = premises_.move_in(db, desk.actor, brand, now=plan.start)
    stockroom.teach_packs(db, desk.actor, premises, now=plan.start)
    every = (*plan.past, *plan.queue)
    premises_.stock_up(
        db, desk.actor, brand, premises, every, DAYS / 7, now=plan.start + timedelta(minutes=30)
    )
    house_rules.put_in_force(db, desk.actor, now=plan.start + timedelta(minutes=40))
    return premises


def _mornings(start: datetime, until: datetime) -> Iterator[datetime]:
    day = start.astimezone(HOME).date() + timedelta(days=1)
    while (morning := _morning(day)) <= until:
        if is_working_day(day):
            yield morning
        day += timedelta(days=1)


def _last_worked(now: datetime) -> datetime:
    """Return the last morning whose afternoon is over by two hours."""
    day = now.astimezone(HOME).date()
    while not (is_working_day(day) and _morning(day) + timedelta(hours=8) <= now):
        day -= timedelta(days=1)
    return _morning(day)


def _morning(day: date) -> datetime:
    return datetime.combine(day, _MORNING, HOME).astimezone(UTC)


def _must_be_empty(db: Connection) -> None:
    for table in (orders, skus):
        if db.execute(select(table.c.id).limit(1)).first() is not None:
            raise RefusedError(
                "This store is not empty, so the demo was not filled in.",
                "Open the demo in a store of its own; yours stays as it is.",
            )


def _counts(db: Connection) -> dict[str, int]:
    def rows(table: Table) -> int:
        return db.execute(select(func.count()).select_from(table)).scalar_one()

    open_ones = select(func.count()).where(orders.c.status == "open")
    open_cases = select(func.count()).where(exception_cases.c.state == "open")
    return {
        "skus": rows(skus),
        "locations": rows(locations),
        "accounts": rows(channel_accounts),
        "orders": rows(orders),
        "open": db.execute(open_ones).scalar_one(),
        "shipments": rows(shipments),
        "cases": db.execute(open_cases).scalar_one(),
    }
