"""Carry out what the operator decides: accept a suggestion, override it, split an order.

A decision turns reserved units into units allocated at a location, and opens one fulfilment order
for each location. It is the only thing that does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.orders import OrderStatus
from app.domain.reservation import Claim
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, OutOfStockError, RefusedError
from app.models.fulfilment import (
    routing_suggestions,
)
from app.models.inventory import locations, stock_levels
from app.models.orders import orders, reservations
from app.models.sets import among
from app.services import renewing, reserving, routing
from app.services.allocating import Choice, allocate
from app.services.planning.router import Router, routable
from app.services.rules import learning

_UNDECIDED = (OrderStatus.OPEN, OrderStatus.PARTLY_SHIPPED)


def refresh_suggestions(
    db: Connection, actor: Actor, *, now: datetime, order_ids: Sequence[int],
    planned: Mapping[int, Mapping[int, int]] | None = None,
) -> Changes:  # fmt: skip
    """Work out suggestions anew, because a day has passed or a location or policy has changed.

    ``planned`` are the locations that a preview has said for them, by order and line.
    """
    actor.must(Permission.WORK)
    routing.resuggest(db, order_ids, now=now, planned=planned)
    return Changes(f"Suggest anew for {counted(len(order_ids), 'order')}", Touched.ORDERS,
                   tuple(order_ids))  # fmt: skip


def accept(
    db: Connection,
    actor: Actor,
    *,
    order_ids: Sequence[int],
    now: datetime,
    part_is_enough: bool = False,
) -> Changes:
    """Accept the suggestions of many orders; those that cannot be are skipped with a reason.

    What was suggested before units became free is worked out anew first: none is accepted stale.
    ``part_is_enough`` also ships what is there of orders whose suggestion does not hold every unit.
    """
    actor.must(Permission.WORK)
    routing.resuggest(db, renewing.outdated_among(db, order_ids), now=now)
    rows = db.execute(_ORDERS, {"orders": order_ids}).all()
    held = _held(db, [row.id for row in rows])
    suggestions = _open_suggestions(db, [row.id for row in rows])
    free = _Free(db, {r.sku_id for mine in held.values() for r in mine})
    follows = (
        set() if part_is_enough else _rest_follows(db, [row.id for row in rows if row.is_short])
    )
    choices: list[Choice] = []
    skipped: list[Skipped] = []
    stale: list[int] = []
    for row in rows:
        mine = [r for r in held.get(row.id, ()) if r.suggested_location_id is not None]
        suggestion = suggestions.get(row.id)
        is_enough = part_is_enough or row.id in follows
        reason = _refusal(row, len(mine), len(held.get(row.id, ())), is_enough)
        if reason is None and not free.take(mine):
            reason = "the stock has moved since; its suggestion was worked out anew"
            stale.append(row.id)
        if reason is not None:
            skipped.append(Skipped(row.number, reason))
            continue
        assert suggestion is not None  # it has suggested the locations
        choices.append(
            Choice(row, {r.id: r.suggested_location_id for r in mine},
                    suggestion.id, suggestion.cost, suggestion.cost, suggestion.service or row.service)
        )  # fmt: skip
    allocate(db, actor, choices, held, "accepted", "", now)
    routing.resuggest(db, stale, now=now)
    done = [choice.order.id for choice in choices]
    return _receipt("Accept", done, skipped)


def override(
    db: Connection, actor: Actor, *, order_id: int, location_id: int, reason: str, now: datetime
) -> Changes:
    """Ship the whole order from a location that the operator chose.

    Raises:
        NotAllowedError: the role is too low.
        RefusedError: no reason, or the order is on hold or decided already.
        OutOfStockError: the location does not have the units.
    """
    rows = _held(db, [order_id]).get(order_id, [])
    return _by_hand(
        db, actor, order_id, {r.order_line_id: location_id for r in rows}, reason, now, "Override"
    )


def split(
    db: Connection,
    actor: Actor,
    *,
    order_id: int,
    assignment: Mapping[int, int],
    reason: str,
    now: datetime,
) -> Changes:
    """Ship the lines of an order from the locations given (order line -> location).

    Lines that are not named stay reserved and wait. Raises as ``override`` does.
    """
    return _by_hand(db, actor, order_id, assignment, reason, now, "Split")


def _by_hand(
    db: Connection,
    actor: Actor,
    order_id: int,
    assignment: Mapping[int, int],
    reason: str,
    now: datetime,
    verb: str,
) -> Changes:
    actor.must(Permission.OVERRIDE)
    if not reason.strip():
        raise RefusedError(
            "Overriding a suggestion needs a reason; nothing was changed.",
            "Say in a few words why; it helps to improve the suggestions.",
        )
    row = db.execute(select(orders).where(orders.c.id == order_id)).first()
    if row is None:
        raise NotFoundError(
            "There is no such order; nothing was changed.",
            "Look it up by its number; it may have been removed.",
        )
    held = _held(db, [order_id]).get(order_id, [])
    mine = [r for r in held if r.order_line_id in assignment]
    refusal = _refusal(row, len(mine), len(mine), part_is_enough=True)
    if refusal is not None:
        raise RefusedError(
            f"Order {row.number} was not changed: {refusal}.",
            "Read the order again and decide on what it says now.",
        )
    chosen = {r.id: assignment[r.order_line_id] for r in mine}
    _check_stock(db, mine, chosen)
    suggestion = _open_suggestions(db, [order_id]).get(order_id)
    cost, arrives_on = _judged(db, row, mine, chosen, now)
    choice = Choice(
        row,
        chosen,
        suggestion.id if suggestion else None,
        cost,
        suggestion.cost if suggestion else 0,
        (suggestion.service if suggestion else "") or row.service,
        _days_later(db, suggestion, arrives_on),
    )
    allocate(db, actor, [choice], {order_id: held}, "overridden", reason, now)
    learning.notice(db, now=now)
    return _receipt(verb, [order_id], [])


def _rest_follows(db: Connection, short: Sequence[int]) -> set[int]:
    """Return those of the short orders of which all that is left out follows on a day that is known."""
    if not short:
        return set()
    told = db.execute(_EXPLAINED, {"orders": short}).all()
    return {order_id for order_id, explanation in told if _all_follows(explanation)}


def _all_follows(told: Mapping[str, Any]) -> bool:
    waiting = told.get("waiting", ())
    return bool(told.get("complete") and waiting) and all(each.get("follows") for each in waiting)


def _refusal(row: Any, located: int, held: int, part_is_enough: bool) -> str | None:
    """Return why an order cannot be decided now, as the end of a sentence, or ``None``."""
    if row.status not in _UNDECIDED:
        return f"it is {row.status.replace('_', ' ')} already"
    if row.is_held:
        return "it is on hold"
    if not located:
        return "no location can ship it" if held else "nothing of it is reserved"
    if part_is_enough:
        return None
    if row.is_short:
        return "part of it is out of stock"
    return None if located == held else "no location has all of it"


def _check_stock(db: Connection, mine: Sequence[Any], chosen: Mapping[int, int]) -> None:
    free = _Free(db, {r.sku_id for r in mine})
    codes = dict(
        db.execute(
            select(locations.c.id, locations.c.name).where(
                locations.c.id.in_(chosen.values()), locations.c.account_id.is_(None)
            )
        ).all()
    )
    for r in mine:
        place = chosen[r.id]
        if place not in codes:
            raise NotFoundError(
                "There is no such location; nothing was changed.",
                "Choose one of the locations on the page Settings.",
            )
        if not free.take_one(r.sku_id, place, r.quantity):
            raise OutOfStockError(
                f"{codes[place]} has {max(0, free.at(r.sku_id, place))} free of what this order "
                f"needs {r.quantity} of; nothing was changed.",
                "Choose another location, split the order, or move stock first.",
            )


class _Free:
    """What is physically free at the locations while decisions take it."""

    def __init__(self, db: Connection, sku_ids: set[int]) -> None:
        rows = db.execute(_FREE, {"skus": sku_ids}).all()
        self._free = {(sku, place): units for sku, place, units in rows}

    def at(self, sku_id: int, place: int) -> int:
        """Return the units still free."""
        return int(self._free.get((sku_id, place), 0))

    def take_one(self, sku_id: int, place: int, quantity: int) -> bool:
        """Take units, or nothing."""
        if self.at(sku_id, place) < quantity:
            return False
        self._free[sku_id, place] -= quantity
        return True

    def take(self, held: Sequence[Any]) -> bool:
        """Take all of an order's units where they are suggested, or nothing."""
        need: dict[tuple[int, int], int] = defaultdict(int)
        for r in held:
            need[r.sku_id, r.suggested_location_id] += r.quantity
        if any(self._free.get(key, 0) < units for key, units in need.items()):
            return False
        for key, units in need.items():
            self._free[key] -= units
        return True


_ORDERS = (
    select(
        orders.c.id,
        orders.c.number,
        orders.c.account_id,
        orders.c.status,
        orders.c.service,
        orders.c.is_held,
        orders.c.is_short,
    )
    .where(among(orders.c.id, "orders"))
    .order_by(orders.c.placed_at, orders.c.id)
)
_FREE = select(
    stock_levels.c.sku_id,
    stock_levels.c.location_id,
    stock_levels.c.on_hand - stock_levels.c.unavailable - stock_levels.c.allocated,
).where(among(stock_levels.c.sku_id, "skus"))
_HELD = (
    select(
        reservations.c.id,
        reservations.c.order_id,
        reservations.c.order_line_id,
        reservations.c.sku_id,
        reservations.c.quantity,
        reservations.c.suggested_location_id,
    )
    .where(among(reservations.c.order_id, "orders"), reservations.c.state == "held")
    .order_by(reservations.c.id)
)
_SUGGESTED = select(
    routing_suggestions.c.order_id,
    routing_suggestions.c.id,
    routing_suggestions.c.cost,
    routing_suggestions.c.service,
).where(among(routing_suggestions.c.order_id, "orders"), routing_suggestions.c.state == "open")
_EXPLAINED = select(routing_suggestions.c.order_id, routing_suggestions.c.explanation).where(
    among(routing_suggestions.c.order_id, "orders"), routing_suggestions.c.state == "open"
)


def _days_later(db: Connection, suggestion: Any, arrives_on: date | None) -> int | None:
    """Return how many days later the last parcel arrives than was suggested."""
    if suggestion is None or arrives_on is None:
        return None
    query = select(routing_suggestions.c.explanation).where(
        routing_suggestions.c.id == suggestion.id
    )
    parcels = db.execute(query).scalar_one()["parcels"]
    if not parcels:
        return None
    return (arrives_on - max(date.fromisoformat(each["arrives_on"]) for each in parcels)).days


def _judged(
    db: Connection, row: Any, mine: Sequence[Any], chosen: Mapping[int, int], now: datetime
) -> tuple[int, date | None]:
    """Return what the chosen locations cost, by the suggestion's rates, and when the last arrives."""
    router = Router(db, now)
    order = routable(row)
    pool = reserving.load_pool(db, {r.sku_id for r in mine})
    claims = [Claim(r.order_line_id, r.sku_id, r.quantity) for r in mine]
    at = {r.order_line_id: chosen[r.id] for r in mine}
    found = router.by_hand(order, claims, at, pool)
    return sum(each.cost for each in found), max((each.arrives_on for each in found), default=None)


def _held(db: Connection, order_ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(_HELD, {"orders": order_ids}).all():
        found[row.order_id].append(row)
    return found


def _open_suggestions(db: Connection, order_ids: Sequence[int]) -> dict[int, Any]:
    return {row.order_id: row for row in db.execute(_SUGGESTED, {"orders": order_ids}).all()}


def _receipt(verb: str, done: Sequence[int], skipped: Sequence[Skipped]) -> Changes:
    return Changes(
        f"{verb} {counted(len(done), 'order')}",
        Touched.ORDERS | Touched.STOCK | Touched.CASES,
        tuple(done),
        tuple(skipped),
        Undo("withdraw", {"order_ids": list(done)}),
    )
