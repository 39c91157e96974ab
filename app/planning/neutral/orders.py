"""Which orders does a file in the neutral format ask to be routed?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from app.domain.routing.carriage import Destination
from app.domain.routing.goods import OrderLine, Piece, Variant, Wanted

Row = Mapping[str, Any]
Found = tuple[
    tuple[Wanted, ...], tuple[str, ...], dict[int, tuple[str, ...]], frozenset[tuple[int, int]]
]


def orders_of(found: Row, sku_of: Mapping[str, int], channel_of: Mapping[str, int]) -> Found:
    """Return the orders in order of arrival, their names, and their lines' names and kits."""
    rows = sorted(found["orders"], key=lambda row: (_moment(row["placed_at"]), row["id"]))
    reader = _Reader(found, sku_of, channel_of)
    wanted = tuple(reader.order(number, row) for number, row in enumerate(rows))
    names = tuple(row["id"] for row in rows)
    return wanted, names, reader.names, frozenset(reader.wants_kit)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


class _Reader:
    def __init__(
        self, found: Row, sku_of: Mapping[str, int], channel_of: Mapping[str, int]
    ) -> None:
        self._skus = {row["id"]: row for row in found["skus"]}
        self._kits = {row["id"]: row for row in found.get("kits", ())}
        self._terms = {row["id"]: row for row in found["channels"]}
        self._ranks = found["level_rank"]
        self._sku_of, self._channel_of = sku_of, channel_of
        self._substitutes: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(found.get("substitutions", ()), key=lambda row: row["substitute"]):
            self._substitutes[row["sku"]].append(row)
        self.names: dict[int, tuple[str, ...]] = {}
        self.wants_kit: set[tuple[int, int]] = set()

    def order(self, number: int, row: Row) -> Wanted:
        """Return one order, its lines by their name."""
        lines = sorted(row["lines"], key=lambda line: line["line"])
        self.names[number] = tuple(line["line"] for line in lines)
        to = row["ship_to"]
        at = None if to.get("lat") is None or to.get("lon") is None else (to["lat"], to["lon"])
        level = row.get("selected_level")
        return Wanted(
            id=number,
            turn=number,
            channel_id=self._channel_of[row["channel"]],
            lines=tuple(self._line(number, nth, line, row["channel"])
                        for nth, line in enumerate(lines)),
            to=Destination(to["zip"], to["region"], at),
            ship_by=_moment(row["ship_by"]),
            deliver_by=date.fromisoformat(row["deliver_by"]),
            least_rank=None if level is None else self._ranks[level],
            hold=row.get("hold") or "",
        )  # fmt: skip

    def _line(self, number: int, nth: int, line: Row, channel: str) -> OrderLine:
        kit = self._kits.get(line["sku"])
        units = line["qty"]
        unapproved: Sequence[Variant] = ()
        if kit is not None:
            self.wants_kit.add((number, nth))
            cost = sum(
                part["qty"] * self._skus[part["sku"]]["unit_cost_cents"]
                for part in kit["components"]
            )
            variants: Sequence[Variant] = [self._kit(kit, units)]
        else:
            cost = self._skus[line["sku"]]["unit_cost_cents"]
            variants, unapproved = self._plain(line["sku"], units, channel)
        price = line.get("price_cents")
        if price is None:
            price = (kit or self._skus[line["sku"]])["price_cents"]
        fee = price * self._terms[channel].get("fee_bp", 0) // 10_000
        margin = units * (price - fee - cost)
        return OrderLine(nth, tuple(variants), units * cost, margin, tuple(unapproved))

    def _kit(self, kit: Row, units: int) -> Variant:
        parts = sorted((self._sku_of[part["sku"]], part["qty"]) for part in kit["components"])
        if kit.get("ship_together", True):
            return Variant((Piece(tuple(parts), units),))
        return Variant(tuple(Piece(((sku, 1),), units * each, True) for sku, each in parts))

    def _plain(
        self, sku: str, units: int, channel: str
    ) -> tuple[Sequence[Variant], Sequence[Variant]]:
        """Return the ways to fill a line, and those that nobody has approved for the channel."""
        may = self._terms[channel]["substitution_allowed"]
        variants = [Variant((self._piece(sku, units),))]
        unapproved: list[Variant] = []
        for row in self._substitutes[sku]:
            other = row["substitute"]
            way = Variant((self._piece(other, units),), row.get("cost_cents", 0) * units,
                          self._sku_of[other])  # fmt: skip
            (variants if may and channel in row["channels"] else unapproved).append(way)
        return variants, unapproved

    def _piece(self, sku: str, units: int) -> Piece:
        return Piece(((self._sku_of[sku], 1),), units)
