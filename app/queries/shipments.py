"""Which parcels left, how far have they come, and does the channel know? One page at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, String, func, select

from app.domain.parcels import state_of
from app.domain.tracking.timeline import Scan, timeline
from app.errors import NotFoundError
from app.models.base import is_state
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.codebook import book, stored
from app.models.exchange import export_files, outbox_messages
from app.models.fulfilment import (
    fulfilment_order_lines,
    fulfilment_orders,
    shipments,
)
from app.models.governance import audit_entries
from app.models.inventory import locations
from app.models.orders import orders
from app.models.reports import reports_of
from app.models.tracking import parcel_states
from app.queries.shipment_search import LAST_SIGN, shipment_condition


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """One parcel that left. ``items`` reads "2 × TEA-001, 1 × MUG-BLUE".

    ``state`` is a ``ParcelState`` since ``since_at``, ``incident`` why it is not further (a name of
    ``Incident``, or nothing), ``scanned_at`` and ``scan`` what was said last. ``expected_at`` is when the
    carrier expects it to arrive. ``told`` is the state of
    the message to the channel, empty if there is none; ``told_at`` when its file was written.
    ``arrive_by`` was promised to the customer.
    """

    id: int
    order_id: int
    fulfilment_order_id: int
    number: str
    channel: str
    buyer_name: str
    city: str
    region: str
    carrier: str
    service: str
    tracking_number: str
    location: str
    items: str
    units: int
    shipped_at: datetime
    shipped_by: str
    arrive_by: datetime | None
    state: str
    incident: str
    since_at: datetime
    scanned_at: datetime | None
    scan: str
    expected_at: datetime | None
    attempts: int
    told: str
    told_at: datetime | None
    voided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One thing that was said of a parcel. ``means`` is a ``TrackingStatus``, ``state`` what it makes of
    the parcel. ``is_telling`` unless something said later had happened before; ``code`` is the carrier's
    own, ``source`` who said it.
    """

    at: datetime
    state: str
    means: str
    incident: str
    words: str
    place: str
    code: str
    carrier: str
    source: str
    is_telling: bool


@dataclass(frozen=True, slots=True)
class ParcelTrouble:
    """An open case about a parcel: what is wrong, what the customer feels, until when to decide."""

    title: str
    impact: str
    due_at: datetime
    usual: str


@dataclass(frozen=True, slots=True)
class ParcelDetail:
    """One parcel with its scans, oldest first; why it was voided and by whom; the file that told it;
    what is wrong with it."""

    row: ParcelRow
    scans: tuple[ScanRow, ...]
    void_reason: str
    voided_by: str
    told_in: str
    troubles: tuple[ParcelTrouble, ...] = ()


def parcel_rows(
    db: Connection,
    *,
    query: str = "",
    now: datetime,
    sort: str = "shipped_at",
    descending: bool = True,
    limit: int | None = 200,
    offset: int = 0,
) -> list[ParcelRow]:
    """Return a page of the parcels that a search finds; without a limit, all of them.

    Raises:
        SearchError: the query cannot be read.
    """
    ids = matching_parcels(
        db, query=query, now=now, sort=sort, descending=descending, limit=limit, offset=offset
    )
    return rows_of(db, ids)


def rows_of(db: Connection, parcel_ids: Sequence[int]) -> list[ParcelRow]:
    """Return the rows of these parcels, in the order given."""
    chunks = [parcel_ids[at : at + _CHUNK] for at in range(0, len(parcel_ids), _CHUNK)]
    return [row for chunk in chunks for row in _rows(db, chunk)]


def count_parcels(db: Connection, *, query: str = "", now: datetime) -> int:
    """Return how many parcels a search finds."""
    found = select(func.count()).select_from(shipments).where(shipment_condition(db, query, now))
    return db.execute(found).scalar_one()


def matching_parcels(
    db: Connection,
    *,
    query: str = "",
    now: datetime,
    sort: str = "shipped_at",
    descending: bool = True,
    limit: int | None = None,
    offset: int = 0,
) -> list[int]:
    """Return the parcels that a search finds, the newest in front."""
    by = SORTS.get(sort, shipments.c.shipped_at)
    ends = (by.desc(), shipments.c.id.desc()) if descending else (by.asc(), shipments.c.id.asc())
    found = select(shipments.c.id).where(shipment_condition(db, query, now))
    if sort in _OF_ORDER:
        found = found.join(orders, orders.c.id == shipments.c.order_id)
    if sort in _OF_STATE:
        found = found.outerjoin(parcel_states, parcel_states.c.shipment_id == shipments.c.id)
    return list(db.execute(found.order_by(*ends).limit(limit).offset(offset)).scalars())


def parcel_detail(db: Connection, parcel_id: int) -> ParcelDetail:
    """Return one parcel, whole.

    Raises:
        NotFoundError: there is none.
    """
    found = _rows(db, [parcel_id])
    if not found:
        raise NotFoundError("That parcel is not here any more.", "Look at the list again.")
    row = found[0]
    reason, who = _voided(db, row) if row.voided_at else ("", "")
    return ParcelDetail(
        row, _scans(db, row.id), reason, who, _told_in(db, row.id), _troubles(db, row)
    )


def parcels_numbered(db: Connection, number: str) -> tuple[int, ...]:
    """Return the parcels with this tracking number, however it is typed; those that count in front."""
    plain = "".join(number.split()).replace("-", "").upper()
    bare = func.replace(shipments.c.tracking_number, " ", "", type_=String)
    same = func.upper(func.replace(bare, "-", "", type_=String), type_=String) == plain
    query = select(shipments.c.id).where((shipments.c.tracking_number == number) | same)
    ends = (shipments.c.voided_at.is_not(None), shipments.c.id)
    return tuple(db.execute(query.order_by(*ends)).scalars())


_CHUNK: Final = 500
_OF_ORDER: Final = ("number", "channel", "buyer_name", "arrive_by")
_OF_STATE: Final = ("quiet", "expected_at")
SORTS: Final[Mapping[str, ColumnElement[Any]]] = {
    "shipped_at": shipments.c.shipped_at,
    "carrier": shipments.c.carrier,
    "tracking": shipments.c.tracking_number,
    "number": orders.c.number,
    "channel": orders.c.channel,
    "buyer_name": orders.c.buyer_name,
    "arrive_by": orders.c.deliver_by,
    "quiet": LAST_SIGN,
    "expected_at": parcel_states.c.expected_at,
}


def _rows(db: Connection, ids: Sequence[int]) -> list[ParcelRow]:
    found = {row.id: row for row in db.execute(_PARCELS.where(shipments.c.id.in_(ids)))}
    items = _items(db, [row.fulfilment_order_id for row in found.values()])
    told = _messages(db, {row.order_id for row in found.values()})
    return [_row(found[each], items, told) for each in ids if each in found]


_PARCELS: Final = (
    select(
        shipments, locations.c.name.label("location"), orders.c.number, orders.c.channel,
        orders.c.buyer_name, orders.c.ship_name, orders.c.ship_city, orders.c.ship_state,
        orders.c.ship_country, orders.c.deliver_by, parcel_states.c.status,
        parcel_states.c.incident, parcel_states.c.since_at, parcel_states.c.last_scan_at,
        parcel_states.c.said, parcel_states.c.place, parcel_states.c.expected_at,
        parcel_states.c.attempts,
    )
    .outerjoin(parcel_states, parcel_states.c.shipment_id == shipments.c.id)
    .join(orders, orders.c.id == shipments.c.order_id)
    .join(fulfilment_orders, fulfilment_orders.c.id == shipments.c.fulfilment_order_id)
    .join(locations, locations.c.id == fulfilment_orders.c.location_id)
)  # fmt: skip


def _row(
    row: Any,
    items: Mapping[int, list[tuple[str, int]]],
    told: Mapping[int, Any],
) -> ParcelRow:
    message = told.get(row.id)
    inside = items.get(row.fulfilment_order_id, [])
    return ParcelRow(
        id=row.id,
        order_id=row.order_id,
        fulfilment_order_id=row.fulfilment_order_id,
        number=row.number,
        channel=row.channel,
        buyer_name=row.buyer_name or row.ship_name,
        city=row.ship_city,
        region=row.ship_state or row.ship_country,
        carrier=row.carrier,
        service=row.service,
        tracking_number=row.tracking_number,
        location=row.location,
        items=", ".join(f"{units} × {code}" for code, units in inside),
        units=sum(units for _code, units in inside),
        shipped_at=row.shipped_at,
        shipped_by=row.actor,
        arrive_by=row.deliver_by,
        state=state_of(row.status, is_voided=row.voided_at is not None),
        incident=row.incident or "",
        since_at=row.since_at or row.shipped_at,
        scanned_at=row.last_scan_at or (row.since_at if row.status else None),
        scan=", ".join(part for part in (row.said, row.place) if part),
        expected_at=row.expected_at,
        attempts=row.attempts or 0,
        told=message.state if message else "",
        told_at=message.sent_at if message else None,
        voided_at=row.voided_at,
    )


def _items(db: Connection, part_ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    line = fulfilment_order_lines.c
    query = (
        select(line.fulfilment_order_id, skus.c.code, func.sum(line.quantity))
        .join(skus, skus.c.id == line.sku_id)
        .where(line.fulfilment_order_id.in_(part_ids))
        .group_by(line.fulfilment_order_id, skus.c.code)
        .order_by(func.min(line.id))
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for part, code, units in db.execute(query):
        found.setdefault(part, []).append((code, int(units)))
    return found


def _messages(db: Connection, order_ids: set[int]) -> dict[int, Any]:
    """Return, by parcel, the message that tells its channel; found by order, which has an index."""
    message = outbox_messages.c
    query = select(message.shipment_id, message.state, message.sent_at).where(
        message.order_id.in_(order_ids),
        message.kind == "ship_confirm",
        message.shipment_id.is_not(None),
    )
    return {row.shipment_id: row for row in db.execute(query)}


def _scans(db: Connection, parcel_id: int) -> tuple[ScanRow, ...]:
    said = reports_of(db, [parcel_id]).get(parcel_id, [])
    return tuple(_scan(each) for each in timeline(said, book(db)).scans)


def _scan(scan: Scan) -> ScanRow:
    return ScanRow(
        scan.at, state_of(scan.status), scan.status, stored(scan.incident), scan.words, scan.place,
        scan.code, scan.carrier, scan.source, scan.is_telling,
    )  # fmt: skip


def _troubles(db: Connection, row: ParcelRow) -> tuple[ParcelTrouble, ...]:
    case = exception_cases.c
    query = (
        select(case.title, case.impact, case.due_at, case.facts)
        .where(
            is_state(case.state, "open"), case.subject_kind == "shipment", case.subject_id == row.id
        )
        .order_by(case.due_at)
    )
    return tuple(
        ParcelTrouble(
            each.title.removeprefix(f"Order {row.number}: "), each.impact, each.due_at,
            str(each.facts.get("sentence", "")),
        )
        for each in db.execute(query)
    )  # fmt: skip


def _told_in(db: Connection, parcel_id: int) -> str:
    """Return the name of the file that told the channel of a parcel."""
    message = outbox_messages.c
    query = (
        select(export_files.c.name)
        .join(outbox_messages, message.export_file_id == export_files.c.id)
        .join(shipments, shipments.c.order_id == message.order_id)
        .where(shipments.c.id == parcel_id, message.shipment_id == parcel_id)
    )
    return db.execute(query).scalars().first() or ""


def _voided(db: Connection, row: ParcelRow) -> tuple[str, str]:
    """Return why a parcel was taken back and by whom: the audit chain alone remembers."""
    table = audit_entries.c
    query = select(table.reason, table.actor, table.before).where(
        table.subject == f"order:{row.order_id}", table.action == "void shipment"
    )
    for entry in db.execute(query):
        if json.loads(entry.before).get("shipment") == row.id:
            return entry.reason, entry.actor
    return "", ""
