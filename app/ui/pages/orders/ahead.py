"""How is an order there the moment the cursor reaches it? Its neighbours are read before they are wanted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from app.analytics.costs.report import order_cost
from app.errors import NotFoundError
from app.queries.order_detail import OrderDetail, order_detail
from app.services.costs.policy import in_force, rates
from app.ui.operations import Operations
from app.ui.pages.orders.sections import wording

KEPT = 24


class Details:
    """Orders as they were read last. Any change makes all of them old: what is forgotten is read again."""

    def __init__(self, operations: Operations, slot: object) -> None:
        self._operations, self._slot = operations, slot
        self._kept: OrderedDict[int, OrderDetail] = OrderedDict()
        self._turn = 0

    def forget(self) -> None:
        """Something has changed."""
        self._turn += 1
        self._kept.clear()

    def known(self, order_id: int) -> OrderDetail | None:
        """Return an order that was read already."""
        return self._kept.get(order_id)

    def read(self, order_id: int, then: Callable[[OrderDetail], object]) -> None:
        """Read an order; of several in a row only the last one's answer arrives."""
        turn = self._turn

        def arrived(detail: OrderDetail) -> None:
            self._keep(turn, detail)
            then(detail)

        self._operations.ask(
            partial(self._load, order_id), then=arrived, slot=(self._slot, "detail")
        )

    def look_ahead(self, order_ids: Sequence[int]) -> None:
        """Read these orders too, while nobody waits for them."""
        wanted = [each for each in order_ids if each not in self._kept]
        if wanted:
            self._operations.ask(
                partial(self._load_some, wanted), then=partial(self._arrived, self._turn),
                slot=(self._slot, "ahead"), otherwise=lambda _problem: None,
            )  # fmt: skip

    def _load(self, order_id: int) -> OrderDetail:
        now, desk = self._operations.now(), self._operations.desk
        detail = desk.read(order_detail, order_id, now=now, wording=wording(now))
        known = desk.read(rates)
        if detail.currency != known.rates.currency:
            return detail  # what work and boxes cost is said in the desk's own money
        found = desk.read(order_cost, order_id, known, desk.read(in_force))
        return replace(detail, costs=found.whole if found is not None else None)

    def _load_some(self, order_ids: Sequence[int]) -> list[OrderDetail]:
        found = []
        for order_id in order_ids:
            try:
                found.append(self._load(order_id))
            except NotFoundError:
                continue
        return found

    def _arrived(self, turn: int, details: list[OrderDetail]) -> None:
        for detail in details:
            self._keep(turn, detail)

    def _keep(self, turn: int, detail: OrderDetail) -> None:
        if turn != self._turn:
            return
        self._kept[detail.id] = detail
        self._kept.move_to_end(detail.id)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
