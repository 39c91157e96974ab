"""A plan as the neutral format wants it: shipments, reasons, and why not the other places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.routing.choosing import take
from app.domain.routing.goods import Piece, Wanted
from app.domain.routing.judging import Loser, losers
from app.domain.routing.options import Allotment, Option, Outcome, Quote, Share
from app.domain.routing.reasons import reason
from app.domain.routing.shelves import Shelves
from app.planning.neutral.instance import Legend, Problem

FORMAT = "routing-solution/1"


def solution(problem: Problem, options: Mapping[int, Option]) -> dict[str, Any]:
    """Return a solution file's content: every order by its number, explained."""
    shelves = problem.shelves()
    for order in problem.orders:
        take(problem.network, order, options[order.id], shelves)
    writer = _Writer(problem, shelves)
    rows = [writer.order(order, options[order.id]) for order in problem.orders]
    return {"format": FORMAT, "instance": problem.name, "orders": rows}


class _Writer:
    def __init__(self, problem: Problem, shelves: Shelves) -> None:
        self._problem, self._shelves = problem, shelves
        self._network = problem.network
        self._legend: Legend = problem.legend

    def order(self, order: Wanted, option: Option) -> dict[str, Any]:
        """Return an order's row with its explanation."""
        row: dict[str, Any] = {
            "order": self._legend.orders[order.id], "status": option.outcome.value,
        }  # fmt: skip
        if option.allotment is not None:
            row["shipments"] = self._shipments(order, option.allotment, option.quotes)
            if option.allotment.later:
                names = self._legend.lines[order.id]
                row["backorder_lines"] = [names[line] for line in option.allotment.later]
        elif option.outcome is Outcome.EXCEPTION:
            row["reason"] = reason(self._network, order, self._shelves).value
        others = losers(self._network, order, option, self._shelves)
        row["explain"] = {
            "cost_cents": option.cost,
            "alternatives": [self._loser(order, each) for each in others
                             if each.service_id is not None],
        }  # fmt: skip
        return row

    def _shipments(
        self, order: Wanted, on: Allotment, quotes: tuple[Quote, ...]
    ) -> list[dict[str, Any]]:
        return [
            {
                **self._leaving(place, quote.service_id, quote.day),
                "lines": [self._share(order, on, share) for share in shares],
            }
            for place, shares, quote in zip(on.places, on.shares, quotes, strict=True)
        ]

    def _leaving(self, place: int, service: int, day: int | None) -> dict[str, Any]:
        row = {
            "location": self._legend.places[place],
            "service": self._legend.services[service],
        }
        if day is not None:
            row["ship_date"] = self._network.ship_days(place)[day].day.isoformat()
        return row

    def _share(self, order: Wanted, on: Allotment, share: Share) -> dict[str, Any]:
        line = order.lines[share.line]
        variant = line.variants[on.variants[share.line] or 0]
        row: dict[str, Any] = {
            "line": self._legend.lines[order.id][share.line], "qty": share.units,
        }  # fmt: skip
        if variant.substitute is not None:
            row["sku"] = self._legend.skus[variant.substitute]
        self._name_component(row, variant.pieces[share.piece])
        return row

    def _name_component(self, row: dict[str, Any], piece: Piece) -> None:
        if piece.component:
            row["component"] = self._legend.skus[piece.contents[0][0]]

    def _loser(self, order: Wanted, loser: Loser) -> dict[str, Any]:
        assert loser.service_id is not None
        shipment = {
            **self._leaving(loser.place_id, loser.service_id, loser.day),
            "lines": list(self._whole(order)),
        }
        row: dict[str, Any] = {"shipments": [shipment]}
        if loser.cost is None:
            return {**row, "blocked_by": loser.blocked_by}
        return {**row, "cost_cents": loser.cost}

    def _whole(self, order: Wanted) -> Iterator[dict[str, Any]]:
        for name, line in zip(self._legend.lines[order.id], order.lines, strict=True):
            for piece in line.variants[0].pieces:
                row = {"line": name, "qty": piece.units}
                self._name_component(row, piece)
                yield row
