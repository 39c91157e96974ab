"""What happens to stock besides being sold: things break, turn up, move and are photographed."""

from __future__ import annotations

from datetime import datetime

from app.services import stock
from app.services.demo.premises import RENO, SHOP, STUDIO
from app.services.demo.working import Workday
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


def _has(day: Workday, sku: str, place: str, units: int) -> bool:
    """Whether so many units lie there that nobody has bought."""
    there = free_at(day.db, sku_id(day.db, sku), location_id(day.db, place))
    return there >= units
