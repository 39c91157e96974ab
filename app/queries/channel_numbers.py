"""What is each account told of the SKUs in the grid, and what did it show last?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from app.models.catalogue import skus
from app.models.orders import channel_accounts
from app.models.published import observed_quantities, published_quantities
from app.models.sets import among

_pub, _obs = published_quantities.c, observed_quantities.c
_COUNTS = _pub.state != "dropped"
# What a breaker holds back is not told: until somebody says so, the number before it counts.
_TOLD = case((_pub.state == "held", _pub.before), else_=_pub.after)


@dataclass(frozen=True, slots=True)
class AccountName:
    """One account that has columns in the grid."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ChannelNumber:
    """What one account is told of a SKU, ``None`` if nothing, and what it showed when it was seen last."""

    account_id: int
    told: int | None = None
    state: str = ""
    since: datetime | None = None
    shown: int | None = None
    seen_at: datetime | None = None


def account_names(db: Connection) -> list[AccountName]:
    """Return every account, as it is called."""
    query = select(channel_accounts.c.id, channel_accounts.c.name).order_by(channel_accounts.c.id)
    return [AccountName(*row) for row in db.execute(query)]


def numbers_of(db: Connection, sku_ids: Collection[int]) -> dict[int, tuple[ChannelNumber, ...]]:
    """Return, by SKU, what each account is told and showed last."""
    wanted = {"skus": list(sku_ids)}
    told = {(row.sku_id, row.account_id): row for row in db.execute(_LAST_TOLD, wanted)}
    seen = {(row.sku_id, row.account_id): row for row in db.execute(_LAST_SEEN, wanted)}
    found: dict[int, tuple[ChannelNumber, ...]] = {}
    for sku, account in sorted(told.keys() | seen.keys()):
        number = _number(account, told.get((sku, account)), seen.get((sku, account)))
        found[sku] = (*found.get(sku, ()), number)
    return found


def sorting(name: str) -> ColumnElement[Any] | None:
    """Return how SQL sorts by ``told:3`` or ``shown:3``; nothing where it is no such name."""
    kind, _sign, account = name.partition(":")
    if kind not in ("told", "shown") or not account.isdecimal():
        return None
    value, table = (_TOLD, _pub) if kind == "told" else (_obs.quantity, _obs)
    newest = select(value).where(table.sku_id == skus.c.id, table.account_id == int(account))
    newest = newest.where(_COUNTS) if kind == "told" else newest
    last = newest.order_by(table.id.desc()).limit(1).correlate(skus).scalar_subquery()
    return func.coalesce(last, -1)


def _newest(table: Any, *which: Any) -> Any:
    latest = select(func.max(table.id)).where(among(table.sku_id, "skus"), *which)
    return latest.group_by(table.sku_id, table.account_id)


_LAST_TOLD = select(
    _pub.sku_id, _pub.account_id, _TOLD.label("told"), _pub.state, _pub.computed_at
).where(_pub.id.in_(_newest(_pub, _COUNTS)))
_LAST_SEEN = select(_obs.sku_id, _obs.account_id, _obs.quantity, _obs.last_seen_at).where(
    _obs.id.in_(_newest(_obs))
)


def _number(account: int, told: Any, seen: Any) -> ChannelNumber:
    return ChannelNumber(
        account, told.told if told else None, told.state if told else "",
        told.computed_at if told else None, seen.quantity if seen else None,
        seen.last_seen_at if seen else None,
    )  # fmt: skip
