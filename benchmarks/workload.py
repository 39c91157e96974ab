"""A standard day of orders: read from the CSV files of a workload folder, or drawn here.

The drawn day has the same shape as the neutral one: 60 % of the orders have one line, popularity
falls off like Zipf 0.9, three locations share the stock, one SKU in twenty is scarce.
"""

from __future__ import annotations

import csv
import random
from bisect import bisect
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

DAY = datetime(2026, 5, 4, tzinfo=UTC)
CHANNELS = (("amazon", 0.40, 1), ("shopify", 0.30, 2), ("walmart", 0.15, 1), ("ebay", 0.10, 3),
            ("etsy", 0.05, 3))  # fmt: skip
LOCATIONS = (("EAST", "08817", "NJ", 180, 0.45), ("CENT", "75261", "TX", 150, 0.30),
             ("WEST", "91761", "CA", 230, 0.25))  # fmt: skip
LINES = ((1, 0.60), (2, 0.22), (3, 0.11), (4, 0.07))
QUANTITIES = ((1, 0.85), (2, 0.11), (3, 0.04))


@dataclass(frozen=True, slots=True)
class Sku:
    """A catalogue entry; cost in minor units, weight in grams."""

    code: str
    title: str
    cost: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class Place:
    """A location; ``handling`` in minor units an order."""

    code: str
    name: str
    postcode: str
    state: str
    handling: int


@dataclass(frozen=True, slots=True)
class Stock:
    """Units of a SKU at a location."""

    sku: str
    place: str
    on_hand: int
    safety_stock: int


@dataclass(frozen=True, slots=True)
class Line:
    """An order line with the channel's own code for the SKU."""

    channel_sku: str
    sku: str
    quantity: int
    price: int


@dataclass(frozen=True, slots=True)
class Sale:
    """An order as the workload states it."""

    number: str
    channel: str
    external_id: str
    placed_at: datetime
    ship_by: datetime
    service: str
    name: str
    address: str
    city: str
    state: str
    postcode: str
    country: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """Everything of one standard day; ``redelivered`` are numbers that arrive a second time."""

    skus: tuple[Sku, ...]
    aliases: tuple[tuple[str, str, str], ...]  # channel, code there, SKU
    places: tuple[Place, ...]
    stock: tuple[Stock, ...]
    sales: tuple[Sale, ...]
    redelivered: frozenset[str]


def read(folder: Path, limit: int | None = None) -> Day:
    """Read a workload folder (see its README for the columns)."""
    lines: dict[str, list[Line]] = {}
    for row in _rows(folder, "order_lines"):
        lines.setdefault(row["order_no"], []).append(
            Line(row["channel_sku"], row["sku"], int(row["qty"]), int(row["unit_price_cents"]))
        )
    sales = tuple(_sale(row, lines[row["order_no"]]) for row in _rows(folder, "orders"))[:limit]
    numbers = {sale.number for sale in sales}
    again = frozenset(row["order_no"] for row in _rows(folder, "redelivered")) & numbers
    return Day(
        tuple(
            Sku(r["sku"], r["title"], int(r["cost_cents"]), int(r["weight_g"]))
            for r in _rows(folder, "catalogue")
        ),
        tuple((r["channel"], r["channel_sku"], r["sku"]) for r in _rows(folder, "aliases")),
        tuple(
            Place(r["code"], r["name"], r["zip"], r["state"], int(r["pick_cost_cents"]))
            for r in _rows(folder, "locations")
        ),
        tuple(
            Stock(r["sku"], r["location"], int(r["on_hand"]), int(r["safety_stock"]))
            for r in _rows(folder, "stock")
        ),
        sales,
        again,
    )


def draw(orders: int, *, skus: int = 500, seed: int = 11) -> Day:
    """Draw a day; the same arguments give the same day."""
    rng = random.Random(seed)
    codes = [f"SKU-{n:05d}" for n in range(skus)]
    rng.shuffle(codes)
    weights = [1 / (rank + 1) ** 0.9 for rank in range(skus)]
    catalogue = tuple(
        Sku(code, f"Product {code[-5:]}", rng.randrange(150, 3000), rng.randrange(60, 4000))
        for code in codes
    )
    demand = orders * 1.65 * 1.19 / sum(weights)
    stock = tuple(
        each
        for code, weight in zip(codes, weights, strict=True)
        for each in _stock_of(rng, code, demand * weight)
    )
    cumulative = list(accumulate(weights))
    sales = tuple(_drawn_sale(rng, n, orders, codes, cumulative) for n in range(orders))
    again = frozenset(sale.number for sale in sales if rng.random() < 0.02)
    return Day(
        catalogue,
        tuple((c, f"{c[:2].upper()}-{code}", code) for code in codes for c, *_ in CHANNELS),
        tuple(Place(code, code.title(), zip_, state, cost)
              for code, zip_, state, cost, _share in LOCATIONS),
        stock,
        sales,
        again,
    )  # fmt: skip


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sale(row: dict[str, str], lines: list[Line]) -> Sale:
    return Sale(
        row["order_no"], row["channel"], row["channel_order_id"],
        datetime.fromisoformat(row["placed_at"]).replace(tzinfo=UTC),
        datetime.fromisoformat(row["ship_by"]).replace(hour=23, tzinfo=UTC),
        row["service"], row["ship_name"], row["ship_address"], row["ship_city"],
        row["ship_state"], row["ship_zip"], row["ship_country"], tuple(lines),
    )  # fmt: skip


def _stock_of(rng: random.Random, code: str, wanted: float) -> list[Stock]:
    total = int(wanted * (0.6 if rng.random() < 0.05 else 1.25)) + 3
    have = [place for place in LOCATIONS if rng.random() >= 0.15] or [LOCATIONS[0]]
    share = sum(place[4] for place in have)
    units = [round(total * place[4] / share) for place in have]
    return [Stock(code, place[0], n, n // 20) for place, n in zip(have, units, strict=True)]


def _drawn_sale(
    rng: random.Random, n: int, orders: int, codes: list[str], cumulative: list[float]
) -> Sale:
    channel, days = rng.choices(
        [(name, days) for name, _share, days in CHANNELS], [share for _n, share, _d in CHANNELS]
    )[0]
    placed = DAY + timedelta(seconds=n * 86_000 // orders)
    chosen: dict[str, Line] = {}
    for _ in range(_pick(rng, LINES)):
        code = codes[min(bisect(cumulative, rng.random() * cumulative[-1]), len(codes) - 1)]
        chosen[code] = Line(f"{channel[:2].upper()}-{code}", code, _pick(rng, QUANTITIES),
                            rng.randrange(399, 6000))  # fmt: skip
    return Sale(
        f"SO{n:07d}", channel, f"{channel[:3].upper()}-{rng.randrange(10**9):09d}-{n}",
        placed, placed + timedelta(days=days), "expedited" if rng.random() < 0.12 else "standard",
        f"Buyer {n}", f"{rng.randrange(1, 9999)} Oak St", "Springfield", "MA",
        f"{rng.randrange(1000, 99999):05d}", "US", tuple(chosen.values()),
    )  # fmt: skip


def _pick(rng: random.Random, pairs: tuple[tuple[int, float], ...]) -> int:
    return rng.choices([value for value, _ in pairs], [share for _, share in pairs])[0]
