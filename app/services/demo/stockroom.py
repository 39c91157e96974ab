"""What goes on in the stockroom today: deliveries on their way, stock between places, broken cups."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, select

from app.domain.roles import Actor
from app.models.catalogue import skus
from app.models.inventory import network_stock, stock_levels
from app.services import linking
from app.services.demo.premises import RENO, SHOP, STUDIO, Premises
from app.services.stockroom import aside, expecting
from app.services.stockroom.moving import location_id

PACK = ("ebay", "TEA-BRK-100-6PK", "TEA-BRK-100", 6)
_SPARE = 2  # units that stay for orders, whatever is set aside or sent


def teach_packs(db: Connection, actor: Actor, premises: Premises, *, now: datetime) -> None:
    """Teach what is sold in sixes on eBay."""
    channel, code, sku, pack = PACK
    linking.teach(db, actor, premises.accounts[channel], code, sku, now=now, pack=pack)


def todays_stockroom(db: Connection, actor: Actor, now: datetime) -> None:
    """Expect two deliveries, one of them late; send stock; set some aside; take a return."""
    expecting.expect(
        db, actor, location=RENO, number="PO-1187", supplier="Dory Point Pottery",
        lines=[("POT-TID-900", 24), ("BWL-RIC-300", 36)], expected_at=now + timedelta(days=6), now=now,
    )  # fmt: skip
    late = expecting.expect(
        db, actor, location=STUDIO, number="PO-1179", supplier="Leaf & Harbor Imports",
        lines=[("TEA-MAT-100", 40), ("TEA-DEC-100", 30), ("JAR-TEA-500", 12)],
        expected_at=now - timedelta(days=1), now=now,
    )  # fmt: skip
    expecting.receive_expected(
        db, actor, receipt_id=late.done[0], arrived={"JAR-TEA-500": 5}, now=now,
        reason="One carton came ahead of the others",
    )  # fmt: skip
    travelling, units = _spare(db, STUDIO, 3)
    expecting.send_transfer(
        db, actor, origin=STUDIO, destination=SHOP, lines=[(travelling, units)],
        expected_at=now + timedelta(days=2), note="For the Saturday tasting", now=now,
    )  # fmt: skip
    broken, units = _spare(db, STUDIO, 2)
    aside.set_aside(
        db, actor, sku=broken, location=STUDIO, quantity=units, bucket="damaged",
        reason="Damaged: the shelf above came down.", now=now,
    )  # fmt: skip
    smelling, units = _spare(db, RENO, 3)
    aside.set_aside(
        db, actor, sku=smelling, location=RENO, quantity=units, bucket="quarantine",
        reason="The carton smells of soap; ask the supplier.", now=now,
    )  # fmt: skip
    aside.take_return(
        db, actor, sku="MUG-DOR-008", location=SHOP, quantity=1,
        reason="Came back unopened, the box is dented.", now=now,
    )  # fmt: skip


def _spare(db: Connection, place: str, most: int) -> tuple[str, int]:
    """Return the SKU that a place has most of beyond all that is sold, and units that it can spare."""
    where = location_id(db, place)
    net, level = network_stock.c, stock_levels.c
    here = level.on_hand - level.unavailable - level.allocated - level.suggested
    left = net.free - net.reserved
    query = (
        select(skus.c.code, case((here < left, here), else_=left).label("units"))
        .join(stock_levels, level.sku_id == skus.c.id)
        .join(network_stock, net.sku_id == skus.c.id)
        .where(level.location_id == where)
        .order_by(case((here < left, here), else_=left).desc(), skus.c.code)
    )
    code, units = db.execute(query.limit(1)).one()
    return str(code), max(1, min(most, int(units) - _SPARE))
