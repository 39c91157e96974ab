"""How much is there of each SKU, where, and how much of it may channels be told?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from app.domain.inventory import Level, atp
from app.domain.promising.goods import Place, Stock
from app.domain.promising.waterfall import sellable
from app.domain.sku_record import amount, written
from app.models.catalogue import skus
from app.models.inventory import bins, locations, network_stock, stock_levels
from app.models.kits import contents
from app.queries import channel_numbers
from app.queries.channel_numbers import ChannelNumber
from app.queries.sku_search import NEED, sku_condition


@dataclass(frozen=True, slots=True)
class LevelRow:
    """Units of one SKU at one location, and its ``bin`` there; no decision has taken the ``free``."""

    location_id: int
    location_code: str
    location: str
    on_hand: int
    allocated: int
    unavailable: int
    incoming: int
    safety_stock: int
    free: int
    atp: int
    bin: str = ""
    damaged: int = 0
    quarantine: int = 0
    returns_hold: int = 0
    account_id: int | None = None  # the one account that sells what lies here

    @property
    def withheld(self) -> int:
        """What the safety stock keeps back: never more than is free."""
        return max(0, min(self.free, self.safety_stock))


@dataclass(frozen=True, slots=True)
class SkuRecord:
    """What we keep of a SKU besides its stock. ``cost`` is minor units of ``currency``."""

    title: str
    barcode: str
    more_barcodes: str
    category: str
    family: str
    cost: int | None
    currency: str
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    velocity: str
    supplier: str
    lead_time_days: int | None
    is_hazmat: bool
    is_fragile: bool
    minimum_age: int | None

    def text(self, name: str) -> str:
        """Return a field as a person would write it."""
        value = getattr(self, name)
        return amount(value) if name == "cost" else written(value)


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One SKU across the network.

    ``free`` = on hand - unavailable - allocated; ``atp`` is what channels may be told. A kit has no
    stock of its own (``None``), only an ``atp`` that its scarcest component allows.
    """

    id: int
    code: str
    title: str
    category: str
    is_kit: bool
    on_hand: int | None
    reserved: int | None
    allocated: int | None
    unavailable: int | None
    incoming: int | None
    free: int | None
    atp: int
    levels: tuple[LevelRow, ...]
    is_low: bool
    is_negative: bool
    record: SkuRecord | None = None
    numbers: tuple[ChannelNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class LocationRow:
    """A place that keeps stock. ``handling_cost`` is minor units an order."""

    id: int
    code: str
    name: str
    kind: str
    postcode: str
    state: str
    country: str
    time_zone: str
    cut_off: str
    handling_cost: int
    ships: bool
    on_hand: int
    skus: int
    working_days: str = "1111100"
    closed_on: tuple[str, ...] = ()
    daily_capacity: int | None = None
    account_id: int | None = None  # a channel's own warehouse


def inventory_rows(
    db: Connection,
    *,
    query: str = "",
    limit: int | None = 200,
    offset: int = 0,
    sort: str = "code",
    descending: bool = False,
) -> list[InventoryRow]:
    """Return a page of the catalogue with its stock.

    Raises:
        SearchError: the query cannot be read.
    """
    by = channel_numbers.sorting(sort)
    by = SORTS.get(sort, skus.c.code) if by is None else by
    page = (
        select(skus)
        .outerjoin(network_stock, network_stock.c.sku_id == skus.c.id)
        .where(sku_condition(db, query))
        .order_by(by.desc() if descending else by.asc(), skus.c.code)
        .limit(limit)
        .offset(offset)
    )
    rows = db.execute(page).all()
    return _with_stock(db, rows)


def grid_rows(db: Connection, **page: Any) -> list[InventoryRow]:
    """Return the same page, with what each account is told and showed last.

    Raises:
        SearchError: the query cannot be read.
    """
    rows = inventory_rows(db, **page)
    numbers = channel_numbers.numbers_of(db, [row.id for row in rows])
    return [replace(row, numbers=numbers.get(row.id, ())) for row in rows]


def count_skus(db: Connection, *, query: str = "") -> int:
    """Return how many SKUs a search finds."""
    found = (
        select(func.count())
        .select_from(skus)
        .outerjoin(network_stock, network_stock.c.sku_id == skus.c.id)
        .where(sku_condition(db, query))
    )
    return db.execute(found).scalar_one()


def inventory_row(db: Connection, sku_code: str) -> InventoryRow | None:
    """Return one SKU with its stock, by its exact code."""
    rows = _with_stock(db, db.execute(select(skus).where(skus.c.code == sku_code)).all())
    return rows[0] if rows else None


def location_rows(db: Connection) -> list[LocationRow]:
    """Return every location with what lies there."""
    held = (
        select(
            stock_levels.c.location_id,
            func.sum(stock_levels.c.on_hand).label("on_hand"),
            func.count().filter(stock_levels.c.on_hand != 0).label("skus"),
        )
        .group_by(stock_levels.c.location_id)
        .subquery()
    )
    query = (
        select(locations, held.c.on_hand, held.c.skus)
        .outerjoin(held, held.c.location_id == locations.c.id)
        .order_by(locations.c.id)
    )
    return [
        LocationRow(
            row.id, row.code, row.name, row.kind, row.postcode, row.state, row.country,
            row.time_zone, row.cut_off, row.handling_cost, row.ships, int(row.on_hand or 0),
            int(row.skus or 0), row.working_days, tuple(row.closed_on), row.daily_capacity,
            row.account_id,
        )
        for row in db.execute(query)
    ]  # fmt: skip


_RECORD: Final = tuple(field.name for field in fields(SkuRecord))
SORTS: Final[Mapping[str, ColumnElement[Any]]] = {
    "need": NEED,
    "code": skus.c.code,
    **{name: skus.c[name] for name in _RECORD},
    "is_kit": skus.c.is_kit,
    "free": func.coalesce(network_stock.c.free, 0),
    "reserved": func.coalesce(network_stock.c.reserved, 0),
    # What is left for new orders; safety stock aside, the number that channels are told.
    "atp": func.coalesce(network_stock.c.free - network_stock.c.reserved, 0),
    **{
        name: select(func.coalesce(func.sum(stock_levels.c[name]), 0))
        .where(stock_levels.c.sku_id == skus.c.id)
        .correlate(skus)
        .scalar_subquery()
        for name in ("on_hand", "allocated", "unavailable", "incoming")
    },
}


def _with_stock(db: Connection, rows: Sequence[Any]) -> list[InventoryRow]:
    parts = contents(db, [row.id for row in rows if row.is_kit])
    wanted = {row.id for row in rows} | {sku for inside in parts.values() for sku in inside}
    levels = levels_of(db, wanted)
    reserved = reserved_of(db, wanted)
    told = {sku: told_to_channels(levels.get(sku, ()), reserved.get(sku, 0)) for sku in wanted}
    return [
        _kit(row, parts.get(row.id, {}), told)
        if row.is_kit
        else _row(row, levels.get(row.id, ()), reserved.get(row.id, 0), told[row.id])
        for row in rows
    ]


def _kit(row: Any, inside: Mapping[int, int], told: Mapping[int, int]) -> InventoryRow:
    available = min((told[sku] // units for sku, units in inside.items()), default=0)
    return InventoryRow(
        row.id, row.code, row.title, row.category, True, None, None, None, None, None, None,
        available, (), available <= 0, False, _record(row),
    )  # fmt: skip


def _record(row: Any) -> SkuRecord:
    return SkuRecord(*(getattr(row, name) for name in _RECORD))


def _row(row: Any, levels: Sequence[LevelRow], reserved: int, told: int) -> InventoryRow:
    free = sum(level.free for level in levels if level.account_id is None)
    return InventoryRow(
        id=row.id,
        code=row.code,
        title=row.title,
        category=row.category,
        is_kit=False,
        on_hand=sum(level.on_hand for level in levels),
        reserved=reserved,
        allocated=sum(level.allocated for level in levels),
        unavailable=sum(level.unavailable for level in levels),
        incoming=sum(level.incoming for level in levels),
        free=free,
        atp=told,
        levels=tuple(levels),
        is_low=told <= 0,
        is_negative=free < reserved or any(level.free < 0 for level in levels),
        record=_record(row),
    )


def told_to_channels(levels: Sequence[LevelRow], reserved: int) -> int:
    """Return the number that channels may be told of these levels."""
    return sellable(Stock("", tuple(map(as_place, levels)), reserved)).units


def as_place(row: LevelRow) -> Place:
    """Return a row as what is promised from."""
    return Place(
        row.location_code, row.location, row.on_hand, row.allocated, row.unavailable,
        row.safety_stock, is_shared=row.account_id is None,
    )  # fmt: skip


def levels_of(db: Connection, sku_ids: Collection[int]) -> dict[int, tuple[LevelRow, ...]]:
    """Return each SKU's stock by location."""
    table = stock_levels.c
    query = (
        select(stock_levels, locations.c.code, locations.c.name, locations.c.account_id, bins.c.bin)
        .join(locations, locations.c.id == table.location_id)
        .outerjoin(
            bins, (bins.c.sku_id == table.sku_id) & (bins.c.location_id == table.location_id)
        )
        .where(table.sku_id.in_(sku_ids))
        .order_by(table.sku_id, table.location_id)
    )
    found: dict[int, tuple[LevelRow, ...]] = {}
    for row in db.execute(query):
        found[row.sku_id] = (*found.get(row.sku_id, ()), _level(row))
    return found


def _level(row: Any) -> LevelRow:
    level = Level(
        row.on_hand, row.allocated, row.unavailable, row.incoming, safety_stock=row.safety_stock
    )
    return LevelRow(
        row.location_id, row.code, row.name, row.on_hand, row.allocated, row.unavailable,
        row.incoming, row.safety_stock, level.free, atp(level), row.bin or "", row.damaged,
        row.quarantine, row.returns_hold, row.account_id,
    )  # fmt: skip


def reserved_of(db: Connection, sku_ids: Collection[int]) -> dict[int, int]:
    """Return the units of each SKU that orders have claimed and no location has given yet."""
    table = network_stock.c
    query = select(table.sku_id, table.reserved).where(table.sku_id.in_(sku_ids))
    return dict(db.execute(query).all())
