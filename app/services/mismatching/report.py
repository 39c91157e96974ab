"""What does not fit anywhere? Look at every number once, and name the cause of each that is wrong."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.mismatching.causes import CAUSES
from app.domain.mismatching.facts import (
    CodeFacts,
    Finding,
    Fix,
    Flaw,
    PairFacts,
    PlaceFacts,
)
from app.domain.mismatching.ladder import Clock, explain
from app.domain.mismatching.shelves import look_at, stray, unlinked
from app.domain.mismatching.stakes import Stake, oversold, worth
from app.domain.orders import OrderStatus
from app.domain.promising.waterfall import Promise, sellable_units
from app.models.inventory import stock_movements
from app.models.orders import channel_accounts, order_lines, orders
from app.models.promising.sheet import market
from app.models.sets import among
from app.services.mismatching import flawed, telling
from app.services.mismatching.replaying import Balance, Replay, replay
from app.services.mismatching.strays import strays
from app.services.mismatching.telling import Offered, Patience, Told

EVERYWHERE = "All locations"
_WAITS = (OrderStatus.OPEN.value, OrderStatus.ACCEPTED.value, OrderStatus.PARTLY_SHIPPED.value)


@dataclass(frozen=True, slots=True)
class Row:
    """A finding, with what it is about; ``subject`` names it from one run to the next."""

    subject: str
    kind: str
    code: str
    place: str
    finding: Finding
    sku_id: int | None = None
    account_id: int | None = None
    location_id: int | None = None
    money: int = 0
    currency: str = "USD"

    @property
    def is_error(self) -> bool:
        """Whether somebody has to do something about it."""
        return CAUSES[self.finding.reason].is_error


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found, and how many numbers were looked at."""

    rows: tuple[Row, ...]
    numbers: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What is loaded once, for everything."""

    now: datetime
    clock: Clock
    replay: Replay
    told: Told
    offered: Offered
    patience: Mapping[int, Patience]
    fetched: Mapping[int, datetime]
    unread: Sequence[Any]
    flaws: Mapping[int, Sequence[Flaw]]
    accounts: Mapping[int, str]


def look(db: Connection, *, now: datetime) -> Report:
    """Look at every SKU on every account and at every location; a few statements for all of it."""
    there, clock = market(db, now=now), said
    known = _Known(
        now, clock, replay(db, there), telling.told(db), telling.offered(db),
        telling.patience(db, there), telling.orders_fetched(db), telling.unread(db),
        flawed.flaws(db, now=now, clock=clock), _accounts(db),
    )  # fmt: skip
    pairs = telling_pairs(known)
    rows = [row for sku_id in sorted(pairs)
            for row in _of_sku(known, sku_id, pairs[sku_id], there.promises(known.replay.goods[sku_id]))]  # fmt: skip
    rows += _of_places(db, known)
    rows += _of_codes(db, known)
    rows += _of_orders(db, known)
    numbers = sum(map(len, pairs.values())) + len(known.replay.balances)
    return Report(tuple(_with_stakes(db, known, rows)), numbers)


def said(at: datetime) -> str:
    """Write a moment for everybody; the window and the command line say it as their reader does."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def telling_pairs(known: _Known) -> dict[int, set[int]]:
    """Return, by SKU, the accounts of which something is known.

    Where an account's listings are known, what it neither lists nor showed nor was told is not
    offered there.
    """
    listing = {account for _sku, account in known.offered.packs}
    known_there = {*known.told.told, *known.told.shown, *known.offered.packs}
    found: dict[int, set[int]] = {}
    for sku_id, account_id in known.told.pairs:
        is_offered = account_id not in listing or (sku_id, account_id) in known_there
        if sku_id in known.replay.goods and is_offered:
            found.setdefault(sku_id, set()).add(account_id)
    return found


def _accounts(db: Connection) -> dict[int, str]:
    return dict(db.execute(select(channel_accounts.c.id, channel_accounts.c.name)).all())


def _of_sku(
    known: _Known, sku_id: int, accounts: Collection[int], promises: Sequence[Promise]
) -> Iterator[Row]:
    left = sellable_units(known.replay.goods[sku_id])
    for promise in promises:
        if promise.outlet.id not in accounts:
            continue
        facts = _pair(known, sku_id, promise, left)
        if (found := explain(facts, known.clock)) is not None:
            account = promise.outlet.id
            fix = _completed(found, sku_id, account)
            yield Row(f"pair:{sku_id}:{account}", "pair", facts.sku, facts.channel, fix, sku_id,
                      account)  # fmt: skip


def _pair(known: _Known, sku_id: int, promise: Promise, left: int) -> PairFacts:
    account, told = promise.outlet.id, known.told
    pair = (sku_id, account)
    code = known.replay.skus[sku_id].code
    waits = known.patience[account]
    return PairFacts(
        code, known.accounts[account], known.now, left, promise.units,
        told.told.get(pair), told.waiting.get(pair), told.shown.get(pair),
        known.offered.packs.get(pair, 1), waits.lag, waits.allowance,
        told.refused.get(pair, ""), pair in told.kept, known.fetched.get(account),
        _unread(known, account, code), _policy(promise), tuple(known.flaws.get(sku_id, ())),
    )  # fmt: skip


def _unread(known: _Known, account: int, code: str) -> int:
    return sum(
        1 for row in known.unread
        if row.account_id == account and code in json.dumps(row.payload, ensure_ascii=False)
    )  # fmt: skip


def _policy(promise: Promise) -> str:
    """Say which steps of the sheet take units, as "buffer −2, at most 5 are shown −35"."""
    return ", ".join(
        f"{step.label} {step.change:+,}".replace("-", "−")
        for step in promise.steps
        if step.opens[0] == "policy" and step.change
    )


def _completed(found: Finding, sku_id: int, account_id: int) -> Finding:
    """Name the pair in a fix that tells a channel again."""
    if found.fix.operation != "tell_again":
        return found
    return replace(found, fix=Fix("tell_again", {"account_id": account_id, "sku_ids": [sku_id]}))


def _of_places(db: Connection, known: _Known) -> Iterator[Row]:
    about = {(sku, flaw.location_id) for sku, flaws in known.flaws.items() for flaw in flaws}
    wrong = [
        each for each in known.replay.balances
        if each.units != each.replayed or each.free < 0 or (each.sku_id, each.location_id) in about
    ]  # fmt: skip
    below = _last_moved(db, [each.sku_id for each in wrong if each.free < 0])
    for balance in wrong:
        facts = _place(known, balance, below.get((balance.sku_id, balance.location_id)))
        for found, flaw in _with_keys(facts, known.clock):
            where = balance.location_id or 0
            yield Row(f"place:{balance.sku_id}:{where}:{flaw}", "place", facts.sku, facts.place,
                      found, balance.sku_id, None, balance.location_id)  # fmt: skip


def _with_keys(facts: PlaceFacts, clock: Clock) -> Iterator[tuple[Finding, str]]:
    found = look_at(facts, clock)
    open_flaws = [flaw.key for flaw in facts.flaws if not flaw.is_settled]
    keys = open_flaws if len(open_flaws) == len(found) and facts.balance == facts.replayed else [""]
    yield from zip(found, keys, strict=False)


def _place(known: _Known, balance: Balance, below: datetime | None) -> PlaceFacts:
    mine = known.flaws.get(balance.sku_id, ())
    here = tuple(flaw for flaw in mine if flaw.location_id == balance.location_id)
    name = known.replay.places.get(balance.location_id or 0, EVERYWHERE)
    code = known.replay.skus[balance.sku_id].code
    return PlaceFacts(
        code, name, known.now, balance.units, balance.replayed, balance.free, below, here
    )


def _last_moved(db: Connection, sku_ids: Sequence[int]) -> dict[tuple[int, int | None], datetime]:
    move = stock_movements.c
    query = select(move.sku_id, move.location_id, move.occurred_at).where(
        among(move.sku_id, "skus"), move.location_id.is_not(None)
    )
    rows = db.execute(query.order_by(move.id), {"skus": list(sku_ids)}) if sku_ids else ()
    return {(sku, place): at for sku, place, at in rows}


def _of_codes(db: Connection, known: _Known) -> Iterator[Row]:
    """Listings that show units and mean nothing here, and codes that open orders wait for."""
    facts: dict[tuple[int, str, str], CodeFacts] = {}
    for row in known.offered.strange:
        if row.quantity_shown > 0:
            facts[row.account_id, row.sku_text, row.listing_id] = CodeFacts(
                row.sku_text or row.listing_id, known.accounts[row.account_id], row.quantity_shown,
                row.observed_at, row.account_id, row.listing_id,
            )  # fmt: skip
    for account, text, listing, ids, since in _waiting_codes(db):
        kept = facts.get((account, text, listing))
        facts[account, text, listing] = (
            replace(kept, order_ids=ids) if kept
            else CodeFacts(text or listing, known.accounts[account], 0, since, account, listing, ids)
        )  # fmt: skip
    for (account, text, listing), each in facts.items():
        yield Row(f"code:{account}:{text}:{listing}"[:250], "code", each.code, each.channel,
                  unlinked(each, known.clock), None, account)  # fmt: skip


def _waiting_codes(db: Connection) -> Iterator[tuple[int, str, str, tuple[int, ...], datetime]]:
    line = order_lines.c
    query = (
        select(
            orders.c.account_id, line.sku_text, line.listing_id, orders.c.id, orders.c.taken_in_at
        )
        .join(orders, orders.c.id == line.order_id)
        .where(line.claim == "unmapped", orders.c.status.in_(_WAITS))
        .order_by(orders.c.id)
    )
    found: dict[tuple[int, str, str], list[Any]] = {}
    for row in db.execute(query):
        if row.sku_text or row.listing_id:
            found.setdefault((row.account_id, row.sku_text, row.listing_id), []).append(row)
    for (account, text, listing), rows in found.items():
        yield account, text, listing, tuple(dict.fromkeys(r.id for r in rows)), rows[0].taken_in_at


def _of_orders(db: Connection, known: _Known) -> Iterator[Row]:
    for subject, account, facts in strays(db, known.unread, known.clock):
        yield Row(subject, "order", facts.number, facts.channel, stray(facts, known.clock), None,
                  account)  # fmt: skip


def _with_stakes(db: Connection, known: _Known, rows: Sequence[Row]) -> Iterator[Row]:
    """Add which open orders each concerns, and what is likely lost: no price for each channel."""
    wanted = sorted({row.sku_id for row in rows if row.sku_id is not None and row.is_error})
    concerned = _open_orders(db, wanted) if wanted else {}
    stakes = [_stake(known, row) for row in rows]
    left = {
        sku: sellable_units(known.replay.goods[sku]) for sku in wanted if sku in known.replay.goods
    }
    harmed = worth(stakes, _worth(db, {each for stake in stakes for each in stake.order_ids}))
    for row, units, lost in zip(rows, oversold(stakes, left), harmed, strict=True):
        mine = row.finding.order_ids
        if not mine and row.kind == "pair" and row.is_error:
            mine = concerned.get((row.sku_id or 0, row.account_id or 0), ())
        sku = known.replay.skus.get(row.sku_id or 0)
        price = known.offered.prices.get(row.sku_id or 0) or (sku.cost if sku else 0) or 0
        yield replace(row, finding=replace(row.finding, order_ids=mine), money=price * units + lost,
                      currency=sku.currency if sku else "USD")  # fmt: skip


def _stake(known: _Known, row: Row) -> Stake:
    """Return what a row risks: the units a channel shows, and the orders that it is about."""
    if not row.is_error:
        return Stake(0, 0)
    found = row.finding
    if row.kind != "pair":
        return Stake(0, 0, found.order_ids)
    packs = known.offered.packs.get((row.sku_id or 0, row.account_id or 0), 1)
    shown = found.delta + (found.expected or 0)
    return Stake(row.sku_id or 0, max(0, shown) * packs, found.order_ids)


def _open_orders(
    db: Connection, sku_ids: Sequence[int]
) -> Mapping[tuple[int, int], tuple[int, ...]]:
    line = order_lines.c
    query = (
        select(line.sku_id, orders.c.account_id, orders.c.id)
        .join(orders, orders.c.id == line.order_id)
        .where(among(line.sku_id, "skus"), orders.c.status.in_(_WAITS))
        .order_by(orders.c.id)
    )
    found: dict[tuple[int, int], dict[int, None]] = {}
    for sku_id, account_id, order_id in db.execute(query, {"skus": list(sku_ids)}):
        found.setdefault((sku_id, account_id), {})[order_id] = None
    return {pair: tuple(ids) for pair, ids in found.items()}


def _worth(db: Connection, order_ids: Collection[int]) -> dict[int, int]:
    query = select(orders.c.id, orders.c.total).where(
        among(orders.c.id, "orders"), orders.c.status.in_(_WAITS)
    )
    rows = db.execute(query, {"orders": list(order_ids)}) if order_ids else ()
    return {key: total or 0 for key, total in rows}
