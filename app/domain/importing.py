"""What did a file contain, what of it may be stored, and what does a person need to know?

The contract: an order is the unit (one bad row keeps back its whole order, the others go on),
a preview comes before anything is stored, and every message names line, column and value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.orders import IncomingOrder


class Verdict(StrEnum):
    """What became of a file."""

    ACCEPT = "accept"
    PARTIAL = "partial"
    REFUSE = "refuse"


class FileKind(StrEnum):
    """What a file is about."""

    ORDERS = "orders"
    STOCK = "stock"
    CATALOGUE = "catalogue"
    KITS = "kits"
    LISTINGS = "listings"
    SETTLEMENT = "settlement"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reject:
    """An order (or record) of the file that is not stored, and why.

    ``row`` counts on through the sheets of a workbook; ``message`` names the sheet and its own row.
    """

    order: str
    row: int
    column: str
    value: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class SkuRow:
    """One catalogue row: what we know of a SKU. ``None`` means the file does not say.

    Cost is minor units, weight grams, dimensions millimetres; ``on_hand`` whole units at
    ``location`` (empty text: the desk's first location).
    """

    sku: str
    title: str | None = None
    barcode: str | None = None
    cost: int | None = None
    currency: str | None = None
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    category: str | None = None
    on_hand: int | None = None
    location: str = ""
    source_line: int = 0


@dataclass(frozen=True, slots=True)
class StockRow:
    """Units of a SKU at a location, as a file states them."""

    sku: str
    location: str
    on_hand: int
    safety_stock: int | None = None
    source_line: int = 0


@dataclass(frozen=True, slots=True)
class KitRow:
    """One component of a kit."""

    kit: str
    component: str
    quantity: int
    source_line: int = 0


@dataclass(frozen=True, slots=True)
class ListingRow:
    """An offer as the channel's own inventory or listing export shows it.

    ``quantity`` is what the channel shows, ``None`` where it does not track it (not zero).
    """

    channel: str
    sku_text: str
    listing_id: str = ""
    title: str = ""
    quantity: int | None = None
    price: int | None = None
    location: str = ""
    source_line: int = 0


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """Everything a reader could make of one file; nothing is stored yet.

    ``refusal`` is the sentence for the owner when nothing of the file may be stored.
    ``notices`` are codes shown in the summary only. ``rows`` counts data rows. ``decimal`` is
    ``"."`` or ``","``; ``header`` and ``raw_rows`` (physical line -> cells) let rejects be written
    back as a file in the same layout.
    """

    name: str
    format: str
    kind: FileKind
    channel: str
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    rows: int = 0
    orders: tuple[IncomingOrder, ...] = ()
    skus: tuple[SkuRow, ...] = ()
    stock: tuple[StockRow, ...] = ()
    kits: tuple[KitRow, ...] = ()
    listings: tuple[ListingRow, ...] = ()
    rejected: tuple[Reject, ...] = ()
    notices: tuple[str, ...] = ()
    refusal: str = ""
    refusal_code: str = ""
    header: tuple[str, ...] = ()
    reject_rows: tuple[tuple[int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did or, as a preview, would do: the command line's JSON, field by field.

    ``holds`` pairs an order's number with a hold code.
    """

    file: str
    format: str
    kind: FileKind
    verdict: Verdict
    rows: int = 0
    orders_new: int = 0
    lines_new: int = 0
    updated: int = 0
    unchanged: int = 0
    changed: int = 0
    rejected: tuple[Reject, ...] = ()
    holds: tuple[tuple[str, str], ...] = ()
    notices: tuple[str, ...] = ()
    message: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal: str = "."
    import_id: int | None = None
    extra: dict[str, int] = field(default_factory=dict)
