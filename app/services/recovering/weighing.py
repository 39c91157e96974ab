"""What can be done about a parcel that went wrong, and what does each way cost? Reads only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from app.domain.parcels import state_of
from app.domain.recovering import matrix
from app.domain.recovering.claims import rule_for
from app.domain.recovering.matrix import (
    DEFAULT_MATRIX,
    Matrix,
    Offer,
    Parcel,
    Situation,
    read_matrix,
)
from app.domain.recovering.noticing import speaks_against
from app.domain.reservation import Claim, Shortfall, claim
from app.errors import NotFoundError, RefusedError
from app.models.base import is_state
from app.models.catalogue import skus
from app.models.damage import readable
from app.models.fulfilment import fulfilment_order_lines, shipments
from app.models.orders import order_lines, order_refunds, orders, reservations, total_of_order
from app.models.policy_versions import body_in_force
from app.models.returns import is_a_sale, recoveries, refunds
from app.models.tracking import parcel_states
from app.services import reserving
from app.services.planning.router import Router, routable

MATRIX = "recovery"
_MEND = "Write the recovery matrix anew, or restore a backup."


@dataclass(frozen=True, slots=True)
class Packed:
    """Units of one SKU in a parcel, of which line, and what the customer paid for them."""

    line_id: int
    external_id: str
    title: str
    sku_id: int
    sku: str
    quantity: int
    value: int
    cost: int | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A parcel with its ways out, best first; ``parcel`` is what they were weighed by."""

    shipment_id: int
    order_id: int
    currency: str
    parcel: Parcel
    offers: tuple[Offer, ...]
    matrix_version: int
    claim_due_at: datetime
    claim_source: str


def stored(db: Connection) -> tuple[int, Any]:
    """Return the version of the matrix that counts and what it says, as it is stored."""
    return body_in_force(db, MATRIX, DEFAULT_MATRIX)


def in_force(db: Connection) -> Matrix:
    """Return the owner's matrix."""
    with readable("The recovery matrix is", _MEND):
        return read_matrix(*stored(db))


def weigh(db: Connection, shipment_id: int, situation: str, *, now: datetime) -> Weighed:
    """Return the ways out of a parcel in a situation.

    Raises:
        NotFoundError: there is no such parcel.
        RefusedError: its carrier says something else of it.
    """
    row = parcel_row(db, shipment_id)
    if against := speaks_against(Situation(situation), state_of(row.parcel_status)):
        raise RefusedError(f"{against[0]} Nothing was changed.", against[1])
    packed = contents(db, shipment_id)
    rules = in_force(db)
    parcel = _parcel(db, row, packed, Situation(situation), now)
    rule = rule_for(row.carrier)
    return Weighed(
        shipment_id, row.order_id, row.currency, parcel, matrix.offers(rules, parcel, now),
        rules.version, rule.due_at(row.shipped_at), rule.source,
    )  # fmt: skip


def parcel_row(db: Connection, shipment_id: int) -> Any:
    """Return a live shipment with its order.

    Raises:
        NotFoundError: there is none, or it was taken back.
    """
    query = (
        select(orders, shipments.c.id.label("shipment_id"), shipments.c.order_id, shipments.c.carrier,
               shipments.c.tracking_number, shipments.c.shipped_at,
               parcel_states.c.status.label("parcel_status"))
        .join(orders, orders.c.id == shipments.c.order_id)
        .outerjoin(parcel_states, parcel_states.c.shipment_id == shipments.c.id)
        .where(shipments.c.id == shipment_id, shipments.c.voided_at.is_(None))
    )  # fmt: skip
    row = db.execute(query).first()
    if row is None:
        raise NotFoundError("There is no such parcel; nothing was changed.",
                            "Look for it among the shipments.")  # fmt: skip
    return row


def contents(db: Connection, shipment_id: int) -> list[Packed]:
    """Return what is in a parcel, with what the customer paid for it.

    A line that leaves in several pieces (parts of a kit, several parcels) is shared by units, the pieces
    that left first first: so all of them together are worth the line to the cent.
    """
    found: dict[tuple[int, int], Packed] = {}
    gone: Counter[int] = Counter()
    for row in db.execute(_PACKED, {"parcel": shipment_id}):
        before, after = gone[row.id], gone[row.id] + row.units
        gone[row.id] = after
        if row.shipment_id == shipment_id:
            whole = max(int(row.claimed or 0), int(row.in_all))
            worth = row.paid * after // whole - row.paid * before // whole
            here = found.get((row.id, row.sku_id))
            found[row.id, row.sku_id] = Packed(
                row.id, row.external_id, row.title, row.sku_id, row.code,
                row.units + (here.quantity if here else 0), worth + (here.value if here else 0), row.cost,
            )  # fmt: skip
    return [found[key] for key in sorted(found)]


_packed, _line = fulfilment_order_lines.c, order_lines.c
_CLAIMED: Final = (
    select(func.sum(reservations.c.quantity))
    .where(
        reservations.c.order_id == _line.order_id, reservations.c.order_line_id == _line.id,
        reservations.c.state != "released",
    )
    .correlate(order_lines)
    .scalar_subquery()
)  # fmt: skip
_IN_PARCEL: Final = (
    select(_packed.order_line_id)
    .join(shipments, shipments.c.fulfilment_order_id == _packed.fulfilment_order_id)
    .where(shipments.c.id == bindparam("parcel"))
)
_PACKED: Final = (
    select(
        _line.id, _line.external_id, _line.title, _packed.sku_id, skus.c.code, skus.c.cost,
        _packed.quantity.label("units"), shipments.c.id.label("shipment_id"),
        (_line.quantity * _line.unit_price - _line.discount + _line.tax).label("paid"),
        func.sum(_packed.quantity).over(partition_by=_line.id).label("in_all"), _CLAIMED.label("claimed"),
    )
    .join(order_lines, _line.id == _packed.order_line_id)
    .join(skus, skus.c.id == _packed.sku_id)
    .outerjoin(
        shipments,
        (shipments.c.fulfilment_order_id == _packed.fulfilment_order_id)
        & (shipments.c.voided_at.is_(None) | (shipments.c.id == bindparam("parcel"))),
    )
    .where(_line.id.in_(_IN_PARCEL), _packed.is_live | (shipments.c.id == bindparam("parcel")))
    .order_by(_packed.id)
)  # fmt: skip


def _parcel(
    db: Connection, row: Any, packed: list[Packed], situation: Situation, now: datetime
) -> Parcel:
    costs = [each.cost * each.quantity for each in packed if each.cost is not None]
    postage, missing = _again(db, row, packed, now)
    return Parcel(
        situation, row.channel, sum(each.value for each in packed), _spent(db, row),
        sum(costs) if len(costs) == len(packed) else None, postage, missing,
        _given_back(db, row.order_id),
    )  # fmt: skip


def _again(db: Connection, row: Any, packed: list[Packed], now: datetime) -> tuple[int | None, str]:
    """Return what sending it again costs, or what is missing for that."""
    pool = reserving.load_pool(db, {each.sku_id for each in packed})
    claims: list[Claim] = []
    for each in packed:
        got = claim(each.line_id, each.sku_id, each.quantity, pool)
        if isinstance(got, Shortfall):
            return None, f"{each.sku} is not in stock: {got.free} of {got.needed} are free"
        claims.extend(got)
    router = Router(db, now)
    found = router.suggest(routable(row), claims, pool)
    if not found.is_complete:
        return None, "no location can send all of it"
    return found.cost, ""


def _spent(db: Connection, row: Any) -> int:
    """Return what the customer has spent with the brand, in the order's currency."""
    same = orders.c.buyer_email == row.buyer_email
    if not row.buyer_email:
        same = (orders.c.buyer_name == row.buyer_name) & (
            orders.c.ship_postcode == row.ship_postcode
        )
    query = select(func.sum(total_of_order())).where(
        same, orders.c.currency == row.currency, orders.c.status != "cancelled", is_a_sale()
    )
    return int(db.execute(query).scalar() or 0)


def _given_back(db: Connection, order_id: int) -> int:
    """Return what was given back for an order, or is promised; the same money once."""
    told = select(func.coalesce(func.sum(order_refunds.c.amount), 0)).where(
        order_refunds.c.order_id == order_id
    )
    ours = select(func.coalesce(func.sum(refunds.c.amount), 0)).where(
        refunds.c.order_id == order_id, refunds.c.order_refund_id.is_(None),
        is_state(refunds.c.state, "due", "paid"),
    )  # fmt: skip
    return int(db.execute(told).scalar_one()) + int(db.execute(ours).scalar_one())


def live_recovery(db: Connection, shipment_id: int) -> Any:
    """Return the way that was chosen for a parcel and counts now, if there is one."""
    query = select(recoveries).where(
        recoveries.c.shipment_id == shipment_id, is_state(recoveries.c.state, "live")
    )
    return db.execute(query).first()
