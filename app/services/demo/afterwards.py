"""What happens after parcels have left: some come back, one is claimed, one makes somebody wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.models.catalogue import skus
from app.models.fulfilment import fulfilment_order_lines, shipments
from app.models.orders import orders
from app.models.returns import return_units, returns
from app.services.demo.premises import RENO, STUDIO
from app.services.demo.working import Workday
from app.services.recovering import choosing, claiming
from app.services.returning import announcing, orphans, paying, receiving

_HERE = timedelta(minutes=15)


def after_days(day: Workday, before_last: int, now: datetime) -> None:
    """Let happen what belongs to this morning, so many working days before the last one."""
    step = _STEPS.get(before_last)
    if step is not None:
        step(day, now + _HERE)


def _opened(day: Workday, now: datetime, why: str, words: str, tracking: str = "") -> None:
    row = _left(day, now, timedelta(days=25))
    if row is not None:
        announcing.open_return(
            day.db, day.actor, order_id=row.order_id, reason_code=why, reason=words,
            carrier="USPS" if tracking else "", tracking_number=tracking, now=now,
        )  # fmt: skip


def _partly_kept(day: Workday, now: datetime) -> None:
    _opened(day, now, "not_as_described", "The glaze is darker than in the photograph.")


def _came_opened(day: Workday, now: datetime) -> None:
    for row in _first(day):
        receiving.receive_return(day.db, day.actor, return_id=row.id, location=STUDIO, now=now)


def _looked_at(day: Workday, now: datetime) -> None:
    ids = _units(day, 1)
    if ids:
        receiving.inspect_return(day.db, day.actor, unit_ids=ids, grade="B",
                                 finding="Opened, the box has a dent.", now=now)  # fmt: skip
        half = sum(row.worth for row in _rows(day, 1)) * 3 // 4
        (refund,) = paying.promise_refund(day.db, day.actor, unit_ids=ids, amount=half,
                                          reason="A quarter off for the box.", now=now).done  # fmt: skip
        paying.pay_refund(day.db, day.actor, refund_id=refund, now=now)
    _opened(day, now, "changed_mind", "Ordered two sizes to compare.")


def _second_came(day: Workday, now: datetime) -> None:
    if _units(day, 2):
        receiving.receive_return(day.db, day.actor, return_id=2, location=RENO, now=now)
        receiving.inspect_return(day.db, day.actor, unit_ids=_units(day, 2), grade="A", now=now)
    _opened(day, now, "damaged", "The lid is chipped, see the photographs.")


def _third_came(day: Workday, now: datetime) -> None:
    if _units(day, 3):
        receiving.receive_return(day.db, day.actor, return_id=3, location=STUDIO, now=now)
    _opened(day, now, "changed_mind", "A gift that they had already.", "9400111899223197428490")


def _last_things(day: Workday, now: datetime) -> None:
    if _units(day, 2):
        paying.promise_refund(day.db, day.actor, unit_ids=_units(day, 2), reason="As new.", now=now)
    row = _left(day, now, timedelta(days=40))
    if row is not None:
        orphans.take_parcel(day.db, day.actor, location=STUDIO, lines=[(_sku(day, row), 1)],
                            sender=row.buyer_name, clue="thank you, too big for our shelf", now=now)  # fmt: skip
    old = _left(day, now, timedelta(days=57), timedelta(days=44))
    if old is not None:
        claiming.open_claim(
            day.db, day.actor, shipment_id=old.shipment_id, situation="damaged", now=now
        )
    late = _left(day, now, timedelta(days=20))
    if late is not None:
        choosing.recover(day.db, day.actor, shipment_id=late.shipment_id, situation="late", kind="wait",
                         reason="The customer does not mind.", now=now)  # fmt: skip


_STEPS = {
    11: _partly_kept, 8: _came_opened, 6: _looked_at, 5: _second_came, 3: _third_came, 1: _last_things,
}  # fmt: skip


def _left(
    day: Workday, now: datetime, at_most: timedelta, at_least: timedelta = timedelta(days=3)
) -> Any:
    """Return the newest parcel of that age whose order has no return and no claim."""
    query = (
        select(shipments.c.id.label("shipment_id"), shipments.c.order_id,
               shipments.c.fulfilment_order_id, orders.c.buyer_name)
        .join(orders, orders.c.id == shipments.c.order_id)
        .where(
            shipments.c.shipped_at < now - at_least, shipments.c.shipped_at > now - at_most,
            shipments.c.voided_at.is_(None), orders.c.total > 1500,
            orders.c.id.not_in(select(returns.c.order_id).where(returns.c.order_id.is_not(None))),
        )
        .order_by(shipments.c.id.desc())
    )  # fmt: skip
    return day.db.execute(query).first()


def _sku(day: Workday, row: Any) -> str:
    packed = fulfilment_order_lines.c
    query = (
        select(skus.c.code)
        .join(fulfilment_order_lines, packed.sku_id == skus.c.id)
        .where(packed.fulfilment_order_id == row.fulfilment_order_id)
        .order_by(packed.id)
    )
    return str(day.db.execute(query).scalars().first())


def _first(day: Workday) -> list[Any]:
    return list(day.db.execute(select(returns.c.id).where(returns.c.id == 1)))


def _rows(day: Workday, return_id: int) -> list[Any]:
    query = select(return_units).where(return_units.c.return_id == return_id)
    return list(day.db.execute(query.order_by(return_units.c.id)))


def _units(day: Workday, return_id: int) -> list[int]:
    return [row.id for row in _rows(day, return_id)]
