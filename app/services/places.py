"""Add and change the places that keep and ship stock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.inventory import LocationKind
from app.domain.orders import OrderStatus
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.identity import Identity
from app.models.inventory import locations, stock_levels
from app.models.orders import orders, reservations, sales_channels
from app.models.promising.marks import mark_all
from app.services import audit, routing, setup
from app.services.rules.known import rules_naming
from app.services.since import refuse_changed_since

FIELDS = (
    "code", "name", "kind", "postcode", "state", "country", "time_zone", "cut_off",
    "handling_cost", "ships", "working_days", "closed_on", "daily_capacity",
)  # fmt: skip
_CODE = re.compile(r"[^\s,:\"*()]{1,30}")


def add_location(
    db: Connection, actor: Actor, *, code: str, name: str = "", now: datetime, channel: str = "",
    **more: Any,
) -> Changes:  # fmt: skip
    """Add a location; ``more`` are its other fields, as ``change_location`` takes them.

    A ``channel`` makes it that channel's own warehouse: what lies there only the channel sells and
    ships.

    Raises:
        RefusedError: the code is taken, or a field cannot be what it is said to be.
    """
    actor.must(Permission.ADMINISTER)
    values = _checked({"code": code, "name": name.strip() or code, **more})
    _refuse_taken(db, values["code"])
    values |= _of_channel(db, values.get("kind", ""), channel, now)
    location_id = Identity(db, locations).take(locations)
    db.execute(locations.insert(), [{**values, "id": location_id, "created_at": now}])
    audit.record(
        db, actor, now, audit.Deed("add location", f"location:{location_id}", after=values)
    )
    return Changes(f"Add the location {values['code']}", _TOUCHED, (location_id,))


def change_location(
    db: Connection, actor: Actor, *, code: str, changes: Mapping[str, Any], now: datetime,
    left: Mapping[str, Any] | None = None,
) -> Changes:  # fmt: skip
    """Change fields of a location, and work out anew what was suggested from it.

    Raises:
        NotFoundError: there is no such location.
        RefusedError: the new code is taken, a field cannot be what it is said to be, or what is to be
            undone (``left`` is how it left the fields) was changed since.
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
        _refuse_named(db, code, values["code"])
    if ("kind" in values) and (values["kind"] == CHANNELS) != (row.account_id is not None):
        _refuse_another_owner(db, row)
    before = {name: getattr(row, name) for name in values}
    refuse_changed_since(before, left, f"The location {code}")
    db.execute(locations.update().where(locations.c.id == row.id).values(**values))
    if "kind" in values or "channel" in values:
        mark_all(db, "location")
    audit.record(
        db, actor, now, audit.Deed("change location", f"location:{row.id}", "", before, values)
    )
    routing.resuggest(db, _concerned(db, row.id), now=now)
    undo = {"code": values.get("code", code), "changes": before, "left": values}
    return Changes(
        f"Change the location {code}", _TOUCHED, (row.id,), undo=Undo("change_location", undo)
    )


_TOUCHED = Touched.SETTINGS | Touched.STOCK | Touched.ORDERS


CHANNELS = LocationKind.CHANNEL.value


def _refuse_named(db: Connection, code: str, new: str) -> None:
    """Refuse a new code while rules in force name the old one: they would mean nothing."""
    named = rules_naming(db, code) if code.casefold() != new.casefold() else []
    if named:
        raise RefusedError(
            f"Rules in force name {code}: {', '.join(f'“{each}”' for each in named)}. "
            "Its code was not changed.",
            "Take the rules out of force, change the code, and put them in force with the new one.",
        )


def _of_channel(db: Connection, kind: str, channel: str, now: datetime) -> dict[str, Any]:
    """Return who owns the location, if a channel does."""
    if (kind == CHANNELS) != bool(channel):
        raise RefusedError("A channel's own warehouse needs its channel, and no other place has one; "
                           "nothing was changed.", "Name both, such as channel and amazon.")  # fmt: skip
    if not channel:
        return {}
    known = db.execute(select(sales_channels.c.code)).scalars().all()
    if channel not in known:
        raise NotFoundError(f"There is no channel “{channel}”; nothing was changed.",
                            f"Channels: {', '.join(sorted(known))}.")  # fmt: skip
    return {"account_id": setup.account_for(db, channel, now=now), "ships": False}


def _refuse_another_owner(db: Connection, row: Any) -> None:
    """Refuse to hand a location over between us and a channel: its units would change hands too."""
    units = select(func.coalesce(func.sum(func.abs(stock_levels.c.on_hand)), 0)).where(
        stock_levels.c.location_id == row.id
    )
    lies = int(db.execute(units).scalar_one())
    raise RefusedError(
        f"{row.name} cannot change between ours and a channel's ({lies:,} units lie there); nothing "
        "was changed.", "Add a new location, and move the stock.",
    )  # fmt: skip


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


def _kind(value: str) -> str:
    known = [kind.value for kind in LocationKind]
    kind = _ALSO.get(value.strip().casefold(), value.strip().casefold())
    if kind not in known:
        raise RefusedError(f"“{value}” is no kind of location; nothing was changed.",
                           f"Choose one of: {', '.join(known)}.")  # fmt: skip
    return kind


_ALSO = {"own": "warehouse", "garage": "warehouse", "store": "shop", "fba": "channel"}


def _working_days(value: str) -> str:
    if not re.fullmatch(r"[01]{7}", value) or "1" not in value:
        raise RefusedError("Working days are seven signs, Monday to Sunday, 1 where people work; "
                           "nothing was changed.", "Monday to Friday is 1111100.")  # fmt: skip
    return value


def _closed_on(value: Iterable[str]) -> list[str]:
    try:
        return sorted({date.fromisoformat(day.strip()).isoformat() for day in value})
    except ValueError as error:
        raise RefusedError("One of these days is none; nothing was changed.",
                           "Write them as 2026-12-25.") from error  # fmt: skip


def _capacity(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= 1_000_000:
        raise RefusedError("A location cannot pack fewer than 0 orders a day; nothing was changed.",
                           "Leave it empty where nobody has counted.")  # fmt: skip
    return value


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
    "kind": _kind,
    "working_days": _working_days,
    "closed_on": _closed_on,
    "daily_capacity": _capacity,
    "name": _name,
    "country": _country,
    "time_zone": _zone,
    "cut_off": _cut_off,
    "handling_cost": _handling_cost,
}
