"""Which suggestions speak of a stock that is no more? They are worked out anew behind the scenes.

Nothing is marked when stock moves: the movements since a suggestion was made say what has become
free, so taking orders in costs nothing. An acceptance that is taken back shows its suggestion again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, func, or_, select

from app.domain.inventory import SET_ASIDE, Bucket
from app.domain.orders import OrderStatus
from app.models.bulk import insert_rows, update_rows
from app.models.fulfilment import (
    fulfilment_order_lines,
    fulfilment_orders,
    routing_decisions,
    routing_suggestions,
    was_overridden,
)
from app.models.identity import Identity
from app.models.inventory import locations, may_free, stock_movements
from app.models.orders import orders, reservations
from app.models.sets import among
from app.services import policies
from app.services.ledger import plan_suggested
from app.services.rules.in_force import in_force

FRESH_FOR: Final = timedelta(hours=12)  # then the dates and cut-offs in it are yesterday's
_made, _move = routing_suggestions.c, stock_movements.c
_claim, _decided, _line = reservations.c, routing_decisions.c, fulfilment_order_lines.c


@dataclass(frozen=True, slots=True)
class Accepted:
    """A suggestion that was accepted, and the location that it gave to each reservation."""

    suggestion: Any
    units: Sequence[Any]


def stale_orders(db: Connection, *, now: datetime, after: int = 0) -> list[int]:
    """Return the undecided orders whose suggestion is of another day, or of another stock.

    Of the stock only movements ``after`` one count; the earlier ones were looked at before.
    """
    rows = db.execute(_OPEN).all()
    fresh = [row for row in rows if row.made_at >= now - FRESH_FOR]
    outdated = _outdated(db, fresh, after)
    return [row.order_id for row in rows
            if row.made_at < now - FRESH_FOR or row.order_id in outdated]  # fmt: skip


def newest_movement(db: Connection) -> int:
    """Return how far the ledger has come."""
    return int(db.execute(_NEWEST).scalar() or 0)


def outdated_among(db: Connection, order_ids: Collection[int]) -> list[int]:
    """Return those of these orders whose suggestion was made before units of it became free."""
    among_these = {"orders": list(order_ids)}
    since = db.execute(_OLDEST_AMONG, among_these).scalar()
    if since is None or not _freed(db, since, 0):  # nearly always
        return []
    rows = db.execute(_OPEN_AMONG, among_these).all()
    outdated = _outdated(db, rows, 0)
    return [row.order_id for row in rows if row.order_id in outdated]


def accepted_before(
    db: Connection, order_ids: Sequence[int], *, now: datetime
) -> dict[int, Accepted]:
    """Return, by order, the accepted suggestions that still count; asked before they are taken back."""
    rows = db.execute(_ACCEPTED, {"orders": list(order_ids)}).all()
    outdated = _outdated(db, rows, 0)
    known, rules = policies.in_force(db), in_force(db)
    version = rules.version if rules else None
    still = {
        row.order_id: row for row in rows
        if row.order_id not in outdated and row.made_at >= now - FRESH_FOR
        and (row.policy_version, row.rulebook_version) == (known.rates.version, version)
        and row.explanation.get("policies", known.versions) == known.versions
        and row.explanation["complete"]
    }  # fmt: skip
    units: dict[int, list[Any]] = defaultdict(list)
    for unit in db.execute(_UNITS, {"orders": list(still)}):
        units[unit.order_id].append(unit)
    return {key: Accepted(row, units[key]) for key, row in still.items() if units[key]}


def show_again(db: Connection, accepted: Mapping[int, Accepted], *, now: datetime) -> None:
    """Suggest once more what was accepted: its units are free again where they were."""
    if not accepted:
        return
    ids = Identity(db, routing_suggestions)
    rows = [
        {**_values(each.suggestion), "id": ids.take(routing_suggestions), "state": "open",
         "made_at": now}
        for _key, each in sorted(accepted.items())
    ]  # fmt: skip
    insert_rows(db, routing_suggestions, rows)
    units = [unit for each in accepted.values() for unit in each.units]
    planned: dict[tuple[int, int], int] = defaultdict(int)
    for unit in units:
        planned[unit.sku_id, unit.location_id] += unit.quantity
    plan_suggested(db, planned)
    update_rows(db, _LOCATE, [{"key": u.reservation_id, "place": u.location_id} for u in units])
    db.execute(_ROUTED, {"orders": list(accepted)})


def _values(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in routing_suggestions.columns}


def _outdated(db: Connection, rows: Sequence[Any], after: int) -> set[int]:
    """Return the orders of these suggestions of which a SKU has become free since."""
    if not rows:
        return set()
    freed = _freed(db, min(row.made_at for row in rows), after)
    if not freed:
        return set()
    made = {row.order_id: row.made_at for row in rows}
    claims = db.execute(_CLAIMED, {"skus": list(freed)})
    return {key for key, sku_id in claims if key in made and made[key] < freed[sku_id]}


def _freed(db: Connection, since: datetime, after: int) -> dict[int, datetime]:
    """Return when each SKU last became free since a moment, of those that did."""
    freed = dict(db.execute(_FREED, {"since": since, "after": after}).all())
    for sku_id, at in db.execute(_ELSEWHERE, {"since": since}):
        freed[sku_id] = max(at, freed.get(sku_id, at))
    return freed


_NEWEST = select(func.max(_move.id))
_OPEN = (
    select(_made.order_id, _made.made_at)
    .join(orders, orders.c.id == _made.order_id)
    .where(orders.c.status == OrderStatus.OPEN, _made.state == "open")
    .order_by(orders.c.placed_at, orders.c.id)
)
_OPEN_AMONG = _OPEN.where(among(orders.c.id, "orders"))
_OLDEST_AMONG = (
    select(func.min(_made.made_at))
    .join(orders, orders.c.id == _made.order_id)
    .where(orders.c.status == OrderStatus.OPEN, _made.state == "open")
    .where(among(orders.c.id, "orders"))
)
_ACCEPTED = (
    select(routing_suggestions)
    .join(routing_decisions, _decided.suggestion_id == _made.id)
    .where(
        among(_decided.order_id, "orders"),
        _decided.kind == "accepted",
        _decided.withdrawn_at.is_(None),
    )
    .order_by(_decided.id)
)
_UNITS = (
    select(
        fulfilment_orders.c.order_id, fulfilment_orders.c.location_id,
        _line.reservation_id, _line.sku_id, _line.quantity,
    )
    .join(fulfilment_orders, fulfilment_orders.c.id == _line.fulfilment_order_id)
    .where(among(fulfilment_orders.c.order_id, "orders"), fulfilment_orders.c.state == "open")
    .order_by(_line.id)
)  # fmt: skip
_CHANNELS_OWN = select(locations.c.id).where(locations.c.account_id.is_not(None))
_FEWER_IS_FREE = (Bucket.ALLOCATED, Bucket.RESERVED, *SET_ASIDE)
_gain = func.sum(
    case(
        (_move.bucket == Bucket.ON_HAND, _move.quantity),
        (_move.bucket.in_(_FEWER_IS_FREE), -_move.quantity),
        else_=0,
    )
)
# What one write unit made free at a place; an accepted suggestion takes what was planned for it.
_gains = (
    select(_move.sku_id, _move.recorded_at)
    .where(
        _move.id > bindparam("after"),
        _move.recorded_at > bindparam("since"),
        may_free,
        or_(_move.location_id.is_(None), _move.location_id.not_in(_CHANNELS_OWN)),
    )
    .group_by(_move.sku_id, _move.location_id, _move.recorded_at)
    .having(_gain > 0)
    .subquery()
)
_FREED = select(_gains.c.sku_id, func.max(_gains.c.recorded_at)).group_by(_gains.c.sku_id)
# An order that ships from elsewhere leaves free what was planned for it.
_ELSEWHERE = (
    select(_claim.sku_id, func.max(_decided.decided_at))
    .join(routing_decisions, _decided.order_id == _claim.order_id)
    .where(
        was_overridden,
        _decided.decided_at > bindparam("since"),
    )
    .group_by(_claim.sku_id)
)
_CLAIMED = select(_claim.order_id, _claim.sku_id).where(
    among(_claim.sku_id, "skus"), _claim.state.in_(("held", "allocated"))
)
_LOCATE = (
    reservations.update()
    .where(_claim.id == bindparam("key"))
    .values(suggested_location_id=bindparam("place"))
)
_ROUTED = orders.update().where(among(orders.c.id, "orders")).values(is_routed=True)
