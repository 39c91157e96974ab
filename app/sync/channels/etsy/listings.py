"""How do the rows of Etsy's listings download become listings?

One row per listing. A listing with variations has several SKUs in one cell and one quantity for all
of them, so none of them has a quantity of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.importing import ListingRow
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.records import read_records
from app.sync.files.sheet import Mapped, Sheet

LAYOUT = Layout(
    required=("title", "price", "currency_code", "quantity", "sku"),
    money=("price",),
    ids=("sku",),
)


def listings_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a listings download."""
    read, place = Cells(sheet), sheet.place

    def build(cells: list[str], line: int) -> Iterable[ListingRow]:
        currency = read.currency(cells, place("currency_code"))
        price = read.stated(cells, place("price"), currency)
        tracked = cells[place("quantity")].strip()
        quantity = read.units(cells, place("quantity")) if tracked else None
        skus = [x.strip() for x in cells[place("sku")].split(",") if x.strip()]
        if len(skus) < 2:
            code = read.code(cells, place("sku"))
            yield ListingRow("etsy", code, "", cells[place("title")], quantity, price, "", line)
            return
        for sku in skus:
            yield ListingRow("etsy", sku, "", cells[place("title")], None, price, "", line)

    listings, refused, at = read_records(sheet, place("title"), build)
    return Mapped(listings=listings, rejected=refused, rejected_at=at)
