"""Which channels, places and people are there, how is each channel worked, and what is still done by hand?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select

from app.domain.orders import OrderStatus
from app.domain.roles import Actor, Permission, Role
from app.domain.whereabouts import (
    IS_LATE,
    IS_UNNUMBERED,
    IS_UNTOLD,
    ChannelSpot,
    Gap,
    Mode,
    gaps,
)
from app.models.cases import exception_cases
from app.models.fulfilment import shipments
from app.models.governance import operators
from app.models.house import named
from app.models.inventory import locations, stock_levels
from app.models.orders import channel_accounts, orders, sales_channels
from app.models.promising.sheet import sheet
from app.models.published import published_quantities
from app.models.returns import is_a_sale
from app.models.sync import channel_connections
from app.queries.order_search import order_condition
from app.queries.shipment_search import shipment_condition

WINDOW: Final = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class PlaceSpot:
    """A location: what kind it is, whether orders ship from it, and how many SKUs lie there."""

    code: str
    name: str
    kind: str
    ships: bool
    skus: int


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The map of the desk. ``overriders`` are the people who may decide otherwise than suggested."""

    since: datetime
    channels: tuple[ChannelSpot, ...]
    places: tuple[PlaceSpot, ...]
    overriders: tuple[tuple[str, str], ...]
    folders: int
    gaps: tuple[Gap, ...]

    @property
    def by_hand(self) -> Mapping[str, Sequence[str]]:
        """What is still done by hand, and for which accounts."""
        steps: dict[str, list[str]] = {}
        for each in self.channels:
            for step in each.by_hand:
                steps.setdefault(step, []).append(each.name)
        return steps


def whereabouts(db: Connection, *, now: datetime) -> Whereabouts:
    """Return where the desk stands, from what is set and from what happened in the last four weeks."""
    since = now - WINDOW
    folders = len(named(db, "watched_folders").get("watched_folders") or ())
    spots = tuple(_channels(db, since, now, watches=folders > 0))
    places = tuple(PlaceSpot(*row) for row in db.execute(_PLACES))
    people = tuple(
        (row.name, row.role)
        for row in db.execute(_PEOPLE)
        if Actor(row.name, Role(row.role)).may(Permission.OVERRIDE)
    )
    return Whereabouts(since, spots, places, people, folders, tuple(gaps(spots)))


def _channels(
    db: Connection, since: datetime, now: datetime, *, watches: bool
) -> list[ChannelSpot]:
    there = {"since": since, "now": now}
    connected = dict(db.execute(_CONNECTED).all())
    told = dict(db.execute(_TOLD).all())
    oversold = _counts(db, _OVERSOLD, there)
    overdue = _counts(db, _ORDERS.where(order_condition(db, IS_LATE, now)))
    unnumbered, untold = (
        _counts(db, _PARCELS.where(shipment_condition(db, each, now)))
        for each in (IS_UNNUMBERED, IS_UNTOLD)
    )
    came: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(_CAME, there):
        came[row.account_id].append(row)
    rules = sheet(db)
    away = Mode.FOLDER if watches else Mode.BY_HAND
    return [
        ChannelSpot(
            row.id, row.channel, row.channel_name, row.name, Mode.NETWORK if row.id in connected else away,
            _every(connected.get(row.id), came[row.id]),
            max((each.taken_in_at for each in came[row.id]), default=None), told.get(row.id),
            _known_after(came[row.id]), len(came[row.id]),
            oversold[row.id], overdue[row.id],
            unnumbered[row.id], untold[row.id], rules.row(row.channel).has_buffer,
        )
        for row in db.execute(_ACCOUNTS)
    ]  # fmt: skip


def _counts(
    db: Connection, query: Select[Any], there: Mapping[str, datetime] | None = None
) -> Counter[int]:
    return Counter(dict(db.execute(query, there).all()))


def _every(pace: int | None, came: Sequence[Any]) -> timedelta | None:
    """Return the pace that was set, or the usual time between two intakes."""
    if pace is not None:
        return timedelta(seconds=pace)
    times = sorted({each.taken_in_at for each in came})
    waits = [(after - before).total_seconds() for before, after in pairwise(times)]
    return timedelta(seconds=round(median(waits))) if waits else None


def _known_after(came: Sequence[Any]) -> timedelta | None:
    waits = [(each.taken_in_at - each.placed_at).total_seconds() for each in came]
    return timedelta(seconds=max(0, round(median(waits)))) if waits else None


_order, _case, _pub = orders.c, exception_cases.c, published_quantities.c
_OURS = (~_order.fulfilled_by_channel, _order.status != OrderStatus.TAKEN_BACK.value, is_a_sale())
_RECENT = (*_OURS, _order.taken_in_at >= bindparam("since"))
_ACCOUNTS = (
    select(
        channel_accounts.c.id, channel_accounts.c.channel, channel_accounts.c.name,
        sales_channels.c.name.label("channel_name"),
    )
    .join(sales_channels, sales_channels.c.code == channel_accounts.c.channel)
    .order_by(channel_accounts.c.name)
)  # fmt: skip
_CONNECTED = select(channel_connections.c.account_id, channel_connections.c.pace)
_TOLD = (
    select(_pub.account_id, func.max(_pub.sent_at))
    .where(_pub.sent_at.is_not(None))
    .group_by(_pub.account_id)
)
_CAME = select(_order.account_id, _order.placed_at, _order.taken_in_at).where(*_RECENT)
_OVERSOLD = (
    select(_order.account_id, func.count(_order.id.distinct()))
    .join(exception_cases, _case.order_id == _order.id)
    .where(*_RECENT, _case.kind == "shortfall")
    .group_by(_order.account_id)
)
_ORDERS = select(_order.account_id, func.count()).group_by(_order.account_id)
_PARCELS = (
    select(_order.account_id, func.count())
    .join(shipments, shipments.c.order_id == _order.id)
    .group_by(_order.account_id)
)
_PLACES = (
    select(
        locations.c.code, locations.c.name, locations.c.kind, locations.c.ships,
        func.count(stock_levels.c.sku_id).filter(stock_levels.c.on_hand > 0),
    )
    .outerjoin(stock_levels, stock_levels.c.location_id == locations.c.id)
    .group_by(locations.c.id, locations.c.code, locations.c.name, locations.c.kind, locations.c.ships)
    .order_by(locations.c.id)
)  # fmt: skip
_PEOPLE = (
    select(operators.c.name, operators.c.role)
    .where(operators.c.is_active)
    .order_by(operators.c.name)
)
