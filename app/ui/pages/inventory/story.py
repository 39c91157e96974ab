"""Everything that the pane shows of one SKU, read on one picture of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.promising.waterfall import Promise
from app.queries import codes, inbound
from app.queries.codes import AliasRow
from app.queries.inbound import CountRow, DeliveryRow
from app.queries.inventory import InventoryRow, inventory_row
from app.queries.kit_trees import Contention, KitNode, contentions, kit_tree, used_in
from app.queries.promising import promises_of
from app.queries.stock_history import MovementRow, movements
from app.services.desk import Desk

SHOWN_MOVEMENTS = 60


@dataclass(frozen=True, slots=True)
class Story:
    """What the pane shows of one SKU."""

    row: InventoryRow | None
    promises: Sequence[Promise] = ()
    moves: Sequence[MovementRow] = ()
    deliveries: Sequence[DeliveryRow] = ()
    counts: Sequence[CountRow] = ()
    aliases: Sequence[AliasRow] = ()
    tree: Sequence[KitNode] = ()
    contended: Sequence[Contention] = ()
    used: Sequence[tuple[str, int]] = ()


def read_story(desk: Desk, code: str, place: str | None, bucket: str | None) -> Story:
    """Read everything about one SKU."""
    row = desk.read(inventory_row, code)
    if row is None:
        return Story(None)
    return Story(
        row,
        desk.read(promises_of, code, now=desk.now()),
        desk.read(movements, code, location=place, bucket=bucket, limit=SHOWN_MOVEMENTS),
        () if row.is_kit else desk.read(inbound.deliveries, sku=code),
        () if row.is_kit else desk.read(inbound.counts),
        desk.read(codes.aliases, code),
        desk.read(kit_tree, code) if row.is_kit else (),
        desk.read(contentions, code),
        desk.read(used_in, code),
    )
