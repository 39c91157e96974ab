"""Add and change the places that keep and ship stock."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.orders import OrderStatus
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.identity import Identity
from app.models.inventory import locations
from app.models.orders import orders, reservations
from app.services import audit, routing

FIELDS = (
    "code", "name", "kind", "postcode", "state", "country", "time_zone", "cut_off",
    "handling_cost", "ships",
)  # fmt: skip
_CODE = re.compile(r"[^\s,:\"*()]{1,30}")


def add_location(
    db: Connection, actor: Actor, *, code: str, name: str = "", now: datetime, **more: Any
) -> Changes:
    """Add a location; ``more`` are its other fields, as ``change_location`` takes them.

    Raises:
        RefusedError: the code is taken, or a field cannot be what it is said to be.
    """
    actor.must(Permission.ADMINISTER)
    values = _checked({"code": code, "name": name.strip() or code, **more})
    _refuse_taken(db, values["code"])
    location_id = Identity(db, locations).take(locations)
    db.execute(locations.insert(), [{**values, "id": location_id, "created_at": now}])
    audit.record(
        db, actor, now, audit.Deed("add location", f"location:{location_id}", after=values)
    )
    return Changes(f"Add the location {values['code']}", _TOUCHED, (location_id,))


def change_location(
    db: Connection, actor: Actor, *, code: str, changes: Mapping[str, Any], now: datetime
) -> Changes:
    """Change fields of a location, and work out anew what was suggested from it.

    Raises:
        NotFoundError: there is no such location.
        RefusedError: the new code is taken, or a field cannot be what it is said to be.
    """
    actor.must(Permission.ADMINISTER)
    row = db.execute(select(locations).where(locations.c.code == code)).first()
    if row is None:
        known = ", ".join(db.execute(select(locations.c.code).order_by(locations.c.id)).scalars())
        raise NotFoundError(f"There is no location “{code}”; nothing was changed.",
                            f"Locations here: {known}.")  # fmt: skip
    values = _checked(changes)
    if not values:
        raise RefusedError("Nothing to change was named.", "Say what, for example --name Garage.")
    if values.get("code", code) != code:
        _refuse_taken(db, values["code"])
    before = {name: getattr(row, name) for name in values}
    db.execute(locations.update().where(locations.c.id == row.id).values(**values))
    audit.record(
        db, actor, now, audit.Deed("change location", f"location:{row.id}", "", before, values)
    )
    routing.resuggest(db, _concerned(db, row.id), now=now)
    undo = {"code": values.get("code", code), "changes": before}
    return Changes(
        f"Change the location {code}", _TOUCHED, (row.id,), undo=Undo("change_location", undo)
    )


_TOUCHED = Touched.SETTINGS | Touched.STOCK | Touched.ORDERS


def _concerned(db: Connection, location_id: int) -> list[int]:
    """Return the orders suggested from here, and those that no location could ship so far."""
    there = (
        select(reservations.c.order_id)
        .join(orders, orders.c.id == reservations.c.order_id)
        .where(
            reservations.c.state == "held",
            orders.c.status == OrderStatus.OPEN.value,
            (reservations.c.suggested_location_id == location_id)
            | reservations.c.suggested_location_id.is_(None),
        )
    )
    return sorted(set(db.execute(there).scalars()))


def _refuse_taken(db: Connection, code: str) -> None:
    if db.execute(select(locations.c.id).where(locations.c.code == code)).first():
        raise RefusedError(
            f"There is a location “{code}” already; nothing was changed.", "Choose another code."
        )


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as they may be stored.

    Raises:
        RefusedError: one may not.
    """
    if unknown := set(values) - set(FIELDS):
        raise RefusedError(
            f"{', '.join(sorted(unknown))} is nothing that a location has.",
            "Name one of the fields that the page Settings shows.",
        )
    found = dict(values)
    for name, check in _CHECKS.items():
        if name in found:
            found[name] = check(found[name])
    return found


def _code(value: str) -> str:
    if not _CODE.fullmatch(value):
        raise RefusedError(
            f"“{value}” cannot be a location's code; nothing was changed.",
            "A code is one word of at most 30 letters, such as GARAGE.",
        )
    return value


def _name(value: str) -> str:
    if not value.strip() or len(value) > 100:
        raise RefusedError(
            "A location's name has 1 to 100 letters; nothing was changed.", "Write a shorter name."
        )
    return value.strip()


def _country(value: str) -> str:
    if not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise RefusedError(
            f"“{value}” is no country code; nothing was changed.", "Use two letters, such as US."
        )
    return value.upper()


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RefusedError(
            f"“{value}” is no time zone; nothing was changed.",
            "Use a name such as America/New_York.",
        ) from error


def _cut_off(value: str) -> str:
    try:
        return f"{time.fromisoformat(value):%H:%M}"
    except ValueError as error:
        raise RefusedError(
            f"“{value}” is no time of day; nothing was changed.", "Use hours and minutes: 14:00."
        ) from error


def _handling_cost(value: int) -> int:
    if not 0 <= value < 1_000_000:
        raise RefusedError(
            "Handling cannot cost less than 0; nothing was changed.",
            "Write 0 where handling costs nothing.",
        )
    return value


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "code": _code,
    "name": _name,
    "country": _country,
    "time_zone": _zone,
    "cut_off": _cut_off,
    "handling_cost": _handling_cost,
}
