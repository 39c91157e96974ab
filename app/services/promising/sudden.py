"""Would a file of stock empty the shelves, or move much of them at once? Then a person is asked first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from app.domain.importing import SkuRow, StockRow
from app.domain.promising.breakers import Move, judge
from app.models.catalogue import skus
from app.models.inventory import locations, stock_levels
from app.models.sets import among
from app.services.promising.planning import thresholds

_level = stock_levels.c
_LEVELS = (
    select(skus.c.code, locations.c.code, locations.c.name, _level.on_hand)
    .select_from(stock_levels)
    .join(skus, skus.c.id == _level.sku_id)
    .join(locations, locations.c.id == _level.location_id)
    .where(among(skus.c.code, "codes"))
)
_FIRST = select(locations.c.code).order_by(locations.c.id).limit(1)


def why_to_ask(db: Connection, rows: Sequence[StockRow | SkuRow]) -> str:
    """Return why a person has to be asked about these counts; nothing if they are as usual."""
    limits = thresholds(db)
    counted = [row for row in rows if row.on_hand is not None]
    if len(counted) <= min(limits.zeros, limits.least):
        return ""
    known = int(db.execute(select(func.count(func.distinct(_level.sku_id)))).scalar() or 0)
    trip = judge(_moves(db, counted), known, limits)
    if trip is None:
        return ""
    return (
        f"This would take {trip.zeros:,} SKUs to 0 and change {trip.moved:,} of {trip.known:,} counts "
        "at once."
    )


def _moves(db: Connection, rows: Sequence[StockRow | SkuRow]) -> list[Move]:
    """Return the units of each SKU over all places, before the file and after it."""
    there: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    for sku, place, name, units in db.execute(_LEVELS, {"codes": list({row.sku for row in rows})}):
        there.setdefault(sku, {})[place] = units
        names[name] = place
    first = str(db.execute(_FIRST).scalar() or "")
    after = {sku: dict(units) for sku, units in there.items()}
    for row in rows:
        place = names.get(row.location, row.location or first)
        after.setdefault(row.sku, {})[place] = int(row.on_hand or 0)
    return [
        Move(n, sum(there[sku].values()) if sku in there else None, sum(units.values()))
        for n, (sku, units) in enumerate(sorted(after.items()))
    ]
