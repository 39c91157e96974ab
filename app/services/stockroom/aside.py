"""Set units aside that may not be sold: damaged, in quarantine, returned and not looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, Undo
from app.domain.inventory import SET_ASIDE, Bucket, Cause, why_of
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.returns import units_waiting
from app.services import audit
from app.services.ledger import Movement
from app.services.stockroom.moving import carry_out, level, location_id, must_be_units, sku_id

_TOUCHED = Touched.STOCK | Touched.ORDERS | Touched.CASES
WORDS = {
    Bucket.DAMAGED: "damaged",
    Bucket.QUARANTINE: "in quarantine",
    Bucket.RETURNS_HOLD: "returned and not looked at",
}


def set_aside(
    db: Connection, actor: Actor, *, sku: str, location: str, quantity: int, bucket: str,
    reason: str, now: datetime,
) -> Changes:  # fmt: skip
    """Take units off sale without taking them off the shelf.

    Raises:
        RefusedError: fewer units lie there that are not set aside already.
    """
    actor.must(Permission.WORK)
    must_be_units(quantity, "Setting aside")
    here = level(db, sku_id(db, sku), location_id(db, location))
    if (left := here.on_hand - here.unavailable) < quantity:
        raise RefusedError(
            f"{max(0, left)} units of {sku} lie at {location} that are not set aside; nothing was "
            "changed.", "Set fewer aside, or count the shelf first.",
        )  # fmt: skip
    item = _shift(db, actor, sku, location, 0, quantity, bucket, Cause.SET_ASIDE, reason, now)
    return _receipt(
        f"Set {quantity} × {sku} aside", item, sku, location, quantity, bucket, "put_back"
    )


def put_back(
    db: Connection, actor: Actor, *, sku: str, location: str, quantity: int, bucket: str,
    reason: str, now: datetime,
) -> Changes:  # fmt: skip
    """Put units on sale again that were set aside; orders that wait for them get them.

    Raises:
        RefusedError: fewer units are set aside there.
    """
    actor.must(Permission.WORK)
    _must_be_aside(db, sku, location, quantity, bucket)
    _must_be_seen(db, sku, location, quantity, bucket)
    item = _shift(db, actor, sku, location, 0, -quantity, bucket, Cause.PUT_BACK, reason, now)
    return _receipt(f"Put {quantity} × {sku} back on sale", item, sku, location, quantity, bucket,
                    "set_aside")  # fmt: skip


def write_off(
    db: Connection, actor: Actor, *, sku: str, location: str, quantity: int, bucket: str,
    reason: str, now: datetime,
) -> Changes:  # fmt: skip
    """Let units go for good that were set aside.

    Raises:
        RefusedError: fewer units are set aside there, or no reason was given.
    """
    actor.must(Permission.WRITE_OFF)
    if not reason.strip():
        raise RefusedError("Writing off needs a reason; nothing was changed.",
                           "Say what happened to the units.")  # fmt: skip
    _must_be_aside(db, sku, location, quantity, bucket)
    _must_be_seen(db, sku, location, quantity, bucket)
    item = _shift(
        db, actor, sku, location, -quantity, -quantity, bucket, Cause.WRITE_OFF, reason, now
    )
    return _receipt(
        f"Write off {quantity} × {sku}", item, sku, location, quantity, bucket, "take_return"
    )


def take_return(
    db: Connection, actor: Actor, *, sku: str, location: str, quantity: int, reason: str,
    now: datetime, bucket: str = Bucket.RETURNS_HOLD.value,
) -> Changes:  # fmt: skip
    """Take units in that came back from a customer; nobody can buy them before they are looked at.

    Raises:
        RefusedError: the quantity is not positive.
    """
    actor.must(Permission.WORK)
    must_be_units(quantity, "A return")
    item = _shift(db, actor, sku, location, quantity, quantity, bucket, Cause.RETURN, reason, now)
    changes = _receipt(
        f"Take {quantity} × {sku} back", item, sku, location, quantity, bucket, "write_off"
    )
    return changes if actor.may(Permission.WRITE_OFF) else Changes(
        changes.label, changes.touched, changes.done
    )  # fmt: skip


def _shift(
    db: Connection, actor: Actor, sku: str, location: str, on_hand: int, aside: int, bucket: str,
    cause: Cause, reason: str, now: datetime,
) -> int:  # fmt: skip
    kind = _kind(bucket)
    item, place = sku_id(db, sku), location_id(db, location)
    code = why_of(reason).value if reason else ""
    moves = [
        Movement(item, place, which, units, cause, reason=reason, reason_code=code)
        for which, units in ((Bucket.ON_HAND, on_hand), (kind, aside))
        if units
    ]
    after = {"location": place, "bucket": kind.value, "units": aside, "on_hand": on_hand}
    deed = audit.Deed(f"stock {cause}", f"sku:{item}", reason, after=after)
    carry_out(db, actor, moves, [deed], now=now)
    return item


def _must_be_aside(db: Connection, sku: str, location: str, quantity: int, bucket: str) -> None:
    must_be_units(quantity, "This")
    kind = _kind(bucket)
    here = level(db, sku_id(db, sku), location_id(db, location))
    if (there := getattr(here, kind.value)) < quantity:
        raise RefusedError(
            f"{there} units of {sku} are {WORDS[kind]} at {location}, not {quantity}; nothing was "
            "changed.", "Choose fewer units.",
        )  # fmt: skip


def _must_be_seen(db: Connection, sku: str, location: str, quantity: int, bucket: str) -> None:
    """Keep what lies here of announced returns: it is put away unit by unit, once it was looked at."""
    if _kind(bucket) is not Bucket.RETURNS_HOLD:
        return
    item, place = sku_id(db, sku), location_id(db, location)
    waiting = units_waiting(db, item, place)
    if level(db, item, place).returns_hold - waiting < quantity:
        raise RefusedError(
            f"{waiting} units of {sku} at {location} belong to returns that are not put away yet; "
            "nothing was changed.", "Inspect them among the returns: they are put away from there.",
        )  # fmt: skip


def _kind(bucket: str) -> Bucket:
    try:
        kind = Bucket(bucket)
    except ValueError:
        kind = Bucket.ON_HAND
    if kind not in SET_ASIDE:
        raise RefusedError(f"Units cannot be set aside as “{bucket}”; nothing was changed.",
                           f"Choose one of: {', '.join(each.value for each in SET_ASIDE)}.")  # fmt: skip
    return kind


def _receipt(
    label: str, item: int, sku: str, location: str, quantity: int, bucket: str, opposite: str
) -> Changes:
    arguments: dict[str, object] = {
        "sku": sku, "location": location, "quantity": quantity, "bucket": bucket,
        "reason": "Taken back.",
    }  # fmt: skip
    return Changes(label, _TOUCHED, (item,), undo=Undo(opposite, arguments))
