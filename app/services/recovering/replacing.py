"""Send what was lost again: an order of its own, worth nothing, that goes the way of every order."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.orders import Address, IncomingLine, IncomingOrder
from app.domain.roles import Actor
from app.errors import RefusedError
from app.models.bulk import insert_rows
from app.models.orders import reservations
from app.models.returns import replacement_orders
from app.services import holding, intake
from app.services.order_rows import Arrival
from app.services.recovering.weighing import Packed


def send_again(
    db: Connection, actor: Actor, row: Any, packed: list[Packed], *, now: datetime
) -> int:
    """Open the order that replaces what was in a parcel, reserved and routed; return its id.

    Raises:
        RefusedError: what is needed is not in stock any more.
    """
    count = db.execute(
        select(func.count()).where(replacement_orders.c.original_order_id == row.order_id)
    ).scalar_one()
    order = _order(row, packed, count + 1, now)
    arrival = Arrival(row.account_id, f"recovery:{row.shipment_id}")
    taken = intake.take_in(db, actor, arrival=arrival, incoming=[order], now=now)
    (order_id,) = taken.changes.done
    _must_hold(db, order_id, packed)
    insert_rows(
        db, replacement_orders,
        [{"order_id": order_id, "original_order_id": row.order_id, "shipment_id": row.shipment_id}],
    )  # fmt: skip
    words = f"Replaces what was in parcel {row.tracking_number} of order {row.number}."
    holding.write_note(db, actor, order_id=order_id, text=words, now=now)
    return order_id


def _order(row: Any, packed: list[Packed], nth: int, now: datetime) -> IncomingOrder:
    alone = Counter(each.line_id for each in packed)
    return IncomingOrder(
        channel=row.channel,
        external_id=f"{row.external_id}/R{nth}",
        number=f"{row.number}-R{nth}",
        placed_at=now,
        currency=row.currency,
        lines=tuple(
            IncomingLine(
                each.external_id if alone[each.line_id] == 1 else f"{each.external_id}:{each.sku}",
                each.sku, each.title, each.quantity,
            )
            for each in packed
        ),
        ship_to=Address(
            row.ship_name, row.ship_company, row.ship_line1, row.ship_line2, row.ship_line3,
            row.ship_city, row.ship_state, row.ship_postcode, row.ship_country, row.ship_phone,
        ),
        buyer_name=row.buyer_name,
        buyer_email=row.buyer_email,
        service=row.service,
        total=0,
    )  # fmt: skip


def _must_hold(db: Connection, order_id: int, packed: list[Packed]) -> None:
    kept = reservations.c
    query = (
        select(kept.sku_id, func.sum(kept.quantity))
        .where(kept.order_id == order_id, kept.state == "held")
        .group_by(kept.sku_id)
    )
    held = {sku: int(count) for sku, count in db.execute(query)}
    wanted: Counter[int] = Counter()
    for each in packed:
        wanted[each.sku_id] += each.quantity
    if held != wanted:
        raise RefusedError(
            "What was in the parcel is not in stock any more; nothing was sent again.",
            "Choose another way out, or receive stock first.",
        )
