"""What was said of the goods when an order came in: what to keep back, what is in a kit, what is due when?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.models.catalogue import skus
from app.models.inbound import expected_receipts
from app.models.inventory import locations, stock_levels
from app.models.kits import Contents, contents
from app.models.past import kit_changes, safety_stock_changes

Shelf = tuple[int, int]  # SKU, location


@dataclass(frozen=True, slots=True)
class Said:
    """From a moment on, so many units are kept back on a shelf, or these are in the kits."""

    at: datetime
    shelf: Shelf | None = None
    units: int = 0
    inside: Contents | None = None


class Goods:
    """Codes, places and deliveries; units kept back and kits as at ``since``, and what was ``said`` of them later.

    When a delivery was due is as it was said last.
    """

    def __init__(self, db: Connection, since: datetime) -> None:
        self.codes: dict[int, str] = dict(db.execute(select(skus.c.id, skus.c.code)).all())
        self.places: dict[int, Any] = {row.id: row for row in db.execute(select(locations))}
        self.due: dict[str, date | None] = {
            number: due.date() if due else None for number, due in db.execute(_DUE)
        }
        self.safety, kept_back = _safety(db, since)
        self.inside: Contents = contents(db, self.codes, at=since)
        self.said = sorted([*kept_back, *self._kits(db, since)], key=lambda each: each.at)

    def ever_inside(self, sku: int) -> set[int]:
        """Return what a SKU was ever packed of: itself, or what was in the kit."""
        kits = [self.inside, *(each.inside for each in self.said if each.inside is not None)]
        return {part for each in kits for part in each.get(sku) or (sku,)}

    def _kits(self, db: Connection, since: datetime) -> list[Said]:
        moments = db.execute(_KITS_CHANGED, {"since": since}).scalars()
        return [Said(at, inside=contents(db, self.codes, at=at)) for at in moments]


def _safety(db: Connection, since: datetime) -> tuple[dict[Shelf, int], list[Said]]:
    """Return the units kept back at a moment, and every change of them since."""
    now: dict[Shelf, int] = {(sku, place): units for sku, place, units in db.execute(SAFETY)}
    said: list[Said] = []
    for sku, place, before, at in db.execute(_SAFETY_CHANGED, {"since": since}):
        said.append(Said(at, (sku, place), now.get((sku, place), 0)))
        now[sku, place] = before
    return now, said[::-1]


def around(inside: Mapping[int, Mapping[int, int]]) -> dict[int, list[int]]:
    """Return, by what is in them, the kits."""
    found: dict[int, list[int]] = {}
    for kit, parts in inside.items():
        for part in parts:
            found.setdefault(part, []).append(kit)
    return found


_level, _kept, _kit = stock_levels.c, safety_stock_changes.c, kit_changes.c
SAFETY = select(_level.sku_id, _level.location_id, _level.safety_stock).where(
    _level.safety_stock > 0
)
# Each row is what stood there before, so they are read from the newest back.
_SAFETY_CHANGED = (
    select(_kept.sku_id, _kept.location_id, _kept.before, _kept.changed_at)
    .where(_kept.changed_at > bindparam("since"))
    .order_by(_kept.id.desc())
)
_KITS_CHANGED = (
    select(_kit.changed_at)
    .where(_kit.changed_at > bindparam("since"))
    .distinct()
    .order_by(_kit.changed_at)
)
# Of what is on its way to a channel's own warehouse nothing is promised.
_DUE = (
    select(expected_receipts.c.number, expected_receipts.c.expected_at)
    .join(locations, locations.c.id == expected_receipts.c.location_id)
    .where(locations.c.account_id.is_(None))
)
