"""Send several orders to the same door in one parcel.

They stay separate orders: each channel is told of its own, with the one tracking number. What is not
decided yet is decided on the way, at one location, all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, counted
from app.domain.orders import OrderStatus
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.fulfilment import fulfilment_orders
from app.models.inventory import locations
from app.models.orders import orders, reservations
from app.services import deciding, shipping

_DOOR = ("ship_name", "ship_line1", "ship_line2", "ship_postcode", "ship_country")


def ship_together(
    db: Connection,
    actor: Actor,
    *,
    order_ids: Sequence[int],
    carrier: str,
    tracking_number: str,
    now: datetime,
    service: str = "",
) -> Changes:
    """Ship orders to one door in one parcel with one tracking number.

    Raises:
        RefusedError: they go to different doors, or cannot leave from one location.
        OutOfStockError: the location of the first does not have what the others need.
    """
    actor.must(Permission.WORK)
    rows = _orders(db, order_ids)
    _same_door(rows)
    place = _place(db, rows)
    for row in rows:
        if row.status == OrderStatus.OPEN:
            _decide(db, actor, row, place, rows[0].number, now)
    parts = _parts(db, rows, place)
    parcels = [shipping.Parcel(part.id, carrier, tracking_number, service) for part in parts]
    done = shipping.ship(db, actor, parcels=parcels, now=now, same_tracking=True)
    if done.skipped:
        refused = done.skipped[0]
        raise RefusedError(f"Order {refused.subject}: {refused.reason}. Nothing was shipped.",
                           "Leave that order out, or ship each one alone.")  # fmt: skip
    return Changes(f"Ship {counted(len(rows), 'order')} together", done.touched, done.done,
                   (), done.undo)  # fmt: skip


def _orders(db: Connection, order_ids: Sequence[int]) -> Sequence[Any]:
    rows = db.execute(
        select(orders).where(orders.c.id.in_(order_ids)).order_by(orders.c.status, orders.c.id)
    ).all()
    if len(rows) < 2:
        raise RefusedError("One parcel is for two orders or more; nothing was shipped.",
                           "Select the other order as well.")  # fmt: skip
    stuck = [row for row in rows if row.status not in (OrderStatus.OPEN, OrderStatus.ACCEPTED)]
    if stuck:
        words = stuck[0].status.replace("_", " ")
        raise RefusedError(f"Order {stuck[0].number} is {words} already; nothing was shipped.",
                           "Leave it out; the others can still go together.")  # fmt: skip
    held = [row for row in rows if row.is_held or row.is_short]
    if held:
        why = "is on hold" if held[0].is_held else "waits for stock"
        raise RefusedError(f"Order {held[0].number} {why}; nothing was shipped.",
                           "Clear that up first, or ship the others alone.")  # fmt: skip
    return rows


def _same_door(rows: Sequence[Any]) -> None:
    first = _door(rows[0])
    other = next((row for row in rows if _door(row) != first), None)
    if other is not None:
        raise RefusedError(
            f"Orders {rows[0].number} and {other.number} go to different addresses; nothing was "
            "shipped.", "Only orders to the same name and street go in one parcel.",
        )  # fmt: skip


def _door(row: Any) -> tuple[str, ...]:
    return tuple(getattr(row, part).strip().casefold() for part in _DOOR)


def _place(db: Connection, rows: Sequence[Any]) -> int:
    """Return where the first of them ships from: decided, or else suggested."""
    ids = [row.id for row in rows]
    decided = select(fulfilment_orders.c.location_id).where(
        fulfilment_orders.c.order_id.in_(ids), fulfilment_orders.c.state == "open"
    )
    suggested = select(reservations.c.suggested_location_id).where(
        reservations.c.order_id.in_(ids), reservations.c.state == "held",
        reservations.c.suggested_location_id.is_not(None),
    ).order_by(reservations.c.order_id, reservations.c.id)  # fmt: skip
    places = set(db.execute(decided).scalars())
    if len(places) > 1:
        named = select(locations.c.name).where(locations.c.id.in_(places))
        both = " and ".join(db.execute(named.order_by(locations.c.name)).scalars())
        raise RefusedError(f"They ship from {both}; nothing was shipped.",
                           "Take one decision back, and try again.")  # fmt: skip
    found = places or set(db.execute(suggested.limit(1)).scalars())
    if not found:
        raise RefusedError("No location can ship them; nothing was shipped.",
                           "Receive stock first, or ship each one from where it lies.")  # fmt: skip
    return int(found.pop())


def _decide(db: Connection, actor: Actor, row: Any, place: int, first: str, now: datetime) -> None:
    """Accept where that is the suggestion; otherwise it is a choice of its own, with its reason."""
    suggested = select(reservations.c.suggested_location_id).where(
        reservations.c.order_id == row.id, reservations.c.state == "held"
    )
    if set(db.execute(suggested).scalars()) == {place}:
        deciding.accept(db, actor, order_ids=[row.id], now=now)
    else:
        reason = (
            "One parcel with another order" if row.number == first else f"One parcel with {first}"
        )
        deciding.override(db, actor, order_id=row.id, location_id=place, reason=reason, now=now)


def _parts(db: Connection, rows: Sequence[Any], place: int) -> Sequence[Any]:
    part = fulfilment_orders.c
    query = select(part.id, part.order_id, part.location_id).where(
        part.order_id.in_([row.id for row in rows]), part.state == "open"
    )
    found = db.execute(query.order_by(part.id)).all()
    if {row.order_id for row in found} != {row.id for row in rows} or any(
        row.location_id != place for row in found
    ):
        raise RefusedError("Not all of them can leave from one location; nothing was shipped.",
                           "Ship each one from where it lies.")  # fmt: skip
    return found
