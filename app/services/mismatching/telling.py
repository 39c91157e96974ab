"""What was every account told, what waits, what did it show, and when were its orders fetched?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from app.domain.mismatching.facts import LastTold, Shown, Waiting
from app.domain.recognising import Code
from app.models.catalogue import listings
from app.models.exchange import import_files, inbox_messages, outbox_messages
from app.models.orders import channel_accounts, orders
from app.models.promising.sheet import Market
from app.models.published import observed_quantities, published_quantities
from app.models.sync import channel_connections, sync_states
from app.services.master import codes

Pair = tuple[int, int]  # SKU, account
# Who is told in files is told when somebody writes one: once a day is in time.
BY_FILE: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a number may wait at an account, and how long it needs until it shows."""

    allowance: timedelta
    lag: timedelta


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of every pair."""

    told: Mapping[Pair, LastTold]
    waiting: Mapping[Pair, Waiting]
    kept: frozenset[Pair]
    shown: Mapping[Pair, Shown]
    refused: Mapping[Pair, str]

    @property
    def pairs(self) -> set[Pair]:
        """Every SKU and account of which something is known."""
        return {*self.told, *self.waiting, *self.shown, *self.refused}


@dataclass(slots=True)
class Offered:
    """What listings mean: units in a pack by pair, prices by SKU, and listings that mean nothing."""

    packs: dict[Pair, int] = field(default_factory=dict)
    prices: dict[int, int] = field(default_factory=dict)
    strange: list[Any] = field(default_factory=list)


def told(db: Connection) -> Told:
    """Return what accounts were told and showed, the newest of each."""
    sent = _by_pair(
        db, _newest(_pub, _SENT_COLUMNS, _pub.sent_at.is_not(None), _pub.after.is_not(None))
    )
    newest = _by_pair(db, _newest(_pub, _STATE_COLUMNS, _pub.state != "replaced"))
    shown = _by_pair(db, _newest(_obs, _SHOWN_COLUMNS))
    last = {pair: _told(row) for pair, row in sent.items()}
    return Told(
        last,
        {pair: _waiting(row) for pair, row in newest.items() if _waits(row)},
        frozenset(pair for pair, row in newest.items() if row.state == "dropped"),
        {pair: Shown(row.quantity, row.first_seen_at, row.last_seen_at) for pair, row in shown.items()},
        _refused(db, last),
    )  # fmt: skip


def patience(db: Connection, there: Market) -> dict[int, Patience]:
    """Return, by account, how long a number may take."""
    connected = set(db.execute(
        select(channel_connections.c.account_id).where(channel_connections.c.pushes_quantities)
    ).scalars())  # fmt: skip
    found = {}
    for outlet in there.everywhere:
        caught_up = timedelta(minutes=outlet.rules.catch_up_minutes)
        is_live = outlet.id in connected
        lag = max(caught_up, timedelta(seconds=outlet.lag_seconds)) if is_live else caught_up
        found[outlet.id] = Patience(caught_up if is_live else BY_FILE, lag)
    return found


def orders_fetched(db: Connection) -> dict[int, datetime]:
    """Return when each account's orders were last fetched, or came in with a file."""
    states = sync_states.c
    came = select(inbox_messages.c.account_id, func.max(inbox_messages.c.received_at)).group_by(
        inbox_messages.c.account_id
    )
    files = (
        select(channel_accounts.c.id, func.max(import_files.c.confirmed_at))
        .join(import_files, import_files.c.channel == channel_accounts.c.channel)
        .where(import_files.c.kind == "orders")
        .group_by(channel_accounts.c.id)
    )
    found: dict[int, datetime] = {}
    for query in (came, files, select(states.account_id, states.last_good_at)):
        for account_id, at in db.execute(query):
            if at is not None:
                found[account_id] = max(at, found.get(account_id, at))
    return found


def unread(db: Connection) -> list[Any]:
    """Return the orders that came and could not be read, and are not here by another way."""
    inbox = inbox_messages.c
    here = select(orders.c.id).where(
        orders.c.account_id == inbox.account_id, orders.c.external_id == inbox.external_id
    )
    query = (
        select(inbox.id, inbox.account_id, inbox.external_id, inbox.payload, inbox.received_at)
        .where(inbox.outcome == "unread", ~here.exists())
        .order_by(inbox.id)
    )
    return list(db.execute(query))


def offered(db: Connection) -> Offered:
    """Return what every listing means; a listing that the channel does not count is left out."""
    found = Offered()
    by_account: dict[int, list[Any]] = {}
    for row in db.execute(_LISTED):
        by_account.setdefault(row.account_id, []).append(row)
    for account_id, rows in by_account.items():
        _understand(db, account_id, rows, found)
    return found


def _understand(db: Connection, account_id: int, rows: Iterable[Any], found: Offered) -> None:
    listed = [(Code(row.sku_text, row.listing_id), row) for row in rows]
    known = codes.recognise(db, account_id, [code for code, _row in listed])
    for code, row in listed:
        meant = known.get(code)
        sku_id = meant.sku_id if meant else row.sku_id
        if sku_id is None:
            found.strange.append(row)
            continue
        pair, pack = (sku_id, account_id), meant.pack if meant else 1
        found.packs[pair] = min(found.packs.get(pair, pack), pack)
        if row.price:
            found.prices[sku_id] = max(found.prices.get(sku_id, 0), row.price // pack)


_pub, _obs, _out = published_quantities.c, observed_quantities.c, outbox_messages.c
_SENT_COLUMNS = (_pub.sku_id, _pub.account_id, _pub.after, _pub.sent_at, _pub.acknowledged_at,
                 _pub.observed)  # fmt: skip
_STATE_COLUMNS = (_pub.sku_id, _pub.account_id, _pub.before, _pub.after, _pub.state,
                  _pub.queued_at, _pub.computed_at)  # fmt: skip
_SHOWN_COLUMNS = (_obs.sku_id, _obs.account_id, _obs.quantity, _obs.first_seen_at,
                  _obs.last_seen_at)  # fmt: skip
_LISTED = select(
    listings.c.account_id, listings.c.sku_text, listings.c.listing_id, listings.c.sku_id,
    listings.c.quantity_shown, listings.c.price, listings.c.observed_at,
).where(listings.c.quantity_shown.is_not(None)).order_by(listings.c.id)  # fmt: skip
_REFUSED = (
    select(_out.idempotency_key, _out.problem, _out.created_at)
    .where(_out.kind == "quantity", _out.state.in_(("rejected", "dead")))
    .order_by(_out.id)
)


def _newest(table: Any, columns: Iterable[Any], *where: Any) -> Select[Any]:
    last = (
        select(func.max(table.id).label("id"))
        .where(*where)
        .group_by(table.sku_id, table.account_id)
        .subquery()
    )
    return select(*columns).join(last, last.c.id == table.id)


def _by_pair(db: Connection, query: Select[Any]) -> dict[Pair, Any]:
    return {(row.sku_id, row.account_id): row for row in db.execute(query)}


def _told(row: Any) -> LastTold:
    is_confirmed = row.acknowledged_at is not None or row.observed == row.after
    return LastTold(row.after, row.sent_at, is_confirmed)


def _waits(row: Any) -> bool:
    return row.state in ("queued", "held") and row.after is not None and row.before != row.after


def _waiting(row: Any) -> Waiting:
    return Waiting(row.after, row.queued_at or row.computed_at, row.state == "held")


def _refused(db: Connection, last: Mapping[Pair, LastTold]) -> dict[Pair, str]:
    """Return what channels said of the numbers that they did not take, as long as none came later."""
    found: dict[Pair, str] = {}
    for key, problem, at in db.execute(_REFUSED):
        account, sku = (int(part) for part in key.split(":")[1:3])
        told_at = last[sku, account].at if (sku, account) in last else None
        if told_at is None or at >= told_at:
            found[sku, account] = problem or "it gave no reason."
    return found
