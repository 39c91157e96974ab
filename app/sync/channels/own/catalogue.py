"""How do the rows of our own catalogue, stock and kit files become records?

Catalogue: ``sku, title`` and any of ``barcode, more_barcodes, category, family, cost, currency,
weight_g, length_mm, width_mm, height_mm, velocity, supplier, lead_time_days, is_hazmat, is_fragile,
minimum_age, on_hand, location``; an empty cell leaves what is here. Stock: ``sku, location, on_hand[, safety_stock]``. Kits:
``kit, component, quantity``; one bad row keeps the whole kit back.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from app.domain.importing import KitRow, SkuRow, StockRow
from app.domain.sku_record import FIELDS, read_field
from app.errors import RefusedError
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.orders import group_rows
from app.sync.files.records import read_records
from app.sync.files.rejection import rejected
from app.sync.files.sheet import CellError, Mapped, Sheet

Record = TypeVar("Record")

_MEASURES = ("weight_g", "length_mm", "width_mm", "height_mm")
_MORE = ("more_barcodes", "family", "velocity", "supplier", "lead_time_days", "is_hazmat",
         "is_fragile", "minimum_age")  # fmt: skip
_UNITS = {"quantity": "on_hand", "qty": "on_hand", "on hand": "on_hand", "stock": "on_hand"}
CATALOGUE = Layout(
    required=("sku", "title"),
    optional=("barcode", "cost", "currency", *_MEASURES, "category", *_MORE, "on_hand", "location"),
    money=("cost",),
    ids=("sku", "barcode"),
    mostly_known=True,
    unless=("order_id", "unit_price", "unit price", "asin", "handle", "tags"),
    spellings={**_UNITS, "name": "title", "product": "title", "weight": "weight_g",
               "ean": "barcode", "upc": "barcode", "gtin": "barcode"},
)  # fmt: skip
STOCK = Layout(
    required=("sku", "on_hand"),
    optional=("location", "safety_stock"),
    mostly_known=True,
    ids=("sku",),
    unless=("title", "order_id", "asin", "handle", "kit", "component", "price", "unit_price"),
    spellings={**_UNITS, "warehouse": "location", "safety stock": "safety_stock"},
)
KITS = Layout(
    required=("kit", "component", "quantity"),
    ids=("kit", "component"),
    mostly_known=True,
    spellings={"kit_sku": "kit", "kit sku": "kit", "bundle": "kit", "bundle_sku": "kit",
               "component_sku": "component", "component sku": "component", "qty": "quantity"},
)  # fmt: skip


def skus_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a catalogue."""
    read, place = Cells(sheet), sheet.place
    _refuse_conflicts(sheet, lambda x: (x[place("sku")].strip(), x[place("location")].strip()))

    def build(cells: list[str], line: int) -> Iterable[SkuRow]:
        currency = read.currency(cells, place("currency")) if cells[place("currency")] else ""
        yield SkuRow(
            sku=read.identity(cells, place("sku")),
            title=cells[place("title")].strip(),
            barcode=read.code(cells, place("barcode")) or None,
            cost=read.stated(cells, place("cost"), currency or "USD"),
            currency=currency or None,
            weight_g=_whole(read, cells, place("weight_g")),
            length_mm=_whole(read, cells, place("length_mm")),
            width_mm=_whole(read, cells, place("width_mm")),
            height_mm=_whole(read, cells, place("height_mm")),
            category=cells[place("category")].strip() or None,
            on_hand=_whole(read, cells, place("on_hand")),
            location=cells[place("location")].strip(),
            source_line=line,
            more_barcodes=" ".join(cells[place("more_barcodes")].split()) or None,
            family=cells[place("family")].strip() or None,
            velocity=_checked(cells, place("velocity"), "velocity"),
            supplier=cells[place("supplier")].strip() or None,
            lead_time_days=_whole(read, cells, place("lead_time_days")),
            is_hazmat=_checked(cells, place("is_hazmat"), "is_hazmat"),
            is_fragile=_checked(cells, place("is_fragile"), "is_fragile"),
            minimum_age=_checked(cells, place("minimum_age"), "minimum_age"),
        )

    skus, refused, at = read_records(sheet, place("sku"), build)
    return Mapped(skus=_once(sheet, skus, _without_line), rejected=refused, rejected_at=at)


def stock_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a stock list."""
    read, place = Cells(sheet), sheet.place
    _refuse_conflicts(sheet, lambda x: (x[place("sku")].strip(), x[place("location")].strip()))

    def build(cells: list[str], line: int) -> Iterable[StockRow]:
        yield StockRow(
            sku=read.identity(cells, place("sku")),
            location=cells[place("location")].strip(),
            on_hand=read.units(cells, place("on_hand")),
            safety_stock=_whole(read, cells, place("safety_stock")),
            source_line=line,
        )

    stock, refused, at = read_records(sheet, place("sku"), build)
    return Mapped(
        stock=_once(sheet, stock, lambda x: (x.sku, x.location)), rejected=refused, rejected_at=at
    )


def kits_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a kit list; a kit with a bad row is kept back whole."""
    read, place = Cells(sheet), sheet.place

    def build(cells: list[str], line: int) -> KitRow:
        kit, component = (read.identity(cells, place(x)) for x in ("kit", "component"))
        if kit == component:
            why = "a kit cannot contain itself. Name the SKUs that are in it."
            raise CellError("KIT_CONTAINS_ITSELF", cells, place("component"), why)
        return KitRow(kit, component, read.quantity(cells, place("quantity")), line)

    _refuse_conflicts(sheet, lambda x: (x[place("kit")].strip(), x[place("component")].strip()))
    kits, refused, refused_at = [], [], []
    for group in group_rows(sheet, place("kit")):
        try:
            for at in group.at:
                if at in sheet.faults:
                    raise sheet.faults[at]
            kits.extend([build(sheet.rows[i], sheet.lines[i]) for i in group.at])
        except CellError as error:
            refused.append(rejected(sheet, group.label, group.at, error))
            refused_at.extend(group.at)
    once = _once(sheet, kits, lambda x: (x.kit, x.component))
    return Mapped(kits=once, rejected=tuple(refused), rejected_at=tuple(sorted(refused_at)))


def _whole(read: Cells, cells: list[str], place: int) -> int | None:
    return read.units(cells, place) if cells[place].strip() else None


def _checked(cells: list[str], place: int, name: str) -> Any:
    """Read a cell as the form reads the field; an empty one says nothing."""
    if not cells[place].strip():
        return None
    try:
        return read_field(name, cells[place])
    except RefusedError as error:
        why = f"{FIELDS[name].words.lower()} cannot be this. {error.advice}"
        raise CellError("FIELD_INVALID", cells, place, why) from error


def _refuse_conflicts(sheet: Sheet, key: Callable[[list[str]], Hashable]) -> None:
    """Mark rows that state the same thing differently: neither can be taken for the right one."""
    seen: dict[Hashable, int] = {}
    for at, cells in enumerate(sheet.rows):
        before = seen.setdefault(key(cells), at)
        if sheet.rows[before] != cells:
            for i in (before, at):
                why = "the same code stands in the file twice with different content. Keep one row."
                sheet.faults.setdefault(i, CellError("CONFLICTING_LINES", sheet.rows[i], 0, why))


def _once(
    sheet: Sheet, records: Iterable[Record], key: Callable[[Record], Hashable]
) -> tuple[Record, ...]:
    unique: dict[Hashable, Record] = {}
    for record in records:
        if unique.setdefault(key(record), record) is not record:
            sheet.notices["DUPLICATE_ROW_COLLAPSED"] = None
    return tuple(unique.values())


def _without_line(row: SkuRow) -> Hashable:
    return row.sku, row.location
