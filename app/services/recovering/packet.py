"""What does a carrier want to see with a claim: who sent what to whom, what it was worth, what was scanned?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.orders import Address
from app.domain.papers import Sender
from app.domain.recovering.claims import rule_for
from app.domain.recovering.matrix import SITUATIONS, Situation
from app.models import house
from app.models.fulfilment import fulfilment_orders, routing_decisions, shipments
from app.models.inventory import locations
from app.models.orders import orders
from app.models.returns import replacement_orders
from app.services.recovering import claiming
from app.services.recovering.weighing import Packed, contents, parcel_row


@dataclass(frozen=True, slots=True)
class ClaimPacket:
    """Everything that a claim needs; amounts are minor units of ``currency``."""

    claim_id: int
    shipment_id: int
    carrier: str
    service: str
    tracking_number: str
    reference: str
    situation: str
    sender: Sender
    sent_from: str
    address: Address
    order_number: str
    placed_at: datetime
    shipped_at: datetime
    promised_at: datetime | None
    lines: tuple[Packed, ...]
    amount: int
    postage: int
    currency: str
    opens_at: datetime | None
    due_at: datetime
    source: str
    replaced_by: str


def claim_packet(db: Connection, claim_id: int) -> ClaimPacket:
    """Return what goes with a claim.

    Raises:
        NotFoundError: there is no such claim, or its parcel was taken back.
    """
    claim = claiming.claim(db, claim_id)
    row = parcel_row(db, claim.shipment_id)
    left = _left(db, claim.shipment_id)
    address = Address(
        row.ship_name, row.ship_company, row.ship_line1, row.ship_line2, row.ship_line3,
        row.ship_city, row.ship_state, row.ship_postcode, row.ship_country,
    )  # fmt: skip
    return ClaimPacket(
        claim_id, claim.shipment_id, claim.carrier, left.service, row.tracking_number,
        claim.reference, SITUATIONS[Situation(claim.situation)], house.sender(db), left.name, address,
        row.number, row.placed_at, row.shipped_at, row.deliver_by,
        tuple(contents(db, claim.shipment_id)), claim.amount, left.cost, claim.currency,
        claim.opens_at, claim.due_at, rule_for(claim.carrier).source,
        _replaced_by(db, claim.shipment_id),
    )  # fmt: skip


def _left(db: Connection, shipment_id: int) -> Any:
    """Return where it left, with which service, and what was to be paid for sending it."""
    query = (
        select(shipments.c.service, locations.c.name, routing_decisions.c.cost)
        .join(fulfilment_orders, fulfilment_orders.c.id == shipments.c.fulfilment_order_id)
        .join(locations, locations.c.id == fulfilment_orders.c.location_id)
        .join(routing_decisions, routing_decisions.c.id == fulfilment_orders.c.decision_id)
        .where(shipments.c.id == shipment_id)
    )
    return db.execute(query).one()


def _replaced_by(db: Connection, shipment_id: int) -> str:
    query = (
        select(orders.c.number)
        .join(replacement_orders, replacement_orders.c.order_id == orders.c.id)
        .where(replacement_orders.c.shipment_id == shipment_id, orders.c.status != "cancelled")
        .order_by(orders.c.id.desc())
    )
    return str(db.execute(query).scalars().first() or "")
