"""Say by hand where a parcel is: a driver called, a customer has it, the 3PL wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.roles import Actor, Permission
from app.domain.tracking.codebook import DESK, desk_code
from app.domain.tracking.statuses import Meaning, TrackingStatus
from app.domain.tracking.timeline import CLOCK_SLACK, CarrierEvent
from app.errors import NotFoundError, RefusedError
from app.models.codebook import book, meaning_of
from app.models.fulfilment import shipments, tracking_events
from app.models.sets import among
from app.services import audit
from app.services.tracking.receiving import Report, receive
from app.services.tracking.standing import work_out


def record_scan(
    db: Connection,
    actor: Actor,
    *,
    shipment_ids: Sequence[int],
    status: str,
    now: datetime,
    incident: str = "",
    at: datetime | None = None,
    place: str = "",
    words: str = "",
) -> Changes:
    """Write into parcels' timelines what a person knows; ``at`` is now unless it is said.

    Raises:
        RefusedError: there is no such state or reason, or the time lies ahead.
        NotFoundError: there is no such parcel.
    """
    actor.must(Permission.WORK)
    means, when = meaning_from(status, incident), at or now
    if when > now + CLOCK_SLACK:
        raise RefusedError(
            "That time lies ahead; nothing was written.",
            "Say when it happened, or leave the time out for now.",
        )
    parcels = _parcels(db, shipment_ids)
    if not parcels:
        raise NotFoundError(
            "That parcel is not here; nothing was written.", "Look at the list again."
        )
    event = CarrierEvent(
        DESK, desk_code(means), words.strip(), when, now, place.strip(), actor.name
    )
    received = receive(db, [Report(row.id, (event,)) for row in parcels], now=now)
    after = {"status": means.status.value, "incident": incident, "at": when}
    _record(db, actor, now, "record scan", parcels, after)
    undo = Undo("withdraw_scans", {"event_ids": list(received.new)}, "event_ids")
    return Changes(
        f"Note where {counted(len(parcels), 'parcel')} stood", Touched.SHIPMENTS | Touched.CASES,
        received.parcels, undo=undo if received.new else None,
    )  # fmt: skip


def withdraw_scans(
    db: Connection, actor: Actor, *, event_ids: Sequence[int], now: datetime
) -> Changes:
    """Take back what was written by hand; the report stays, and says nothing any more."""
    return _mark(db, actor, event_ids, now, is_withdrawn=True)


def bring_scans_back(
    db: Connection, actor: Actor, *, event_ids: Sequence[int], now: datetime
) -> Changes:
    """Let what was taken back count again."""
    return _mark(db, actor, event_ids, now, is_withdrawn=False)


def _mark(
    db: Connection, actor: Actor, event_ids: Sequence[int], now: datetime, *, is_withdrawn: bool
) -> Changes:
    actor.must(Permission.WORK)
    table = tracking_events
    mine = (among(table.c.id, "events"), table.c.carrier == DESK)
    wanted = {"events": list(event_ids)}
    keys = sorted(set(db.execute(select(table.c.shipment_id).where(*mine), wanted).scalars()))
    if not keys:
        raise NotFoundError(
            "Nothing of that was written by hand; nothing was changed.",
            "What a carrier reports stays; write what you know after it.",
        )
    db.execute(
        table.update().where(*mine).values(withdrawn_at=now if is_withdrawn else None), wanted
    )
    work_out(db, keys, book(db))
    verb = "withdraw scan" if is_withdrawn else "bring scan back"
    _record(db, actor, now, verb, _parcels(db, keys), {})
    opposite = "bring_scans_back" if is_withdrawn else "withdraw_scans"
    label = "Take back" if is_withdrawn else "Bring back"
    return Changes(
        f"{label} what was noted of {counted(len(keys), 'parcel')}",
        Touched.SHIPMENTS | Touched.CASES, tuple(keys),
        undo=Undo(opposite, {"event_ids": list(event_ids)}, "event_ids"),
    )  # fmt: skip


def meaning_from(status: str, incident: str) -> Meaning:
    """Return a meaning from the words by which it is named.

    Raises:
        RefusedError: there is no such state or reason.
    """
    try:
        found = meaning_of(status, incident)
    except (ValueError, KeyError):
        found = Meaning(TrackingStatus.UNMAPPED)
    if found.status is TrackingStatus.UNMAPPED:
        known = ", ".join(
            each.value for each in TrackingStatus if each is not TrackingStatus.UNMAPPED
        )
        raise RefusedError(
            f"A parcel cannot be “{f'{status} {incident}'.strip()}”; nothing was written.",
            f"It is one of: {known}.",
        )
    return found


def _parcels(db: Connection, keys: Sequence[int]) -> Sequence[Any]:
    query = select(shipments.c.id, shipments.c.order_id).where(among(shipments.c.id, "parcels"))
    return db.execute(query.order_by(shipments.c.id), {"parcels": list(keys)}).all()


def _record(
    db: Connection, actor: Actor, now: datetime, verb: str, parcels: Sequence[Any],
    after: Mapping[str, object],
) -> None:  # fmt: skip
    deeds = (
        audit.Deed(verb, f"order:{row.order_id}", after={"shipment": row.id, **after})
        for row in parcels
    )
    audit.record(db, actor, now, *deeds)
