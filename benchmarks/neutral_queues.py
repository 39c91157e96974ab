"""Queues in the neutral format, drawn in any size: what a small brand's open orders look like at one moment.

Four regimes: ``ample`` stock, ``mixed``, ``scarce`` stock, and ``peak``, where the places have too few parcel
slots for the day. The same arguments give the same queue. Everything a queue can hold is in one: kits
that ship together or apart, substitutes, units held for channels, regions off the mainland, holds, dangerous
goods, a courier for near addresses, a cheap service to far ones, a place that serves some channels only.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any, Final

from app.services import geography

Row = dict[str, Any]
REGIMES: Final = ("ample", "mixed", "scarce", "peak")
NOW: Final = datetime(2026, 10, 7, 18, 20, tzinfo=UTC)  # a Wednesday
LAST_SHIP_DAY: Final = date(2026, 10, 12)
LEVELS: Final = {"economy": 0, "standard": 1, "expedited": 2, "overnight": 3}
WEEK, WITH_SATURDAY = [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5]
MILES: Final = [75, 175, 350, 650, 1050, 1450, 1850]
COVER: Final = {"ample": 2.6, "mixed": 1.9, "scarce": 1.2, "peak": 1.9}
SLOTS: Final = {"ample": 1.6, "mixed": 1.25, "scarce": 1.1, "peak": 0.72}
"""Units there are for each that is wanted, and parcels of a day for each order."""
APART: Final = (
    ("AK", "99501", 61.22, -149.90), ("HI", "96813", 21.31, -157.86),
    ("PR", "00901", 18.46, -66.11), ("APO", "09096", None, None),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """A place that can ship: where it lies, its share of stock and slots, and what a parcel costs there."""

    id: str
    zip: str
    zone: str
    share: float
    parcel: int
    channels: tuple[str, ...] = ("amz", "wmt", "ebay", "etsy", "web")
    workdays: tuple[int, ...] = tuple(WEEK)


NODES: Final = (
    Node("HOME", "37207", "America/Chicago", 0.42, 168),
    Node("WEST", "89431", "America/Los_Angeles", 0.30, 181),
    Node("EAST-3PL", "18109", "America/New_York", 0.21, 274, ("amz", "wmt", "ebay", "web")),
    Node("SHOP", "97209", "America/Los_Angeles", 0.05, 331, ("ebay", "etsy", "web"),
         (0, 1, 2, 3, 4, 5)),
)  # fmt: skip
BRANCH = Node("MIDWEST", "46218", "America/New_York", 0.12, 240)
"""A fifth place, in queues of more than 400 orders."""


def draw(orders: int, regime: str, *, seed: int = 1, skus: int | None = None) -> Row:
    """Draw a queue of so many orders; as many SKUs as a brand of that size would have, unless told."""
    rng = random.Random(f"{regime}-{orders}-{seed}")
    goods = _Goods(rng, skus or 100 + orders // 2 + min(orders, 200))
    nodes = (*NODES, BRANCH) if orders > 400 else NODES
    queue = [_order(rng, n, goods) for n in range(orders)]
    return {
        "format": "routing-instance/1",
        "id": f"{regime}-{orders}-{seed}",
        "now": _moment(NOW),
        "last_ship_date": LAST_SHIP_DAY.isoformat(),
        "carrier_holidays": ["2026-10-12"],
        "level_rank": LEVELS,
        "channels": _channels(),
        "locations": [_location(each, n, orders, regime) for n, each in enumerate(nodes, 1)],
        "services": _services(),
        "skus": goods.skus,
        "kits": goods.kits,
        **_stock(rng, goods, nodes, queue, regime),
        "substitutions": goods.substitutes,
        "orders": queue,
    }


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class _Goods:
    """What is sold: some SKUs much more often than others, kits of those, and what may replace what."""

    def __init__(self, rng: random.Random, count: int) -> None:
        self._rng = rng
        self.skus = [self._sku(f"G{n:04d}") for n in range(1, count + 1)]
        names: list[str] = [each["id"] for each in self.skus]
        self.kits = [self._kit(f"SET{n:02d}", names) for n in range(1, 2 + count // 25)]
        self.parts: dict[str, list[Row]] = {each["id"]: each["components"] for each in self.kits}
        self.substitutes = [self._substitute(*rng.sample(names, 2)) for _ in range(count // 10)]
        self._names = rng.sample(names, count)
        self._odds = list(accumulate(1 / (rank + 1) ** 0.95 for rank in range(count)))

    def _sku(self, name: str) -> Row:
        rng, price = self._rng, self._rng.randrange(900, 6500, 100) + 99
        return {
            "id": name, "weight_g": int(rng.lognormvariate(5.8, 0.8)) + 20, "price_cents": price,
            "unit_cost_cents": int(price * rng.uniform(0.22, 0.46)),
            "fragile": rng.random() < 0.13, "hazmat": rng.random() < 0.03,
        }  # fmt: skip

    def _kit(self, name: str, names: Sequence[str]) -> Row:
        parts = sorted(self._rng.sample(names, self._rng.choice((2, 2, 3, 4))))
        rows = [{"sku": each, "qty": self._rng.choice((1, 1, 1, 2))} for each in parts]
        return {
            "id": name, "price_cents": self._rng.randrange(4000, 16000), "components": rows,
            "ship_together": self._rng.random() < 0.6,
        }  # fmt: skip

    def _substitute(self, sku: str, other: str) -> Row:
        cost = self._rng.choice((0, 200, 400))
        return {"sku": sku, "substitute": other, "channels": ["web"], "cost_cents": cost}

    def bought(self) -> str:
        """Return a SKU, the popular ones more often, or now and then a kit."""
        if self._rng.random() < 0.11:
            return self._rng.choice(list(self.parts))
        return self._names[bisect(self._odds, self._rng.random() * self._odds[-1])]

    def wanted(self, queue: Sequence[Row]) -> Mapping[str, int]:
        """Return the units of each SKU that all orders want together, kits as their parts."""
        found = dict.fromkeys((each["id"] for each in self.skus), 0)
        for line in (line for order in queue for line in order["lines"]):
            parts = self.parts.get(line["sku"]) or [{"sku": line["sku"], "qty": 1}]
            for part in parts:
                found[part["sku"]] += part["qty"] * line["qty"]
        return found


def _channels() -> list[Row]:
    market: Row = {
        "kind": "marketplace", "split_allowed": False, "max_packages": 1, "split_cents": 0,
        "substitution_allowed": False, "backorder_allowed": False, "backorder_cents": 0,
        "allowed_levels": list(LEVELS),
    }  # fmt: skip
    two: Row = {"split_allowed": True, "max_packages": 2, "split_cents": 280}
    return [
        {**market, "id": "amz", "fee_bp": 1500, "unfilled_cents": 11500, **_late(2400, 1100, 300),
         "allowed_levels": list(LEVELS)[1:]},
        {**market, **two, "id": "wmt", "fee_bp": 1480, "unfilled_cents": 10500,
         **_late(2100, 1400, 300)},
        {**market, **two, "id": "ebay", "fee_bp": 1310, "unfilled_cents": 9000,
         **_late(1200, 750, 200)},
        {**market, "id": "etsy", "fee_bp": 960, "unfilled_cents": 8800, **_late(900, 600, 150)},
        {**market, "id": "web", "kind": "dtc", "fee_bp": 290, "split_allowed": True, "max_packages": 3,
         "split_cents": 240, "substitution_allowed": True, "backorder_allowed": True,
         "partial_backorder_allowed": True, "backorder_cents": 5600, "backorder_margin_loss_bp": 2400,
         "unfilled_cents": 10800, **_late(400, 500, 150)},
    ]  # fmt: skip


def _late(leaves: int, arrives: int, a_day: int) -> Row:
    return {
        "late_ship_cents": leaves,
        "late_delivery_cents": arrives,
        "late_delivery_per_day_cents": a_day,
    }


def _location(node: Node, rank: int, orders: int, regime: str) -> Row:
    lat, lon = geography.load().centres[node.zip[:3]]
    slots = max(2, round(orders * node.share * SLOTS[regime] / 2))
    return {
        "id": node.id, "kind": "own", "zip": node.zip, "lat": lat, "lon": lon, "region": "CONUS",
        "timezone": node.zone, "cutoff": "14:00", "pickup": "17:00", "workdays": list(node.workdays),
        "handling_cents": {"order": node.parcel, "line": node.parcel // 5, "unit": 10, "fragile_unit": 48},
        "capacity_per_day": slots, "capacity_by_date": {"2026-10-07": slots - slots // 12},
        "priority": rank, "serves": list(node.channels),
    }  # fmt: skip


def _services() -> list[Row]:
    off = {"AK": 9, "HI": 9, "PR": 9, "APO": 10}
    far = [
        "900",
        "902",
        "906",
        "913",
        "917",
        "921",
        "926",
        "937",
        "941",
        "945",
        "972",
        "980",
        "981",
    ]
    return [
        _service("slow", "economy", 500, 33, 62, 30, [2, 2, 3, 3, 4, 4, 5, 5, 7, 13], region_zone=off,
                 delivery_weekdays=WITH_SATURDAY, billing_increment_g=100, min_billed_g=100),
        _service("post", "standard", 760, 72, 105, 55, [1, 2, 2, 2, 3, 3, 3, 3, 4, 9], region_zone=off,
                 delivery_weekdays=WITH_SATURDAY),
        _service("ground", "standard", 740, 41, 52, 19, [1, 1, 2, 3, 4, 4, 5, 5], hazmat_ok=True,
                 max_weight_g=68_000),
        _service("two-day", "expedited", 1160, 128, 118, 54, [2] * 8),
        _service("next-day", "overnight", 2240, 290, 195, 90, [1] * 8),
        _service("bike", "expedited", 640, 0, 45, 0, [1], zone_upper_miles=[75], locations=["SHOP"],
                 max_weight_g=12_000),
        _service("skip", "economy", 480, 0, 76, 0, [4], zone_upper_miles=[], locations=["HOME"],
                 dest_zip3=far),
    ]  # fmt: skip


def _service(
    name: str, level: str, base: int, a_zone: int, kilo: int, a_kilo: int, days: list[int], **more: Any
) -> Row:  # fmt: skip
    zones = range(len(days))
    return {
        "id": name, "carrier": name, "level": level, "zone_upper_miles": MILES, "region_zone": {},
        "base_cents": [base + a_zone * zone for zone in zones],
        "per_kg_cents": [kilo + a_kilo * zone for zone in zones], "transit_days": days,
        "billing_increment_g": 454, "min_billed_g": 454, "max_weight_g": 31_000, "hazmat_ok": False,
        "delivery_weekdays": WEEK, **more,
    }  # fmt: skip


def _order(rng: random.Random, number: int, goods: _Goods) -> Row:
    channel = rng.choices(("amz", "wmt", "ebay", "etsy", "web"), (35, 13, 9, 8, 35))[0]
    placed = NOW - timedelta(minutes=rng.randrange(5, 2 * 24 * 60))
    level = rng.choices(tuple(LEVELS), (24, 64, 10, 2))[0]
    if channel == "amz" and level == "economy":
        level = "standard"
    ship_in = {"amz": 1, "wmt": 1, "ebay": 2, "etsy": 3, "web": 2}[channel]
    takes = {"economy": 8, "standard": 5, "expedited": 2, "overnight": 1}[level]
    ship_by = _after(placed.date(), ship_in)
    picked = {goods.bought() for _ in range(rng.choices(range(1, 8), (73, 15, 6, 3, 1, 1, 1))[0])}
    return {
        "id": f"Q{number + 1:05d}", "channel": channel, "placed_at": _moment(placed),
        "ship_by": f"{ship_by}T23:59:59Z", "deliver_by": _after(ship_by, takes).isoformat(),
        "ship_to": _address(rng), "selected_level": level,
        "hold": rng.choice(("fraud_review", "address_unverified")) if rng.random() < 0.006 else None,
        "lines": [{"line": str(n), "sku": sku, "qty": rng.choices((1, 2, 3, 4), (86, 10, 3, 1))[0]}
                  for n, sku in enumerate(sorted(picked), 1)],
    }  # fmt: skip


def _after(day: date, working: int) -> date:
    """Return the day so many working days later."""
    while working:
        day += timedelta(days=1)
        working -= day.weekday() < 5
    return day


def _address(rng: random.Random) -> Row:
    if rng.random() < 0.02:
        region, code, lat, lon = rng.choice(APART)
        return {"zip": code, "lat": lat, "lon": lon, "region": region}
    centres = geography.load().centres
    area = rng.choice([each for each in sorted(centres) if -125 < centres[each][1] < -66
                       and centres[each][0] < 49.5])  # fmt: skip
    lat, lon = centres[area]
    return {"zip": f"{area}01", "lat": lat, "lon": lon, "region": "CONUS"}


def _stock(
    rng: random.Random, goods: _Goods, nodes: Sequence[Node], queue: Sequence[Row], regime: str
) -> Row:
    """Lay units of each SKU at some of the places, about so many as the regime has for what is wanted."""
    rows: list[Row] = []
    held: list[Row] = []
    for sku, wanted in goods.wanted(queue).items():
        there = [each for each in nodes if rng.random() < 0.25 + 1.4 * each.share]
        total = max(wanted, 1) * COVER[regime] * rng.uniform(0.55, 1.45)
        shares = sum(each.share for each in there)
        for node in there:
            rows.append(_on_hand(rng, sku, node, total * node.share / shares))
            if rows[-1]["on_hand"] > 2 and rng.random() < 0.05:
                channel = rng.choice(("web", "amz"))
                held.append({"sku": sku, "location": node.id, "channel": channel, "qty": 1})
    return {"stock": rows, "channel_reserves": held}


def _on_hand(rng: random.Random, sku: str, node: Node, units: float) -> Row:
    safety = rng.choice((0, 0, 0, 1, 2))
    return {
        "sku": sku, "location": node.id, "reserved": rng.choice((0, 0, 0, 1)), "safety": safety,
        "on_hand": int(units + rng.random()) + safety,
    }  # fmt: skip
