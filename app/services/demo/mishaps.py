"""What happens to stock besides being sold: things break, turn up, move and are photographed."""

from __future__ import annotations

from datetime import datetime

from app.services import stock
from app.services.demo.premises import RENO, SHOP, STUDIO
from app.services.demo.working import Workday


def mishap(day: Workday, week: int, now: datetime) -> None:
    """Let this week's mishap happen."""
    db, actor = day.db, day.actor
    match week % 5:
        case 0:
            stock.adjust(db, actor, sku="MUG-TID-012", location=RENO, quantity=-2,
                         reason="Two mugs broken on the pallet, photos with the carrier.", now=now)  # fmt: skip
        case 1:
            stock.transfer(db, actor, sku="TEA-SAM-006", origin=STUDIO, destination=SHOP,
                           quantity=3, reason="Tasting in the tea room.", now=now)  # fmt: skip
        case 2:
            stock.adjust(db, actor, sku="TEA-EGR-100", location=STUDIO, quantity=-1,
                         reason="Opened for the autumn photographs.", now=now)  # fmt: skip
        case 3:
            stock.adjust(db, actor, sku="BWL-CHA-400", location=SHOP, quantity=1,
                         reason="Found in the window display.", now=now)  # fmt: skip
        case _:
            stock.adjust(db, actor, sku="TEA-MNT-040", location=STUDIO, quantity=-2,
                         reason="Damp: the seal of two pouches was open.", now=now)  # fmt: skip
