"""Do SKUs, kits and what channels call them make sense together?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select

from app.domain.kits import a_loop
from app.domain.recognising import keys_of
from app.models.catalogue import kit_components, sku_aliases, sku_keys, skus
from app.services.checks.check import Check, answer, faults_of

_KITS = """
SELECT s.code AS sku, s.is_kit, COUNT(k.kit_id) AS parts FROM skus s
LEFT JOIN kit_components k ON k.kit_id = s.id
GROUP BY s.id, s.code, s.is_kit HAVING COUNT(k.kit_id) > 0 AND NOT s.is_kit ORDER BY s.code
"""

_KIT_STOCK = """
SELECT s.code AS sku, SUM(l.on_hand) AS units FROM skus s
JOIN stock_levels l ON l.sku_id = s.id WHERE s.is_kit
GROUP BY s.id, s.code HAVING SUM(l.on_hand) <> 0 ORDER BY s.code
"""

_PACKS = """
SELECT o.number, l.sku_text AS sku FROM order_lines l JOIN orders o ON o.id = l.order_id
WHERE l.pack < 1 ORDER BY l.id
"""


def kits(db: Connection) -> Check:
    """Look for kits that contain themselves, or that have stock of their own."""
    table = kit_components.c
    parts: dict[int, set[int]] = defaultdict(set)
    for kit, component in db.execute(select(table.kit_id, table.component_id)):
        parts[kit].add(component)
    codes = dict(db.execute(select(skus.c.id, skus.c.code)).all())
    loop = a_loop(parts)
    faults = [f"the kit {codes[loop]} contains itself"] if loop is not None else []
    faults += faults_of(db, _KITS, lambda r: f"{r.sku} has components and is no kit")
    faults += faults_of(db, _KIT_STOCK, lambda r: f"the kit {r.sku} has {r.units} units of its own")
    return answer("kits", f"None of {len(parts):,} kits contains itself.", faults)


def codes(db: Connection) -> Check:
    """Look for codes that mean two things at once, and SKUs that are not found by their own."""
    rows = db.execute(select(sku_aliases).order_by(sku_aliases.c.id)).all()
    meanings: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in rows:
        meanings[row.account_id, row.alias, row.listing_id, row.variant].append(row)
    faults = [
        f"“{one.alias or one.listing_id}” means two SKUs at once"
        for several in meanings.values()
        for one, other in pairwise(several)
        if _overlap(one, other)
    ]
    faults += [f"{code} cannot be found by its own code or barcode" for code in _unfound(db)]
    faults += faults_of(db, _PACKS, lambda r: f"order {r.number}: a pack of {r.sku} holds nothing")
    return answer("codes of channels", f"Each of {len(rows):,} codes means one SKU.", faults)


def _overlap(one: Any, other: Any) -> bool:
    begins = other.valid_from
    return one.valid_to is None or begins is None or begins < one.valid_to


def _unfound(db: Connection) -> Iterator[str]:
    there: Mapping[int, set[tuple[str, str]]] = defaultdict(set)
    for kind, value, sku_id in db.execute(
        select(sku_keys.c.kind, sku_keys.c.value, sku_keys.c.sku_id)
    ):
        there[sku_id].add((kind, value))
    query = select(skus.c.id, skus.c.code, skus.c.barcode, skus.c.more_barcodes)
    for row in db.execute(query.order_by(skus.c.code)):
        if there[row.id] != set(keys_of(row.code, f"{row.barcode} {row.more_barcodes}")):
            yield row.code
