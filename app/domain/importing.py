"""What did a file contain, what of it may be stored, and what does a person need to know?

The contract: an order is the unit (one bad row keeps back its whole order, the others go on),
a preview comes before anything is stored, and every message names line, column and value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.domain.orders import IncomingOrder
from app.domain.payouts.lines import PayoutLine
from app.domain.rate_tables import RateRow


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
    TRACKING = "tracking"
    RATES = "rates"
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
    more_barcodes: str | None = None
    family: str | None = None
    velocity: str | None = None
    supplier: str | None = None
    lead_time_days: int | None = None
    is_hazmat: bool | None = None
    is_fragile: bool | None = None
    minimum_age: int | None = None


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
class TrackingRow:
    """One thing that happened to a parcel. ``at`` is aware; where the file states no zone it is a time
    of the desk's own that is written as if it were UTC. ``stated`` is the time as the file has it.
    """

    tracking_number: str
    at: datetime
    is_zone_known: bool = True
    stated: str = ""
    code: str = ""
    words: str = ""
    place: str = ""
    carrier: str = ""
    expected_at: datetime | None = None
    source_line: int = 0


class DateOrder(StrEnum):
    """Which comes first in a date that is written in figures."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a person wants a file to be read; what is empty, the reader finds out by itself.

    ``header`` is the line on which the column names stand (0: unsaid). ``columns`` pairs a field of
    ``format`` with the file's own column name; ``fixed`` pairs one with a value that no column has.
    """

    encoding: str = ""
    delimiter: str = ""
    header: int = 0
    decimal: str = ""
    dates: str = ""
    format: str = ""
    columns: Pairs = ()
    fixed: Pairs = ()

    def over(self, other: Reading) -> Reading:
        """Return this reading, what it does not say taken from another."""
        said = {x.name: getattr(self, x.name) or getattr(other, x.name) for x in fields(self)}
        return Reading(**said)


AS_IT_IS: Final = Reading()


def reading_as_data(reading: Reading) -> dict[str, Any]:
    """Return what a reading says, as JSON can keep it."""
    said = {x.name: getattr(reading, x.name) for x in fields(reading)}
    return {k: dict(v) if isinstance(v, tuple) else v for k, v in said.items() if v}


def reading_from_data(data: Mapping[str, Any]) -> Reading:
    """Return a reading that was kept."""
    known = {x.name for x in fields(Reading)}
    said = {key: value for key, value in data.items() if key in known}
    for name in ("columns", "fixed"):
        said[name] = tuple(sorted(dict(said.get(name) or {}).items()))
    return Reading(**said)


@dataclass(frozen=True, slots=True)
class Profile:
    """What was once said of files with one header, so that the next needs no question."""

    name: str
    header_hash: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class TargetField:
    """A field of ours that a column of an unknown file can fill."""

    name: str
    words: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What stands in a file whose columns nobody knows: their names, and a few of their values.

    ``guesses`` are readings that may fit, the likeliest first; ``header_hash`` is what the header
    is known by, ``line`` where it stands.
    """

    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    header_hash: str
    line: int
    delimiter: str
    encoding: str
    guesses: tuple[Reading, ...] = ()


class RowVerdict(StrEnum):
    """What would become of one thing in a file."""

    ADD = "add"
    UPDATE = "update"
    SKIP = "skip"
    LOOK = "look"
    KEPT_BACK = "kept back"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One order, SKU or row of a file, and what would become of it; ``key`` names it when it is to
    be left out. ``problem`` is a sentence; ``column`` and ``value`` say where it lies.

    ``amount`` is minor units of ``currency``, ``None`` where the file does not say.
    """

    id: int
    key: str
    line: int
    subject: str
    verdict: RowVerdict
    who: str = ""
    what: str = ""
    at: datetime | None = None
    units: int | None = None
    amount: int | None = None
    currency: str = "USD"
    problem: str = ""
    column: str = ""
    value: str = ""


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
    payouts: tuple[PayoutLine, ...] = ()
    tracking: tuple[TrackingRow, ...] = ()
    rates: tuple[RateRow, ...] = ()
    rejected: tuple[Reject, ...] = ()
    notices: tuple[str, ...] = ()
    refusal: str = ""
    refusal_code: str = ""
    header: tuple[str, ...] = ()
    reject_rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    reading: Reading = AS_IT_IS
    header_line: int = 0
    header_hash: str = ""
    profile: str = ""

    def without(self, left_out: frozenset[str]) -> ParsedFile:
        """Return the file without the orders and rows that a person leaves out, by key."""
        if not left_out:
            return self
        return replace(
            self,
            orders=tuple(x for x in self.orders if x.external_id not in left_out),
            skus=tuple(x for x in self.skus if line_key(x.source_line) not in left_out),
            stock=tuple(x for x in self.stock if line_key(x.source_line) not in left_out),
            listings=tuple(x for x in self.listings if line_key(x.source_line) not in left_out),
            payouts=tuple(x for x in self.payouts if line_key(x.source_line) not in left_out),
            tracking=tuple(x for x in self.tracking if line_key(x.source_line) not in left_out),
        )


def line_key(line: int) -> str:
    """Return what a row that is no order is left out by."""
    return f"line:{line}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did or, as a preview, would do: the command line's JSON, field by field.

    ``holds`` pairs an order's number with a hold code. ``asks`` says why a person has to be asked first.
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
    asks: str = ""
