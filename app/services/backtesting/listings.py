"""What did each listing show at any moment, had a sheet decided on it? Told by the code that tells live.

A number reaches its channel after the time that was measured there; from then on the channel counts its
own sales down until the next one comes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from app.domain.promising.calendar import next_turn
from app.domain.promising.goods import Kit, Pace, Stock
from app.domain.promising.waterfall import promises, sellable_units
from app.models.promising.sheet import Market
from app.services.backtesting.shelves import Shelves

Pair = tuple[int, int]  # account, SKU
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Listing:
    """One listing: the numbers that reached it, what it sold since, and what was kept off it."""

    told: list[tuple[datetime, int | None]] = field(default_factory=list)
    sold: list[tuple[datetime, int]] = field(default_factory=list)
    held_back: float = 0.0  # units × seconds
    is_sold: bool = False  # and the desk knows of it
    _held: int = 0
    _since: datetime | None = None

    def tell(self, at: datetime, there: datetime, units: int | None, base: int) -> None:
        """Note what it is told at a moment, of ``base`` units; it is there a little later."""
        self.close(at)
        self._held = max(0, base - units) if units is not None else 0
        if not self.told or self.told[-1][1] != units or self.is_sold:
            self.told.append((there, units))
            self.is_sold = False

    def close(self, at: datetime) -> None:
        """Count what was held back until a moment."""
        if self._since is not None:
            self.held_back += self._held * (at - self._since).total_seconds()
        self._since = at

    def shown(self, at: datetime) -> int | None:
        """Return what a buyer saw at a moment."""
        there, units = next(each for each in reversed(self.told) if each[0] <= at)
        if units is None:
            return None
        return units - sum(sold for when, sold in reversed(self.sold) if there < when)

    def blank_days(self, until: datetime) -> set[datetime]:
        """Return the days on which it was told 0."""
        found: set[datetime] = set()
        ends = [*(at for at, _units in self.told[1:]), until]
        for (at, units), end in zip(self.told, ends, strict=True):
            if units is not None and units <= 0:
                found.update(days_of(at, min(end, until)))
        return found


class Listings:
    """All listings under one sheet, kept up to date as live: after each change, and as the day turns."""

    def __init__(
        self, market: Market, shelves: Shelves, pairs: Collection[Pair], since: datetime,
        paces: Mapping[datetime, Mapping[int, Pace]],
    ) -> None:  # fmt: skip
        self._market, self._shelves, self._paces = market, shelves, paces
        self.by_pair = {pair: Listing() for pair in pairs}
        self._accounts: dict[int, set[int]] = defaultdict(set)
        for account, sku in pairs:
            self._accounts[sku].add(account)
        self._turn: datetime | None = None
        self._publish(since, self._accounts)
        for each in self.by_pair.values():
            each.told = [(since, units) for _there, units in each.told]
        self._turn = self._next_turn(since)

    def shown(self, pair: Pair, at: datetime) -> int | None:
        """Return what a buyer saw of a listing at a moment; nothing where the desk does not decide it."""
        return self.by_pair[pair].shown(at)

    def sell(self, pair: Pair, at: datetime, units: int) -> None:
        """Let a channel count a sale of its own down."""
        self.by_pair[pair].sold.append((at, units))

    def known(self, pair: Pair) -> None:
        """Note that the desk knows of a sale: the channel has counted it down, and is told anew."""
        self.by_pair[pair].is_sold = True

    def publish(self, at: datetime) -> None:
        """Tell anew what has changed since the last time."""
        changed = self._shelves.changed
        if changed:
            kits = self._shelves.kits
            around = {kit for sku in changed for kit in kits.get(sku, ())}
            self._publish(at, (changed | around) & self._accounts.keys())
            changed.clear()

    def let_pass(self, to: datetime) -> None:
        """Let days begin, and entries of the calendar begin and end."""
        while self._turn is not None and self._turn <= to:
            turn, self._turn = self._turn, self._next_turn(self._turn)
            self._publish(turn, self._accounts)

    def _publish(self, at: datetime, skus: Collection[int]) -> None:
        there = replace(self._market, now=at) if self._market.sheet.calendar else self._market
        paces = self._paces.get(midnight(at), {})
        for sku in skus:
            goods = self._shelves.stock(sku, paces)
            self._tell(at, sku, goods, there)

    def _tell(self, at: datetime, sku: int, goods: Stock | Kit, there: Market) -> None:
        base, accounts = sellable_units(goods), self._accounts[sku]
        for promise in promises(goods, there.outlets(goods.sku), today=at.date()):
            if promise.outlet.id in accounts:
                arrives = at + timedelta(seconds=promise.outlet.lag_seconds)
                self.by_pair[promise.outlet.id, sku].tell(at, arrives, promise.units, base)

    def _next_turn(self, after: datetime) -> datetime | None:
        turns = [next_turn(self._market.sheet.calendar, after)]
        if self._market.needs_pace:
            turns.append(midnight(after) + _DAY)
        return min((each for each in turns if each is not None), default=None)


def midnight(at: datetime) -> datetime:
    """Return when a moment's day began."""
    return datetime.combine(at.astimezone(UTC).date(), time(), UTC)


def days_of(start: datetime, end: datetime) -> Iterator[datetime]:
    """Return every day of which a span has a part."""
    day = midnight(start)
    while day < end:
        yield day
        day += _DAY
