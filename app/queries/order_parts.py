"""What is an order made of: lines, holds, changes, parts to ship, shipments, notes?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.explaining import Wording
from app.domain.versions import differences
from app.models.catalogue import skus
from app.models.exchange import outbox_messages
from app.models.fulfilment import fulfilment_order_lines, fulfilment_orders, shipments
from app.models.inventory import locations, network_stock
from app.models.orders import holds, order_changes, order_lines, order_notes, orders

_CLAIMS: Mapping[str, str] = {
    "reserved": "reserved",
    "short": "not enough stock",
    "unmapped": "code not linked",
    "none": "not reserved",
}


@dataclass(frozen=True, slots=True)
class LineRow:
    """One order line. Amounts are minor units: for one unit, or (discount, tax) the whole line.

    ``sku`` is the desk's own code, empty while the channel's ``sku_text`` is not linked. ``claim``
    is reserved, short, unmapped or none; ``claim_words`` says how far the line has come. ``free`` are
    the units of the SKU that no order has claimed yet, ``pack`` those in one that was sold.
    """

    id: int
    sku: str
    sku_text: str
    title: str
    quantity: int
    unit_price: int
    discount: int
    tax: int
    claim: str
    claim_words: str
    free: int
    is_kit: bool
    pack: int = 1

    @property
    def units(self) -> int:
        """The units of the SKU that the line takes."""
        return self.quantity * self.pack


@dataclass(frozen=True, slots=True)
class HoldRow:
    """Why an order is kept back, and (if it is so) until when."""

    code: str
    reason: str
    raised_by: str
    raised_at: datetime
    until: datetime | None
    released_by: str
    released_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it still holds the order."""
        return self.released_at is None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A later version from the channel: each difference as one sentence. ``state``: open, applied
    or declined."""

    id: int
    state: str
    seen_at: datetime
    decided_by: str
    decided_at: datetime | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FulfilmentRow:
    """What one location ships. ``state``: open, shipped or cancelled; ``lines`` are (SKU, units)."""

    id: int
    location_id: int
    location: str
    location_code: str
    state: str
    service: str
    items: str
    lines: tuple[tuple[str, int], ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ShipmentRow:
    """One parcel that left. ``told`` says in words whether the channel knows, ``told_at`` since when."""

    id: int
    fulfilment_order_id: int
    location: str
    carrier: str
    service: str
    tracking_number: str
    shipped_at: datetime
    actor: str
    is_voided: bool
    told: str
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note beside the order."""

    text: str
    actor: str
    written_at: datetime


def lines(db: Connection, order_id: int) -> tuple[LineRow, ...]:
    """Return the order's lines in their order."""
    query = (
        select(
            order_lines,
            skus.c.code.label("sku"),
            skus.c.is_kit,
            func.coalesce(network_stock.c.free - network_stock.c.reserved, 0).label("free"),
        )
        .outerjoin(skus, skus.c.id == order_lines.c.sku_id)
        .outerjoin(network_stock, network_stock.c.sku_id == order_lines.c.sku_id)
        .where(order_lines.c.order_id == order_id)
        .order_by(order_lines.c.position, order_lines.c.id)
    )
    given = _given(db, order_id)
    return tuple(
        LineRow(
            row.id, row.sku or "", row.sku_text, row.title, row.quantity, row.unit_price,
            row.discount, row.tax, row.claim, _claim_words(row, given.get(row.id, set())),
            max(0, int(row.free)), bool(row.is_kit), row.pack,
        )
        for row in db.execute(query)
    )  # fmt: skip


def _given(db: Connection, order_id: int) -> dict[int, set[str]]:
    """Return, by line, the states of the parts that locations ship of it."""
    query = (
        select(fulfilment_order_lines.c.order_line_id, fulfilment_orders.c.state)
        .join(
            fulfilment_orders,
            fulfilment_orders.c.id == fulfilment_order_lines.c.fulfilment_order_id,
        )
        .where(fulfilment_orders.c.order_id == order_id, fulfilment_orders.c.state != "cancelled")
    )
    found: dict[int, set[str]] = {}
    for line_id, state in db.execute(query):
        found.setdefault(line_id, set()).add(state)
    return found


def _claim_words(line: Any, given: set[str]) -> str:
    if given:
        return "shipped" if given == {"shipped"} else "allocated"
    if line.claim == "none" and not (line.requires_shipping and line.quantity):
        return "nothing to ship"
    return _CLAIMS.get(line.claim, line.claim)


def holds_of(db: Connection, order_id: int) -> tuple[HoldRow, ...]:
    """Return the order's holds, those in force first."""
    query = (
        select(holds)
        .where(holds.c.order_id == order_id)
        .order_by(holds.c.released_at.is_not(None), holds.c.id)
    )
    return tuple(
        HoldRow(
            row.code, row.reason, row.raised_by, row.raised_at, row.until, row.released_by or "",
            row.released_at,
        )
        for row in db.execute(query)
    )  # fmt: skip


def changes(db: Connection, order_id: int, wording: Wording) -> tuple[ChangeRow, ...]:
    """Return the versions that the channel sent later, compared with what is here, in words."""
    found = db.execute(
        select(order_changes)
        .where(order_changes.c.order_id == order_id)
        .order_by(order_changes.c.state != "open", order_changes.c.id.desc())
    ).all()
    if not found:
        return ()
    here = _version(db, order_id)
    return tuple(
        ChangeRow(
            row.id, row.state, row.seen_at, row.decided_by or "", row.decided_at,
            differences(
                here if row.state == "open" else row.before, row.after, wording.money
            ),
        )
        for row in found
    )  # fmt: skip


def _version(db: Connection, order_id: int) -> dict[str, Any]:
    """Return the version that is here, in the shape in which a change keeps the other one."""
    row = db.execute(select(orders).where(orders.c.id == order_id)).one()._mapping  # noqa: SLF001
    ship_to = {
        name.removeprefix("ship_"): row[name]
        for name in row
        if name.startswith("ship_") and name != "ship_by"
    }
    amounts = {name: row[name] for name in ("currency", "shipping", "tax", "discount", "total")}
    there = [
        {"external_id": external_id, "sku_text": code, "quantity": quantity, "unit_price": price}
        for external_id, code, quantity, price in db.execute(
            select(
                order_lines.c.external_id, order_lines.c.sku_text, order_lines.c.quantity,
                order_lines.c.unit_price,
            ).where(order_lines.c.order_id == order_id).order_by(order_lines.c.position)
        )
    ]  # fmt: skip
    return {**amounts, "ship_to": ship_to, "lines": there}


def fulfilment(db: Connection, order_id: int) -> tuple[FulfilmentRow, ...]:
    """Return what each location has to ship, cancelled parts last."""
    query = (
        select(fulfilment_orders, locations.c.name, locations.c.code)
        .join(locations, locations.c.id == fulfilment_orders.c.location_id)
        .where(fulfilment_orders.c.order_id == order_id)
        .order_by(fulfilment_orders.c.state == "cancelled", fulfilment_orders.c.id)
    )
    units = _fulfilment_lines(db, order_id)
    return tuple(
        FulfilmentRow(
            row.id, row.location_id, row.name, row.code, row.state, row.service,
            ", ".join(f"{n} × {code}" for code, n in units.get(row.id, ())),
            tuple(units.get(row.id, ())), row.created_at,
        )
        for row in db.execute(query)
    )  # fmt: skip


def _fulfilment_lines(db: Connection, order_id: int) -> dict[int, list[tuple[str, int]]]:
    line = fulfilment_order_lines.c
    query = (
        select(line.fulfilment_order_id, skus.c.code, func.sum(line.quantity))
        .join(skus, skus.c.id == line.sku_id)
        .join(fulfilment_orders, fulfilment_orders.c.id == line.fulfilment_order_id)
        .where(fulfilment_orders.c.order_id == order_id)
        .group_by(line.fulfilment_order_id, skus.c.code)
        .order_by(func.min(line.id))
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for key, code, units in db.execute(query):
        found.setdefault(key, []).append((code, int(units)))
    return found


TOLD: Mapping[str, str] = {
    "pending": "the channel is not told yet",
    "sent": "in a file for the channel",
    "acked": "the channel knows",
    "rejected": "the channel refused it",
    "in_doubt": "unclear whether the channel knows",
    "dead": "given up",
    "recalled": "taken back before the channel was told",
}


def shipments_of(db: Connection, order_id: int) -> tuple[ShipmentRow, ...]:
    """Return the parcels that left, with what the channel knows of each."""
    message = outbox_messages.c
    query = (
        select(shipments, locations.c.name, message.state, message.sent_at)
        .join(fulfilment_orders, fulfilment_orders.c.id == shipments.c.fulfilment_order_id)
        .join(locations, locations.c.id == fulfilment_orders.c.location_id)
        .outerjoin(
            outbox_messages,
            (message.shipment_id == shipments.c.id) & (message.kind == "ship_confirm"),
        )
        .where(shipments.c.order_id == order_id)
        .order_by(shipments.c.id)
    )
    return tuple(
        ShipmentRow(
            row.id, row.fulfilment_order_id, row.name, row.carrier, row.service,
            row.tracking_number, row.shipped_at, row.actor, row.voided_at is not None,
            TOLD.get(row.state or "", ""), row.sent_at,
        )
        for row in db.execute(query)
    )  # fmt: skip


def notes(db: Connection, order_id: int) -> tuple[NoteRow, ...]:
    """Return the notes, oldest first."""
    query = select(order_notes).where(order_notes.c.order_id == order_id).order_by(order_notes.c.id)
    return tuple(NoteRow(row.text, row.actor, row.written_at) for row in db.execute(query))
