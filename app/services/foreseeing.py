"""What would become of a file's orders if it were imported now? Nothing is written.

The rules are those of ``intake`` and ``revising``; a test holds each preview against what the import
then does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from app.domain.orders import ChannelState, HoldCode, IncomingOrder, OrderStatus, content_hash
from app.models.orders import order_changes
from app.services import catalogue
from app.services.order_rows import reserves_stock
from app.services.revising import known_orders

_CHUNK = 5_000  # well below the most values that either engine takes in one statement
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an import would do: outcome by external id, new lines, and (number, hold code)."""

    outcomes: dict[str, str]
    lines_new: int
    holds: tuple[tuple[str, str], ...]


def foresee(db: Connection, account_id: int | None, incoming: Sequence[IncomingOrder]) -> Foreseen:
    """Compare a file's orders with the store; ``account_id`` is empty before its first order."""
    orders = list({order.external_id: order for order in reversed(incoming)}.values())[::-1]
    known = _known(db, account_id, [order.external_id for order in orders])
    asked = _asked_before(db, [row.id for row in known.values()])
    codes = _codes(db, account_id, [order for order in orders if order.external_id not in known])
    outcomes: dict[str, str] = {}
    raised: list[tuple[str, str]] = []
    lines = 0
    for order in orders:
        stored = known.get(order.external_id)
        if stored is None:
            outcomes[order.external_id] = "new"
            lines += len(order.lines)
            raised.extend((order.number, code) for code in _holds_of_new(order, codes))
        else:
            outcome, held = _revised(order, stored, asked)
            outcomes[order.external_id] = outcome
            raised.extend((order.number, code) for code in held)
    return Foreseen(outcomes, lines, tuple(raised))


def chunks(items: Iterable[Item], size: int = _CHUNK) -> Iterator[list[Item]]:
    """Cut a long list into parts that a statement, or a short transaction, can carry."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def _known(db: Connection, account_id: int | None, ids: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if account_id is not None:
        for part in chunks(ids):
            found.update(known_orders(db, account_id, part))
    return found


def _asked_before(db: Connection, order_ids: Sequence[int]) -> set[tuple[int, str]]:
    """Return the (order, version) pairs that somebody was asked about already."""
    table = order_changes.c
    found: set[tuple[int, str]] = set()
    for part in chunks(order_ids):
        query = select(table.order_id, table.content_hash).where(table.order_id.in_(part))
        found.update((order_id, version) for order_id, version in db.execute(query))
    return found


def _codes(db: Connection, account_id: int | None, orders: Iterable[IncomingOrder]) -> set[str]:
    texts = {line.sku_text for order in orders for line in order.lines if line.sku_text}
    found: set[str] = set()
    for part in chunks(sorted(texts)):
        found.update(catalogue.resolve(db, account_id or 0, part))
    return found


def _holds_of_new(order: IncomingOrder, codes: Collection[str]) -> list[str]:
    held = [problem.code for problem in order.holds]
    if reserves_stock(order) and any(
        line.requires_shipping and line.quantity and line.sku_text and line.sku_text not in codes
        for line in order.lines
    ):
        held.append(HoldCode.UNKNOWN_SKU)
    return list(dict.fromkeys(code.value for code in held))


def _revised(
    order: IncomingOrder, stored: Any, asked: Collection[tuple[int, str]]
) -> tuple[str, list[str]]:
    """Return the outcome for an order that is here already, and the holds it would raise."""
    version = content_hash(order)
    same = version in (stored.content_hash, stored.changed_hash)
    moved = order.state != stored.channel_state
    if moved and stored.channel_state == ChannelState.AWAITING_PAYMENT and order.state == "open":
        return "updated", list(dict.fromkeys(problem.code.value for problem in order.holds))
    over = order.state == ChannelState.CANCELLED or stored.status == OrderStatus.CANCELLED
    if not same and not over and (stored.id, version) not in asked:
        return "changed", [HoldCode.ORDER_CHANGED.value]
    return ("updated" if moved else "unchanged"), []
