"""Which policy sheet counts, now or at any moment, and which accounts does it speak of?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.promising.calendar import Overlay, in_force, overlay_from
from app.domain.promising.goods import Kit, Outlet, Stock
from app.domain.promising.keeping import FEWEST, Settled
from app.domain.promising.policy import ChannelRules, Decider, Incoming, rules_from
from app.domain.promising.waterfall import Promise, promises
from app.models.damage import readable
from app.models.governance import policies
from app.models.house import named
from app.models.orders import channel_accounts

CHANNELS, CALENDAR = "channels", "calendar"
MEND: Final = "Restore an older version (orderdeck policy restore), or restore a backup."
LATENCY: Final = "push_latency"
SETTLED: Final = "settled_shares"
_MARKET: Final = ChannelRules(price_owner=Decider.CHANNEL, promise_owner=Decider.CHANNEL)
_OWN: Final = ChannelRules(price_owner=Decider.CHANNEL, buyer_messages=True, substitutions=True)
_TALKS: Final = replace(_MARKET, buyer_messages=True, single_confirmation=True)
# What a channel's row says until the owner says otherwise; fees are the channels' usual ones.
STARTING: Final[Mapping[str, ChannelRules]] = {
    "amazon": replace(_MARKET, fee_percent=15, shows_partial=False, may_split=False),
    "walmart": replace(
        _MARKET, fee_percent=15, shows_partial=False, catch_up_minutes=30, may_split=False
    ),
    "ebay": replace(_TALKS, fee_percent=13),
    "etsy": replace(_TALKS, fee_percent=10),
    "shopify": _OWN,
    "woocommerce": _OWN,
    "own": _OWN,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The policy sheet: each channel's row, and the calendar. ``version`` names exactly this one."""

    version: int
    rows: Mapping[str, ChannelRules]
    calendar: tuple[Overlay, ...] = ()

    def row(self, channel: str) -> ChannelRules:
        """Return a channel's row; a channel that is new here starts as an own store."""
        return self.rows.get(channel) or STARTING.get(channel, STARTING["own"])


@dataclass(frozen=True, slots=True)
class Account:
    """One account, the seconds that a number needs until it shows there, and what it keeps of a sale."""

    id: int
    channel: str
    name: str
    lag_seconds: int | None = None
    settled: Settled | None = None


@dataclass(frozen=True)
class Market:
    """Everywhere that the brand sells, with the sheet and the moment at which it is asked."""

    sheet: Sheet
    accounts: tuple[Account, ...]
    now: datetime

    def outlets(self, sku: str) -> tuple[Outlet, ...]:
        """Return the accounts as they may sell a SKU at that moment."""
        return self._made(sku) if self.sheet.calendar else self.everywhere

    def promises(self, goods: Stock | Kit) -> tuple[Promise, ...]:
        """Return what every account is told of these goods at that moment."""
        return promises(goods, self.outlets(goods.sku), today=self.now.date())

    @cached_property
    def everywhere(self) -> tuple[Outlet, ...]:
        """The accounts as they may sell anything that the calendar says nothing of."""
        return self._made("")

    def _made(self, sku: str) -> tuple[Outlet, ...]:
        return tuple(
            Outlet(each.id, each.channel, each.name, rules, _lag(each, rules), each.settled)
            for each in self.accounts
            for rules in (self._rules(each.channel, sku),)
        )

    def _rules(self, channel: str, sku: str) -> ChannelRules:
        return in_force(self.sheet.row(channel), self.sheet.calendar, channel, sku, self.now)

    @property
    def depends_on_the_day(self) -> bool:
        """Whether numbers change by themselves from one day to the next."""
        rows = [self.sheet.row(each.channel) for each in self.accounts]
        return self.needs_pace or any(row.incoming is Incoming.DUE for row in rows)

    @property
    def needs_pace(self) -> bool:
        """Whether anything here depends on how fast things sell."""
        rows = [self.sheet.row(each.channel) for each in self.accounts]
        return any(row.cover_days or row.buffer_lag or row.buffer_dynamic for row in rows) or any(
            overlay.changes.get("cover_days") for overlay in self.sheet.calendar
        )


def sheet(db: Connection, *, at: datetime | None = None, version: int | None = None) -> Sheet:
    """Return the sheet that counts now, that counted at a moment, or one version of it."""
    table = policies.c
    query = (
        select(table.kind, table.version, table.body)
        .where(table.kind.in_((CHANNELS, CALENDAR)))
        .order_by(table.version)
    )
    if at is not None:
        query = query.where(table.active_from <= at)
    if version is not None:
        query = query.where(table.version <= version)
    with readable("The policy sheet in force is", MEND):
        newest = {kind: (number, body) for kind, number, body in db.execute(query)}
        return Sheet(
            max((number for number, _body in newest.values()), default=0),
            rows_of(newest.get(CHANNELS, (0, {}))[1]),
            tuple(overlay_from(each) for each in newest.get(CALENDAR, (0, []))[1]),
        )


def rows_of(body: Mapping[str, Mapping[str, Any]]) -> dict[str, ChannelRules]:
    """Read the channels' rows from the stored policy."""
    return {code: rules_from(said, STARTING.get(code)) for code, said in body.items()}


def market(db: Connection, *, now: datetime, draft: Sheet | None = None) -> Market:
    """Return every account with the sheet in force at a moment, or with a draft of one."""
    return Market(draft or sheet(db, at=now), accounts(db), now)


def accounts(db: Connection) -> tuple[Account, ...]:
    """Return every account, its measured lag and what it keeps of a sale."""
    known = named(db, LATENCY, SETTLED)
    lags, shares = known.get(LATENCY) or {}, known.get(SETTLED) or {}
    table = channel_accounts.c
    query = select(table.id, table.channel, table.name).order_by(table.id)
    return tuple(
        Account(*row, lags.get(str(row.id)), Settled(*share) if share else None)
        for row in db.execute(query)
        for share in (shares.get(str(row.id)),)
    )


def settled_fees(db: Connection) -> dict[str, int]:
    """Return what channels keep of a sale as their settlements show it, in basis points.

    A channel with too few settled orders is left out; of several accounts that with most of them counts.
    """
    found: dict[str, Settled] = {}
    for each in accounts(db):
        share = each.settled
        if share is not None and share.orders >= FEWEST:
            found[each.channel] = max(
                found.get(each.channel, share), share, key=lambda one: one.orders
            )
    return {channel: share.percent * 100 for channel, share in found.items()}


def _lag(account: Account, rules: ChannelRules) -> int:
    """Return the measured lag; until one is measured, the deadline that the sheet sets."""
    if account.lag_seconds is not None:
        return account.lag_seconds
    return rules.catch_up_minutes * 60
