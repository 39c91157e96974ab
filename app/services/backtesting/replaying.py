"""Every sale of a period once more, under one policy sheet: what its listing showed, and what became of it.

Every line that a buyer ordered is asked for again when it was asked for, of what its listing would have shown
then, and takes its units when it came in here. The sheet in force is replayed first: all of it was sold, so
each listing showed at least as much as was bought. Under a draft that shows fewer than it did, and too few,
a line would not have been sold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.domain.promising.goods import Pace
from app.domain.promising.hindsight import Fate, Sale
from app.models.catalogue import listings
from app.models.inventory import stock_movements
from app.models.promising.goods import paces_of
from app.models.promising.sheet import Market, Sheet, market
from app.services import policies
from app.services.backtesting.goods import Goods
from app.services.backtesting.listings import Listings, Pair, days_of
from app.services.backtesting.sales import sales_since
from app.services.backtesting.shelves import Shelves
from app.services.costs import policy as costs

Progress = Callable[[int, int], object]


def no_progress(_done: int, _all: int) -> object:
    """Tell nobody."""
    return None


@dataclass(slots=True)
class Run:
    """What became of each line, what its listing showed, and the listings."""

    fates: dict[int, Fate]
    shown: dict[int, int | None]
    listings: Listings


class Period:
    """What every replay of one period shares."""

    def __init__(self, db: Connection, since: datetime, now: datetime) -> None:
        first = db.execute(_FIRST_MOVED).scalar() or now
        self._db, self.since, self.now = db, max(since, min(first, now)), now
        self.market = market(db, now=now)
        known = policies.in_force(db)
        self.currency = known.rates.currency
        work = costs.in_force(db)
        self.a_case = work.work(work.case_minutes)
        self.sales = sales_since(db, self.since, self.currency)
        self.goods = Goods(db, self.since)
        self.pairs = self._all_pairs()
        self._paces: dict[datetime, dict[int, Pace]] = {}
        self._done, self._all = 0, 1
        self._progress: Progress = no_progress

    def expect(self, replays: int, progress: Progress) -> None:
        """Say how many replays there will be, and to whom how far they are."""
        self._all, self._progress = replays * max(1, len(self.sales)), progress

    def replay(self, sheet: Sheet, before: Run | None = None) -> Run:
        """Let all sales come in once more under a sheet; without ``before`` all of them are sold."""
        there = Market(sheet, self.market.accounts, self.now)
        if there.needs_pace and not self._paces:
            self._paces = self._read_paces()
        shelves = Shelves(self._db, self.goods, self.since, self.sales)
        shown = Listings(there, shelves, self.pairs, self.since, self._paces)
        return _Replay(self, shelves, shown, before).run()

    def name(self, account_id: int) -> str:
        """Return an account's name."""
        return next((each.name for each in self.market.accounts if each.id == account_id), "")

    def tick(self) -> None:
        """One sale more."""
        self._done += 1
        if self._done % 200 == 0:
            self._progress(self._done, self._all)

    def _all_pairs(self) -> set[Pair]:
        """Return the listings: those that are known, and those that sold."""
        known = {each.id for each in self.market.accounts}
        found = {(row.account_id, row.sku_id) for row in self._db.execute(_LISTED)}
        found |= {(each.account_id, each.sku_id) for each in self.sales}
        return {pair for pair in found if pair[0] in known}

    def _read_paces(self) -> dict[datetime, dict[int, Pace]]:
        wanted = {part for _a, sku in self.pairs for part in self.goods.ever_inside(sku)}
        return {day: paces_of(self._db, wanted, day) for day in days_of(self.since, self.now)}


class _Replay:
    """Lets the sales come in one after the other."""

    def __init__(self, past: Period, shelves: Shelves, shown: Listings, before: Run | None) -> None:
        self._past, self._shelves, self._listings, self._before = past, shelves, shown, before
        self._fates: dict[int, Fate] = {}
        self._shown: dict[int, int | None] = {}
        self._asking = iter(sorted(past.sales, key=lambda each: (each.asked_at, each.line_id)))
        self._next = next(self._asking, None)
        self._at = past.since

    def run(self) -> Run:
        """Return what became of each line."""
        for sale in sorted(self._past.sales, key=lambda each: (each.came_at, each.order_id)):
            self._move_on(sale.mark, sale.came_at)
            self._ask(sale.came_at)
            if self._fates[sale.line_id] is Fate.FILLED:
                self._come_in(sale)
            self._past.tick()
        self._move_on(None, self._past.now)
        for listing in self._listings.by_pair.values():
            listing.close(self._past.now)
        return Run(self._fates, self._shown, self._listings)

    def _come_in(self, sale: Sale) -> None:
        self._listings.known(self._pair(sale))
        if not self._shelves.take(sale):
            self._fates[sale.line_id] = Fate.OVERSOLD

    def _move_on(self, mark: int | None, to: datetime) -> None:
        """Let everything happen that was recorded before; channels are told what changed by then."""
        while (at := self._shelves.next_at) is not None and at <= to:
            self._turn(at)
            if not self._shelves.step(mark, to):
                break
        self._shelves.reclaim()
        self._turn(to)

    def _turn(self, at: datetime) -> None:
        if at > self._at:
            self._shelves.reclaim()
            self._listings.publish(self._at)
            self._listings.let_pass(at)
            self._at = at

    def _ask(self, until: datetime) -> None:
        """Let buyers ask who did until a moment, each of what the listing showed then."""
        while self._next is not None and self._next.asked_at <= until:
            sale, self._next = self._next, next(self._asking, None)
            pair = self._pair(sale)
            shown = self._listings.shown(pair, sale.asked_at)
            self._shown[sale.line_id] = shown
            is_sold = self._is_sold(sale, shown)
            self._fates[sale.line_id] = Fate.FILLED if is_sold else Fate.NOT_SOLD
            if is_sold and sale.is_bought:
                self._listings.sell(pair, sale.asked_at, sale.units)

    def _is_sold(self, sale: Sale, shown: int | None) -> bool:
        if self._before is None or not sale.is_bought or shown is None or shown >= sale.units:
            return True
        really = self._before.shown[sale.line_id]
        return really is not None and shown >= really

    def _pair(self, sale: Sale) -> Pair:
        return (sale.account_id, sale.sku_id)


_FIRST_MOVED = select(func.min(stock_movements.c.recorded_at))
_LISTED = select(listings.c.account_id, listings.c.sku_id).where(listings.c.sku_id.is_not(None))
