"""What would each verb do to these orders? Counted in SQL, before anything is done.

However many orders are meant, what comes back is a handful of figures: nobody reads them one by one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from app.domain.orders import RELEASABLE, HoldCode, OrderStatus
from app.models.fulfilment import fulfilment_orders, routing_suggestions
from app.models.inventory import locations
from app.models.orders import holds, orders, reservations, total_of_order
from app.models.sets import among
from app.queries import search_sql

OK: Final = ""
_UNDECIDED = (OrderStatus.OPEN, OrderStatus.PARTLY_SHIPPED)
_OVER = (OrderStatus.SHIPPED, OrderStatus.CANCELLED, OrderStatus.TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a verb would do: to how many orders, and how many it would leave alone for which reason.

    ``late`` counts those among the first whose promise has passed.
    """

    done: int = 0
    late: int = 0
    left: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceEffect:
    """What accepting would mean for one location: parcels and their cost in minor units."""

    location: str
    parcels: int
    cost: int


@dataclass(frozen=True, slots=True)
class Effects:
    """What is selected, and what each verb would do to it.

    ``worth`` and ``postage`` are minor units by currency; ``today`` counts what must leave before
    the day ends, ``late`` what should have left already. ``unpriced`` orders have no total yet.
    """

    count: int
    units: int
    worth: Mapping[str, int]
    unpriced: int
    late: int
    today: int
    steps: Mapping[str, int]
    postage: Mapping[str, int]
    places: tuple[PlaceEffect, ...]
    verbs: Mapping[str, Effect]


def effects(db: Connection, order_ids: Sequence[int], *, now: datetime) -> Effects:
    """Return what is selected, and what each verb would do."""
    wanted = {"orders": list(order_ids)}
    here = search_sql.here(db, now)
    midnight = here.start_of(here.today + timedelta(days=1))
    worth = db.execute(_WORTH, wanted).all()
    groups = db.execute(_groups(now, midnight), wanted).all()
    postage = db.execute(_POSTAGE, wanted).all()
    return Effects(
        count=sum(row.found for row in groups),
        units=sum(int(row.units) for row in groups),
        worth={row.currency: int(row.total) for row in worth if row.total is not None},
        unpriced=sum(int(row.unpriced) for row in worth),
        late=sum(row.found for row in groups if row.due == "late" and _is_ours(row)),
        today=sum(row.found for row in groups if row.due == "today" and _is_ours(row)),
        steps=_added(groups, lambda row: str(row.status)),
        postage={row.currency: int(row.cost) for row in postage},
        places=_places(db, wanted),
        verbs={verb: _effect(groups, verb) for verb in _VERBS},
    )


def _is_ours(row: Any) -> bool:
    return row.status not in _OVER and not row.by_channel


def _added(groups: Sequence[Any], key: Any) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row in groups:
        found[key(row)] += row.found
    return dict(found)


def _effect(groups: Sequence[Any], verb: str) -> Effect:
    left: Counter[str] = Counter()
    done = late = 0
    for row in groups:
        reason = getattr(row, verb)
        if reason != OK:
            left[reason] += row.found
            continue
        done += row.found
        late += row.found if row.due == "late" else 0
    return Effect(done, late, dict(left.most_common()))


_kept = reservations.c.state == "held"
_mine = select(reservations.c.id).where(reservations.c.order_id == orders.c.id, _kept)
_located = _mine.where(reservations.c.suggested_location_id.is_not(None)).correlate(orders).exists()
_unlocated = _mine.where(reservations.c.suggested_location_id.is_(None)).correlate(orders).exists()
_status = orders.c.status
# The same order of reasons as in ``deciding``: what is over, what is held, what is missing.
_ACCEPT = case(
    (_status.not_in(_UNDECIDED), "decided already"),
    (orders.c.is_held, "on hold"),
    (orders.c.is_short, "short"),
    (~_located, "without a location"),
    (_unlocated, "in no location whole"),
    else_=OK,
)


def _held(*codes: HoldCode) -> ColumnElement[bool]:
    return (
        select(holds.c.id)
        .where(
            holds.c.order_id == orders.c.id,
            holds.c.released_at.is_(None),
            holds.c.code.in_([code.value for code in codes]),
        )
        .correlate(orders)
        .exists()
    )


_HOLD = case(
    (_status.not_in((*_UNDECIDED, OrderStatus.ACCEPTED)), "over already"),
    (_held(HoldCode.BY_HAND), "held by hand already"),
    else_=OK,
)
_RELEASE = case(
    (_held(*RELEASABLE), OK),
    (orders.c.is_held, "held for a reason of their own"),
    else_="not on hold",
)
_SHIP = case(
    (orders.c.is_held, "on hold"),
    (
        select(fulfilment_orders.c.id)
        .where(fulfilment_orders.c.order_id == orders.c.id, fulfilment_orders.c.state == "open")
        .correlate(orders)
        .exists(),
        OK,
    ),
    else_="without a parcel that waits",
)
_WITHDRAW = case((_status == OrderStatus.ACCEPTED, OK), else_="not decided, or shipped")
_CANCEL = case(
    (_status.in_((OrderStatus.OPEN, OrderStatus.ACCEPTED)), OK), else_="shipped or cancelled"
)
_SUGGEST = case((_status.in_(_UNDECIDED), OK), else_="decided already")
_VERBS: Final = {
    "accept": _ACCEPT,
    "hold": _HOLD,
    "release": _RELEASE,
    "ship": _SHIP,
    "withdraw": _WITHDRAW,
    "cancel": _CANCEL,
    "suggest": _SUGGEST,
}


def _groups(now: datetime, midnight: datetime) -> Select[Any]:
    due = case((orders.c.ship_by < now, "late"), (orders.c.ship_by < midnight, "today"), else_="")
    each = (
        select(
            _status.label("status"), orders.c.fulfilled_by_channel.label("by_channel"),
            orders.c.units, due.label("due"),
            *(outcome.label(verb) for verb, outcome in _VERBS.items()),
        )
        .where(among(orders.c.id, "orders"))
        .subquery()
    )  # fmt: skip
    by = [column for column in each.c if column.name != "units"]
    return select(*by, func.count().label("found"), func.sum(each.c.units).label("units")).group_by(
        *by
    )


_each = (
    select(orders.c.currency, total_of_order().label("worth"))
    .where(among(orders.c.id, "orders"))
    .subquery()
)
_WORTH = select(
    _each.c.currency,
    func.sum(_each.c.worth).label("total"),
    func.sum(case((_each.c.worth.is_(None), 1), else_=0)).label("unpriced"),
).group_by(_each.c.currency)
_going = select(orders.c.id).where(among(orders.c.id, "orders"), _ACCEPT == OK)
_open = and_(routing_suggestions.c.state == "open", routing_suggestions.c.order_id.in_(_going))
_POSTAGE = (
    select(routing_suggestions.c.currency, func.sum(routing_suggestions.c.cost).label("cost"))
    .where(_open)
    .group_by(routing_suggestions.c.currency)
)
_parcels = (
    select(reservations.c.order_id, reservations.c.suggested_location_id.label("location_id"))
    .where(_kept, reservations.c.order_id.in_(_going))
    .distinct()
    .subquery()
)
_number = (
    select(
        _parcels.c.order_id,
        func.count().label("parcels"),
        func.min(_parcels.c.location_id).label("location_id"),
    )
    .group_by(_parcels.c.order_id)
    .subquery()
)
# An order in one parcel costs what its suggestion says; those in several say it parcel by parcel.
_WHOLE = (
    select(_number.c.location_id, func.count().label("parcels"),
           func.sum(routing_suggestions.c.cost).label("cost"))
    .join(routing_suggestions, and_(routing_suggestions.c.order_id == _number.c.order_id,
                                    routing_suggestions.c.state == "open"))
    .where(_number.c.parcels == 1)
    .group_by(_number.c.location_id)
)  # fmt: skip
_APART = (
    select(routing_suggestions.c.explanation)
    .join(_number, _number.c.order_id == routing_suggestions.c.order_id)
    .where(routing_suggestions.c.state == "open", _number.c.parcels > 1)
)


def _places(db: Connection, wanted: Mapping[str, Any]) -> tuple[PlaceEffect, ...]:
    """Add up parcels and cost by location, those of orders in several parcels included."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for location_id, parcels, cost in db.execute(_WHOLE, wanted):
        found[location_id] = [parcels, int(cost)]
    for (explanation,) in db.execute(_APART, wanted):
        for parcel in explanation["parcels"]:
            found[parcel["location"]][0] += 1
            found[parcel["location"]][1] += parcel["postage"] + parcel["handling"]
    names = dict(db.execute(select(locations.c.id, locations.c.name)).all())
    rows = [PlaceEffect(names.get(key, ""), *each) for key, each in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.parcels, row.location)))


@dataclass(frozen=True, slots=True)
class WaitingPart:
    """A parcel that waits for its label."""

    fulfilment_order_id: int
    order_id: int
    number: str
    external_id: str
    service: str


def waiting_parts(db: Connection, order_ids: Sequence[int]) -> list[WaitingPart]:
    """Return what of these orders waits to be shipped, in the order of their promises."""
    part = fulfilment_orders.c
    query = (
        select(part.id, part.order_id, orders.c.number, orders.c.external_id, part.service)
        .join(orders, orders.c.id == part.order_id)
        .where(among(part.order_id, "orders"), part.state == "open", ~orders.c.is_held)
        .order_by(orders.c.ship_by, orders.c.id, part.id)
    )
    return [WaitingPart(*row) for row in db.execute(query, {"orders": list(order_ids)})]
