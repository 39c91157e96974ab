"""The catalogue and the kits as tables that import again exactly as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select

from app.domain.money import to_decimal
from app.domain.sku_record import RECORD, written
from app.models.catalogue import kit_components, skus
from app.models.inventory import network_stock
from app.queries.sku_search import sku_condition

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
CATALOGUE: Final = ("sku", *(name for field in RECORD for name in
                    (("cost", "currency") if field.name == "cost" else (field.name,))))  # fmt: skip
# The last column of every file of ours: by it a reader knows that apostrophes before what looks like
# a formula are ours, and takes them off again.
OURS: Final = "orderdeck_reason"
KITS: Final = ("kit", "component", "quantity")


def catalogue_table(db: Connection, *, query: str = "", codes: Sequence[str] = ()) -> Table:
    """Return the SKUs that a search finds (or those named), each field as files write it.

    Raises:
        SearchError: the query cannot be read.
    """
    found = (
        select(skus)
        .outerjoin(network_stock, network_stock.c.sku_id == skus.c.id)
        .where(sku_condition(db, query))
        .order_by(skus.c.code)
    )
    if codes:
        found = found.where(skus.c.code.in_(codes))
    rows = []
    for row in db.execute(found):
        values = {name: getattr(row, "code" if name == "sku" else name) for name in CATALOGUE}
        cells = (_cell(name, value, row.currency) for name, value in values.items())
        rows.append((*cells, ""))
    return (*CATALOGUE, OURS), rows


def kits_table(db: Connection) -> Table:
    """Return what is in each kit, directly."""
    kit, part = skus.alias(), skus.alias()
    query = (
        select(kit.c.code, part.c.code, kit_components.c.quantity)
        .join(kit, kit.c.id == kit_components.c.kit_id)
        .join(part, part.c.id == kit_components.c.component_id)
        .order_by(kit.c.code, part.c.code)
    )
    rows = db.execute(query)
    return (*KITS, OURS), [(code, part_, str(units), "") for code, part_, units in rows]


def _cell(name: str, value: object, currency: str) -> str:
    if name == "cost" and isinstance(value, int):
        return f"{to_decimal(value, currency):f}"
    return written(value)
