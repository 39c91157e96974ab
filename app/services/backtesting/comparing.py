"""Two replays of one period side by side: what would have been otherwise, by order, by channel, by SKU?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, select

from app.domain.promising.hindsight import Fate, Sale, Toll, Tried, knee, toll
from app.models.published import observed_quantities
from app.services.backtesting.listings import Pair, days_of
from app.services.backtesting.replaying import Period, Run

Blank = Mapping[Pair, Collection[datetime]]


@dataclass(frozen=True, slots=True)
class ChangedSale:
    """A line of which something else would have become; ``worth`` is minor units."""

    order_id: int
    number: str
    account: str
    sku: str
    units: int
    worth: int
    asked_at: datetime
    before: Fate
    after: Fate
    shown_before: int | None
    shown_after: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """What of it fell on one channel, or on one SKU; money is minor units."""

    name: str
    avoided_units: int
    avoided: int
    unsold_units: int
    unsold: int
    blank_days: int


@dataclass(frozen=True, slots=True)
class NotAlike:
    """A line of which the replay under the sheet in force says something else than what happened."""

    number: str
    sku: str
    replayed: Fate
    happened: Fate
    why: str


@dataclass(frozen=True, slots=True)
class BufferTest:
    """What a draft of the sheet would have changed.

    ``blank`` are days of a listing that showed 0 under the sheet in force, or was seen to, of all
    ``listing_days``: what would have been sold on them nobody knows.
    """

    since: datetime
    until: datetime
    orders: int
    lines: int
    currency: str
    active: Toll
    draft: Toll
    changed: tuple[ChangedSale, ...]
    by_channel: tuple[Share, ...]
    by_sku: tuple[Share, ...]
    blank: int
    listing_days: int
    alike: int
    unlike: tuple[NotAlike, ...]

    @property
    def saved(self) -> int:
        """What the draft would have spared, minor units; below zero where it costs more."""
        return self.active.harm - self.draft.harm

    @property
    def avoided(self) -> tuple[ChangedSale, ...]:
        """The lines that were oversold, and would not have been."""
        return tuple(each for each in self.changed if each.before is Fate.OVERSOLD)

    @property
    def lost(self) -> tuple[ChangedSale, ...]:
        """The lines that were sold and sent, and would not have been sold."""
        return tuple(
            each
            for each in self.changed
            if each.after is Fate.NOT_SOLD and each.before is Fate.FILLED
        )


@dataclass(frozen=True, slots=True)
class Sweep:
    """One answer of the sheet tried with several values; ``best`` is the knee."""

    name: str
    channel: str
    currency: str
    now: Toll
    tried: tuple[Tried, ...]

    @property
    def best(self) -> Tried:
        """The value with the least harm."""
        return knee(self.tried)


def toll_of(past: Period, run: Run, before: Run) -> Toll:
    """Return what all sales cost in a replay, beside that of the sheet in force."""
    span = (past.now - past.since).total_seconds() * len(past.pairs)
    held = sum(each.held_back for each in run.listings.by_pair.values())
    mean = round(held / span, 2) if span else 0.0
    blank = sum(map(len, _told_nothing(past, run).values()))
    return toll(past.sales, run.fates, before.fates, past.a_case, mean, blank)


def compared(db: Connection, past: Period, before: Run, after: Run) -> BufferTest:
    """Return what is otherwise in one replay than in another."""
    changed = tuple(
        _changed(past, each, before, after)
        for each in past.sales
        if before.fates[each.line_id] is not after.fates[each.line_id]
    )
    blank = _seen_at_nothing(db, past, _told_nothing(past, before))
    days = len(list(days_of(past.since, past.now))) * len(past.pairs)
    unlike = tuple(_unlike(past, before))
    return BufferTest(
        past.since, past.now, len({each.order_id for each in past.sales}), len(past.sales),
        past.currency, toll_of(past, before, before), toll_of(past, after, before), changed,
        _shares(changed, blank, lambda pair: past.name(pair[0]), lambda each: each.account),
        _shares(changed, blank, lambda pair: past.goods.codes[pair[1]], lambda each: each.sku),
        sum(map(len, blank.values())), days, len(past.sales) - len(unlike), unlike,
    )  # fmt: skip


def _told_nothing(past: Period, run: Run) -> dict[Pair, set[datetime]]:
    found = {pair: each.blank_days(past.now) for pair, each in run.listings.by_pair.items()}
    return {pair: days for pair, days in found.items() if days}


def _seen_at_nothing(
    db: Connection, past: Period, found: dict[Pair, set[datetime]]
) -> dict[Pair, set[datetime]]:
    """Add the days on which a channel was seen to show 0, whatever it was told."""
    for row in db.execute(_SEEN_AT_NOTHING, {"since": past.since}):
        pair = (row.account_id, row.sku_id)
        if pair in past.pairs:
            start = max(row.first_seen_at, past.since)
            days = days_of(start, max(row.last_seen_at, start + timedelta(seconds=1)))
            found[pair] = found.get(pair, set()) | set(days)
    return found


def _changed(past: Period, sale: Sale, before: Run, after: Run) -> ChangedSale:
    line = sale.line_id
    return ChangedSale(
        sale.order_id, sale.number, past.name(sale.account_id), past.goods.codes[sale.sku_id],
        sale.units, sale.worth, sale.asked_at, before.fates[line], after.fates[line],
        before.shown[line], after.shown[line],
    )  # fmt: skip


def _shares(
    changed: Sequence[ChangedSale], blank: Blank, of_pair: Callable[[Pair], str],
    of_sale: Callable[[ChangedSale], str],
) -> tuple[Share, ...]:  # fmt: skip
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for each in changed:
        kind = "avoided" if each.before is Fate.OVERSOLD else "unsold"
        sums[of_sale(each)].update({f"{kind}_units": each.units, kind: each.worth})
    for pair, days in blank.items():
        sums[of_pair(pair)]["days"] += len(days)
    shares = [
        Share(name, it["avoided_units"], it["avoided"], it["unsold_units"], it["unsold"], it["days"])
        for name, it in sums.items()
    ]  # fmt: skip
    return tuple(sorted(shares, key=lambda each: (-each.avoided - each.unsold, each.name)))


def _unlike(past: Period, run: Run) -> list[NotAlike]:
    found = []
    for each in past.sales:
        replayed = run.fates[each.line_id]
        happened = Fate.OVERSOLD if each.was_oversold else Fate.FILLED
        if replayed is not happened:
            sku = past.goods.codes[each.sku_id]
            found.append(NotAlike(each.number, sku, replayed, happened, _WHY[happened]))
    return found


_WHY: Final = {
    Fate.FILLED: "stock was entered afterwards for a time before, or taken for it by hand",
    Fate.OVERSOLD: "what was there was kept from it then: another order held it, or the line was changed",
}  # fmt: skip
_seen = observed_quantities.c
_SEEN_AT_NOTHING = select(
    _seen.account_id, _seen.sku_id, _seen.first_seen_at, _seen.last_seen_at
).where(_seen.quantity <= 0, _seen.last_seen_at >= bindparam("since"))
