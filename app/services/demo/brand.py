"""Which brand does the demo show? Read from ``resources/demo``: products, kits, places, people."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from app import config
from app.domain.importing import KitRow, SkuRow
from app.domain.kits import flat

# GS1 keeps numbers that begin with 04 for codes inside a company: nobody else's product has them.
_COMPANY = "0410077"


@dataclass(frozen=True, slots=True)
class Product:
    """Something on sale; ``price`` is minor units, ``popularity`` a weight."""

    row: SkuRow
    price: int
    popularity: int

    @property
    def sku(self) -> str:
        """The brand's own code."""
        return self.row.sku


@dataclass(frozen=True, slots=True)
class Place:
    """A town where customers live."""

    city: str
    state: str
    postcode: str
    weight: int


@dataclass(frozen=True, slots=True)
class Brand:
    """Everything that the demo is drawn from."""

    products: tuple[Product, ...]
    kits: tuple[KitRow, ...]
    places: tuple[Place, ...]
    words: Mapping[str, tuple[str, ...]]

    def contents(self, sku: str) -> tuple[tuple[str, int], ...]:
        """Return what has to lie on the shelf for one unit: the SKU itself, or its kits' parts."""
        parts: dict[str, dict[str, int]] = {}
        for row in self.kits:
            parts.setdefault(row.kit, {})[row.component] = row.quantity
        return tuple(flat(parts, sku).items()) if sku in parts else ((sku, 1),)


@lru_cache(maxsize=1)
def load() -> Brand:
    """Read the brand."""
    makers = {row["category"]: row for row in _rows("suppliers.csv")}
    return Brand(
        tuple(
            _product(number, row, makers.get(row["category"], {}))
            for number, row in enumerate(_rows("catalogue.csv"), 1)
        ),
        tuple(KitRow(r["kit"], r["component"], int(r["quantity"])) for r in _rows("kits.csv")),
        tuple(
            Place(r["city"], r["state"], r["zip"], int(r["weight"])) for r in _rows("places.csv")
        ),
        {row["kind"]: tuple(row["words"].split(",")) for row in _rows("people.csv")},
    )


def upc(number: int) -> str:
    """Return a UPC-A barcode of ours, with its check digit."""
    digits = f"{_COMPANY}{number:04}"
    odd, even = (sum(map(int, digits[start::2])) for start in (0, 1))
    return digits + str(-(3 * odd + even) % 10)


def _product(number: int, row: Mapping[str, str], maker: Mapping[str, str]) -> Product:
    measured = {name: int(row[name]) for name in ("weight_g", "length_mm", "width_mm", "height_mm")}
    known = SkuRow(
        row["sku"],
        title=row["title"],
        barcode=upc(number),
        cost=_cents(row["cost"]) if row["cost"] else None,
        currency="USD",
        category=row["category"],
        weight_g=measured["weight_g"],
        length_mm=measured["length_mm"],
        width_mm=measured["width_mm"],
        height_mm=measured["height_mm"],
        family=row["sku"].rsplit("-", 1)[0],
        velocity=_band(int(row["popularity"])),
        supplier=maker.get("supplier"),
        lead_time_days=int(maker["lead_time_days"]) if maker else None,
        is_fragile=maker.get("is_fragile") == "yes" if maker else None,
    )
    return Product(known, _cents(row["price"]), int(row["popularity"]))


def _band(popularity: int) -> str:
    """Return how fast it sells, as the owner would say it."""
    return next(band for band, least in _BANDS if popularity >= least)


_BANDS = (("A", 60), ("B", 30), ("C", 12), ("D", 0))


def _cents(text: str) -> int:
    return int(Decimal(text) * 100)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with config.resource("demo", name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
