"""Do the units reserved for a kit's line make up that many kits?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from app.services.catalogue import kit_contents

_RESERVED = """
SELECT l.id, o.number, l.sku_id, l.sku_text AS sku, l.quantity * l.pack AS quantity, o.units - t.units AS off,
       r.sku_id AS part, SUM(r.quantity) AS units
FROM reservations r
JOIN order_lines l ON l.id = r.order_line_id
JOIN orders o ON o.id = l.order_id
JOIN (SELECT order_id, SUM(quantity) AS units FROM order_lines GROUP BY order_id) AS t
  ON t.order_id = o.id
WHERE r.state <> 'released' AND l.claim = 'reserved' AND r.sku_id <> l.sku_id
GROUP BY l.id, o.number, l.sku_id, l.sku_text, l.quantity, l.pack, o.units, t.units, r.sku_id
ORDER BY l.id
"""


def kit_faults(db: Connection) -> list[str]:
    """Look for lines of kits whose quantity is not what was reserved for it."""
    lines: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(text(_RESERVED)):
        lines[row.id].append(row)
    recipes = kit_contents(db, {rows[0].sku_id for rows in lines.values()}) if lines else {}
    return [
        f"order {rows[0].number}: {rows[0].quantity} × {rows[0].sku} does not fit the "
        f"{sum(row.units for row in rows)} units reserved for it"
        for rows in lines.values()
        if not _fits(rows, dict(recipes.get(rows[0].sku_id, ())))
    ]


def _fits(rows: Sequence[Any], recipe: Mapping[int, int]) -> bool:
    """Return whether the units are a whole number of each component for every kit ordered.

    A recipe may have changed since the units were reserved. So another number of kits by today's
    recipe is a fault only where the order's own count of units contradicts its lines as well.
    """
    ordered = rows[0].quantity
    if ordered <= 0 or any(row.units % ordered for row in rows):
        return False
    reserved = {row.part: int(row.units) for row in rows}
    kits = {units / recipe[part] for part, units in reserved.items() if part in recipe}
    same_recipe = reserved.keys() == recipe.keys() and len(kits) == 1
    return not same_recipe or kits == {ordered} or not rows[0].off
