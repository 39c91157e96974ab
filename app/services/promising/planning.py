"""Which numbers have become others since they were published last? Only what a change touches.

Movements have consecutive ids, so the newest id that was looked at says what is new; what changes a
number without a movement leaves a mark. The cost follows the change, not the catalogue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.domain.promising.breakers import Move, Thresholds, Trip, judge
from app.domain.promising.calendar import next_turn
from app.models.catalogue import listings, sku_aliases, skus
from app.models.house import named
from app.models.inventory import stock_movements
from app.models.kits import kits_with
from app.models.orders import channel_accounts, order_lines
from app.models.promising.sheet import Market, market
from app.models.published import published_quantities, stale_quantities
from app.models.sets import among
from app.services import availability

PROGRESS: Final = "publishing"
THRESHOLDS: Final = "breakers"
MOST_AT_ONCE: Final = 5_000
Pair = tuple[int, int]  # SKU, account


@dataclass(frozen=True, slots=True)
class Progress:
    """How far publishing has come: the newest movement, and the sheet and moment it counted with."""

    run: int = 0
    movement: int = 0
    policy: int = 0
    day: str = ""
    turn: str = ""
    at: str = ""

    def after(self, movement: int, there: Market) -> Progress:
        """Return the progress once everything up to a movement is published."""
        turn = next_turn(there.sheet.calendar, there.now)
        return Progress(
            self.run + 1, movement, there.sheet.version, _day(there.now),
            turn.isoformat() if turn else "", there.now.isoformat(),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """One number that has become another. ``after`` is ``None`` where nothing is told.

    ``before`` is what the account knows; ``replaces`` the row that it has not been sent yet, and
    ``waits`` says that a person is asked about that one already.
    """

    sku_id: int
    account_id: int
    before: int | None
    after: int | None
    source: str
    replaces: int | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What of a plan is written in one unit: with the first it is begun, with the last it is done."""

    numbers: tuple[Number, ...]
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be published: the numbers, where a breaker asks first, and how far that is."""

    numbers: tuple[Number, ...]
    touched: tuple[int, ...]
    begun: Progress
    ended: Progress
    version: int
    trips: Mapping[int, Trip] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write down."""
        return not self.touched and self.begun.movement == self.ended.movement

    @property
    def parts(self) -> Iterator[Part]:
        """Cut the numbers so that no write unit keeps others waiting; one part if there are none."""
        starts = range(0, max(1, len(self.numbers)), MOST_AT_ONCE)
        for start in starts:
            numbers = self.numbers[start : start + MOST_AT_ONCE]
            yield Part(numbers, start == starts[0], start == starts[-1])


def plan(db: Connection, *, now: datetime) -> Plan:
    """Work out every number that may have changed since the last time."""
    begun, there = progress(db), market(db, now=now)
    newest = int(db.execute(_NEWEST_MOVEMENT).scalar() or 0)
    sold = _sold(db, begun.movement)
    sources = _touched(db, begun, newest, sold, there)
    numbers = _numbers(db, sources, sold, there)
    return Plan(
        numbers, tuple(sources), begun, begun.after(newest, there), there.sheet.version,
        _trips(db, numbers),
    )  # fmt: skip


def is_current(db: Connection, *, now: datetime) -> bool:
    """Return whether nothing can have changed since the last time: two look-ups, no work."""
    begun = progress(db)
    newest = int(db.execute(_NEWEST_MOVEMENT).scalar() or 0)
    marked = db.execute(select(stale_quantities.c.sku_id).limit(1)).first()
    return newest == begun.movement and marked is None and not _turned(begun, market(db, now=now))


def progress(db: Connection) -> Progress:
    """Return how far publishing has come."""
    return Progress(**(named(db, PROGRESS).get(PROGRESS) or {}))


def thresholds(db: Connection) -> Thresholds:
    """Return when a breaker stops and asks, as the owner set it."""
    return Thresholds(**(named(db, THRESHOLDS).get(THRESHOLDS) or {}))


def newest_of(
    db: Connection, sku_ids: Collection[int], *, with_dropped: bool = False
) -> dict[Pair, Any]:
    """Return the newest row of each SKU and account; what was dropped only if it is asked for."""
    rows = db.execute(_NEWEST_OF_ALL if with_dropped else _NEWEST, {"skus": list(sku_ids)})
    return {(row.sku_id, row.account_id): row for row in rows}


_pub = published_quantities.c
_NEWEST_MOVEMENT = select(func.max(stock_movements.c.id))


def _newest(*which: Any) -> Any:
    latest = select(func.max(_pub.id).label("id")).where(among(_pub.sku_id, "skus"), *which)
    ids = latest.group_by(_pub.sku_id, _pub.account_id).subquery()
    rows = select(_pub.sku_id, _pub.account_id, _pub.id, _pub.before, _pub.after, _pub.state)
    return rows.join(ids, ids.c.id == _pub.id)


_NEWEST, _NEWEST_OF_ALL = _newest(_pub.state != "dropped"), _newest()
_UNSENT = frozenset(("queued", "held"))
_CODES = select(skus.c.id, skus.c.code).where(among(skus.c.id, "skus"))
_ALIASES = select(sku_aliases.c.sku_id, sku_aliases.c.account_id, sku_aliases.c.alias).where(
    among(sku_aliases.c.sku_id, "skus")
)
_LISTED = select(
    listings.c.id, listings.c.sku_id, listings.c.account_id, listings.c.sku_text,
    listings.c.listing_id, listings.c.quantity_shown,
)  # fmt: skip
_LISTED_AS = _LISTED.where(among(listings.c.sku_id, "skus"))
# With the account, so that the index over both answers it.
_SPELLED = _LISTED.where(
    among(listings.c.account_id, "accounts"), among(listings.c.sku_text, "texts")
)


def _touched(
    db: Connection, begun: Progress, newest: int, sold: Collection[Pair], there: Market
) -> dict[int, str]:
    """Return, by SKU, what may have changed its numbers.

    What was sold is among it even where another SKU moved, because that is sent instead: its account
    offers what was ordered.
    """
    turned = _turned(begun, there)
    if turned:
        return dict.fromkeys(db.execute(select(skus.c.id)).scalars(), turned)
    found: dict[int, str] = dict(
        db.execute(select(stale_quantities.c.sku_id, stale_quantities.c.why)).all()
    )
    if newest > begun.movement:
        found.update({sku_id: f"movement:{at}" for sku_id, at in _moved(db, begun.movement)})
    for kit in kits_with(db, found):
        found.setdefault(kit, f"movement:{newest}")
    for sku_id, _account in sold:
        found.setdefault(sku_id, f"movement:{newest}")
    return found


def _moved(db: Connection, after: int) -> list[tuple[int, int]]:
    """Return the newest movement of each SKU; the newest come last, so they win."""
    move = stock_movements.c
    query = select(move.sku_id, move.id).where(move.id > after).order_by(move.id)
    return [(sku_id, at) for sku_id, at in db.execute(query)]


def _turned(begun: Progress, there: Market) -> str:
    """Say what changes every number at once: the sheet, its calendar, or a new day."""
    if begun.policy != there.sheet.version:  # so it is at the very first time, too
        return f"policy:{there.sheet.version}"
    if begun.turn and datetime.fromisoformat(begun.turn) <= there.now:
        return "calendar"
    return "day" if there.depends_on_the_day and begun.day != _day(there.now) else ""


def _numbers(
    db: Connection, sources: Mapping[int, str], sold: Collection[Pair], there: Market
) -> tuple[Number, ...]:
    before = newest_of(db, sources)
    shown = _destinations(db, sources, sold)
    pairs = before.keys() | shown.keys()
    told = availability.told(db, sources, there)
    found = []
    for sku, account in sorted(pairs):
        after, row = told.get(account, {}).get(sku), before.get((sku, account))
        if row is None:
            found.append(Number(sku, account, shown[sku, account], after, sources[sku]))
        elif row.after != after:
            found.append(_next(row, after, sources[sku]))
    return tuple(found)


def _next(row: Any, after: int | None, source: str) -> Number:
    """Return what comes after a row; one that was not sent yet is replaced: the newest wins."""
    if row.state in _UNSENT:
        return Number(row.sku_id, row.account_id, row.before, after, source, row.id,
                      row.state == "held")  # fmt: skip
    return Number(row.sku_id, row.account_id, row.after, after, source)


def _destinations(
    db: Connection, sku_ids: Collection[int], sold: Collection[Pair]
) -> dict[Pair, int | None]:
    """Return which accounts offer these SKUs, with the number that each showed last, if known.

    An account offers what it lists, what it was taught a code for, and what it has sold.
    """
    wanted = list(sku_ids)
    found: dict[Pair, int | None] = dict.fromkeys(sold)
    names = {code: sku_id for sku_id, code in db.execute(_CODES, {"skus": wanted})}
    texts: dict[tuple[int, str], int] = {}
    for sku_id, account_id, alias in db.execute(_ALIASES, {"skus": wanted}):
        texts[account_id, alias] = sku_id
        found.setdefault((sku_id, account_id), None)
    spelled = {*names, *(text for _account, text in texts)}
    accounts_ = list(db.execute(select(channel_accounts.c.id)).scalars())
    by_text = {"accounts": accounts_, "texts": list(spelled)}
    rows = [*db.execute(_LISTED_AS, {"skus": wanted}), *db.execute(_SPELLED, by_text)]
    shown: dict[tuple[int, int, str], int | None] = {}
    for row in {row.id: row for row in rows}.values():
        sku = texts.get((row.account_id, row.sku_text)) or names.get(row.sku_text) or row.sku_id
        if sku in sku_ids:
            key = (sku, row.account_id, row.listing_id)
            shown[key] = _sum(shown.get(key), row.quantity_shown)
    for (sku, account, _listing), units in shown.items():
        found[sku, account] = (
            max(found.get((sku, account)) or 0, units) if units is not None else None
        )
    return found


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other


def _sold(db: Connection, after: int) -> set[Pair]:
    """Return what has been sold where in the movements that nobody has looked at yet."""
    move = stock_movements.c
    query = (
        select(order_lines.c.sku_id, move.account_id)
        .join(order_lines, order_lines.c.id == move.order_line_id)
        .where(move.id > after, move.account_id.is_not(None), order_lines.c.sku_id.is_not(None))
        .distinct()
    )
    return {(sku_id, account_id) for sku_id, account_id in db.execute(query)}


def _trips(db: Connection, numbers: Collection[Number]) -> dict[int, Trip]:
    """Return the accounts where so much would change at once that somebody is asked first."""
    limits = thresholds(db)
    by_account: dict[int, list[Move]] = {}
    for each in numbers:
        move = Move(each.sku_id, each.before, each.after)
        by_account.setdefault(each.account_id, []).append(move)
    fewest = min(limits.zeros + 1, limits.least)
    return {
        account: trip
        for account, moves in by_account.items()
        if len(moves) >= fewest
        for trip in (judge(moves, _known(db, account), _of_first(db, account, limits)),)
        if trip is not None
    }


def _of_first(db: Connection, account_id: int, limits: Thresholds) -> Thresholds:
    """Return when telling an account stops and asks: the first time, much of it is new of course.

    What would go to zero is asked about even then: it may be a shop full of goods not counted here.
    """
    was_told = select(_pub.id).where(_pub.account_id == account_id, _pub.sent_at.is_not(None))
    is_first = db.execute(was_told.limit(1)).first() is None
    return replace(limits, share_percent=100) if is_first else limits


def _known(db: Connection, account_id: int) -> int:
    query = select(func.count(func.distinct(_pub.sku_id))).where(_pub.account_id == account_id)
    listed = select(func.count()).where(listings.c.account_id == account_id)
    return max(int(db.execute(query).scalar() or 0), int(db.execute(listed).scalar() or 0))


def _day(now: datetime) -> str:
    day: date = now.date()
    return day.isoformat()
