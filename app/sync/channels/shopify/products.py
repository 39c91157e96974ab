"""How do the rows of a Shopify products export become catalogue rows?

Handle groups the rows: the first carries the title, the others are variants or mere images. What
Shopify shows as quantity is its own figure and never becomes our stock.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.importing import SkuRow
from app.sync.channels.shopify.inventory import variant_title
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.records import read_records
from app.sync.files.sheet import Mapped, Sheet

_OPTIONS = ("option1 value", "option2 value", "option3 value")
LAYOUT = Layout(
    required=("handle", "title", "variant sku", "variant price"),
    optional=("variant grams", "variant barcode", "cost per item", "type", *_OPTIONS),
    money=("variant price", "cost per item"),
    ids=("variant sku", "variant barcode"),
)


def skus_from_rows(sheet: Sheet) -> Mapped:
    """Map the variants of a products export; variants without a SKU are left out with a notice."""
    read, place = Cells(sheet), sheet.place
    titles = _titles(sheet)
    seen: set[str] = set()

    def build(cells: list[str], line: int) -> Iterable[SkuRow]:
        sku = read.code(cells, place("variant sku"))
        if not sku:
            if cells[place("variant price")].strip():
                sheet.notices["ROWS_WITHOUT_SKU_SKIPPED"] = None
            return
        if sku in seen:
            sheet.notices["DUPLICATE_ROW_COLLAPSED"] = None
            return
        seen.add(sku)
        title = titles.get(cells[place("handle")], "")
        grams = cells[place("variant grams")].strip().partition(".")[0]
        yield SkuRow(
            sku=sku,
            title=variant_title(title, [cells[place(x)] for x in _OPTIONS]),
            barcode=read.code(cells, place("variant barcode")).removeprefix("'") or None,
            cost=read.stated(cells, place("cost per item"), "USD"),
            weight_g=int(grams) if grams.isascii() and grams.isdigit() and len(grams) < 9 else None,
            category=cells[place("type")].strip() or None,
            source_line=line,
        )

    skus, refused, at = read_records(sheet, place("variant sku"), build)
    return Mapped(skus=skus, rejected=refused, rejected_at=at)


def _titles(sheet: Sheet) -> dict[str, str]:
    handle, title = sheet.place("handle"), sheet.place("title")
    return {x[handle]: x[title] for x in reversed(sheet.rows) if x[title].strip()}
