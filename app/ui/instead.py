"""What can be done instead of an undo that comes too late?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from app.domain.changes import Changes
from app.queries.taking_back import numbers_of
from app.ui.operations import Operations
from app.ui.taking_back import Turning
from app.ui.widgets.banner import Action

MOST = 50


class Host(Protocol):
    """The window, as these ways see it."""

    operations: Operations

    def go(self, page: str, query: str | None = None) -> None:
        """Show a page, with a search."""

    def say_done(self, changes: Changes) -> None:
        """Say what was done."""


def instead_of_undo(host: Host, turning: Turning) -> Sequence[Action]:
    """Return the ways on: the compensating action where there is one, the orders, or leaving it."""
    step, ways = turning.step, list[Action]()
    if turning.is_undo and step.undo.operation == "withdraw":
        ways.append(("Take the shipment back first", partial(_void, host, step.orders)))
    if step.orders:
        title = "Show the order" if len(step.orders) == 1 else "Show the orders"
        ways.append((title, partial(_show, host, step.orders)))
    if turning.is_undo:
        ways.append(("Leave it as it is", host.operations.history.forget))
    return ways


def _void(host: Host, order_ids: Sequence[int]) -> None:
    """Void the shipments; the channel may not have been told of them yet."""
    host.operations.run(
        "void_shipments", order_ids=list(order_ids), reason="It did not leave.",
        then=host.say_done,
    )  # fmt: skip


def _show(host: Host, order_ids: Sequence[int]) -> None:
    host.operations.query(numbers_of, order_ids=order_ids[:MOST], then=partial(_search, host))


def _search(host: Host, numbers: Sequence[str]) -> None:
    quoted = ",".join('"' + number.replace('"', " ") + '"' for number in numbers)
    host.go("orders", f"order:{quoted}")
