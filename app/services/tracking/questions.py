"""Which parcels is a carrier to be asked about now, and what has it answered?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, or_, select

from app.domain.changes import Changes, Touched, counted
from app.domain.importing import TrackingRow
from app.domain.roles import Actor, Permission
from app.domain.tracking.carriers import house_of
from app.domain.tracking.rhythm import ARRIVED, FORGOTTEN, ask_again
from app.domain.tracking.statuses import TrackingStatus
from app.errors import RefusedError
from app.models.bulk import insert_rows
from app.models.fulfilment import shipments
from app.models.sets import among
from app.models.tracking import parcel_questions, parcel_states
from app.services.tracking import files
from app.services.tracking.connections import connected_carriers
from app.services.tracking.receiving import heard_of, plain_number

MOST: Final = 500
_parcel, _said, _asked = shipments.c, parcel_states.c, parcel_questions.c


@dataclass(frozen=True, slots=True)
class Question:
    """One parcel to ask about, by its number; orders that share the parcel share the question."""

    number: str
    carrier: str
    shipped_at: datetime
    parcels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one question: what was reported, or that the carrier does not know the parcel.

    ``problem`` says why an answer could not be read; the parcel keeps the state that it had.
    """

    question: Question
    rows: tuple[TrackingRow, ...] = ()
    is_known: bool = True
    problem: str = ""


def due(db: Connection, houses: Collection[str], left: Collection[str], *, now: datetime) -> list[Question]:  # fmt: skip
    """Return the parcels to ask about now, those that have waited for longest first.

    ``houses`` are the carriers by their tables of codes; without any, it is every carrier but those that are
    ``left`` to others.
    """
    asked = {"names": _names(db, houses, left, now), "since": now - FORGOTTEN, "now": now}
    found: dict[str, list[Any]] = defaultdict(list)
    for row in db.execute(_DUE, asked):
        found[plain_number(row.tracking_number)].append(row)
    return [
        Question(
            number, house_of(rows[0].carrier), min(x.shipped_at for x in rows),
            tuple(x.id for x in rows),
        )
        for number, rows in found.items()
    ]  # fmt: skip


def waiting(db: Connection, houses: Collection[str], left: Collection[str], *, now: datetime) -> int:  # fmt: skip
    """Return how many parcels a carrier is to be asked about now, however many those are."""
    asked = {"names": _names(db, houses, left, now), "since": now - FORGOTTEN, "now": now}
    return len({plain_number(each) for each in db.execute(_WAITING, asked).scalars()})


def take(db: Connection, answers: Sequence[Answered], source: str, *, now: datetime) -> None:
    """Keep what a carrier answered, and say when each parcel is asked for next."""
    files.take(db, [row for each in answers for row in each.rows], source, now=now)
    heard_of(db, {each.question.carrier for each in answers if not each.problem}, at=now)
    parcels = [key for each in answers for key in each.question.parcels]
    stand = dict(db.execute(_STANDS, {"parcels": parcels}).all())
    before = dict(db.execute(_UNKNOWN, {"parcels": parcels}).all())
    rows = [
        _row(each, key, stand.get(key), before.get(key, 0), now)
        for each in answers for key in each.question.parcels
    ]  # fmt: skip
    db.execute(_FORGET, {"parcels": parcels})
    insert_rows(db, parcel_questions, rows)


def ask_soon(
    db: Connection, actor: Actor, *, shipment_ids: Sequence[int], now: datetime
) -> Changes:
    """Let their carriers be asked about parcels at the next look, whenever it was to be.

    Raises:
        RefusedError: no carrier is connected, or none of them is on its way with a number.
    """
    actor.must(Permission.WORK)
    asked = {"parcels": list(shipment_ids), "since": now - FORGOTTEN}
    found = list(db.execute(_UNDER_WAY, asked).scalars()) if connected_carriers(db) else []
    if not found:
        raise RefusedError(
            "Nobody can be asked about that; nothing was asked.",
            "Connect the parcel's carrier on the page Channels. What has arrived is not asked about.",
        )
    db.execute(_FORGET, {"parcels": found})
    return Changes(f"Ask about {counted(len(found), 'parcel')}", Touched.SHIPMENTS, tuple(found))


_LIVE = (
    _parcel.voided_at.is_(None),
    _parcel.tracking_number != "",
    _parcel.shipped_at > bindparam("since"),
)
_NOT_THERE = or_(_said.status.is_(None), _said.status.not_in([x.value for x in ARRIVED]))
_CARRIERS = select(_parcel.carrier).where(*_LIVE).distinct()
_OPEN = (
    select(_parcel.id, _parcel.carrier, _parcel.tracking_number, _parcel.shipped_at)
    .outerjoin(parcel_states, _said.shipment_id == _parcel.id)
    .outerjoin(parcel_questions, _asked.shipment_id == _parcel.id)
    .where(
        *_LIVE, among(_parcel.carrier, "names"),
        _NOT_THERE,
        # Never asked, or it had arrived and has not by now: a code was given another meaning.
        or_(_asked.next_at.is_(None), _asked.next_at <= bindparam("now")),
    )
)  # fmt: skip
_UNDER_WAY = (
    select(_parcel.id)
    .outerjoin(parcel_states, _said.shipment_id == _parcel.id)
    .where(*_LIVE, among(_parcel.id, "parcels"), _NOT_THERE)
    .order_by(_parcel.id)
)
_WAITING = _OPEN.with_only_columns(_parcel.tracking_number).distinct()
_DUE = _OPEN.order_by(_asked.next_at.is_not(None), _asked.next_at, _parcel.id).limit(MOST)
_STANDS = select(_said.shipment_id, _said.status).where(among(_said.shipment_id, "parcels"))
_UNKNOWN = select(_asked.shipment_id, _asked.unknown).where(among(_asked.shipment_id, "parcels"))
_FORGET = parcel_questions.delete().where(among(_asked.shipment_id, "parcels"))


def _names(
    db: Connection, houses: Collection[str], left: Collection[str], now: datetime
) -> list[str]:
    """Return the carriers' names, as they stand with parcels, that are meant."""
    return [
        name for name in db.execute(_CARRIERS, {"since": now - FORGOTTEN}).scalars()
        if (house_of(name) in houses if houses else house_of(name) not in left)
    ]  # fmt: skip


def _row(
    each: Answered, key: int, status: str | None, unknown: int, now: datetime
) -> Mapping[str, Any]:
    unknown = 0 if each.is_known else unknown + 1
    stands = TrackingStatus(status) if status is not None else None
    return {
        "shipment_id": key, "asked_at": now, "unknown": unknown, "problem": each.problem[:300],
        "next_at": ask_again(stands, each.question.shipped_at, now, unknown),
    }  # fmt: skip
