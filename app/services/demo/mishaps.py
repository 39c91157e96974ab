"""What happens to stock besides being sold: things break, turn up, move and are photographed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select

from app.models.catalogue import skus
from app.models.inventory import stock_levels
from app.services import stock
from app.services.demo.premises import RENO, SHOP, STUDIO
from app.services.demo.working import Workday
from app.services.stockroom import counting
from app.services.stockroom.moving import free_at, location_id, sku_id


def mishap(day: Workday, week: int, now: datetime) -> None:
    """Let this week's mishap happen, if the shelf is not empty just then."""
    db, actor = day.db, day.actor
    match week % 5:
        case 0 if _has(day, "MUG-TID-012", RENO, 2):
            stock.adjust(db, actor, sku="MUG-TID-012", location=RENO, quantity=-2,
                         reason="Two mugs broken on the pallet, photos with the carrier.", now=now)  # fmt: skip
        case 1 if _has(day, "TEA-SAM-006", STUDIO, 3):
            stock.transfer(db, actor, sku="TEA-SAM-006", origin=STUDIO, destination=SHOP,
                           quantity=3, reason="Tasting in the tea room.", now=now)  # fmt: skip
        case 2 if _has(day, "TEA-EGR-100", STUDIO, 1):
            stock.adjust(db, actor, sku="TEA-EGR-100", location=STUDIO, quantity=-1,
                         reason="Opened for the autumn photographs.", now=now)  # fmt: skip
        case 3:
            stock.adjust(db, actor, sku="BWL-CHA-400", location=SHOP, quantity=1,
                         reason="Found in the window display.", now=now)  # fmt: skip
        case 4 if _has(day, "TEA-MNT-040", STUDIO, 2):
            stock.adjust(db, actor, sku="TEA-MNT-040", location=STUDIO, quantity=-2,
                         reason="Damp: the seal of two pouches was open.", now=now)  # fmt: skip


def count_some(day: Workday, week: int, now: datetime) -> None:
    """Count this week's shelves of the studio; every eighth week one of them is a unit short."""
    db, actor = day.db, day.actor
    kept = db.execute(_KEPT, {"place": location_id(db, STUDIO)}).all()
    here = [kept[(week * COUNTED + n) % len(kept)] for n in range(min(COUNTED, len(kept)))]
    if not here:
        return
    count_id = counting.start_count(
        db, actor, location=STUDIO, codes=[row.code for row in here], note=f"Week {week}", now=now
    ).done[0]
    for n, row in enumerate(here):
        is_off = week % 8 == 0 and n == 0 and _has(day, row.code, STUDIO, 3)
        counting.enter_count(db, actor, count_id=count_id, sku=row.code,
                             units=row.on_hand - is_off, now=now)  # fmt: skip
    counting.close_count(db, actor, count_id=count_id, now=now)


COUNTED: Final = 8
_KEPT: Final = (
    select(skus.c.code, stock_levels.c.on_hand)
    .join(skus, skus.c.id == stock_levels.c.sku_id)
    .where(stock_levels.c.location_id == bindparam("place"), stock_levels.c.on_hand > 0)
    .order_by(skus.c.code)
)


def _has(day: Workday, sku: str, place: str, units: int) -> bool:
    """Whether so many units lie there that nobody has bought."""
    there = free_at(day.db, sku_id(day.db, sku), location_id(day.db, place))
    return there >= units
