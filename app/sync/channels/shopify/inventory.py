"""How do the rows of a Shopify inventory export become listings?

Today one row per variant and location (Location, Available, On hand); older exports have one column
per location, headed by its name. An empty cell is not tracked there, which is not zero. Available
below zero is an oversold variant and legal.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.importing import ListingRow
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout, column_key
from app.sync.files.records import read_records
from app.sync.files.sheet import Mapped, Sheet

_OPTIONS = ("option1 value", "option2 value", "option3 value")
_REQUIRED = ("handle", "title", "sku", "hs code", "coo")
_OPTIONAL = ("location", "available", *_OPTIONS)
_KNOWN = frozenset((*_REQUIRED, *_OPTIONAL, "option1 name", "option2 name", "option3 name",
                    "bin name"))  # fmt: skip
_UNTRACKED = ("", "not stocked")
LAYOUT = Layout(
    required=_REQUIRED,
    optional=_OPTIONAL,
    ids=("sku",),
    spellings={"available (not editable)": "available", "available (current)": "available"},
)


def listings_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of an inventory export."""
    read, place = Cells(sheet), sheet.place
    locations = _location_columns(sheet)

    def build(cells: list[str], line: int) -> Iterable[ListingRow]:
        title = variant_title(cells[place("title")], [cells[place(x)] for x in _OPTIONS])
        for location, at in locations or ((cells[place("location")], place("available")),):
            untracked = cells[at].strip().casefold() in _UNTRACKED
            yield ListingRow(
                channel="shopify",
                sku_text=read.code(cells, place("sku")),
                listing_id=cells[place("handle")],
                title=title,
                quantity=None if untracked else read.units(cells, at, signed=True),
                location=location,
                source_line=line,
            )

    listings, refused, at = read_records(sheet, place("sku"), build)
    return Mapped(listings=listings, rejected=refused, rejected_at=at)


def variant_title(title: str, options: Iterable[str]) -> str:
    """Return a product's title with the options of one variant of it."""
    chosen = [x for x in options if x.strip() and x != "Default Title"]
    return f"{title} - {' / '.join(chosen)}" if chosen else title


def _location_columns(sheet: Sheet) -> tuple[tuple[str, int], ...]:
    """Return the locations that are columns of their own; none in today's layout."""
    if sheet.has("location"):
        return ()
    return tuple(
        (name, at)
        for at, name in enumerate(sheet.header)
        if name.strip() and column_key(name) not in _KNOWN and at > sheet.place("coo")
    )
