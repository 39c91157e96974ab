"""How do the rows of Amazon's listing and inventory reports become listings?

Open and active listings name the SKU ``sku``, the all-listings report ``seller-sku``. An empty
quantity means that Amazon holds the stock. Of FBA stock only the fulfillable part can be sold.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.importing import ListingRow
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.records import read_records
from app.sync.files.sheet import Mapped, Sheet

OPEN_LISTINGS = Layout(
    required=("sku", "asin", "price", "quantity"), money=("price",), ids=("sku",),
    quoted_tabs=False,
)  # fmt: skip
ALL_LISTINGS = Layout(
    required=("sku", "item-name", "listing-id", "price", "quantity"),
    optional=("asin",),
    money=("price",),
    ids=("sku",),
    spellings={"seller-sku": "sku", "asin1": "asin"},
    quoted_tabs=False,
)
FBA_INVENTORY = Layout(
    required=("sku", "fnsku", "asin", "product-name", "quantity"),
    optional=("price",),
    money=("price",),
    ids=("sku",),
    spellings={"afn-fulfillable-quantity": "quantity", "your-price": "price"},
    quoted_tabs=False,
)
# Where the units of an FBA report lie: not with us, so that Amazon is never told our number for them.
FBA_PLACE = "Amazon (FBA)"
_MARKETPLACE_DECIMALS = "USD"  # the reports name no currency; amounts have two decimals


def listings_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a listing or inventory report."""
    read, place = Cells(sheet), sheet.place
    at_amazon = FBA_PLACE if sheet.has("fnsku") else ""
    title_at = place("item-name") if sheet.has("item-name") else place("product-name")

    def build(cells: list[str], line: int) -> Iterable[ListingRow]:
        tracked = cells[place("quantity")].strip()
        yield ListingRow(
            channel="amazon",
            sku_text=read.identity(cells, place("sku")),
            listing_id=read.code(cells, place("asin")),
            title=cells[title_at],
            quantity=read.units(cells, place("quantity"), signed=True) if tracked else None,
            price=read.stated(cells, place("price"), _MARKETPLACE_DECIMALS),
            location=at_amazon,
            source_line=line,
        )

    listings, refused, at = read_records(sheet, place("sku"), build)
    return Mapped(listings=listings, rejected=refused, rejected_at=at)
